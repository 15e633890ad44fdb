"""The nouns of the corridor work at the API: boards with their columns and iterations, and tasks."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from planner import access
from planner.api.routes import Resource, Rights
from planner.models import Iteration, Task, TaskBoard, TaskColumn, User
from planner.schemas.work_boards import (
    BoardSaid,
    BoardSeen,
    IterationSaid,
    IterationSeen,
    TaskColumnSaid,
    TaskColumnSeen,
)
from planner.schemas.work_tasks import TaskSaid, TaskSeen
from planner.services.work import boards, iterations, tasks

OF_A_BOARD = {"board_id": _("Only those of a board, by its id.")}


def only_own(user: User, action: str) -> User | None:
    """The user where they see only what is their own; nobody where they see everything."""
    return None if access.reaches_any(user, action) else user


def _column_removed(session: Session, column: TaskColumn) -> tuple[TaskColumn, str]:
    boards.free_column(session, column)
    return column, column.name


def _named(_session: Session, row: Any) -> tuple[Any, str]:
    return row, row.name


WORK = (
    Resource(
        "boards",
        _("Task boards"),
        TaskBoard,
        Rights.of("board"),
        BoardSeen,
        BoardSaid,
        page=lambda session, query, user: boards.page_of_boards(session, query, only=only_own(user, "board.see")),
        sorts=("name", "id"),
        filters={
            "project": _("Only those of a project and of its phases, by its id."),
            "team": _("Only those of a phase, by its id."),
            "kind": _("Only those of projects, of teams, or of the department: project, team or department."),
        },
        add=boards.add_board,
        edit=boards.edit_board,
        removes=_named,
        is_told_by=True,
    ),
    Resource(
        "task-columns",
        _("Columns of task boards"),
        TaskColumn,
        Rights("board.see", "board.edit", "board.edit", "board.edit"),
        TaskColumnSeen,
        TaskColumnSaid,
        page=lambda session, query, user: boards.page_of_columns(session, query, only=only_own(user, "board.see")),
        sorts=("position", "id"),
        filters=OF_A_BOARD,
        add=boards.add_column,
        edit=boards.edit_column,
        removes=_column_removed,
        parent=("boards", TaskBoard),
    ),
    Resource(
        "iterations",
        _("Iterations"),
        Iteration,
        Rights("board.see", "board.edit", "board.edit", "board.edit"),
        IterationSeen,
        IterationSaid,
        page=lambda session, query, user: iterations.page_of_iterations(
            session, query, only=only_own(user, "board.see")
        ),
        sorts=("start", "end", "id"),
        filters=OF_A_BOARD,
        add=iterations.add_iteration,
        edit=iterations.edit_iteration,
        removes=_named,
        parent=("boards", TaskBoard),
    ),
    Resource(
        "tasks",
        _("Tasks"),
        Task,
        Rights.of("task"),
        TaskSeen,
        TaskSaid,
        page=lambda session, query, user: tasks.page_of_tasks(session, query, only=only_own(user, "task.see")),
        sorts=("title", "due", "start", "estimate", "spent", "board", "rank", "id"),
        filters={
            **OF_A_BOARD,
            "column": _("Only those in a column, by its id."),
            "project": _("Only those about a project, by its id."),
            "team": _("Only those of a phase’s team, by the phase’s id."),
            "owner": _("Only those that are somebody’s, by the person’s id; nobody for those without an owner."),
            "iteration": _("Only those in an iteration, by its id."),
            "seat": _("Only those for a seat, by its id."),
            "requisition": _("Only those for a requisition, by its id."),
            "feedback": _("Only those that came out of feedback, by its id."),
            "state": _("open (also where nothing is said), late, soon, undated, done or all."),
        },
        add=tasks.add_task,
        edit=tasks.edit_task,
        removes=lambda _session, task: (task, task.title),
        parent=("boards", TaskBoard),
        is_told_by=True,
    ),
)
