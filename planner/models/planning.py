"""Corridor planning: plans with the question that they answer, their allocations, decisions, and the background jobs.

A plan's allocations name seats and people by `key`, not by row: a plan stays readable after its people have left.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from planner.models.account import User
from planner.models.declarative import Base, Versioned, choice, now
from planner.models.planning_scenarios import Scenario
from planner.models.staffing import Seat
from planner.models.staffing_people import Person

IN_FORCE = text("in_force_since IS NOT NULL")  # one plan at most: two that are in force would both be ready


class PlanState(StrEnum):
    """How far a plan has come."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Preset(StrEnum):
    """What a plan aims at first."""

    FILL = "fill"
    TEAMS = "teams"
    COST = "cost"
    CHANGES = "changes"


class BookingKind(StrEnum):
    """How firm an allocation is."""

    SOFT = "soft"
    HARD = "hard"


class Origin(StrEnum):
    """Who put a person on a seat of a plan."""

    SOLVER = "solver"
    KEPT = "kept"
    HAND = "hand"


class JobState(StrEnum):
    """How far a background job has come; the row is the truth, the queue carries its id."""

    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class InquiryKind(StrEnum):
    """What is asked about a plan, and takes solving again."""

    OPENINGS = "openings"
    DECLINES = "declines"
    WHY = "why"
    NOBODY = "nobody"
    PRICES = "prices"
    OTHERS = "others"
    WEIGHTS = "weights"
    UNKNOWNS = "unknowns"


class DecisionKind(StrEnum):
    """What a named person decided about a seat of a plan."""

    ACCEPT = "accept"
    RELEASE = "release"
    ASSIGN = "assign"
    TAKE_OFF = "take_off"
    SWAP = "swap"
    MOVE_PHASE = "move_phase"
    OVERRIDE = "override"


class Plan(Versioned, Base):
    """A numbered answer, and the frozen question that it answers (`question`, `answer`: compressed JSON documents).

    One that answers a scenario belongs to it: it is never in force, and no page of what is there shows it. The database
    holds no reference: SQLite could add none without building the table anew, and all that hangs on plans would go
    with the old one. The plans of a scenario that is gone are seen by nobody.
    """

    __tablename__ = "plan"
    __table_args__ = (
        Index("uq_plan_in_force", "state", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str]
    request_token: Mapped[str] = mapped_column(unique=True)
    state: Mapped[PlanState] = mapped_column(choice(PlanState, "state_is_known"), default=PlanState.WAITING, index=True)
    preset: Mapped[Preset] = mapped_column(choice(Preset, "preset_is_known"), default=Preset.FILL)
    request: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    in_force_since: Mapped[datetime | None]
    starts_on: Mapped[date] = mapped_column(Date)
    num_periods: Mapped[int]
    question: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    status: Mapped[str | None]
    objective: Mapped[int | None] = mapped_column(BigInteger)
    bound: Mapped[int | None] = mapped_column(BigInteger)
    seconds: Mapped[float | None]
    num_seats: Mapped[int] = mapped_column(default=0)
    num_filled: Mapped[int] = mapped_column(default=0)
    num_people: Mapped[int] = mapped_column(default=0)
    num_hires: Mapped[int] = mapped_column(default=0)
    cost: Mapped[int] = mapped_column(BigInteger, default=0)
    trace: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    failure: Mapped[str] = mapped_column(default="")  # of rows, and of removed ones, from before there were codes
    failure_code: Mapped[str | None]
    failure_values: Mapped[dict[str, Any] | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    scenario_id: Mapped[int | None] = mapped_column(index=True)
    created_by: Mapped[User | None] = relationship()
    scenario: Mapped[Scenario | None] = relationship(
        primaryjoin=lambda: foreign(Plan.scenario_id) == Scenario.id, viewonly=True
    )
    allocations: Mapped[list[Allocation]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="Allocation.id"
    )
    phase_starts: Mapped[list[PhaseStart]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PhaseStart.phase_key"
    )
    decisions: Mapped[list[Decision]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="Decision.id"
    )


class Allocation(Base):
    """A person on a seat, in a plan."""

    __tablename__ = "allocation"
    __table_args__ = (UniqueConstraint("plan_id", "seat_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    seat_key: Mapped[str]
    person_key: Mapped[str] = mapped_column(index=True)
    booking: Mapped[BookingKind] = mapped_column(choice(BookingKind, "booking_is_known"), default=BookingKind.SOFT)
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin_is_known"), default=Origin.SOLVER)
    plan: Mapped[Plan] = relationship(back_populates="allocations")


class PhaseStart(Base):
    """The period of the plan in which a phase starts."""

    __tablename__ = "phase_start"
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    phase_key: Mapped[str] = mapped_column(primary_key=True)
    start_idx: Mapped[int]
    plan: Mapped[Plan] = relationship(back_populates="phase_starts")


class Decision(Base):
    """Who decided what about a seat, when and why; nothing is final without one."""

    __tablename__ = "decision"
    __table_args__ = (CheckConstraint("decided_by <> ''", name="a_named_person_decides"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(choice(DecisionKind, "decision_is_known"))
    seat_key: Mapped[str | None]
    phase_key: Mapped[str | None]
    person_key: Mapped[str | None]
    before: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    broken_rules: Mapped[list[str]] = mapped_column(default=list)
    points_change: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_by: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(default=now)
    plan: Mapped[Plan] = relationship(back_populates="decisions")


class Booking(Base):
    """A person on a seat in force: hard once agreed (the next plan keeps it), else soft"""

    __tablename__ = "booking"
    __table_args__ = (UniqueConstraint("seat_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    booking: Mapped[BookingKind] = mapped_column(choice(BookingKind, "booking_is_known"), default=BookingKind.SOFT)
    is_in_force: Mapped[bool] = mapped_column(default=True)
    start_idx: Mapped[int | None]
    plan_number: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime] = mapped_column(default=now)
    seat: Mapped[Seat] = relationship()
    person: Mapped[Person] = relationship()


class Ban(Base):
    """A person who must not hold a seat, with the reason."""

    __tablename__ = "ban"
    __table_args__ = (UniqueConstraint("seat_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime] = mapped_column(default=now)
    seat: Mapped[Seat] = relationship()
    person: Mapped[Person] = relationship()


class Inquiry(Base):
    """A question about a plan as it stood at a version, and its answer as a compressed JSON document."""

    __tablename__ = "inquiry"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    plan_version: Mapped[int]
    kind: Mapped[InquiryKind] = mapped_column(choice(InquiryKind, "kind_is_known"))
    subject: Mapped[str] = mapped_column(default="")  # the seat and the person that it is about, by key
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    asked_by: Mapped[str] = mapped_column(default="")
    answer: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    plan: Mapped[Plan] = relationship()


class Job(Base):
    """A background job: claimed under a lease, alive by its heartbeat, retaken when its worker dies, 3 times.

    It makes its plan, or answers an inquiry about it.
    """

    __tablename__ = "job"
    __table_args__ = (CheckConstraint("attempts BETWEEN 0 AND 3", name="attempts_are_at_most_3"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiry.id", ondelete="CASCADE"), index=True)
    state: Mapped[JobState] = mapped_column(choice(JobState, "state_is_known"), default=JobState.QUEUED, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    is_cancel_asked: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    failure: Mapped[str] = mapped_column(default="")  # of rows from before there were codes
    failure_code: Mapped[str | None]
    failure_values: Mapped[dict[str, Any] | None]
    plan: Mapped[Plan] = relationship()
