"""A spreadsheet that somebody brings: its sheets, cell by cell, read in the bounded child.

`read_workbook` takes a file of any kind that is known, `read_pasted` what was copied in a spreadsheet. Text stays the
text that it is (“007”), a number is the number that its cell shows, and a cell that has no value to take is a
`Fault`, which knows why. Where the first rows say that we wrote a CSV, the apostrophes that we put before some texts
are taken off again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from planner.exchange import bounded
from planner.exchange.csv_zip import unescape
from planner.exchange.sheets.limits import MOST_BYTES, Unreadable
from planner.exchange.words import N_

OPENER = "planner.exchange.sheets.opening:opened"
STAMP_SHEET = "_planner"
STAMP = "planner-sheet/1"
MARK = re.compile(r"Id \((E[1-9]\d{0,8}(?:-[0-9A-F]{4})?)(, CSV)?\)")
MOST_ROWS_ABOVE = 20  # of a header that somebody moved down
ENDINGS = {
    "xlsx": ("xlsx", "xlsm"),
    "xlsm": ("xlsm", "xlsx"),
    "xls": ("xls",),
    "ods": ("ods",),
    "csv": ("csv", "tsv", "txt", "tab"),
}
KNOWN_ENDINGS = frozenset(ending for endings in ENDINGS.values() for ending in endings)

NAMES_OF_KINDS = {
    "xlsx": N_("an Excel workbook"),
    "xlsm": N_("an Excel workbook with macros"),
    "xls": N_("an old Excel workbook"),
    "ods": N_("an OpenDocument sheet"),
    "csv": N_("a text with delimiters"),
}
NOTES = {
    "sheet_is_named_wrongly": N_("The file is called .%(ending)s but is %(kind)s; it was read as what it is."),
    "sheet_has_macros": N_("The file holds macros. Only its values were read; nothing in it was run."),
}
CELL_FAULTS = {
    "cell_is_error": N_("The cell shows the error %(shown)s."),
    "cell_has_no_result": N_(
        "The cell holds a formula whose result is not in the file. Open and save it in Excel once."
    ),
    "cell_is_no_date": N_("“%(shown)s” is not a date. Write it as 2026-03-16."),
    "cell_is_no_clear_date": N_(
        "It is not clear which is the day and which the month in “%(shown)s”. Write 2026-03-16."
    ),
    "cell_is_no_number": N_("The cell holds %(shown)s, which is not a number."),
    "cell_is_no_sure_date": N_("%(shown)s is before 1 March 1900, where spreadsheets count a day that never was."),
    "cell_is_too_long": N_("The text is longer than 32,767 characters, which is the most that a cell can hold."),
}


class Fault(NamedTuple):
    """A cell that has no value to take; `code` finds the sentence in CELL_FAULTS, which `shown` fills."""

    code: str
    shown: str


Cell = None | str | int | float | bool | date | datetime | Fault


class Note(NamedTuple):
    """What somebody should know of a file; `code` finds the sentence in NOTES."""

    code: str
    ending: str = ""
    kind: str = ""


class Place(NamedTuple):
    """A cell of a sheet, from 0, and what is wrong with it."""

    sheet: str
    row: int
    col: int
    fault: Fault

    @property
    def ref(self) -> str:
        return cell_ref(self.row, self.col)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[0]` is its first row, whatever stands there; rows may be of different lengths."""

    name: str
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a hidden sheet of ours says: the export's code, the checksum over what left, and the ids of the rows."""

    code: str
    checksum: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """All visible sheets of a file, and what somebody should know of it.

    `code` is that of the export that the file was, by its hidden sheet or by its visible id column.
    """

    kind: str
    sheets: tuple[Sheet, ...]
    notes: tuple[Note, ...] = ()
    stamp: Stamp | None = None
    code: str | None = None

    def faults(self) -> Iterator[Place]:
        """The cells that have no value to take."""
        for sheet in self.sheets:
            for num, row in enumerate(sheet.rows):
                for col, cell in enumerate(row):
                    if isinstance(cell, Fault):
                        yield Place(sheet.name, num, col, cell)


