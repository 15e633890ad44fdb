"""Agreeing on a plan: proposed, reviewed, approved, put in force; each step by a named person, about a version.

A change of the plan makes a version that nobody has approved: what was agreed stays about the version it was about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Agreement,
    AgreementState,
    Plan,
    PlanStep,
    RoleName,
    StepKind,
    User,
    VersionKind,
    Workspace,
)
from planner.schemas.planning_plans import ReasonSaid
from planner.services.editing import require_version, touch
from planner.services.planning import in_force, versions
from planner.services.planning.double_booking import refuse_double_booking
from planner.services.planning.reading import question_of, result_of
from planner.services.refused import Refused
from planner.services.work import notifying
from solver.check import violations
from solver.solution import Solution

# the steps that others are told of, and what whoever is to act next may do
TOLD = {StepKind.PROPOSED: "plan.approve", StepKind.CHANGES_ASKED: None, StepKind.APPROVED: "plan.accept"}
PROJECT_SIDE = frozenset({RoleName.PROJECT_MANAGER, RoleName.EXECUTIVE})


@dataclass(frozen=True)
class Standpoint:
    """How far people have come with a plan as it stands: its newest version, and what is in force of it."""

    state: AgreementState
    version_number: int
    latest_number: int
    proposed_by_id: int | None
    in_force_since: datetime | None
    in_force_version: int | None
    is_agreed_by_two: bool

    @property
    def is_in_force(self) -> bool:
        """Whether the plan is in force as it stands."""
        return self.in_force_version == self.latest_number

    @property
    def is_changed_since(self) -> bool:
        """Whether the plan is in force, but was changed since."""
        return self.in_force_version is not None and not self.is_in_force

    @property
    def was_about_another(self) -> bool:
        """Whether people had come further with an earlier version."""
        return self.version_number != self.latest_number


def standpoint(session: Session, plan: Plan) -> Standpoint:
    """How far people have come with a plan; its newest version is a draft until somebody proposes it."""
    row, newest = session.get(Agreement, plan.id), versions.latest(session, plan)
    number = newest.number if newest is not None else 0
    is_about_it = row is not None and row.version_number == number
    return Standpoint(
        state=row.state if row is not None and is_about_it else AgreementState.DRAFT,
        version_number=row.version_number if row is not None else number,
        latest_number=number,
        proposed_by_id=row.proposed_by_id if row is not None and is_about_it else None,
        in_force_since=plan.in_force_since,
        in_force_version=row.in_force_version if row is not None and plan.in_force_since is not None else None,
        is_agreed_by_two=session.get_one(Workspace, 1).is_agreed_by_two,
    )


def steps_of(session: Session, plan: Plan) -> list[PlanStep]:
    """What was done on the way to an agreement, in order."""
    return list(session.scalars(select(PlanStep).where(PlanStep.plan_id == plan.id).order_by(PlanStep.id)))


def stands_for_both(user: User) -> bool:
    """Whether somebody may speak for the projects and for operations."""
    roles = user.role_names
    return RoleName.ADMINISTRATOR in roles or (RoleName.OPERATIONS in roles and bool(roles & PROJECT_SIDE))


def propose(session: Session, plan: Plan, said: ReasonSaid, version: int | None, *, by: User) -> Plan:
    """Asks the others to look at the plan as it stands. Raises Stale; Refused where that was done already."""
    found = _standpoint(session, plan, version)
    if found.state is not AgreementState.DRAFT and found.state is not AgreementState.CHANGES_ASKED:
        raise Refused("plan_is_proposed_already")
    return _take(session, plan, found, StepKind.PROPOSED, AgreementState.PROPOSED, said.reason, by)


def ask_changes(session: Session, plan: Plan, said: ReasonSaid, version: int | None, *, by: User) -> Plan:
    """Says what should be otherwise before one can agree. Raises Stale; Refused where nobody proposed the plan."""
    found = _standpoint(session, plan, version)
    _require_proposed(found)
    if not said.reason:
        raise Refused("say_what_should_change", field="reason")
    return _take(session, plan, found, StepKind.CHANGES_ASKED, AgreementState.CHANGES_ASKED, said.reason, by)


def approve(session: Session, plan: Plan, said: ReasonSaid, version: int | None, *, by: User) -> Plan:
    """Agrees to the plan as it stands: somebody else than the one who proposed, unless they stand for both sides.

    Raises Stale; Refused where nobody proposed it, or where it is the approver's own proposal.
    """
    found = _standpoint(session, plan, version)
    _require_proposed(found)
    if found.proposed_by_id == by.id and not _is_alone(found, by):
        raise Refused("somebody_else_approves")
    return _take(session, plan, found, StepKind.APPROVED, AgreementState.APPROVED, said.reason, by)


def withdraw(session: Session, plan: Plan, said: ReasonSaid, version: int | None, *, by: User) -> Plan:
    """Takes a proposal back: the plan is a draft again. Raises Stale; Refused where there is none to take back."""
    found = _standpoint(session, plan, version)
    if not found.state.is_under_review:
        raise Refused("plan_is_not_proposed")
    return _take(session, plan, found, StepKind.WITHDRAWN, AgreementState.DRAFT, said.reason, by)


def put_in_force(session: Session, plan: Plan, said: ReasonSaid, version: int | None, *, by: User) -> Plan:
    """Makes an approved plan the one that everybody works by: all its people hold their seats from now on.

    Whoever stands for both sides proposes and approves by it, where two people need not agree. Raises Stale; Refused
    where it is not approved, where a rule breaks or somebody is booked twice and no reason is given, and where somebody
    else is agreed on a seat meanwhile.
    """
    found = _standpoint(session, plan, version)
    if found.is_in_force:
        raise Refused("plan_is_in_force")
    if not said.reason and violations(question_of(plan), result_of(plan).solution or Solution()):
        raise Refused("broken_rule_needs_reason", field="reason")
    if not said.reason:
        refuse_double_booking(session, plan, [row.seat_key for row in plan.allocations])
    if found.state is not AgreementState.APPROVED:
        if not _is_alone(found, by) or found.state is AgreementState.CHANGES_ASKED:
            raise Refused("plan_is_not_approved")
        if found.state is AgreementState.DRAFT:
            found = _after(session, propose(session, plan, said, plan.version, by=by))
        found = _after(session, approve(session, plan, said, plan.version, by=by))
    in_force.name(session, plan)
    in_force.hold_all(session, plan, reason=said.reason, by=by)
    _take(session, plan, found, StepKind.PUT_IN_FORCE, AgreementState.APPROVED, said.reason, by)
    _row(session, plan, found).in_force_version = found.latest_number
    session.flush()
    return plan


def require_agreement(session: Session, plan: Plan) -> None:
    """Raises Refused where seats may not be agreed on yet: the plan is under review, or two people have to agree."""
    found = standpoint(session, plan)
    if found.is_in_force or found.state is AgreementState.APPROVED:
        return
    if found.state.is_under_review or found.is_agreed_by_two:
        raise Refused("plan_is_not_approved")


def take_along(session: Session, plan: Plan, kind: VersionKind, reason: str, *, by: User) -> None:
    """Keeps a version in which the same people hold their seats more, or less, firmly: what was agreed is about it.

    Whoever agrees on seats of a plan puts it in force by that, as it stands.
    """
    found = standpoint(session, plan)
    is_new = kind is VersionKind.AGREED and in_force.name(session, plan)
    touch(session, plan)
    number = versions.keep(session, plan, by=by, reason=reason, kind=kind).number
    row = _row(session, plan, found)
    if not found.was_about_another or kind is VersionKind.AGREED:
        row.version_number = number
    if kind is VersionKind.AGREED:
        row.state = AgreementState.APPROVED
    if kind is VersionKind.AGREED or found.is_in_force:
        row.in_force_version = number
    if is_new:
        _write(session, plan, number, StepKind.PUT_IN_FORCE, reason, by, found)
    session.flush()


def _standpoint(session: Session, plan: Plan, version: int | None) -> Standpoint:
    require_version(plan, version)
    return standpoint(session, plan)


def _require_proposed(found: Standpoint) -> None:
    if found.state is not AgreementState.PROPOSED:
        raise Refused("plan_is_not_proposed")


def _is_alone(found: Standpoint, by: User) -> bool:
    """Whether somebody may agree with themselves: they stand for both sides, and the company does not want two."""
    return stands_for_both(by) and not found.is_agreed_by_two


def _take(
    session: Session, plan: Plan, found: Standpoint, kind: StepKind, state: AgreementState, reason: str, by: User
) -> Plan:
    """One step: written down, the agreement moved on, the plan counted as edited so that two cannot take it at once."""
    row = _row(session, plan, found)
    row.state, row.version_number = state, found.latest_number
    if kind is StepKind.PROPOSED:
        row.proposed_by_id = by.id
    _write(session, plan, found.latest_number, kind, reason, by, found)
    touch(session, plan)
    if kind in TOLD:
        notifying.decided(session, plan, f"plan_{kind}", by=by, asked=TOLD[kind])
    return plan


def _write(session: Session, plan: Plan, number: int, kind: StepKind, reason: str, by: User, found: Standpoint) -> None:
    session.add(
        PlanStep(
            plan_id=plan.id,
            version_number=number,
            kind=kind,
            by_id=by.id,
            by_name=by.name,
            reason=reason,
            proposed_by_id=found.proposed_by_id,
            is_for_both_sides=_is_alone(found, by),
        )
    )


def _after(session: Session, plan: Plan) -> Standpoint:
    session.flush()
    return standpoint(session, plan)


def _row(session: Session, plan: Plan, found: Standpoint) -> Agreement:
    row = session.get(Agreement, plan.id)
    if row is None:
        row = Agreement(plan_id=plan.id, state=AgreementState.DRAFT, version_number=found.latest_number)
        session.add(row)
    return row
