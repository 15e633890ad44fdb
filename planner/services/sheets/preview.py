"""What a sheet would do: each row is read, recognised, merged with what is here, and judged; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from planner.models import User
from planner.services.sheets import values
from planner.services.sheets.columns import Column, Fault, Reading, Unreadable
from planner.services.sheets.findings import Findings, Line, LineState
from planner.services.sheets.kinds.kind import Item, Kind, Present, Unmatched
from planner.services.sheets.parsing import Cell, habits_of
from planner.services.sheets.world import World

MISSING = object()
FAULT = "$fault"  # a cell that the file has no value for: its code, and what it shows
MOST_FAULTS = 20  # of one row


@dataclass(frozen=True)
class Sheet:
    """The rows below the headings, each with its number in the file, and the column that each cell belongs to.

    `base` are the values that an export left with, by the row's key: with them every cell is compared three ways.
    `choices` say "yours" or "theirs" for "<row>:<column>". Where `is_exact`, an empty cell clears what is there.
    """

    mapping: Sequence[str]
    rows: Sequence[tuple[int, Sequence[Cell]]]
    is_exact: bool = False
    base: Mapping[str, Mapping[str, Any]] | None = None
    choices: Mapping[str, str] = field(default_factory=dict)


class Preview:
    """One look at a sheet. `items` are the rows to be written once nothing speaks against it."""

    def __init__(self, kind: Kind, world: World, sheet: Sheet, by: User) -> None:
        self.kind, self.world, self.sheet, self.by = kind, world, sheet, by
        columns = kind.all_columns(world)
        self.places = [(n, columns[name]) for n, name in enumerate(sheet.mapping) if name in columns]
        self.columns = columns
        self.present = kind.present(world)
        self.matcher = kind.matcher(world, self.present)
        self.items: dict[int, Item] = {}
        self._seen: dict[int, int] = {}
        self._named: dict[str, int] = {}

    def findings(self) -> Findings:
        """Every line, judged by itself, then beside the others, then by the verbs where these alone know."""
        language = self.world.language
        habits = [habits_of((self._cell(row, n) for _, row in self.sheet.rows), language) for n, _ in self.places]
        readers = [values.reader(column, self.world, one) for (_, column), one in zip(self.places, habits, strict=True)]
        lines = [
            self._line(number, row, readers)
            for number, row in self.sheet.rows
            if any(not values.is_blank(self._cell(row, n)) for n, _ in self.places)
        ]
        by_number = {line.number: line for line in lines}
        self._refuse(by_number, self.kind.across(self.world, list(self.items.values())))
        if self.kind.is_rehearsed:
            items = list(self.items.values())
            self._refuse(by_number, self.kind.rehearse(self.world.session, self.world, items, self.by))
        return Findings([*lines, *self._missing()])

    @staticmethod
    def _cell(row: Sequence[Cell], n: int) -> Cell:
        return row[n] if n < len(row) else None

    def _line(self, number: int, row: Sequence[Cell], readers: Sequence[values.Read]) -> Line:
        faults: list[Fault] = []
        cells = self._read(row, readers, faults)
        line = Line(number, LineState.REFUSED, title=str(cells.get("name") or cells.get("title") or ""))
        try:
            ident = self.matcher.find(cells)
        except Unmatched as unmatched:
            base = self.sheet.base or {}
            if unmatched.code == "id_not_known" and str(cells.get("id")) in base:
                line.state, line.title = LineState.GONE, line.title or str(cells["id"])
                return line
            line.faults = [*faults, Fault(unmatched.column, unmatched.code, unmatched.params)]
            return line
        present = self.present[ident] if ident is not None else None
        if present is not None:
            line.id, line.version, line.title = present.id, present.version, present.title
        cells.pop("id", None)
        self._merge(line, present, cells)
        faults.extend(self._repeated(line, cells))
        line.faults = faults
        self._judge(line, present, cells)
        return line

    def _read(self, row: Sequence[Cell], readers: Sequence[values.Read], faults: list[Fault]) -> dict[str, Any]:
        """The values of a row's cells; what cannot be read is a fault of its cell."""
        cells: dict[str, Any] = {}
        currencies: dict[str, str] = {}
        for (n, column), read in zip(self.places, readers, strict=True):
            cell = row[n] if n < len(row) else None
            if isinstance(cell, dict):  # a cell of which the file has no value
                faults.append(Fault(column.name, cell[FAULT][0], {"shown": cell[FAULT][1]}))
                continue
            if values.is_blank(cell):
                if self.sheet.is_exact:
                    cells[column.name] = values.blank(column)
                continue
            try:
                value = read(cell)
            except Unreadable as unreadable:
                faults.append(Fault(column.name, unreadable.code, unreadable.params))
                continue
            if column.reading is Reading.MONEY:
                value, currency = value
                if currency:
                    currencies[column.name] = currency
            cells[column.name] = value if value or not column.ident else None  # level 0: not held
        if currencies:
            faults.extend(self._currency_faults(cells, currencies))
        return cells

    def _currency_faults(self, cells: dict[str, Any], currencies: Mapping[str, str]) -> list[Fault]:
        """A sign that stands with an amount says the row's currency, where a row has one; nothing may contradict it."""
        own, name = self.world.workspace.currency, self.kind.currency_column
        said = {code for column, code in currencies.items()}
        if name and not cells.get(name) and len(said) == 1:
            cells[name] = said.pop()
        here = str(cells.get(name) or own).upper() if name else own
        wrong = [(column, code) for column, code in currencies.items() if code != here]
        return [Fault(column, "currency_is_another", {"said": code, "here": here}) for column, code in wrong]

    def _merge(self, line: Line, present: Present | None, cells: dict[str, Any]) -> None:
        """Compares each cell with what the sheet left with and with what is here; keeps in `cells` what it changes."""
        if present is None:
            return
        base = (self.sheet.base or {}).get(present.key or str(present.id))
        for name in list(cells):
            column = self.columns[name]
            now = self.kind.value(present, column)
            if column.reading is Reading.LEVELS and not self.sheet.is_exact:
                cells[name] = {**(now or {}), **cells[name]}
            then = base.get(name, MISSING) if base is not None else MISSING
            said = cells[name]
            if then is MISSING or now in (then, said) or said == then:
                if then is not MISSING and said == then and now != then:
                    line.kept[name] = (then, now)
                    del cells[name]
                continue
            choice = self.sheet.choices.get(f"{line.number}:{name}")
            if choice != "yours":
                del cells[name]
            if choice not in ("yours", "theirs"):
                line.asks[name] = (then, said, now)

    def _repeated(self, line: Line, cells: Mapping[str, Any]) -> list[Fault]:
        """A row that says something of the same as an earlier one, which could not both hold."""
        if line.id is not None:
            first = self._seen.setdefault(line.id, line.number)
        else:
            name = self.kind.identity(self.world, cells)
            first = self._named.setdefault(name, line.number) if name else line.number
        return [Fault("", "row_said_twice", {"row": first})] if first != line.number else []

    def _judge(self, line: Line, present: Present | None, cells: dict[str, Any]) -> None:
        """Whether the row may be written, and what that would change."""
        changed = self._changed(present, cells)
        if present is not None and not changed and not line.faults:
            line.state = LineState.ASKS if line.asks else LineState.SAME
            return
        payload = self.kind.payload(self.world, present, changed)
        try:
            said = self.kind.schema.model_validate(payload)
        except ValidationError as error:
            for problem in error.errors(include_url=False, include_input=False)[:MOST_FAULTS]:
                column = self.kind.column_at(problem["loc"], payload, changed)
                context = {k: v for k, v in problem.get("ctx", {}).items() if k != "error"}
                if not any(fault.column == column for fault in line.faults):
                    line.faults.append(Fault(column, problem["type"], context))
            return
        settled = self._changed(present, self.kind.settled(self.world, said, changed))
        line.faults.extend(self.kind.judge(self.world, present, said, changed))
        line.faults.extend(self._forbidden(present, said, settled))
        line.cells = {name: (self._now(present, name), value) for name, value in settled.items()}
        if line.faults:
            return
        if present is not None and not settled:
            line.state = LineState.ASKS if line.asks else LineState.SAME
            return
        line.state = LineState.ASKS if line.asks else LineState.CHANGED if present else LineState.NEW
        self.items[line.number] = Item(line.number, present, said, changed, line.id or 0)

    def _changed(self, present: Present | None, cells: Mapping[str, Any]) -> dict[str, Any]:
        if present is None:
            return {name: value for name, value in cells.items() if value not in (None, "", [], {})}
        return {name: value for name, value in cells.items() if not _same(self._now(present, name), value)}

    def _now(self, present: Present | None, name: str) -> Any:
        return self.kind.value(present, self.columns[name]) if present is not None else None

    def _forbidden(self, present: Present | None, said: Any, settled: Mapping[str, Any]) -> list[Fault]:
        """What the reader may not do: told at every cell that would change."""
        if present is None:
            return [] if self.kind.may_add(self.by, said) else [Fault("", "row_not_yours_to_add")]
        if not settled or self.kind.may_edit(self.by, present):
            return []
        return [Fault(name, "cell_not_yours") for name in settled]

    def _refuse(self, lines: Mapping[int, Line], faults: Any) -> None:
        for number, fault in faults:
            lines[number].faults.append(fault)
            lines[number].state = LineState.REFUSED
            self.items.pop(number, None)

    def _missing(self) -> list[Line]:
        """The rows that the sheet left with and brings back no more; those that are gone here too need no word."""
        if self.sheet.base is None:
            return []
        keys = {row.key or str(ident): row for ident, row in self.present.items()}
        found = [keys[key] for key in self.sheet.base if key in keys and keys[key].id not in self._seen]
        return [Line(0, LineState.MISSING, row.id, row.version, row.title) for row in found]


def _same(one: Any, other: Any) -> bool:
    """Whether two values say the same; every way of saying nothing is one."""
    return one == other or (one in (None, "", [], {}, 0) and other in (None, "", [], {}) and one != 0)


def columns_of(places: Sequence[tuple[int, Column]]) -> list[str]:
    """The names of the columns that a sheet fills, in its order."""
    return [column.name for _n, column in places]
