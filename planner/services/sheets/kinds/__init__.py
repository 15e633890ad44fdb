"""The tables that can come by sheet, by name."""

from __future__ import annotations

from planner.services.sheets.kinds.kind import Item, Kind, Present
from planner.services.sheets.kinds.people import People

KINDS: dict[str, Kind] = {kind.name: kind for kind in (People(),)}

__all__ = ["KINDS", "Item", "Kind", "Present"]
