"""What may be asked about a plan that takes solving again: why this person, why nobody, what rules cost, what else."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.schemas.planning_inquiries import InquirySeen, Limit
from planner.schemas.said import Maybe, Said, Seen, ShortText

Differ = Annotated[int, Field(ge=1, le=1000)]


class ExplainKind(StrEnum):
    """What is asked."""

    WHY = "why"
    NOBODY = "nobody"
    PRICES = "prices"
    OTHERS = "others"
    WEIGHTS = "weights"
    UNKNOWNS = "unknowns"


class ExplainSaid(Said):
    """A question: about a seat (why, nobody), a person on it (why), or the whole plan; `differ` is for other plans.

    `person` may be left out: then it is whoever holds the seat, or, where scores are missing, everybody.
    """

    kind: ExplainKind
    seat: Maybe[ShortText] = Field(None, validate_default=True)
    person: Maybe[ShortText] = None
    differ: Differ = 3
    time_limit_s: Limit = 10

    @field_validator("seat")
    @classmethod
    def _is_named(cls, seat: str | None, info: ValidationInfo) -> str | None:
        if seat is None and info.data.get("kind") in (ExplainKind.WHY, ExplainKind.NOBODY):
            raise PydanticCustomError("missing", "Fill this in.")
        return seat

    @property
    def about(self) -> dict[str, Any]:
        """What the question is about: those that share it have the same answer."""
        return {
            "seat": self.seat if self.kind in (ExplainKind.WHY, ExplainKind.NOBODY) else None,
            "person": self.person if self.kind in (ExplainKind.WHY, ExplainKind.UNKNOWNS) else None,
            "differ": self.differ if self.kind is ExplainKind.OTHERS else None,
        }


class ExplainSeen(InquirySeen):
    """A question, and whether the plan has moved on since; figures are in points, the answer names keys."""

    is_old: bool


class ExplainPage(Seen):
    """The questions asked about a plan, the newest first."""

    items: list[ExplainSeen]


class SieveSeen(Seen):
    """One rule that leaves people out: those counted here first, by itself, and for no other reason."""

    code: str
    what: list[str]
    value: int | None
    low: float | None
    high: float | None
    num_first: int
    num_alone: int
    num_only: int


class ScoredSeen(Seen):
    """Somebody who may hold the seat: points there by the seat alone, and the seats that they hold instead."""

    person: str
    points: int
    is_mentored: bool
    is_holder: bool
    busy_on: list[str]


class PoolSeen(Seen):
    """Everyone considered for a seat: `num_people` is `num_removed` and those who are scored together."""

    seat: str
    num_people: int
    num_removed: int
    sieves: list[SieveSeen]
    scored: list[ScoredSeen]
