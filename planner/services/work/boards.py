"""Task boards and their columns: add, edit, list, and what each adds up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from planner import access
from planner.models import (
    Booking,
    ColumnMeaning,
    Phase,
    Project,
    Task,
    TaskBoard,
    TaskColumn,
    User,
    folded,
    today,
)
from planner.schemas.work_boards import BoardSaid, ColumnPlaceSaid, TaskColumnSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in

FIRST_COLUMNS = {
    ColumnMeaning.TODO: "To do",
    ColumnMeaning.DOING: "Doing",
    ColumnMeaning.DONE: "Done",
}
IS_OPEN = and_(Task.done_on.is_(None), Task.merged_into_id.is_(None))


@dataclass(frozen=True)
class BoardFigures:
    """What a board adds up to; what was merged counts once."""

    num_open: int = 0
    num_late: int = 0
    num_done: int = 0
    left_h: float = 0.0

    @property
    def num(self) -> int:
        return self.num_open + self.num_done


def add_board(
    session: Session,
    said: BoardSaid,
    *,
    by: User | None = None,
    names: Mapping[ColumnMeaning, str] = FIRST_COLUMNS,
) -> TaskBoard:
    """Adds a board with a column for each meaning, by these names.

    Raises Refused where what it is of is gone, or somebody else's to arrange.
    """
    board = fill(TaskBoard(), said)
    _require_theirs(session, said, by)
    board.columns = [
        TaskColumn(name=names[meaning], meaning=meaning, position=n) for n, meaning in enumerate(ColumnMeaning)
    ]
    session.add(board)
    session.flush()
    return board


def edit_board(
    session: Session, board: TaskBoard, said: BoardSaid, version: int | None, *, by: User | None = None
) -> TaskBoard:
    """Edits a board. Raises Stale; Refused where what it is of is gone, or somebody else's to arrange."""
    require_version(board, version)
    if (said.project_id, said.phase_id) != (board.project_id, board.phase_id):
        _require_theirs(session, said, by)
    fill(board, said)
    session.flush()
    session.expire(board, ["own_project", "phase", "team"])
    return board


def page_of_boards(session: Session, query: Query, *, only: User | None = None) -> Page[TaskBoard]:
    """The boards, as the URL asks for them; `only` those of the teams that a user is in, or manages."""
    statement = select(TaskBoard).options(*_WITH_PROJECT)
    if only is not None:
        statement = statement.where(is_of(only))
    return paged(
        session,
        statement,
        query,
        sorts={"name": folded(TaskBoard.name), "id": TaskBoard.id},
        default="id" if query.sort else "name",
        search=(TaskBoard.name, TaskBoard.purpose),
        filters={
            "project": lambda found, value: found.where(is_about(id_in(value))),
            "team": lambda found, value: found.where(TaskBoard.phase_id == id_in(value)),
            "kind": lambda found, value: found.where(_is_of_kind(value)),
        },
    )


def all_boards(session: Session, *, only: User | None = None) -> list[TaskBoard]:
    """Every board that may be chosen, by name."""
    statement = select(TaskBoard).options(*_WITH_PROJECT).order_by(folded(TaskBoard.name), TaskBoard.id)
    return list(session.scalars(statement.where(is_of(only)) if only is not None else statement))


def is_of(user: User) -> ColumnElement[bool]:
    """Whether a board is a user's own: they hold a seat of its team, or are the PM of its project."""
    pm = or_(
        TaskBoard.own_project.has(Project.pm_id == user.id),
        TaskBoard.phase.has(Phase.project.has(Project.pm_id == user.id)),
    )
    if user.person_id is None:
        return pm
    return or_(pm, TaskBoard.team.any(Booking.person_id == user.person_id))


def is_about(project_id: int) -> ColumnElement[bool]:
    """Whether a board is a project's, or one of its phases'."""
    return or_(TaskBoard.project_id == project_id, TaskBoard.phase.has(Phase.project_id == project_id))


def is_of_department() -> ColumnElement[bool]:
    """Whether a board is that of a process of the department."""
    return and_(TaskBoard.project_id.is_(None), TaskBoard.phase_id.is_(None))


def figures_of(session: Session, boards: Sequence[TaskBoard]) -> dict[int, BoardFigures]:
    """What each of some boards adds up to, in one query."""
    is_late = and_(IS_OPEN, Task.due_on < today())
    left = case((IS_OPEN & (Task.estimate_h > Task.actual_h), Task.estimate_h - Task.actual_h), else_=0.0)
    statement = (
        select(
            Task.board_id,
            func.sum(case((IS_OPEN, 1), else_=0)),
            func.sum(case((is_late, 1), else_=0)),
            func.sum(case((and_(Task.done_on.is_not(None), Task.merged_into_id.is_(None)), 1), else_=0)),
            func.sum(left),
        )
        .where(Task.board_id.in_([board.id for board in boards]))
        .group_by(Task.board_id)
    )
    return {board_id: BoardFigures(*rest) for board_id, *rest in session.execute(statement)}


