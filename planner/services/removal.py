"""Removing rows so that it can be undone: what goes with a row is kept whole, and comes back with its ids."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Select, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.models import Alert, Base, Candidate, Removal, now
from planner.services.refused import Refused

Kept = tuple[str, list[dict[str, Any]]]  # table, rows
Detached = tuple[str, str, list[Any], Any]  # table, column, keys of the rows, the value that they had
MOVED = {"plan_comment": "comment"}  # where the rows of a table are today that was there when something was removed


def remove(session: Session, row: Any, *, title: str, by_id: int | None) -> Removal:
    """Removes a row and everything that goes with it, kept so that `restore` can bring it back. Raises Refused."""
    return remove_all(session, row.__table__, [row.id], title=title, by_id=by_id)


def remove_all(session: Session, table: Table, ids: Sequence[int], *, title: str, by_id: int | None) -> Removal:
    """Removes rows of a table, and all that goes with them, as one removal. Raises Refused."""
    session.flush()
    kept = _with_dependents(session, table, ids)
    if not kept:
        raise Refused("already_removed", title=title)
    detached = _detached(session, kept)
    try:
        _move_on(session, kept, detached)
        session.execute(delete(table).where(table.c.id.in_(ids)))
    except IntegrityError as error:
        raise Refused("still_in_use", title=title) from error
    rows = {"rows": kept, "detached": detached}
    removal = Removal(subject=table.name, title=title, removed_by_id=by_id, rows=_packed(rows))
    session.add(removal)
    session.flush()
    session.expire_all()
    return removal


def restore(session: Session, removal: Removal) -> None:
    """Brings back what a removal took, once. Raises Refused where something has taken its place since."""
    if removal.restored_at is not None:
        raise Refused("already_restored", title=removal.title)
    packed = _unpacked(removal.rows)
    packed["rows"] = [(MOVED.get(name, name), rows) for name, rows in packed["rows"]]
    try:
        for name, rows in packed["rows"]:
            table = Base.metadata.tables[name]
            session.execute(insert(table), [_typed(table, values) for values in rows])
        for name, column, keys, value in packed["detached"]:
            table = Base.metadata.tables[name]
            is_still_empty = _key(table).in_(keys) & table.c[column].is_(None)
            session.execute(update(table).where(is_still_empty).values({column: value, **_same_date(table)}))
        _move_on(session, packed["rows"], packed["detached"])
    except IntegrityError as error:
        raise Refused("cannot_restore", title=removal.title) from error
    removal.restored_at = now()
    session.flush()
    session.expire_all()


def used_elsewhere(session: Session, table: Table, ids: Sequence[int], own: Mapping[str, Collection[int]]) -> set[int]:
    """Which of these rows something hangs on that is neither a part of them nor among `own` (ids by table).

    A part is a row without a version: it belongs to its parent's form, and says nothing once that is gone.
    """
    used: set[int] = set()
    for ondelete in ("CASCADE", "SET NULL", "RESTRICT", None):
        for child, column, _target in _references(table, ondelete):
            if not ids or child is Alert.__table__:  # what the planner finds by itself is nobody's use
                continue
            key = _key(child)
            found = session.execute(select(key, column).where(column.in_(ids))).all()
            if "version" not in child.c and child.name in _parts(table):
                ids_below = [ident for ident, _owner in found] if "id" in child.c else []
                below = used_elsewhere(session, child, ids_below, own)
                used |= {owner for ident, owner in found if ident in below}
                continue
            used |= {owner for ident, owner in found if ident not in own.get(child.name, ())}
    return used


def _parts(table: Table) -> set[str]:
    """The tables whose rows live and die with the rows of this one."""
    mapper = next(one for one in Base.registry.mappers if one.local_table is table)
    found = (relation.mapper.local_table for relation in mapper.relationships if relation.cascade.delete_orphan)
    return {part.name for part in found if isinstance(part, Table)}


def rows_of(removal: Removal) -> list[Kept]:
    """The rows that a removal keeps, by table."""
    kept: list[Kept] = _unpacked(removal.rows)["rows"]
    return kept


def _with_dependents(session: Session, table: Table, ids: Sequence[Any]) -> list[Kept]:
    """The rows with these ids, then every row that the database removes with them, parents first.

    They stay locked: whoever would add to them now waits, and then finds them gone.
    """
    rows = _locked(session, select(table).where(_key(table).in_(ids)))
    found: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
    queue = [(table, rows)]
    while queue:
        parent, some = queue.pop(0)
        seen = found.setdefault(parent.name, {})
        new = [row for row in some if _identity(parent, row) not in seen]
        seen.update({_identity(parent, row): row for row in new})
        for child, column, target in _references(parent, "CASCADE"):
            keys = [row[target.name] for row in new]
            if keys:
                queue.append((child, _locked(session, select(child).where(column.in_(keys)))))
    order = [t.name for t in Base.metadata.sorted_tables if found.get(t.name)]
    return [(name, list(found[name].values())) for name in order]


def _locked(session: Session, statement: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(statement.with_for_update()).mappings()]


def _detached(session: Session, kept: list[Kept]) -> list[Detached]:
    """The references that the database empties; those of rows that go as well come back with their rows."""
    going = {name: {row.get("id") for row in rows} for name, rows in kept}
    out: list[Detached] = []
    for name, rows in kept:
        for child, column, target in _references(Base.metadata.tables[name], "SET NULL"):
            values = [row[target.name] for row in rows]
            found = select(_key(child), column).where(column.in_(values)).with_for_update()
            staying: dict[Any, list[Any]] = {}
            for key, value in session.execute(found):
                if key not in going.get(child.name, ()):
                    staying.setdefault(value, []).append(key)
            out.extend((child.name, column.name, keys, value) for value, keys in staying.items())
    return out


def _move_on(session: Session, kept: Iterable[Kept], detached: Iterable[Detached]) -> None:
    """Counts a removal, and its undoing, as an edit of the rows that stay and show what went: open forms go stale."""
    touched: dict[str, set[Any]] = {}
    for name, _column, keys, _value in detached:
        touched.setdefault(name, set()).update(keys)
    going = {name: {row.get("id") for row in rows} for name, rows in kept}
    for name, rows in kept:
        for owner, column in _owners(Base.metadata.tables[name]):
            touched.setdefault(owner, set()).update({row[column] for row in rows} - going.get(owner, set()))
    are_they = Candidate.person_id.in_(touched.get("person", ()))  # a candidate's form shows the person's rows
    touched.setdefault("candidate", set()).update(session.scalars(select(Candidate.id).where(are_they)))
    for name, idents in touched.items():
        table = Base.metadata.tables[name]
        if "version" in table.c and idents:
            moved = update(table).where(_key(table).in_(idents))
            session.execute(moved.values(version=table.c.version + 1, **_same_date(table)))


def _same_date(table: Table) -> dict[str, Any]:
    """Nobody has changed a row whose neighbours went or came back: it keeps its date."""
    return {"changed_at": table.c.changed_at} if "changed_at" in table.c else {}


def _owners(table: Table) -> Iterator[tuple[str, str]]:
    """The rows below which rows of this table hang, as (table, the column here that refers to it)."""
    for mapper in Base.registry.mappers:
        owner = mapper.local_table
        for relation in mapper.relationships:
            if isinstance(owner, Table) and relation.cascade.delete_orphan and relation.mapper.local_table is table:
                yield owner.name, relation.local_remote_pairs[0][1].name


def _references(parent: Table, ondelete: str | None) -> Iterator[tuple[Table, Column[Any], Column[Any]]]:
    """Every column that refers to a table's key and is treated in this way when a row of it goes.

    A reference by several columns begins with the key; what else it names goes along.
    """
    for child in Base.metadata.sorted_tables:
        for constraint in sorted(child.foreign_key_constraints, key=lambda one: str(one.name)):
            if constraint.referred_table is parent and constraint.ondelete == ondelete:
                key = constraint.elements[0]
                yield child, key.parent, key.column


def _key(table: Table) -> Column[Any]:
    """The first column of a table's primary key: its id, or the parent's in a table of pairs."""
    return next(iter(table.primary_key.columns))


def _identity(table: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _packed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, default=_plain).encode())


def _unpacked(data: bytes) -> Any:
    return json.loads(zlib.decompress(data))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _typed(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """Values as they came from JSON, as the columns want them again."""
    return {name: _as(table.c[name].type.python_type, value) for name, value in values.items()}


def _as(kind: type, value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is bytes:
        return bytes.fromhex(value)
    return value
