"""Reads the trail: what became of one record and of all that hangs on it, or everything, and who did it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, and_, cast, false, func, or_, select
from sqlalchemy.orm import Session

from planner.models import NO_DIGEST, AuditAction, AuditEntry, Base, Candidate, Door, User
from planner.services.account.audit.scope import hanging_on, id_column, owner_column
from planner.services.listing import Page, Query, narrowed, paged

APART = frozenset({"candidate"})  # what hangs on somebody, and has a history of its own that not everyone may see
MOST_SPANS = 100  # of ids in one question


class Thing(NamedTuple):
    """One part of what somebody did at once: rows of a table, or fields of the record itself."""

    noun: str
    action: AuditAction
    fields: tuple[str, ...]
    num: int


@dataclass(frozen=True)
class Line:
    """What one transaction did to a record: who, when, through which door; `who` is empty where nobody is known."""

    noun: str
    tx: int
    at: datetime
    door: Door
    user_id: int | None
    who: str
    token_id: int | None
    own: AuditAction | None
    is_restored: bool
    things: tuple[Thing, ...]


class Place(NamedTuple):
    """Rows of a table, by their numbers."""

    noun: str
    ids: tuple[int, ...]


def page_of_history(session: Session, row: Any, query: Query) -> Page[Line]:
    """The history of a record, the newest first: one line for each transaction."""
    own, about = _about(session, row)
    of_record = select(AuditEntry.tx).where(about).distinct()
    total = session.scalar(select(func.count()).select_from(of_record.subquery())) or 0
    number = min(query.page, max(1, -(-total // query.size)))
    ordered = of_record.order_by(AuditEntry.tx.desc()).limit(query.size).offset((number - 1) * query.size)
    return Page(_lines(session, own, about, list(session.scalars(ordered))), number, query.size, total, query)


def latest(session: Session, row: Any, most: int) -> list[Line]:
    """The newest lines of a record's history."""
    own, about = _about(session, row)
    newest = select(AuditEntry.tx).where(about).distinct().order_by(AuditEntry.tx.desc()).limit(most)
    return _lines(session, own, about, list(session.scalars(newest)))


def page_of_entries(session: Session, query: Query) -> Page[AuditEntry]:
    """The whole trail as the URL asks for it, the newest first."""
    return paged(
        session, select(AuditEntry), query, sorts={"newest": -AuditEntry.id}, default="newest", filters=FILTERS
    )


def exported(session: Session, query: Query | None = None) -> Iterator[dict[str, Any]]:
    """Entries in their order, each with the digest before it, so that each can be checked by itself."""
    before = func.lag(AuditEntry.digest, 1, NO_DIGEST).over(order_by=AuditEntry.id).label("before")
    chained = select(AuditEntry.id.label("entry_id"), before).subquery()
    statement = select(AuditEntry, chained.c.before).join(chained, chained.c.entry_id == AuditEntry.id)
    if query is not None:
        statement = narrowed(statement, query, filters=FILTERS)
    table = Base.metadata.tables[AuditEntry.__tablename__]
    with session.execute(statement.order_by(AuditEntry.id).execution_options(yield_per=1000)) as rows:
        for entry, digest in rows:  # whoever stops reading leaves no cursor open
            yield {column.name: getattr(entry, column.name) for column in table.columns} | {"before": digest}


