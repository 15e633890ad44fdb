"""Rows that have no name of their own: recognised by their id, or by what some of their cells say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.models import fold
from planner.services.sheets.columns import Column
from planner.services.sheets.kinds.kind import Kind, Matcher, Present
from planner.services.sheets.kinds.people import plain_value
from planner.services.sheets.world import World


class OfPair(Kind):
    """Rows that are recognised by their id, or by what some of their cells say together."""

    pair: tuple[str, ...]

    def value(self, present: Present, column: Column) -> Any:
        return present.key if column.name == "id" else plain_value(present.said.get(column.field))

    def matcher(self, world: World, present: Mapping[int, Present]) -> Any:
        return ByIdOrPair(Matcher(self, present, {}), Paired(present, self.pair))

    def identity(self, world: World, cells: Mapping[str, Any]) -> str:
        return fold(" ".join(str(cells.get(name) or "") for name in self.pair))


class Paired:
    """Finds a row by two or more of its columns together; a cell that says nothing is an empty text."""

    def __init__(self, present: Mapping[int, Present], names: Sequence[str]) -> None:
        self.names = names
        self.found = {self._key({n: plain_value(row.said.get(n)) for n in names}): i for i, row in present.items()}

    def find(self, cells: Mapping[str, Any]) -> int | None:
        """The id of the row that is there; None for a new one."""
        return self.found.get(self._key(cells))

    def _key(self, cells: Mapping[str, Any]) -> tuple[Any, ...]:
        values = ("" if cells.get(name) is None else cells[name] for name in self.names)
        return tuple(fold(value) if isinstance(value, str) else value for value in values)


class ByIdOrPair:
    """Finds a row by its id where the sheet has one, else by what it says."""

    def __init__(self, by_id: Matcher, by_pair: Paired) -> None:
        self.by_id, self.by_pair = by_id, by_pair

    def find(self, cells: Mapping[str, Any]) -> int | None:
        """The id of the row that is there; None for a new one. Raises Unmatched."""
        return self.by_id.find(cells) if cells.get("id") else self.by_pair.find(cells)
