"""Corridor outcomes: objectives of a project or of the department, the readings of each, and what serves it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice, now
from planner.models.outcomes_ideas import Idea
from planner.models.outcomes_metrics import Metric
from planner.models.staffing import Phase, Project, RoleNeed
from planner.models.work_tasks import TaskBoard

SERVING = ("project_id", "phase_id", "need_id", "idea_id")
MEASURED = ("board_id", "metric_id")
NUM_SERVING = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in SERVING)


class MeasureKind(StrEnum):
    """What the values of an objective are: things that are counted, a share of a hundred, or any number."""

    COUNT = "count"
    PERCENT = "percent"
    NUMBER = "number"


class ObjectiveSource(StrEnum):
    """Where an objective's readings come from."""

    READINGS = "readings"
    TASKS = "tasks"
    METRIC = "metric"


class ObjectiveState(StrEnum):
    """What became of an objective; whoever closes it says why."""

    OPEN = "open"
    REACHED = "reached"
    MISSED = "missed"
    DROPPED = "dropped"


class Objective(Versioned, Dated, Base):
    """What shall be different by a day, and how that is measured. Without a project it is the department's.

    It goes from `from_value` on `from_on` to `target_value` on `by_on`; less may be better.
    """

    __tablename__ = "objective"
    __table_args__ = (
        CheckConstraint("from_value <> target_value", name="there_is_a_way_to_go"),
        CheckConstraint("from_on < by_on", name="it_ends_after_it_begins"),
        CheckConstraint(
            "measure_kind = 'number' OR (from_value >= 0 AND target_value >= 0)", name="counts_are_not_negative"
        ),
        CheckConstraint("state = 'open' OR length(trim(state_reason)) >= 3", name="there_is_a_reason"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    measure: Mapped[str]
    measure_kind: Mapped[MeasureKind] = mapped_column(
        choice(MeasureKind, "measure_kind_is_known"), default=MeasureKind.COUNT
    )
    unit: Mapped[str] = mapped_column(default="")
    from_value: Mapped[float]
    target_value: Mapped[float]
    from_on: Mapped[date] = mapped_column(Date)
    by_on: Mapped[date] = mapped_column(Date, index=True)
    source: Mapped[ObjectiveSource] = mapped_column(
        choice(ObjectiveSource, "source_is_known"), default=ObjectiveSource.READINGS
    )
    state: Mapped[ObjectiveState] = mapped_column(
        choice(ObjectiveState, "state_is_known"), default=ObjectiveState.OPEN, index=True
    )
    state_reason: Mapped[str] = mapped_column(default="")
    state_by: Mapped[str] = mapped_column(default="")
    state_at: Mapped[datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    project: Mapped[Project | None] = relationship()
    readings: Mapped[list[ObjectiveReading]] = relationship(
        back_populates="objective",
        cascade="all, delete-orphan",
        order_by="ObjectiveReading.read_on, ObjectiveReading.id",
    )
    links: Mapped[list[ObjectiveLink]] = relationship(
        back_populates="objective", cascade="all, delete-orphan", order_by="ObjectiveLink.id"
    )
    measured_from: Mapped[MeasuredFrom | None] = relationship(back_populates="objective", cascade="all, delete-orphan")

    @property
    def board_id(self) -> int | None:
        """The board whose tasks are counted."""
        return self.measured_from.board_id if self.measured_from is not None else None

    @property
    def metric_id(self) -> int | None:
        """The metric whose measurements count."""
        return self.measured_from.metric_id if self.measured_from is not None else None

    @property
    def read_from(self) -> str:
        """Where its readings come from, as a pick names it: "readings", "board_id-3"; empty where that is gone."""
        if self.source is ObjectiveSource.READINGS:
            return str(self.source)
        return _picked(self.measured_from, MEASURED) if self.measured_from is not None else ""


class ObjectiveReading(Base):
    """How far an objective was on a day, as somebody has read it."""

    __tablename__ = "objective_reading"
    __table_args__ = (CheckConstraint("by_name <> ''", name="a_named_person_reads"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    objective_id: Mapped[int] = mapped_column(ForeignKey("objective.id", ondelete="CASCADE"), index=True)
    value: Mapped[float]
    read_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    objective: Mapped[Objective] = relationship(back_populates="readings")


class ObjectiveLink(Base):
    """What serves an objective: one project, phase, role need or idea. Another kind is a column more."""

    __tablename__ = "objective_link"
    __table_args__ = (
        UniqueConstraint("objective_id", "project_id"),
        UniqueConstraint("objective_id", "phase_id"),
        UniqueConstraint("objective_id", "need_id"),
        UniqueConstraint("objective_id", "idea_id"),
        CheckConstraint(f"{NUM_SERVING} = 1", name="exactly_one_serves"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    objective_id: Mapped[int] = mapped_column(ForeignKey("objective.id", ondelete="CASCADE"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("role_need.id", ondelete="CASCADE"), index=True)
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    objective: Mapped[Objective] = relationship(back_populates="links")
    project: Mapped[Project | None] = relationship()
    phase: Mapped[Phase | None] = relationship()
    need: Mapped[RoleNeed | None] = relationship()
    idea: Mapped[Idea | None] = relationship()

    @property
    def of(self) -> str:
        """What serves, as a pick names it: "phase_id-12"."""
        return _picked(self, SERVING)


class MeasuredFrom(Base):
    """Where the readings of an objective come from that nobody enters: the tasks of a board, or a metric.

    Where that is removed, this goes with it, and comes back with it; the objective stays, and says that it is gone.
    """

    __tablename__ = "measured_from"
    __table_args__ = (
        UniqueConstraint("objective_id"),
        CheckConstraint("(board_id IS NULL) <> (metric_id IS NULL)", name="it_is_a_board_or_a_metric"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    objective_id: Mapped[int] = mapped_column(ForeignKey("objective.id", ondelete="CASCADE"))
    board_id: Mapped[int | None] = mapped_column(ForeignKey("task_board.id", ondelete="CASCADE"), index=True)
    metric_id: Mapped[int | None] = mapped_column(ForeignKey("metric.id", ondelete="CASCADE"), index=True)
    objective: Mapped[Objective] = relationship(back_populates="measured_from")
    board: Mapped[TaskBoard | None] = relationship()
    metric: Mapped[Metric | None] = relationship()


def _picked(row: ObjectiveLink | MeasuredFrom, columns: tuple[str, ...]) -> str:
    """The column that says something, with what it says."""
    return next((f"{name}-{getattr(row, name)}" for name in columns if getattr(row, name) is not None), "")
