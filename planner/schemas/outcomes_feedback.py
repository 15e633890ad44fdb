"""What may be said of feedback: by staff, by a client behind a link, and of the link itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.models import SENTIMENTS, FeedbackSource, FeedbackState, today
from planner.schemas.outcomes_objectives import SeenDay, reason_for
from planner.schemas.said import Id, Maybe, Meaning, Reason, Said, Seen, ShortText

LONGEST_LINK = timedelta(days=365)
Sentiment = Annotated[int, Field(ge=SENTIMENTS[0], le=SENTIMENTS[-1])]


class FeedbackSaid(Said):
    """What a client or a user said, how they felt by what a person chose, and what it is about."""

    text: Reason
    sentiment: Sentiment
    source: FeedbackSource = FeedbackSource.MEETING
    said_by: ShortText = ""
    said_on: SeenDay
    project_id: Maybe[Id] = None
    phase_id: Maybe[Id] = None
    seat_id: Maybe[Id] = None
    skill_id: Maybe[Id] = None
    style_id: Maybe[Id] = None


class FeedbackStateSaid(Said):
    """What became of feedback; that nothing is done wants a reason."""

    state: FeedbackState
    reason: Meaning = ""

    model_config = ConfigDict(validate_default=True)

    @field_validator("reason")
    @classmethod
    def _nothing_wants_a_reason(cls, value: str, info: ValidationInfo) -> str:
        return reason_for(value, is_wanted=info.data.get("state") is FeedbackState.NO_ACTION)


class ClientSaid(Said):
    """What a client says from their link."""

    sentiment: Sentiment
    text: Reason
    said_by: ShortText = ""


def _is_ahead(value: date) -> date:
    if value < today():
        raise PydanticCustomError("date_is_past", "Choose a day from today on.")
    if value > today() + LONGEST_LINK:
        raise PydanticCustomError("date_too_far", "Choose a day within a year.")
    return value


class ClientLinkSaid(Said):
    """A link for a client: of which team, for one answer or for many until a day, that day included."""

    until: Annotated[date, AfterValidator(_is_ahead)]
    is_single_use: bool = False
    phase_id: Maybe[Id] = None
    note: ShortText = ""


class FeedbackSeen(Seen):
    """Feedback as the API shows it."""

    id: int
    version: int
    text: str
    sentiment: int
    source: FeedbackSource
    said_by: str
    said_on: date
    project_id: int | None
    phase_id: int | None
    seat_id: int | None
    skill_id: int | None
    style_id: int | None
    state: FeedbackState
    state_reason: str
    state_by: str
    state_at: datetime | None
    by_name: str
    created_at: datetime


class ClientLinkSeen(Seen):
    """A link as the API shows it; what it carries is known to whoever made it alone."""

    id: int
    project_id: int
    phase_id: int | None
    note: str
    is_single_use: bool
    num_used: int
    used_at: datetime | None
    made_at: datetime
    made_by: str
    expires_at: datetime
    ended_at: datetime | None


class ClientLinksSeen(Seen):
    """The links of a project, the latest first."""

    items: list[ClientLinkSeen]


class MadeLinkSeen(ClientLinkSeen):
    """A link that was just made, with its address, which is shown this once."""

    url: str
