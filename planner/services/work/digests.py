"""The daily digest: what of its day somebody is told in one e-mail, at their hour, in the workspace's time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from planner.models import Notification, User, Way, Workspace
from planner.services.work import choices
from planner.services.work.kinds import may_see


def due(session: Session, moment: datetime) -> list[int]:
    """The users whose digest is due: their hour has come since something happened that it is to tell."""
    zone = zone_of(session)
    found = []
    for user_id, first in _waiting(session):
        user = session.get_one(User, user_id)
        if user.active and first < cutoff(moment, choices.digest_hour_of(session, user), zone):
            found.append(user_id)
    return found


def is_anything_due(session: Session, moment: datetime, late_before: datetime) -> bool:
    """Whether there is anything to write, so that nobody loads what writes it for nothing."""
    return bool(late(session, late_before)) or bool(due(session, moment))


def take(session: Session, user: User, moment: datetime) -> list[Notification]:
    """Takes what a user's digest tells, once, whoever asks; what they may not see any more is taken and left out."""
    until = cutoff(moment, choices.digest_hour_of(session, user), zone_of(session))
    statement = (
        update(Notification)
        .where(*_is_waiting(), Notification.user_id == user.id, Notification.at < until)
        .values(mailed_at=moment)
        .returning(Notification.id)
    )
    ids = list(session.scalars(statement, execution_options={"synchronize_session": False}))
    rows = session.scalars(select(Notification).where(Notification.id.in_(ids)).order_by(Notification.id))
    return [row for row in rows if may_see(user, row.about)]


def late(session: Session, before: datetime) -> Sequence[int]:
    """What was to be told at once by then, and has not been."""
    wanted = select(Notification.id).where(
        Notification.way == Way.MAIL, Notification.mailed_at.is_(None), Notification.at < before
    )
    return list(session.scalars(wanted.order_by(Notification.id)))


def cutoff(moment: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """When the last digest hour was, at a moment. An hour that a clock leaps over is the one after it."""
    day = moment.astimezone(zone).date()
    today = datetime.combine(day, time(hour), zone).astimezone(UTC)
    return today if today <= moment else datetime.combine(day - timedelta(days=1), time(hour), zone).astimezone(UTC)


def zone_of(session: Session) -> ZoneInfo:
    """The workspace's time zone."""
    workspace = session.get(Workspace, 1)
    return ZoneInfo(workspace.time_zone if workspace is not None else "UTC")


def _is_waiting() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Notification.way == Way.DIGEST, Notification.mailed_at.is_(None)


def _waiting(session: Session) -> list[tuple[int, datetime]]:
    """Who is to be told something, and since when."""
    rows = select(Notification.user_id, func.min(Notification.at)).where(*_is_waiting()).group_by(Notification.user_id)
    return [(user_id, first) for user_id, first in session.execute(rows)]
