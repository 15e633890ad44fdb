"""What may be said of a metric, and of what was measured on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.models import NUMBER_LARGEST, MetricKind, MetricSubject
from planner.schemas.said import Id, LongText, Maybe, Name, Said, Seen, ShortText, within_calendars

Count = Annotated[int, Field(ge=0, le=NUMBER_LARGEST)]
Number = Annotated[float, Field(ge=-NUMBER_LARGEST, le=NUMBER_LARGEST, allow_inf_nan=False)]
Spread = Annotated[float, Field(ge=0, le=NUMBER_LARGEST, allow_inf_nan=False)]
PastDay = Annotated[date, AfterValidator(within_calendars)]


class MetricSaid(Said):
    """What is measured of a project, or of the team of one of its phases."""

    project_id: Id
    phase_id: Maybe[Id] = None
    name: Name
    subject: MetricSubject
    kind: MetricKind
    unit: ShortText = ""
    is_higher_better: bool = True
    note: LongText = ""


class MetricSeen(Seen):
    """A metric as the API shows it."""

    id: int
    version: int
    project_id: int
    phase_id: int | None
    name: str
    subject: MetricSubject
    kind: MetricKind
    unit: str
    is_higher_better: bool
    note: str


class PointSaid(Said):
    """What was measured on a day: successes of so many; or a value, of how many with which spread, or alone.

    Which of them must be said depends on the metric: that is the verb's to judge.
    """

    measured_on: PastDay
    trials: Maybe[Count] = None
    successes: Maybe[Count] = None
    value: Maybe[Number] = None
    num: Maybe[Annotated[int, Field(ge=1, le=NUMBER_LARGEST)]] = None
    spread: Maybe[Spread] = None

    @field_validator("successes")
    @classmethod
    def _are_not_above_trials(cls, successes: Any, info: ValidationInfo) -> Any:
        trials = info.data.get("trials")
        if successes is not None and trials is not None and successes > trials:
            raise PydanticCustomError("successes_above_trials", "There are more successes than tries.")
        return successes


class PointRowSaid(PointSaid):
    """A row of a sheet: what was measured on a day, and of which metric."""

    metric_id: Id


class PointSeen(Seen):
    """A point as the API shows it."""

    id: int
    version: int
    metric_id: int
    measured_on: date
    successes: int | None
    trials: int | None
    value: float | None
    num: int | None
    spread: float | None
