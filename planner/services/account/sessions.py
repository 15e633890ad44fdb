"""Logins that have ended: a cookie carries its own contents, so a dead one must be remembered until it expires."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from planner.models import EndedSession, now
from planner.services.account.hashing import digest


def end_session(session: Session, text: str, *, lifetime: timedelta) -> None:
    """Ends a login for good; those that ended longer ago than any cookie lives are forgotten."""
    session.execute(delete(EndedSession).where(EndedSession.ended_at < now() - lifetime))
    session.merge(EndedSession(session_hash=digest(text)))
    session.flush()


def is_ended(session: Session, text: str) -> bool:
    """Whether a login was logged out."""
    return session.get(EndedSession, digest(text)) is not None
