"""What a report is made of: sections of sentences, a table, and a drawing that says the same as the table beside it.

All of it is in the reader's language already; whoever shows it, page or file, adds no words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from planner.exchange.tables.shape import Cell, Column, ColumnKind, Row, Table


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars over a row of labels: several named ones side by side for each label; `unit` stands after each number.

    They are drawn against the largest of them, or against `least_top` where all are smaller.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    unit: str = ""
    least_top: float = 0

    @property
    def largest(self) -> float:
        """The largest value of all; what everything is drawn against."""
        top = max((value for _name, values in self.series for value in values), default=0)
        return max(top, self.least_top) or 1


class HeatCell(NamedTuple):
    """A cell of a heat table: its number, in which step from 0 to 5 it is shaded, or that it is short ("over")."""

    text: str
    tint: str  # "", "25", "50", "75", "99", "100" or "over"


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A row of a heat table; `ident` says what it is about."""

    title: str
    note: str
    cells: tuple[HeatCell, ...]
    ident: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """Numbers over time, shaded; `legend` says what the shades mean."""

    title: str
    corner: str
    heads: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report. `note` explains how its figures are counted; where there is no row, `none` says so."""

    key: str
    title: str
    sentences: tuple[str, ...] = ()
    table: Table | None = None
    bars: Bars | None = None
    heat: Heat | None = None
    note: str = ""
    none: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A report: what it is about in sentences, then its sections. `about` says of what and of which days it is."""

    key: str
    title: str
    lede: tuple[str, ...]
    about: str
    sections: tuple[Section, ...]
    language: str
    currency: str
    made_at: datetime
    made_by: str = ""
    figures: tuple[tuple[str, str], ...] = field(default=())


def column(key: str, title: str, kind: ColumnKind = ColumnKind.TEXT, width: int = 12) -> Column:
    """A column whose cells are given row by row."""
    return Column(key, title, kind, width, read=lambda row: row)


def table(
    key: str, title: str, columns: Sequence[Column], rows: Sequence[tuple[str, Sequence[Cell]]], note: str = ""
) -> Table:
    """A table of rows, each with what it is about."""
    return Table(key, title, tuple(columns), tuple(Row(ident, tuple(cells)) for ident, cells in rows), note)
