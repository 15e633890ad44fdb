"""What the report on criteria and outcomes is asked, what it says, and what is decided on a proposal."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import computed_field

from planner.models import ProposalState
from planner.schemas.said import Name, Reason, Said, Seen, ShortText


class ReportAsked(Said):
    """Which outcome, by its key, and of those in which role; an empty role means everybody of a team."""

    outcome: Name
    role: ShortText = ""


class ReportLookedAt(Said):
    """The same, where no outcome said means the one that most teams have."""

    outcome: ShortText = ""
    role: ShortText = ""


class LineSeen(Seen):
    """How a criterion goes with the outcome, over all teams together. `p` counts every criterion of the report."""

    criterion: str
    name: str
    num: int
    num_people: int
    rho: float | None
    low: float | None
    high: float | None
    p: float | None
    is_found: bool


class OutcomeSeen(Seen):
    """An outcome that can be asked for."""

    key: str
    name: str
    num_teams: int


class ReportSeen(Seen):
    """What went with a good outcome, and what can be asked."""

    outcomes: list[OutcomeSeen]
    outcome: str
    role: str
    num_teams: int
    num_needed: int
    is_silent: bool
    lines: list[LineSeen]


class ProposalSeen(Seen):
    """A proposal as the API shows it."""

    id: int
    version: int
    outcome_key: str
    outcome: str
    role_title: str
    skill_id: int | None
    style_id: int | None
    level: int | None
    min: float | None
    max: float | None
    weight: int
    evidence: dict[str, Any]
    made_by: str
    made_at: datetime
    state: ProposalState
    decided_by: str
    decided_at: datetime | None
    reason: str


class ProposalsMade(Seen):
    """The proposals that a report gave which were not there yet."""

    items: list[ProposalSeen]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def total(self) -> int:
        """How many."""
        return len(self.items)


class DecisionSaid(Said):
    """What somebody decides on a proposal, and why."""

    decision: Literal["accepted", "declined"]
    reason: Reason
