"""What may be said on a scorecard, and what raters agree on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.models import LEVEL_LARGEST, RatedKind
from planner.schemas.said import LongText, Said, Seen, ShortText

MOST_RATINGS = 120
LEAST_STYLE, MOST_STYLE = 1, 5
Key = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class ScoreSaid(Said):
    """A score of one criterion: a level of a skill from 0 on, a work style from 1 to 5."""

    kind: RatedKind
    key: Key
    score: Annotated[float, Field(ge=0, le=LEVEL_LARGEST, allow_inf_nan=False)]

    @field_validator("score")
    @classmethod
    def _is_on_its_scale(cls, score: float, info: ValidationInfo) -> float:
        if info.data.get("kind") is RatedKind.STYLE and not LEAST_STYLE <= score <= MOST_STYLE:
            raise PydanticCustomError("style_score_off_scale", "Work styles are scored from 1 to 5.")
        if info.data.get("kind") is RatedKind.SKILL and score != int(score):
            raise PydanticCustomError("int_from_float", "Levels are whole numbers.")
        return round(score, 1)


class RatingSaid(ScoreSaid):
    """A score with what was seen or heard."""

    evidence: LongText = ""


def _each_once(rows: list[ScoreSaid]) -> list[ScoreSaid]:
    if len({(row.kind, row.key) for row in rows}) < len(rows):
        raise PydanticCustomError("said_twice", "This stands in another row already.")
    return rows


class ScorecardSaid(Said):
    """One rater's view; once it is in, it stays as it is. What was not seen is left out."""

    ratings: Annotated[list[RatingSaid], Field(max_length=MOST_RATINGS)] = []
    note: LongText = ""
    is_submitted: bool = False

    @field_validator("ratings")
    @classmethod
    def _each_once(cls, rows: list[RatingSaid]) -> list[RatingSaid]:
        _each_once(list(rows))
        return rows


class AgreedSaid(Said):
    """What goes into the candidate's profile."""

    scores: Annotated[list[ScoreSaid], Field(min_length=1, max_length=MOST_RATINGS)]

    @field_validator("scores")
    @classmethod
    def _each_once(cls, rows: list[ScoreSaid]) -> list[ScoreSaid]:
        return _each_once(rows)


class RatingSeen(Seen):
    """A rating as the API shows it."""

    kind: RatedKind
    key: str
    score: float
    evidence: str


class ScorecardSeen(Seen):
    """A scorecard as the API shows it, to those who may read it by now."""

    id: int
    version: int
    candidate_id: int
    rater_name: ShortText
    note: str
    submitted_at: datetime | None
    is_passed: bool
    ratings: list[RatingSeen]


class ScorecardsSeen(Seen):
    """The scorecards that one may read, and how many others are in that one may not read yet."""

    items: list[ScorecardSeen]
    num_hidden: int
