"""What may be said of a task board, of its columns and of its iterations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.models import ColumnMeaning
from planner.schemas.said import Day, Id, LongText, Maybe, Name, Said, Seen

LIMIT_LARGEST = 1000
Limit = Annotated[int, Field(ge=1, le=LIMIT_LARGEST)]


class BoardSaid(Said):
    """A board: of a project, of one phase of it, or of a process of the department where it is of neither."""

    name: Name
    purpose: LongText = ""
    project_id: Maybe[Id] = None
    phase_id: Maybe[Id] = None

    @field_validator("phase_id")
    @classmethod
    def _is_of_one(cls, phase_id: Any, info: ValidationInfo) -> Any:
        if phase_id is not None and info.data.get("project_id") is not None:
            raise PydanticCustomError("board_of_two", "A board is of a project or of a phase.")
        return phase_id


class BoardSeen(Seen):
    """A board as the API shows it."""

    id: int
    version: int
    name: str
    purpose: str
    project_id: int | None
    phase_id: int | None


class TaskColumnSaid(Said):
    """A column: what it is called, what standing in it means, and how many tasks may stand there at once."""

    name: Name
    meaning: ColumnMeaning
    wip_limit: Maybe[Limit] = None


class TaskColumnSeen(Seen):
    """A column as the API shows it, from left to right."""

    id: int
    version: int
    board_id: int
    name: str
    meaning: ColumnMeaning
    wip_limit: int | None
    position: int


class ColumnPlaceSaid(Said):
    """Where a column moves: one place to the left (-1) or to the right (1)."""

    by: Literal[-1, 1]


class IterationSaid(Said):
    """An iteration: from a day to a day, both included, and what shall come of it."""

    name: Name
    goal: LongText = ""
    starts_on: Day
    ends_on: Day

    @field_validator("ends_on")
    @classmethod
    def _is_not_before_start(cls, ends_on: date, info: ValidationInfo) -> date:
        starts_on = info.data.get("starts_on")
        if starts_on is not None and ends_on < starts_on:
            raise PydanticCustomError("ends_before_it_begins", "This ends before it begins.")
        return ends_on


class IterationSeen(Seen):
    """An iteration as the API shows it."""

    id: int
    version: int
    board_id: int
    name: str
    goal: str
    starts_on: date
    ends_on: date


class BurnDaySeen(Seen):
    """A day of an iteration, at its end: hours that it holds, hours that are left; none in days to come."""

    on: date
    scope_h: float | None
    left_h: float | None
    ideal_h: float


class BurnDownSeen(Seen):
    """An iteration day by day."""

    days: list[BurnDaySeen]
    num_tasks: int
    num_done: int
    num_unestimated: int
