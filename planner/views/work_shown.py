"""What pages of other corridors show of tasks, and what several pages of this one offer."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from planner import access, db
from planner.formats import day
from planner.forms.fields import offer
from planner.models import Feedback, Person, Phase, Project, Seat, Task, TaskBoard, User
from planner.services.hiring import requisitions
from planner.services.outcomes import feedback as voices
from planner.services.work import boards, load, tasks
from planner.views.door import actor
from planner.words.work import board_in_words

MOST_OF_A_ROW = 8  # tasks in a box of another page
MOST_OFFERED = 300


def init_app(app: Flask) -> None:
    """Lets the pages of projects, seats and people show their tasks: one include each, below templates/work."""
    app.jinja_env.globals.update(
        tasks_of_project=tasks_of_project,
        boards_of_project=boards_of_project,
        tasks_of_seat=tasks_of_seat,
        tasks_of_feedback=tasks_of_feedback,
        boards_for_feedback=boards_for_feedback,
        tasks_of_person=tasks_of_person,
        work_may=work_may,
    )


def only_own(user: User, action: str) -> User | None:
    """The user where they see only what is their own; nobody where they see everything."""
    return None if access.reaches_any(user, action) else user


def work_may(action: str) -> bool:
    """Whether whoever reads the page may do something; pages that include ours use the plain name otherwise."""
    return access.allowed(actor(), action)


def tasks_of_project(project: Project) -> list[Task]:
    """The open tasks of a project, the first due first."""
    return _of(tasks.is_of_project(project.id))


def boards_of_project(project: Project) -> list[TaskBoard]:
    """The boards of a project and of its phases that the reader may open."""
    if not access.allowed(actor(), "board.see"):
        return []
    found = db.session().scalars(select(TaskBoard).where(boards.is_about(project.id)).order_by(TaskBoard.id))
    return [board for board in found if access.allowed(actor(), "board.see", board)]


def tasks_of_seat(seat_key: str) -> dict[str, Any]:
    """The open tasks for a seat, and whoever holds it where they have too much."""
    session = db.session()
    seat = session.scalar(select(Seat).where(Seat.key == seat_key))
    if seat is None:
        return {"items": [], "over": None}
    holder = tasks.holders_of(session, [seat.id]).get(seat.id)
    over = load.overloaded(session, [holder.id]) if holder is not None else {}
    return {"items": _of(Task.seat_id == seat.id), "over": next(iter(over.values()), None), "seat_id": seat.id}


def tasks_of_feedback(feedback: Feedback) -> list[Task]:
    """The open tasks that came out of feedback, the first due first."""
    return _of(Task.feedback_id == feedback.id)


def boards_for_feedback(feedback: Feedback) -> list[TaskBoard]:
    """The boards on which the reader may put a task out of feedback: its project's, else the department's."""
    if not access.allowed(actor(), "task.add"):
        return []
    project_id = feedback.project_id
    is_its = boards.is_about(project_id) if project_id is not None else boards.is_of_department()
    found = db.session().scalars(select(TaskBoard).where(is_its).order_by(TaskBoard.id))
    return [board for board in found if access.allowed(actor(), "task.add", board)]


def tasks_of_person(person: Person) -> list[Task]:
    """The open tasks of a person, the first due first."""
    return _of(tasks.is_whose(person.id))


def _of(condition: Any) -> list[Task]:
    found = tasks.of_rows(db.session(), condition, MOST_OF_A_ROW)
    return [task for task in found if access.allowed(actor(), "task.see", task)]


def offer_for_board() -> None:
    """Offers what a board may be of."""
    session = db.session()
    rows = session.scalars(select(Phase).join(Phase.project).order_by(Project.name, Phase.position))
    offer(
        projects=list(session.execute(select(Project.id, Project.name).order_by(Project.name)).all()),
        phases=[(phase.id, f"{phase.project.name} · {phase.name}") for phase in rows],
    )


def offer_for_task(board: TaskBoard, task: Task | None = None) -> None:
    """Offers what a task of a board may name; what it names already stays on offer, whoever reads."""
    session = db.session()
    seats = _with(tasks.seats_to_choose(session, board), task, "seat")
    phases = _with(tasks.phases_to_choose(session, board), task, "phase")
    offer(
        owners=tasks.owners_to_choose(session),
        seats=[(seat.id, seat_name(seat, board)) for seat in seats],
        phases=[(one.id, _of_phase(one, board)) for one in phases],
        requisitions=_requisitions(task),
        feedback=_feedback(board, task),
        iterations=[(one.id, one.name) for one in board.iterations],
    )


def seat_name(seat: Seat, board: TaskBoard | None = None) -> str:
    """A seat as a list of them calls it: the role, its number where there are several, and where it is."""
    number = f" {seat.number}" if seat.need.count > 1 else ""
    where = seat.need.phase.name
    if board is None or board.project is None:
        where = f"{seat.need.phase.project.name} · {where}"
    return f"{seat.need.title}{number} ({where})"


def offer_tasks(task: Task) -> None:
    """Offers other tasks to link or to merge with: of the same project first, by their number and title."""
    session = db.session()
    statement = select(Task.id, Task.title).where(Task.id != task.id, Task.merged_into_id.is_(None))
    only = only_own(actor(), "task.see")
    if only is not None:
        statement = statement.where(tasks.is_mine(only))
    found = session.execute(statement.order_by(Task.board_id != task.board_id, Task.id.desc()).limit(MOST_OFFERED))
    offer(tasks=[(ident, f"{ident} · {title}") for ident, title in found])


def filters_for_tasks() -> dict[str, Any]:
    """What lists of tasks can be narrowed by, for whoever asks."""
    session, user = db.session(), actor()
    is_staff = access.reaches_any(user, "task.see")
    some = boards.all_boards(session, only=None if is_staff else user)
    projects = {board.project.id: board.project.name for board in some if board.project is not None}
    teams = {board.phase.id: board_in_words(board) for board in some if board.phase is not None}
    return {
        "boards": [(board.id, board.name) for board in some],
        "projects": sorted(projects.items(), key=lambda pair: pair[1].casefold()),
        "teams": sorted(teams.items(), key=lambda pair: pair[1].casefold()),
        "owners": tasks.owners_to_choose(session) if is_staff else [],
        "iterations": [(one.id, f"{board.name}: {one.name}") for board in some for one in board.iterations],
    }


def _of_phase(phase: Phase, board: TaskBoard) -> str:
    return phase.name if board.project is not None else f"{phase.project.name} · {phase.name}"


def _with(rows: list[Any], task: Task | None, name: str) -> list[Any]:
    """Rows that may be chosen, and the one that a task names already, wherever that is."""
    named = getattr(task, name, None)
    return rows if named is None or named in rows else [*rows, named]


def _requisitions(task: Task | None) -> list[tuple[int, str]]:
    if access.allowed(actor(), "requisition.see"):
        return [(one.id, f"{one.number} · {one.title}") for one in requisitions.all_requisitions(db.session())]
    named = task.requisition if task is not None else None
    return [(named.id, str(named.number))] if named is not None else []


def _feedback(board: TaskBoard, task: Task | None) -> list[tuple[int, str]]:
    named = task.feedback if task is not None else None
    if not access.allowed(actor(), "feedback.see"):
        return [(named.id, str(named.id))] if named is not None else []
    rows = _with(voices.to_name(db.session(), board.project, MOST_OFFERED), task, "feedback")
    return [(one.id, f"{day(one.said_on)} · {voices.shortened(one.text)}") for one in rows]
