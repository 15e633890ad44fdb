"""What may be said of the effort that work really took: an entry for a role need, its end, and work from elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.models import today
from planner.schemas.said import Id, Maybe, Name, Percent, Said, Seen, ShortText, not_before_from, within_calendars

HOURS_LARGEST = 100_000
PERIODS_LARGEST = 1_000_000


def _is_past(value: date) -> date:
    """What was done was done by today."""
    if value > today():
        raise PydanticCustomError("in_the_future", "This day is still to come.")
    return value


PastDay = Annotated[date, AfterValidator(within_calendars), AfterValidator(_is_past)]
Hours = Annotated[float, Field(ge=0, le=HOURS_LARGEST, allow_inf_nan=False)]
Periods = Annotated[float, Field(ge=0, le=PERIODS_LARGEST, allow_inf_nan=False)]
SomePeriods = Annotated[float, Field(gt=0, le=PERIODS_LARGEST, allow_inf_nan=False)]


class EffortSaid(Said):
    """Work that was done, from its first day to its last: its hours, or which percent of full time it took."""

    person_id: Maybe[Id] = None
    from_on: PastDay
    to_on: Annotated[PastDay, AfterValidator(not_before_from)]
    hours: Maybe[Hours] = None
    fte_pct: Maybe[Percent] = Field(default=None, validate_default=True)
    note: ShortText = ""

    @field_validator("fte_pct")
    @classmethod
    def _is_one_of_two(cls, value: int | None, info: ValidationInfo) -> int | None:
        if "hours" in info.data and (value is None) == (info.data["hours"] is None):
            raise PydanticCustomError("hours_or_percent", "Say either the hours or the percent of full time.")
        return value


class EffortSeen(Seen):
    """Work that was done, as the API shows it."""

    id: int
    version: int
    need_id: int
    person_id: int | None
    from_on: date
    to_on: date
    hours: float | None
    fte_pct: int | None
    note: str
    said_on: date


class ClosingSaid(Said):
    """The end of a role need: when it was over, and what it took in all, in full-time periods.

    Without a sum, what was entered for it adds up to it.
    """

    ended_on: PastDay
    actual_periods: Maybe[Periods] = None
    note: ShortText = ""


class FinishedSaid(Said):
    """Work that is over, known from elsewhere: what was planned and what it took, in full-time periods."""

    role: Name
    project: ShortText = ""
    kind: ShortText = ""
    planned_periods: SomePeriods
    actual_periods: Periods
    ended_on: PastDay
    note: ShortText = ""


class FinishedSeen(Seen):
    """Work that is over, as the API shows it; `need_id` is the role need that it was, if it is still there."""

    id: int
    version: int
    need_id: int | None
    role: str
    project: str
    kind: str
    planned_periods: float
    actual_periods: float
    ended_on: date
    note: str
    said_on: date
