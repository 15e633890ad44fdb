"""The seats of a plan as a sheet: who sits where, and when movable phases start, can be edited; the rest is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from planner.exchange.sentences import first, last
from planner.exchange.sheets.reading import MARK, MOST_ROWS_ABOVE, Book, Cell, Fault, Sheet, cell_ref
from planner.exchange.sheets.writing import Field, Listing, ListRow
from planner.exchange.tables import ColumnKind
from planner.exchange.words import N_, Words
from planner.translate.report import PlanReport, SeatRow, TeamRow

PERSON, START = "person", "starts_on"
TITLES = {
    "project": N_("Project"),
    "phase": N_("Phase"),
    "title": N_("Role"),
    "fte": N_("Effort (%)"),
    "from": N_("From"),
    "to": N_("To"),
    "booking": N_("Booking"),
    PERSON: N_("Person"),
    START: N_("Phase starts"),
}
EDITABLE = (PERSON, START)
DATES = ("from", "to", START)
ABOUT = {
    PERSON: N_("Write the name of whoever shall hold the seat; leave it empty for nobody."),
    START: N_("When a phase that may move shall start: the first day of one of the plan’s periods."),
}


@dataclass(frozen=True, slots=True)
class Left:
    """A plan's sheet as it leaves: what it shows, and the document that is kept of it."""

    listing: Listing
    document: dict[str, Any]


class TakenRow(NamedTuple):
    """A row that came back: its number in the sheet, the seat's id, and its cells by field, each with its column."""

    row: int
    ident: str | None
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Taken:
    """What is found in a sheet that came back; `columns` is where each field stands, `extra` what else stands there."""

    sheet: str
    rows: tuple[TakenRow, ...]
    columns: Mapping[str, int]
    extra: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    head: int = 0
    notes: tuple[str, ...] = field(default=())

    def ref(self, row: int, name: str) -> str:
        """A cell as the spreadsheet calls it; the whole row where its column is not there."""
        return cell_ref(row, self.columns[name]) if name in self.columns else str(row + 1)


class NoHeader(ValueError):
    """No sheet of a file has our id column, or none of the columns that can be edited."""


def names_of(report: PlanReport) -> dict[str, str]:
    """What to write for each person: the name, with the id where several have it."""
    times = Counter(row.name for row in report.people)
    return {
        row.person_id: row.name if times[row.name] == 1 and row.name else f"{row.name} · {row.person_id}".lstrip(" ·")
        for row in report.people
    }


def leaving(report: PlanReport, say: Words) -> Left:
    """The sheet of a plan, and what is kept of it: its values by seat, who was on it, and which phase it is of."""
    names, teams = names_of(report), {team.phase_id: team for team in report.teams}
    choices = tuple(sorted(names.values(), key=str.casefold))
    fields = tuple(
        Field(
            key,
            say.gettext(title),
            ColumnKind.DATE if key in DATES else ColumnKind.WHOLE if key == "fte" else ColumnKind.TEXT,
            12 if key in (*DATES, "fte", "booking") else 26,
            is_editable=key in EDITABLE,
            choices=choices if key == PERSON else (),
            about=say.gettext(ABOUT[key]) if key in ABOUT else "",
        )
        for key, title in TITLES.items()
    )
    rows: dict[str, dict[str, Any]] = {
        row.seat_id: _values(report, row, teams[row.phase_id], names, say) for row in report.seats
    }
    listed = tuple(ListRow(ident, tuple(row[one.key] for one in fields)) for ident, row in rows.items())
    document = {
        "rows": {ident: {key: _said(value) for key, value in row.items()} for ident, row in rows.items()},
        "people": {row.seat_id: row.person_id for row in report.seats if row.person_id is not None},
        "phases": {row.seat_id: row.phase_id for row in report.seats},
    }
    return Left(Listing(say.gettext("Seats"), fields, listed), document)


def _values(report: PlanReport, row: SeatRow, team: TeamRow, names: Mapping[str, str], say: Words) -> dict[str, Any]:
    return {
        "project": row.project,
        "phase": row.phase,
        "title": row.title,
        "fte": row.fte,
        "from": first(report, row.start),
        "to": last(report, row.end),
        "booking": (say.gettext("agreed") if row.is_agreed else say.gettext("proposed")) if row.is_filled else None,
        PERSON: names.get(row.person_id or "", row.person),
        START: first(report, team.start) if team.is_movable else None,
    }


def _said(value: Any) -> Any:
    """A value as the document keeps it, and as what comes back is compared."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value


def taken(book: Book) -> Taken:
    """The rows of a plan's sheet, wherever its header and its columns have been moved to, in either language."""
    for sheet in book.sheets:
        for num, row in enumerate(sheet.rows[:MOST_ROWS_ABOVE]):
            for col, cell in enumerate(row):
                if isinstance(cell, str) and MARK.fullmatch(cell.strip()):
                    return _taken(sheet, num, col)
    raise NoHeader


def _taken(sheet: Sheet, head: int, id_col: int) -> Taken:
    known = {title.casefold(): key for title, key in _titles()}
    columns: dict[str, int] = {}
    extra = []
    for col, cell in enumerate(sheet.rows[head]):
        key = known.get(str(cell).strip().casefold()) if cell is not None else None
        if key is not None and key not in columns:
            columns[key] = col
        elif cell is not None and col != id_col:
            extra.append(str(cell))
    if not any(key in columns for key in EDITABLE):
        raise NoHeader
    rows = tuple(
        TakenRow(num, _ident(row, id_col), {key: row[col] if col < len(row) else None for key, col in columns.items()})
        for num, row in enumerate(sheet.rows[head + 1 :], head + 1)
        if any(cell is not None for cell in row)
    )
    missing = tuple(key for key in EDITABLE if key not in columns)
    return Taken(sheet.name, rows, columns, tuple(extra), missing, head)


def _titles() -> Iterator[tuple[str, str]]:
    for language in ("en", "fr"):
        say = Words(language)
        for key, title in TITLES.items():
            yield say.gettext(title), key


def _ident(row: list[Cell], col: int) -> str | None:
    cell = row[col] if col < len(row) else None
    return str(cell).strip() or None if cell is not None and not isinstance(cell, Fault) else None


def packed(found: Taken) -> dict[str, Any]:
    """What was found as JSON can say it, to be kept until it is taken."""
    rows = [[row.row, row.ident, {key: _packed(cell) for key, cell in row.cells.items()}] for row in found.rows]
    return {
        "sheet": found.sheet,
        "rows": rows,
        "columns": dict(found.columns),
        "extra": list(found.extra),
        "missing": list(found.missing),
        "head": found.head,
        "notes": list(found.notes),
    }


def unpacked(document: Mapping[str, Any]) -> Taken:
    """What was packed."""
    rows = tuple(
        TakenRow(row, ident, {key: Fault(*cell) if isinstance(cell, list) else cell for key, cell in cells.items()})
        for row, ident, cells in document["rows"]
    )
    return Taken(
        document["sheet"],
        rows,
        document["columns"],
        tuple(document["extra"]),
        tuple(document["missing"]),
        document["head"],
        tuple(document["notes"]),
    )


def _packed(cell: Cell) -> Any:
    return list(cell) if isinstance(cell, Fault) else _said(cell)
