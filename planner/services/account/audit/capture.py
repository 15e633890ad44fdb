"""Hears every change that a session makes, and has it written down in the transaction that makes it.

Rows that the ORM writes are heard one by one; statements that write many (`insert`, `update`, `delete`, of models and
of tables) are heard before they run, when it can still be asked which rows they mean. What the database removes or
empties along with a row is asked for in the same way. Nobody calls this: `listen` is told once, by whoever makes
engines. Who acts is said by the doors, with `act`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, event, inspect, select
from sqlalchemy.engine import Result
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, SessionTransaction, object_session
from sqlalchemy.orm.attributes import get_history

from planner.models import AuditAction, Base, Door
from planner.services.account.audit import chain
from planner.services.account.audit.changes import Changed, Changes
from planner.services.account.audit.scope import (
    fields_of,
    id_column,
    is_audited,
    is_silent,
    owner_column,
    references,
)
from planner.services.editing import touched_field

ACTING, CHANGES = "audit_acting", "audit_changes"  # in a session's `info`
AT_ONCE = 500  # ids in one question: SQLite takes no endless lists


@dataclass(frozen=True)
class Acting:
    """Who acts, and through which door; nobody where a program acts by itself, or a visitor does."""

    door: Door = Door.CLI
    user_id: int | None = None
    token_id: int | None = None


def act(session: Session, door: Door, *, user_id: int | None = None, token_id: int | None = None) -> None:
    """Says who makes the changes that this session commits from now on."""
    session.info[ACTING] = Acting(door, user_id, token_id)


def listen() -> None:
    """Has every session heard from now on."""
    if event.contains(Session, "before_commit", _write):
        return
    for name, hear in (("after_insert", _added), ("after_update", _edited), ("before_delete", _removed)):
        event.listen(Base, name, hear, propagate=True)
    event.listen(Session, "do_orm_execute", _heard)
    event.listen(Session, "before_commit", _write)
    event.listen(Session, "after_transaction_create", _mark)
    event.listen(Session, "after_soft_rollback", _forget)
    event.listen(Session, "after_transaction_end", _end)


# What the ORM writes, row by row


def _added(mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    _note(row, mapper, AuditAction.ADD)


def _edited(mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    changed = {one.key for one in mapper.column_attrs if get_history(row, one.key).has_changes()}
    table = _table_of(mapper)
    if not changed or is_silent(table, changed):
        return
    named = changed - {touched_field(row)}
    _note(row, mapper, AuditAction.EDIT, fields_of(table, named))


def _removed(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    """A row that is about to go, with what the database removes and empties along with it."""
    _note(row, mapper, AuditAction.REMOVE)
    session, table = object_session(row), _table_of(mapper)
    key = id_column(table)
    if session is not None and key is not None:
        _note_all(session, _falling(connection, table, [inspect(row).identity[0]]))


def _note(row: Any, mapper: Mapper[Any], action: AuditAction, fields: tuple[str, ...] = ()) -> None:
    session, table = object_session(row), _table_of(mapper)
    if session is None or not is_audited(table):
        return
    said = {
        name: getattr(row, mapper.get_property_by_column(column).key)
        for name, column in (("row_id", id_column(table)), ("owner_id", owner_column(table)))
        if column is not None
    }
    version = getattr(row, "version", None)
    _note_all(session, [Changed(action, table.name, version=version, fields=fields, **said)])


def _table_of(mapper: Mapper[Any]) -> Table:
    table = mapper.local_table
    assert isinstance(table, Table)  # noqa: S101 -- every model is a table
    return table


# Statements that write many


def _heard(state: ORMExecuteState) -> Result[Any] | None:
    """Before a statement that writes: which rows it means. An `insert` runs first, where it tells its new numbers."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return None
    table: Table = state.statement.table  # type: ignore[attr-defined]
    table = Base.metadata.tables[table.name]
    session = state.session
    if state.is_insert:
        return _heard_insert(state, table) if is_audited(table) else None
    if session.autoflush:
        session.flush()  # the statement would do so itself, and means what is there then
    if state.is_delete:
        ids = _meant(state, table)
        _note_all(session, (_changed(AuditAction.REMOVE, table, row) for row in ids) if is_audited(table) else ())
        keys = [row["id"] for row in ids if row.get("id") is not None]
        _note_all(session, _falling(session.connection(), table, keys))
    elif is_audited(table):
        _heard_update(state, table)
    return None


def _heard_insert(state: ORMExecuteState, table: Table) -> Result[Any]:
    """Adds rows, and asks for their numbers where nobody does."""
    rows, key, statement = _parameters(state), id_column(table), state.statement
    is_asked = bool(getattr(statement, "_returning", ()))
    if not is_asked and key is not None and not all(key.name in row for row in rows):
        # their order is asked for only where a version stands beside it: SQLite adds rows one by one then
        told_of = [column for column in (key, owner_column(table)) if column is not None]
        is_in_order = len(rows) > 1 and any("version" in row for row in rows)
        statement = statement.returning(*told_of, sort_by_parameter_order=is_in_order)  # type: ignore[attr-defined]
    result = state.invoke_statement(statement=statement)
    if getattr(statement, "_returning", ()):
        frozen = result.freeze()
        told = [row._asdict() for row in frozen().all()] if "id" in frozen().keys() else []  # noqa: SIM118
        rows = [{**one, **more} for one, more in zip(rows or [{}] * len(told), told, strict=False)]
        result = frozen()
    _note_all(state.session, (_changed(AuditAction.ADD, table, row) for row in rows))
    return result


