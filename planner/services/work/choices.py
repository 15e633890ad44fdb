"""How each user wants to be told of what: their own choice, else the default."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import DIGEST_HOUR, NotificationChoice, NotificationKind, User, Way
from planner.schemas.work_talk import ChoicesSaid
from planner.services.editing import require_version

USUAL: Mapping[NotificationKind, Way] = {
    NotificationKind.MENTION: Way.MAIL,
    NotificationKind.COMMENT: Way.DIGEST,
    NotificationKind.DECISION: Way.DIGEST,
    NotificationKind.PLAN_IN_FORCE: Way.MAIL,
    NotificationKind.ALERT: Way.DIGEST,
}


def ways_of(session: Session, user: User) -> dict[NotificationKind, Way]:
    """How a user is told of each kind of thing."""
    row = choice_of(session, user)
    said = row.ways if row is not None else {}
    return {kind: Way(said.get(kind, usual)) for kind, usual in USUAL.items()}


def digest_hour_of(session: Session, user: User) -> int:
    """At which hour a user reads their digest."""
    row = choice_of(session, user)
    return row.digest_hour if row is not None else DIGEST_HOUR


def choice_of(session: Session, user: User) -> NotificationChoice | None:
    """What a user has chosen, if anything."""
    return session.scalar(select(NotificationChoice).where(NotificationChoice.user_id == user.id))


def shown(session: Session, user: User) -> NotificationChoice:
    """A user's choices as they are read; the defaults, not kept, where they have chosen nothing."""
    return choice_of(session, user) or _usual(user)


def to_edit(session: Session, user: User) -> NotificationChoice:
    """A user's choices to be edited: kept from now on, as the defaults where they have chosen nothing yet."""
    row = choice_of(session, user)
    if row is None:
        row = _usual(user)
        session.add(row)
        session.flush()
    return row


def choose(session: Session, row: NotificationChoice, said: ChoicesSaid, version: int | None) -> NotificationChoice:
    """Keeps how a user wants to be told. Raises Stale."""
    require_version(row, version)
    row.ways = {str(kind): str(way) for kind, way in said.ways.model_dump().items()}
    row.digest_hour = said.digest_hour
    session.flush()
    return row


def _usual(user: User) -> NotificationChoice:
    ways = {str(kind): str(way) for kind, way in USUAL.items()}
    return NotificationChoice(user_id=user.id, version=1, ways=ways, digest_hour=DIGEST_HOUR)
