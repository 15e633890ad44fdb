"""Hiring somebody: two people decide, the one who knows the team and then the one who hires; a plan only suggests.

Each approval says why, whether the suggestion is followed or overridden, and which version of it was read. What the
plan says of a candidate may change until the second approval: then the first one must be given again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import (
    Allocation,
    Candidate,
    EventKind,
    HireApproval,
    HireDecision,
    Job,
    PersonKind,
    Plan,
    Requisition,
    RequisitionState,
    Side,
    Stage,
    User,
    now,
)
from planner.schemas.hiring_candidates import ApprovalSaid, UndoSaid
from planner.services.editing import require_version, touch
from planner.services.hiring.candidates import begin_work, note, put_at
from planner.services.hiring.terms import is_signed
from planner.services.planning.plans import newest_plan
from planner.services.refused import Refused
from planner.services.staffing.projects import workspace_of
from planner.services.work import notifying


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the newest plan says of a candidate: the seats that it gives them, none where it hires somebody else."""

    plan: Plan
    seat_keys: tuple[str, ...]
    ready_at: datetime | None

    @property
    def is_to_hire(self) -> bool:
        """Whether the plan would hire the candidate."""
        return bool(self.seat_keys)


def suggestion_for(session: Session, candidate: Candidate) -> Suggestion | None:
    """What the newest plan that is ready says of a candidate; None where there is no such plan."""
    plan = newest_plan(session)
    if plan is None:
        return None
    held = select(Allocation.seat_key).where(
        Allocation.plan_id == plan.id, Allocation.person_key == candidate.person.key
    )
    ready_at = session.scalar(select(func.max(Job.finished_at)).where(Job.plan_id == plan.id, Job.inquiry_id.is_(None)))
    return Suggestion(plan, tuple(session.scalars(held.order_by(Allocation.seat_key))), ready_at)


def approve(
    session: Session, candidate: Candidate, side: Side, said: ApprovalSaid, version: int | None, *, by: User
) -> Candidate:
    """Approves of hiring a candidate for one side; the second side's approval hires them.

    Raises
    ------
    Stale
        Where somebody has edited the candidate meanwhile.
    Refused
        Where the candidate is not considered, for an open requisition with signed terms; where the suggestion that
        was read is not the newest; where the PM has not approved, or of another suggestion; where one person would
        approve twice.
    """
    require_version(candidate, version)
    if by.person_id == candidate.person_id:
        raise Refused("nobody_decides_on_themselves")
    requisition = _require_ready(candidate)
    suggestion = _require_fresh(session, candidate, said)
    first = approval_of(candidate, Side.PROJECT)
    if side is Side.OPERATIONS:
        first = _require_first(first, suggestion)
    _require_another_person(candidate, side, by)
    approval = _approve(candidate, side, said.reason, suggestion, by)
    if side is Side.OPERATIONS and first is not None:
        _hire(session, candidate, requisition, first, approval, by)
    touch(session, candidate)
    notifying.decided(session, candidate, "hire_approved", by=by)
    return candidate


def withdraw(
    session: Session, candidate: Candidate, side: Side, said: UndoSaid, version: int | None, *, by: User
) -> Candidate:
    """Takes an approval back, with a reason, while nobody is hired yet. Raises Stale and Refused."""
    require_version(candidate, version)
    approval = approval_of(candidate, side)
    if approval is None or candidate.stage is Stage.HIRED:
        raise Refused("nothing_to_withdraw")
    candidate.approvals.remove(approval)
    note(candidate, EventKind.APPROVAL_WITHDRAWN, by=by, reason=said.reason)
    touch(session, candidate)
    return candidate


def undo_hire(session: Session, candidate: Candidate, said: UndoSaid, version: int | None, *, by: User) -> Candidate:
    """Takes a hire back: the person is a candidate with an offer again, and must be decided on anew.

    Raises Stale; Refused where nobody was hired.
    """
    require_version(candidate, version)
    decision = candidate.decision
    if decision is None or candidate.stage is not Stage.HIRED:
        raise Refused("nobody_was_hired")
    candidate.person.kind = PersonKind.CANDIDATE
    put_at(candidate, Stage.OFFER, EventKind.HIRE_UNDONE, by=by, reason=said.reason)
    session.flush()  # the database lets a decision go only once nobody is employed by it
    candidate.decision, candidate.approvals[:] = None, []
    session.flush()
    decision.person_id = None
    decision.undone_at, decision.undone_by, decision.undone_reason = now(), by.name, said.reason
    touch(session, candidate)
    return candidate


