"""A chain: everything that followed from one role need, or from one requisition for none, under one code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    IDENT_LARGEST,
    Allocation,
    Booking,
    Candidate,
    HireDecision,
    Person,
    Phase,
    Plan,
    PlanState,
    Requisition,
    RoleNeed,
    Seat,
    Terms,
    chain_of_need,
)

MOST_PLANS = 5  # the newest ones


@dataclass(frozen=True)
class InPlan:
    """Whom a plan puts on a seat."""

    plan: Plan
    person_key: str
    person: Person | None


@dataclass(frozen=True)
class SeatStep:
    """A seat of the chain: who holds it in force, and whom the newest plans put there."""

    seat: Seat
    bookings: Sequence[Booking]
    plans: Sequence[InPlan]


@dataclass(frozen=True)
class Chain:
    """Everything under one code; what has gone is left out, and decisions stay."""

    code: str
    need: RoleNeed | None
    requisitions: Sequence[Requisition]
    decisions: Sequence[HireDecision]
    seats: Sequence[SeatStep]
    people: dict[str, Person]

    @property
    def need_id(self) -> int | None:
        """The id of the role need, where it is still there."""
        return self.need.id if self.need is not None else None


def find_chain(session: Session, code: str) -> Chain | None:
    """The chain with a code; None where nothing bears it."""
    need = _need(session, code)
    requisitions = session.scalars(
        select(Requisition)
        .where(Requisition.chain == code)
        .options(
            selectinload(Requisition.terms).selectinload(Terms.signatures),
            selectinload(Requisition.candidates).joinedload(Candidate.person),
        )
        .order_by(Requisition.number)
    ).all()
    decisions = session.scalars(select(HireDecision).where(HireDecision.chain == code).order_by(HireDecision.id)).all()
    if need is None and not requisitions and not decisions:
        return None
    seats = _seats(session, need)
    keys = {decision.person_key for decision in decisions}
    people = {person.key: person for person in session.scalars(select(Person).where(Person.key.in_(keys)))}
    return Chain(code, need, requisitions, decisions, seats, people)


def _need(session: Session, code: str) -> RoleNeed | None:
    digits = code.removeprefix(chain_of_need(0)[:-1])
    if digits == code or not (digits.isascii() and digits.isdecimal()) or int(digits) > IDENT_LARGEST:
        return None
    return session.get(RoleNeed, int(digits), options=[joinedload(RoleNeed.phase).joinedload(Phase.project)])


def _seats(session: Session, need: RoleNeed | None) -> list[SeatStep]:
    """The seats of the role need, each with who holds it in force and in the newest plans."""
    if need is None:
        return []
    held: dict[int, list[Booking]] = defaultdict(list)
    rows = select(Booking).join(Seat).where(Seat.need_id == need.id).options(joinedload(Booking.person))
    for booking in session.scalars(rows.order_by(Booking.id)):
        held[booking.seat_id].append(booking)
    planned: dict[str, list[InPlan]] = defaultdict(list)
    for plan, seat_key, person_key, person in session.execute(_allocations(session, [seat.key for seat in need.seats])):
        planned[seat_key].append(InPlan(plan, person_key, person))
    return [SeatStep(seat, held[seat.id], planned[seat.key]) for seat in need.seats]


def _allocations(session: Session, keys: list[str]) -> Select[*tuple[Any, ...]]:
    newest = (
        select(Plan.id)
        .where(Plan.state == PlanState.READY, Plan.scenario_id.is_(None))
        .order_by(Plan.number.desc())
        .limit(MOST_PLANS)
    )
    return (
        select(Plan, Allocation.seat_key, Allocation.person_key, Person)
        .join(Allocation, Allocation.plan_id == Plan.id)
        .outerjoin(Person, Person.key == Allocation.person_key)
        .where(Plan.id.in_(session.scalars(newest).all()), Allocation.seat_key.in_(keys))
        .order_by(Plan.number.desc())
    )
