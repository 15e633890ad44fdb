"""What a table is: typed columns, each with the way to read its cell from a row of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from planner.exchange.editions import Edition
from planner.exchange.sentences import first, last
from planner.exchange.words import Words
from planner.translate.report import PlanReport


class ColumnKind(StrEnum):
    """What a column holds; FIGURE is one of the others, said by each cell."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DATE = "date"
    INSTANT = "instant"
    FIGURE = "figure"


class Figure(NamedTuple):
    """A value that says of what kind it is."""

    kind: ColumnKind
    value: str | int | float | date | None


Cell = str | int | float | date | Figure | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `width` is in characters, `is_private` keeps it to the organisers' edition."""

    key: str
    title: str
    kind: ColumnKind
    width: int
    read: Callable[[Any], Cell]
    is_private: bool = False


class Row(NamedTuple):
    """A row and the identifier of what it is about, by which a changed sheet finds its way back."""

    ident: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report; `note` is the line that explains it."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What every table is made from; the report is that of the edition already."""

    report: PlanReport
    say: Words
    edition: Edition

    @property
    def is_open(self) -> bool:
        """Whether scores, costs and reasons may be shown."""
        return self.edition is Edition.ORGANISERS

    @property
    def record(self) -> dict[str, str | int | None]:
        """Which plan this is, when it was written, by whom and for whom: every format carries it."""
        meta = self.report.meta
        return {
            "number": meta.number,
            "version": meta.version,
            "title": meta.title,
            "generated_at": meta.generated_at.isoformat(),
            "generated_by": meta.generated_by,
            "edition": str(self.edition),
        }

    def lay(
        self,
        key: str,
        title: str,
        columns: Iterable[Column],
        items: Iterable[Any],
        ident: Callable[[Any], str],
        note: str = "",
    ) -> Table:
        """A table of one row for each item, with the columns that the edition shows."""
        shown = tuple(column for column in columns if self.is_open or not column.is_private)
        rows = (Row(ident(item), tuple(column.read(item) for column in shown)) for item in items)
        return Table(key, title, shown, tuple(rows), note)

    def first(self, start: datetime | None) -> date | None:
        return first(self.report, start)

    def last(self, end: datetime | None) -> date | None:
        return last(self.report, end)
