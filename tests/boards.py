"""Boards with tasks for tests: a project with a team that holds a seat, its board, and whoever works there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import rows
from sqlalchemy.orm import Session

from planner.models import (
    Booking,
    BookingKind,
    CapacitySpan,
    ColumnMeaning,
    Person,
    PersonKind,
    Phase,
    Project,
    RoleName,
    RoleNeed,
    Seat,
    Task,
    TaskBoard,
    TaskColumn,
    User,
    today,
)
from planner.schemas.work_boards import BoardSaid, IterationSaid
from planner.schemas.work_tasks import TaskMovesSaid, TaskSaid
from planner.services.listing import Query
from planner.services.work import boards, moving, tasks


@dataclass
class Team:
    """A project of a PM, one phase with one seat that Ann holds, and the board of the project."""

    pm: User
    member: User
    ann: Person
    project: Project
    phase: Phase
    seat: Seat
    board: TaskBoard

    @property
    def todo(self) -> TaskColumn:
        return self.column(ColumnMeaning.TODO)

    @property
    def doing(self) -> TaskColumn:
        return self.column(ColumnMeaning.DOING)

    @property
    def done(self) -> TaskColumn:
        return self.column(ColumnMeaning.DONE)

    def column(self, meaning: ColumnMeaning) -> TaskColumn:
        return next(column for column in self.board.columns if column.meaning is meaning)


def team(session: Session, name: str = "Launch", client: str = "Nord", fte_pct: int = 50, weeks: int = 8) -> Team:
    """A team of one, at work from the first period on."""
    mark = uuid.uuid4().hex[:8]
    workspace = rows.workspace(session)
    pm, member = rows.user(session, RoleName.PROJECT_MANAGER), rows.user(session, RoleName.MEMBER)
    ann = employee(session, f"Ann {mark}")
    member.person_id = ann.id
    start = workspace.moment_of(0)
    need = RoleNeed(title="Writer", fte_pct=fte_pct, seats=[Seat(key=f"s{mark}.1")])
    phase = Phase(key=f"f{mark}", name="Build", duration=weeks, earliest_on=start, latest_on=start, needs=[need])
    project = Project(key=f"j{mark}", name=f"{name} {mark}", client=client, pm_id=pm.id, phases=[phase])
    session.add(project)
    session.flush()
    session.add(Booking(seat_id=need.seats[0].id, person_id=ann.id, booking=BookingKind.HARD, start_idx=0))
    board = boards.add_board(session, BoardSaid(name=f"Board {mark}", project_id=project.id))
    session.commit()
    return Team(pm, member, ann, project, phase, need.seats[0], board)


def employee(session: Session, name: str = "Bo", fte_pct: int = 100) -> Person:
    """Somebody on staff who can give this much."""
    person = Person(key=f"p{uuid.uuid4().hex[:8]}", name=name, kind=PersonKind.EMPLOYEE)
    person.capacity_spans = [CapacitySpan(fte_pct=fte_pct)]
    session.add(person)
    session.flush()
    return person


def add(session: Session, board: TaskBoard, title: str, **said: Any) -> Task:
    task = tasks.add_task(session, board, TaskSaid.model_validate({"title": title} | said))
    session.commit()
    return task


def move(session: Session, board: TaskBoard, some: list[Task], column: TaskColumn, **said: Any) -> list[Task]:
    asked = {"tasks": [{"id": one.id, "version": one.version} for one in some], "column_id": column.id} | said
    moved = moving.move_tasks(session, board, TaskMovesSaid.model_validate(asked))
    session.commit()
    return moved


def titles(session: Session, column: TaskColumn) -> list[str]:
    """The cards of a column from top to bottom, as they stand now."""
    session.rollback()
    found = session.query(Task.title).where(Task.column_id == column.id, Task.merged_into_id.is_(None))
    return [title for (title,) in found.order_by(Task.rank, Task.id)]


def in_days(num: int) -> Any:
    """A day from today on."""
    return today() + timedelta(days=num)


def page(session: Session, **args: str) -> list[str]:
    """The titles of the tasks that a list shows."""
    return [task.title for task in tasks.page_of_tasks(session, Query.read("/tasks", args)).items]


def sprint(**said: Any) -> IterationSaid:
    """A week's iteration."""
    return IterationSaid.model_validate({"name": "One", "starts_on": "2027-01-04", "ends_on": "2027-01-10"} | said)
