"""Words about spreadsheets: what is wrong with a cell, what somebody should know of a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from planner.exchange.sheets.merging import UNKNOWN, CellMerge
from planner.exchange.sheets.plan_seats import PERSON
from planner.exchange.sheets.reading import CELL_FAULTS, NAMES_OF_KINDS, NOTES, Fault, Note
from planner.formats import moment
from planner.services.sheets.plan_merges import Comparison, Told

TOLD = {
    "sheet_cell_is_to_be_read": lazy_gettext("“%(field)s” is there to be read: it is not changed from a sheet."),
    "sheet_cell_needs_right": lazy_gettext("You have no right to change “%(field)s”; the cell is left as it is."),
    "sheet_phase_cannot_start_then": lazy_gettext(
        "The phase cannot start then: take the first day of one of the periods in which it may start."
    ),
    "sheet_phase_is_agreed": lazy_gettext("A seat of this phase is agreed: it starts when it starts."),
    "sheet_phase_starts_twice": lazy_gettext("The rows of this phase name different starts; none was taken."),
    "sheet_row_has_no_seat": lazy_gettext(
        "The row has no id. Seats are added under the project’s role needs, not in a sheet."
    ),
    "sheet_seat_is_agreed": lazy_gettext(
        "The seat is agreed. Release it on the plan’s page before somebody else takes it."
    ),
    "sheet_seat_is_gone": lazy_gettext("The seat %(seat)s is not in this plan any more."),
    "sheet_seat_is_not_known": lazy_gettext("No seat of the plan has the id %(seat)s."),
    "sheet_seat_stands_twice": lazy_gettext(
        "The seat %(seat)s stands in the sheet more than once. Where its rows differ, none of them was taken."
    ),
}


def told_sentence(told: Told) -> str:
    """Why something of a sheet is not taken."""
    if told.code in CELL_FAULTS:
        return gettext(CELL_FAULTS[told.code], **told.params)
    words = {name: gettext(value) if name == "field" else value for name, value in told.params.items()}
    return str(TOLD[told.code]) % words


def value_words(found: Comparison, cell: CellMerge, value: Any) -> str:
    """A value of a merge as it is read: a name, a day, or that there is none."""
    if value is UNKNOWN:
        return gettext("not known")
    if value is None:
        return gettext("nobody") if cell.field == PERSON else gettext("not scheduled")
    return found.names.get(value, value) if cell.field == PERSON else moment(datetime.fromisoformat(value))


def cell_sentence(fault: Fault) -> str:
    """What is wrong with a cell."""
    return gettext(CELL_FAULTS[fault.code], shown=fault.shown)


def note_sentence(note: Note) -> str:
    """What somebody should know of a file that was read."""
    kind = gettext(NAMES_OF_KINDS[note.kind]) if note.kind else ""
    return gettext(NOTES[note.code], ending=note.ending, kind=kind)
