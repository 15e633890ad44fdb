"""Links by which a client says something without a login: for one answer, or for many until a day.

What a link carries is known to whoever holds it alone; the database has its hash.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from planner.models import ClientLink, Feedback, FeedbackSource, Phase, Project, User, now, today
from planner.schemas.outcomes_feedback import ClientLinkSaid, ClientSaid
from planner.services.account.hashing import digest, new_secret
from planner.services.refused import Refused
from planner.services.work import notifying

MOST_ANSWERS = 500  # of one link: whoever passes it on to the whole world does not fill the database


def make_link(session: Session, project: Project, said: ClientLinkSaid, *, by: User) -> tuple[ClientLink, str]:
    """Makes a link, and gives what it carries. Raises Refused where the team is none of the project's."""
    if said.phase_id is not None:
        phase = session.get(Phase, said.phase_id)
        if phase is None or phase.project_id != project.id:
            raise Refused("phase_is_elsewhere", field="phase_id")
    text = new_secret()
    link = ClientLink(
        link_hash=digest(text),
        project_id=project.id,
        phase_id=said.phase_id,
        note=said.note,
        is_single_use=said.is_single_use,
        made_by=by.name or by.email,
        expires_at=datetime.combine(said.until + timedelta(days=1), time.min, UTC),
    )
    session.add(link)
    session.flush()
    return link, text


def links_of(session: Session, project: Project) -> list[ClientLink]:
    """The links of a project, the latest first."""
    return list(
        session.scalars(select(ClientLink).where(ClientLink.project_id == project.id).order_by(ClientLink.id.desc()))
    )


def end_link(session: Session, link: ClientLink) -> ClientLink:
    """Ends a link: nobody comes in by it any more. Raises Refused where it has ended."""
    if link.ended_at is not None:
        raise Refused("client_link_is_ended")
    link.ended_at = now()
    session.flush()
    return link


def find_link(session: Session, text: str) -> ClientLink | None:
    """The link that carries a text, whether it still opens or not; nothing where there never was one."""
    return session.scalars(select(ClientLink).where(ClientLink.link_hash == digest(text))).one_or_none()


def require_open(link: ClientLink) -> None:
    """Raises Refused where a link does not open any more, and says why."""
    if link.is_single_use and link.num_used:
        raise Refused("client_link_is_used")
    if link.ended_at is not None:
        raise Refused("client_link_is_ended")
    if link.expires_at <= now():
        raise Refused("client_link_is_over")
    if link.num_used >= MOST_ANSWERS:
        raise Refused("client_link_is_full")


def answer(session: Session, text: str, said: ClientSaid) -> Feedback:
    """Keeps what a client says from their link. Raises Refused where it has ended.

    The database counts: of two who press at once on a link for one answer, one gets through.
    """
    is_open = (
        ClientLink.link_hash == digest(text),
        ClientLink.ended_at.is_(None),
        ClientLink.expires_at > now(),
        or_(~ClientLink.is_single_use, ClientLink.num_used == 0),
        ClientLink.num_used < MOST_ANSWERS,
    )
    used = {"num_used": ClientLink.num_used + 1, "used_at": now()}
    ident = session.execute(update(ClientLink).where(*is_open).values(used).returning(ClientLink.id)).scalar()
    if ident is None:
        link = find_link(session, text)
        if link is None:
            raise Refused("client_link_is_ended")
        session.refresh(link)
        require_open(link)
        raise Refused("client_link_is_used")
    link = session.get_one(ClientLink, ident, populate_existing=True)
    feedback = Feedback(
        project_id=link.project_id,
        phase_id=link.phase_id,
        link_id=link.id,
        text=said.text,
        sentiment=said.sentiment,
        said_by=said.said_by,
        said_on=today(),
        source=FeedbackSource.LINK,
    )
    session.add(feedback)
    session.flush()
    notifying.decided(session, feedback, "feedback_came", by=None)
    return feedback
