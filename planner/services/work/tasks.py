"""Tasks: add, edit, list, tick, note hours; and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Booking,
    Feedback,
    Iteration,
    NotificationKind,
    Person,
    Phase,
    Requisition,
    RoleNeed,
    Seat,
    Task,
    TaskBoard,
    TaskLine,
    User,
    folded,
    today,
)
from planner.schemas.work_tasks import HoursSaid, LineSaid, TaskSaid, TickSaid
from planner.services.editing import fill, require_version, touch
from planner.services.listing import Page, Query, narrowed, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in
from planner.services.work import notifying
from planner.services.work.boards import IS_OPEN, is_about, is_of
from planner.services.work.moving import enter, last_rank

SEARCHED = (Task.title, Task.text)
SOON = timedelta(days=7)
DUE = func.coalesce(Task.due_on, date.max)  # what has no date comes last, on every database
WITH_OWNER = (
    joinedload(Task.owner),
    selectinload(Task.holdings).joinedload(Booking.person),
    joinedload(Task.column),
    joinedload(Task.board).joinedload(TaskBoard.own_project),
    joinedload(Task.board).joinedload(TaskBoard.phase).joinedload(Phase.project),
)


def add_task(session: Session, board: TaskBoard, said: TaskSaid, *, by: User | None = None) -> Task:
    """Adds a task at the end of a board's first column. Raises Refused where what it names is not there."""
    _require_there(session, board, said)
    column = board.columns[0]
    task = Task(board=board, rank=last_rank(session, column.id), created_by_id=by.id if by is not None else None)
    fill(task, said, leave=("iteration_id",))
    _put_in_iteration(task, said.iteration_id)
    _put_lines(task, said.checklist)
    enter(task, column)
    session.add(task)
    session.flush()
    _tell_owner(session, task, by)
    return task


def edit_task(session: Session, task: Task, said: TaskSaid, version: int | None, *, by: User | None = None) -> Task:
    """Edits a task; whom it is given to is told. Raises Stale, and Refused where what it names is not there."""
    require_version(task, version)
    _require_there(session, task.board, said, task)
    owner_id = task.owner_id
    fill(task, said, leave=("iteration_id",))
    _put_in_iteration(task, said.iteration_id)
    _put_lines(task, said.checklist)
    touch(session, task)
    session.expire(task, ["owner", "seat", "phase", "requisition", "feedback", "iteration", "holdings"])
    if task.owner_id != owner_id:
        _tell_owner(session, task, by)
    return task


def tick_line(session: Session, task: Task, said: TickSaid, version: int | None) -> Task:
    """Ticks a line of the checklist off, or on again. Raises Stale, and Refused where the line is gone."""
    require_version(task, version)
    line = next((one for one in task.checklist if one.id == said.line_id), None)
    if line is None:
        raise Refused("line_is_gone", field="line_id")
    line.is_done = said.is_done
    touch(session, task)
    return task


def note_hours(session: Session, task: Task, said: HoursSaid, version: int | None) -> Task:
    """Adds hours that were spent. Raises Stale."""
    require_version(task, version)
    task.actual_h = round(task.actual_h + said.hours, 2)
    touch(session, task)
    return task


def page_of_tasks(session: Session, query: Query, *, only: User | None = None) -> Page[Task]:
    """The tasks, as the URL asks for them; `only` a user's own and those of the boards of their teams."""
    return paged(
        session,
        asked(query, only=only),
        query,
        sorts={
            "title": folded(Task.title),
            "due": DUE,
            "start": Task.starts_on,
            "estimate": Task.estimate_h,
            "spent": Task.actual_h,
            "board": folded(TaskBoard.name),
            "rank": Task.rank,
            "id": Task.id,
        },
        default="id" if query.sort else "due",
        search=SEARCHED,
        filters=FILTERS,
    )


def tasks_between(session: Session, query: Query, first: date, last: date, *, only: User | None = None) -> list[Task]:
    """The tasks that are due from a day to a day, as the URL asks for them."""
    return _every(session, asked(query, only=only).where(Task.due_on.between(first, last)), query)


def every_task(session: Session, query: Query, *, only: User | None = None) -> list[Task]:
    """All tasks that the URL asks for, the first due first."""
    return _every(session, asked(query, only=only).options(joinedload(Task.seat), joinedload(Task.phase)), query)


