"""Corridor outcomes: reports that somebody wants by e-mail, and each time that one was sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.account import OutgoingMail, User
from planner.models.declarative import Base, Dated, Versioned, choice, now
from planner.models.staffing import Project


class ReportKind(StrEnum):
    """What is reported."""

    TEAM = "team"
    DEPARTMENT = "department"
    FORECAST = "forecast"


class Every(StrEnum):
    """How often a report is sent."""

    WEEK = "week"
    MONTH = "month"


class SentAs(StrEnum):
    """What a message brings: a link, or the report itself with it."""

    LINK = "link"
    PDF = "pdf"
    XLSX = "xlsx"


class StoppedBecause(StrEnum):
    """Why a schedule sends nothing any more, though nobody switched it off."""

    MAY_NOT_SEE = "may_not_see"
    NOT_ACTIVE = "not_active"


class ReportSchedule(Versioned, Dated, Base):
    """A report with its filter, at a weekday or a day of the month and an hour (UTC), for whoever asked for it.

    `days_back` and `days_ahead` say the stretch of time around the day on which it is sent.
    """

    __tablename__ = "report_schedule"
    __table_args__ = (
        CheckConstraint("(every = 'week') = (weekday IS NOT NULL)", name="a_week_has_a_weekday"),
        CheckConstraint("(every = 'month') = (month_day IS NOT NULL)", name="a_month_has_a_day"),
        CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 6", name="weekday_is_one"),
        CheckConstraint("month_day IS NULL OR month_day BETWEEN 1 AND 31", name="day_of_month_is_one"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_is_one"),
        CheckConstraint("days_back >= 0 AND days_ahead >= 0", name="stretch_is_not_negative"),
        CheckConstraint("is_active OR next_at IS NULL", name="what_is_off_sends_nothing"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    report: Mapped[ReportKind] = mapped_column(choice(ReportKind, "report_is_known"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    client: Mapped[str] = mapped_column(default="")
    days_back: Mapped[int] = mapped_column(default=90)
    days_ahead: Mapped[int] = mapped_column(default=90)
    every: Mapped[Every] = mapped_column(choice(Every, "frequency_is_known"), default=Every.WEEK)
    weekday: Mapped[int | None]
    month_day: Mapped[int | None]
    hour: Mapped[int] = mapped_column(default=7)
    sent_as: Mapped[SentAs] = mapped_column(choice(SentAs, "form_is_known"), default=SentAs.LINK)
    is_active: Mapped[bool] = mapped_column(default=True)
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    stopped_because: Mapped[StoppedBecause | None] = mapped_column(choice(StoppedBecause, "cause_is_known"))
    user: Mapped[User] = relationship()
    project: Mapped[Project | None] = relationship()
    sendings: Mapped[list[ReportSending]] = relationship(
        back_populates="schedule", cascade="all, delete-orphan", order_by="ReportSending.id"
    )


class ReportSending(Base):
    """One time that a scheduled report was due: the row is made with its message, so that none is sent twice."""

    __tablename__ = "report_sending"
    __table_args__ = (UniqueConstraint("schedule_id", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedule.id", ondelete="CASCADE"))
    due_at: Mapped[datetime]
    made_at: Mapped[datetime] = mapped_column(default=now)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing_mail.id", ondelete="SET NULL"), index=True)
    tried_at: Mapped[datetime | None]
    schedule: Mapped[ReportSchedule] = relationship(back_populates="sendings")


class MailFile(Base):
    """A file that goes out with a message; it goes when the message has left."""

    __tablename__ = "mail_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("outgoing_mail.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    mail: Mapped[OutgoingMail] = relationship()
