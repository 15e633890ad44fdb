"""What may be said of an idea: by anybody; what was decided; what became of it; and of cards that move on the board."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from planner.models import IdeaState, OutcomeKind
from planner.schemas.outcomes_objectives import reason_for
from planner.schemas.rows import distinct
from planner.schemas.said import Id, LongText, Maybe, Meaning, Name, Said, Seen

MOST_CARDS = 100
OURS = r"^$|^/([^/\\\s][^\\\s]*)?$"  # a path of this planner, never another host


class IdeaSaid(Said):
    """What could be better, and what it is about."""

    title: Name
    text: LongText = ""
    project_id: Maybe[Id] = None
    skill_id: Maybe[Id] = None
    style_id: Maybe[Id] = None
    feedback_id: Maybe[Id] = None


class IdeaDecided(Said):
    """How far an idea has come; a yes, a no, and that it is done, want a reason."""

    state: IdeaState
    reason: Meaning = ""

    model_config = ConfigDict(validate_default=True)

    @field_validator("reason")
    @classmethod
    def _deciding_wants_a_reason(cls, value: str, info: ValidationInfo) -> str:
        state = info.data.get("state")
        return reason_for(value, is_wanted=state is not None and state.is_decided)


class OutcomeSaid(Said):
    """What became of an idea: in words, and where it can be seen here."""

    kind: OutcomeKind = OutcomeKind.OTHER
    text: Name
    address: Annotated[str, StringConstraints(max_length=500, pattern=OURS)] = ""
    need_id: Maybe[Id] = None


class Lane(StrEnum):
    """A column of the board, for feedback and for ideas alike."""

    NEW = "new"
    LOOKED_AT = "looked_at"
    TAKEN = "taken"
    DONE = "done"
    CLOSED = "closed"


class CardSaid(Said):
    """A card of the board, and the version that was read."""

    kind: Literal["feedback", "idea"]
    id: Id
    version: Annotated[int, Field(ge=1)]

    @property
    def key(self) -> str:
        """What no two cards share."""
        return f"{self.kind}-{self.id}"


class CardsMoved(Said):
    """Cards, and the column that they move to."""

    cards: Annotated[list[CardSaid], Field(min_length=1, max_length=MOST_CARDS), distinct("key")]
    to: Lane
    reason: Meaning = ""


class OutcomeSeen(Seen):
    """What became of an idea."""

    kind: OutcomeKind
    text: str
    address: str
    need_id: int | None
    by_name: str
    at: datetime


class IdeaSeen(Seen):
    """An idea as the API shows it."""

    id: int
    version: int
    title: str
    text: str
    project_id: int | None
    skill_id: int | None
    style_id: int | None
    feedback_id: int | None
    state: IdeaState
    state_reason: str
    state_by: str
    state_at: datetime | None
    by_name: str
    created_at: datetime
    outcomes: list[OutcomeSeen]


class VotesSeen(Seen):
    """How many think that an idea is good, and whether one does so oneself."""

    idea_id: int
    num: int
    is_mine: bool
