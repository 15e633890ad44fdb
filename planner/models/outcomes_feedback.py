"""Corridor outcomes: what clients and users say, and the links by which a client says it without a login."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice, now
from planner.models.staffing import Phase, Project, Seat
from planner.models.staffing_people import Skill, WorkStyle

UNHAPPY, HAPPY = (1, 2), (4, 5)
SENTIMENTS = (1, 2, 3, 4, 5)  # from very unhappy to very happy; a person chooses, nothing is guessed from words


class FeedbackSource(StrEnum):
    """How a piece of feedback came to us."""

    LINK = "link"
    MEETING = "meeting"
    CALL = "call"
    MAIL = "mail"
    SURVEY = "survey"
    SUPPORT = "support"
    OTHER = "other"


class FeedbackState(StrEnum):
    """What became of a piece of feedback."""

    NEW = "new"
    LOOKED_AT = "looked_at"
    IDEA = "idea"
    DONE = "done"
    NO_ACTION = "no_action"


class ClientLink(Base):
    """A way in for a client of one project: for one answer, or for many until its last instant.

    Only the hash of what it carries is kept.
    """

    __tablename__ = "client_link"
    __table_args__ = (
        CheckConstraint("num_used >= 0", name="uses_are_not_negative"),
        CheckConstraint("NOT is_single_use OR num_used <= 1", name="one_answer_where_it_is_for_one"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    link_hash: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phase.id", ondelete="SET NULL"), index=True)
    note: Mapped[str] = mapped_column(default="")
    is_single_use: Mapped[bool]
    num_used: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    project: Mapped[Project] = relationship()
    phase: Mapped[Phase | None] = relationship()


class Feedback(Versioned, Dated, Base):
    """What a client or a user said, how they felt, and what it is about: a place in the work, a skill, a work style.

    `state_reason` says why nothing is done where that is so.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("sentiment BETWEEN 1 AND 5", name="sentiment_is_1_to_5"),
        CheckConstraint("length(trim(text)) >= 1", name="it_says_something"),
        CheckConstraint("state <> 'no_action' OR length(trim(state_reason)) >= 3", name="there_is_a_reason"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phase.id", ondelete="SET NULL"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="SET NULL"), index=True)
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id", ondelete="SET NULL"), index=True)
    style_id: Mapped[int | None] = mapped_column(ForeignKey("work_style.id", ondelete="SET NULL"), index=True)
    text: Mapped[str]
    sentiment: Mapped[int]
    source: Mapped[FeedbackSource] = mapped_column(choice(FeedbackSource, "source_is_known"))
    said_by: Mapped[str] = mapped_column(default="")
    said_on: Mapped[date] = mapped_column(Date, index=True)
    state: Mapped[FeedbackState] = mapped_column(
        choice(FeedbackState, "state_is_known"), default=FeedbackState.NEW, index=True
    )
    state_reason: Mapped[str] = mapped_column(default="")
    state_by: Mapped[str] = mapped_column(default="")
    state_at: Mapped[datetime | None]
    link_id: Mapped[int | None] = mapped_column(ForeignKey("client_link.id", ondelete="SET NULL"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str] = mapped_column(default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    project: Mapped[Project | None] = relationship()
    phase: Mapped[Phase | None] = relationship()
    seat: Mapped[Seat | None] = relationship()
    skill: Mapped[Skill | None] = relationship()
    style: Mapped[WorkStyle | None] = relationship()