def _every(session: Session, statement: Select[Any], query: Query) -> list[Task]:
    statement = narrowed(statement, query, search=SEARCHED, filters=FILTERS)
    return list(session.scalars(statement.order_by(DUE, Task.id)).unique())


def asked(query: Query, *, only: User | None = None) -> Select[Any]:
    """Tasks with their owners and boards; those that are merged are not among them, nor done ones unless asked for."""
    statement = select(Task).join(TaskBoard, TaskBoard.id == Task.board_id).options(*WITH_OWNER)
    statement = statement.where(Task.merged_into_id.is_(None))
    if only is not None:
        statement = statement.where(is_mine(only))
    return statement if query.value("state") else statement.where(IS_OPEN)


def own_tasks(session: Session, user: User) -> list[Task]:
    """What a user has to do: their open tasks, late ones first, then by due date, then without one."""
    if user.person_id is None:
        return []
    statement = select(Task).where(IS_OPEN, is_whose(user.person_id)).options(*WITH_OWNER, selectinload(Task.checklist))
    statement = statement.order_by(DUE, Task.rank, Task.id)
    return list(session.scalars(statement).unique())


def of_rows(session: Session, condition: ColumnElement[bool], most: int) -> list[Task]:
    """Open tasks of which something holds, the first due first."""
    statement = select(Task).where(IS_OPEN, condition).options(*WITH_OWNER)
    statement = statement.order_by(DUE, Task.id).limit(most)
    return list(session.scalars(statement).unique())


def is_whose(person_id: int) -> ColumnElement[bool]:
    """Whether a task is somebody's: theirs by name, or nobody's and for the seat that they hold."""
    holds = exists().where(Booking.seat_id == Task.seat_id, Booking.is_in_force, Booking.person_id == person_id)
    return or_(Task.owner_id == person_id, and_(Task.owner_id.is_(None), holds))


def is_mine(user: User) -> ColumnElement[bool]:
    """Whether a user sees a task as their own: it is theirs, of a team of theirs, or they added it."""
    mine = or_(Task.board.has(is_of(user)), Task.created_by_id == user.id)
    return or_(mine, is_whose(user.person_id)) if user.person_id is not None else mine


def is_of_project(project_id: int) -> ColumnElement[bool]:
    """Whether a task is about a project: it stands on a board of it, or is for a phase or a seat of it."""
    of_seat = Task.seat.has(Seat.need.has(RoleNeed.phase.has(Phase.project_id == project_id)))
    return or_(Task.board.has(is_about(project_id)), Task.phase.has(Phase.project_id == project_id), of_seat)


def is_of_team(phase_id: int) -> ColumnElement[bool]:
    """Whether a task is a team's: it stands on the board of a phase, or is for the phase or a seat of it."""
    of_seat = Task.seat.has(Seat.need.has(RoleNeed.phase_id == phase_id))
    return or_(Task.board.has(TaskBoard.phase_id == phase_id), Task.phase_id == phase_id, of_seat)


def _of_owner(statement: Select[Any], value: str) -> Select[Any]:
    if value == "nobody":
        held = exists().where(Booking.seat_id == Task.seat_id, Booking.is_in_force)
        return statement.where(Task.owner_id.is_(None), ~held)
    return statement.where(is_whose(id_in(value)))


def _in_state(statement: Select[Any], value: str) -> Select[Any]:
    late = and_(IS_OPEN, Task.due_on < today())
    soon = and_(IS_OPEN, Task.due_on.between(today(), today() + SOON))
    states: dict[str, ColumnElement[bool]] = {
        "open": IS_OPEN,
        "late": late,
        "soon": soon,
        "undated": and_(IS_OPEN, Task.due_on.is_(None)),
        "done": Task.done_on.is_not(None),
        "all": Task.id.is_not(None),
    }
    return statement.where(states.get(value, false()))


# what a task may be about, besides its owner
NAMED: Mapping[str, type] = {
    "seat_id": Seat, "phase_id": Phase, "requisition_id": Requisition, "feedback_id": Feedback,
}  # fmt: skip
FILTERS: dict[str, Any] = {
    "board_id": lambda found, value: found.where(Task.board_id == id_in(value)),
    "column": lambda found, value: found.where(Task.column_id == id_in(value)),
    "project": lambda found, value: found.where(is_of_project(id_in(value))),
    "team": lambda found, value: found.where(is_of_team(id_in(value))),
    "owner": _of_owner,
    "iteration": lambda found, value: found.where(Task.iteration_id == id_in(value)),
    "seat": lambda found, value: found.where(Task.seat_id == id_in(value)),
    "requisition": lambda found, value: found.where(Task.requisition_id == id_in(value)),
    "feedback": lambda found, value: found.where(Task.feedback_id == id_in(value)),
    "state": _in_state,
}


