"""What candidates are told about their data: numbered versions, and who was shown which of them, when and how."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.models import Candidate, Notice, NoticeShown, User, now
from planner.schemas.hiring_rights import NoticeSaid
from planner.services.editing import next_number


def current_notice(session: Session) -> Notice | None:
    """The newest version."""
    return session.scalars(select(Notice).order_by(Notice.number.desc()).limit(1)).first()


def all_notices(session: Session) -> list[Notice]:
    """Every version, the newest first."""
    return list(session.scalars(select(Notice).order_by(Notice.number.desc())))


def publish(session: Session, said: NoticeSaid, *, by: User) -> Notice:
    """Publishes the next version; earlier ones stay as they were, for those who were shown them."""
    notice = Notice(number=next_number(session, Notice.number), published_by=by.name, **said.model_dump())
    session.add(notice)
    session.flush()
    return notice


def note_shown(session: Session, candidate: Candidate, notice: Notice, how: str) -> None:
    """Writes down that a candidate was shown a version; a second time changes nothing."""
    is_this = (NoticeShown.candidate_id == candidate.id, NoticeShown.notice_id == notice.id)
    if session.scalar(select(NoticeShown.id).where(*is_this)) is None:
        session.add(NoticeShown(candidate_id=candidate.id, notice_id=notice.id, how=how, shown_at=now()))
        session.flush()


def shown_to(session: Session, candidate: Candidate) -> list[NoticeShown]:
    """The versions that a candidate was shown, the latest first."""
    statement = (
        select(NoticeShown).where(NoticeShown.candidate_id == candidate.id).options(joinedload(NoticeShown.notice))
    )
    return list(session.scalars(statement.order_by(NoticeShown.shown_at.desc())))
