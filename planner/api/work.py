"""Work's own routes: moves, ticks, hours, merges and links of tasks; burn-down, likeness, load and one's own tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _
from pydantic import BaseModel

from planner import access, db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.models import Iteration, Task, TaskBoard, TaskColumn
from planner.schemas.work_boards import BurnDownSeen, ColumnPlaceSaid, TaskColumnSeen
from planner.schemas.work_tasks import (
    HoursSaid,
    LikenessesSeen,
    LoadSeen,
    MergeSaid,
    OtherSaid,
    PlaceOfTaskSaid,
    TaskMovesSaid,
    TaskSeen,
    TasksSeen,
    TickSaid,
    UnlinkSaid,
)
from planner.services.work import alike, boards, iterations, load, merging, moving, tasks

TASKS = _("Tasks")


def init(pages: Blueprint) -> None:
    """Registers the routes of work that other nouns do not have."""
    task = "/tasks/<int:task_id>"
    pages.post(f"{task}/move")(task_move)
    pages.post(f"{task}/tick")(task_tick)
    pages.post(f"{task}/hours")(task_hours)
    pages.post(f"{task}/merge")(task_merge)
    pages.post(f"{task}/link")(task_link)
    pages.post(f"{task}/unlink")(task_unlink)
    pages.post(f"{task}/set-apart")(task_set_apart)
    pages.post("/boards/<int:board_id>/moves")(board_moves)
    pages.post("/task-columns/<int:task_column_id>/place")(task_column_place)
    pages.get("/iterations/<int:iteration_id>/burn-down")(iteration_burn_down)
    pages.get("/tasks/alike")(tasks_alike)
    pages.get("/tasks/own")(tasks_own)
    pages.get("/load")(load_show)


def _step(action: str, takes: type[BaseModel], summary: Any, about: Any = "") -> Callable[..., Any]:
    """Marks a single step on a task."""
    return operation(
        action,
        Task,
        tag=TASKS,
        summary=summary,
        about=about,
        takes=takes,
        gives=TaskSeen,
        is_versioned=True,
        can_be_refused=True,
    )


@_step(
    "task.edit",
    PlaceOfTaskSaid,
    _("Tasks: move one"),
    _("To a column, and below a card or on top. A column that is full takes it only with a reason, which is kept."),
)
def task_move(task: Task) -> Response:
    said, session, by = asking.said(PlaceOfTaskSaid), db.session(), asking.actor()
    return edited(task, TaskSeen, lambda version: moving.move_task(session, task, said, version, by=by), said)


@_step("task.edit", TickSaid, _("Tasks: tick a line of the checklist, or take the tick back"))
def task_tick(task: Task) -> Response:
    said, session = asking.said(TickSaid), db.session()
    return edited(task, TaskSeen, lambda version: tasks.tick_line(session, task, said, version), said)


@_step("task.edit", HoursSaid, _("Tasks: add hours that were spent"))
def task_hours(task: Task) -> Response:
    said, session = asking.said(HoursSaid), db.session()
    return edited(task, TaskSeen, lambda version: tasks.note_hours(session, task, said, version), said)


@_step(
    "task.merge",
    MergeSaid,
    _("Tasks: merge one into another"),
    _("Nothing is lost; what is given is the one that stays. Both must be one’s own to merge."),
)
def task_merge(task: Task) -> Response:
    said, session, by = asking.said(MergeSaid), db.session(), asking.actor()
    access.require(by, "task.merge", merging.other_of(session, task, said))
    return edited(task, TaskSeen, lambda version: merging.merge_task(session, task, said, version, by=by), said)


@_step("task.edit", OtherSaid, _("Tasks: link two"))
def task_link(task: Task) -> Response:
    said, session, by = asking.said(OtherSaid), db.session(), asking.actor()
    access.require(by, "task.see", merging.other_of(session, task, said))
    return edited(task, TaskSeen, lambda version: merging.link_task(session, task, said, version, by=by), said)


@_step("task.edit", UnlinkSaid, _("Tasks: take back what was said of two"))
def task_unlink(task: Task) -> Response:
    said, session = asking.said(UnlinkSaid), db.session()
    return edited(task, TaskSeen, lambda version: merging.unlink_task(session, task, said, version), said)


@_step("task.merge", OtherSaid, _("Tasks: say that two only look alike"), _("They are not pointed out again."))
def task_set_apart(task: Task) -> Response:
    said, session, by = asking.said(OtherSaid), db.session(), asking.actor()
    return edited(task, TaskSeen, lambda version: merging.set_apart(session, task, said, version, by=by), said)


@operation(
    "task.edit",
    TaskBoard,
    tag=TASKS,
    summary=_("Tasks: move several of a board"),
    about=_("In this order to one column: all of them, each at the version that was read, or none."),
    takes=TaskMovesSaid,
    gives=TasksSeen,
    can_be_refused=True,
)
def board_moves(board: TaskBoard) -> Response:
    moved = moving.move_tasks(db.session(), board, asking.said(TaskMovesSaid), by=asking.actor())
    db.session().commit()
    return shown({"items": moved}, TasksSeen)


@operation(
    "board.edit",
    TaskColumn,
    tag=_("Columns of task boards"),
    summary=_("Columns of task boards: move one a place to the left or to the right"),
    takes=ColumnPlaceSaid,
    gives=TaskColumnSeen,
    is_versioned=True,
    can_be_refused=True,
)
def task_column_place(column: TaskColumn) -> Response:
    said, session = asking.said(ColumnPlaceSaid), db.session()
    return edited(column, TaskColumnSeen, lambda version: boards.place_column(session, column, said, version), said)


@operation(
    "board.see",
    Iteration,
    tag=_("Iterations"),
    summary=_("Iterations: how one burns down"),
    about=_("Hours day by day; nothing is known of days to come."),
    gives=BurnDownSeen,
)
def iteration_burn_down(iteration: Iteration) -> Response:
    return shown(iterations.burn_down(db.session(), iteration), BurnDownSeen)


@operation(
    "alike.see",
    tag=TASKS,
    summary=_("Tasks: those of different teams that seem to be the same"),
    about=_("With a score and why, the most alike first; what somebody has judged is not among them."),
    gives=LikenessesSeen,
)
def tasks_alike() -> Response:
    return shown({"items": alike.alike_tasks(db.session())[: alike.MOST_SHOWN]}, LikenessesSeen)


@operation(
    "own_work.see",
    tag=TASKS,
    summary=_("Tasks: one’s own"),
    about=_("What is open and yours, or for a seat that you hold: late first."),
    gives=TasksSeen,
)
def tasks_own() -> Response:
    return shown({"items": tasks.own_tasks(db.session(), asking.actor())}, TasksSeen)


@operation(
    "load.see",
    tag=_("Load"),
    summary=_("Load: hours of seats and tasks by person and period"),
    about=_("A task that is for a seat is within the seat’s hours: only what goes beyond them adds up."),
    gives=LoadSeen,
)
def load_show() -> Response:
    session = db.session()
    found = [one for one in load.load_of(session, load.staff(session)) if one.is_busy]
    return shown({"items": [_load(one) for one in found]}, LoadSeen)


def _load(one: load.PersonLoad) -> dict[str, Any]:
    return {
        "person_id": one.person.id,
        "name": one.person.name,
        "undated_h": one.undated_h,
        "weeks": [
            {
                "starts_on": period.starts_at.date(),
                "capacity_h": period.capacity_h,
                "seats_h": period.seats_h,
                "tasks_h": round(period.tasks_h, 2),
                "beyond_h": round(period.beyond_h, 2),
                "total_h": round(period.total_h, 2),
            }
            for period in one.periods
        ],
    }
