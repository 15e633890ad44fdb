"""What may be said of an experiment and its arms, and what its result says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.models import MOST_ARMS, NUMBER_LARGEST, ExperimentKind, ExperimentState
from planner.schemas.outcomes_metrics import Count, Number, Spread
from planner.schemas.rows import distinct
from planner.schemas.said import Day, Id, LongText, Maybe, Name, Said, Seen, within_calendars

LEAST_ARMS = 2
Effect = Annotated[float, Field(gt=0, le=NUMBER_LARGEST, allow_inf_nan=False)]


class ArmSaid(Said):
    """What an arm has collected: how many, and the successes among them; or their mean and its spread."""

    name: Name
    num: Count = 0
    successes: Maybe[Count] = None
    mean: Maybe[Number] = None
    spread: Maybe[Spread] = None

    @field_validator("successes")
    @classmethod
    def _are_not_above_num(cls, successes: Any, info: ValidationInfo) -> Any:
        num = info.data.get("num")
        if successes is not None and num is not None and successes > num:
            raise PydanticCustomError("successes_above_trials", "There are more successes than tries.")
        return successes


def _two_or_more(arms: list[ArmSaid]) -> list[ArmSaid]:
    if len(arms) < LEAST_ARMS:
        raise PydanticCustomError("two_arms_wanted", "Compare two at least: the control, and what is tried.")
    return arms


Arms = Annotated[
    list[ArmSaid],
    Field(max_length=MOST_ARMS, json_schema_extra={"minItems": LEAST_ARMS}),
    distinct("name"),
    AfterValidator(_two_or_more),
]


class ExperimentSaid(Said):
    """An experiment; the first of its arms is the control. Its end is planned: a day, a number for each arm, or both.

    The smallest effect that matters is in percentage points of a share, in the unit of a mean.
    """

    project_id: Id
    phase_id: Maybe[Id] = None
    name: Name
    hypothesis: LongText = ""
    measure: Name
    kind: ExperimentKind
    is_higher_better: bool = True
    starts_on: Annotated[date, AfterValidator(within_calendars)]
    ends_on: Maybe[Day] = None
    planned_num: Maybe[Annotated[int, Field(ge=1, le=NUMBER_LARGEST)]] = Field(default=None, validate_default=True)
    smallest_effect: Maybe[Effect] = None
    arms: Arms

    @field_validator("ends_on")
    @classmethod
    def _is_not_before_start(cls, ends_on: Any, info: ValidationInfo) -> Any:
        starts_on = info.data.get("starts_on")
        if ends_on is not None and starts_on is not None and ends_on < starts_on:
            raise PydanticCustomError("ends_before_it_begins", "This ends before it begins.")
        return ends_on

    @field_validator("planned_num")
    @classmethod
    def _or_an_end_is_planned(cls, planned_num: Any, info: ValidationInfo) -> Any:
        if planned_num is None and info.data.get("ends_on") is None and "ends_on" in info.data:
            raise PydanticCustomError("end_is_not_planned", "Say when it ends, or at how many.")
        return planned_num

    @field_validator("smallest_effect")
    @classmethod
    def _is_a_share(cls, effect: Any, info: ValidationInfo) -> Any:
        if effect is not None and effect >= 100 and info.data.get("kind") is ExperimentKind.SHARE:
            raise PydanticCustomError("effect_is_no_share", "No share moves by 100 points or more.")
        return effect


class ArmSeen(Seen):
    """An arm as the API shows it."""

    name: str
    num: int
    successes: int | None
    mean: float | None
    spread: float | None


class LookSeen(Seen):
    """A look at a result before it was due."""

    num: int
    times: int
    first_by: str
    first_at: datetime
    last_at: datetime


class ExperimentSeen(Seen):
    """An experiment as the API shows it; what it shows so far stands in its result."""

    id: int
    version: int
    project_id: int
    phase_id: int | None
    name: str
    hypothesis: str
    measure: str
    kind: ExperimentKind
    is_higher_better: bool
    state: ExperimentState
    starts_on: date
    ends_on: date | None
    planned_num: int | None
    smallest_effect: float | None
    ended_on: date | None
    arms: list[ArmSeen]


class EndSaid(Said):
    """That an experiment has ended, and on which day it collected last."""

    ended_on: Annotated[date, AfterValidator(within_calendars)]


class ComparedSeen(Seen):
    """An arm beside the control. `p` counts all comparisons of the experiment; what cannot be said is left out."""

    arm: str
    verdict: str
    difference: float | None
    relative: float | None
    low: float | None
    high: float | None
    p: float | None
    p_alone: float | None
    method: str | None
    power: float | None
    num_needed: int | None
    always_low: float | None
    always_high: float | None
    sentence: str


class ResultSeen(Seen):
    """What an experiment shows: each arm beside the control. Shares are fractions of one here."""

    is_final: bool
    num_looks: int
    false_alarm: float | None
    compared: list[ComparedSeen]
