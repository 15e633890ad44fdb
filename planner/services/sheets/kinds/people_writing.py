"""Many people written at once: what the verbs would make of each, in a few statements for all of them.

Rows that stay keep their ids, a row that moved on meanwhile stops everything, and what is written is what
`people.put_on` would write: a test holds the two together.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from planner.models import CapacitySpan, Person, PersonSkill, PersonStyle
from planner.services.sheets.kinds.kind import Item

Row = dict[str, Any]
AT_ONCE = 5000  # ids in one question
RATED: tuple[tuple[str, Any, str], ...] = (("skills", PersonSkill, "skill_id"), ("styles", PersonStyle, "style_id"))


def add_people(session: Session, items: Sequence[Item], plain: Iterable[str], currency: str) -> None:
    """Adds people with all that was said of them; each item learns its row's id."""
    if not items:
        return
    rows = [{**_plain_of(item.said, plain, currency), "key": uuid.uuid4().hex} for item in items]
    made = session.execute(insert(Person).returning(Person.key, Person.id), rows).all()
    by_key = {row.key: row.id for row in made}  # in any order: SQLite adds one row at a time where it must keep it
    ids = [by_key[row["key"]] for row in rows]
    for item, ident in zip(items, ids, strict=True):
        item.id, item.version, item.made = ident, 1, [("person", ident, 1)]
    _give_keys(session, ids)
    for name, table in (("capacity_spans", CapacitySpan), ("skills", PersonSkill), ("styles", PersonStyle)):
        below = [{"person_id": item.id, **row.model_dump()} for item in items for row in getattr(item.said, name)]
        if below:
            session.execute(insert(table), below)


def edit_people(session: Session, items: Sequence[Item], plain: Iterable[str], currency: str) -> None:
    """Edits people as they were read. Raises StaleDataError where one of them has moved on since."""
    if not items:
        return
    rows = []
    for item in items:
        assert item.present is not None  # noqa: S101 -- those without are added
        said, held = _plain_of(item.said, plain, currency), item.present.said
        changed = {name: value for name, value in said.items() if value != held[name]}
        rows.append({"id": item.id, "version": item.present.version, "name": said["name"], **changed})
        item.version = item.present.version + 1
    for alike in _alike(rows):
        session.execute(update(Person), alike)
    for name, table, of in RATED:
        _put_ratings(session, name, table, of, items)
    _put_spans(session, items)


def _plain_of(said: Any, plain: Iterable[str], currency: str) -> Row:
    row = {name: getattr(said, name) for name in plain}
    return row | {"cost_currency": "" if row["cost_currency"] == currency else row["cost_currency"]}


def _alike(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows that name the same columns go into one statement."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(sorted(row)), []).append(row)
    return list(groups.values())


def _give_keys(session: Session, ids: Sequence[int]) -> None:
    """Gives new people their keys, as `add_keyed` does: it is no edit."""
    taken = set(session.scalars(select(Person.key).where(Person.key.startswith("p"))))
    rows = []
    for ident in ids:
        key, number = f"p{ident}", 1
        while key in taken:
            number += 1
            key = f"p{ident}-{number}"
        taken.add(key)
        rows.append({"b_id": ident, "b_key": key})
    table: Any = Person.__table__
    named = update(table).where(table.c.id == bindparam("b_id")).values(key=bindparam("b_key"))
    session.connection().execute(named, rows)


def _put_ratings(session: Session, name: str, table: Any, of: str, items: Sequence[Item]) -> None:
    """Makes the ratings those that were said: matched by what is rated, so that what stays keeps its id."""
    changed = [item for item in items if _held(item, name) != _said(item, name)]
    ids: dict[tuple[int, int], int] = {}
    for some in _chunks([item.id for item in changed]):
        rows = session.execute(select(table.person_id, getattr(table, of), table.id).where(table.person_id.in_(some)))
        ids |= {(person_id, rated_id): ident for person_id, rated_id, ident in rows}
    new: list[Row] = []
    anew: list[Row] = []
    for item in changed:
        held = {row[of]: row for row in _held(item, name)}
        for row in _said(item, name):
            ident = ids.pop((item.id, row[of]), None)
            if ident is None:
                new.append({"person_id": item.id, **row})
            elif row != held.get(row[of]):
                anew.append({"id": ident, **row})
    _write(session, table, new, anew, list(ids.values()))


def _put_spans(session: Session, items: Sequence[Item]) -> None:
    """Capacity rows are matched in the order in which they were said."""
    changed = [item for item in items if _held(item, "capacity_spans") != _said(item, "capacity_spans")]
    ids: dict[int, list[int]] = {}
    for some in _chunks([item.id for item in changed]):
        of_these = CapacitySpan.person_id.in_(some)
        rows = session.execute(
            select(CapacitySpan.person_id, CapacitySpan.id).where(of_these).order_by(CapacitySpan.id)
        )
        for person_id, ident in rows:
            ids.setdefault(person_id, []).append(ident)
    new: list[Row] = []
    anew: list[Row] = []
    gone: list[int] = []
    for item in changed:
        own, said = ids.get(item.id, []), _said(item, "capacity_spans")
        anew += [{"id": ident, **row} for ident, row in zip(own, said, strict=False)]
        new += [{"person_id": item.id, **row} for row in said[len(own) :]]
        gone += own[len(said) :]
    _write(session, CapacitySpan, new, anew, gone)


def _write(session: Session, table: Any, new: list[Row], anew: list[Row], gone: list[int]) -> None:
    for some in _chunks(gone):
        session.execute(delete(table).where(table.id.in_(some)).execution_options(synchronize_session=False))
    if anew:
        session.execute(update(table), anew)
    if new:
        session.execute(insert(table), new)


def _held(item: Item, name: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = item.present.said[name] if item.present is not None else []
    return rows


def _said(item: Item, name: str) -> list[Row]:
    return [row.model_dump() for row in getattr(item.said, name)]


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[n : n + AT_ONCE] for n in range(0, len(ids), AT_ONCE))
