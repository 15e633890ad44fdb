"""What is measured of the sample's projects, and its experiments: one that has ended, and one that runs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from planner.models import (
    Experiment,
    ExperimentArm,
    ExperimentState,
    Metric,
    MetricKind,
    MetricPoint,
    today,
)
from planner.services import catalogue
from planner.services.sample.company import Company, Row

FIGURES = {
    MetricKind.SHARE: ("trials", "successes"),
    MetricKind.MEAN: ("value", "num", "spread"),
    MetricKind.NUMBER: ("value",),
}


def add_outcomes(session: Session, company: Company) -> None:
    """A measurement a week until the last Monday, so that the newest is never far."""
    data = catalogue.read("outcomes")
    session.add_all(_metric(company, row) for row in data["metric"])
    session.add_all(_experiment(company, row) for row in data["experiment"])
    session.flush()


def _metric(company: Company, row: Row) -> Metric:
    kind = MetricKind(row["kind"])
    monday = today() - timedelta(days=today().weekday())
    count = len(row["points"])
    return Metric(
        project=company.projects[row["project"]],
        phase=company.phases[row["phase"]] if "phase" in row else None,
        name=row["name"],
        subject=row["subject"],
        kind=kind,
        unit=row.get("unit", ""),
        note=row["note"],
        points=[
            MetricPoint(
                measured_on=monday - timedelta(weeks=count - 1 - place), **dict(zip(FIGURES[kind], said, strict=True))
            )
            for place, said in enumerate(row["points"])
        ],
    )


def _experiment(company: Company, row: Row) -> Experiment:
    ended = row.get("ended_weeks_ago")
    ahead = row.get("ends_weeks_ahead")
    return Experiment(
        project=company.projects[row["project"]],
        name=row["name"],
        hypothesis=row["hypothesis"],
        measure=row["measure"],
        kind=row["kind"],
        state=ExperimentState.RUNNING if ended is None else ExperimentState.ENDED,
        starts_on=today() - timedelta(weeks=row["began_weeks_ago"]),
        ends_on=today() + timedelta(weeks=ahead) if ahead is not None else None,
        ended_on=today() - timedelta(weeks=ended) if ended is not None else None,
        planned_num=row["planned_num"],
        smallest_effect=row["smallest_effect"],
        arms=[ExperimentArm(position=place, **arm) for place, arm in enumerate(row["arms"])],
    )
