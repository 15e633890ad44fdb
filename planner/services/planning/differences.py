"""What lies between two standings of a plan, or of two plans: seat by seat, phase by phase, and in figures.

Seats, people and phases are matched by their keys. Each side is judged by the question that it answers, so that the
figures are those which its own page shows, and the parts add up to the change of the objective exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from solver.check import Score, score, staff_cost
from solver.problem import Problem
from solver.solution import Solution

V = TypeVar("V")
SEAT_PARTS = ("fill", "fit", "style", "preference", "money", "acceptance", "rounding")


@dataclass(frozen=True)
class Standing:
    """A plan as it stood: who holds which seat, how firmly ("soft", "hard"), and when its phases start."""

    holders: Mapping[str, str] = field(default_factory=dict)
    bookings: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, int] = field(default_factory=dict)

    @property
    def solution(self) -> Solution:
        """What the rulebook can judge."""
        return Solution(starts=dict(self.starts), holders=dict(self.holders))


@dataclass(frozen=True)
class Figures:
    """What a standing comes to, by its own question; cost in whole units of money."""

    objective: int
    cost: int
    num_filled: int
    num_hires: int


@dataclass(frozen=True)
class SeatChange:
    """A seat that is held otherwise; names as its question knows them, periods are those of the later standing.

    `points_change` and `cost_change` are what the seat itself brings more; what comes of it elsewhere is not in them.
    """

    seat: str
    title: str
    project: str
    phase: str
    before: str | None
    after: str | None
    before_name: str
    after_name: str
    before_booking: str | None
    after_booking: str | None
    from_idx: int | None
    to_idx: int | None
    points_change: int
    cost_change: int

    @property
    def changes_hands(self) -> bool:
        """Whether somebody else holds it, rather than the same person more or less firmly."""
        return self.before != self.after

    def with_names(self, names: Mapping[str, str]) -> SeatChange:
        """The same with other names for some people, by their keys."""
        before, after = names.get(self.before or "", self.before_name), names.get(self.after or "", self.after_name)
        return replace(self, before_name=before, after_name=after)


@dataclass(frozen=True)
class PhaseMove:
    """A phase that starts otherwise, in periods of the later standing; None where it is not scheduled."""

    phase: str
    project: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Difference:
    """What makes one standing of another. `shift` takes periods of the earlier one to periods of the later one."""

    seats: tuple[SeatChange, ...]
    phases: tuple[PhaseMove, ...]
    before: Figures
    after: Figures
    terms_change: Mapping[str, int]
    hires_added: tuple[str, ...]
    hires_dropped: tuple[str, ...]
    shift: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether the two are the same."""
        return not (self.seats or self.phases)

    @property
    def points_change(self) -> int:
        """The change of the objective."""
        return self.after.objective - self.before.objective

    @property
    def cost_change(self) -> int:
        """The change of what all seats cost."""
        return self.after.cost - self.before.cost

    @property
    def filled_change(self) -> int:
        """How many seats more are filled."""
        return self.after.num_filled - self.before.num_filled

    @property
    def hires_change(self) -> int:
        """How many hires more there are."""
        return self.after.num_hires - self.before.num_hires

    @property
    def points_elsewhere(self) -> int:
        """What of the change of the objective is not the changed seats' own: rules, projects, hires, other seats."""
        return self.points_change - sum(change.points_change for change in self.seats)

    @property
    def num_changed_hands(self) -> int:
        """How many seats somebody else holds."""
        return sum(change.changes_hands for change in self.seats)

    def applied_to(self, standing: Standing) -> Standing:
        """The later standing, made of the earlier one."""
        holders, bookings = dict(standing.holders), dict(standing.bookings)
        starts = {phase: start + self.shift for phase, start in standing.starts.items()}
        for change in self.seats:
            _put(holders, change.seat, change.after)
            _put(bookings, change.seat, change.after_booking)
        for move in self.phases:
            _put(starts, move.phase, move.after)
        return Standing(holders, bookings, starts)


def difference(
    problem: Problem, before: Standing, after: Standing, *, earlier: Problem | None = None, shift: int = 0
) -> Difference:
    """What makes `after` of `before`. `problem` is the later one's question, `earlier` the other's where it differs.

    `shift` is how many periods the earlier plan begins after the later one.
    """
    return _Comparison(problem, before, after, earlier or problem, shift).made()


