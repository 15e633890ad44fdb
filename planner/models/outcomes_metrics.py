"""Corridor outcomes: what is measured of a project or of one of its teams, and what was measured on which day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice
from planner.models.staffing import Phase, Project

NUMBER_LARGEST = 10**12  # that a point may say: beyond it, floats are not whole any more once they are added up
IS_A_SHARE = "successes IS NOT NULL AND trials IS NOT NULL AND value IS NULL AND num IS NULL AND spread IS NULL"
IS_A_NUMBER = "value IS NOT NULL AND successes IS NULL AND trials IS NULL AND (num IS NULL) = (spread IS NULL)"


class MetricKind(StrEnum):
    """What kind of number a point is: successes out of trials, a mean of several with their spread, or a number."""

    SHARE = "share"
    MEAN = "mean"
    NUMBER = "number"


class MetricSubject(StrEnum):
    """What is counted."""

    CLICKS = "clicks"
    OPENS = "opens"
    CONVERSIONS = "conversions"
    SATISFACTION = "satisfaction"
    OWN = "own"

    @property
    def is_count(self) -> bool:
        """Whether there can never be fewer than none of it."""
        return self in (MetricSubject.CLICKS, MetricSubject.OPENS, MetricSubject.CONVERSIONS)


class Metric(Versioned, Dated, Base):
    """A series of measurements of a project, or of the team of one of its phases."""

    __tablename__ = "metric"
    __table_args__ = (
        CheckConstraint("name <> ''", name="it_has_a_name"),
        Index(
            "uq_metric_of_project", "project_id", "name", unique=True,
            sqlite_where=text("phase_id IS NULL"), postgresql_where=text("phase_id IS NULL"),
        ),
        Index(
            "uq_metric_of_phase", "phase_id", "name", unique=True,
            sqlite_where=text("phase_id IS NOT NULL"), postgresql_where=text("phase_id IS NOT NULL"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    subject: Mapped[MetricSubject] = mapped_column(choice(MetricSubject, "subject_is_known"))
    kind: Mapped[MetricKind] = mapped_column(choice(MetricKind, "kind_is_known"))
    unit: Mapped[str] = mapped_column(default="")
    is_higher_better: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(default="")
    project: Mapped[Project] = relationship()
    phase: Mapped[Phase | None] = relationship()
    points: Mapped[list[MetricPoint]] = relationship(
        back_populates="metric", cascade="all, delete-orphan", order_by="MetricPoint.measured_on"
    )


class MetricPoint(Versioned, Base):
    """What was measured on a day; which columns say it depends on the metric's kind."""

    __tablename__ = "metric_point"
    __table_args__ = (
        UniqueConstraint("metric_id", "measured_on"),
        CheckConstraint(f"({IS_A_SHARE}) OR ({IS_A_NUMBER})", name="it_says_one_kind_of_thing"),
        CheckConstraint("successes >= 0 AND trials >= 0", name="counts_are_not_negative"),
        CheckConstraint("successes <= trials", name="successes_are_not_above_trials"),
        CheckConstraint("num >= 1 AND spread >= 0", name="a_mean_is_of_somebody"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metric.id", ondelete="CASCADE"))
    measured_on: Mapped[date] = mapped_column(Date)
    successes: Mapped[int | None] = mapped_column(BigInteger)
    trials: Mapped[int | None] = mapped_column(BigInteger)
    value: Mapped[float | None]
    num: Mapped[int | None] = mapped_column(BigInteger)
    spread: Mapped[float | None]
    metric: Mapped[Metric] = relationship(back_populates="points")
