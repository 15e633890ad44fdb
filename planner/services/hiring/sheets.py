"""The candidate's own sheet: a secret link shows the criteria that were used, their data, and how a person decided.

The link is good for seven days and for one answer: a correction, an objection, or what they say of themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from planner.models import Candidate, DataRequest, SheetLink, User, now
from planner.schemas.hiring_rights import AnsweredSaid, AskedSaid
from planner.services.account.hashing import digest, new_secret
from planner.services.hiring import protected
from planner.services.refused import Refused

LIFETIME = timedelta(days=7)


def make_link(session: Session, candidate: Candidate, *, by: User) -> str:
    """Makes a link, and gives the secret that it carries: it is known nowhere else."""
    text = new_secret()
    session.execute(delete(SheetLink).where(SheetLink.expires_at < now()))
    session.add(
        SheetLink(link_hash=digest(text), candidate_id=candidate.id, made_by=by.name, expires_at=now() + LIFETIME)
    )
    session.flush()
    return text


def candidate_of(session: Session, text: str) -> Candidate | None:
    """Whose sheet a link opens; nobody's where it was used, has expired or never was."""
    is_alive = (SheetLink.link_hash == digest(text), SheetLink.used_at.is_(None), SheetLink.expires_at > now())
    ident = session.scalar(select(SheetLink.candidate_id).where(*is_alive))
    return session.get(Candidate, ident) if ident is not None else None


def ask(session: Session, text: str, said: AskedSaid) -> DataRequest:
    """Keeps what a candidate asks for, and ends the link. Raises Refused where it has ended."""
    candidate = _used(session, text)
    request = DataRequest(candidate_id=candidate.id, kind=said.kind, text=said.text)
    session.add(request)
    session.flush()
    return request


def say(session: Session, text: str, said: Mapping[str, str]) -> None:
    """Keeps what a candidate says of themselves of their own will, and ends the link. Raises Refused."""
    protected.answer(session, _used(session, text), said)


def requests_of(session: Session, candidate: Candidate) -> list[DataRequest]:
    """What a candidate has asked for, the latest first."""
    statement = select(DataRequest).where(DataRequest.candidate_id == candidate.id)
    return list(session.scalars(statement.order_by(DataRequest.id.desc())))


def answer_request(session: Session, request: DataRequest, said: AnsweredSaid, *, by: User) -> DataRequest:
    """Answers what a candidate asked for, once. Raises Refused."""
    if request.answered_at is not None:
        raise Refused("request_is_answered")
    request.answer, request.answered_by, request.answered_at = said.answer, by.name, now()
    session.flush()
    return request


def _used(session: Session, text: str) -> Candidate:
    """Ends a link, and gives whose it was; two who press at once do not both get through."""
    is_alive = (SheetLink.link_hash == digest(text), SheetLink.used_at.is_(None), SheetLink.expires_at > now())
    ended = update(SheetLink).where(*is_alive).values(used_at=now()).returning(SheetLink.candidate_id)
    ident = session.execute(ended).scalar()
    candidate = session.get(Candidate, ident) if ident is not None else None
    if candidate is None:
        raise Refused("link_has_ended")
    return candidate
