"""Three-way merge of a sheet that came back: what it left with, what stands in it now, and the present.

Rows are matched by their id, columns by their field. What only one side has changed is taken from that side; what both
have changed in the same way is agreed; what both have changed in different ways is a conflict, which is asked. Nothing
here knows of a database, or of what the values mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

Value = Hashable
Row = Mapping[str, Value]
Grid = Mapping[str, Row]


class Verdict(StrEnum):
    """What a comparison of three values says of one cell, or of whether a row is there."""

    SAME = "same"
    SHEET = "sheet"  # only the sheet has changed it
    PRESENT = "present"  # only the present has
    BOTH = "both"  # both have, in the same way
    CONFLICT = "conflict"


class RowFate(StrEnum):
    """What became of a row that one side has taken out, or put in."""

    ADDED_HERE = "added_here"
    GONE_IN_SHEET = "gone_in_sheet"
    GONE_HERE = "gone_here"
    GONE_ON_BOTH = "gone_on_both"
    GONE_IN_SHEET_CHANGED_HERE = "gone_in_sheet_changed_here"
    CHANGED_IN_SHEET_GONE_HERE = "changed_in_sheet_gone_here"


class _Nothing:
    """What stands where nothing is known."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Nothing()


class SheetRow(NamedTuple):
    """A row of the sheet: its number there (from 0), the id that stands in it, and its values by field.

    A field that is not in it was not touched: its column is missing, or its value could not be taken.
    """

    place: int
    ident: str | None
    values: Row


class CellMerge(NamedTuple):
    """One cell on all three sides; `then` is UNKNOWN where it is not known what the sheet left with."""

    ident: str
    field: str
    then: Value
    sheet: Value
    present: Value
    verdict: Verdict

    @property
    def key(self) -> str:
        """A name by which a choice can be made, the same as long as the row and the field are."""
        return f"{self.ident}|{self.field}"


class RowMerge(NamedTuple):
    """A row that is not on all three sides."""

    ident: str
    fate: RowFate
    then: Row | None
    sheet: Row | None
    present: Row | None


@dataclass(frozen=True)
class Merge:
    """What a comparison of three sides has found, cell by cell and row by row."""

    cells: tuple[CellMerge, ...] = ()
    rows: tuple[RowMerge, ...] = ()
    added: tuple[SheetRow, ...] = ()
    doubled: tuple[SheetRow, ...] = ()
    unknown: tuple[SheetRow, ...] = ()
    is_reordered: bool = False
    is_base_known: bool = True
    merged: Mapping[str, dict[str, Value]] = field(default_factory=dict)

    def cells_of(self, *verdicts: Verdict) -> list[CellMerge]:
        return [cell for cell in self.cells if cell.verdict in verdicts]

    def rows_of(self, *fates: RowFate) -> list[RowMerge]:
        return [row for row in self.rows if row.fate in fates]

    @property
    def conflicts(self) -> list[CellMerge]:
        return self.cells_of(Verdict.CONFLICT)

    @property
    def is_nothing_new(self) -> bool:
        """Whether the sheet brings nothing that the present does not have."""
        brings = self.cells_of(Verdict.SHEET, Verdict.CONFLICT)
        fates = (RowFate.GONE_IN_SHEET, RowFate.GONE_IN_SHEET_CHANGED_HERE, RowFate.CHANGED_IN_SHEET_GONE_HERE)
        return not (brings or self.added or self.rows_of(*fates))


def verdict(then: Value, sheet: Value, present: Value) -> Verdict:
    """What the three values of a cell say; where it is not known what it was, each difference is a conflict."""
    if sheet == present:
        return Verdict.SAME if then in (sheet, UNKNOWN) else Verdict.BOTH
    if then is UNKNOWN:
        return Verdict.CONFLICT
    if present == then:
        return Verdict.SHEET
    return Verdict.PRESENT if sheet == then else Verdict.CONFLICT


def merge(base: Grid | None, sheet: Sequence[SheetRow], present: Grid) -> Merge:
    """Compares three ways; `base` is None where nobody knows what the sheet left with: then each difference is asked.

    In `merged` stands what is to be: a cell or row in conflict keeps its present form until somebody chooses.
    """
    return _Merging(base, sheet, present).merge()


