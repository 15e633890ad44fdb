"""What a sheet would change, row by row and cell by cell, as it is kept and shown."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from planner.services.sheets.columns import Fault


class LineState(StrEnum):
    """What becomes of a row of a sheet; `missing` and `gone` are rows that the sheet, or we, have no longer."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"
    ASKS = "asks"
    MISSING = "missing"
    GONE = "gone"


@dataclass(slots=True)
class Line:
    """A row: what it changes (column -> was, becomes), what must be chosen (then, yours, theirs), what stayed ours."""

    number: int
    state: LineState
    id: int | None = None
    version: int = 0
    title: str = ""
    cells: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    asks: dict[str, tuple[Any, Any, Any]] = field(default_factory=dict)
    kept: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    has_moved: bool = False  # since it was last looked at

    def packed(self) -> list[Any]:
        faults = [[one.column, one.code, dict(one.params)] for one in self.faults]
        return [
            self.number, str(self.state), self.id, self.version, self.title, self.cells, self.asks, self.kept, faults,
            self.has_moved,
        ]  # fmt: skip

    @classmethod
    def unpacked(cls, row: Sequence[Any]) -> Line:
        number, state, ident, version, title, cells, asks, kept, faults, has_moved = row
        return cls(
            number, LineState(state), ident, version, title, cells, asks, kept, [Fault(*one) for one in faults],
            has_moved,
        )  # fmt: skip


@dataclass(slots=True)
class Findings:
    """All lines, in the order of the sheet; then the rows that it has no longer."""

    lines: list[Line]

    @property
    def counts(self) -> dict[str, int]:
        """How many lines there are of each state, and how many hold something that was changed here alone."""
        counted = Counter(str(line.state) for line in self.lines)
        return {str(state): counted[state] for state in LineState} | {
            "kept": sum(bool(line.kept) for line in self.lines),
            "cells": sum(len(line.cells) for line in self.lines if line.state is LineState.CHANGED),
            "moved": sum(line.has_moved for line in self.lines),
        }

    def packed(self) -> bytes:
        return packed([line.packed() for line in self.lines])

    @classmethod
    def unpacked(cls, data: bytes) -> Findings:
        return cls([Line.unpacked(row) for row in unpacked(data)])


def packed(value: Any) -> bytes:
    """A value as compressed JSON; days and exact numbers are named, so that they come back as what they were."""
    return zlib.compress(json.dumps(value, default=_named, separators=(",", ":")).encode(), 1)


def unpacked(data: bytes) -> Any:
    """What `packed` has packed."""
    return json.loads(zlib.decompress(data), object_hook=_unnamed)


def _named(value: Any) -> Any:
    match value:
        case datetime():
            return {"$t": value.isoformat()}
        case date():
            return {"$d": value.isoformat()}
        case Decimal():
            return {"$n": str(value)}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _unnamed(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        match next(iter(found.items())):
            case ("$t", text):
                return datetime.fromisoformat(text)
            case ("$d", text):
                return date.fromisoformat(text)
            case ("$n", text):
                return Decimal(text)
    return found
