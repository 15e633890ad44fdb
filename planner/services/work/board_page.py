"""What a board's page shows: its columns with the first cards of each, whole counts, and what is wrong with a card."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from planner.models import Person, Task, TaskBoard, TaskColumn, TaskLine, today
from planner.services.listing import Query, narrowed
from planner.services.work import load
from planner.services.work.tasks import FILTERS, SEARCHED, holders_of

MOST_CARDS = 50  # of a column at once; the rest is a link away, and counted


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task on the board."""

    id: int
    version: int
    column_id: int
    title: str
    owner: str
    owner_id: int | None
    is_of_seat: bool
    due_on: date | None
    starts_on: date | None
    is_late: bool
    estimate_h: float | None
    actual_h: float
    num_lines: int
    num_ticked: int
    iteration_id: int | None
    is_overloaded: bool


@dataclass(frozen=True)
class TaskLane:
    """A column with its first cards; `num` counts what the filters fit, `num_all` all that stands there."""

    column: TaskColumn
    cards: Sequence[TaskCard] = field(default_factory=tuple)
    num: int = 0
    num_all: int = 0
    left_h: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether more stands here than may."""
        return self.column.wip_limit is not None and self.num_all > self.column.wip_limit


@dataclass(frozen=True)
class ShownBoard:
    """A board as its page shows it."""

    lanes: Sequence[TaskLane]
    num: int
    num_late: int

    @property
    def num_shown(self) -> int:
        return sum(len(lane.cards) for lane in self.lanes)


def shown(session: Session, board: TaskBoard, query: Query) -> ShownBoard:
    """A board, as the URL asks for it."""
    asked = _narrowed(select(Task.id).where(Task.board_id == board.id, Task.merged_into_id.is_(None)), query)
    wanted = asked.subquery()
    counts = _counts(session, wanted)
    limited = {one.id: one for one in board.columns if one.wip_limit is not None}
    num_all = _num_all(session, board) if limited else {}
    cards = _cards(session, wanted)
    lanes = [
        TaskLane(
            column,
            cards.get(column.id, ()),
            counts.get(column.id, (0, 0, 0.0))[0],
            num_all.get(column.id, 0),
            counts.get(column.id, (0, 0, 0.0))[2],
        )
        for column in board.columns
    ]
    return ShownBoard(lanes, sum(lane.num for lane in lanes), sum(late for _num, late, _left in counts.values()))


def _narrowed(statement: Select[Any], query: Query) -> Select[Any]:
    filters = {name: FILTERS[name] for name in ("owner", "iteration", "team", "state")}
    return narrowed(statement, query, search=SEARCHED, filters=filters)


def _counts(session: Session, wanted: Any) -> dict[int, tuple[int, int, float]]:
    """By column: how many, how many of them late, hours that are left."""
    rows = session.execute(
        select(Task.column_id, Task.done_on, Task.due_on, Task.estimate_h, Task.actual_h).where(
            Task.id.in_(select(wanted.c.id))
        )
    )
    num: Counter[int] = Counter()
    late: Counter[int] = Counter()
    left: dict[int, float] = defaultdict(float)
    now = today()
    for column_id, done_on, due_on, estimate, actual in rows:
        num[column_id] += 1
        if done_on is None:
            late[column_id] += due_on is not None and due_on < now
            left[column_id] += max(0.0, (estimate or 0.0) - actual)
    return {ident: (num[ident], late[ident], left[ident]) for ident in num}


def _num_all(session: Session, board: TaskBoard) -> dict[int, int]:
    found = select(Task.column_id, func.count()).where(Task.board_id == board.id, Task.merged_into_id.is_(None))
    return dict(session.execute(found.group_by(Task.column_id)).all())


def _cards(session: Session, wanted: Any) -> dict[int, list[TaskCard]]:
    """The first cards of each column, by rank."""
    place = func.row_number().over(partition_by=Task.column_id, order_by=(Task.rank, Task.id)).label("place")
    placed = select(Task.id, place).where(Task.id.in_(select(wanted.c.id))).subquery()
    statement = (
        select(
            Task.id, Task.version, Task.column_id, Task.title, Task.owner_id, Task.seat_id, Task.due_on,
            Task.starts_on, Task.done_on, Task.estimate_h, Task.actual_h, Task.iteration_id, Person.name,
        )
        .join(placed, placed.c.id == Task.id)
        .outerjoin(Person, Person.id == Task.owner_id)
        .where(placed.c.place <= MOST_CARDS)
        .order_by(Task.column_id, placed.c.place)
    )  # fmt: skip
    rows = session.execute(statement).all()
    holders = holders_of(session, {row.seat_id for row in rows if row.owner_id is None and row.seat_id is not None})
    lines = _lines(session, [row.id for row in rows])
    whose = {row.id: row.owner_id or _id_of(holders.get(row.seat_id)) for row in rows}
    over = load.overloaded(session, {ident for ident in whose.values() if ident is not None})
    found: dict[int, list[TaskCard]] = defaultdict(list)
    for row in rows:
        found[row.column_id].append(_card(row, holders.get(row.seat_id), lines.get(row.id, (0, 0)), over))
    return found


def _card(row: Any, holder: Person | None, lines: tuple[int, int], over: Mapping[int, load.PersonLoad]) -> TaskCard:
    is_open = row.done_on is None
    is_of_seat = row.owner_id is None and holder is not None
    whose = row.owner_id if row.owner_id is not None else _id_of(holder)
    too_much = over.get(whose) if whose is not None and is_open else None
    return TaskCard(
        id=row.id,
        version=row.version,
        column_id=row.column_id,
        title=row.title,
        owner=row.name if row.owner_id is not None else holder.name if holder is not None else "",
        owner_id=whose,
        is_of_seat=is_of_seat,
        due_on=row.due_on,
        starts_on=row.starts_on,
        is_late=is_open and row.due_on is not None and row.due_on < today(),
        estimate_h=row.estimate_h,
        actual_h=row.actual_h,
        num_lines=lines[0],
        num_ticked=lines[1],
        iteration_id=row.iteration_id,
        is_overloaded=too_much is not None and too_much.is_over_between(row.starts_on, row.due_on),
    )


def _lines(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many lines the checklists of some tasks have, and how many of them are ticked."""
    statement = select(TaskLine.task_id, TaskLine.is_done).where(TaskLine.task_id.in_(ids))
    num: Counter[int] = Counter()
    ticked: Counter[int] = Counter()
    for task_id, is_done in session.execute(statement):
        num[task_id] += 1
        ticked[task_id] += is_done
    return {ident: (num[ident], ticked[ident]) for ident in num}


def _id_of(person: Person | None) -> int | None:
    return person.id if person is not None else None
