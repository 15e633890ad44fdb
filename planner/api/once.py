"""Idempotency keys: a request that is sent twice under one key is done once, and answered alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, make_response, request
from sqlalchemy import event
from sqlalchemy.orm import Session

from planner import db
from planner.api.answers import Failed
from planner.services.account import answers
from planner.services.account.hashing import digest

KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
MOST_KEY = 200
WRITTEN = "^[!-~]([ -~]*[!-~])?$"
OWN_OF_EACH = frozenset({"date", "content-length", "connection"})  # headers that belong to one answer only


def key() -> str | None:
    """The key under which this request is sent; None where it has none. Raises Failed on one that is none."""
    if KEY not in request.headers:
        return None
    text = request.headers[KEY].strip()
    if not 0 < len(text) <= MOST_KEY:
        raise Failed("key_missing", most=MOST_KEY)
    return text


def done(token_id: int, name: str, view: Callable[[], Any]) -> Response:
    """Does a request, unless it was done under this key before: then what it was answered. Raises Failed.

    What it does and that it is done are one transaction. One that was refused did nothing, and its key is free again.
    """
    session, asked = db.session(), _request()
    before = answers.begin(session, token_id, name, asked)
    session.commit()  # others who ask meanwhile see the claim
    if before is not None:
        return _kept(before, asked)
    session.expire_all()  # whatever was read stands in the transaction that begins now

    def note(current: Session) -> None:
        if not db.is_letting_go():
            answers.note_done(current, token_id, name)

    event.listen(session, "before_commit", note)
    try:
        answer = make_response(view())
    except BaseException:
        event.remove(session, "before_commit", note)
        _release(session, token_id, name)
        raise
    event.remove(session, "before_commit", note)
    if answer.status_code >= 400:
        _release(session, token_id, name)
        return answer
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in OWN_OF_EACH}
    answers.keep(session, token_id, name, answer.status_code, headers, answer.get_data())
    session.commit()
    return answer


def _request() -> str:
    """What is asked: the same key for anything else is a mistake."""
    return "\n".join((request.method, request.full_path, request.headers.get("If-Match", ""), _body_hash()))


def _body_hash() -> str:
    return digest(request.get_data().decode("latin-1"))


def _kept(before: Any, asked: str) -> Response:
    if not answers.is_same(before, asked):
        raise Failed("key_used_before")
    if before.status is None:
        raise Failed("done_unanswered" if answers.is_lost(before) else "still_running")
    answer = Response(before.body, before.status, before.headers)
    answer.headers[REPLAYED] = "true"
    return answer


def _release(session: Session, token_id: int, name: str) -> None:
    session.rollback()
    answers.release(session, token_id, name)
    session.commit()
