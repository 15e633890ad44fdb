"""What a verb raises where the rest of the world does not allow what was said; the doors find the words by code."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """Something that cannot be done now.

    `code` finds the sentence in `planner/wording.py`, `params` fill it; `field` is where a form shows it.
    """

    def __init__(self, code: str, field: str | None = None, **params: Any) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.field = field
        self.params = params


class Stale(Exception):
    """An edit that carries no version, or not the present one: somebody else was first."""

    def __init__(self, row: Any) -> None:
        super().__init__(f"{type(row).__name__} {row.id} is at version {row.version}")
        self.row = row
