"""Lists and templates as sheets: what is here under the headings that an import reads, and what it left with, kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from planner.exchange.sheets.writing import (
    CSV_MEDIA_TYPE,
    MEDIA_TYPE,
    WRITING_FAULTS,
    Field,
    Leaving,
    Listing,
    ListRow,
    Unwritable,
    write_annotated,
    write_csv,
    write_xlsx,
)
from planner.exchange.tables import ColumnKind
from planner.exchange.words import Words
from planner.models import SheetKind, User
from planner.services.refused import Refused
from planner.services.sheets import copies, values
from planner.services.sheets.columns import Column, Reading
from planner.services.sheets.kinds import Kind, Present
from planner.services.sheets.world import World

FORMATS = ("xlsx", "csv")
KINDS_OF_CELL = {
    Reading.DAY: ColumnKind.DATE,
    Reading.MOMENT: ColumnKind.DATE,
    Reading.WHOLE: ColumnKind.WHOLE,
    Reading.PERCENT: ColumnKind.WHOLE,
    Reading.MONEY: ColumnKind.NUMBER,
    Reading.SCORE: ColumnKind.NUMBER,
}
LONG = (Reading.LIST, Reading.LEVELS, Reading.CAPACITY)


@dataclass(frozen=True)
class Sheet:
    """A list as a file."""

    filename: str
    media_type: str
    data: bytes


def leave(session: Session, kind: Kind, file_format: str, *, by: User, language: str, secret: str) -> Sheet:
    """Everything of a kind as a sheet that can come back; what it leaves with is kept. Raises Refused."""
    world, say = World(session, language), Words(language)
    present = _ordered(kind.present(world))
    columns = kind.written_columns(world)
    rows = {_key(row): {column.name: kind.value(row, column) for column in columns} for row in present}
    listing = Listing(
        kind.title(language),
        tuple(_field(column, world, can_edit=True) for column in columns),
        tuple(ListRow(_key(row), _cells(columns, rows[_key(row)], world)) for row in present),
    )
    leaving = None
    if kind.name in set(SheetKind):
        copy = copies.keep(session, SheetKind(kind.name), {"rows": rows}, by=by, secret=secret)
        about = (
            say.gettext("%(title)s, exported on %(at)s by %(by)s.", title=kind.title(language),
                        at=say.instant(copy.made_at), by=copy.made_by),
            say.gettext("Its export code is %(code)s.", code=copy.code),
            say.gettext("Change what you like and bring the file back under Import; nothing is overwritten silently."),
            say.gettext("Sort and filter as you like, and keep the column Id: it says what a row is about."),
        )  # fmt: skip
        leaving = Leaving(copy.code, copy.checksum, about)
    return _written(listing, leaving, file_format, f"{kind.name}-{leaving.code if leaving else 'list'}", say)


def template(session: Session, kind: Kind, file_format: str, *, language: str) -> Sheet:
    """The headings of a kind, with two invented rows. Raises Refused."""
    world, say = World(session, language), Words(language)
    columns = [column for column in kind.written_columns(world) if column.reading is not Reading.ID]
    fields = tuple(_field(column, world, can_edit=True) for column in columns)
    rows = [tuple(_sample(column, n, world) for column in columns) for n in range(2)]
    listing = Listing(kind.title(language), fields, tuple(ListRow("", row) for row in rows))
    return _written(listing, None, file_format, f"{kind.name}-template", say)


def annotated(
    header: Sequence[str], rows: Sequence[tuple[int, Sequence[Any]]], errors: Mapping[tuple[int, int], str], say: Words
) -> Sheet:
    """A sheet as it came, with what is wrong at its cells; `errors` by the row's number in the file and its column."""
    place = {number: n for n, (number, _row) in enumerate(rows, 1)}
    cells = [list(header), *([_plain(cell) for cell in row] for _number, row in rows)]
    at = {(place[number], col): sentence for (number, col), sentence in errors.items() if number in place}
    try:
        return Sheet("corrections.xlsx", MEDIA_TYPE, write_annotated(cells, at, say))
    except Unwritable as error:
        raise _unwritten(error) from error


def base_of(session: Session, code: str, kind: Kind) -> Mapping[str, Mapping[str, Any]] | None:
    """The values that an export left with, by row; None where nothing is known of it."""
    if kind.name not in set(SheetKind):
        return None
    copy = copies.find(session, SheetKind(kind.name), code)
    if copy is None:
        return None
    rows: Mapping[str, Mapping[str, Any]] = copies.document_of(copy)["rows"]
    return rows


def _written(listing: Listing, leaving: Leaving | None, file_format: str, name: str, say: Words) -> Sheet:
    try:
        if file_format == "csv":
            return Sheet(f"{name}.csv", CSV_MEDIA_TYPE, write_csv(listing, leaving))
        return Sheet(f"{name}.xlsx", MEDIA_TYPE, write_xlsx(listing, leaving, say))
    except Unwritable as error:
        raise _unwritten(error) from error


def _unwritten(error: Unwritable) -> Refused:
    return Refused("sheet_cannot_be_written", sentence=WRITING_FAULTS[error.code], params=error.params)


def _field(column: Column, world: World, *, can_edit: bool) -> Field:
    """A column as the sheet shows it; a choice, and a site or a manager, is offered in the cell."""
    choices: tuple[str, ...] = ()
    if column.reading is Reading.CHOICE:
        choices = tuple(words[1 if world.language == "fr" else 0] for words in column.words.values())
    elif column.reading is Reading.REFERENCE and column.refers in ("site", "manager", "phase", "requisition"):
        index = world.index(column.refers)
        choices = tuple(sorted(index.name(ident) for ident in index.names))
    kind = KINDS_OF_CELL.get(column.reading, ColumnKind.TEXT)
    width = 32 if column.reading in LONG or column.name in ("name", "email", "note", "objective") else 16
    return Field(column.name, column.heading(world.language), kind, width, can_edit, choices)


def _cells(columns: Sequence[Column], said: Mapping[str, Any], world: World) -> tuple[Any, ...]:
    return tuple(_value(values.cell_of(column, said[column.name], world)) for column in columns)


def _value(cell: Any) -> Any:
    return float(cell) if isinstance(cell, Decimal) else cell


def _sample(column: Column, n: int, world: World) -> Any:
    said = column.sample[n % len(column.sample)] if column.sample else None
    if column.reading in (Reading.DAY, Reading.MOMENT) and isinstance(said, str):
        return date.fromisoformat(said)
    if column.reading is Reading.CHOICE and said:
        return column.words[said][1 if world.language == "fr" else 0]
    return said or None


def _ordered(present: Mapping[int, Present]) -> list[Present]:
    return sorted(present.values(), key=lambda row: (row.title.casefold(), row.id))


def _key(row: Present) -> str:
    return row.key or str(row.id)


def _plain(cell: Any) -> Any:
    """A cell as the annotated sheet shows it; one that the file had no value for says what it showed."""
    if isinstance(cell, dict):
        return next(iter(cell.values()))[1]
    return float(cell) if isinstance(cell, Decimal) else cell
