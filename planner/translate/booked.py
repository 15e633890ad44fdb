"""Bookings: what is agreed and in force → pins, the plan in force, and time that other work takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Booking, BookingKind, Phase, RoleNeed, Seat, Workspace
from planner.translate.horizon import Horizon
from solver.problem import Span


class Booked(NamedTuple):
    """A booking with what a question needs of its seat; `from_idx`, `to_idx` are of the workspace's calendar."""

    seat_key: str
    person_id: int
    project_id: int
    phase_id: int
    is_hard: bool
    is_in_force: bool
    start_idx: int | None
    from_idx: int
    to_idx: int
    fte: int
    decided_at: datetime


def booked_rows(session: Session, workspace: Workspace) -> list[Booked]:
    """Every booking, in the order in which they were made."""
    statement = (
        select(Booking, Seat.key, RoleNeed, Phase)
        .join(Seat, Seat.id == Booking.seat_id)
        .join(RoleNeed, RoleNeed.id == Seat.need_id)
        .join(Phase, Phase.id == RoleNeed.phase_id)
        .order_by(Booking.id)
    )
    return [_booked(workspace, *row) for row in session.execute(statement)]


def _booked(workspace: Workspace, row: Booking, seat_key: str, need: RoleNeed, phase: Phase) -> Booked:
    start = workspace.idx_of(phase.earliest_on) if row.start_idx is None else row.start_idx
    ends = phase.duration if need.to_offset is None else need.to_offset
    return Booked(
        seat_key=seat_key,
        person_id=row.person_id,
        project_id=phase.project_id,
        phase_id=phase.id,
        is_hard=row.booking is BookingKind.HARD,
        is_in_force=row.is_in_force,
        start_idx=row.start_idx,
        from_idx=start + need.from_offset,
        to_idx=start + ends,
        fte=need.fte_pct,
        decided_at=row.decided_at,
    )


def agreed_starts(rows: Iterable[Booked]) -> dict[int, int]:
    """By a phase's id, where its agreed team starts; the last agreement holds."""
    return {row.phase_id: row.start_idx for row in rows if row.is_hard and row.start_idx is not None}


def busy_spans(rows: Iterable[Booked], seats: Collection[str], horizon: Horizon) -> dict[int, list[Span]]:
    """By a person's id, what seats that are not in the question take of their time within the horizon."""
    busy: dict[int, list[Span]] = defaultdict(list)
    for row in rows:
        begin = max(0, row.from_idx - horizon.first_idx)
        end = min(horizon.periods, row.to_idx - horizon.first_idx)
        if row.seat_key not in seats and begin < end and (row.is_hard or row.is_in_force):
            busy[row.person_id].append(Span(begin, end, row.fte))
    return busy
