"""A report as a tagged PDF; `report.typ` lays it out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from planner.exchange.pdf import in_words, typeset
from planner.exchange.reports.shape import Bars, Document, Heat, Section
from planner.exchange.tables.shape import ColumnKind, Table
from planner.exchange.words import Words

TEMPLATE = Path(__file__).with_name("report.typ")
MOST_ROWS = 400
HEADS_PER_TABLE = 26
_RIGHT = (ColumnKind.WHOLE, ColumnKind.NUMBER, ColumnKind.PERCENT, ColumnKind.MONEY)

Json = dict[str, Any]


def write(document: Document) -> bytes:
    """The PDF of a report."""
    say = Words(document.language, document.currency)
    return typeset(json.dumps(_paper(document, say), ensure_ascii=False), document.made_at, TEMPLATE)


def _paper(document: Document, say: Words) -> Json:
    made = document.made_at
    return {
        "language": say.language,
        "title": document.title,
        "author": document.made_by,
        "made": {"year": made.year, "month": made.month, "day": made.day},
        "about": document.about,
        "lede": list(document.lede),
        "figures": [{"value": value, "label": label} for value, label in document.figures],
        "page": say.gettext("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        "sections": [_section(section, say) for section in document.sections],
    }


def _section(section: Section, say: Words) -> Json:
    return {
        "title": section.title,
        "sentences": list(section.sentences),
        "note": section.note,
        "none": section.none,
        "bars": _bars(section.bars, say) if section.bars is not None else None,
        "heat": _heat(section.heat) if section.heat is not None else None,
        "table": _table(section.table, say) if section.table is not None and section.heat is None else None,
    }


def _bars(bars: Bars, say: Words) -> Json:
    """Each bar with its length in percent of the longest."""
    return {
        "title": bars.title,
        "names": [name for name, _values in bars.series],
        "rows": [
            {
                "label": label,
                "bars": [
                    {"pct": 100 * max(0, values[n]) / bars.largest, "text": say.number(values[n]) + bars.unit}
                    for _name, values in bars.series
                ],
            }
            for n, label in enumerate(bars.labels)
        ],
    }


def _heat(heat: Heat) -> Json:
    parts = []
    for at in range(0, len(heat.heads), HEADS_PER_TABLE):
        to = at + HEADS_PER_TABLE
        rows = [
            {"title": row.title, "note": row.note, "cells": [list(cell) for cell in row.cells[at:to]]}
            for row in heat.rows[:MOST_ROWS]
        ]
        parts.append({"head": [heat.corner, *heat.heads[at:to]], "rows": rows})
    return {"legend": heat.legend, "parts": parts}


def _table(table: Table, say: Words) -> Json:
    rows = table.rows[:MOST_ROWS]
    more = len(table.rows) - len(rows)
    return {
        "head": [column.title for column in table.columns],
        "widths": [column.width for column in table.columns],
        "aligns": ["right" if column.kind in _RIGHT else "left" for column in table.columns],
        "rows": [
            [in_words(column.kind, cell, say) for column, cell in zip(table.columns, row.cells, strict=True)]
            for row in rows
        ],
        "more": say.ngettext("and one more row, in the spreadsheet", "and %(num)s more rows, in the spreadsheet", more)
        if more
        else "",
    }
