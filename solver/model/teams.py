"""How far a team falls short of a rule, said to CP-SAT: the same definitions as in `solver.check`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from ortools.sat.python import cp_model

from solver.model.growth import Levels
from solver.model.logic import all_of, any_of, negated
from solver.model.variables import Member
from solver.problem import CountOf, Person, RuleKind, TeamRule, tenths

Expression = cp_model.LinearExprT
NOBODY_KNOWN = 10
LinearExpr = cp_model.LinearExpr


class Team(NamedTuple):
    """Who may be on a phase's team, whether anybody is, and, where people grow, their levels."""

    cp: cp_model.CpModel
    members: list[Member]
    people: tuple[Person, ...]
    staffed: cp_model.LiteralT
    phase: int
    levels: Levels | None = None

    def counted(self, of: CountOf) -> list[cp_model.LiteralT]:
        """A literal for each member whom a rule may count: whether they are there, and it does."""
        literals = ((member.literal, self._counts(member, of)) for member in self.members)
        return [all_of(self.cp, [there, counts]) for there, counts in literals if counts is not False]

    def _counts(self, member: Member, of: CountOf) -> cp_model.LiteralT:
        if of.skill is not None and self.levels is not None:
            return self.levels.reaches(member.person, of.skill, self.phase, int(of.min or 0))
        return _matches(self.person(member), of)

    def person(self, member: Member) -> Person:
        return self.people[member.person]

    def known(self, style: str) -> list[tuple[int, cp_model.LiteralT]]:
        """Score in tenths and literal of those whose score is known."""
        rows = ((self.person(member).style_tenths.get(style), member.literal) for member in self.members)
        return [(score, literal) for score, literal in rows if score is not None]


def shortfall(team: Team, rule: TeamRule) -> Expression:
    """An expression that is at least the rule's shortfall, and may be as little; 0 where the rule is hard."""
    return _SHORTFALLS[rule.rule](team, rule)


def _at_least(team: Team, rule: TeamRule, most: int) -> cp_model.IntVar:
    return team.cp.new_int_var(0, 0 if rule.is_hard else max(most, 0), "")


def _count(team: Team, rule: TeamRule) -> Expression:
    counted = LinearExpr.sum(team.counted(rule.of) if rule.of is not None else [])
    short = _at_least(team, rule, max(rule.at_least, len(team.members)))
    team.cp.add(short >= rule.at_least - counted).only_enforce_if(team.staffed)
    if rule.at_most is not None:
        team.cp.add(short >= counted - rule.at_most)
    return short


def _matches(person: Person, of: CountOf) -> bool:
    if of.skill is not None:
        return person.skills.get(of.skill, 0) >= (of.min or 0)
    if of.style is not None:
        return of.style in person.style_tenths and person.style_tenths[of.style] >= tenths(of.min or 0)
    return of.tag in person.tags if of.tag is not None else person.kind is of.kind


def _named(team: Team, rule: TeamRule) -> tuple[list[cp_model.LiteralT], list[int]]:
    """The literals of the people that a rule names, each with how often it names them."""
    times = Counter(rule.people)
    rows = [(member.literal, times[team.person(member).id]) for member in team.members]
    return [literal for literal, n in rows if n], [n for _, n in rows if n]


def _together(team: Team, rule: TeamRule) -> Expression:
    literals, times = _named(team, rule)
    if not literals:
        return 0
    short = _at_least(team, rule, len(rule.people))
    some = any_of(team.cp, literals)
    team.cp.add(short + LinearExpr.weighted_sum(literals, times) >= len(rule.people) * some)
    return short


def _apart(team: Team, rule: TeamRule) -> Expression:
    literals, times = _named(team, rule)
    if sum(times) < 2:
        return 0
    short = _at_least(team, rule, sum(times) - 1)
    team.cp.add(short >= LinearExpr.weighted_sum(literals, times) - 1)
    return short


