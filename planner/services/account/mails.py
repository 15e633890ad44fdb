"""Messages that go out: kept with the change that they tell of, sent afterwards, shown where nobody can send them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, defer, object_session

from planner.models import MailFile, OutgoingMail, now
from planner.services.listing import Page, Query, paged

MOST_TRIES, NEXT_TRY = 5, timedelta(minutes=10)  # by a worker, where the mail server takes nothing


def post_mail(
    session: Session, *, recipient: str, subject: str, body: str, due_at: datetime | None = None
) -> OutgoingMail:
    """Keeps a message until it is sent; a worker does so from `due_at` on, where that is said."""
    mail = OutgoingMail(recipient=recipient, subject=subject, body=body, due_at=due_at)
    session.add(mail)
    session.flush()
    return mail


def attach(session: Session, mail: OutgoingMail, *, name: str, media_type: str, data: bytes) -> MailFile:
    """Keeps a file that goes out with a message."""
    file = MailFile(mail_id=mail.id, name=name, media_type=media_type, data=data)
    session.add(file)
    session.flush()
    return file


def files_of(session: Session, mails: Sequence[OutgoingMail]) -> dict[int, list[MailFile]]:
    """The files that go out with some messages, by the message's id; without what is in them."""
    found: dict[int, list[MailFile]] = {}
    statement = select(MailFile).where(MailFile.mail_id.in_([mail.id for mail in mails])).options(defer(MailFile.data))
    for file in session.scalars(statement.order_by(MailFile.id)):
        found.setdefault(file.mail_id, []).append(file)
    return found


def mark_sent(mail: OutgoingMail) -> None:
    """Notes that a message has left; what it said, maybe a link to a login, is not kept."""
    mail.sent_at, mail.due_at = now(), None
    """Notes that a message has left; what it said and brought, maybe a link to a login, is not kept."""
    mail.sent_at = now()
    mail.body = ""
    session = object_session(mail)
    if session is not None:
        session.execute(delete(MailFile).where(MailFile.mail_id == mail.id))


def due(session: Session, moment: datetime) -> list[int]:
    """The messages that a worker is to send by now."""
    wanted = select(OutgoingMail.id).where(OutgoingMail.due_at <= moment, OutgoingMail.sent_at.is_(None))
    return list(session.scalars(wanted.order_by(OutgoingMail.id)))


def take(session: Session, mail_id: int) -> bool:
    """Takes a message to be sent; False where somebody else has it. It stays taken, and with the administrator.

    A worker that dies while it sends cannot say whether the message has left: it is never sent a second time.
    """
    taken: Any = session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.due_at.is_not(None), OutgoingMail.sent_at.is_(None))
        .values(due_at=None, tries=OutgoingMail.tries + 1),
        execution_options={"synchronize_session": False},
    )
    return bool(taken.rowcount == 1)


def put_back(session: Session, mail_id: int) -> None:
    """Gives back a message that a worker has taken and that has certainly not left: it is tried again in a while."""
    mail = session.get_one(OutgoingMail, mail_id)
    if mail.tries < MOST_TRIES:
        mail.due_at = now() + NEXT_TRY


def page_of_mails(session: Session, query: Query) -> Page[OutgoingMail]:
    """The messages, the newest first."""
    return paged(
        session,
        select(OutgoingMail),
        query,
        sorts={"recipient": OutgoingMail.recipient, "newest": -OutgoingMail.id},
        default="newest",
        search=(OutgoingMail.recipient, OutgoingMail.subject),
    )


def num_unsent(session: Session) -> int:
    """How many messages wait for somebody to pass them on."""
    return session.scalar(select(func.count()).where(OutgoingMail.sent_at.is_(None))) or 0
