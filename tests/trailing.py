"""What a database holds, compared with what its audit trail says was done to it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Integer, Table, select
from sqlalchemy.orm import Session

from planner.models import AuditEntry, Base
from planner.services.account.audit import scope

Held = dict[tuple[str, Any], dict[str, Any]]
TABLES = [table for table in Base.metadata.sorted_tables if scope.is_audited(table)]


def held(session: Session) -> Held:
    """Every row of every audited table, by the number that the trail would know it by, or all of its key."""
    return {
        (table.name, key_of(table, row)): dict(row)
        for table in TABLES
        for row in session.connection().execute(select(table)).mappings()
    }


def key_of(table: Table, row: Any) -> Any:
    if scope.id_column(table) is not None:
        return row["id"]
    return tuple(row[column.name] for column in table.primary_key.columns)


def differing(before: Held, after: Held) -> set[tuple[str, str, Any]]:
    """What has become of which row: (action, table, number), without a number in tables of pairs."""
    found = {("remove", *place) for place in before.keys() - after.keys()}
    found |= {("add", *place) for place in after.keys() - before.keys()}
    for place in before.keys() & after.keys():
        names = {name for name in before[place] if before[place][name] != after[place][name]}
        if names and not scope.is_silent(Base.metadata.tables[place[0]], names):
            found.add(("edit", *place))
    return {(action, noun, key if isinstance(key, int) else None) for action, noun, key in found}


def told(session: Session, since: int) -> set[tuple[str, str, Any]]:
    """What the entries after a number say."""
    found: set[tuple[str, str, Any]] = set()
    for entry in session.scalars(select(AuditEntry).where(AuditEntry.id > since)):
        if entry.row_id is None:
            found.add((str(entry.action), entry.noun, None))
            continue
        assert entry.row_last is not None
        assert entry.num == entry.row_last - entry.row_id + 1
        found |= {(str(entry.action), entry.noun, n) for n in range(entry.row_id, entry.row_last + 1)}
    return found


def a_row(table: Table, number: int) -> dict[str, Any]:
    """Some value for every column that must have one; references lead nowhere."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "id" and isinstance(column.type, Integer):
            row["id"] = number
        elif not column.nullable or column.primary_key:
            row[column.name] = _value(column, number)
    return row


def _value(column: Any, number: int) -> Any:
    enums = getattr(column.type, "enum_class", None)
    if enums is not None:
        return next(iter(enums))
    if isinstance(column.type, JSON):
        return []
    kind = column.type.python_type
    plain: dict[type, Any] = {int: number, float: 1.0, str: f"t{number}", bool: True, bytes: b"b"}
    plain |= {datetime: datetime(2027, 1, 4, tzinfo=UTC), date: date(2027, 1, 4)}
    return plain[kind]
