"""Solving again within one time: what the questions about a plan have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

from solver.check import SeatScore, score
from solver.problem import Phase, Problem, Seat
from solver.search import Options, StopFlag, solve
from solver.search.options import Clock
from solver.solution import Result, Solution, Status

Tell = Callable[[float], None]
Moves = tuple[tuple[str, str | None, str | None], ...]  # seat, who held it, who holds it then
PARTS = tuple(slot.name for slot in fields(SeatScore) if slot.name not in ("seat", "person"))


@dataclass(frozen=True, slots=True)
class Range:
    """A figure that lies between two others; one that is proven has both the same, None is a side that is not known."""

    least: int | None
    most: int | None

    @property
    def is_exact(self) -> bool:
        return self.least is not None and self.least == self.most


NOT_KNOWN = Range(None, None)


def gain(before: Result, after: Result) -> Range:
    """By how much the best plan of one question is better than that of another, from what is proven of both."""
    least = None if after.objective is None or before.bound is None else after.objective - before.bound
    most = None if after.bound is None or before.objective is None else after.bound - before.objective
    return Range(least, most)


class Asking:
    """One question about a plan: it is solved again, changed, as often as it takes, and never for longer than asked.

    Attributes
    ----------
    before : Result
        The plan that is asked about, as it stands.
    """

    def __init__(
        self,
        problem: Problem,
        given: Result,
        options: Options,
        *,
        tell: Tell | None = None,
        stop: StopFlag | None = None,
    ) -> None:
        self.problem, self.before, self.options = problem, given, options
        self.stop, self.tell = stop or StopFlag(), tell or _unheard
        self.clock = Clock(options, self.stop, None)

    @property
    def plan(self) -> Solution:
        return self.before.solution or Solution()

    @property
    def points(self) -> int:
        return self.before.objective or 0

    @property
    def is_over(self) -> bool:
        """Whether there is no time for another solve."""
        return self.clock.is_stopped or self.clock.left_s < 1

    def solve(self, problem: Problem, start: Solution | None = None, share: float = 1.0) -> Result:
        """The best plan of a changed question, in a share of the time that is left; a question too many is open."""
        if self.is_over:
            return Result(problem.name, Status.UNKNOWN)
        limit_s = max(1.0, share * self.clock.left_s)
        start = self.plan if start is None else start
        return solve(problem, replace(self.options, time_limit_s=limit_s, start=_known(problem, start)), stop=self.stop)

    def best(self, share: float = 0.3) -> Result:
        """The best plan of the question as it is: what is asked about, where that is proven to be the best."""
        if self.before.status is Status.OPTIMAL:
            return self.before
        found = self.solve(self.problem, share=share)
        return found if found.solution is not None else self.before


def terms_of(problem: Problem, solution: Solution) -> dict[str, int]:
    """A plan's points by term, those of its seats by part; they add up to its objective."""
    scored = score(problem, solution)
    parts = {part: sum(getattr(seat, part) for seat in scored.seats.values()) for part in PARTS}
    return parts | {name: points for name, points in scored.terms.items() if name != "seats"}


def alike_seats(problem: Problem, seat_id: str) -> list[str]:
    """The seats of its phase that ask for just the same, itself among them."""
    seat = problem.seat_by_id[seat_id]
    return [one.id for one in problem.phase_of_seat[seat_id].seats if _asks(one) == _asks(seat)]


def aligned(problem: Problem, before: Solution, after: Solution) -> Solution:
    """The same plan, in which people who stay among seats that are alike stay on their own."""
    holders = dict(after.holders)
    for seats in _kinds(problem):
        people = [holders.pop(seat) for seat in seats if seat in holders]
        stay = {seat: before.holders[seat] for seat in seats if before.holders.get(seat) in people}
        others = [who for who in people if who not in set(stay.values())]
        free = [seat for seat in seats if seat not in stay]
        free.sort(key=lambda seat: seat not in before.holders)
        holders |= stay | dict(zip(free, others, strict=False))
    return Solution(after.starts, {seat: holders[seat] for seat in problem.seat_by_id if seat in holders})


def moves(before: Solution, after: Solution) -> Moves:
    """The seats that change hands."""
    seats = sorted(before.holders.keys() | after.holders.keys())
    rows = ((seat, before.holders.get(seat), after.holders.get(seat)) for seat in seats)
    return tuple(row for row in rows if row[1] != row[2])


def shifts(problem: Problem, before: Solution, after: Solution) -> tuple[tuple[str, int, int], ...]:
    """The phases with a team before and after that start at another time: phase, start before, start after."""
    both = _staffed(problem, before) & _staffed(problem, after)
    found = []
    for phase in (phase for phase in problem.phase_by_id.values() if phase.id in both):
        starts = (before.starts.get(phase.id, phase.earliest), after.starts.get(phase.id, phase.earliest))
        if starts[0] != starts[1]:
            found.append((phase.id, *starts))
    return tuple(found)


def with_phase(problem: Problem, changed: Phase) -> Problem:
    """The same question with one phase changed."""
    projects = tuple(
        replace(row, phases=tuple(changed if phase.id == changed.id else phase for phase in row.phases))
        if any(phase.id == changed.id for phase in row.phases)
        else row
        for row in problem.projects
    )
    return problem.replace(projects=projects)


def with_seat(problem: Problem, changed: Seat) -> Problem:
    """The same question with one seat changed."""
    phase = problem.phase_of_seat[changed.id]
    seats = tuple(changed if seat.id == changed.id else seat for seat in phase.seats)
    return with_phase(problem, replace(phase, seats=seats))


def _kinds(problem: Problem) -> list[list[str]]:
    """Seats that nothing tells apart, each kind of a phase with more than one of them."""
    named = {row.seat for row in (*problem.pins, *problem.current)}
    banned: dict[str, set[str]] = defaultdict(set)
    for row in problem.bans:
        banned[row.seat].add(row.person)
    kinds: dict[object, list[str]] = defaultdict(list)
    for phase in problem.phase_by_id.values():
        for seat in phase.seats:
            if seat.id not in named:
                kinds[phase.id, _asks(seat), frozenset(banned[seat.id])].append(seat.id)
    return [seats for seats in kinds.values() if len(seats) > 1]


def _asks(seat: Seat) -> tuple[object, ...]:
    window = (seat.fte, seat.from_, seat.to)
    return (*window, seat.skills, seat.styles, seat.tags, seat.any_of, seat.max_cost, seat.mentoring)


def _known(problem: Problem, solution: Solution) -> Solution:
    """What a changed question still has of a plan."""
    seats, people, phases = problem.seat_by_id, problem.person_of, problem.phase_by_id
    holders: Mapping[str, str] = {
        seat: who for seat, who in solution.holders.items() if seat in seats and who in people
    }
    return Solution({phase: start for phase, start in solution.starts.items() if phase in phases}, holders)


def _staffed(problem: Problem, solution: Solution) -> set[str]:
    return {problem.phase_of_seat[seat].id for seat in solution.holders}


def _unheard(_share: float) -> None:
    """Nobody listens."""