# Columns


def page_of_columns(session: Session, query: Query, *, only: User | None = None) -> Page[TaskColumn]:
    """The columns of boards, from left to right; `only` of the boards that are a user's own."""
    statement = select(TaskColumn)
    return paged(
        session,
        statement.where(TaskColumn.board.has(is_of(only))) if only is not None else statement,
        query,
        sorts={"position": TaskColumn.position, "id": TaskColumn.id},
        default="position",
        filters={"board_id": lambda found, value: found.where(TaskColumn.board_id == id_in(value))},
    )


def add_column(session: Session, board: TaskBoard, said: TaskColumnSaid) -> TaskColumn:
    """Adds a column: after the others of its meaning, else where its meaning belongs."""
    order = list(ColumnMeaning)
    columns = list(board.columns)
    before = [n for n, one in enumerate(columns, 1) if order.index(one.meaning) <= order.index(said.meaning)]
    column = fill(TaskColumn(board_id=board.id), said)
    session.add(column)
    columns.insert(max(before, default=0), column)
    _number(columns)
    session.flush()
    session.expire(board, ["columns"])
    return column


def edit_column(session: Session, column: TaskColumn, said: TaskColumnSaid, version: int | None) -> TaskColumn:
    """Edits a column; where its meaning changes, so do the days on which its tasks were done. Raises Stale, Refused."""
    require_version(column, version)
    if said.meaning is not column.meaning:
        _require_another(column)
        _mean(session, column, said.meaning)
    fill(column, said)
    session.flush()
    return column


def place_column(session: Session, column: TaskColumn, said: ColumnPlaceSaid, version: int | None) -> TaskColumn:
    """Moves a column one place to the left or to the right. Raises Stale."""
    require_version(column, version)
    columns = list(column.board.columns)
    here = columns.index(column)
    there = min(max(here + said.by, 0), len(columns) - 1)
    columns.insert(there, columns.pop(here))
    _number(columns)
    session.flush()
    session.expire(column.board, ["columns"])
    return column


def free_column(session: Session, column: TaskColumn) -> None:
    """Makes a column ready to go: what was merged moves beside it, since others lead there.

    Raises Refused where tasks stand in it, or it is the last one of its meaning.
    """
    _require_another(column)
    standing = select(Task.id).where(Task.column_id == column.id, Task.merged_into_id.is_(None)).limit(1)
    if session.scalar(standing) is not None:
        raise Refused("tasks_stand_there")
    beside = next(one for one in column.board.columns if one.id != column.id)
    merged = update(Task).where(Task.column_id == column.id)
    session.execute(merged.values(column_id=beside.id, changed_at=Task.changed_at))


def column_of(board: TaskBoard, column_id: int) -> TaskColumn:
    """A board's column by its number. Raises Refused where it has none such."""
    for column in board.columns:
        if column.id == column_id:
            return column
    raise Refused("column_is_gone", field="column_id")


def _require_another(column: TaskColumn) -> None:
    if sum(one.meaning is column.meaning for one in column.board.columns) == 1:
        raise Refused("last_column_of_meaning", field="meaning")


def _mean(session: Session, column: TaskColumn, meaning: ColumnMeaning) -> None:
    """What stands in a column is done from today on, or is not done any more."""
    for task in session.scalars(select(Task).where(Task.column_id == column.id)):
        task.done_on = (task.done_on or today()) if meaning is ColumnMeaning.DONE else None


def _number(columns: Sequence[TaskColumn]) -> None:
    for position, column in enumerate(columns):
        if column.position != position:
            column.position = position


def _require_theirs(session: Session, said: BoardSaid, by: User | None) -> None:
    """Raises Refused unless what a board shall be of is there, and its boards are somebody's to arrange."""
    project = session.get(Project, said.project_id) if said.project_id is not None else None
    phase = session.get(Phase, said.phase_id) if said.phase_id is not None else None
    if said.project_id is not None and project is None:
        raise Refused("choice_is_not_there", field="project_id")
    if said.phase_id is not None and phase is None:
        raise Refused("choice_is_not_there", field="phase_id")
    field = "phase_id" if phase is not None else "project_id"
    if by is not None and not access.allowed(by, "board.edit", TaskBoard(own_project=project, phase=phase)):
        raise Refused("board_of_anothers", field=field)


def _is_of_kind(kind: str) -> ColumnElement[bool]:
    kinds: dict[str, ColumnElement[bool]] = {
        "project": TaskBoard.project_id.is_not(None),
        "team": TaskBoard.phase_id.is_not(None),
        "department": and_(TaskBoard.project_id.is_(None), TaskBoard.phase_id.is_(None)),
    }
    return kinds.get(kind, false())


_WITH_PROJECT = (joinedload(TaskBoard.own_project), joinedload(TaskBoard.phase).joinedload(Phase.project))
