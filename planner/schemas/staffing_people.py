"""What may be said of a person: who, what they can give and when, what they can do, how they work, what they wish."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.models import LEVEL_LARGEST, AbsenceKind, PersonKind, RatingSource
from planner.schemas.rows import distinct, without_overlap
from planner.schemas.said import (
    Currency,
    Day,
    Id,
    LastDay,
    Maybe,
    Minor,
    Moment,
    Name,
    Percent,
    Said,
    Seen,
    ShortText,
    Tag,
    Whole,
)
from planner.schemas.staffing_sites import known_currency

MOST_ROWS = 1000
MOST_TAGS = 5000  # files from elsewhere say by tags who may do what
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)]


def _address_or_nothing(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise PydanticCustomError("email", "This is not an e-mail address.")
    return text


Email = Annotated[
    ShortText, Field(json_schema_extra={"pattern": r"^([^@\s]+@[^@\s]+)?$"}), AfterValidator(_address_or_nothing)
]
Score = Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)]


class CapacityRow(Said):
    """What someone can give, in percent of full time, from a moment until another; open where one is empty."""

    fte_pct: Percent
    from_on: Maybe[Moment] = None
    to_on: Maybe[Moment] = None

    @field_validator("to_on")
    @classmethod
    def _is_after_from(cls, end: datetime | None, info: ValidationInfo) -> datetime | None:
        begin = info.data.get("from_on")
        if begin is not None and end is not None and begin >= end:
            raise PydanticCustomError("ends_before_it_begins", "The end is not after the beginning.")
        return end


class AbsenceSaid(Said):
    """Days on which someone is away, the first and the last included."""

    from_on: date
    to_on: LastDay
    kind: AbsenceKind = AbsenceKind.LEAVE


class SkillRow(Said):
    """A level in a skill, with its source and date."""

    skill_id: Id
    level: Annotated[int, Field(ge=1, le=LEVEL_LARGEST)]
    source: RatingSource = RatingSource.MANAGER
    rated_on: Maybe[Day] = None


class StyleRow(Said):
    """A score of a work style, with its rater, source and date."""

    style_id: Id
    score: Score
    source: RatingSource = RatingSource.MANAGER
    rater: ShortText = ""
    rated_on: Maybe[Day] = None

    @field_validator("score")
    @classmethod
    def _in_tenths(cls, score: float) -> float:
        return round(score, 1)


class WishRow(Said):
    """How much someone wants (to 100) or does not want (to -100) to work on a project."""

    project_id: Id
    wish: Annotated[int, Field(ge=-100, le=100)]


class PersonPart(Said):
    """What is said alike of staff and of candidates. Cost is for one full-time period."""

    name: Name
    email: Email = ""
    site_id: Maybe[Id] = None
    languages: Annotated[list[Language], Field(max_length=30)] = []
    tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)] = []
    cost_minor: Minor = 0
    cost_currency: Annotated[Currency, AfterValidator(known_currency)] = ""
    hire_cost_minor: Minor = 0
    earliest_on: Maybe[Moment] = None
    notice_periods: Whole = 0
    ramp_up_periods: Whole = 0
    ramp_up_pct: Percent = 100
    acceptance_pct: Percent = 100
    capacity_spans: Annotated[list[CapacityRow], Field(max_length=MOST_ROWS), without_overlap(ends_included=False)] = [
        CapacityRow(fte_pct=100)
    ]
    absences: Annotated[list[AbsenceSaid], Field(max_length=MOST_ROWS), without_overlap(ends_included=True)] = []
    skills: Annotated[list[SkillRow], Field(max_length=MOST_ROWS), distinct("skill_id")] = []
    styles: Annotated[list[StyleRow], Field(max_length=MOST_ROWS), distinct("style_id")] = []
    wishes: Annotated[list[WishRow], Field(max_length=MOST_ROWS), distinct("project_id")] = []

    @field_validator("languages", "tags")
    @classmethod
    def _each_once(cls, values: list[str]) -> list[str]:
        return list(dict.fromkeys(values))


class PersonSaid(PersonPart):
    """Someone who can work: staff, or a hypothetical person. Candidates are said with their requisition and stage."""

    kind: PersonKind = PersonKind.EMPLOYEE

    @field_validator("kind")
    @classmethod
    def _is_no_candidate(cls, kind: PersonKind) -> PersonKind:
        if kind is PersonKind.CANDIDATE:
            raise PydanticCustomError("candidate_has_own_page", "A candidate is added under Candidates.")
        return kind


class AbsenceSeen(Seen):
    """An absence as the API shows it."""

    id: int
    version: int
    from_on: date
    to_on: date
    kind: AbsenceKind


class CapacitySeen(Seen):
    """A capacity row as the API shows it."""

    fte_pct: int
    from_on: Moment | None
    to_on: Moment | None


class SkillHeldSeen(Seen):
    """A person's skill as the API shows it."""

    skill_id: int
    level: int
    source: RatingSource
    rated_on: date | None


class StyleHeldSeen(Seen):
    """A person's work style as the API shows it."""

    style_id: int
    score: float
    source: RatingSource
    rater: str
    rated_on: date | None


class WishSeen(Seen):
    """A wish as the API shows it."""

    project_id: int
    wish: int


class PersonSeen(Seen):
    """A person as the API shows it; what it shows can be said again."""

    id: int
    key: str
    version: int
    kind: PersonKind
    name: str
    email: str
    site_id: int | None
    languages: list[str]
    tags: list[str]
    cost_minor: int
    cost_currency: str
    hire_cost_minor: int
    earliest_on: Moment | None
    notice_periods: int
    ramp_up_periods: int
    ramp_up_pct: int
    acceptance_pct: int
    capacity_spans: list[CapacitySeen]
    absences: list[AbsenceSeen]
    skills: list[SkillHeldSeen]
    styles: list[StyleHeldSeen]
    wishes: list[WishSeen]
