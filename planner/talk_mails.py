"""E-mails of notifications: at once after the request that made them, or all of a day in one digest by the worker.

Each is made as its recipient would read it, in their language and without what they must not know. Whether they may
see what it is about is asked again at that moment; a row says that it was made, so that nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from flask import Flask, Response, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from planner import access, db, login
from planner.models import Notification, NotificationKind, Person, PersonKind, User, hidden, masked, now
from planner.services.account import mails
from planner.services.hiring import anonymity
from planner.services.work import digests, notifying
from planner.words.hiring import alias_of
from planner.words.work_talk import notification_href, words_of

MOST_IN_DIGEST = 100
log = structlog.get_logger(__name__)
QUOTED_LONGEST = 2_000
SUBJECT_LONGEST = 150
LATE = timedelta(minutes=1)  # what was to be told at once and has not been by then, the worker tells


def init_app(app: Flask) -> None:
    """Has e-mails made of what a request has told, once its changes stand."""
    app.after_request(_after)


def _after(response: Response) -> Response:
    """Makes e-mails of this request's notifications; what was undone with the request has none."""
    session = db.session()
    ids = session.info.pop(notifying.DUE, [])
    if not ids:
        return response
    session.rollback()  # the request's own changes stand, or are not meant to
    try:
        for mail_id in written(session, ids):
            login.commit_and_send(response, mail_id=mail_id)
        session.commit()
    except SQLAlchemyError:  # what was done is done; the worker tells of it
        session.rollback()
        log.exception("mails_left_to_the_worker")
    return response


def written(session: Session, ids: Sequence[int], due_at: datetime | None = None) -> list[int]:
    """Makes an e-mail of each of these notifications that has none yet; their numbers."""
    return [
        mails.post_mail(session, recipient=user.email, subject=subject, body=body, due_at=due_at).id
        for row in notifying.take(session, ids)
        for user, subject, body in _one(session, row)
    ]


def write_late(session: Session) -> list[int]:
    """Makes the e-mails that a request was to make at once, and has not: its process was ended."""
    return written(session, digests.late(session, now() - LATE), due_at=now())


def write_digests(session: Session, moment: datetime) -> list[int]:
    """Makes the digests that are due at a moment, each in a transaction of its own; the numbers of the e-mails."""
    made = []
    for user_id in digests.due(session, moment):
        made += list(_digest(session, user_id, moment))
        session.commit()
    return made


def _digest(session: Session, user_id: int, moment: datetime) -> Iterator[int]:
    user = session.get_one(User, user_id)
    rows = digests.take(session, user, moment)
    if not rows:
        return
    with _read_by(session, user):
        rows = notifying.again(session, rows)
        shown = rows[:MOST_IN_DIGEST]
        lines = [line for row in shown for line in _lines(session, user, row)]
        if len(rows) > len(shown):
            lines.append(ngettext("and %(num)s more.", "and %(num)s more.", len(rows) - len(shown)))
        subject = ngettext("%(num)s thing happened", "%(num)s things happened", len(rows))
        body = _body(user, _("This is your daily digest."), lines)
    yield mails.post_mail(session, recipient=user.email, subject=subject, body=body, due_at=moment).id


def _one(session: Session, row: Notification) -> Iterator[tuple[User, str, str]]:
    user = row.user
    if not user.email:
        return
    with _read_by(session, user):
        [row] = notifying.again(session, [row])
        words = words_of(row, user)
        subject = words if len(words) <= SUBJECT_LONGEST else f"{words[: SUBJECT_LONGEST - 1]}…"
        body = _body(user, "", _lines(session, user, row))
    yield user, subject, body


def _body(user: User, opening: str, lines: Sequence[str]) -> str:
    choices = url_for("work_notifications.notification_choices", _external=True)
    closing = _("What you are told, and how, you choose here: %(link)s", link=choices)
    said = [_("Hello %(name)s,", name=user.name), "", *([opening, ""] if opening else []), *lines, "--", closing, ""]
    return "\n".join(said)


def _lines(session: Session, user: User, row: Notification) -> list[str]:
    """One notification in an e-mail: what happened, what was said, and where."""
    said = row.comment.text[:QUOTED_LONGEST] if row.comment is not None and _is_quoted(row) else ""
    if said and not access.allowed(user, "candidate.identify"):
        said = masked(said, _names_of_candidates(session))
    quoted = [f"> {line}" for line in said.splitlines()]
    return [f"{words_of(row, user)}.", *quoted, notification_href(row, is_whole=True), ""]


def _is_quoted(row: Notification) -> bool:
    return row.kind in (NotificationKind.MENTION, NotificationKind.COMMENT)


def _names_of_candidates(session: Session) -> dict[str, str]:
    """Every candidate's name: an e-mail leaves the house, and whoever does not decide on hires need not know them."""
    names = session.scalars(select(Person.name).where(Person.kind == PersonKind.CANDIDATE))
    return dict.fromkeys(names, _("a candidate"))


@contextmanager
def _read_by(session: Session, user: User) -> Iterator[None]:
    """Reads as another user would: in their language, and without the names that they must not know."""
    session.flush()
    session.expire_all()
    before, language = hidden.get(), user.locale or "en"
    with force_locale(language):
        anonymity.hide_from(session, sees_all=access.allowed(user, "candidate.identify"), alias=alias_of)
        session.expire_all()
        try:
            yield
        finally:
            session.flush()
            hidden.set(before)
            session.expire_all()
