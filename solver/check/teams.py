"""By how much a team falls short of a team rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from solver.problem import CountOf, Person, RuleKind, TeamRule, tenths

NOBODY_KNOWN = 10


def rule_shortfall(rule: TeamRule, team: Sequence[Person]) -> int:
    """The units by which a team breaks a rule: 0 where it keeps it, or where nobody is on the team.

    `team` holds each member once, with the levels of the phase's start.
    """
    return _SHORTFALLS[rule.rule](rule, team) if team else 0


def _count(rule: TeamRule, members: Sequence[Person]) -> int:
    """People missing or too many."""
    of = cast("CountOf", rule.of)
    num = sum(_counts(of, person) for person in members)
    at_most = len(members) if rule.at_most is None else rule.at_most
    return max(rule.at_least - num, num - at_most, 0)


def _counts(of: CountOf, person: Person) -> bool:
    if of.skill is not None:
        return person.skills.get(of.skill, 0) >= (of.min or 0)
    if of.style is not None:
        return person.style_tenths.get(of.style, -1) >= tenths(of.min or 0)
    if of.tag is not None:
        return of.tag in person.tags
    return person.kind is of.kind


def _together(rule: TeamRule, members: Sequence[Person]) -> int:
    """Those missing, where some but not all are on the team."""
    num = _num_named(rule, members)
    return len(rule.people) - num if num else 0


def _apart(rule: TeamRule, members: Sequence[Person]) -> int:
    """Those on the team beyond the first."""
    return max(0, _num_named(rule, members) - 1)


def _num_named(rule: TeamRule, members: Sequence[Person]) -> int:
    team = {person.id for person in members}
    return sum(person in team for person in rule.people)


def _mean(rule: TeamRule, members: Sequence[Person]) -> int:
    """Tenths by which the mean of the known scores is outside the band, rounded up."""
    known = _known_tenths(rule, members)
    if not known:
        return NOBODY_KNOWN
    total, num = sum(known), len(known)
    outside = max(rule.min_tenths * num - total, total - rule.max_tenths * num, 0)
    return -(-outside // num)


def _spread(rule: TeamRule, members: Sequence[Person]) -> int:
    """Tenths by which the highest less the lowest known score is outside the band."""
    known = _known_tenths(rule, members)
    if not known:
        return NOBODY_KNOWN
    spread = max(known) - min(known)
    return max(rule.min_tenths - spread, spread - rule.max_tenths, 0)


def _known_tenths(rule: TeamRule, members: Sequence[Person]) -> list[int]:
    style = cast("str", rule.style)
    return [person.style_tenths[style] for person in members if style in person.style_tenths]


_SHORTFALLS = {
    RuleKind.COUNT: _count,
    RuleKind.TOGETHER: _together,
    RuleKind.APART: _apart,
    RuleKind.MEAN: _mean,
    RuleKind.SPREAD: _spread,
}
