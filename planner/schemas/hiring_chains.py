"""What the API shows of a chain: from a role need to requisitions, candidates, decisions and seats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import model_validator

from planner.models import BookingKind, RequisitionState, Stage
from planner.schemas.said import Seen


class ChainCandidateSeen(Seen):
    """A candidate of the chain."""

    id: int
    person_id: int
    stage: Stage


class ChainRequisitionSeen(Seen):
    """A requisition of the chain, and who is considered for it."""

    id: int
    number: int
    title: str
    state: RequisitionState
    candidates: list[ChainCandidateSeen]


class ChainDecisionSeen(Seen):
    """A hire that two people decided on."""

    requisition_number: int
    person_key: str
    seat_keys: list[str]
    pm_name: str
    pm_reason: str
    pm_at: datetime
    ops_name: str
    ops_reason: str
    ops_at: datetime
    undone_at: datetime | None


class ChainHolderSeen(Seen):
    """Who holds a seat in force."""

    person_id: int
    booking: BookingKind


class ChainPlanSeen(Seen):
    """Whom a plan puts on a seat."""

    plan_id: int
    plan_number: int
    person_key: str


class ChainSeatSeen(Seen):
    """A seat of the chain: who holds it, and whom the newest plans put there."""

    key: str
    bookings: list[ChainHolderSeen]
    plans: list[ChainPlanSeen]

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, step: Any) -> Any:
        plans = [
            {"plan_id": one.plan.id, "plan_number": one.plan.number, "person_key": one.person_key} for one in step.plans
        ]
        return {"key": step.seat.key, "bookings": step.bookings, "plans": plans}


class ChainSeen(Seen):
    """Everything under one code."""

    code: str
    need_id: int | None
    requisitions: list[ChainRequisitionSeen]
    decisions: list[ChainDecisionSeen]
    seats: list[ChainSeatSeen]