def names_of(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of users who are there, by their ids."""
    ids = {ident for ident in user_ids if ident is not None}
    return {ident: name for ident, name in session.execute(select(User.id, User.name).where(User.id.in_(ids)))}  # noqa: C416


def titles_of(session: Session, entries: Sequence[AuditEntry]) -> dict[tuple[str, int], str]:
    """What records that are there are called, by table and number; a reviewer reads what names they may."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        if entry.row_id is not None and entry.row_id == entry.row_last:
            wanted.setdefault(entry.noun, set()).add(entry.row_id)
    found = {}
    for noun, ids in wanted.items():
        table = Base.metadata.tables.get(noun)
        if table is None or id_column(table) is None:
            continue
        for column in [table.c[name] for name in ("name", "title") if name in table.c][:1]:
            for ident, title in session.execute(select(table.c.id, column).where(table.c.id.in_(ids))):
                found[noun, ident] = title
    return found


def nouns_in(session: Session) -> list[str]:
    """The tables that the trail has entries of."""
    return list(session.scalars(select(AuditEntry.noun).distinct().order_by(AuditEntry.noun)))


def actors_in(session: Session) -> list[tuple[int, str]]:
    """The users who are in the trail, by name; of those who are gone their number is all that is left."""
    ids = session.scalars(select(AuditEntry.user_id).where(AuditEntry.user_id.is_not(None)).distinct())
    names = names_of(session, ids)
    return sorted(names.items(), key=lambda pair: pair[1].casefold())


# What a history is of


def _about(session: Session, row: Any) -> tuple[Place, ColumnElement[bool]]:
    """The record's own place, and which entries are about it or about what hangs on it."""
    own = Place(row.__tablename__, (row.id,))
    places = [own, *_below(session, own)]
    if isinstance(row, Candidate):  # their page shows the person
        person = Place("person", (row.person_id,))
        places += [person, *_below(session, person)]
    conditions = [_is_at(place) for place in places]
    conditions += [_hangs_on(noun, place) for place in places for noun in hanging_on(place.noun) if noun not in APART]
    says_something = or_(AuditEntry.action != AuditAction.EDIT, cast(AuditEntry.fields, Text) != "[]")
    return own, and_(or_(*conditions), says_something)


def _below(session: Session, place: Place) -> Iterator[Place]:
    """The rows that hang on rows and on which others hang, those that are gone among them."""
    for noun in hanging_on(place.noun):
        ids = _ids_below(session, noun, place.ids) if hanging_on(noun) and noun not in APART else ()
        if ids:
            below = Place(noun, ids)
            yield below
            yield from _below(session, below)


def _ids_below(session: Session, noun: str, owner_ids: tuple[int, ...]) -> tuple[int, ...]:
    table = Base.metadata.tables[noun]
    key, owner = id_column(table), owner_column(table)
    if key is None or owner is None:
        return ()
    ids = set(session.scalars(select(key).where(_covers_any(owner, owner, owner_ids))))
    gone = select(AuditEntry.row_id, AuditEntry.row_last).where(
        AuditEntry.noun == noun,
        AuditEntry.action == AuditAction.REMOVE,
        AuditEntry.owner_id == AuditEntry.owner_last,
        _covers_any(AuditEntry.owner_id, AuditEntry.owner_last, owner_ids),
    )
    for first, last in session.execute(gone):
        ids.update(range(first or 0, (last or 0) + 1))
    return tuple(sorted(ids))


def _is_at(place: Place) -> ColumnElement[bool]:
    return and_(AuditEntry.noun == place.noun, _covers_any(AuditEntry.row_id, AuditEntry.row_last, place.ids))


def _hangs_on(noun: str, place: Place) -> ColumnElement[bool]:
    return and_(AuditEntry.noun == noun, _covers_any(AuditEntry.owner_id, AuditEntry.owner_last, place.ids))


def _covers_any(first: Any, last: Any, ids: tuple[int, ...]) -> ColumnElement[bool]:
    """Whether a run of numbers has one of some numbers in it."""
    return or_(false(), *(and_(first <= high, last >= low) for low, high in _spans(ids)))


def _spans(ids: tuple[int, ...]) -> list[tuple[int, int]]:
    """Numbers in order as spans of neighbours; of very many the nearest are taken together."""
    spans: list[tuple[int, int]] = []
    for ident in ids:
        if spans and ident == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], ident)
        else:
            spans.append((ident, ident))
    while len(spans) > MOST_SPANS:
        n = min(range(len(spans) - 1), key=lambda n: spans[n + 1][0] - spans[n][1])
        spans[n : n + 2] = [(spans[n][0], spans[n + 1][1])]
    return spans


# From entries to lines


def _lines(session: Session, own: Place, about: ColumnElement[bool], txs: list[int]) -> list[Line]:
    by_tx: dict[int, list[AuditEntry]] = {tx: [] for tx in txs}
    statement = select(AuditEntry).where(about, AuditEntry.tx.in_(txs)).order_by(AuditEntry.id)
    for entry in session.scalars(statement):
        by_tx[entry.tx].append(entry)
    names = names_of(session, (entry.user_id for entries in by_tx.values() for entry in entries))
    restored = _restored(session, txs)
    return [_line(own, entries, names, is_restored=tx in restored) for tx, entries in by_tx.items()]


def _line(own: Place, entries: list[AuditEntry], names: Mapping[int, str], *, is_restored: bool) -> Line:
    first = entries[0]
    mine = [entry for entry in entries if entry.noun == own.noun]
    ends = [entry.action for entry in mine if entry.action is not AuditAction.EDIT]
    return Line(
        noun=own.noun,
        tx=first.tx,
        at=first.at,
        door=first.door,
        user_id=first.user_id,
        who=names.get(first.user_id, "") if first.user_id is not None else "",
        token_id=first.token_id,
        own=ends[-1] if ends else AuditAction.EDIT if mine else None,
        is_restored=is_restored,
        things=tuple(Thing(one.noun, one.action, tuple(one.fields), one.num) for one in entries),
    )


def _restored(session: Session, txs: list[int]) -> set[int]:
    """The transactions that brought back what had been removed."""
    statement = select(AuditEntry.tx).where(
        AuditEntry.tx.in_(txs), AuditEntry.noun == "removal", AuditEntry.action == AuditAction.EDIT
    )
    return set(session.scalars(statement))


# What the whole trail can be asked for


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else -1


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _from(statement: Select[Any], value: str) -> Select[Any]:
    day = _day(value)
    return statement.where(AuditEntry.at >= _begin(day)) if day is not None else statement


def _to(statement: Select[Any], value: str) -> Select[Any]:
    day = _day(value)
    return statement.where(AuditEntry.at < _begin(day) + timedelta(days=1)) if day is not None else statement


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _who(statement: Select[Any], value: str) -> Select[Any]:
    return statement.where(AuditEntry.user_id.is_(None) if value == "nobody" else AuditEntry.user_id == _number(value))


def _row(statement: Select[Any], value: str) -> Select[Any]:
    number = _number(value)
    return statement.where(AuditEntry.row_id <= number, AuditEntry.row_last >= number)


def _is_one(column: Any, kind: type[StrEnum], value: str) -> ColumnElement[bool]:
    return column == kind(value) if value in list(kind) else false()


FILTERS = {
    "who": _who,
    "noun": lambda statement, value: statement.where(AuditEntry.noun == value),
    "action": lambda statement, value: statement.where(_is_one(AuditEntry.action, AuditAction, value)),
    "door": lambda statement, value: statement.where(_is_one(AuditEntry.door, Door, value)),
    "row": _row,
    "tx": lambda statement, value: statement.where(AuditEntry.tx == _number(value)),
    "from": _from,
    "to": _to,
}