# What a task names


def owners_to_choose(session: Session) -> list[tuple[int, str]]:
    """Those who may own a task, by name: staff, and nobody who is only considered."""
    statement = select(Person.id, Person.name, Person.kind).order_by(folded(Person.name), Person.id)
    return [(ident, name) for ident, name, kind in session.execute(statement) if not kind.is_hire]


def seats_to_choose(session: Session, board: TaskBoard) -> list[Seat]:
    """The seats for which a board's tasks may be: of its phase, of its project, or of any for a department's."""
    statement = select(Seat).join(Seat.need).join(RoleNeed.phase)
    statement = statement.options(joinedload(Seat.need).joinedload(RoleNeed.phase).joinedload(Phase.project))
    if board.phase_id is not None:
        statement = statement.where(RoleNeed.phase_id == board.phase_id)
    elif board.project_id is not None:
        statement = statement.where(Phase.project_id == board.project_id)
    return list(session.scalars(statement.order_by(Phase.project_id, Phase.position, RoleNeed.position, Seat.number)))


def phases_to_choose(session: Session, board: TaskBoard) -> list[Phase]:
    """The phases for which a board's tasks may be."""
    statement = select(Phase).options(joinedload(Phase.project))
    project = board.project
    if project is not None:
        statement = statement.where(Phase.project_id == project.id)
    return list(session.scalars(statement.order_by(Phase.project_id, Phase.position, Phase.id)))


def holders_of(session: Session, seat_ids: Iterable[int]) -> dict[int, Person]:
    """Who holds each of some seats in force, by the seat's id."""
    statement = select(Booking).where(Booking.seat_id.in_(list(seat_ids)), Booking.is_in_force)
    rows = session.scalars(statement.options(joinedload(Booking.person)).order_by(Booking.id.desc()))
    return {row.seat_id: row.person for row in rows}


def _require_there(session: Session, board: TaskBoard, said: TaskSaid, task: Task | None = None) -> None:
    """Raises Refused at the field that names what is not there; what a task names already is not judged again."""
    owner = session.get(Person, said.owner_id) if said.owner_id is not None else None
    is_kept = task is not None and task.owner_id == said.owner_id
    if said.owner_id is not None and owner is None:
        raise Refused("choice_is_not_there", field="owner_id")
    if owner is not None and owner.kind.is_hire and not is_kept:
        raise Refused("owner_is_not_employed", field="owner_id")
    for field, kind in NAMED.items():
        ident = getattr(said, field)
        if ident is not None and session.get(kind, ident) is None:
            raise Refused("choice_is_not_there", field=field)
    iteration = session.get(Iteration, said.iteration_id) if said.iteration_id is not None else None
    if said.iteration_id is not None and (iteration is None or iteration.board_id != board.id):
        raise Refused("choice_is_not_there", field="iteration_id")


def _tell_owner(session: Session, task: Task, by: User | None) -> None:
    """Tells whom a task is given to by name."""
    if task.owner_id is not None and task.is_open:
        users = session.scalars(select(User).where(User.active, User.person_id == task.owner_id)).all()
        notifying.notify(session, users, NotificationKind.DECISION, task, by=by, detail={"step": "task_given"})


def _put_in_iteration(task: Task, iteration_id: int | None) -> None:
    """A task is in an iteration from the day on which it was put there."""
    if task.iteration_id != iteration_id:
        task.iteration_id = iteration_id
        task.iteration_since_on = today() if iteration_id is not None else None


def _put_lines(task: Task, said: Sequence[LineSaid]) -> None:
    """Makes the checklist what was said; a line that says the same keeps its number, so that a tick still finds it."""
    present: dict[str, list[TaskLine]] = {}
    for line in task.checklist:
        present.setdefault(line.text, []).append(line)
    kept = []
    for position, one in enumerate(said):
        line = present[one.text].pop(0) if present.get(one.text) else TaskLine(text=one.text)
        line.position, line.is_done = position, one.is_done
        kept.append(line)
    task.checklist[:] = kept
