"""What may be asked about a plan that takes solving again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from planner.models import InquiryKind, JobState
from planner.schemas.said import Effort, Maybe, Minor, Said, Seen, Whole

Limit = Annotated[int, Field(ge=4, le=600)]


class OpeningsSaid(Said):
    """Which profiles to hire: at most so many, or for so much; what a hire costs, and when one could begin."""

    max_hires: Maybe[Whole] = None
    hire_budget_minor: Maybe[Minor] = None
    hire_cost_minor: Minor = 0
    earliest_periods: Whole = 0
    fte_pct: Effort = 100
    time_limit_s: Limit = 30


class DeclinesSaid(Said):
    """What becomes of the plan for each hire that says no."""

    time_limit_s: Limit = 30


class InquirySeen(Seen):
    """A question, how far it is (`share`, 0 to 1), and its answer; worth and losses are in points of the plan."""

    id: int
    plan_id: int
    plan_version: int
    kind: InquiryKind
    asked: dict[str, Any]
    asked_by: str
    asked_at: datetime
    state: JobState
    share: float
    answer: dict[str, Any] | None