def read_workbook(data: bytes, name: str = "") -> Book:
    """The sheets of a file; it may take seconds, so no lock should be held meanwhile.

    Raises
    ------
    Unreadable
        Where nothing can be taken of it; its code finds the sentence.
    """
    book = _book(_read(data))
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if not ending or ending in ENDINGS[book.kind]:
        return book
    if ending not in KNOWN_ENDINGS and book.kind == "csv":  # any text could be read as a table
        raise Unreadable("file_is_no_sheet")
    return replace(book, notes=(Note("sheet_is_named_wrongly", ending, book.kind), *book.notes))


def read_pasted(text: str) -> Book:
    """The cells of a text that was copied in a spreadsheet: one sheet, cells apart by tabs where there are any."""
    return _book(_read(text.encode("utf-8", "replace"), b"pasted"))


def _read(data: bytes, pasted: bytes = b"") -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise Unreadable("sheet_file_too_large", most=MOST_BYTES // 2**20)
    try:
        found: dict[str, Any] = bounded.read(OPENER, data, pasted)
    except bounded.Unread as error:
        raise Unreadable(error.code) from error
    if "unread" in found:
        raise Unreadable(found["unread"], **found["params"])
    return found


def _book(found: dict[str, Any]) -> Book:
    sheets, stamp, code = [], None, None
    for one in found["sheets"]:
        rows = one["rows"]
        if one["is_hidden"]:
            stamp = stamp or (_stamp(rows) if one["name"] == STAMP_SHEET else None)
            continue
        mark = _mark(rows)
        if mark is not None:
            code = code or mark[1]
        _revive(rows, is_escaped=mark is not None and mark[2] is not None)
        sheets.append(Sheet(one["name"], rows))
    if not any(sheet.rows for sheet in sheets):
        raise Unreadable("sheet_is_empty")
    return Book(found["kind"], tuple(sheets), tuple(map(Note, found["notes"])), stamp, stamp.code if stamp else code)


def _stamp(rows: list[list[Any]]) -> Stamp | None:
    said = {row[0]: row[1] for row in rows[:4] if len(row) > 1}
    if said.get("format") != STAMP or not isinstance(said.get("code"), str):
        return None
    ids = tuple(str(row[1]) for row in rows[4:] if len(row) > 1 and row[0] == "id" and row[1] is not None)
    return Stamp(said["code"], str(said.get("checksum") or ""), ids)


def _mark(rows: list[list[Any]]) -> re.Match[str] | None:
    """The header of our id column, wherever somebody has moved it."""
    texts = (cell for row in rows[:MOST_ROWS_ABOVE] for cell in row if isinstance(cell, str) and cell[:4] == "Id (")
    return next((found for text in texts if (found := MARK.fullmatch(text.strip()))), None)


def _revive(rows: list[list[Any]], *, is_escaped: bool) -> None:
    """Makes values again of what JSON cannot say."""
    for row in rows:
        for col, cell in enumerate(row):
            if isinstance(cell, list):
                row[col] = _revived(cell, is_escaped)
            elif is_escaped and isinstance(cell, str):
                row[col] = unescape(cell) or None


def _revived(cell: list[str], is_escaped: bool) -> Cell:
    if is_escaped and cell[1] == "cell_is_error":  # what we write as CSV is text
        return cell[2]
    if cell[0] == "d":
        return date.fromisoformat(cell[1])
    return datetime.fromisoformat(cell[1]) if cell[0] == "t" else Fault(cell[1], cell[2])


def column_letters(col: int) -> str:
    """The letters of a column, from 0: 27 is AB."""
    letters, num = "", col + 1
    while num:
        num, rest = divmod(num - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_ref(row: int, col: int) -> str:
    """A cell as a spreadsheet calls it: B7."""
    return f"{column_letters(col)}{row + 1}"
