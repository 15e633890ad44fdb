"""Who has seen which version of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from planner.models import Plan, PlanReading, User, now
from planner.services.planning import versions

SEEN_AGAIN = timedelta(minutes=15)  # a second look so soon is the same one: reading a plan writes nothing


@dataclass(frozen=True)
class Seen:
    """A user, the newest version of a plan that they saw, and when first and last."""

    name: str
    version_number: int
    first_at: datetime
    last_at: datetime


def last_seen(session: Session, plan: Plan, user: User) -> int | None:
    """The newest version of a plan that a user has seen."""
    mine = (PlanReading.plan_id == plan.id, PlanReading.user_id == user.id)
    return session.scalar(select(func.max(PlanReading.version_number)).where(*mine))


def is_look_due(session: Session, plan: Plan, user: User, number: int) -> bool:
    """Whether a look at a version is to be noted: the first one, and one a quarter of an hour after the last."""
    last = session.scalar(
        select(PlanReading.last_at).where(
            PlanReading.plan_id == plan.id, PlanReading.user_id == user.id, PlanReading.version_number == number
        )
    )
    return last is None or now() - last > SEEN_AGAIN


def note_look(session: Session, plan_id: int, user_id: int, number: int) -> None:
    """Notes that a user has seen a version of a plan."""
    mine = (
        PlanReading.plan_id == plan_id,
        PlanReading.user_id == user_id,
        PlanReading.version_number == number,
    )
    again = update(PlanReading).where(*mine).values(last_at=now()).returning(PlanReading.id)
    if session.scalar(again, execution_options={"synchronize_session": False}) is None:
        session.add(PlanReading(plan_id=plan_id, user_id=user_id, version_number=number))
        session.flush()


def seen_by(session: Session, plan: Plan) -> Sequence[Seen]:
    """Who has seen a plan, the newest version that each saw; the last to look first."""
    rows = session.execute(
        select(User.name, PlanReading)
        .join(PlanReading, PlanReading.user_id == User.id)
        .where(PlanReading.plan_id == plan.id)
        .order_by(PlanReading.version_number, PlanReading.id)
    )
    newest = {row.user_id: Seen(name, row.version_number, row.first_at, row.last_at) for name, row in rows}
    return sorted(newest.values(), key=lambda seen: seen.last_at, reverse=True)


def number_seen_before(session: Session, plan: Plan, user: User) -> int | None:
    """The newest version that a user saw before the present one; None where they saw none, or have not missed any."""
    seen, newest = last_seen(session, plan, user), versions.latest(session, plan)
    if seen is None or newest is None or seen >= newest.number:
        return None
    return seen
