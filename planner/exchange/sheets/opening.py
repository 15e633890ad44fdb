"""What the bounded child makes of a spreadsheet: its sheets in what JSON can say, or why there are none.

A cell is null, a text, a number or a truth as they stand; a date is `["d", "2026-03-16"]`, a moment `["t", …]`, and a
cell that has no value to take `["!", code, what it shows]`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from planner.exchange.sheets import compound, delimited, opendocument, spreadsheetml
from planner.exchange.sheets.limits import MOST_CELLS, MOST_SHEETS, MOST_UNITS, Unreadable, require_extent, units
from planner.exchange.sheets.packed import Package
from planner.exchange.sheets.spreadsheetml import Extent, Ill

ODS_MIME = b"application/vnd.oasis.opendocument.spreadsheet"
SHOWS_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|DIV/0!|VALUE!|NUM!|NULL!|SPILL!|CALC!)")
FIRST_SURE = date(1900, 3, 1)  # before it, Excel counts a 29 February that never was
SAFE_INT = 2**53
Row = list[Any]


def opened(data: bytes, pasted: bytes = b"") -> dict[str, Any]:
    """The sheets of a file, whatever it is called; what it is shows in its first bytes."""
    try:
        return _opened(data, bool(pasted))
    except Unreadable as error:
        return {"unread": error.code, "params": error.params}


def _opened(data: bytes, is_pasted: bool) -> dict[str, Any]:
    if not data.strip():
        raise Unreadable("sheet_is_empty")
    if is_pasted:
        return _text(data, is_pasted=True)
    if data.startswith(compound.SIGNATURE):
        return _xls(data)
    if data.startswith(b"PK"):
        return _packed(data)
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf")):
        raise Unreadable("file_is_no_sheet")
    return _text(data, is_pasted=False)


def _text(data: bytes, *, is_pasted: bool) -> dict[str, Any]:
    rows: list[Row] = delimited.rows_of(delimited.decoded(data), "", is_pasted=is_pasted)
    for row in rows:
        for col, cell in enumerate(row):
            if cell is not None and cell[0] == "#" and SHOWS_ERROR.fullmatch(cell):
                row[col] = ["!", "cell_is_error", cell]
            elif cell is not None and len(cell) > MOST_UNITS // 2 and units(cell) > MOST_UNITS:
                row[col] = ["!", "cell_is_too_long", cell[:40]]
    return {"kind": "csv", "sheets": [{"name": "", "is_hidden": False, "rows": rows}], "notes": []}


def _packed(data: bytes) -> dict[str, Any]:
    package = Package(data)
    if spreadsheetml.WORKBOOK in package.names:
        parts = spreadsheetml.sheet_parts(package)
        extents = {name: spreadsheetml.extent(text) for name, text in parts.items()}
        ill = {name: list(spreadsheetml.ill_cells(text)) for name, text in parts.items()}
        has_macros = any(name.endswith(spreadsheetml.MACROS) for name in package.names)
        del package, parts
        return _workbook(data, "xlsm" if has_macros else "xlsx", extents, ill, has_macros=has_macros)
    if opendocument.CONTENT in package.names and "mimetype" in package.names:
        if not package.archive.read("mimetype").startswith(ODS_MIME):
            raise Unreadable("file_is_no_sheet")
        scan = opendocument.Scan(package)
        return _workbook(data, "ods", scan.extents, scan.ill)
    raise Unreadable("sheet_is_xlsb" if "xl/workbook.bin" in package.names else "file_is_no_sheet")


def _xls(data: bytes) -> dict[str, Any]:
    scan = compound.Scan(data)
    return _workbook(data, "xls", scan.extents, scan.ill, has_macros=scan.has_macros)


def _workbook(
    data: bytes, kind: str, extents: dict[Any, Extent], ill: dict[Any, list[Ill]], *, has_macros: bool = False
) -> dict[str, Any]:
    """The worksheets by calamine, once it is known that they are small enough; `ill` overrides what it gives."""
    if len(extents) > MOST_SHEETS:
        raise Unreadable("sheet_has_too_many_sheets", most=MOST_SHEETS)
    total = sum(require_extent(str(name), *extent) for name, extent in extents.items())
    if total > MOST_CELLS:
        raise Unreadable("sheet_has_too_many_cells", sheet="", most=MOST_CELLS)
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 -- each file's child loads what reads it

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = []
        for num, meta in enumerate(book.sheets_metadata):
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            rows = book.get_sheet_by_index(num).to_python(skip_empty_area=False)
            found = _cells(rows, ill.get(num if kind == "xls" else meta.name, ()))
            sheets.append({"name": meta.name, "is_hidden": meta.visible != SheetVisibleEnum.Visible, "rows": found})
    except PasswordError as error:
        raise Unreadable("sheet_is_encrypted") from error
    except CalamineError as error:
        code = "sheet_has_bad_text_index" if "shared string" in str(error) else "sheet_is_damaged"
        raise Unreadable(code) from error
    return {"kind": kind, "sheets": sheets, "notes": ["sheet_has_macros"] if has_macros else []}


def _cells(rows: list[Row], ill: Iterable[Ill]) -> list[Row]:
    """Rows with each cell as JSON can say it, without the empty ones at the end."""
    for row in rows:
        for col, value in enumerate(row):
            row[col] = _PLAIN[type(value)](value)
    for one in ill:
        while len(rows) <= one.row:
            rows.append([])
        rows[one.row] += [None] * (one.col + 1 - len(rows[one.row]))
        rows[one.row][one.col] = ["!", one.code, one.shown]
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return rows


def _of_text(value: str) -> Any:
    if len(value) > MOST_UNITS // 2 and units(value) > MOST_UNITS:
        return ["!", "cell_is_too_long", value[:40]]
    return value or None


def _of_number(value: float) -> Any:
    """A number as its cell shows it: to 15 digits, and whole where it is."""
    if not math.isfinite(value):
        return ["!", "cell_is_no_number", str(value)]
    if value.is_integer() and abs(value) < SAFE_INT:
        return int(value)
    return float(f"{value:.15g}")


def _of_date(value: date) -> Any:
    return ["d", value.isoformat()] if value >= FIRST_SURE else ["!", "cell_is_no_sure_date", value.isoformat()]


def _of_moment(value: datetime) -> Any:
    value = (value + timedelta(milliseconds=500)).replace(microsecond=0) if value.microsecond else value
    if value.date() < FIRST_SURE:
        return ["!", "cell_is_no_sure_date", value.date().isoformat()]
    return ["d", value.date().isoformat()] if value.time() == time.min else ["t", value.isoformat()]


def _of_time(value: time) -> str:
    return value.isoformat("seconds" if value.second else "minutes")


def _of_length(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02}"


_PLAIN: dict[type, Any] = {
    str: _of_text,
    float: _of_number,
    int: lambda value: value,
    bool: lambda value: value,
    type(None): lambda value: value,
    date: _of_date,
    datetime: _of_moment,
    time: _of_time,
    timedelta: _of_length,
}