def approval_of(candidate: Candidate, side: Side) -> HireApproval | None:
    """The approval of a side, where it is there."""
    return next((one for one in candidate.approvals if one.side is side), None)


def is_stale(approval: HireApproval, suggestion: Suggestion | None) -> bool:
    """Whether the plan says something else of the candidate by now than what the approver read."""
    return suggestion is None or tuple(approval.seat_keys) != suggestion.seat_keys


def _require_ready(candidate: Candidate) -> Requisition:
    """The requisition that a candidate can be hired for now."""
    requisition = candidate.requisition
    if not candidate.stage.is_considered:
        raise Refused("candidate_is_not_considered", name=candidate.person.name)
    if requisition is None:
        raise Refused("candidate_has_no_requisition", name=candidate.person.name)
    if requisition.state is not RequisitionState.OPEN:
        raise Refused("requisition_is_not_open", number=requisition.number)
    if not is_signed(requisition):
        raise Refused("terms_want_signatures")
    return requisition


def _require_fresh(session: Session, candidate: Candidate, said: ApprovalSaid) -> Suggestion:
    """The newest suggestion, where it is the one that the approver has read."""
    suggestion = suggestion_for(session, candidate)
    if suggestion is None:
        raise Refused("no_plan_to_decide_on")
    if (said.plan_number, said.plan_version) != (suggestion.plan.number, suggestion.plan.version):
        raise Refused("suggestion_has_changed", number=suggestion.plan.number)
    return suggestion


def _require_first(first: HireApproval | None, suggestion: Suggestion) -> HireApproval:
    """The PM's approval, of what the plan says now."""
    if first is None:
        raise Refused("pm_approves_first")
    if is_stale(first, suggestion):
        raise Refused("pm_approves_again", name=first.by_name, number=first.plan_number)
    return first


def _require_another_person(candidate: Candidate, side: Side, by: User) -> None:
    if any(one.by_id == by.id for one in candidate.approvals if one.side is not side):
        raise Refused("two_people_decide")


def _approve(candidate: Candidate, side: Side, reason: str, suggestion: Suggestion, by: User) -> HireApproval:
    """Writes the approval of a side; one that was there was for another suggestion, or is given anew."""
    approval = approval_of(candidate, side)
    if approval is None:
        approval = HireApproval(side=side)
        candidate.approvals.append(approval)
    approval.by_id, approval.by_name, approval.reason, approval.at = by.id, by.name, reason, now()
    approval.plan_number, approval.plan_version = suggestion.plan.number, suggestion.plan.version
    approval.plan_ready_at, approval.seat_keys = suggestion.ready_at, list(suggestion.seat_keys)
    approval.is_suggested = suggestion.is_to_hire
    note(candidate, EventKind.APPROVED, by=by, reason=reason, plan_number=suggestion.plan.number)
    return approval


def _hire(
    session: Session,
    candidate: Candidate,
    requisition: Requisition,
    first: HireApproval,
    second: HireApproval,
    by: User,
) -> None:
    """The decision is written before anybody is hired by it: the database refuses any other order."""
    session.flush()
    decision = HireDecision(
        person_id=candidate.person_id,
        chain=requisition.chain,
        requisition_number=requisition.number,
        person_key=candidate.person.key,
        seat_keys=second.seat_keys,
        **_decided("pm", first),
        **_decided("ops", second),
    )
    candidate.decision = decision
    put_at(candidate, Stage.HIRED, EventKind.HIRED, by=by, reason=second.reason, plan_number=second.plan_number)
    session.flush()
    begin_work(candidate.person, workspace_of(session))
    candidate.person.kind = PersonKind.EMPLOYEE
    session.flush()
    _fill_requisition(session, requisition)


def _decided(side: str, approval: HireApproval) -> dict[str, object]:
    said = {
        "id": approval.by_id,
        "name": approval.by_name,
        "reason": approval.reason,
        "at": approval.at,
        "plan": approval.plan_number,
        "plan_version": approval.plan_version,
    }
    return {f"{side}_{name}": value for name, value in said.items()}


def _fill_requisition(session: Session, requisition: Requisition) -> None:
    """A requisition is filled once as many are hired as it has seats."""
    hired = select(func.count(Candidate.id)).where(
        Candidate.requisition_id == requisition.id, Candidate.stage == Stage.HIRED
    )
    if (session.scalar(hired) or 0) >= requisition.num_seats:
        requisition.state = RequisitionState.FILLED
        session.flush()
