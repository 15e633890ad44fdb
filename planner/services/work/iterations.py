"""Iterations of a board, and how each burns down: what it holds and what is left of it, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Iteration, Task, TaskBoard, User, today
from planner.schemas.work_boards import IterationSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in
from planner.services.work.boards import is_of

DAY = timedelta(days=1)
LONGEST = 366  # days


@dataclass(frozen=True)
class BurnDay:
    """The end of a day: hours that the iteration holds, hours that are left; nothing is known of days to come.

    `ideal_h` is what would be left if every working day took the same share of what it holds now.
    """

    on: date
    scope_h: float | None
    left_h: float | None
    ideal_h: float


@dataclass(frozen=True)
class BurnDown:
    """An iteration day by day; a task without an estimate is counted, and adds no hours."""

    days: Sequence[BurnDay]
    num_tasks: int
    num_done: int
    num_unestimated: int

    @property
    def scope_h(self) -> float:
        """The hours that it holds now."""
        return next((day.scope_h for day in reversed(self.days) if day.scope_h is not None), 0.0)

    @property
    def left_h(self) -> float:
        """The hours that are left now."""
        return next((day.left_h for day in reversed(self.days) if day.left_h is not None), 0.0)

    @property
    def ahead_h(self) -> float | None:
        """How many hours it is ahead of an even pace, negative where it is behind; None before it begins."""
        known = [day for day in self.days if day.left_h is not None]
        return known[-1].ideal_h - (known[-1].left_h or 0.0) if known else None


def add_iteration(session: Session, board: TaskBoard, said: IterationSaid) -> Iteration:
    """Adds an iteration to a board. Raises Refused where it is longer than a year."""
    _require_short(said)
    iteration = fill(Iteration(board_id=board.id), said)
    session.add(iteration)
    session.flush()
    session.expire(board, ["iterations"])
    return iteration


def edit_iteration(session: Session, iteration: Iteration, said: IterationSaid, version: int | None) -> Iteration:
    """Edits an iteration. Raises Stale, and Refused where it is longer than a year."""
    require_version(iteration, version)
    _require_short(said)
    fill(iteration, said)
    session.flush()
    return iteration


def page_of_iterations(session: Session, query: Query, *, only: User | None = None) -> Page[Iteration]:
    """The iterations, as the URL asks for them; `only` of the boards that are a user's own."""
    statement = select(Iteration)
    return paged(
        session,
        statement.where(Iteration.board.has(is_of(only))) if only is not None else statement,
        query,
        sorts={"start": Iteration.starts_on, "end": Iteration.ends_on, "id": Iteration.id},
        default="id" if query.sort else "-start",
        search=(Iteration.name, Iteration.goal),
        filters={"board_id": lambda found, value: found.where(Iteration.board_id == id_in(value))},
    )


def current(board: TaskBoard, on: date) -> Iteration | None:
    """The iteration in which a day lies; of several the one that began last."""
    running = [one for one in board.iterations if one.starts_on <= on <= one.ends_on]
    return running[-1] if running else None


def burn_down(session: Session, iteration: Iteration) -> BurnDown:
    """How an iteration burns down, from the days on which its tasks were put in and were done."""
    statement = select(Task).where(Task.iteration_id == iteration.id, Task.merged_into_id.is_(None))
    tasks = list(session.scalars(statement))
    return BurnDown(
        days=burned(iteration.starts_on, iteration.ends_on, tasks, today()),
        num_tasks=len(tasks),
        num_done=sum(task.done_on is not None for task in tasks),
        num_unestimated=sum(task.estimate_h is None for task in tasks),
    )


def burned(first: date, last: date, tasks: Sequence[Task], now: date) -> list[BurnDay]:
    """Each day from the first to the last.

    A task is in scope from the day on which it was put in (from the first day, if that was before), and left until
    the day on which it was done.
    """
    days = [first + n * DAY for n in range((last - first).days + 1)]
    whole = sum(task.estimate_h or 0.0 for task in tasks)
    working = [day for day in days if day.weekday() < 5] or days
    out = []
    for day in days:
        passed = sum(one <= day for one in working)
        here = [task for task in tasks if max(task.iteration_since_on or first, first) <= day]
        scope = sum(task.estimate_h or 0.0 for task in here)
        left = sum(task.estimate_h or 0.0 for task in here if task.done_on is None or task.done_on > day)
        is_known = day <= now
        ideal = whole * (1 - passed / len(working))
        out.append(BurnDay(day, scope if is_known else None, left if is_known else None, round(ideal, 2)))
    return out


def _require_short(said: IterationSaid) -> None:
    if (said.ends_on - said.starts_on).days >= LONGEST:
        raise Refused("iteration_too_long", field="ends_on", most=LONGEST)
