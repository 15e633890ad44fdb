"""Corridor work: what people say about a record, who follows it, and what each of them is told.

A comment, somebody who follows and a notification are each about exactly one row of one of several kinds: a nullable
reference for each kind, of which one is said. Rows go with what they are about.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, foreign, mapped_column, relationship

from planner.models.account import User
from planner.models.declarative import Base, Versioned, choice, now
from planner.models.hiding import TextOnPeople
from planner.models.hiring import Candidate, Requisition
from planner.models.outcomes_feedback import Feedback
from planner.models.outcomes_ideas import Idea
from planner.models.outcomes_objectives import Objective
from planner.models.planning import Plan
from planner.models.staffing import Phase, Project, RoleNeed, Seat
from planner.models.staffing_people import WorkStyle
from planner.models.work_alerts import Alert
from planner.models.work_tasks import Task

DIGEST_HOUR = 8  # unless somebody chooses another one

# What can be talked about: a new kind joins by its name here, and by its reference and its row in `About`.
TALKED_ABOUT = (
    "plan", "project", "phase", "need", "seat", "style", "requisition", "candidate",
    "task", "feedback", "idea", "objective", "alert",
)  # fmt: skip


class NotificationKind(StrEnum):
    """Why somebody is told of something."""

    MENTION = "mention"
    COMMENT = "comment"
    DECISION = "decision"
    PLAN_IN_FORCE = "plan_in_force"
    ALERT = "alert"


class Way(StrEnum):
    """How somebody is told: not at all, in the page, or in the page and by e-mail, in the daily digest or at once."""

    NONE = "none"
    PAGE = "page"
    DIGEST = "digest"
    MAIL = "mail"


def _one_is_said(names: Iterable[str]) -> CheckConstraint:
    said = " + ".join(f"CASE WHEN {name}_id IS NULL THEN 0 ELSE 1 END" for name in names)
    return CheckConstraint(f"{said} = 1", name="it_is_about_one_thing")


class About:
    """What a row is about: one of these."""

    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("role_need.id", ondelete="CASCADE"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"), index=True)
    style_id: Mapped[int | None] = mapped_column(ForeignKey("work_style.id", ondelete="CASCADE"), index=True)
    requisition_id: Mapped[int | None] = mapped_column(ForeignKey("requisition.id", ondelete="CASCADE"), index=True)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    objective_id: Mapped[int | None] = mapped_column(ForeignKey("objective.id", ondelete="CASCADE"), index=True)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id", ondelete="CASCADE"), index=True)

    @declared_attr
    def plan(cls) -> Mapped[Plan | None]:  # noqa: N805 -- SQLAlchemy hands over the class
        return relationship(Plan)

    @declared_attr
    def project(cls) -> Mapped[Project | None]:  # noqa: N805
        return relationship(Project)

    @declared_attr
    def phase(cls) -> Mapped[Phase | None]:  # noqa: N805
        return relationship(Phase)

    @declared_attr
    def need(cls) -> Mapped[RoleNeed | None]:  # noqa: N805
        return relationship(RoleNeed)

    @declared_attr
    def seat(cls) -> Mapped[Seat | None]:  # noqa: N805
        return relationship(Seat)

    @declared_attr
    def style(cls) -> Mapped[WorkStyle | None]:  # noqa: N805
        return relationship(WorkStyle)

    @declared_attr
    def requisition(cls) -> Mapped[Requisition | None]:  # noqa: N805
        return relationship(Requisition)

    @declared_attr
    def candidate(cls) -> Mapped[Candidate | None]:  # noqa: N805
        return relationship(Candidate)

    @declared_attr
    def task(cls) -> Mapped[Task | None]:  # noqa: N805
        return relationship(Task)

    @declared_attr
    def feedback(cls) -> Mapped[Feedback | None]:  # noqa: N805
        return relationship(Feedback)

    @declared_attr
    def idea(cls) -> Mapped[Idea | None]:  # noqa: N805
        return relationship(Idea)

    @declared_attr
    def objective(cls) -> Mapped[Objective | None]:  # noqa: N805
        return relationship(Objective)

    @declared_attr
    def alert(cls) -> Mapped[Alert | None]:  # noqa: N805
        return relationship(Alert)

    @property
    def about_kind(self) -> str:
        """The kind of what it is about."""
        return next(name for name in TALKED_ABOUT if getattr(self, f"{name}_id") is not None)

    @property
    def about_id(self) -> int:
        """The number of the row that it is about."""
        return int(getattr(self, f"{self.about_kind}_id"))

    @property
    def about(self) -> Any:
        """The row that it is about."""
        return getattr(self, self.about_kind)


class Comment(About, Versioned, Base):
    """What somebody said about a record; of a plan also at which version, and maybe about which of its seats.

    An answer hangs on what it answers, and nothing hangs on an answer. Its author's id refers to no login, since what
    was said outlives it.
    """

    __tablename__ = "comment"
    __table_args__ = (
        _one_is_said(TALKED_ABOUT),
        CheckConstraint("length(trim(text)) >= 1", name="it_says_something"),
        CheckConstraint("(plan_id IS NULL) = (version_number IS NULL)", name="of_a_plan_it_names_the_version"),
        CheckConstraint("seat_key IS NULL OR plan_id IS NOT NULL", name="only_a_plan_has_seats_by_key"),
        CheckConstraint("(resolved_at IS NULL) = (resolved_by_name IS NULL)", name="a_named_person_settles_it"),
        CheckConstraint("parent_id IS NULL OR resolved_at IS NULL", name="what_began_it_is_settled"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version_number: Mapped[int | None]
    seat_key: Mapped[str | None]
    text: Mapped[str] = mapped_column(TextOnPeople())
    by_id: Mapped[int]
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolved_by_name: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), index=True, sort_order=1
    )  # after the plan: to the trail a comment hangs on its plan first
    mentions: Mapped[list[Mention]] = relationship(
        back_populates="comment", cascade="all, delete-orphan", order_by="Mention.user_id"
    )
    by: Mapped[User | None] = relationship(primaryjoin=lambda: foreign(Comment.by_id) == User.id, viewonly=True)

    @property
    def author(self) -> str:
        """Who said it, as they are called now; as they were called then where they are gone; maybe nobody knows."""
        return self.by.name if self.by is not None else self.by_name

    @property
    def named(self) -> list[User]:
        """The users whom it names."""
        return [mention.user for mention in self.mentions]


class Mention(Base):
    """That a comment names a user."""

    __tablename__ = "mention"
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    comment: Mapped[Comment] = relationship(back_populates="mentions")
    user: Mapped[User] = relationship()


class Follow(About, Base):
    """That a user follows what is said about a record, or has said that they do not."""

    __tablename__ = "follow"
    __table_args__ = (_one_is_said(TALKED_ABOUT), UniqueConstraint("user_id", "subject"))
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]  # "plan/7": what it is about once more, so that nobody follows it twice
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    is_following: Mapped[bool] = mapped_column(default=True)
    user: Mapped[User] = relationship()


class Notification(About, Base):
    """That a user is told of something, and how far that has come. Its words are made when it is shown.

    `mailed_at` is written before an e-mail is made, in its transaction: nobody is told twice.
    """

    __tablename__ = "notification"
    __table_args__ = (
        _one_is_said(TALKED_ABOUT),
        CheckConstraint("mailed_at IS NULL OR way IN ('digest', 'mail')", name="only_mail_is_mailed"),
        Index("ix_notification_unread", "user_id", "read_at"),
        Index("ix_notification_to_mail", "way", "mailed_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[NotificationKind] = mapped_column(choice(NotificationKind, "kind_is_known"))
    way: Mapped[Way] = mapped_column(choice(Way, "way_is_known"))
    at: Mapped[datetime] = mapped_column(default=now)
    by_name: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    comment: Mapped[Comment | None] = relationship()
    user: Mapped[User] = relationship()


class NotificationChoice(Versioned, Base):
    """How a user wants to be told of what; whoever has none has chosen nothing, and the defaults hold."""

    __tablename__ = "notification_choice"
    __table_args__ = (CheckConstraint("digest_hour BETWEEN 0 AND 23", name="the_digest_has_an_hour"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    ways: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    digest_hour: Mapped[int] = mapped_column(default=DIGEST_HOUR)
    user: Mapped[User] = relationship()
