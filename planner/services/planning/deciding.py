"""Deciding about what a plan proposes: a named person accepts or releases, with a reason; nothing else is final."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from planner.models import (
    Allocation,
    Booking,
    BookingKind,
    Decision,
    DecisionKind,
    Person,
    Plan,
    Seat,
    User,
    VersionKind,
    Workspace,
    now,
)
from planner.schemas.planning_plans import AcceptSaid, ReasonSaid
from planner.services.editing import require_version
from planner.services.planning import agreeing
from planner.services.planning.double_booking import refuse_double_booking
from planner.services.planning.in_force import start_idx, start_idxs
from planner.services.planning.reading import question_of, result_of
from planner.services.refused import Refused
from solver.check import violations
from solver.solution import Solution


def accept(session: Session, plan: Plan, said: AcceptSaid, version: int | None, *, by: User) -> Plan:
    """Makes the people on these seats agreed: hard in the plan, in force, and kept by the next plan.

    A plan that nobody put to review comes in force by that; one under review has to be approved first. Raises Stale;
    Refused where it is not approved and should be, where a seat has nobody, where somebody else is agreed on it
    meanwhile, where the seat or the person is no longer there, or where the plan breaks a rule, or books somebody
    twice, and no reason is given.
    """
    require_version(plan, version)
    agreeing.require_agreement(session, plan)
    if not said.reason and violations(question_of(plan), result_of(plan).solution or Solution()):
        raise Refused("broken_rule_needs_reason", field="reason")
    if not said.reason:
        refuse_double_booking(session, plan, said.seats)
    by_seat = {row.seat_key: row for row in plan.allocations}
    for key in dict.fromkeys(said.seats):
        allocation = by_seat.get(key)
        if allocation is None:
            raise Refused("nobody_on_seat", seat=key)
        _agree(session, plan, allocation, said.reason, by)
    agreeing.take_along(session, plan, VersionKind.AGREED, said.reason, by=by)
    return plan


def release(session: Session, plan: Plan, seat_key: str, said: ReasonSaid, version: int | None, *, by: User) -> Plan:
    """Makes an agreed seat a proposal again, in force, but free for the next plan to change. Raises Stale, Refused."""
    require_version(plan, version)
    allocation = next((row for row in plan.allocations if row.seat_key == seat_key), None)
    if allocation is None or allocation.booking is not BookingKind.HARD:
        raise Refused("seat_is_not_agreed", seat=seat_key)
    allocation.booking = BookingKind.SOFT
    seat_id = session.scalar(select(Seat.id).where(Seat.key == seat_key))
    session.execute(update(Booking).where(Booking.seat_id == seat_id).values(booking=BookingKind.SOFT))
    decide(plan, DecisionKind.RELEASE, by, said.reason, seat=seat_key, person=allocation.person_key)
    agreeing.take_along(session, plan, VersionKind.RELEASED, said.reason, by=by)
    return plan


def decide(
    plan: Plan,
    kind: DecisionKind,
    by: User,
    reason: str,
    *,
    seat: str | None = None,
    phase: str | None = None,
    person: str | None = None,
    before: str | None = None,
    broken_rules: list[str] | None = None,
    points_change: int | None = None,
) -> None:
    """Writes down who decided what, and why."""
    plan.decisions.append(
        Decision(
            kind=kind,
            seat_key=seat,
            phase_key=phase,
            person_key=person,
            before=before,
            reason=reason,
            broken_rules=broken_rules or [],
            points_change=points_change,
            decided_by_id=by.id,
            decided_by=by.name,
        )
    )


def _agree(session: Session, plan: Plan, allocation: Allocation, reason: str, by: User) -> None:
    """One allocation becomes hard, here and in force."""
    if allocation.booking is BookingKind.HARD:
        return
    seat = session.scalars(select(Seat).where(Seat.key == allocation.seat_key)).first()
    person = session.scalars(select(Person).where(Person.key == allocation.person_key)).first()
    if seat is None or person is None:
        raise Refused("seat_or_person_is_gone", seat=allocation.seat_key, person=allocation.person_key)
    others = session.scalars(select(Booking).where(Booking.seat_id == seat.id, Booking.person_id != person.id)).all()
    if any(other.booking is BookingKind.HARD for other in others):
        raise Refused("somebody_else_is_agreed", seat=seat.need.title)
    session.execute(delete(Booking).where(Booking.id.in_([other.id for other in others])))
    booking = session.scalars(select(Booking).where(Booking.seat_id == seat.id, Booking.person_id == person.id)).first()
    if booking is None:
        booking = Booking(seat_id=seat.id, person_id=person.id)
        session.add(booking)
    booking.booking, booking.is_in_force = BookingKind.HARD, True
    booking.start_idx = start_idx(session.get_one(Workspace, 1), seat.need.phase, start_idxs(session, plan))
    booking.plan_number, booking.reason, booking.decided_by, booking.decided_at = plan.number, reason, by.name, now()
    allocation.booking = BookingKind.HARD
    decide(plan, DecisionKind.ACCEPT, by, reason, seat=allocation.seat_key, person=allocation.person_key)
