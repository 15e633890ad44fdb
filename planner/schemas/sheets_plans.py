"""What may be said of a plan's sheet that leaves, comes back and is taken."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from planner.schemas.planning_plans import Key, ReasonSaid
from planner.schemas.said import Said, Seen, ShortText

MOST_CHOICES = 100_000
MOST_LETTERS = 24 * 2**20  # of the largest file that is read, in base64


class SheetFileSaid(Said):
    """A file that comes back: there is nothing to say beside it."""


class SheetLeavingSaid(Said):
    """As what a plan's seats shall leave, and in which language."""

    format: Literal["xlsx", "csv"] = "xlsx"
    language: Literal["en", "fr"] = "en"


class SheetFileData(Said):
    """A file that comes back, in base64."""

    file_name: ShortText
    data: Annotated[str, StringConstraints(min_length=1, max_length=MOST_LETTERS)]


class SheetTakenSaid(ReasonSaid):
    """What shall stand for each cell that both sides have changed, and who is meant by names that nobody has."""

    choices: Annotated[dict[Key, Literal["sheet", "present"]], Field(max_length=MOST_CHOICES)] = {}
    names: Annotated[dict[Key, str], Field(max_length=MOST_CHOICES)] = {}


class SheetCellSeen(Seen):
    """A cell on all three sides: a person's key, or a day; `key` is what a choice names."""

    key: str
    label: str
    then: str | None
    sheet: str | None
    present: str | None


class SheetToldSeen(Seen):
    """What is not taken of a sheet: where it stands there, and why."""

    ref: str
    code: str
    sentence: str


class SheetNameSeen(Seen):
    """A name that nobody has, or several have, and who may be meant: person keys by name."""

    ref: str
    seat: str
    typed: str
    offers: dict[str, str]


class SheetComparedSeen(Seen):
    """What a sheet brings to a plan. `from_plan`, `from_version` are null where nobody knows what it left with."""

    id: int
    code: str | None
    from_plan: int | None
    from_version: int | None
    is_nothing_new: bool
    merged: list[SheetCellSeen]
    conflicts: list[SheetCellSeen]
    told: list[SheetToldSeen]
    names: list[SheetNameSeen]
