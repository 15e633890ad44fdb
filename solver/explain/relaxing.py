"""Must-haves eased just so far that somebody else could hold a seat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from solver.check import Staffed, seat_score
from solver.check.pool import has_time
from solver.explain.asking import with_seat
from solver.explain.claims import Claim, ClaimKind
from solver.problem import Person, Problem, Seat, SkillLine, StyleLine
from solver.solution import Solution

Ease = Callable[[str, tuple[str, ...], int | None, int | None], None]


@dataclass(frozen=True, slots=True)
class Relaxing:
    """A seat that asks for less, the question with it, and the first who could hold it then.

    `claims` are the must-haves as they were, `eased` as they are now, one for one; without a level or ceiling, what
    was asked is no must any more.
    """

    problem: Problem
    person: str
    claims: tuple[Claim, ...]
    eased: tuple[Claim, ...]


def relaxations(problem: Problem, solution: Solution, seat_id: str) -> list[Relaxing]:
    """Ways to ask for less, those that ease the fewest must-haves first, then by what the first person is worth."""
    seat, phase = problem.seat_by_id[seat_id], problem.phase_of_seat[seat_id]
    staffed = Staffed(problem, solution)
    start = staffed.starts.get(phase.id, phase.earliest)
    banned = {row.person for row in problem.bans if row.seat == seat_id}
    found: dict[tuple[Claim, ...], tuple[int, Relaxing]] = {}
    for one in problem.people:
        starts = range(phase.earliest, phase.latest + 1)
        if one.id in banned or not any(has_time(seat, one, at) for at in starts):
            continue
        person = staffed.person_at(one, start)
        claims, eased, wanted = _eased(seat, person)
        worth = seat_score(problem, seat, person).net - _lost(staffed, person)
        if claims and (eased not in found or found[eased][0] < worth):
            found[eased] = (worth, Relaxing(with_seat(problem, wanted), one.id, claims, eased))
    ranked = sorted(found.values(), key=lambda row: (len(row[1].claims), -row[0]))
    return [one for _worth, one in ranked]


def _lost(staffed: Staffed, person: Person) -> int:
    """About what their other seats would lose: enough to try those first who are free."""
    held = staffed.holdings_of_person.get(person.id, [])
    return sum(seat_score(staffed.problem, one.seat, one.person).net for one in held)


def _eased(seat: Seat, person: Person) -> tuple[tuple[Claim, ...], tuple[Claim, ...], Seat]:
    """What is asked too much of a person, what would be asked instead, and the seat that asks for that."""
    claims: list[Claim] = []
    eased: list[Claim] = []

    def ease(name: str, what: tuple[str, ...], was: int | None, now: int | None) -> None:
        claims.append(Claim(ClaimKind.MUST, seat=seat.id, name=name, what=what, value=was))
        eased.append(Claim(ClaimKind.MUST, seat=seat.id, name=name, what=what, value=now))

    skills = tuple(_skill(line, seat, person, ease) for line in seat.skills)
    styles = tuple(_style(line, person, ease) for line in seat.styles)
    for tag in [tag for tag in dict.fromkeys(seat.tags) if tag not in person.tags]:
        ease("tag", (tag,), None, None)
    for group in [group for group in dict.fromkeys(seat.any_of) if not set(group) & set(person.tags)]:
        ease("any_of", group, None, None)
    ceiling = seat.max_cost
    if ceiling is not None and person.cost > ceiling:
        ease("max_cost", (), ceiling, person.cost)
        ceiling = person.cost
    wanted = replace(
        seat,
        skills=skills,
        styles=styles,
        tags=tuple(tag for tag in seat.tags if tag in person.tags),
        any_of=tuple(group for group in seat.any_of if set(group) & set(person.tags)),
        max_cost=ceiling,
    )
    return tuple(claims), tuple(eased), wanted


def _skill(line: SkillLine, seat: Seat, person: Person, ease: Ease) -> SkillLine:
    """A skill at the level that the person has; one that they do not have at all is nice to have."""
    have = person.skills.get(line.skill, 0)
    if not line.must or have >= line.level - (1 if seat.mentoring else 0):
        return line
    level = have + (1 if seat.mentoring else 0)
    ease("skill", (line.skill,), line.level, level or None)
    return replace(line, level=level) if level else replace(line, must=False)


def _style(line: StyleLine, person: Person, ease: Ease) -> StyleLine:
    have = person.style_tenths.get(line.style)
    if not line.must or (have is not None and line.min_tenths <= have <= line.max_tenths):
        return line
    ease("style", (line.style,), None, None)
    return replace(line, must=False)
