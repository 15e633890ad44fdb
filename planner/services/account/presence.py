"""Who edits what just now: each open page says so every few seconds, and who is silent for longer has left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.models import Presence, User, now

EVERY_S = 15  # that a page says so
SILENT_FOR = timedelta(seconds=40)  # until somebody counts as gone: one time may be lost on the way
FORGOTTEN_AFTER = timedelta(hours=1)


class Editor(NamedTuple):
    """Somebody else who edits a subject, and since when."""

    name: str
    since: datetime


def note(session: Session, subject: str, user: User) -> None:
    """Notes that a user edits a subject now; one who had left comes anew."""
    present, mine = now(), _of(subject, user)
    session.execute(delete(Presence).where(Presence.seen_at < present - FORGOTTEN_AFTER))
    known = session.execute(update(Presence).where(mine, _is_here(present)).values(seen_at=present))
    if known.rowcount:  # type: ignore[attr-defined]
        return
    session.execute(delete(Presence).where(mine))
    try:
        with session.begin_nested():
            session.add(Presence(subject=subject, user_id=user.id, since=present, seen_at=present))
    except IntegrityError:
        return  # another window of theirs was a moment faster


def leave(session: Session, subject: str, user: User) -> None:
    """Notes that a user has left a subject."""
    session.execute(delete(Presence).where(_of(subject, user)))


def others(session: Session, subject: str, user: User) -> list[Editor]:
    """Who else edits a subject now, the first to come first."""
    statement = (
        select(User.name, Presence.since)
        .join(Presence, Presence.user_id == User.id)
        .where(Presence.subject == subject, Presence.user_id != user.id, _is_here(now()))
        .order_by(Presence.since, User.id)
    )
    return [Editor(*row) for row in session.execute(statement)]


def _of(subject: str, user: User) -> ColumnElement[bool]:
    return (Presence.subject == subject) & (Presence.user_id == user.id)


def _is_here(present: datetime) -> ColumnElement[bool]:
    return Presence.seen_at > present - SILENT_FOR
