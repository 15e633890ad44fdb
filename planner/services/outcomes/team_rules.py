"""Whether a team as it was kept a rule that was said of it: the rulebook's sentences, asked of people and their scores.

The solver judges plans by the same rules (`solver.check`, and a test holds the two together); here it is teams that
have worked, whose question is long gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.models import CountKind, Person, RuleKind, TeamRule


def is_kept(rule: TeamRule, people: Sequence[Person], scores: Mapping[int, float], levels: Mapping[int, int]) -> bool:
    """Whether a team of these people keeps a rule; scores and levels are of the style and the skill that it names."""
    if rule.rule is RuleKind.COUNT:
        num = sum(_counts(rule, person, scores, levels) for person in people)
        return (rule.at_least or 0) <= num <= (num if rule.at_most is None else rule.at_most)
    if rule.rule in (RuleKind.TOGETHER, RuleKind.APART):
        here = {person.id for person in people} & {row.person_id for row in rule.people}
        is_whole = len(here) in (0, len(rule.people))
        return is_whole if rule.rule is RuleKind.TOGETHER else len(here) <= 1
    known = [_tenths(scores[person.id]) for person in people if person.id in scores]
    if not known:
        return False
    found, num = (sum(known), len(known)) if rule.rule is RuleKind.MEAN else (max(known) - min(known), 1)
    is_enough = rule.min is None or found >= _tenths(rule.min) * num
    return is_enough and (rule.max is None or found <= _tenths(rule.max) * num)


def _counts(rule: TeamRule, person: Person, scores: Mapping[int, float], levels: Mapping[int, int]) -> bool:
    if rule.of is CountKind.SKILL:
        return levels.get(person.id, 0) >= (rule.level or 1)
    if rule.of is CountKind.STYLE:
        return person.id in scores and _tenths(scores[person.id]) >= _tenths(rule.min or 0)
    if rule.of is CountKind.TAG:
        return rule.tag in person.all_tags
    return person.kind is rule.kind


def _tenths(score: float) -> int:
    """A score in tenths, as the solver counts: sums of these are exact."""
    return round(score * 10)
