"""The section of a report on tasks: how they flow over each board, those that are late or wait as of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from planner.exchange.reports import Bars, Section, column
from planner.exchange.reports.shape import table
from planner.exchange.tables.shape import Cell, ColumnKind
from planner.exchange.words import Words
from planner.models import ColumnMeaning, Phase, RoleNeed, Seat, Task, TaskBoard, TaskColumn, today
from planner.services.outcomes.wanted import Wanted

WHOLE, NUMBER = ColumnKind.WHOLE, ColumnKind.NUMBER
COUNTED = ("added", "done", "done_late", "open", "waiting", "late")
MOST_BARS = 12


@dataclass
class BoardFlow:
    """What came and went on a board in the wanted days, and what is there today. Open is late, waiting or neither."""

    id: int
    name: str
    project: str
    num_added: int = 0
    num_done: int = 0
    num_done_late: int = 0
    num_open: int = 0
    num_waiting: int = 0
    num_late: int = 0
    days: list[int] = field(default_factory=list)

    @property
    def median_days(self) -> float | None:
        """From a task’s first day to its last, in the middle of those that were done."""
        return median(self.days) if self.days else None


def task_section(session: Session, wanted: Wanted, say: Words) -> Section | None:
    """How the tasks of the wanted projects flow; those of the department too where nothing narrower is asked for."""
    found = board_flows(session, wanted)
    if not found:
        return None
    _ = say.gettext
    columns = [
        column("board", _("Board"), width=24),
        column("project", _("Project"), width=20),
        column("added", _("Added"), WHOLE, 9),
        column("done", _("Done"), WHOLE, 9),
        column("done_late", _("Done after their due date"), WHOLE, 10),
        column("days", _("Days to done, in the middle"), NUMBER, 11),
        column("open", _("Open now"), WHOLE, 9),
        column("waiting", _("Waiting to be begun"), WHOLE, 10),
        column("late", _("Late now"), WHOLE, 9),
    ]
    return Section(
        key="tasks",
        title=_("Task flow"),
        sentences=tuple(_sentences(found, say)),
        table=table("tasks", _("Task flow"), columns, [_row(line, say) for line in found]),
        bars=_bars(found, say),
        note=_(
            "Added and done count in these days; open, waiting and late as of today. Late is what is open and past its "
            "due date, waiting what stands in a column “to do” and is not late. Days to done run from the day on which "
            "a task was added. A task that was merged into another counts there."
        ),
    )


def _bars(found: Sequence[BoardFlow], say: Words) -> Bars:
    _ = say.gettext
    most = sorted(found, key=lambda line: -(line.num_done + line.num_late + line.num_waiting))[:MOST_BARS]
    return Bars(
        _("Tasks by board"),
        tuple(line.name for line in most),
        (
            (say.pgettext("tasks", "done"), tuple(float(line.num_done) for line in most)),
            (_("waiting"), tuple(float(line.num_waiting) for line in most)),
            (_("late"), tuple(float(line.num_late) for line in most)),
        ),
    )


def board_flows(session: Session, wanted: Wanted) -> list[BoardFlow]:
    """The boards on which something happened in these days or is open, most late tasks first."""
    statement = (
        select(Task.board_id, TaskColumn.meaning, Task.created_at, Task.due_on, Task.done_on)
        .join(TaskColumn, TaskColumn.id == Task.column_id)
        .where(Task.merged_into_id.is_(None), or_(Task.done_on.is_(None), Task.done_on >= wanted.from_on))
        .order_by(Task.id)
    )
    if not wanted.is_of_all:
        statement = statement.where(_is_of(wanted))
    whole = joinedload(TaskBoard.phase).joinedload(Phase.project)
    boards = {
        one.id: one for one in session.scalars(select(TaskBoard).options(joinedload(TaskBoard.own_project), whole))
    }
    found: dict[int, BoardFlow] = {}
    for row in session.execute(statement):
        board = boards[row.board_id]
        project = board.project.name if board.project is not None else ""
        _count(found.setdefault(board.id, BoardFlow(board.id, board.name, project)), row, wanted)
    lines = [line for line in found.values() if line.num_added or line.num_done or line.num_open]
    return sorted(lines, key=lambda line: (-line.num_late, -line.num_open, line.name.casefold(), line.id))


def _is_of(wanted: Wanted) -> ColumnElement[bool]:
    """Whether a task stands on a board of a wanted project, or is for a phase or a seat of one."""
    ids = wanted.project_ids()
    phases = select(Phase.id).where(Phase.project_id.in_(ids))
    seats = select(Seat.id).join(RoleNeed, RoleNeed.id == Seat.need_id).where(RoleNeed.phase_id.in_(phases))
    boards = select(TaskBoard.id).where(or_(TaskBoard.project_id.in_(ids), TaskBoard.phase_id.in_(phases)))
    return or_(Task.board_id.in_(boards), Task.phase_id.in_(phases), Task.seat_id.in_(seats))


def _count(line: BoardFlow, row: Any, wanted: Wanted) -> None:
    added_on = row.created_at.date()
    line.num_added += wanted.from_on <= added_on <= wanted.to_on
    if row.done_on is not None:
        if row.done_on <= wanted.to_on:
            line.num_done += 1
            line.num_done_late += row.due_on is not None and row.done_on > row.due_on
            line.days.append(max(0, (row.done_on - added_on).days))
        return
    is_late = row.due_on is not None and row.due_on < today()
    line.num_open += 1
    line.num_late += is_late
    line.num_waiting += row.meaning is ColumnMeaning.TODO and not is_late


def _sentences(found: Sequence[BoardFlow], say: Words) -> list[str]:
    total = {name: sum(getattr(line, f"num_{name}") for line in found) for name in COUNTED}
    said = [
        say.gettext(
            "Tasks in these days: %(added)s added, %(done)s done, %(done_late)s of them after their due date. "
            "Today %(open)s are open: %(late)s late, %(waiting)s waiting to be begun.",
            **{name: say.number(num) for name, num in total.items()},
        )
    ]
    days = [num for line in found for num in line.days]
    if days:
        said.append(say.gettext("A task is done after %(days)s days in the middle.", days=say.number(median(days))))
    worst = found[0]
    if worst.num_late:
        said.append(
            say.gettext("Most late tasks stand on %(board)s: %(late)s.", board=worst.name,
                        late=say.number(worst.num_late))
        )  # fmt: skip
    return said


def _row(line: BoardFlow, say: Words) -> tuple[str, tuple[Cell, ...]]:
    cells = (
        line.name,
        line.project or say.gettext("department"),
        line.num_added,
        line.num_done,
        line.num_done_late,
        line.median_days,
        line.num_open,
        line.num_waiting,
        line.num_late,
    )
    return f"board:{line.id}", cells
