"""What a person gives and what is allocated of it, period by period: their capacity and the seats that they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.models import Booking, BookingKind, Person, Phase, Project, RoleNeed, Seat, Workspace, today
from planner.services.staffing import calendars


@dataclass(frozen=True)
class HeldSeat:
    """A seat that a person holds in force, from one period up to another, counted from the calendar's start."""

    key: str
    title: str
    project: Project
    phase: Phase
    fte_pct: int
    first_idx: int
    last_idx: int
    booking: BookingKind

    @property
    def is_agreed(self) -> bool:
        return self.booking is BookingKind.HARD

    def pct_at(self, idx: int) -> int:
        """What the seat takes in a period, in percent of full time."""
        return self.fte_pct if self.first_idx <= idx < self.last_idx else 0


@dataclass(frozen=True)
class PeriodUse:
    """One period of a person: what they can give, and what agreed and proposed seats take of it."""

    idx: int
    capacity: int
    agreed: int
    proposed: int
    days_away: int

    @property
    def allocated(self) -> int:
        return self.agreed + self.proposed

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.allocated)

    @property
    def step(self) -> int:
        """Which fifth of the capacity is allocated, from 0 (nothing) to 5 (all of it)."""
        used = 100 * self.allocated // max(1, self.capacity)
        return next((n for n, most in enumerate((0, 25, 50, 75, 99)) if used <= most), 5)

    @property
    def kind(self) -> str:
        """How a heatmap draws it: agreed, proposed, mixed or over."""
        if self.allocated > self.capacity:
            return "over"
        return "mixed" if self.agreed and self.proposed else "proposed" if self.proposed else "agreed"


def seats_of(session: Session, people: Sequence[Person], workspace: Workspace) -> dict[int, list[HeldSeat]]:
    """The seats that each of some people holds in force, in time order, by the person's id; one query for all."""
    ids = [person.id for person in people]
    statement = (
        select(Booking)
        .where(Booking.person_id.in_(ids), Booking.is_in_force)
        .options(joinedload(Booking.seat).joinedload(Seat.need).joinedload(RoleNeed.phase).joinedload(Phase.project))
    )
    held: dict[int, list[HeldSeat]] = {ident: [] for ident in ids}
    for booking in session.scalars(statement):
        held[booking.person_id].append(_held(booking, workspace))
    return {ident: sorted(seats, key=lambda seat: (seat.first_idx, seat.key)) for ident, seats in held.items()}


def use_of(
    person: Person, workspace: Workspace, seats: Sequence[HeldSeat], first_idx: int = 0, last_idx: int | None = None
) -> list[PeriodUse]:
    """Each period of the horizon, or of a part of it; someone to be hired is taken to be hired today."""
    last = workspace.num_periods if last_idx is None else last_idx
    capacity = calendars.weekly_capacity(person, workspace, first_idx, last, decided_idx=present_idx(workspace))
    away = calendars.num_away(person, workspace, first_idx, last)
    held = [seat for seat in seats if seat.first_idx < last and first_idx < seat.last_idx]
    agreed = [seat for seat in held if seat.is_agreed]
    proposed = [seat for seat in held if not seat.is_agreed]
    return [
        PeriodUse(idx, capacity[n], _taken(agreed, idx), _taken(proposed, idx), away[n])
        for n, idx in enumerate(range(first_idx, last))
    ]


def present_idx(workspace: Workspace) -> int:
    """The period in which today lies, within the horizon."""
    idx = workspace.idx_of(calendars.midnight(today()))
    return min(max(0, idx), workspace.num_periods - 1)


def _taken(seats: Sequence[HeldSeat], idx: int) -> int:
    return sum(seat.pct_at(idx) for seat in seats)


def _held(booking: Booking, workspace: Workspace) -> HeldSeat:
    """A booking as a stretch of periods; where no start is decided, the phase starts as early as it may."""
    need = booking.seat.need
    start = booking.start_idx if booking.start_idx is not None else workspace.idx_of(need.phase.earliest_on)
    end = need.to_offset if need.to_offset is not None else need.phase.duration
    return HeldSeat(
        booking.seat.key,
        need.title,
        need.phase.project,
        need.phase,
        need.fte_pct,
        start + need.from_offset,
        start + end,
        booking.booking,
    )
