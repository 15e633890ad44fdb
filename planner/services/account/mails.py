"""Messages that go out: kept with the change that they tell of, sent afterwards, shown where nobody can send them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, defer, object_session

from planner.models import MailFile, OutgoingMail, now
from planner.services.listing import Page, Query, paged


def post_mail(session: Session, *, recipient: str, subject: str, body: str) -> OutgoingMail:
    """Keeps a message until it is sent."""
    mail = OutgoingMail(recipient=recipient, subject=subject, body=body)
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
    """Notes that a message has left; what it said and brought, maybe a link to a login, is not kept."""
    mail.sent_at = now()
    mail.body = ""
    session = object_session(mail)
    if session is not None:
        session.execute(delete(MailFile).where(MailFile.mail_id == mail.id))


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
