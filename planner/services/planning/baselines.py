"""Plans as they came in force, boiled down to what later reports compare: dates, seats and cost of each phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Plan, PlanStep, PlanVersion, StepKind, Workspace
from planner.services.planning import versions
from planner.services.planning.differences import known
from planner.services.planning.reading import question_of
from planner.services.refused import Refused
from planner.translate import horizon_of
from solver.check import staff_cost

MOST_PLANS = 12  # that are read to find the first one that knew a phase
MOST_KEPT = 64
_marks: dict[tuple[str, int], Mapping[str, PhaseMark]] = {}


@dataclass(frozen=True)
class PhaseMark:
    """A phase in a plan: its periods counted from the calendar's start, its seats, and what its people cost.

    `is_cut` where it had begun before the plan, so that its true start is not known from it.
    """

    start_idx: int
    end_idx: int
    num_seats: int
    num_filled: int
    cost: int
    is_cut: bool


@dataclass(frozen=True)
class Mark:
    """A plan as it stood at a version, and when it came in force so."""

    plan: Plan
    version_number: int
    at: datetime
    phases: Mapping[str, PhaseMark]


def first_marks(session: Session) -> Iterator[Mark]:
    """The plans as they came in force, each as it did first, in the order of time."""
    statement = (
        select(PlanStep, Plan)
        .join(Plan, Plan.id == PlanStep.plan_id)
        .where(PlanStep.kind == StepKind.PUT_IN_FORCE, Plan.scenario_id.is_(None))
        .order_by(PlanStep.id)
    )
    seen: set[int] = set()
    for step, plan in session.execute(statement):
        if plan.id in seen or len(seen) >= MOST_PLANS:
            continue
        seen.add(plan.id)
        try:
            version = versions.version_of(session, plan, step.version_number)
        except Refused:
            continue
        yield Mark(plan, step.version_number, step.at, phases_at(session, version))


def phases_at(session: Session, version: PlanVersion) -> Mapping[str, PhaseMark]:
    """Every phase that a version of a plan schedules. Neither ever changes, so it is worked out once."""
    key = (version.plan.request_token, version.number)
    if key not in _marks:
        while len(_marks) >= MOST_KEPT:
            _marks.pop(next(iter(_marks)), None)
        _marks[key] = _worked_out(session, version)
    return _marks[key]


def _worked_out(session: Session, version: PlanVersion) -> Mapping[str, PhaseMark]:
    question = question_of(version.plan)
    standing = known(question, versions.standing_of(version))
    shift = horizon_of(session.get_one(Workspace, 1), version.plan.starts_on).first_idx
    found = {}
    for phase in question.phase_by_id.values():
        start = standing.starts.get(phase.id, phase.earliest if phase.is_fixed else None)
        if start is None:
            continue
        held = [seat for seat in phase.seats if seat.id in standing.holders]
        cost = sum(staff_cost(seat, question.person_of[standing.holders[seat.id]]) for seat in held)
        found[phase.id] = PhaseMark(
            start + shift,
            start + shift + phase.duration,
            len(phase.seats),
            len(held),
            cost,
            is_cut=phase.is_fixed and start == 0,
        )
    return found
