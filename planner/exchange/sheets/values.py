"""What a cell says, as the field that it stands in wants it; CSV and careless typing say all of it as text."""

from __future__ import annotations

import re
from datetime import date, datetime

from planner.exchange.sheets.reading import Cell, Fault

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::\d{2})?)?")
SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def moment_said(cell: Cell) -> str | Fault | None:
    """A day (or a moment) as `2026-03-16`; a fault where it cannot be told which one is meant."""
    if cell is None or isinstance(cell, Fault):
        return cell
    if isinstance(cell, datetime):
        midnight = cell.hour == cell.minute == 0
        return cell.date().isoformat() if midnight else cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return _of_text(cell.strip())
    return Fault("cell_is_no_date", str(cell))


def _of_text(text: str) -> str | Fault | None:
    if not text:
        return None
    try:
        if found := ISO.fullmatch(text):
            year, month, day, hour, minute = (int(part or 0) for part in found.groups())
            moment = datetime(year, month, day, hour, minute)  # noqa: DTZ001 -- a wall clock, as the plan's
            return moment.date().isoformat() if not (hour or minute) else moment.isoformat(timespec="minutes")
        if found := SLASHED.fullmatch(text):
            one, two, year = map(int, found.groups())
            if one <= 12 and two <= 12 and one != two:
                return Fault("cell_is_no_clear_date", text)
            day, month = (one, two) if two <= 12 else (two, one)
            return date(year, month, day).isoformat()
    except ValueError:
        return Fault("cell_is_no_date", text)
    return Fault("cell_is_no_date", text)


def text_said(cell: Cell) -> str | Fault | None:
    """A text with one space between its words, as names are compared; a number is the text that it shows."""
    if cell is None or isinstance(cell, Fault):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join(str(cell).split()) or None
