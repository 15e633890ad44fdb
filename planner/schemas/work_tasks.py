"""What may be said of a task, of moves, of hours, and of two tasks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from planner.models import PairKind, Task
from planner.schemas.rows import distinct
from planner.schemas.said import Day, Id, LongText, Maybe, Name, Said, Seen

HOURS_LARGEST = 10_000
MOST_LINES = 100
MOST_MOVED = 200  # tasks at once
Hours = Annotated[float, Field(ge=0, le=HOURS_LARGEST, allow_inf_nan=False)]


class LineSaid(Said):
    """A line of a checklist."""

    text: Name
    is_done: bool = False


class TaskSaid(Said):
    """A piece of work. Without an owner it is whoever's who holds its seat, else nobody's."""

    title: Name
    text: LongText = ""
    owner_id: Maybe[Id] = None
    seat_id: Maybe[Id] = None
    phase_id: Maybe[Id] = None
    requisition_id: Maybe[Id] = None
    feedback_id: Maybe[Id] = None
    iteration_id: Maybe[Id] = None
    estimate_h: Maybe[Hours] = None
    actual_h: Hours = 0.0
    starts_on: Maybe[Day] = None
    due_on: Maybe[Day] = None
    checklist: Annotated[list[LineSaid], Field(max_length=MOST_LINES)] = []

    @field_validator("due_on")
    @classmethod
    def _is_not_before_start(cls, due_on: date | None, info: ValidationInfo) -> date | None:
        starts_on = info.data.get("starts_on")
        if starts_on is not None and due_on is not None and due_on < starts_on:
            raise PydanticCustomError("due_before_it_begins", "This is due before it begins.")
        return due_on


class MovedSaid(Said):
    """A task that moves, at the version that was read."""

    id: Id
    version: Id


class PlaceOfTaskSaid(Said):
    """Where a task moves: to which column, and below which card; at the end where neither is said.

    `is_first` puts it on top. A column that is full takes it only with a reason.
    """

    column_id: Id
    after_id: Maybe[Id] = None
    is_first: bool = False
    reason: LongText = ""


class TaskMovesSaid(PlaceOfTaskSaid):
    """Where several tasks move, in this order: all of them, or none."""

    tasks: Annotated[list[MovedSaid], Field(min_length=1, max_length=MOST_MOVED), distinct("id")]


class TickSaid(Said):
    """A line of the checklist is done, or is not."""

    line_id: Id
    is_done: bool = True


class HoursSaid(Said):
    """Hours that were spent, added to those that are noted."""

    hours: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]


class OtherSaid(Said):
    """Another task that this one has to do with."""

    other_id: Id


class MergeSaid(OtherSaid):
    """The task into which this one goes."""


class UnlinkSaid(OtherSaid):
    """A task with which this one has nothing to do after all."""


class LineSeen(Seen):
    """A line of a checklist."""

    id: int
    text: str
    is_done: bool


class MoveSeen(Seen):
    """A move of a task between two columns."""

    at: datetime
    by_name: str
    from_name: str
    to_name: str
    reason: str
    is_over_limit: bool


class TaskSeen(Seen):
    """A task as the API shows it; `whose_id` is the person whose it is now."""

    id: int
    version: int
    board_id: int
    column_id: int
    rank: int
    title: str
    text: str
    owner_id: int | None
    whose_id: int | None = None
    seat_id: int | None
    phase_id: int | None
    requisition_id: int | None
    feedback_id: int | None
    iteration_id: int | None
    estimate_h: float | None
    actual_h: float
    starts_on: date | None
    due_on: date | None
    done_on: date | None
    is_late: bool
    merged_into_id: int | None
    checklist: list[LineSeen]
    moves: list[MoveSeen]

    @model_validator(mode="before")
    @classmethod
    def _with_owner(cls, row: Any) -> Any:
        if not isinstance(row, Task):
            return row
        whose = row.whose
        own = {name: getattr(row, name) for name in cls.model_fields if name != "whose_id"}
        return own | {"whose_id": whose.id if whose is not None else None}


class TasksSeen(Seen):
    """Tasks that were moved."""

    items: list[TaskSeen]


class PairSeen(Seen):
    """What was said of two tasks."""

    task_id: int
    other_id: int
    kind: PairKind
    by_name: str
    at: datetime


class LikenessSeen(Seen):
    """Two open tasks of different teams that seem to be the same: how alike, in percent, and why."""

    task_id: int
    other_id: int
    score: int
    title_pct: int
    text_pct: int | None
    client: str
    from_on: date | None
    to_on: date | None


class LikenessesSeen(Seen):
    """The most alike pairs, first the most alike."""

    items: list[LikenessSeen]


class LoadWeekSeen(Seen):
    """A period of somebody's, in hours: what they can give, what seats take, what tasks take beyond that."""

    starts_on: date
    capacity_h: float
    seats_h: float
    tasks_h: float
    beyond_h: float
    total_h: float


class PersonLoadSeen(Seen):
    """Somebody's load by period, and the hours of their tasks that have no due date."""

    person_id: int
    name: str
    undated_h: float
    weeks: list[LoadWeekSeen]


class LoadSeen(Seen):
    """The load of people by period."""

    items: list[PersonLoadSeen]
