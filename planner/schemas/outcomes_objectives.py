"""What may be said of an objective: what is measured, from where to where, by when, what serves it, how far it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from planner.models import (
    LARGEST,
    SERVING,
    MeasureKind,
    ObjectiveSource,
    ObjectiveState,
    today,
)
from planner.schemas.said import Id, LongText, Maybe, Meaning, Name, Said, Seen, ShortText, within_calendars

MOST_LINKS = 60
SOURCE_OF = {"board_id": ObjectiveSource.TASKS, "metric_id": ObjectiveSource.METRIC}
Measured = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]


def not_in_future(value: date) -> date:
    """Refuses a day on which nothing can have been seen yet."""
    if value > today():
        raise PydanticCustomError("date_in_future", "This day is still to come.")
    return value


SeenDay = Annotated[date, AfterValidator(within_calendars), AfterValidator(not_in_future)]
AnyDay = Annotated[date, AfterValidator(within_calendars)]


class LinkSaid(Said):
    """What serves an objective: one row of one kind."""

    project_id: Maybe[Id] = None
    phase_id: Maybe[Id] = None
    need_id: Maybe[Id] = None
    idea_id: Maybe[Id] = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(getattr(self, name) is not None for name in SERVING) != 1:
            raise PydanticCustomError("one_serves", "Name one: a project, a phase, a role need or an idea.")
        return self

    @property
    def place(self) -> tuple[str, int]:
        """The column that names it, and its id."""
        return next((name, getattr(self, name)) for name in SERVING if getattr(self, name) is not None)


def _each_once(links: list[LinkSaid]) -> list[LinkSaid]:
    return list({link.place: link for link in links}.values())


class ObjectiveSaid(Said):
    """An objective. Less may be better: then the target is below the beginning."""

    title: Name
    why: LongText = ""
    measure: Name
    measure_kind: MeasureKind = MeasureKind.COUNT
    unit: ShortText = ""
    from_value: Measured = 0.0
    target_value: Measured
    from_on: AnyDay
    by_on: AnyDay
    source: ObjectiveSource = ObjectiveSource.READINGS
    board_id: Maybe[Id] = Field(default=None, validate_default=True)
    metric_id: Maybe[Id] = Field(default=None, validate_default=True)
    links: Annotated[list[LinkSaid], Field(max_length=MOST_LINKS), AfterValidator(_each_once)] = []

    @field_validator("from_value", "target_value")
    @classmethod
    def _counts_are_not_negative(cls, value: float, info: ValidationInfo) -> float:
        if value < 0 and info.data.get("measure_kind") is not MeasureKind.NUMBER:
            raise PydanticCustomError("count_is_negative", "What is counted is never below zero.")
        return value

    @field_validator("target_value")
    @classmethod
    def _is_another(cls, value: float, info: ValidationInfo) -> float:
        if value == info.data.get("from_value"):
            raise PydanticCustomError("nothing_to_reach", "The target is where it begins.")
        return value

    @field_validator("by_on")
    @classmethod
    def _is_later(cls, value: date, info: ValidationInfo) -> date:
        if "from_on" in info.data and value <= info.data["from_on"]:
            raise PydanticCustomError("ends_before_it_begins", "This ends before it begins.")
        return value

    @field_validator("source")
    @classmethod
    def _tasks_are_counted(cls, value: ObjectiveSource, info: ValidationInfo) -> ObjectiveSource:
        if value is ObjectiveSource.TASKS and info.data.get("measure_kind") is MeasureKind.NUMBER:
            raise PydanticCustomError("tasks_are_counted", "Tasks are counted, or are a percentage of all.")
        return value

    @field_validator("board_id", "metric_id")
    @classmethod
    def _is_that_of_the_source(cls, value: int | None, info: ValidationInfo) -> int | None:
        if "source" not in info.data:
            return value
        is_wanted = info.data["source"] is SOURCE_OF[info.field_name or ""]
        if is_wanted and value is None:
            raise PydanticCustomError("source_is_wanted", "Name what it is measured from.")
        if not is_wanted and value is not None:
            raise PydanticCustomError("source_is_another", "The readings come from elsewhere: leave this out.")
        return value


class ReadingSaid(Said):
    """How far it was on a day."""

    value: Measured
    read_on: SeenDay
    note: Meaning = ""


class ObjectiveStateSaid(Said):
    """What became of an objective. Closing it wants a reason; opening it again does not."""

    state: ObjectiveState
    reason: Meaning = ""

    @field_validator("reason")
    @classmethod
    def _closing_wants_a_reason(cls, value: str, info: ValidationInfo) -> str:
        return reason_for(value, is_wanted=info.data.get("state") is not ObjectiveState.OPEN)

    model_config = ConfigDict(validate_default=True)


def reason_for(value: str, *, is_wanted: bool) -> str:
    """The reason as it was given; refused where one is wanted and there is none to speak of."""
    if is_wanted and len(value.strip()) < 3:
        raise PydanticCustomError("say_why", "Say why, in a few words at least.")
    return value


class ReadingSeen(Seen):
    """A reading, as the API shows it."""

    id: int
    value: float
    read_on: date
    note: str
    by_name: str
    at: datetime


class LinkSeen(Seen):
    """What serves an objective."""

    project_id: int | None
    phase_id: int | None
    need_id: int | None
    idea_id: int | None


class ObjectiveSeen(Seen):
    """An objective as the API shows it; without a project it is the department's."""

    id: int
    version: int
    project_id: int | None
    title: str
    why: str
    measure: str
    measure_kind: MeasureKind
    unit: str
    from_value: float
    target_value: float
    from_on: date
    by_on: date
    source: ObjectiveSource
    board_id: int | None
    metric_id: int | None
    state: ObjectiveState
    state_reason: str
    state_by: str
    state_at: datetime | None
    readings: list[ReadingSeen]
    links: list[LinkSeen]


class ProgressSeen(Seen):
    """How far an objective is, computed from its newest reading and the present day."""

    objective_id: int
    standing: str
    trend: str
    value: float | None
    read_on: date | None
    expected: float
    share_pct: float
    expected_pct: float
    sentence: str
    source_sentence: str


def as_progress(objective_id: int, progress: Any, sentence: str, source_sentence: str) -> dict[str, Any]:
    """A progress as the API shows it, with its sentence, and where the figure comes from."""
    return {
        "objective_id": objective_id,
        "standing": str(progress.standing),
        "trend": str(progress.trend),
        "value": progress.value,
        "read_on": progress.read_on,
        "expected": progress.expected,
        "share_pct": round(100 * progress.share, 2),
        "expected_pct": round(100 * progress.expected_share, 2),
        "sentence": sentence,
        "source_sentence": source_sentence,
    }
