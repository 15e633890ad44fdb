"""Tasks as a sheet: a row for each, and no text that a spreadsheet takes for a formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from planner.exchange.difference_csv import Cell, difference_csv
from planner.exchange.words import N_
from planner.models import Task

TITLES = (
    N_("No."),
    N_("Title"),
    N_("Board"),
    N_("Project"),
    N_("Phase"),
    N_("Column"),
    N_("Owner"),
    N_("Seat"),
    N_("Starts"),
    N_("Due"),
    N_("Done on"),
    N_("Estimate (h)"),
    N_("Spent (h)"),
    N_("Late"),
    N_("Text"),
)


def tasks_csv(tasks: Iterable[Task], say: Callable[[str], str]) -> bytes:
    """Tasks below their titles, in the reader's language; days are written year-month-day, hours with a dot."""
    return difference_csv([say(title) for title in TITLES], (_row(task, say) for task in tasks))


def _row(task: Task, say: Callable[[str], str]) -> list[Cell]:
    project, whose = task.board.project, task.whose
    phase = task.board.phase or task.phase
    return [
        task.id,
        task.title,
        task.board.name,
        project.name if project is not None else "",
        phase.name if phase is not None else "",
        task.column.name,
        whose.name if whose is not None else "",
        task.seat.key if task.seat is not None else "",
        *(day.isoformat() if day is not None else "" for day in (task.starts_on, task.due_on, task.done_on)),
        _hours(task.estimate_h),
        _hours(task.actual_h),
        say(N_("yes")) if task.is_late else "",
        task.text,
    ]


def _hours(hours: float | None) -> str:
    return "" if hours is None else f"{hours:g}"
