"""Metrics: add, edit, list; what was measured on which day; how a series stands and which way it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, sqrt
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import Metric, MetricKind, MetricPoint, Phase, Project, folded, today
from planner.schemas.outcomes_metrics import MetricSaid, PointSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.outcomes.trend import Trend, trend
from planner.services.outcomes.two_groups import Share, quantile, share_interval
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in

LEAST = 30  # tries, to speak of a share of them
WANTED = {
    MetricKind.SHARE: ("trials", "successes"),
    MetricKind.MEAN: ("value", "num", "spread"),
    MetricKind.NUMBER: ("value",),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A point as it is drawn: its value, and the 95 % interval where there is one; None of too few tries."""

    point: MetricPoint
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A metric with its points, oldest first, all of them together, and its trend."""

    metric: Metric
    points: Sequence[Measured]
    whole: float | None
    low: float | None
    high: float | None
    trend: Trend | None

    @property
    def last(self) -> Measured | None:
        """The newest point."""
        return self.points[-1] if self.points else None


def add_metric(session: Session, said: MetricSaid) -> Metric:
    """Adds a metric. Raises Refused where its project or phase is not there, or it is there already."""
    _require_place(session, said)
    _require_new(session, said, None)
    metric = fill(Metric(), said)
    session.add(metric)
    session.flush()
    return metric


def edit_metric(session: Session, metric: Metric, said: MetricSaid, version: int | None) -> Metric:
    """Edits a metric. Raises Stale, and Refused like `add_metric`, or where points say what the new kind cannot."""
    require_version(metric, version)
    _require_place(session, said)
    _require_new(session, said, metric)
    if said.kind is not metric.kind and num_points(session, [metric])[metric.id]:
        raise Refused("metric_has_points", field="kind")
    fill(metric, said)
    session.flush()
    return metric


def add_point(session: Session, metric: Metric, said: PointSaid) -> MetricPoint:
    """Adds what was measured on a day. Raises Refused on a day that is to come or is there, and on another kind."""
    _require_point(session, metric, said, None)
    point = fill(MetricPoint(metric_id=metric.id), said)
    session.add(point)
    session.flush()
    return point


def edit_point(session: Session, point: MetricPoint, said: PointSaid, version: int | None) -> MetricPoint:
    """Edits a point. Raises Stale, and Refused like `add_point`."""
    require_version(point, version)
    _require_point(session, point.metric, said, point)
    fill(point, said)
    session.flush()
    return point


def page_of_metrics(session: Session, query: Query) -> Page[Metric]:
    """The metrics, as the URL asks for them."""
    return paged(
        session,
        select(Metric)
        .join(Project, Project.id == Metric.project_id)
        .options(joinedload(Metric.project), joinedload(Metric.phase)),
        query,
        sorts={"name": folded(Metric.name), "project": folded(Project.name), "id": Metric.id},
        default="id",
        search=(Metric.name, Project.name, Metric.note),
        filters={
            "project_id": lambda found, value: found.where(Metric.project_id == id_in(value)),
            "subject": lambda found, value: found.where(cast(Metric.subject, String) == value),
            "kind": lambda found, value: found.where(cast(Metric.kind, String) == value),
        },
    )


def page_of_points(session: Session, query: Query) -> Page[MetricPoint]:
    """The points, as the URL asks for them."""
    return paged(
        session,
        select(MetricPoint),
        query,
        sorts={"day": MetricPoint.measured_on, "id": MetricPoint.id},
        default="day",
        filters={"metric_id": lambda found, value: found.where(MetricPoint.metric_id == id_in(value))},
    )


def series_of(session: Session, metrics: Sequence[Metric]) -> dict[int, Series]:
    """Each metric with its points; one query for all."""
    points: dict[int, list[MetricPoint]] = {metric.id: [] for metric in metrics}
    statement = select(MetricPoint).where(MetricPoint.metric_id.in_(points)).order_by(MetricPoint.measured_on)
    for point in session.scalars(statement):
        points[point.metric_id].append(point)
    return {metric.id: series(metric, points[metric.id]) for metric in metrics}


def series(metric: Metric, points: Sequence[MetricPoint]) -> Series:
    """A metric with its points."""
    measured = [_measured(metric.kind, point) for point in points]
    drawn = [(one.point.measured_on, one.value) for one in measured if one.value is not None]
    return Series(metric, measured, *whole_of(metric.kind, points), trend(drawn))


def whole_of(kind: MetricKind, points: Sequence[MetricPoint]) -> tuple[float | None, float | None, float | None]:
    """All points together: the value, and its 95 % interval where there is one; nothing of too few."""
    if kind is MetricKind.SHARE:
        trials, successes = sum(one.trials or 0 for one in points), sum(one.successes or 0 for one in points)
        return _share(successes, trials)
    if not points:
        return None, None, None
    weights = [one.num if kind is MetricKind.MEAN and one.num else 1 for one in points]
    mean = fsum(w * (one.value or 0.0) for w, one in zip(weights, points, strict=True)) / sum(weights)
    if kind is not MetricKind.MEAN or not all(one.num for one in points):
        return mean, None, None
    error = sqrt(fsum((one.num or 0) * (one.spread or 0.0) ** 2 for one in points)) / sum(weights)
    return mean, mean - quantile(0.95) * error, mean + quantile(0.95) * error


def num_points(session: Session, metrics: Sequence[Metric]) -> dict[int, int]:
    """How many points each metric has."""
    ids = [metric.id for metric in metrics]
    statement = select(MetricPoint.metric_id, func.count()).where(MetricPoint.metric_id.in_(ids))
    found: dict[int, int] = dict(session.execute(statement.group_by(MetricPoint.metric_id)).all())
    return {ident: found.get(ident, 0) for ident in ids}


def metrics_of(session: Session, project: Project) -> list[Series]:
    """The metrics of a project, by name."""
    statement = select(Metric).where(Metric.project_id == project.id).order_by(folded(Metric.name), Metric.id)
    found = session.scalars(statement.options(joinedload(Metric.phase), selectinload(Metric.points))).all()
    return [series(metric, metric.points) for metric in found]


def places(session: Session) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The projects, and the phases with theirs, that something may be measured of."""
    projects = session.execute(select(Project.id, Project.name).order_by(folded(Project.name), Project.id)).all()
    statement = select(Phase.id, Project.name, Phase.name).join(Phase.project)
    phases = session.execute(statement.order_by(folded(Project.name), Phase.position, Phase.id)).all()
    return [(i, name) for i, name in projects], [(i, f"{project}: {name}") for i, project, name in phases]


