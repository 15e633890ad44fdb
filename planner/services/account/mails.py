"""Messages that go out: kept with the change that they tell of, sent afterwards, shown where nobody can send them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import OutgoingMail, now
from planner.services.listing import Page, Query, paged


def post_mail(session: Session, *, recipient: str, subject: str, body: str) -> OutgoingMail:
    """Keeps a message until it is sent."""
    mail = OutgoingMail(recipient=recipient, subject=subject, body=body)
    session.add(mail)
    session.flush()
    return mail


def mark_sent(mail: OutgoingMail) -> None:
    """Notes that a message has left; what it said, maybe a link to a login, is not kept."""
    mail.sent_at = now()
    mail.body = ""


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
