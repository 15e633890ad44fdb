"""Corridor outcomes: ideas of anybody's, who votes for them, what was decided and what became of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice, now
from planner.models.outcomes_feedback import Feedback
from planner.models.staffing import Project, RoleNeed
from planner.models.staffing_people import Skill, WorkStyle


class IdeaState(StrEnum):
    """How far an idea has come."""

    NEW = "new"
    CONSIDERED = "considered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"

    @property
    def is_decided(self) -> bool:
        """Whether somebody has said yes or no, with a reason."""
        return self not in (IdeaState.NEW, IdeaState.CONSIDERED)


class OutcomeKind(StrEnum):
    """What an idea has changed."""

    TEMPLATE = "template"
    CRITERION = "criterion"
    OTHER = "other"


class Idea(Versioned, Dated, Base):
    """What somebody thinks could be better, and what a named person decided about it."""

    __tablename__ = "idea"
    __table_args__ = (
        CheckConstraint(
            "state IN ('new', 'considered') OR (length(trim(state_reason)) >= 3 AND state_by <> '')",
            name="a_named_person_decides_with_a_reason",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="SET NULL"), index=True)
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id", ondelete="SET NULL"), index=True)
    style_id: Mapped[int | None] = mapped_column(ForeignKey("work_style.id", ondelete="SET NULL"), index=True)
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="SET NULL"), index=True)
    state: Mapped[IdeaState] = mapped_column(choice(IdeaState, "state_is_known"), default=IdeaState.NEW, index=True)
    state_reason: Mapped[str] = mapped_column(default="")
    state_by: Mapped[str] = mapped_column(default="")
    state_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str] = mapped_column(default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    project: Mapped[Project | None] = relationship()
    skill: Mapped[Skill | None] = relationship()
    style: Mapped[WorkStyle | None] = relationship()
    feedback: Mapped[Feedback | None] = relationship()
    outcomes: Mapped[list[IdeaOutcome]] = relationship(
        back_populates="idea", cascade="all, delete-orphan", order_by="IdeaOutcome.id"
    )


class IdeaVote(Base):
    """That a user thinks an idea is good; once, and it can be taken back."""

    __tablename__ = "idea_vote"
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class IdeaOutcome(Base):
    """What became of an idea: in words, with the page of ours that shows it. A role need is named by itself."""

    __tablename__ = "idea_outcome"
    __table_args__ = (
        CheckConstraint("length(trim(text)) >= 1", name="it_says_what"),
        CheckConstraint("address = '' OR address LIKE '/%'", name="address_is_ours"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    kind: Mapped[OutcomeKind] = mapped_column(choice(OutcomeKind, "kind_is_known"), default=OutcomeKind.OTHER)
    text: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    need_id: Mapped[int | None] = mapped_column(ForeignKey("role_need.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    idea: Mapped[Idea] = relationship(back_populates="outcomes")
    need: Mapped[RoleNeed | None] = relationship()
