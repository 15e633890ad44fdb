"""The versions of a plan: kept in the transaction of the change that makes them, read, compared."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import Plan, PlanVersion, User, VersionKind, Workspace
from planner.services.listing import Page, Query, paged
from planner.services.planning.differences import Difference, Standing, difference
from planner.services.planning.reading import frozen, question_of, thawed
from planner.services.refused import Refused
from planner.translate import horizon_of

__all__ = ["Difference", "Standing", "between", "difference", "keep", "latest", "standing_of", "version_of"]


def keep(
    session: Session, plan: Plan, *, by: User | None, reason: str = "", kind: VersionKind = VersionKind.BY_HAND
) -> PlanVersion:
    """Keeps the plan as it stands now as its next version; every verb that changes a plan calls it, and last."""
    version = PlanVersion(
        plan_id=plan.id,
        number=_last_number(session, plan) + 1,
        kind=kind,
        made_by_id=by.id if by is not None else None,
        made_by=by.name if by is not None else "",
        reason=reason,
        document=frozen(_document(plan)),
        objective=plan.objective,
        cost=plan.cost,
        num_filled=plan.num_filled,
        num_hires=plan.num_hires,
    )
    session.add(version)
    session.flush()
    return version


def version_of(session: Session, plan: Plan, number: int) -> PlanVersion:
    """A version of a plan by its number. Raises Refused where there is none."""
    found = session.scalar(select(PlanVersion).where(PlanVersion.plan_id == plan.id, PlanVersion.number == number))
    if found is None:
        raise Refused("no_such_version", version=number)
    return found


def latest(session: Session, plan: Plan) -> PlanVersion | None:
    """The newest version of a plan; None for one that is not ready."""
    newest = select(PlanVersion).where(PlanVersion.plan_id == plan.id).order_by(PlanVersion.number.desc())
    return session.scalars(newest.limit(1)).first()


def standing_of(version: PlanVersion) -> Standing:
    """The plan as it stood at a version."""
    return Standing(**thawed(version.document))


def page_of_versions(session: Session, plan: Plan, query: Query) -> Page[PlanVersion]:
    """A plan's versions, the newest first."""
    return paged(
        session,
        select(PlanVersion).where(PlanVersion.plan_id == plan.id),
        query,
        sorts={"number": PlanVersion.number},
        default="-number",
    )


def numbers_of(session: Session, plan: Plan, most: int) -> list[int]:
    """The numbers of a plan's newest versions, downwards."""
    newest = select(PlanVersion.number).where(PlanVersion.plan_id == plan.id).order_by(PlanVersion.number.desc())
    return list(session.scalars(newest.limit(most)))


def between(session: Session, before: PlanVersion, after: PlanVersion) -> Difference:
    """What lies between two versions, of one plan or of two, each judged by the question of its plan."""
    workspace = session.get_one(Workspace, 1)
    earlier, later = (horizon_of(workspace, version.plan.starts_on).first_idx for version in (before, after))
    return difference(
        question_of(after.plan),
        standing_of(before),
        standing_of(after),
        earlier=question_of(before.plan),
        shift=earlier - later,
    )


def _last_number(session: Session, plan: Plan) -> int:
    return session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan.id)) or 0


def _document(plan: Plan) -> dict[str, object]:
    seats = sorted(plan.allocations, key=lambda row: row.seat_key)
    return {
        "holders": {row.seat_key: row.person_key for row in seats},
        "bookings": {row.seat_key: str(row.booking) for row in seats},
        "starts": {row.phase_key: row.start_idx for row in sorted(plan.phase_starts, key=lambda row: row.phase_key)},
    }
