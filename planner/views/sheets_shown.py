"""What the pages of an import show: lines in words, headings, and the sentence of counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from planner.services.listing import Page, Query
from planner.services.sheets.columns import LANGUAGES, Column
from planner.services.sheets.findings import Findings, Line, LineState
from planner.services.sheets.kinds import KINDS, Kind
from planner.services.sheets.values import shown
from planner.services.sheets.world import World
from planner.words.sheets_imports import fault_sentence


@dataclass(frozen=True)
class CellShown:
    """A cell of a line in words: what it said, and what it says; `then` where it was changed on both sides."""

    name: str
    heading: str
    was: str
    becomes: str
    then: str = ""


@dataclass(frozen=True)
class LineShown:
    """A line in words."""

    line: Line
    cells: list[CellShown]
    asks: list[CellShown]
    kept: list[CellShown]
    faults: list[tuple[str, str]]


def language() -> str:
    """The language in which whoever reads this page writes dates and numbers."""
    code = str(get_locale() or "en")[:2]
    return code if code in LANGUAGES else "en"


def title_of(kind: Kind) -> str:
    """What a table is called in the reader's language."""
    return kind.title(language())


def kinds_for(may: Any) -> list[Kind]:
    """The kinds of table that somebody may import."""
    return [kind for kind in KINDS.values() if may(kind.action)]


def heading_of(column: Column) -> str:
    """A column's heading; that of a skill or work style says so."""
    heading = column.heading(language())
    if column.name.startswith("skill:"):
        return _("Level: %(skill)s", skill=heading)
    return _("Score: %(style)s", style=heading) if column.name.startswith("style:") else heading


def state_words() -> dict[str, str]:
    """What becomes of a row."""
    return {
        LineState.NEW: _("new"),
        LineState.CHANGED: _("changed"),
        LineState.SAME: _("unchanged"),
        LineState.REFUSED: _("refused"),
        LineState.ASKS: _("to choose"),
        LineState.MISSING: _("not in the sheet"),
        LineState.GONE: _("removed here"),
    }


def sentence_of(counts: Mapping[str, int]) -> str:
    """How many rows do what, as one sentence."""
    parts = [
        ngettext("%(num)s new row", "%(num)s new rows", counts.get("new", 0)),
        ngettext("%(num)s changed", "%(num)s changed", counts.get("changed", 0)),
        ngettext("%(num)s unchanged", "%(num)s unchanged", counts.get("same", 0)),
        ngettext("%(num)s refused", "%(num)s refused", counts.get("refused", 0)),
    ]
    if counts.get("asks"):
        parts.append(ngettext("%(num)s to choose", "%(num)s to choose", counts["asks"]))
    return ", ".join(parts) + "."


def page_of_lines(findings: Findings, query: Query) -> Page[Line]:
    """The lines that the URL asks for, by state and title; rows with something to do come first where none is said."""
    wanted = query.value("state")
    lines = [line for line in findings.lines if _is_wanted(line, wanted)]
    if query.q:
        lines = [line for line in lines if query.q.casefold() in line.title.casefold() or query.q == str(line.number)]
    number = min(query.page, max(1, -(-len(lines) // query.size)))
    start = (number - 1) * query.size
    return Page(lines[start : start + query.size], number, query.size, len(lines), query)


def _is_wanted(line: Line, wanted: str) -> bool:
    if wanted == "moved":
        return line.has_moved
    if wanted == "kept":
        return bool(line.kept)
    return line.state == wanted if wanted else line.state is not LineState.SAME


def lines_shown(lines: Iterable[Line], kind: Kind, world: World) -> list[LineShown]:
    """Lines in words."""
    columns = kind.all_columns(world)
    return [_shown(line, columns, world) for line in lines]


def _shown(line: Line, columns: Mapping[str, Column], world: World) -> LineShown:
    def words(name: str, *said: Any) -> list[str]:
        return [shown(columns[name], value, world) for value in said]

    def heading(name: str) -> str:
        return heading_of(columns[name]) if name in columns else ""

    cells = [
        CellShown(name, heading(name), *words(name, *pair)) for name, pair in line.cells.items() if name in columns
    ]
    asks = []
    for name, (then, yours, theirs) in line.asks.items():
        was, mine, here = words(name, then, yours, theirs)
        asks.append(CellShown(name, heading(name), here, mine, was))
    kept = [CellShown(name, heading(name), *words(name, *pair)) for name, pair in line.kept.items() if name in columns]
    faults = [(heading(fault.column), fault_sentence(fault)) for fault in line.faults]
    return LineShown(line, cells, asks, kept, faults)
