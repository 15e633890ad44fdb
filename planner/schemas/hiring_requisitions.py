"""What may be said of a requisition: the authority to hire for seats."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.models import RequisitionState, Side
from planner.schemas.rows import distinct
from planner.schemas.said import Effort, Id, LongText, Maybe, Minor, Moment, Name, Reason, Said, Seen
from planner.schemas.staffing_needs import MOST_LINES, Group, NeedSkillSaid, NeedStyleSaid, Tags


class StateSaid(Said):
    """How far a requisition has come from now on."""

    state: RequisitionState


class RequisitionSaid(Said):
    """A requisition. With a role need, its criteria are carried over from there. Cost is for one full-time period."""

    title: Name
    need_id: Maybe[Id] = None
    num_seats: Annotated[int, Field(ge=1, le=1000)] = 1
    site_id: Maybe[Id] = None
    starts_on: Maybe[Moment] = None
    ends_on: Maybe[Moment] = None
    fte_pct: Effort = 100
    max_cost_minor: Maybe[Minor] = None
    reason: LongText = ""
    is_anonymous: bool = False

    @field_validator("ends_on")
    @classmethod
    def _is_after_start(cls, end: datetime | None, info: ValidationInfo) -> datetime | None:
        begin = info.data.get("starts_on")
        if begin is not None and end is not None and begin >= end:
            raise PydanticCustomError("ends_before_it_begins", "The end is not after the beginning.")
        return end


class CriteriaSaid(Said):
    """What a requisition asks of whoever is hired, and why that changes."""

    skills: Annotated[list[NeedSkillSaid], Field(max_length=MOST_LINES), distinct("skill_id")] = []
    styles: Annotated[list[NeedStyleSaid], Field(max_length=MOST_LINES), distinct("style_id")] = []
    tags: Tags = []
    any_of: Annotated[list[Group], Field(max_length=MOST_LINES)] = []
    change_reason: Reason

    @field_validator("tags")
    @classmethod
    def _each_once(cls, value: list[str]) -> list[str]:
        return list(dict.fromkeys(value))


class SignatureSaid(Said):
    """Which number of the terms somebody has read and signs."""

    terms_number: Id


class GapSaid(Said):
    """The gap of a plan from which a requisition is born."""

    plan_id: Id
    seat_key: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class SignatureSeen(Seen):
    """Who signed, for which side, and when."""

    side: Side
    by_name: str
    at: datetime


class TermsSeen(Seen):
    """One number of a requisition's terms, and who signed them."""

    number: int
    reason: str
    changed_by: str
    changed_at: datetime
    signatures: list[SignatureSeen]


class RequisitionSeen(Seen):
    """A requisition as the API shows it."""

    id: int
    version: int
    number: int
    chain: str
    title: str
    state: RequisitionState
    need_id: int | None
    seat_key: str | None
    plan_number: int | None
    num_seats: int
    site_id: int | None
    starts_on: Moment | None
    ends_on: Moment | None
    fte_pct: int
    max_cost_minor: int | None
    is_anonymous: bool
    criteria: list[dict[str, Any]]
    reason: str
    terms: list[TermsSeen]
