"""Where the readings of an objective come from: people enter them, a board's tasks are counted, a metric measures."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    MeasuredFrom,
    MeasureKind,
    Metric,
    MetricKind,
    Objective,
    ObjectiveSource,
    ObjectiveState,
    Project,
    Task,
    TaskBoard,
    folded,
    today,
)
from planner.schemas.outcomes_objectives import SOURCE_OF, ObjectiveSaid
from planner.services.editing import touch
from planner.services.outcomes.metrics import series_of
from planner.services.outcomes.progress import Reading
from planner.services.refused import Refused
from planner.services.work.boards import is_about

BETWEEN = timedelta(7)  # from one count of tasks to the one before it: what is done is asked once a week
MOST_COUNTS = 262  # five years of them
TABLES: Mapping[str, type[Any]] = {"board_id": TaskBoard, "metric_id": Metric}
Read = Callable[[Session, Sequence[Objective]], dict[int, list[Reading]]]


def measure_from(session: Session, objective: Objective, said: ObjectiveSaid) -> None:
    """Says where its readings come from. Raises Refused where that is not there, or is a share and no percent."""
    column = next((name for name, source in SOURCE_OF.items() if source is said.source), None)
    present = objective.measured_from
    if column is None:
        objective.measured_from = None
    else:
        found: TaskBoard | Metric | None = session.get(TABLES[column], getattr(said, column))
        if found is None:
            raise Refused("choice_is_not_there", field=column)
        if _is_share(found) and said.measure_kind is not MeasureKind.PERCENT:
            raise Refused("metric_is_a_share", field="measure_kind", name=found.name)
        if present is not None and getattr(present, column) == found.id:
            return
        present = present or MeasuredFrom()
        present.board = found if isinstance(found, TaskBoard) else None
        present.metric = found if isinstance(found, Metric) else None
        objective.measured_from = present
    if objective.id is not None and (column is not None or present is not None):
        touch(session, objective)


def could_measure(session: Session, project: Project | None, objective: Objective | None) -> list[tuple[str, int, str]]:
    """What may be named as measuring an objective: (column, id, name). What measures it now is among it."""
    boards, metrics = select(TaskBoard.id, TaskBoard.name), select(Metric.id, Metric.name)
    if project is not None:
        own = objective.measured_from if objective is not None else None
        boards = boards.where(is_about(project.id) | (TaskBoard.id == (own.board_id if own else None)))
        metrics = metrics.where((Metric.project_id == project.id) | (Metric.id == (own.metric_id if own else None)))
    found = session.execute(boards.order_by(folded(TaskBoard.name), TaskBoard.id))
    measured = session.execute(metrics.order_by(folded(Metric.name), Metric.id))
    named = [("board_id", ident, name) for ident, name in found]
    return [*named, *(("metric_id", ident, name) for ident, name in measured)]


def with_sources() -> Sequence[Any]:
    """What a query loads along with objectives, so that each can say where its readings come from."""
    source = selectinload(Objective.measured_from)
    named = source.options(joinedload(MeasuredFrom.board), joinedload(MeasuredFrom.metric))
    return named, selectinload(Objective.readings)


def _read_by_hand(_session: Session, objectives: Sequence[Objective]) -> dict[int, list[Reading]]:
    """The readings that people have entered."""
    return {one.id: [Reading(row.read_on, row.value) for row in one.readings] for one in objectives}


def _count_tasks(session: Session, objectives: Sequence[Objective]) -> dict[int, list[Reading]]:
    """How many tasks of a board were done, or which share of them, week by week back from today.

    What was merged counts once. A task is there from the day on which it was added, or done if that was earlier.
    """
    boards = {one.board_id for one in objectives if one.board_id is not None}
    statement = select(Task.board_id, Task.created_at, Task.done_on)
    there, done = defaultdict[int, list[date]](list), defaultdict[int, list[date]](list)
    for board_id, at, day in session.execute(statement.where(Task.board_id.in_(boards), Task.merged_into_id.is_(None))):
        there[board_id].append(min(at.date(), day or at.date()))
        if day is not None:
            done[board_id].append(day)
    for days in (*there.values(), *done.values()):
        days.sort()
    return {one.id: list(_counted(one, there[one.board_id], done[one.board_id])) for one in objectives if one.board_id}


def _counted(objective: Objective, there: list[date], done: list[date]) -> Iterator[Reading]:
    for day in _weeks(objective):
        num, num_done = bisect_right(there, day), bisect_right(done, day)
        if objective.measure_kind is not MeasureKind.PERCENT:
            yield Reading(day, float(num_done))
        elif num:
            yield Reading(day, 100 * num_done / num)


def _weeks(objective: Objective) -> list[date]:
    """The days on which tasks are counted, oldest first: from the first day to today, or to when it was closed."""
    last = _last_day(objective)
    num = min((last - objective.from_on).days // BETWEEN.days + 1, MOST_COUNTS)
    return [last - n * BETWEEN for n in reversed(range(num))]


def _read_metrics(session: Session, objectives: Sequence[Objective]) -> dict[int, list[Reading]]:
    """What the metric was on each of its days: a share in percent, a mean, a number; nothing of too few tries."""
    metrics = [one.measured_from.metric for one in objectives if one.measured_from and one.measured_from.metric]
    series = series_of(session, metrics)
    found: dict[int, list[Reading]] = {}
    for one in objectives:
        if one.metric_id is None:
            continue
        of = series[one.metric_id]
        times = 100 if of.metric.kind is MetricKind.SHARE else 1
        told = [(point.point.measured_on, point.value) for point in of.points]
        last = _last_day(one)
        found[one.id] = [Reading(day, times * value) for day, value in told if value is not None and day <= last]
    return found


def _last_day(objective: Objective) -> date:
    """The last day that counts: today, or the day on which it was closed."""
    if objective.state is ObjectiveState.OPEN or objective.state_at is None:
        return today()
    return objective.state_at.date()


def _is_share(found: TaskBoard | Metric) -> bool:
    return isinstance(found, Metric) and found.kind is MetricKind.SHARE


# A line for each kind of source, which is asked for many objectives at once.
SOURCES: Mapping[ObjectiveSource, Read] = {
    ObjectiveSource.READINGS: _read_by_hand,
    ObjectiveSource.TASKS: _count_tasks,
    ObjectiveSource.METRIC: _read_metrics,
}
