"""What may be said of what comes in about a candidate: a pasted text, an application, and a draft that is confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from planner.models import LEVEL_LARGEST, IntakeKind, IntakeState
from planner.schemas.rows import distinct
from planner.schemas.said import Id, LongText, Maybe, Name, Said, Seen, ShortText
from planner.schemas.staffing_people import Email, Language

MOST_SKILLS = 200
PASTED_LONGEST = 100_000
FILE_LONGEST = 17 * 2**20  # letters of base64
Pasted = Annotated[str, StringConstraints(max_length=PASTED_LONGEST)]


def _is_given(text: str) -> str:
    if not text:
        raise PydanticCustomError("email", "This is not an e-mail address.")
    return text


class IntakeSaid(Said):
    """What comes in by hand: a text (a file goes beside it), for a requisition."""

    requisition_id: Maybe[Id] = None
    text: Pasted = ""


class FileSaid(IntakeSaid):
    """A file, in base64."""

    file_name: ShortText
    data: Annotated[str, StringConstraints(min_length=1, max_length=FILE_LONGEST)]


class ApplicationSaid(Said):
    """What somebody sends of themselves from a requisition's own page. A file may go beside it."""

    name: Name
    email: Annotated[Email, AfterValidator(_is_given)]
    message: LongText = ""
    has_read_notice: bool = False


class ConfirmedSkill(Said):
    """A skill that was read, and the level that a person gives it; without one it is not taken."""

    skill_id: Id
    level: Annotated[int, Field(ge=1, le=LEVEL_LARGEST)]


class ConfirmedSaid(Said):
    """A draft as a person confirms it. An address that is known wants a choice: who it is, or that it is another."""

    name: Name
    email: Email = ""
    languages: Annotated[list[Language], Field(max_length=30)] = []
    skills: Annotated[list[ConfirmedSkill], Field(max_length=MOST_SKILLS), distinct("skill_id")] = []
    note: LongText = ""
    requisition_id: Maybe[Id] = None
    merge_into: Maybe[Id] = None
    is_another_person: bool = False


class IntakeSeen(Seen):
    """What came in, as the API shows it."""

    id: int
    version: int
    kind: IntakeKind
    state: IntakeState
    requisition_id: int | None
    candidate_id: int | None
    file_name: str
    draft: dict[str, Any]
    message: str
    came_at: datetime
    came_by: str
