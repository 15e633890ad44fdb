"""Links that log a user in once; only their hash is kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from planner.models import LoginLink, User, now
from planner.services.account.hashing import digest, new_secret

LIFETIME = timedelta(hours=12)


def add_login_link(session: Session, user: User, *, lifetime: timedelta = LIFETIME) -> str:
    """Makes a link for a user, and gives the secret that it carries: it is known nowhere else."""
    text = new_secret()
    session.execute(delete(LoginLink).where(LoginLink.expires_at < now()))
    session.add(LoginLink(link_hash=digest(text), user_id=user.id, expires_at=now() + lifetime))
    session.flush()
    return text


def use_login_link(session: Session, text: str) -> User | None:
    """The user whom a link logs in, once; nobody where it was used, has expired or never was."""
    used = session.execute(
        update(LoginLink)
        .where(LoginLink.link_hash == digest(text), LoginLink.used_at.is_(None), LoginLink.expires_at > now())
        .values(used_at=now())
        .returning(LoginLink.user_id)
    ).scalar()
    user = session.get(User, used) if used is not None else None
    return user if user is not None and user.active else None