def _heard_update(state: ORMExecuteState, table: Table) -> None:
    rows = _parameters(state)
    said = {_name(column) for column in getattr(state.statement, "_values", None) or ()}
    names = said or {name for row in rows for name in row} - {key.name for key in table.primary_key}
    if is_silent(table, names):
        return
    fields, moved = fields_of(table, names), "version" in names
    meant = _meant(state, table) if state.statement.whereclause is not None or not rows else rows  # type: ignore[attr-defined]
    _note_all(state.session, (_changed(AuditAction.EDIT, table, row, fields, moved=moved) for row in meant))


def _parameters(state: ORMExecuteState) -> list[dict[str, Any]]:
    """The rows that a statement was given."""
    if isinstance(state.parameters, Mapping):
        return [dict(state.parameters)]
    if state.parameters:
        return [dict(row) for row in state.parameters]
    several = getattr(state.statement, "_multi_values", ())
    if several:
        return [{_name(key): value for key, value in row.items()} for rows in several for row in rows]
    values = getattr(state.statement, "_values", None) if state.is_insert else None
    return [{_name(column): getattr(value, "value", None) for column, value in values.items()}] if values else []


def _name(column: Any) -> str:
    return str(getattr(column, "key", column))


def _meant(state: ORMExecuteState, table: Table) -> list[dict[str, Any]]:
    """The rows that an `update` or a `delete` will change, locked as it will lock them."""
    where = state.statement.whereclause  # type: ignore[attr-defined]
    statement = _numbers(table) if where is None else _numbers(table).where(where)
    statement = statement.with_for_update(of=table, key_share=state.is_update)
    said = state.parameters if isinstance(state.parameters, Mapping) else {}
    return [dict(row) for row in state.session.connection().execute(statement, said).mappings()]


def _numbers(table: Table) -> Select[Any]:
    """What an entry says of rows of a table: their numbers, what they hang on, their version."""
    columns = [id_column(table), owner_column(table), table.c.get("version")]
    named = [column for column in columns if column is not None]
    return select(*(named or table.primary_key.columns))


def _changed(
    action: AuditAction,
    table: Table,
    row: Mapping[str, Any],
    fields: tuple[str, ...] = (),
    *,
    moved: bool = False,
) -> Changed:
    key, owner = id_column(table), owner_column(table)
    version = row.get("version")
    return Changed(
        action,
        table.name,
        row.get(key.name) if key is not None else None,
        row.get(owner.name) if owner is not None else None,
        version + 1 if moved and isinstance(version, int) else version,
        fields,
    )


# What the database does by itself


def _falling(connection: Connection, table: Table, ids: Sequence[Any]) -> Iterator[Changed]:
    """The rows that go along with rows of a table, and those that lose what they named, before it happens."""
    for child, column, _target in references(table, "CASCADE") if ids else ():
        rows = list(_rows_with(connection, child, column, ids))
        if is_audited(child):
            yield from (_changed(AuditAction.REMOVE, child, row) for row in rows)
        yield from _falling(connection, child, [row["id"] for row in rows if row.get("id") is not None])
    for child, column, _target in references(table, "SET NULL") if ids else ():
        if is_audited(child):
            rows = list(_rows_with(connection, child, column, ids))
            yield from (_changed(AuditAction.EDIT, child, row, (column.name,)) for row in rows)


def _rows_with(connection: Connection, table: Table, column: Any, ids: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    for begin in range(0, len(ids), AT_ONCE):
        some = ids[begin : begin + AT_ONCE]
        yield from map(dict, connection.execute(_numbers(table).where(column.in_(some))).mappings())


# From the first change to the commit


def _note_all(session: Session, changed: Iterable[Changed]) -> None:
    noted: Changes = session.info.setdefault(CHANGES, Changes())
    noted.rows.extend(changed)


def _write(session: Session) -> None:
    """Writes the entries, last of all: from then on every other writer waits for this transaction's end."""
    if session.in_nested_transaction():
        return
    session.flush()
    noted: Changes | None = session.info.pop(CHANGES, None)
    if noted is not None and noted.rows:
        acting: Acting = session.info.get(ACTING) or Acting()
        author = chain.Author(acting.door, acting.user_id, acting.token_id)
        chain.append(session.connection(), list(noted.runs()), author)


def _mark(session: Session, transaction: SessionTransaction) -> None:
    """Remembers what had been noted when a savepoint began."""
    if transaction.nested:
        noted: Changes = session.info.setdefault(CHANGES, Changes())
        noted.marks[transaction] = len(noted.rows)


def _forget(session: Session, transaction: SessionTransaction) -> None:
    """What a savepoint takes back was not changed."""
    noted: Changes | None = session.info.get(CHANGES)
    if noted is not None and transaction in noted.marks:
        del noted.rows[noted.marks[transaction] :]


def _end(session: Session, transaction: SessionTransaction) -> None:
    """What was not written by now was rolled back, or the session was closed on it."""
    if transaction.parent is None:
        session.info.pop(CHANGES, None)