def require_place(session: Session, project_id: int, phase_id: int | None) -> None:
    """Raises Refused where a project is not there, or a phase is not one of its own."""
    if session.get(Project, project_id) is None:
        raise Refused("choice_is_not_there", field="project_id")
    if phase_id is None:
        return
    phase = session.get(Phase, phase_id)
    if phase is None:
        raise Refused("choice_is_not_there", field="phase_id")
    if phase.project_id != project_id:
        raise Refused("phase_of_another_project", field="phase_id", project=phase.project.name)


def require_past(day: date, field: str) -> None:
    """Raises Refused on a day that is to come: nobody has measured anything then."""
    if day > today():
        raise Refused("day_is_to_come", field=field)


def _require_place(session: Session, said: MetricSaid) -> None:
    require_place(session, said.project_id, said.phase_id)


def _require_new(session: Session, said: MetricSaid, metric: Metric | None) -> None:
    where: list[Any] = [Metric.project_id == said.project_id, Metric.name == said.name]
    where.append(Metric.phase_id.is_(None) if said.phase_id is None else Metric.phase_id == said.phase_id)
    found = session.scalar(select(Metric.id).where(*where))
    if found is not None and (metric is None or found != metric.id):
        raise Refused("metric_is_there", field="name", name=said.name)


def _require_point(session: Session, metric: Metric, said: PointSaid, point: MetricPoint | None) -> None:
    require_past(said.measured_on, "measured_on")
    wanted = WANTED[metric.kind]
    for name in ("trials", "successes", "value", "num", "spread"):
        if (getattr(said, name) is None) is (name in wanted):
            raise Refused(f"point_of_a_{metric.kind}", field=wanted[0] if name not in wanted else name)
    if metric.subject.is_count and said.value is not None and said.value < 0:
        raise Refused("count_below_none", field="value")
    same = select(MetricPoint.id).where(MetricPoint.metric_id == metric.id, MetricPoint.measured_on == said.measured_on)
    found = session.scalar(same)
    if found is not None and (point is None or found != point.id):
        raise Refused("day_is_measured", field="measured_on")


def _measured(kind: MetricKind, point: MetricPoint) -> Measured:
    if kind is MetricKind.SHARE:
        return Measured(point, *_share(point.successes or 0, point.trials or 0))
    if kind is MetricKind.MEAN and point.num and point.spread is not None and point.value is not None:
        half = quantile(0.95) * point.spread / sqrt(point.num)
        return Measured(point, point.value, point.value - half, point.value + half)
    return Measured(point, point.value)


def _share(successes: int, trials: int) -> tuple[float | None, float | None, float | None]:
    """A share with its interval; nothing of too few tries."""
    if trials < LEAST:
        return None, None, None
    share = Share(successes, trials)
    return (share.rate, *share_interval(share))
