"""Words about spreadsheets: what is wrong with a cell, what somebody should know of a file."""

from __future__ import annotations

from flask_babel import gettext

from planner.exchange.sheets.reading import CELL_FAULTS, NAMES_OF_KINDS, NOTES, Fault, Note


def cell_sentence(fault: Fault) -> str:
    """What is wrong with a cell."""
    return gettext(CELL_FAULTS[fault.code], shown=fault.shown)


def note_sentence(note: Note) -> str:
    """What somebody should know of a file that was read."""
    kind = gettext(NAMES_OF_KINDS[note.kind]) if note.kind else ""
    return gettext(NOTES[note.code], ending=note.ending, kind=kind)
