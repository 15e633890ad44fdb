"""What may be said of a role need: who, how many, when, with which skills and which ways of working."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.models import LEVEL_LARGEST, WEIGHT_LARGEST
from planner.schemas.rows import distinct
from planner.schemas.said import Effort, Id, Maybe, Minor, Name, Reason, Said, Seen, Tag
from planner.schemas.staffing_projects import DURATION_LARGEST

MOST_LINES = 60
Offset = Annotated[int, Field(ge=0, le=DURATION_LARGEST)]
End = Annotated[int, Field(ge=1, le=DURATION_LARGEST)]
Weight = Annotated[int, Field(ge=0, le=WEIGHT_LARGEST)]
Score = Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)]
Tags = Annotated[list[Tag], Field(max_length=MOST_LINES)]
Group = Annotated[list[Tag], Field(min_length=1, max_length=MOST_LINES)]


class NeedSkillSaid(Said):
    """A skill that is asked for."""

    skill_id: Id
    level: Annotated[int, Field(ge=1, le=LEVEL_LARGEST)]
    is_must: bool = True
    weight: Weight = 1


class NeedStyleSaid(Said):
    """A band of a work style, with the reason in the work that asks for it."""

    style_id: Id
    min: Score = 1.0
    max: Score = 5.0
    is_must: bool = False
    weight: Weight = 1
    reason: Reason

    @field_validator("max")
    @classmethod
    def _is_not_below_min(cls, value: float, info: ValidationInfo) -> float:
        if value < info.data.get("min", value):
            raise PydanticCustomError("band_upside_down", "The upper end is below the lower end.")
        return value


class NeedSaid(Said):
    """A role need on a phase; `to_offset` empty means to the phase's end. Money is for one full-time period."""

    title: Name
    count: Annotated[int, Field(ge=1, le=1000)] = 1
    fte_pct: Effort = 100
    from_offset: Offset = 0
    to_offset: Maybe[End] = None
    skills: Annotated[list[NeedSkillSaid], Field(max_length=MOST_LINES), distinct("skill_id")] = []
    styles: Annotated[list[NeedStyleSaid], Field(max_length=MOST_LINES), distinct("style_id")] = []
    tags: Tags = []
    any_of: Annotated[list[Group], Field(max_length=MOST_LINES)] = []
    max_cost_minor: Maybe[Minor] = None
    is_mentoring_allowed: bool = False
    is_hire_allowed: bool = True

    @field_validator("to_offset")
    @classmethod
    def _is_after_from(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and value <= info.data.get("from_offset", 0):
            raise PydanticCustomError("ends_before_it_begins", "The end is not after the beginning.")
        return value

    @field_validator("tags")
    @classmethod
    def _each_once(cls, value: list[str]) -> list[str]:
        return list(dict.fromkeys(value))


class NeedSkillSeen(Seen):
    """An asked skill as the API shows it."""

    skill_id: int
    level: int
    is_must: bool
    weight: int


class NeedStyleSeen(Seen):
    """An asked band as the API shows it."""

    style_id: int
    min: float
    max: float
    is_must: bool
    weight: int
    reason: str


def _keys(rows: Any) -> Any:
    return [getattr(row, "key", row) for row in rows]


class NeedSeen(Seen):
    """A role need as the API shows it, with the keys of its seats."""

    id: int
    version: int
    phase_id: int
    title: str
    count: int
    fte_pct: int
    from_offset: int
    to_offset: int | None
    skills: list[NeedSkillSeen]
    styles: list[NeedStyleSeen]
    tags: list[str]
    any_of: list[list[str]]
    max_cost_minor: int | None
    is_mentoring_allowed: bool
    is_hire_allowed: bool
    seats: Annotated[list[str], BeforeValidator(_keys)]
