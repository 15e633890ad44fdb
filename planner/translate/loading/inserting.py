"""Adding many rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

Row = dict[str, Any]


def add_rows(session: Session, table: type[Any], rows: Iterable[Row]) -> None:
    """Adds rows, each with the same keys."""
    values = list(rows)
    if values:
        session.execute(insert(table), values)


def add_numbered(session: Session, table: type[Any], rows: Sequence[Row]) -> list[int]:
    """Adds rows, each with the same keys; their ids, in order."""
    if not rows:
        return []
    statement = insert(table).returning(table.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, list(rows)))
