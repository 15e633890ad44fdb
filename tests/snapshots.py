"""The whole database as plain values, to tell what an act changed and what it left as it was."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select

from planner.models import Base

Rows = dict[tuple[str, tuple[Any, ...]], dict[str, Any]]


def snapshot(engine: Engine, *, but: frozenset[str] = frozenset()) -> Rows:
    """Every row of every table, by table and primary key; tables in `but` are left out."""
    found: Rows = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in but:
                continue
            keys = [column.name for column in table.primary_key.columns]
            for row in connection.execute(select(table)).mappings():
                found[table.name, tuple(row[key] for key in keys)] = dict(row)
    return found


def differences(before: Rows, after: Rows, *, but: frozenset[str] = frozenset()) -> dict[Any, Any]:
    """What came, went or changed, row by row; columns in `but` may change."""
    gone = dict.fromkeys(before.keys() - after.keys(), "is gone")
    new = dict.fromkeys(after.keys() - before.keys(), "is new")
    return (
        gone
        | new
        | {key: changed for key in before.keys() & after.keys() if (changed := _changed(before[key], after[key], but))}
    )


def _changed(before: dict[str, Any], after: dict[str, Any], but: frozenset[str]) -> dict[str, tuple[Any, Any]]:
    return {name: (before[name], after[name]) for name in before if name not in but and before[name] != after[name]}
