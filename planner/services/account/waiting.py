"""What waits for a user when they come in: their projects, the latest plan, what is open, what only they can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from planner.models import (
    Allocation,
    Booking,
    BookingKind,
    Candidate,
    Job,
    JobState,
    OutgoingMail,
    Person,
    Phase,
    Plan,
    Project,
    Requisition,
    RequisitionState,
    RoleNeed,
    Seat,
    Stage,
    User,
    folded,
)
from planner.services.planning.plans import newest_plan

PROJECTS_SHOWN = 12


@dataclass(frozen=True)
class ProjectLine:
    """A project, and how far its seats are filled in the latest plan."""

    id: int
    name: str
    client: str
    priority: int
    num_needs: int
    num_seats: int
    num_filled: int
    num_proposed: int


@dataclass(frozen=True)
class Whole:
    """How much there is."""

    num_people: int
    num_candidates: int
    num_projects: int
    num_seats: int


@dataclass(frozen=True)
class Waiting:
    """What waits for one user."""

    whole: Whole
    plan: Plan | None
    num_proposed: int
    projects: tuple[ProjectLine, ...]
    is_own: bool
    requisitions: Mapping[RequisitionState, int]
    candidates: Mapping[Stage, int]
    num_jobs: int
    num_mails: int
    num_without_password: int
    own_seats: tuple[Booking, ...]


def waiting_for(session: Session, user: User) -> Waiting:
    """Reads all of it; a handful of counts, however large the workspace."""
    plan = latest_plan(session)
    own = _projects(session, plan, user)
    return Waiting(
        whole=_whole(session),
        plan=plan,
        num_proposed=_num_proposed(session, plan),
        projects=own or _projects(session, plan, None),
        is_own=bool(own),
        requisitions=_counts(session, Requisition.state),
        candidates=_counts(session, Candidate.stage),
        num_jobs=_count(session, Job.id, Job.state.in_([JobState.QUEUED, JobState.RUNNING, JobState.RETRYING])),
        num_mails=_count(session, OutgoingMail.id, OutgoingMail.sent_at.is_(None)),
        num_without_password=_count(session, User.id, User.password.is_(None), User.active, ~User.is_sample),
        own_seats=_own_seats(session, user),
    )


def latest_plan(session: Session) -> Plan | None:
    """The newest plan that is ready."""
    return newest_plan(session)


def _whole(session: Session) -> Whole:
    is_hire = Person.kind.in_(["candidate", "hypothetical"])
    return Whole(
        num_people=_count(session, Person.id, ~is_hire),
        num_candidates=_count(session, Person.id, is_hire),
        num_projects=_count(session, Project.id),
        num_seats=_count(session, Seat.id),
    )


def _num_proposed(session: Session, plan: Plan | None) -> int:
    """The seats of the latest plan that nobody has agreed to yet."""
    if plan is None:
        return 0
    return _count(session, Allocation.id, Allocation.plan_id == plan.id, Allocation.booking == BookingKind.SOFT)


def _projects(session: Session, plan: Plan | None, pm: User | None) -> tuple[ProjectLine, ...]:
    """The most important projects, of one PM or of all."""
    held = (Allocation.seat_key == Seat.key) & (Allocation.plan_id == (plan.id if plan else None))
    rows = (
        select(
            Project.id,
            Project.name,
            Project.client,
            Project.priority,
            func.count(RoleNeed.id.distinct()),
            func.count(Seat.id.distinct()),
            func.count(Allocation.id.distinct()),
            func.count(Allocation.id.distinct()).filter(Allocation.booking == BookingKind.SOFT),
        )
        .outerjoin(Phase, Phase.project_id == Project.id)
        .outerjoin(RoleNeed, RoleNeed.phase_id == Phase.id)
        .outerjoin(Seat, Seat.need_id == RoleNeed.id)
        .outerjoin(Allocation, held)
        .group_by(Project.id)
        .order_by(Project.priority.desc(), folded(Project.name))
        .limit(PROJECTS_SHOWN)
    )
    rows = rows.where(Project.pm_id == pm.id) if pm else rows
    return tuple(ProjectLine(*row) for row in session.execute(rows))


def _own_seats(session: Session, user: User) -> tuple[Booking, ...]:
    """The seats that the user's own person holds."""
    if user.person_id is None:
        return ()
    is_held = or_(Booking.is_in_force, Booking.booking == BookingKind.HARD)
    return tuple(session.scalars(select(Booking).where(Booking.person_id == user.person_id, is_held)))


def _counts(session: Session, column: Any) -> Mapping[Any, int]:
    rows = session.execute(select(column, func.count()).group_by(column))
    return {state: int(number) for state, number in rows}


def _count(session: Session, column: Any, *where: Any) -> int:
    statement = select(func.count(column)).where(*where)
    return session.scalar(statement) or 0
