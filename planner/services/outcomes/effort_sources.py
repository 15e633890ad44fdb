"""Where the effort of role needs is known from: a line for each kind of record, the most exact one first.

The first that knows a need is taken alone: hours that stand both in entries and in tasks are not counted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import ActualEffort, PeriodKind, Seat, Task
from planner.services.staffing.projects import workspace_of

HOURS_OF_DAY = 8  # of full time
DAYS_OF_WEEK = 5
SATURDAY = 5
Source = Callable[[Session, Sequence[int]], dict[int, float]]


def known_periods(session: Session, need_ids: Sequence[int]) -> dict[int, float]:
    """What some needs have taken so far, in full-time periods; one that nothing is known of is left out."""
    found: dict[int, float] = {}
    for source in SOURCES.values():
        found |= source(session, [one for one in need_ids if one not in found])
    return found


def periods_of(effort: ActualEffort, period: PeriodKind) -> float:
    """What an entry adds up to in full-time periods."""
    if effort.hours is not None:
        return effort.hours / hours_of_period(period)
    return (effort.fte_pct or 0) / 100 * num_periods(effort.from_on, effort.to_on, period)


def hours_of_period(period: PeriodKind) -> int:
    """How many hours a full-time period has."""
    return {PeriodKind.WEEK: HOURS_OF_DAY * DAYS_OF_WEEK, PeriodKind.DAY: HOURS_OF_DAY, PeriodKind.HOUR: 1}[period]


def num_periods(first: date, last: date, period: PeriodKind) -> float:
    """How many full-time periods lie between two days, both included.

    A week has five working days, as in everybody's calendar; in one of days every day counts, in one of hours as many
    hours of it as are worked.
    """
    days = (last - first).days + 1
    if period is PeriodKind.WEEK:
        whole, rest = divmod(days, 7)
        odd = sum((first + timedelta(days=n)).weekday() < SATURDAY for n in range(rest))
        return whole + odd / DAYS_OF_WEEK
    return float(days if period is PeriodKind.DAY else days * HOURS_OF_DAY)


def _of_entries(session: Session, need_ids: Sequence[int]) -> dict[int, float]:
    """The entries for needs."""
    period = workspace_of(session).period
    found: dict[int, float] = {}
    for effort in session.scalars(select(ActualEffort).where(ActualEffort.need_id.in_(need_ids))):
        found[effort.need_id] = found.get(effort.need_id, 0.0) + periods_of(effort, period)
    return found


def _of_tasks(session: Session, need_ids: Sequence[int]) -> dict[int, float]:
    """The hours spent on tasks for the needs' seats; those of a merged one stand in the one that it led to."""
    hours = hours_of_period(workspace_of(session).period)
    rows = session.execute(
        select(Seat.need_id, func.sum(Task.actual_h))
        .join(Task, Task.seat_id == Seat.id)
        .where(Seat.need_id.in_(need_ids), Task.merged_into_id.is_(None), Task.actual_h > 0)
        .group_by(Seat.need_id)
    )
    return {need_id: spent / hours for need_id, spent in rows}


SOURCES: dict[str, Source] = {
    "entries": _of_entries,
    "tasks": _of_tasks,
}
