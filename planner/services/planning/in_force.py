"""What is in force: the one plan that everybody works by, and its people on their seats."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from planner.models import (
    Agreement,
    Allocation,
    Booking,
    BookingKind,
    Person,
    Phase,
    Plan,
    RoleNeed,
    Seat,
    User,
    Workspace,
    now,
)
from planner.services.planning.reading import question_of
from planner.services.refused import Refused

K = TypeVar("K", int, str)
MOST_AT_ONCE = 500  # keys in one question to the database


@dataclass(frozen=True)
class InForce:
    """Which plan is in force, and as it stood at which of its versions."""

    plan: Plan
    version_number: int


def plan_in_force(session: Session) -> InForce | None:
    """The plan in force, if there is one."""
    statement = select(Plan, Agreement.in_force_version).outerjoin(Agreement, Agreement.plan_id == Plan.id)
    found = session.execute(statement.where(Plan.in_force_since.is_not(None)).limit(1)).first()
    return InForce(found[0], found[1] or 1) if found is not None else None


def version_in_force(session: Session, plan: Plan) -> int | None:
    """The version of a plan that is in force, or was when it was last."""
    return session.scalar(select(Agreement.in_force_version).where(Agreement.plan_id == plan.id))


def name(session: Session, plan: Plan) -> bool:
    """Makes a plan the one in force, in place of any other; whether it was another before."""
    if plan.in_force_since is not None:
        return False
    others = update(Plan).where(Plan.in_force_since.is_not(None), Plan.id != plan.id)
    session.execute(others.values(in_force_since=None, version=Plan.version + 1))
    plan.in_force_since = now()
    return True


def hold_all(session: Session, plan: Plan, *, reason: str, by: User) -> None:
    """Makes the bookings in force those of the plan: who is agreed on stays so, everybody else holds a seat softly.

    Seats that the plan leaves open, or gives to somebody else, are freed. What is no longer there is passed over.
    Raises Refused where somebody else is agreed on a seat meanwhile.
    """
    seats, people = _seats(session, question_of(plan).seat_by_id), _people(session, plan)
    present = _bookings(session, [seat.id for seat in seats.values()])
    workspace, starts = session.get_one(Workspace, 1), start_idxs(session, plan)
    wanted = {row.seat_key: row for row in plan.allocations if row.person_key in people}
    for key, seat in seats.items():
        row, here = wanted.get(key), present.get(seat.id, [])
        person_id = people[row.person_key] if row is not None else None
        if any(one.booking is BookingKind.HARD and one.person_id != person_id for one in here):
            raise Refused("somebody_else_is_agreed", field="reason", seat=seat.need.title)
        _free(session, [one for one in here if one.person_id != person_id])
        if row is not None and person_id is not None:
            kept = next((one for one in here if one.person_id == person_id), None)
            kept = kept or Booking(seat_id=seat.id, person_id=person_id)
            kept.start_idx = start_idx(workspace, seat.need.phase, starts)
            _hold(session, plan, kept, row, reason, by)
    session.flush()


def start_idxs(session: Session, plan: Plan) -> dict[str, int]:
    """By a movable phase's key, the period of the workspace's calendar in which the plan starts it."""
    workspace = session.get_one(Workspace, 1)
    offset = (plan.starts_on - workspace.calendar_start_on) // workspace.step
    return {row.phase_key: row.start_idx + offset for row in plan.phase_starts}


def start_idx(workspace: Workspace, phase: Phase, starts: Mapping[str, int]) -> int | None:
    """Where a plan starts a phase, as a booking keeps it; None for a fixed one, and where it is not scheduled."""
    if phase.earliest_on == phase.latest_on or phase.key not in starts:
        return None
    return max(workspace.idx_of(phase.earliest_on), starts[phase.key])


def _hold(session: Session, plan: Plan, booking: Booking, row: Allocation, reason: str, by: User) -> None:
    booking.is_in_force, booking.plan_number = True, plan.number
    if booking.booking is not BookingKind.HARD:
        booking.booking = row.booking
        booking.reason, booking.decided_by, booking.decided_at = reason, by.name, now()
    session.add(booking)


def _free(session: Session, bookings: Collection[Booking]) -> None:
    if bookings:
        session.execute(delete(Booking).where(Booking.id.in_([one.id for one in bookings])))


def _seats(session: Session, keys: Collection[str]) -> dict[str, Seat]:
    found: dict[str, Seat] = {}
    for part in _parts(keys):
        rows = select(Seat).where(Seat.key.in_(part)).options(joinedload(Seat.need).joinedload(RoleNeed.phase))
        found.update({row.key: row for row in session.scalars(rows)})
    return found


def _people(session: Session, plan: Plan) -> dict[str, int]:
    found: dict[str, int] = {}
    for keys in _parts({row.person_key for row in plan.allocations}):
        found.update(session.execute(select(Person.key, Person.id).where(Person.key.in_(keys))).all())
    return found


def _bookings(session: Session, seat_ids: Collection[int]) -> dict[int, list[Booking]]:
    found: dict[int, list[Booking]] = {}
    for part in _parts(seat_ids):
        for row in session.scalars(select(Booking).where(Booking.seat_id.in_(part))):
            found.setdefault(row.seat_id, []).append(row)
    return found


def _parts(keys: Collection[K]) -> Iterator[list[K]]:
    """Keys in portions that one question to the database bears."""
    ordered = sorted(keys)
    for n in range(0, len(ordered), MOST_AT_ONCE):
        yield ordered[n : n + MOST_AT_ONCE]
