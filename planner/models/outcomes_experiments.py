"""Corridor outcomes: experiments, their arms, and each look at a result that was not due yet."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice, now
from planner.models.staffing import Phase, Project

MOST_ARMS = 6


class ExperimentKind(StrEnum):
    """What is compared: shares (successes of so many), or means."""

    SHARE = "share"
    MEAN = "mean"


class ExperimentState(StrEnum):
    """Whether it still collects."""

    RUNNING = "running"
    ENDED = "ended"


class Experiment(Versioned, Dated, Base):
    """Arms compared with a control, on one measure, until a day or a number that was fixed before.

    `smallest_effect` is the smallest difference that matters: of shares in percentage points, of means in their unit.
    """

    __tablename__ = "experiment"
    __table_args__ = (
        CheckConstraint("name <> ''", name="it_has_a_name"),
        CheckConstraint("ends_on IS NOT NULL OR planned_num IS NOT NULL", name="its_end_is_planned"),
        CheckConstraint("starts_on <= ends_on", name="ends_after_it_begins"),
        CheckConstraint("planned_num >= 1", name="planned_sample_is_positive"),
        CheckConstraint("smallest_effect > 0", name="smallest_effect_is_positive"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="what_has_ended_has_a_last_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phase.id", ondelete="SET NULL"), index=True)
    name: Mapped[str]
    hypothesis: Mapped[str] = mapped_column(default="")
    measure: Mapped[str]
    kind: Mapped[ExperimentKind] = mapped_column(choice(ExperimentKind, "kind_is_known"))
    is_higher_better: Mapped[bool] = mapped_column(default=True)
    state: Mapped[ExperimentState] = mapped_column(
        choice(ExperimentState, "state_is_known"), default=ExperimentState.RUNNING, index=True
    )
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    planned_num: Mapped[int | None] = mapped_column(BigInteger)
    smallest_effect: Mapped[float | None]
    ended_on: Mapped[date | None] = mapped_column(Date)
    project: Mapped[Project] = relationship()
    phase: Mapped[Phase | None] = relationship()
    arms: Mapped[list[ExperimentArm]] = relationship(
        back_populates="experiment", cascade="all, delete-orphan", order_by="ExperimentArm.position"
    )
    looks: Mapped[list[ExperimentLook]] = relationship(
        back_populates="experiment", cascade="all, delete-orphan", order_by="ExperimentLook.num"
    )


class ExperimentArm(Base):
    """What an arm has collected; the first one is the control."""

    __tablename__ = "experiment_arm"
    __table_args__ = (
        UniqueConstraint("experiment_id", "name"),
        CheckConstraint("num >= 0", name="num_is_not_negative"),
        CheckConstraint("successes >= 0", name="successes_are_not_negative"),
        CheckConstraint("successes <= num", name="successes_are_not_above_num"),
        CheckConstraint("spread >= 0", name="spread_is_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiment.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    num: Mapped[int] = mapped_column(BigInteger, default=0)
    successes: Mapped[int | None] = mapped_column(BigInteger)
    mean: Mapped[float | None]
    spread: Mapped[float | None]
    experiment: Mapped[Experiment] = relationship(back_populates="arms")


class ExperimentLook(Base):
    """A result that somebody looked at before it was due, by how much was collected then, and how often they did."""

    __tablename__ = "experiment_look"
    __table_args__ = (
        UniqueConstraint("experiment_id", "num"),
        CheckConstraint("times >= 1", name="somebody_looked"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiment.id", ondelete="CASCADE"))
    num: Mapped[int] = mapped_column(BigInteger)
    times: Mapped[int] = mapped_column(default=1)
    first_by: Mapped[str] = mapped_column(default="")
    first_at: Mapped[datetime] = mapped_column(default=now)
    last_at: Mapped[datetime] = mapped_column(default=now)
    experiment: Mapped[Experiment] = relationship(back_populates="looks")
