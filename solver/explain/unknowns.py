"""What nobody knows about people: what a missing score could be worth at least and at most, and whether it matters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from solver.check import score
from solver.check.pool import pool_of
from solver.explain.asking import Asking, Moves, Range, Tell, aligned, moves
from solver.problem import Problem, RuleKind, TeamRule
from solver.problem.parts import tenths
from solver.search import Options, StopFlag
from solver.solution import Result

MOST_CELLS = 8  # scores that are not known, of as many as there are
Cell = tuple[str, str, str]  # person, style or skill, its key
Reach = dict[tuple[str, str], tuple[str, str] | None]  # (person, seat): the one score that is in the way, if any


@dataclass(frozen=True, slots=True)
class Unknown:
    """A score that is not known, and what the best plan would be worth with it, over the plan as it stands.

    `gain` is over all values that it may have. `changes_at` are the first and the last of those tried at which another
    plan is better, None where the plan stays the best whatever it is; `moves` is what the best of these does otherwise.
    """

    person: str
    kind: str
    name: str
    gain: Range
    changes_at: tuple[float, float] | None
    is_settled: bool
    moves: Moves = ()


@dataclass(frozen=True, slots=True)
class Unknowns:
    """The scores that are not known and could matter, those that could change the plan first.

    `num_left_out` of them were not looked at.
    """

    unknowns: tuple[Unknown, ...]
    num_left_out: int


def unknowns(
    problem: Problem,
    given: Result,
    options: Options,
    *,
    person: str | None = None,
    tell: Tell | None = None,
    stop: StopFlag | None = None,
) -> Unknowns:
    """What each score that nobody knows could do to the plan: of a person, their skills too, or of all who count."""
    asking = Asking(problem, given, options, tell=tell, stop=stop)
    reach = _seats_within_reach(asking)
    cells = list(_cells(asking, reach, person))
    found = []
    for n, (who, kind, name) in enumerate(cells[:MOST_CELLS], start=1):
        found.append(_looked_at(asking, reach, (who, kind, name)))
        asking.tell(n / min(len(cells), MOST_CELLS))
    asking.tell(1.0)
    found.sort(key=lambda one: (one.changes_at is None, -(one.gain.most or 0)))
    return Unknowns(tuple(found), max(0, len(cells) - MOST_CELLS))


def _cells(asking: Asking, reach: Reach, person: str | None) -> Iterator[Cell]:
    """The scores that nobody has rated and that could matter, of those who hold such a seat first.

    One could matter on a seat that asks for it and that the person may hold, or could but for this score, and in a
    team with a rule about it that they may belong to.
    """
    problem, plan = asking.problem, asking.plan
    found: dict[Cell, bool] = {}
    for (who, seat_id), lacking in reach.items():
        missing = _missing(problem, who, seat_id, has_skills=person is not None)
        for kind, name in missing if person in (None, who) else ():
            if lacking is None or lacking == (kind, name):
                holds = plan.holders.get(seat_id) == who
                found[who, kind, name] = found.get((who, kind, name), False) or holds
    held = set(plan.holders.values())
    yield from sorted(found, key=lambda cell: (not found[cell], cell[0] not in held))


def _seats_within_reach(asking: Asking) -> Reach:
    """Who may hold which seat, or could but for one score, which is named; as far as the time goes."""
    problem, found = asking.problem, Reach()
    for seat in problem.seat_by_id:
        if asking.is_over:
            break
        pool = pool_of(problem, asking.plan, seat)
        if problem.growth:
            found |= {(person.id, seat): None for person in problem.people}
            continue
        found |= {(one.person, seat): None for one in pool.scored}
        for sieve in pool.sieves:
            if sieve.code in ("style", "skill"):
                found |= {(who, seat): (sieve.code, sieve.what[0]) for who in sieve.only}
    return found


def _missing(problem: Problem, who: str, seat_id: str, *, has_skills: bool) -> Iterator[tuple[str, str]]:
    """What a seat, or a rule of its team, asks of a person and nobody has rated."""
    seat, phase, person = problem.seat_by_id[seat_id], problem.phase_of_seat[seat_id], problem.person_of[who]
    styles = {line.style for line in seat.styles} | {name for rule in phase.team_rules for name in _styles_of(rule)}
    yield from (("style", name) for name in sorted(styles) if name not in person.styles)
    if has_skills:
        yield from (("skill", line.skill) for line in seat.skills if line.skill not in person.skills)


def _styles_of(rule: TeamRule) -> set[str]:
    """The styles that a team rule looks at."""
    return {name for name in (rule.style, rule.of.style if rule.of else None) if name is not None}


def _looked_at(asking: Asking, reach: Reach, cell: Cell) -> Unknown:
    """Tries the values at which something could begin or end, and those between two that want different plans."""
    who, kind, name = cell
    looking = _Looking(asking, cell)
    for low, high in pairwise(sorted(_turns(asking.problem, reach, cell))):
        looking.between(low, high)
    results = looking.seen
    changing = sorted(value for value, (_result, is_best) in results.items() if is_best is False)
    bounds = [result.bound for result, _is_best in results.values()]
    objectives = [result.objective for result, _is_best in results.values()]
    is_settled = all(is_best is not None for _result, is_best in results.values()) and not asking.is_over
    known = [one for one in objectives if one is not None]
    proven = [one for one in bounds if one is not None]
    best = max((v for v in changing), key=lambda v: results[v][0].objective or 0, default=None)
    return Unknown(
        person=who,
        kind=kind,
        name=name,
        gain=Range(
            min(known) - asking.points if len(known) == len(objectives) else None,
            max(proven) - asking.points if len(proven) == len(bounds) else None,
        ),
        changes_at=(_said(kind, changing[0]), _said(kind, changing[-1])) if changing else None,
        is_settled=is_settled,
        moves=looking.moves_at(best) if best is not None else (),
    )


class _Looking:
    """The best plans by the value of one score, which is counted in tenths for a style, in levels for a skill."""

    def __init__(self, asking: Asking, cell: Cell) -> None:
        self.asking, self.cell = asking, cell
        self.seen: dict[int, tuple[Result, bool | None]] = {}

    def at(self, value: int) -> tuple[Result, bool | None]:
        """The best plan at a value, and whether the plan that was asked about is as good."""
        if value not in self.seen:
            changed = self.problem_at(value)
            mine, after = score(changed, self.asking.plan).objective, self.asking.solve(changed, share=0.1)
            is_best = True if after.bound is not None and after.bound <= mine else None
            self.seen[value] = (after, False if (after.objective or mine) > mine else is_best)
        return self.seen[value]

    def between(self, low: int, high: int) -> None:
        """Looks between two values, unless one plan is the best at both, and so anywhere between them."""
        first, last = self.at(low)[0], self.at(high)[0]
        if high - low <= 1 or self.asking.is_over or first.solution is None or last.objective is None:
            return
        if score(self.problem_at(high), first.solution).objective >= last.objective:
            return
        middle = (low + high) // 2
        self.between(low, middle)
        self.between(middle, high)

    def problem_at(self, value: int) -> Problem:
        """The question in which the score has a value."""
        who, kind, name = self.cell
        person = self.asking.problem.person_of[who]
        if kind == "style":
            changed = replace(person, styles={**person.styles, name: value / 10})
        else:
            changed = replace(person, skills={**person.skills, name: value})
        return self.asking.problem.replace(
            people=tuple(changed if one.id == who else one for one in self.asking.problem.people)
        )

    def moves_at(self, value: int) -> Moves:
        """What the best plan at a value does otherwise."""
        after = self.seen[value][0].solution
        plan = self.asking.plan
        return () if after is None else moves(plan, aligned(self.asking.problem, plan, after))


def _turns(problem: Problem, reach: Reach, cell: Cell) -> set[int]:
    """The values of a score at which its worth turns, or a rule begins to hold; all, where a rule adds scores up."""
    who, kind, name = cell
    if kind == "skill":
        lines = [line for seat in problem.seat_by_id.values() for line in seat.skills if line.skill == name]
        top = max((person.skills.get(name, 0) for person in problem.people), default=0)
        levels = {line.level + more for line in lines for more in (-1, 0)}
        return {0, *levels, max([top, *levels])}
    seats = [problem.seat_by_id[seat] for one, seat in reach if one == who]
    phases = {problem.phase_of_seat[seat.id].id: problem.phase_of_seat[seat.id] for seat in seats}
    rules = [rule for phase in phases.values() for rule in phase.team_rules if name in _styles_of(rule)]
    if any(rule.rule is not RuleKind.COUNT for rule in rules):
        return set(range(10, 51))
    bands = [line for seat in seats for line in seat.styles if line.style == name]
    edges = {edge + more for line in bands for edge, more in _edges(line.min_tenths, line.max_tenths)}
    for rule in rules:
        least = tenths(rule.of.min) if rule.of is not None and rule.of.min is not None else 10
        edges |= {least, least - 1}
    return {10, 50, *(edge for edge in edges if 10 <= edge <= 50)}


def _edges(low: int, high: int) -> Iterator[tuple[int, int]]:
    """Where a band begins and ends, the tenth outside, and where it is missed by so much that nothing is left."""
    yield from ((low, 0), (low, -1), (low, -20), (high, 0), (high, 1), (high, 20))


def _said(kind: str, value: int) -> float:
    """A value as people say it."""
    return value / 10 if kind == "style" else value
