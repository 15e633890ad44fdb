"""What may be said of a candidate: all that is said of a person, and where they stand in the process."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import model_validator

from planner.models import Candidate, PersonKind, Stage
from planner.schemas.said import Id, LongText, Maybe, Said, ShortText
from planner.schemas.staffing_people import PersonPart, PersonSeen


class StageSaid(Said):
    """Where a candidate stands from now on."""

    stage: Stage


class CandidateSaid(PersonPart):
    """A person considered for a requisition and not yet employed."""

    requisition_id: Maybe[Id] = None
    stage: Stage = Stage.NEW
    applied_on: Maybe[date] = None
    source: ShortText = ""
    note: LongText = ""


class CandidateSeen(PersonSeen):
    """A candidate as the API shows it: the person, and where they stand."""

    person_id: int
    requisition_id: int | None
    stage: Stage
    stage_since_on: date | None
    applied_on: date | None
    source: str
    note: str
    kind: PersonKind = PersonKind.CANDIDATE

    @model_validator(mode="before")
    @classmethod
    def _from_both_rows(cls, row: Any) -> Any:
        if not isinstance(row, Candidate):
            return row
        own = {"id", "version", "person_id", "requisition_id"} | CandidateSaid.model_fields.keys() | {"stage_since_on"}
        own -= PersonPart.model_fields.keys()
        return {name: getattr(row if name in own else row.person, name) for name in cls.model_fields}
