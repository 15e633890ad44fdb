"""Corridor planning: how people come to agree on a plan, and on what a role need asks.

A plan is proposed, reviewed, approved and put in force, each by a named person. Their ids refer to no login, since
what was decided outlives it. A role need that operations cannot meet as it is asked is answered with a counter-offer.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Versioned, choice, now
from planner.models.hiring import Side
from planner.models.planning import Plan
from planner.models.staffing import RoleNeed
from planner.models.staffing_people import Person


class AgreementState(StrEnum):
    """How far people have come with a plan; whether it is in force is said apart from that."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CHANGES_ASKED = "changes_asked"
    APPROVED = "approved"

    @property
    def is_under_review(self) -> bool:
        """Whether somebody is asked to look at it, and has not approved it."""
        return self in (AgreementState.PROPOSED, AgreementState.CHANGES_ASKED)


class StepKind(StrEnum):
    """What somebody did on the way to an agreement."""

    PROPOSED = "proposed"
    CHANGES_ASKED = "changes_asked"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    PUT_IN_FORCE = "put_in_force"


class NeedState(StrEnum):
    """How far a PM and operations have come about a role need."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COUNTERED = "countered"
    INSISTED = "insisted"
    WITHDRAWN = "withdrawn"

    @property
    def waits_for_operations(self) -> bool:
        """Whether operations have to answer."""
        return self in (NeedState.ASKED, NeedState.INSISTED)


class NeedStepKind(StrEnum):
    """What was said about a role need, by the one side or the other."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COUNTERED = "countered"
    COUNTER_ACCEPTED = "counter_accepted"
    INSISTED = "insisted"
    WITHDRAWN = "withdrawn"


class Agreement(Base):
    """How far people have come with a plan: `state` is about its version `version_number`.

    A plan that is in force is so as it stood at `in_force_version`; what was changed since is not, before it is
    approved as well.
    """

    __tablename__ = "agreement"
    __table_args__ = (CheckConstraint("version_number >= 1", name="it_is_about_a_version"),)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[AgreementState] = mapped_column(
        choice(AgreementState, "state_is_known"), default=AgreementState.DRAFT, index=True
    )
    version_number: Mapped[int]
    proposed_by_id: Mapped[int | None]
    in_force_version: Mapped[int | None]
    plan: Mapped[Plan] = relationship()


class PlanStep(Base):
    """One step of a plan's agreement: who did what, when, about which version, and why.

    Somebody else approves than the one who proposed, unless they stand for both sides.
    """

    __tablename__ = "plan_step"
    __table_args__ = (
        CheckConstraint("by_name <> ''", name="a_named_person_takes_it"),
        CheckConstraint(
            "kind <> 'approved' OR is_for_both_sides OR by_id <> proposed_by_id", name="somebody_else_approves"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    version_number: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(choice(StepKind, "kind_is_known"))
    by_id: Mapped[int]
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(default="")
    proposed_by_id: Mapped[int | None]
    is_for_both_sides: Mapped[bool] = mapped_column(default=False)


class PlanReading(Base):
    """That somebody has seen a version of a plan: when first, and when last, to the quarter of an hour."""

    __tablename__ = "plan_reading"
    __table_args__ = (UniqueConstraint("plan_id", "user_id", "version_number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    version_number: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(default=now)
    last_at: Mapped[datetime] = mapped_column(default=now)


class NeedAnswer(Versioned, Base):
    """How far a PM and operations have come about a role need. A need that nobody was asked about has none."""

    __tablename__ = "need_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("role_need.id", ondelete="CASCADE"), unique=True)
    state: Mapped[NeedState] = mapped_column(choice(NeedState, "state_is_known"), index=True)
    need: Mapped[RoleNeed] = relationship()
    steps: Mapped[list[NeedStep]] = relationship(
        back_populates="answer", cascade="all, delete-orphan", order_by="NeedStep.id"
    )


class NeedStep(Base):
    """What one side said, after how many seconds of waiting; a counter-offer says what is offered instead."""

    __tablename__ = "need_step"
    __table_args__ = (
        CheckConstraint("by_name <> ''", name="a_named_person_says_it"),
        CheckConstraint("waited_s >= 0", name="nobody_answers_before"),
        CheckConstraint(
            "kind NOT IN ('declined', 'countered', 'insisted') OR length(trim(reason)) >= 3", name="there_is_a_reason"
        ),
        CheckConstraint("kind <> 'countered' OR offer IS NOT NULL", name="a_counter_offers_something"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("need_answer.id", ondelete="CASCADE"), index=True)
    kind: Mapped[NeedStepKind] = mapped_column(choice(NeedStepKind, "kind_is_known"))
    side: Mapped[Side] = mapped_column(choice(Side, "side_is_known"))
    by_id: Mapped[int]
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    waited_s: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    offer: Mapped[dict[str, Any] | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    answer: Mapped[NeedAnswer] = relationship(back_populates="steps")
    person: Mapped[Person | None] = relationship()