class _Comparison:
    """Two standings side by side, each with its question and its score."""

    def __init__(self, problem: Problem, before: Standing, after: Standing, earlier: Problem, shift: int) -> None:
        self._old, self._new, self._shift = _Side(earlier, before), _Side(problem, after), shift

    def made(self) -> Difference:
        old, new = self._old, self._new
        old_hires, new_hires = old.hires, new.hires
        return Difference(
            seats=tuple(self._seats()),
            phases=tuple(self._phases()),
            before=old.figures,
            after=new.figures,
            terms_change=terms_change(old.score, new.score),
            hires_added=tuple(sorted(new_hires - old_hires)),
            hires_dropped=tuple(sorted(old_hires - new_hires)),
            shift=self._shift,
        )

    def _seats(self) -> Iterator[SeatChange]:
        """In the order of the later question, then what only the earlier one asks for."""
        old, new = self._old, self._new
        keys = dict.fromkeys((*new.problem.seat_by_id, *old.problem.seat_by_id))
        for key in keys:
            if old.held(key) != new.held(key):
                yield self._seat(key)

    def _seat(self, key: str) -> SeatChange:
        old, new = self._old, self._new
        side = new if key in new.problem.seat_by_id else old
        seat, phase = side.problem.seat_by_id[key], side.problem.phase_of_seat[key]
        (before, was), (after, becomes) = old.held(key), new.held(key)
        start = side.start_of(phase.id)
        moved = self._shift if side is old else 0
        return SeatChange(
            seat=key,
            title=seat.label,
            project=side.problem.project_of_phase[phase.id].id,
            phase=phase.id,
            before=before,
            after=after,
            before_name=old.name_of(before),
            after_name=new.name_of(after),
            before_booking=was,
            after_booking=becomes,
            from_idx=start + seat.from_ + moved if start is not None else None,
            to_idx=start + seat.to + moved if start is not None else None,
            points_change=new.points_of(key) - old.points_of(key),
            cost_change=new.cost_of(key) - old.cost_of(key),
        )

    def _phases(self) -> Iterator[PhaseMove]:
        old = {phase: start + self._shift for phase, start in self._old.standing.starts.items()}
        new = self._new.standing.starts
        for phase in dict.fromkeys((*new, *old)):
            if old.get(phase) != new.get(phase):
                side = self._new if phase in self._new.problem.phase_by_id else self._old
                yield PhaseMove(phase, side.problem.project_of_phase[phase].id, old.get(phase), new.get(phase))


class _Side:
    """One standing with the question that it answers."""

    def __init__(self, problem: Problem, standing: Standing) -> None:
        self.problem = problem
        self.standing = known(problem, standing)
        self.score = score(problem, self.standing.solution)

    @property
    def figures(self) -> Figures:
        cost = sum(self.cost_of(seat) for seat in self.standing.holders)
        return Figures(self.score.objective, cost, len(self.standing.holders), len(self.hires))

    @property
    def hires(self) -> frozenset[str]:
        people = self.problem.person_of
        return frozenset(who for who in self.standing.holders.values() if people[who].is_hire)

    def held(self, seat: str) -> tuple[str | None, str | None]:
        return self.standing.holders.get(seat), self.standing.bookings.get(seat)

    def name_of(self, person: str | None) -> str:
        return self.problem.person_of[person].label if person is not None else ""

    def points_of(self, seat: str) -> int:
        found = self.score.seats.get(seat)
        return found.net if found is not None else 0

    def cost_of(self, seat: str) -> int:
        person = self.standing.holders.get(seat)
        return staff_cost(self.problem.seat_by_id[seat], self.problem.person_of[person]) if person is not None else 0

    def start_of(self, phase: str) -> int | None:
        """Where a phase starts: as the standing says, a fixed one where it must."""
        if phase in self.standing.starts:
            return self.standing.starts[phase]
        found = self.problem.phase_by_id[phase]
        return found.earliest if found.is_fixed else None


def known(problem: Problem, standing: Standing) -> Standing:
    """A standing without the seats, people and phases that a question does not know."""
    holders = {
        seat: who for seat, who in standing.holders.items() if seat in problem.seat_by_id and who in problem.person_of
    }
    bookings = {seat: booking for seat, booking in standing.bookings.items() if seat in holders}
    starts = {phase: start for phase, start in standing.starts.items() if phase in problem.phase_by_id}
    return replace(standing, holders=holders, bookings=bookings, starts=starts)


def terms_change(old: Score, new: Score) -> dict[str, int]:
    """The change by term; the parts of seats are summed, so that all terms add up to the change exactly."""
    parts = {name: sum(getattr(s, name) for s in new.seats.values()) - sum(getattr(s, name) for s in old.seats.values())
             for name in SEAT_PARTS}  # fmt: skip
    whole = {term: new.terms[term] - old.terms[term] for term in new.terms if term != "seats"}
    return {**parts, **whole}


def _put(rows: dict[str, V], key: str, value: V | None) -> None:
    if value is None:
        rows.pop(key, None)
    else:
        rows[key] = value
