"""Corridor outcomes: what role needs really took, what was planned for them, and which titles mean one role.

Effort is counted in percent of full time over periods, as everywhere: 100 is one full-time period.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.account import User, today
from planner.models.declarative import Base, Versioned, now
from planner.models.staffing import RoleNeed
from planner.models.staffing_people import Person


class ActualEffort(Versioned, Base):
    """Work that was done for a role need, the first and the last day included: in hours, or in percent of full time."""

    __tablename__ = "actual_effort"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="ends_after_it_begins"),
        CheckConstraint("to_on <= said_on", name="it_is_not_in_the_future"),
        CheckConstraint("(hours IS NULL) <> (fte_pct IS NULL)", name="it_is_hours_or_percent"),
        CheckConstraint("hours IS NULL OR hours >= 0", name="hours_are_not_negative"),
        CheckConstraint("fte_pct IS NULL OR fte_pct BETWEEN 0 AND 100", name="fte_is_0_to_100"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("role_need.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    hours: Mapped[float | None]
    fte_pct: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    said_on: Mapped[date] = mapped_column(Date, default=today)
    need: Mapped[RoleNeed] = relationship()
    person: Mapped[Person | None] = relationship()


class FinishedWork(Versioned, Base):
    """A role need that is over: what was planned and what it took, frozen when it was closed.

    Without a need it is known from elsewhere, or its project has gone since; it goes on teaching what work takes.
    """

    __tablename__ = "finished_work"
    __table_args__ = (
        UniqueConstraint("need_id"),
        CheckConstraint("planned_periods > 0", name="something_was_planned"),
        CheckConstraint("actual_periods >= 0", name="actual_is_not_negative"),
        CheckConstraint("ended_on <= said_on", name="it_is_not_in_the_future"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("role_need.id", ondelete="SET NULL"))
    project: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="", index=True)
    role: Mapped[str]
    planned_periods: Mapped[float]
    actual_periods: Mapped[float]
    ended_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(default="")
    said_on: Mapped[date] = mapped_column(Date, default=today)
    is_sample: Mapped[bool] = mapped_column(default=False)
    need: Mapped[RoleNeed | None] = relationship()


class RoleLikeness(Base):
    """Whether two titles, as they are compared, mean one role: somebody has said so, or that they do not."""

    __tablename__ = "role_likeness"
    __table_args__ = (
        UniqueConstraint("one", "other"),
        CheckConstraint("one < other", name="the_pair_stands_once"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    one: Mapped[str]
    other: Mapped[str]
    is_same: Mapped[bool]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str] = mapped_column(default="")
    said_at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[User | None] = relationship()