class _Merging:
    def __init__(self, base: Grid | None, sheet: Sequence[SheetRow], present: Grid) -> None:
        self.is_base_known = base is not None
        self.base, self.present = base or {}, present
        self.mine, self.doubled, self.unclear = _by_ident(sheet)
        self.nameless = [row for row in sheet if row.ident is None]
        self.cells: list[CellMerge] = []
        self.rows: list[RowMerge] = []
        self.unknown: list[SheetRow] = []
        self.merged = {ident: dict(row) for ident, row in present.items()}

    def merge(self) -> Merge:
        known = dict.fromkeys([*self.base, *self.present])
        for ident in known:
            self._row(ident)
        self.unknown = [row for ident, row in self.mine.items() if ident not in known]
        return Merge(
            cells=tuple(self.cells),
            rows=tuple(self.rows),
            added=tuple(self.nameless),
            doubled=tuple(self.doubled),
            unknown=tuple(self.unknown),
            is_reordered=self._is_reordered(),
            is_base_known=self.is_base_known,
            merged=self.merged,
        )

    def _row(self, ident: str) -> None:
        then, present = self.base.get(ident), self.present.get(ident)
        row = self.mine.get(ident)
        if row is None:
            if ident not in self.unclear:
                self._missing(ident, then, present)
        elif present is None:
            self._gone_here(ident, then or {}, row.values)
        else:
            self._cells(ident, then, row.values, present)

    def _cells(self, ident: str, then: Row | None, sheet: Row, present: Row) -> None:
        for name, now in present.items():
            was = UNKNOWN if then is None else then.get(name, UNKNOWN)
            mine = sheet.get(name, now if was is UNKNOWN else was)  # a column that is not there is not touched
            found = CellMerge(ident, name, was, mine, now, verdict(was, mine, now))
            self.cells.append(found)
            if found.verdict is Verdict.SHEET:
                self.merged[ident][name] = mine

    def _missing(self, ident: str, then: Row | None, present: Row | None) -> None:
        """A row that the sheet does not have."""
        if not self.is_base_known:
            return  # whether it ever was in the sheet, nobody knows
        if then is None:
            fate = RowFate.ADDED_HERE
        elif present is None:
            fate = RowFate.GONE_ON_BOTH
        elif _is_same(then, present):
            fate = RowFate.GONE_IN_SHEET
            del self.merged[ident]
        else:
            fate = RowFate.GONE_IN_SHEET_CHANGED_HERE
        self.rows.append(RowMerge(ident, fate, then, None, present))

    def _gone_here(self, ident: str, then: Row, sheet: Row) -> None:
        is_changed = any(sheet[name] != then.get(name) for name in sheet)
        fate = RowFate.CHANGED_IN_SHEET_GONE_HERE if is_changed else RowFate.GONE_HERE
        self.rows.append(RowMerge(ident, fate, then, sheet, None))

    def _is_reordered(self) -> bool:
        """Whether the rows that left stand in another order than that in which they left."""
        order = {ident: num for num, ident in enumerate(self.base)}
        places = [order[ident] for ident in self.mine if ident in order]
        return places != sorted(places)


def _by_ident(sheet: Iterable[SheetRow]) -> tuple[dict[str, SheetRow], list[SheetRow], set[str]]:
    """The rows by id; those whose id stands twice; and the ids whose rows differ, so that none of them counts."""
    groups: dict[str, list[SheetRow]] = defaultdict(list)
    for row in sheet:
        if row.ident is not None:
            groups[row.ident].append(row)
    doubled = [row for rows in groups.values() if len(rows) > 1 for row in rows]
    unclear = {ident for ident, rows in groups.items() if any(row.values != rows[0].values for row in rows)}
    return {ident: rows[0] for ident, rows in groups.items() if ident not in unclear}, doubled, unclear


def _is_same(then: Row, present: Row) -> bool:
    return all(present.get(name) == value for name, value in then.items())
