"""Moving tasks: from column to column, up and down a column; over a limit only with a reason, which is kept.

Ranks are whole numbers with room between them. Where the room between two cards is used up, the column is numbered
anew; nobody has edited those cards, so that their versions stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from planner.models import RANK_STEP, Base, ColumnMeaning, Task, TaskBoard, TaskColumn, TaskMove, User, today
from planner.schemas.work_tasks import PlaceOfTaskSaid, TaskMovesSaid
from planner.services.editing import require_version, touch
from planner.services.refused import Refused
from planner.services.work.boards import column_of

MOST_AT_ONCE = 400  # numbered anew in one statement


def move_task(
    session: Session, task: Task, said: PlaceOfTaskSaid, version: int | None, *, by: User | None = None
) -> Task:
    """Moves a task. Raises Stale; Refused where the column is gone, or full and no reason is said."""
    require_version(task, version)
    _move(session, task.board, [task], said, by)
    return task


def move_tasks(session: Session, board: TaskBoard, said: TaskMovesSaid, *, by: User | None = None) -> list[Task]:
    """Moves several tasks of a board, in this order: all, or none. Raises Refused, also where one has changed."""
    ids = [line.id for line in said.tasks]
    rows = {row.id: row for row in session.scalars(select(Task).where(Task.id.in_(ids), Task.board_id == board.id))}
    for line in said.tasks:
        if line.id not in rows:
            raise Refused("task_is_gone")
        if rows[line.id].version != line.version:
            raise Refused("task_has_changed", title=rows[line.id].title)
    moving = [rows[ident] for ident in ids]
    _move(session, board, moving, said, by)
    return moving


def last_rank(session: Session, column_id: int) -> int:
    """The rank of whatever is added to a column next."""
    return (session.scalar(select(func.max(Task.rank)).where(Task.column_id == column_id)) or 0) + RANK_STEP


def ranks_between(lower: int | None, upper: int | None, num: int) -> list[int] | None:
    """So many ranks between two (nothing: no end), evenly apart and in order; None where there is no room."""
    if upper is None:
        begin = lower if lower is not None else 0
        return [begin + RANK_STEP * n for n in range(1, num + 1)]
    if lower is None:
        return [upper - RANK_STEP * n for n in range(num, 0, -1)]
    if upper - lower <= num:
        return None
    return [lower + (upper - lower) * n // (num + 1) for n in range(1, num + 1)]


def enter(task: Task, column: TaskColumn) -> None:
    """Puts a task into a column: done there from today on, or not done any more."""
    task.column_id = column.id
    task.done_on = (task.done_on or today()) if column.meaning is ColumnMeaning.DONE else None


def _move(session: Session, board: TaskBoard, moving: Sequence[Task], said: PlaceOfTaskSaid, by: User | None) -> None:
    if any(task.merged_into_id is not None for task in moving):
        raise Refused("task_is_merged", field="column_id")
    column = column_of(board, said.column_id)
    is_over = _is_over(session, column, moving)
    if is_over and len(said.reason.strip()) < 3:
        raise Refused("column_is_full", field="reason", column=column.name, most=column.wip_limit)
    names = {one.id: one.name for one in board.columns}
    _rank(session, column, moving, said)
    for task in moving:
        if task.column_id != column.id:
            move = TaskMove(from_name=names[task.column_id], to_name=column.name, reason=said.reason)
            move.by_name, move.is_over_limit = by.name if by is not None else "", is_over
            task.moves.append(move)
            enter(task, column)
        touch(session, task)
    session.expire_all()  # relations that lead to the columns they were in


def _is_over(session: Session, column: TaskColumn, moving: Sequence[Task]) -> bool:
    """Whether a column would hold more than it may with what comes in; what is there already may stay."""
    coming = [task for task in moving if task.column_id != column.id]
    if column.wip_limit is None or not coming:
        return False
    here = select(func.count()).where(Task.column_id == column.id, Task.merged_into_id.is_(None))
    return (session.scalar(here) or 0) + len(coming) > column.wip_limit


def _rank(session: Session, column: TaskColumn, moving: Sequence[Task], said: PlaceOfTaskSaid) -> None:
    ids = [task.id for task in moving]
    lower, upper = _neighbours(session, column, ids, said)
    ranks = ranks_between(lower, upper, len(moving))
    if ranks is None:
        others = select(Task.id).where(Task.column_id == column.id, Task.id.not_in(ids)).order_by(Task.rank, Task.id)
        order = list(session.scalars(others))
        place = order.index(said.after_id) + 1 if said.after_id is not None else 0
        order[place:place] = ids
        new = {ident: RANK_STEP * n for n, ident in enumerate(order, 1)}
        _number_anew(session, {ident: rank for ident, rank in new.items() if ident not in ids})
        ranks = [new[ident] for ident in ids]
    for task, rank in zip(moving, ranks, strict=True):
        task.rank = rank


def _neighbours(
    session: Session, column: TaskColumn, ids: Iterable[int], said: PlaceOfTaskSaid
) -> tuple[int | None, int | None]:
    """The ranks between which cards go, as (that of the card above, that of the card below)."""
    others = select(Task.rank).where(Task.column_id == column.id, Task.id.not_in(ids))
    if said.is_first:
        return None, session.scalar(others.order_by(Task.rank, Task.id).limit(1))
    if said.after_id is None:
        return session.scalar(others.order_by(Task.rank.desc()).limit(1)), None
    above = session.scalar(others.where(Task.id == said.after_id))
    if above is None:
        raise Refused("card_is_gone", field="after_id")
    is_below = or_(Task.rank > above, and_(Task.rank == above, Task.id > said.after_id))
    return above, session.scalar(others.where(is_below).order_by(Task.rank, Task.id).limit(1))


def _number_anew(session: Session, ranks: dict[int, int]) -> None:
    """Gives cards new ranks and nothing else: it is no edit, so that no version moves on."""
    table = Base.metadata.tables[Task.__tablename__]
    idents = sorted(ranks)
    session.flush()
    for n in range(0, len(idents), MOST_AT_ONCE):
        part = {ident: ranks[ident] for ident in idents[n : n + MOST_AT_ONCE]}
        anew = case(part, value=table.c.id)
        session.execute(update(table).where(table.c.id.in_(part)).values(rank=anew, changed_at=table.c.changed_at))
