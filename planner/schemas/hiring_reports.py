"""What the API shows of the two reports: the funnel, and adverse impact."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from planner.models import Stage
from planner.schemas.said import Seen


class FilledSeen(Seen):
    """A requisition that was filled: days from its draft to the hire, and on whose side they passed."""

    requisition_id: int
    number: int
    chain: str
    title: str
    days: float
    pm_days: float
    operations_days: float
    candidate_days: float

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, one: Any) -> Any:
        row = one.requisition
        said = {"requisition_id": row.id, "number": row.number, "chain": row.chain, "title": row.title}
        return said | {name: getattr(one, name) for name in ("days", "pm_days", "operations_days", "candidate_days")}


class StageTimeSeen(Seen):
    """How long candidates stay at a stage: the median of those who have left it, in days."""

    stage: Stage
    num_left: int
    median_days: float | None
    num_now: int


class SourceSeen(Seen):
    """Where candidates come from, and how far they come."""

    source: str
    num: int
    num_interviewed: int
    num_offered: int
    num_hired: int


class ApproverSeen(Seen):
    """How somebody decides: how often as the plan suggests, and how many days after it was ready, in the middle."""

    name: str
    num: int
    num_followed: int
    median_days: float | None


class FunnelSeen(Seen):
    """From a need to a filled seat; `num_offers` are those that have ended."""

    filled: list[FilledSeen]
    stages: list[StageTimeSeen]
    sources: list[SourceSeen]
    num_offers: int
    num_accepted: int
    approvers: list[ApproverSeen]


class GroupSeen(Seen):
    """A group at a step: its share of those who applied ÷ the highest share, with the 95 % interval and the exact p."""

    name: str
    num: int
    selected: int
    finding: str
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, one: Any) -> Any:
        group = one.group
        said = {"name": group.name, "num": group.num, "selected": group.selected, "finding": str(one.finding)}
        return said | {name: getattr(one, name) for name in ("ratio", "low", "high", "p")}


class StepSeen(Seen):
    """How a step went, group by group."""

    step: str
    groups: list[GroupSeen]


class QuestionImpactSeen(Seen):
    """A voluntary question with its steps; `num` is everyone who applied, `num_unknown` those who did not say."""

    question: str
    num: int
    num_unknown: int
    is_flagged: bool
    steps: list[StepSeen]


class ImpactSeen(Seen):
    """The report on adverse impact: counts of groups, and nobody in particular."""

    questions: list[QuestionImpactSeen]
