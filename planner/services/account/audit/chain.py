"""The chain: each entry's digest covers the entry and the digest before it, so that no link can be changed unnoticed.

Writers take turns at the head's row, which the database locks until the commit. It is the last thing that a
transaction asks for, so nobody waits in a circle, and nobody waits for longer than a commit takes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.orm import Session

from planner.models import COVERED, NO_DIGEST, AuditEntry, AuditHead, Base, Door, now
from planner.services.account.audit.changes import Run
from planner.services.account.webhooks import outbox

ENTRIES, HEAD = Base.metadata.tables[AuditEntry.__tablename__], Base.metadata.tables[AuditHead.__tablename__]
AT_ONCE = 2000


class Author(NamedTuple):
    """Who changed something, and through which door."""

    door: Door
    user_id: int | None = None
    token_id: int | None = None


@dataclass(frozen=True)
class Fault:
    """The first place at which the trail is not what was written; `entry_id` is the entry that is wrong, or missing."""

    code: str
    entry_id: int


@dataclass(frozen=True)
class Verdict:
    """What was found: how many entries follow one another as they were written, and what is wrong after them."""

    num_entries: int
    digest: str
    fault: Fault | None


def append(connection: Connection, runs: Sequence[Run], author: Author) -> None:
    """Writes what a transaction changed, moves the head on, and puts what webhooks are to be told into the outbox."""
    head = connection.execute(select(HEAD.c.entry_id, HEAD.c.digest).with_for_update()).one()
    digest, at, entries = head.digest, now(), []
    for number, run in enumerate(runs, start=head.entry_id + 1):
        entry = {
            "id": number,
            "tx": head.entry_id + 1,
            "at": at,
            **author._asdict(),
            **vars(run),
            "fields": list(run.fields),
        }
        digest = entry["digest"] = digest_of(entry, digest)
        entries.append(entry)
    connection.execute(insert(ENTRIES), entries)
    connection.execute(update(HEAD).values(entry_id=entries[-1]["id"], digest=digest))
    outbox.put(connection, entries)


def digest_of(entry: Any, before: str) -> str:
    """The digest of an entry that follows one with the digest `before`."""
    return hashlib.sha256(f"{before}\n{canonical(entry)}".encode()).hexdigest()


def canonical(entry: Any) -> str:
    """An entry as one text, the same whoever writes it: keys in order, no blanks, the instant in UTC to the µs."""
    said = {name: _plain(entry[name]) for name in COVERED}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def head(session: Session) -> tuple[int, str]:
    """The number and the digest of the newest entry: what to write down elsewhere, to compare with later."""
    row = session.execute(select(HEAD.c.entry_id, HEAD.c.digest)).one_or_none()
    return (row.entry_id, row.digest) if row is not None else (0, NO_DIGEST)


def verify(session: Session, *, expected: str = "") -> Verdict:
    """Reads the whole trail and finds the first place that is wrong. `expected` is a digest that it must hold."""
    number, digest, is_met = 0, NO_DIGEST, expected in ("", NO_DIGEST)
    for row in _entries(session):
        fault = _fault(row, number + 1, digest)
        if fault is not None:
            return Verdict(number, digest, fault)
        number, digest = row.id, row.digest
        is_met = is_met or digest == expected
    fault = _fault_of_head(session, number, digest)
    if fault is None and not is_met:
        fault = Fault("not_expected", number)
    return Verdict(number, digest, fault)


def _entries(session: Session) -> Iterator[Row[Any]]:
    """Every entry in order, a few thousand at a time: the trail may be long."""
    after = None
    while True:
        statement = select(ENTRIES).order_by(ENTRIES.c.id).limit(AT_ONCE)
        rows = session.execute(statement if after is None else statement.where(ENTRIES.c.id > after)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id


def _fault(row: Row[Any], number: int, before: str) -> Fault | None:
    if row.id != number:
        return Fault("missing", number) if row.id > number else Fault("strange", row.id)
    return None if row.digest == digest_of(row._mapping, before) else Fault("changed", number)  # noqa: SLF001


def _fault_of_head(session: Session, number: int, digest: str) -> Fault | None:
    """Where the entries and the head do not meet: the tail was cut, or something was put behind it."""
    row = session.execute(select(HEAD.c.entry_id, HEAD.c.digest)).one_or_none()
    if row is None:
        return Fault("no_head", number)
    if row.entry_id != number:
        return Fault("tail_is_cut", number + 1) if row.entry_id > number else Fault("past_head", row.entry_id + 1)
    return None if row.digest == digest else Fault("other_head", number)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return str(value) if isinstance(value, str) else value