def _mean(team: Team, rule: TeamRule) -> Expression:
    """The shortfall exceeds k exactly where the team's summed distance from the band exceeds k × its size."""
    known = team.known(rule.style or "")
    scores, literals = [score for score, _ in known], [literal for _, literal in known]
    worst = max((max(rule.min_tenths - score, score - rule.max_tenths) for score in scores), default=0)
    exceeds = _unary(team, rule, max(worst, NOBODY_KNOWN))
    for k in range(max(len(exceeds), 1)):
        below = [rule.min_tenths - score - k for score in scores]
        above = [score - rule.max_tenths - k for score in scores]
        for distances in (below, above):
            if any(distance > 0 for distance in distances):
                within = team.cp.add(LinearExpr.weighted_sum(literals, distances) <= 0)
                within.only_enforce_if([~exceed for exceed in exceeds[k : k + 1]])
    _somebody_known(team, literals, exceeds)
    return LinearExpr.sum(exceeds)


def _unary(team: Team, rule: TeamRule, most: int) -> list[cp_model.IntVar]:
    """Literals of which the k-th says that the shortfall exceeds k; none where it must be 0."""
    exceeds = [team.cp.new_bool_var("") for _ in range(0 if rule.is_hard else most)]
    for less, more in pairwise(exceeds):
        team.cp.add_implication(more, less)
    return exceeds


def _somebody_known(team: Team, known: list[cp_model.LiteralT], exceeds: list[cp_model.IntVar]) -> None:
    """A team of which nothing is known falls short by ten."""
    excuse = [exceeds[NOBODY_KNOWN - 1]] if exceeds else []
    team.cp.add_bool_or(negated(team.staffed), *known, *excuse)


def _spread(team: Team, rule: TeamRule) -> Expression:
    known = team.known(rule.style or "")
    literals = [literal for _, literal in known]
    widest = max((score for score, _ in known), default=0) - min((score for score, _ in known), default=0)
    most = max(rule.min_tenths, widest - rule.max_tenths, NOBODY_KNOWN)
    short = _at_least(team, rule, most)
    if known:
        anybody = any_of(team.cp, literals)
        spread = _range(team, known)
        team.cp.add(short >= rule.min_tenths - spread).only_enforce_if(anybody)
        team.cp.add(short >= spread - rule.max_tenths).only_enforce_if(anybody)
        team.cp.add(short >= NOBODY_KNOWN).only_enforce_if(team.staffed, negated(anybody))
    else:
        team.cp.add(short >= NOBODY_KNOWN).only_enforce_if(team.staffed)
    return short


def _range(team: Team, known: list[tuple[int, cp_model.LiteralT]]) -> Expression:
    """Highest less lowest score, by literals for `somebody reaches this score` from above and from below."""
    holders: dict[int, list[cp_model.LiteralT]] = defaultdict(list)
    for score, literal in known:
        holders[score].append(literal)
    scores = sorted(holders)
    reached = _reached(team, [holders[score] for score in reversed(scores)])[::-1]
    undercut = _reached(team, [holders[score] for score in scores])
    steps = [high - low for low, high in pairwise(scores)]
    highest = scores[0] + LinearExpr.weighted_sum(reached[1:], steps)
    lowest = scores[-1] - LinearExpr.weighted_sum(undercut[:-1], steps)
    return highest - lowest


def _reached(team: Team, levels: list[list[cp_model.LiteralT]]) -> list[cp_model.LiteralT]:
    """For each level, whether any literal of it or of a level before it holds."""
    reached: list[cp_model.LiteralT] = []
    for literals in levels:
        reached.append(any_of(team.cp, [*literals, *reached[-1:]]))
    return reached


_SHORTFALLS: dict[RuleKind, Callable[[Team, TeamRule], Expression]] = {
    RuleKind.COUNT: _count,
    RuleKind.TOGETHER: _together,
    RuleKind.APART: _apart,
    RuleKind.MEAN: _mean,
    RuleKind.SPREAD: _spread,
}
