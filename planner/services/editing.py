"""How every verb edits a row: the version that was read, the fields that were said, the rows below it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.attributes import flag_modified

from planner.services.refused import Stale

Row = TypeVar("Row")


def require_version(row: Any, version: int | None) -> None:
    """Raises Stale unless the editor read the row as it is now; a missing version is a stale one."""
    if version != row.version:
        raise Stale(row)


def fill(row: Row, said: BaseModel, *, leave: Iterable[str] = ()) -> Row:
    """Gives a row the plain fields of what was said; lists of rows and fields to leave are the verb's own work."""
    columns = {attribute.key for attribute in inspect(type(row)).column_attrs}
    for name in (type(said).model_fields.keys() & columns) - set(leave):
        setattr(row, name, getattr(said, name))
    return row


def fill_rows(rows: list[Row], said: Iterable[BaseModel], kind: type[Row], *, by: str) -> None:
    """Makes the rows below a row those that were said, matched by the field `by`, so that what stays keeps its id."""
    present = {getattr(row, by): row for row in rows}
    wanted = list(said)
    for line in wanted:
        row = present.pop(getattr(line, by), None)
        if row is None:
            row = kind()
            rows.append(row)
        fill(row, line)
    for row in present.values():
        rows.remove(row)


def touch(session: Session, row: Any) -> None:
    """Counts an edit of the rows below as an edit of the row, so that its version moves on."""
    flag_modified(row, _plain_field(inspect(type(row))) or "version")
    session.flush()  # a stale version shows here, within the verb, and not at the commit


def touched_field(row: Any) -> str | None:
    """The field by which `touch` counts an edit, where it has done so and the field is as it was."""
    name = _plain_field(inspect(type(row)))
    is_flagged = name is not None and inspect(row).attrs[name].history.deleted == ()
    return name if is_flagged else None


@cache
def _plain_field(mapper: Mapper[Any]) -> str | None:
    """Any column but the version's own, whose present value the database must still see."""
    plain = [one.key for one in mapper.column_attrs if one.key != "version" and one.key not in _keys(mapper)]
    return plain[0] if plain else None


def _keys(mapper: Mapper[Any]) -> set[str]:
    return {mapper.get_property_by_column(column).key for column in mapper.primary_key}


def next_number(session: Session, column: Any) -> int:
    """The number after the largest one in a column that counts up."""
    return int(session.scalar(select(func.coalesce(func.max(column), 0))) or 0) + 1
