"""Corridor hiring: what comes in about candidates: a draft of a profile until a person confirms it, then a file."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Versioned, choice, now
from planner.models.hiring import Candidate, Requisition


class IntakeKind(StrEnum):
    """How a draft came in."""

    JSON_RESUME = "json_resume"
    CV = "cv"
    TEXT = "text"
    APPLICATION = "application"


class IntakeState(StrEnum):
    """What became of a draft."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class Intake(Versioned, Base):
    """The draft of a profile, read from a file or typed by the applicant; nobody's profile until a person confirms it.

    Once confirmed or dropped, draft and file are emptied: what was taken stands on the candidate.
    """

    __tablename__ = "intake"
    __table_args__ = (CheckConstraint("state = 'waiting' OR data IS NULL", name="file_goes_with_the_draft"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int | None] = mapped_column(ForeignKey("requisition.id", ondelete="SET NULL"), index=True)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id", ondelete="SET NULL"), index=True)
    kind: Mapped[IntakeKind] = mapped_column(choice(IntakeKind, "kind_is_known"))
    state: Mapped[IntakeState] = mapped_column(
        choice(IntakeState, "state_is_known"), default=IntakeState.WAITING, index=True
    )
    file_name: Mapped[str] = mapped_column(default="")
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict)
    message: Mapped[str] = mapped_column(default="")
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id", ondelete="RESTRICT"))
    came_at: Mapped[datetime] = mapped_column(default=now)
    came_by: Mapped[str] = mapped_column(default="")
    requisition: Mapped[Requisition | None] = relationship()
    candidate: Mapped[Candidate | None] = relationship()


class Attachment(Base):
    """A file of a candidate's, as it came, with the text that could be read in it."""

    __tablename__ = "attachment"
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime] = mapped_column(default=now)
    added_by: Mapped[str] = mapped_column(default="")
    candidate: Mapped[Candidate] = relationship()
