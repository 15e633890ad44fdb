"""Requests that are sent twice and done once: a key names a request, and what it was answered is kept for a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.models import KeptAnswer, now
from planner.services.account.hashing import digest

KEPT_FOR = timedelta(hours=24)
LONGEST = timedelta(minutes=15)  # that a request may take; one that began earlier and did nothing died on the way
ANSWERED_WITHIN = timedelta(minutes=1)  # after what was asked is done


def begin(session: Session, token_id: int, key: str, request: str) -> KeptAnswer | None:
    """Claims a key for a request; what is kept under it where it was claimed before. To be committed at once."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.begun_at < now() - KEPT_FOR))
    dead = KeptAnswer.begun_at < now() - LONGEST
    session.execute(delete(KeptAnswer).where(_named(token_id, key), dead, KeptAnswer.done_at.is_(None)))
    found = _found(session, token_id, key)
    if found is None:
        claim = {"token_id": token_id, "key_hash": digest(key), "request_hash": digest(request), "headers": {}}
        try:
            with session.begin_nested():
                session.execute(insert(KeptAnswer).values(claim))
        except IntegrityError:
            found = _found(session, token_id, key)
    return found


def is_lost(kept: KeptAnswer) -> bool:
    """Whether what a request did stands, and its answer will not come any more: it is given while it is on its way."""
    return kept.done_at is not None and kept.done_at < now() - ANSWERED_WITHIN


def is_same(kept: KeptAnswer, request: str) -> bool:
    """Whether a key was claimed for this very request."""
    return kept.request_hash == digest(request)


def note_done(session: Session, token_id: int, key: str) -> None:
    """Writes, with whatever the request has done, that it is done."""
    session.execute(update(KeptAnswer).where(_named(token_id, key)).values(done_at=now()))


def keep(session: Session, token_id: int, key: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Keeps what a request was answered."""
    answer = {"status": status, "headers": dict(headers), "body": body}
    session.execute(update(KeptAnswer).where(_named(token_id, key)).values(done_at=now(), **answer))


def release(session: Session, token_id: int, key: str) -> None:
    """Gives a key free whose request did nothing: it may be sent again."""
    session.execute(delete(KeptAnswer).where(_named(token_id, key), KeptAnswer.done_at.is_(None)))


def forget(session: Session) -> None:
    """Empties what was answered, whoever it was about; that it was done stays known."""
    long_ago = now() - 2 * ANSWERED_WITHIN
    emptied: dict[str, object] = {"status": None, "headers": {}, "body": None, "done_at": long_ago}
    session.execute(update(KeptAnswer).where(KeptAnswer.body.is_not(None)).values(emptied))


def _found(session: Session, token_id: int, key: str) -> KeptAnswer | None:
    statement = select(KeptAnswer).where(_named(token_id, key))
    return session.scalar(statement.execution_options(populate_existing=True))


def _named(token_id: int, key: str) -> ColumnElement[bool]:
    return (KeptAnswer.token_id == token_id) & (KeptAnswer.key_hash == digest(key))
