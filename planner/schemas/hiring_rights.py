"""What may be said of candidates' rights: notices, bases of use, what they ask for, how long data is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from planner.models import AskedFor, LegalBasis, Purpose
from planner.schemas.said import LongText, Reason, Said, Seen, ShortText

Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$", to_upper=True)]
NoticeText = Annotated[str, StringConstraints(min_length=40, max_length=20_000)]


class NoticeSaid(Said):
    """The next version of what candidates are told."""

    text: NoticeText
    text_fr: Annotated[str, StringConstraints(max_length=20_000)] = ""


class UseSaid(Said):
    """On what basis a candidate's data is used for a purpose."""

    purpose: Purpose
    basis: LegalBasis


class WithdrawnSaid(Said):
    """A purpose for which a candidate's data is used no more, and what they said."""

    purpose: Purpose
    reason: LongText = ""


class AskedSaid(Said):
    """What a candidate asks for on their own sheet."""

    kind: AskedFor
    text: Reason


class AnsweredSaid(Said):
    """What a person answers."""

    answer: Reason


class ErasedSaid(Said):
    """Why somebody's data is erased."""

    reason: Reason


class RetentionSaid(Said):
    """For how many months data is kept after a process has ended; without a country, where no other rule holds."""

    country: Country = ""
    from_on: date
    months: Annotated[int, Field(ge=0, le=240)]
    source: ShortText = ""


class NoticeSeen(Seen):
    """A version of the notice as the API shows it."""

    id: int
    number: int
    text: str
    text_fr: str
    published_at: datetime
    published_by: str


class RetentionSeen(Seen):
    """A retention rule as the API shows it."""

    id: int
    country: str
    from_on: date
    months: int
    source: str


class UseSeen(Seen):
    """On what basis a candidate's data is used for a purpose, and until when it was."""

    candidate_id: int
    purpose: Purpose
    basis: LegalBasis
    given_at: datetime
    withdrawn_at: datetime | None


class DueCandidate(Seen):
    """A candidate whose time is over."""

    candidate_id: int
    country: str
    ended_on: date
    due_on: date
    months: int

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, due: Any) -> Any:
        return {
            "candidate_id": due.candidate.id,
            "country": due.country,
            "ended_on": due.ended_on,
            "due_on": due.due_on,
            "months": due.rule.months,
        }


class DueSeen(Seen):
    """Whose time is over, the longest first."""

    items: list[DueCandidate]


class ErasureSeen(Seen):
    """What is left of somebody whose data was erased."""

    id: int
    erased_at: datetime
    erased_by: str
    why: str
    requisition_number: int | None
    last_stage: str
