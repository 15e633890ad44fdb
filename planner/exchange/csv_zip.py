"""A plan as CSV: one file for each table, zipped, with a page that says what they are and how to read them exactly.

Text that a spreadsheet might take for a formula, and text that begins with an apostrophe, has one apostrophe put
before it. To read a text exactly, take one apostrophe off where there is one in front (`unescape`); numbers and
dates stand as they are.
"""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from datetime import date, datetime, time

import defusedcsv.csv as safe_csv

from planner.exchange import sentences
from planner.exchange.exports import Written
from planner.exchange.tables import Cell, ColumnKind, Figure, Ground, Table, tables_of
from planner.exchange.words import N_

MEDIA_TYPE = "application/zip"
APOSTROPHE = "'"
_STARTS_FORMULA = frozenset("=+-@|%−" + APOSTROPHE)
_INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "Co")
HOW_TO_READ = N_(
    "The files are UTF-8 with a byte order mark; cells are separated by commas, quoted by double quotes, and rows end "
    "with CR LF. Dates are written year-month-day, numbers with a dot. A text that a spreadsheet might take for a "
    "formula, or that begins with an apostrophe, has one apostrophe put before it: to read it exactly, take one "
    "apostrophe off the front of any cell of a text column that begins with one."
)


def write(ground: Ground) -> Written:
    """A zip of the tables."""
    tables, at = tables_of(ground), ground.report.meta.generated_at
    files = {f"{table.key}.csv": table_csv(table) for table in tables}
    files["about.json"] = json.dumps(_about(ground, tables), ensure_ascii=False, indent=1).encode() + b"\n"
    return Written(zipped(files, at), MEDIA_TYPE, "zip", "csv")


def zipped(files: dict[str, bytes], at: datetime) -> bytes:
    """Files in a zip, all of one moment, so that the same plan gives the same bytes."""
    data = io.BytesIO()
    moment = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return data.getvalue()


def table_csv(table: Table) -> bytes:
    """One table; its first column is what each row is about."""
    text = io.StringIO(newline="")
    writer = safe_csv.writer(text)
    writer.writerow(["id", *(escape(column.title) for column in table.columns)])
    for row in table.rows:
        writer.writerow([escape(row.ident), *(_plain(cell) for cell in row.cells)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def escape(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it where it might."""
    if not text:
        return text
    first = unicodedata.normalize("NFKC", text[0])[:1]
    is_harmless = first not in _STARTS_FORMULA and unicodedata.category(text[0]) not in _INVISIBLE
    return text if is_harmless else APOSTROPHE + text


def unescape(text: str) -> str:
    """The text that `escape` was given."""
    return text.removeprefix(APOSTROPHE)


def _plain(cell: Cell) -> str | int | float | None:
    value = cell.value if isinstance(cell, Figure) else cell
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "minutes") if value.time() != time.min else str(value.date())
    if isinstance(value, date):
        return value.isoformat()
    return escape(value) if isinstance(value, str) else value


def _about(ground: Ground, tables: list[Table]) -> dict[str, object]:
    return {
        "plan": ground.record,
        "title": sentences.title(ground.report, ground.say),
        "currency": ground.say.currency,
        "how_to_read": ground.say.gettext(HOW_TO_READ),
        "tables": [
            {
                "file": f"{table.key}.csv",
                "title": table.title,
                "note": table.note,
                "rows": len(table.rows),
                "columns": [{"key": "id", "title": "id", "kind": ColumnKind.TEXT}]
                + [{"key": one.key, "title": one.title, "kind": one.kind} for one in table.columns],
            }
            for table in tables
        ],
    }
