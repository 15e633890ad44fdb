"""Everyone who was considered for a seat: who is left out by which rule, and what the others would be worth there.

It is counted twice: each person at the first rule that leaves them out, so that the counts add up, and at every rule
by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from solver.check.points import seat_score
from solver.check.rules import worst_overload
from solver.check.staffed import Holding, Staffed
from solver.problem import Person, Phase, Problem, Seat, SkillLine
from solver.solution import Solution


@dataclass(frozen=True, slots=True)
class Sieve:
    """One rule that leaves people out: `code` is ban, skill, style, tag, any_of, max_cost or time.

    `num_first` counts those whom no rule before it leaves out, `num_alone` all whom it would leave out by itself;
    `only` are those whom nothing else leaves out.
    """

    code: str
    what: tuple[str, ...]
    value: int | None
    low: float | None
    high: float | None
    num_first: int
    num_alone: int
    only: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """Somebody who may hold a seat: their points there by the seat alone, and which of the plan's rules is in the way.

    `busy_on` are the seats that they hold instead, where there is no time for both.
    """

    person: str
    points: int
    is_mentored: bool
    is_holder: bool
    busy_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """Everyone, for one seat: `num_people` is what the sieves leave out and those who are scored together.

    `short_of_time` are those who have no time for it, whom nothing else leaves out first.
    """

    seat: str
    num_people: int
    sieves: tuple[Sieve, ...]
    scored: tuple[Scored, ...]
    short_of_time: tuple[str, ...]

    @property
    def num_removed(self) -> int:
        return sum(sieve.num_first for sieve in self.sieves)

    @property
    def ranked(self) -> list[str]:
        """Those who may hold the seat, what they would be worth there first."""
        return [one.person for one in self.scored]


def pool_of(problem: Problem, solution: Solution, seat_id: str) -> Pool:
    """Everyone who was considered for a seat of a plan, as they are when its phase starts."""
    seat, phase = problem.seat_by_id[seat_id], problem.phase_of_seat[seat_id]
    staffed = Staffed(problem, solution)
    start = staffed.starts.get(phase.id, phase.earliest)
    banned = {row.person for row in problem.bans if row.seat == seat_id}
    people = [staffed.person_at(person, start) for person in problem.people]
    fails = {person.id: list(_fails(seat, phase, person, banned)) for person in people}
    first = Counter(found[0] for found in fails.values() if found)
    alone = Counter(code for found in fails.values() for code in found)
    left = [person for person in people if not fails[person.id]]
    scored = [_scored(staffed, seat, phase, person) for person in left]
    return Pool(
        seat=seat_id,
        num_people=len(people),
        sieves=tuple(Sieve(*code, first[code], alone[code], _only(fails, code)) for code in _codes(seat)),
        scored=tuple(sorted(scored, key=lambda one: (-one.points, one.person))),
        short_of_time=tuple(sorted((who for who in fails if TIME in fails[who]), key=lambda who: len(fails[who]))),
    )


Code = tuple[str, tuple[str, ...], int | None, float | None, float | None]
BAN: Code = ("ban", (), None, None, None)
TIME: Code = ("time", (), None, None, None)


def _only(fails: Mapping[str, Sequence[Code]], code: Code) -> tuple[str, ...]:
    return tuple(who for who, found in fails.items() if list(found) == [code])


def _codes(seat: Seat) -> Iterator[Code]:
    """The rules of a seat, in the order in which people are counted."""
    yield from (_skill(line) for line in seat.skills if line.must)
    yield from (("style", (x.style,), None, float(x.min), float(x.max)) for x in seat.styles if x.must)
    yield from (("tag", (tag,), None, None, None) for tag in dict.fromkeys(seat.tags))
    yield from (("any_of", group, None, None, None) for group in dict.fromkeys(seat.any_of))
    if seat.max_cost is not None:
        yield ("max_cost", (), seat.max_cost, None, None)
    yield BAN
    yield TIME


def _skill(line: SkillLine) -> Code:
    return ("skill", (line.skill,), line.level, None, None)


def _fails(seat: Seat, phase: Phase, person: Person, banned: set[str]) -> Iterator[Code]:
    """The rules that leave a person out, each by itself."""
    for line in seat.skills:
        if line.must and person.skills.get(line.skill, 0) < line.level - (1 if seat.mentoring else 0):
            yield _skill(line)
    for style in seat.styles:
        have = person.style_tenths.get(style.style)
        if style.must and (have is None or not style.min_tenths <= have <= style.max_tenths):
            yield ("style", (style.style,), None, float(style.min), float(style.max))
    yield from (("tag", (tag,), None, None, None) for tag in dict.fromkeys(seat.tags) if tag not in person.tags)
    for group in dict.fromkeys(seat.any_of):
        if not set(group) & set(person.tags):
            yield ("any_of", group, None, None, None)
    if seat.max_cost is not None and person.cost > seat.max_cost:
        yield ("max_cost", (), seat.max_cost, None, None)
    if person.id in banned:
        yield BAN
    if not any(has_time(seat, person, start) for start in range(phase.earliest, phase.latest + 1)):
        yield TIME


def has_time(seat: Seat, person: Person, start: int) -> bool:
    """Whether a person could hold a seat, and nothing else, where its phase starts in this period."""
    at, end = start + seat.from_, start + seat.to
    if person.is_hire and at < person.hire.earliest:
        return False
    for span in sorted(person.capacity, key=lambda span: span.from_):
        if span.from_ <= at < span.to and span.fte >= seat.fte:
            at = span.to
    return at >= end


def _scored(staffed: Staffed, seat: Seat, phase: Phase, person: Person) -> Scored:
    others = [one for one in staffed.holdings_of_person.get(person.id, []) if one.seat.id != seat.id]
    is_holder = staffed.solution.holders.get(seat.id) == person.id
    project = staffed.problem.project_of_phase[phase.id]
    there = Holding(seat, person, phase, project)
    same = [one for one in others if one.phase.id == phase.id]
    is_over = phase.id in staffed.starts and worst_overload(staffed, person, [*others, there])[0] > 0
    busy = () if is_holder else tuple(one.seat.id for one in (same or (others if is_over else ())))
    short = any(line.must and person.skills.get(line.skill, 0) < line.level for line in seat.skills)
    return Scored(person.id, seat_score(staffed.problem, seat, person).net, short, is_holder, busy)
