"""What a person gives and what is allocated of it, period by period: their capacity and the seats that they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from planner.models import Booking, BookingKind, Person, Phase, Project, RoleNeed, Seat, Workspace
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
    def kind(self) -> str:
        """How a heatmap draws it: agreed, proposed, mixed or over."""
        if self.allocated > self.capacity:
            return "over"
        return "mixed" if self.agreed and self.proposed else "proposed" if self.proposed else "agreed"


def seats_held(session: Session, person: Person, workspace: Workspace) -> list[HeldSeat]:
    """The seats that a person holds in force, in time order."""
    statement = (
        select(Booking)
        .where(Booking.person_id == person.id, Booking.is_in_force)
        .options(joinedload(Booking.seat).joinedload(Seat.need).joinedload(RoleNeed.phase).joinedload(Phase.project))
    )
    held = [_held(booking, workspace) for booking in session.scalars(statement)]
    return sorted(held, key=lambda seat: (seat.first_idx, seat.last_idx, seat.key))


def use_of(person: Person, workspace: Workspace, seats: Sequence[HeldSeat]) -> list[PeriodUse]:
    """Every period of the workspace's horizon."""
    last = workspace.num_periods
    capacity = calendars.weekly_capacity(person, workspace, 0, last)
    away = calendars.num_away(person, workspace, 0, last)
    return [
        PeriodUse(
            idx,
            capacity[idx],
            sum(seat.pct_at(idx) for seat in seats if seat.is_agreed),
            sum(seat.pct_at(idx) for seat in seats if not seat.is_agreed),
            away[idx],
        )
        for idx in range(last)
    ]


def num_seats_held(session: Session, people: Sequence[Person]) -> dict[int, int]:
    """How many seats each of some people holds in force."""
    ids = [person.id for person in people]
    statement = (
        select(Booking.person_id, func.count())
        .where(Booking.person_id.in_(ids), Booking.is_in_force)
        .group_by(Booking.person_id)
    )
    found = dict(session.execute(statement).tuples())
    return {ident: found.get(ident, 0) for ident in ids}


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
