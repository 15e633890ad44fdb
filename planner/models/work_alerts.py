"""Corridor work: alerts on the plan in force, each about one thing, and what people decided about them.

An alert is found anew whenever somebody looks, and is known by its kind and by what it is about: however often it is
found, it is one. What is said about it is kept; it counts again once it is worse than it was when that was said.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Versioned, choice, now
from planner.models.planning import Plan
from planner.models.staffing import Seat, TeamRule
from planner.models.staffing_people import Person, Skill

SUBJECTS = ("person_id", "seat_id", "skill_id", "team_rule_id", "plan_id")
ONE_SUBJECT = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in SUBJECTS) + " = 1"


class AlertKind(StrEnum):
    """What is not as it should be."""

    OVERLOAD = "overload"
    AWAY = "away"
    VACATED = "vacated"
    NO_BACK_UP = "no_back_up"
    SINGLE_HOLDER = "single_holder"
    NOT_COVERED = "not_covered"
    PLAN_BREAKS = "plan_breaks"


class AlertState(StrEnum):
    """Whether anybody has to look at it."""

    OPEN = "open"
    SNOOZED = "snoozed"
    ACCEPTED = "accepted"
    OVER = "over"

    @property
    def is_decided(self) -> bool:
        """Whether somebody has said that it may stay for now."""
        return self in (AlertState.SNOOZED, AlertState.ACCEPTED)


class AlertStepKind(StrEnum):
    """What became of an alert."""

    SNOOZED = "snoozed"
    ACCEPTED = "accepted"
    REOPENED = "reopened"
    CAME_BACK = "came_back"


class Alert(Versioned, Base):
    """Something about a person, seat, skill, team rule or plan. `num` says how bad it is, in the unit of its kind.

    `facts` are figures and keys, never a name: periods, percentages, who is meant by their id.
    """

    __tablename__ = "alert"
    __table_args__ = (
        *(UniqueConstraint("kind", name) for name in SUBJECTS),
        CheckConstraint(ONE_SUBJECT, name="it_is_about_one_thing"),
        CheckConstraint("num >= 0", name="it_is_not_negative"),
        CheckConstraint("(state = 'snoozed') = (snoozed_until IS NOT NULL)", name="what_sleeps_wakes_up"),
        CheckConstraint(
            "(state IN ('snoozed', 'accepted')) = (decided_num IS NOT NULL)", name="what_is_decided_has_a_measure"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AlertKind] = mapped_column(choice(AlertKind, "kind_is_known"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"), index=True)
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id", ondelete="CASCADE"), index=True)
    team_rule_id: Mapped[int | None] = mapped_column(ForeignKey("team_rule.id", ondelete="CASCADE"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    state: Mapped[AlertState] = mapped_column(choice(AlertState, "state_is_known"), default=AlertState.OPEN, index=True)
    num: Mapped[int] = mapped_column(default=0)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    since: Mapped[datetime] = mapped_column(default=now)
    snoozed_until: Mapped[date | None] = mapped_column(Date)
    decided_num: Mapped[int | None]
    person: Mapped[Person | None] = relationship()
    seat: Mapped[Seat | None] = relationship()
    skill: Mapped[Skill | None] = relationship()
    team_rule: Mapped[TeamRule | None] = relationship()
    plan: Mapped[Plan | None] = relationship()
    steps: Mapped[list[AlertStep]] = relationship(
        back_populates="alert", cascade="all, delete-orphan", order_by="AlertStep.id"
    )


class AlertStep(Base):
    """What a named person decided about an alert, or that it came back; `num` is how bad it was then."""

    __tablename__ = "alert_step"
    __table_args__ = (
        CheckConstraint("kind = 'came_back' OR by_name <> ''", name="a_named_person_decides"),
        CheckConstraint("kind NOT IN ('snoozed', 'accepted') OR length(trim(reason)) >= 3", name="there_is_a_reason"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id", ondelete="CASCADE"), index=True)
    kind: Mapped[AlertStepKind] = mapped_column(choice(AlertStepKind, "kind_is_known"))
    by_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(default="")
    until_on: Mapped[date | None] = mapped_column(Date)
    num: Mapped[int] = mapped_column(default=0)
    alert: Mapped[Alert] = relationship(back_populates="steps")


class AlertLook(Base):
    """When everything was last looked through, and what the audit trail's last entry was then: until it grows, or a
    day passes, nothing can have come up."""

    __tablename__ = "alert_look"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    entry_id: Mapped[int]
    on_day: Mapped[date] = mapped_column(Date)
    looked_at: Mapped[datetime] = mapped_column(default=now)
