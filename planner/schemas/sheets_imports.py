"""What may be said of a sheet on its way in: its cells, which column means what, what was chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator

from planner.models import ImportState
from planner.schemas.said import Maybe, Said, Seen, ShortText

MOST_ROWS, MOST_COLUMNS = 50_000, 500
PASTED_LONGEST = 8_000_000
FILE_LONGEST = 28 * 2**20  # letters of base64
Cell = (
    None
    | bool
    | Annotated[int, Field(ge=-(10**15), le=10**15)]
    | Annotated[float, Field(allow_inf_nan=False)]
    | Annotated[str, StringConstraints(max_length=32_767)]
)
Row = Annotated[list[Cell], Field(max_length=MOST_COLUMNS)]
Value = str | int | float | bool | list[Any] | dict[str, Any] | None
ColumnName = Annotated[str, StringConstraints(max_length=100)]
Place = Annotated[str, StringConstraints(pattern=r"^\d{1,7}:[\w.:]{1,100}$")]
Side = Annotated[str, StringConstraints(pattern=r"^(yours|theirs)$")]


class UploadSaid(Said):
    """A text that was copied in a spreadsheet; a file goes beside it."""

    text: Annotated[str, StringConstraints(max_length=PASTED_LONGEST, strip_whitespace=False)] = ""


class SheetSaid(Said):
    """A sheet: a file in base64 with its name, or rows, the headings first. `columns` say what each means.

    Of a file with several sheets, the one called `sheet` is read; else the one in which most columns are known.
    """

    kind: ShortText
    file_name: ShortText = ""
    data: Annotated[str, StringConstraints(max_length=FILE_LONGEST)] = ""
    sheet: ShortText = ""
    rows: Annotated[list[Row], Field(max_length=MOST_ROWS)] = []
    columns: Maybe[Annotated[list[ColumnName], Field(max_length=MOST_COLUMNS)]] = None
    is_clearing: bool = False


class MappingSaid(Said):
    """What each column means, in the order of the sheet; an empty name leaves it out. Whether empty cells clear."""

    columns: Annotated[list[ColumnName], Field(min_length=1, max_length=MOST_COLUMNS)]
    is_clearing: bool = False


class ChoicesSaid(Said):
    """Whose value holds ("12:email" -> yours or theirs), which rows go, and whether refused rows are left out."""

    cells: Annotated[dict[Place, Side], Field(max_length=MOST_ROWS)] = {}
    removals: Annotated[list[int], Field(max_length=MOST_ROWS)] = []
    leaves_out: bool = False

    @field_validator("removals")
    @classmethod
    def _each_once(cls, value: list[int]) -> list[int]:
        return list(dict.fromkeys(value))


class FaultSeen(Seen):
    """What is wrong with a cell, or with the row where no column is named."""

    column: str
    code: str
    message: str


class ChangeSeen(Seen):
    """A cell that changes: what it says here, and what it would say."""

    column: str
    was: Value
    becomes: Value


class AskedSeen(Seen):
    """A cell that was changed on both sides: what it left with, what the sheet says, what is here."""

    column: str
    then: Value
    yours: Value
    theirs: Value


class KeptSeen(Seen):
    """A cell that was changed here alone, and stays: what it left with, and what it says now."""

    column: str
    then: Value
    now: Value


class LineSeen(Seen):
    """A row of the sheet, and what it would do. `number` is that of the file; 0 for a row that the sheet has not."""

    number: int
    state: str
    id: int | None
    title: str
    changes: list[ChangeSeen]
    asked: list[AskedSeen]
    kept: list[KeptSeen]
    faults: list[FaultSeen]
    has_moved: bool


class ImportSeen(Seen):
    """An import, and how many rows of the sheet would do what; `columns` in the order of the sheet."""

    id: int
    version: int
    kind: str
    state: ImportState
    name: str
    columns: list[str] = Field(validation_alias="mapping")
    is_clearing: bool
    copy_code: str
    counts: dict[str, int]
    choices: dict[str, Any]
    made_at: datetime
    expires_at: datetime
    imported_at: datetime | None
    undone_at: datetime | None
