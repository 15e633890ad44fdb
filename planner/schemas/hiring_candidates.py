"""What may be said of a candidate: all that is said of a person, and where they stand in the process."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, model_validator

from planner.models import Candidate, EventKind, PersonKind, Side, Stage
from planner.schemas.rows import distinct
from planner.schemas.said import Day, Id, LongText, Maybe, Reason, Said, Seen, ShortText
from planner.schemas.staffing_people import PersonPart, PersonSeen

MOST_MOVED = 200  # candidates at once


class StageSaid(Said):
    """Where a candidate stands from now on, in which column of the board, and why; declining wants a reason."""

    stage: Stage
    column_id: Maybe[Id] = None
    reason: LongText = ""


class MoveSaid(Said):
    """A candidate who moves with others, at the version that was read."""

    id: Id
    version: Id


class MovesSaid(StageSaid):
    """Where several candidates stand from now on: all of them move, or none does."""

    candidates: Annotated[list[MoveSaid], Field(min_length=1, max_length=MOST_MOVED), distinct("id")]


class ShortlistSaid(Said):
    """Whether a candidate is on the shortlist of the requisition, and why."""

    is_shortlisted: bool = True
    reason: Reason


class ApprovalSaid(Said):
    """One of the two approvals of a hire: why, and the version of the suggestion that was read."""

    reason: Reason
    plan_number: Id
    plan_version: Id


class UndoSaid(Said):
    """Why an approval, or a hire, is taken back."""

    reason: Reason


class CandidateSaid(PersonPart):
    """A person considered for a requisition and not yet employed."""

    requisition_id: Maybe[Id] = None
    stage: Stage = Stage.NEW
    applied_on: Maybe[Day] = None
    source: ShortText = ""
    note: LongText = ""
    next_step: ShortText = ""


class ApprovalSeen(Seen):
    """One of the two approvals of a hire."""

    side: Side
    by_name: str
    reason: str
    at: datetime
    plan_number: int
    plan_version: int
    is_suggested: bool


class EventSeen(Seen):
    """What happened to a candidate."""

    kind: EventKind
    at: datetime
    by_name: str
    from_stage: Stage | None
    to_stage: Stage | None
    reason: str


class CandidateSeen(PersonSeen):
    """A candidate as the API shows it: the person, and where they stand."""

    person_id: int
    requisition_id: int | None
    stage: Stage
    stage_since_on: date | None
    applied_on: date | None
    source: str
    note: str
    next_step: str
    column_id: int | None
    is_shortlisted: bool
    approvals: list[ApprovalSeen]
    events: list[EventSeen]
    kind: PersonKind = PersonKind.CANDIDATE

    @model_validator(mode="before")
    @classmethod
    def _from_both_rows(cls, row: Any) -> Any:
        if not isinstance(row, Candidate):
            return row
        theirs = (PersonSeen.model_fields.keys() & cls.model_fields.keys()) - {"id", "version"}
        return {name: getattr(row.person if name in theirs else row, name) for name in cls.model_fields}


class MovedSeen(Seen):
    """The candidates who were moved."""

    items: list[CandidateSeen]
