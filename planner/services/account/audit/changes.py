"""What a transaction has changed so far, row by row, and how that is put into few entries: runs of neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from planner.models import AuditAction


class Changed(NamedTuple):
    """A row that was added, edited or removed; without a number where the database has not said it."""

    action: AuditAction
    noun: str
    row_id: int | None = None
    owner_id: int | None = None
    version: int | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """Rows of one table that the same was done to, and that follow one another."""

    action: AuditAction
    noun: str
    row_id: int | None
    row_last: int | None
    num: int
    owner_id: int | None
    owner_last: int | None
    version: int | None
    fields: tuple[str, ...]


@dataclass
class Changes:
    """The changes of one transaction, in order; `marks` are their number when each savepoint began."""

    rows: list[Changed] = field(default_factory=list)
    marks: dict[Any, int] = field(default_factory=dict)

    def runs(self) -> Iterator[Run]:
        """What was changed, as few runs, in the order in which each kind of change came first."""
        groups: dict[tuple[object, ...], list[Changed]] = {}
        for one in merged(self.rows):
            kind = (one.action, one.noun, one.version, one.fields, one.row_id is None)
            groups.setdefault(kind, []).append(one)
        for alike in groups.values():
            yield from _runs(alike)


def merged(rows: Iterable[Changed]) -> list[Changed]:
    """Several edits of a row are one, and edits of a row that is new are part of its adding."""
    found: list[Changed] = []
    place: dict[tuple[str, int], int] = {}
    for one in rows:
        if one.row_id is None:
            found.append(one)
            continue
        at = place.get((one.noun, one.row_id))
        if one.action is not AuditAction.EDIT or at is None or found[at].action is AuditAction.REMOVE:
            place[one.noun, one.row_id] = len(found)
            found.append(one)
            continue
        before = found[at]
        is_new = before.action is AuditAction.ADD
        fields = before.fields if is_new else tuple(sorted({*before.fields, *one.fields}))
        version = before.version if one.version is None or (is_new and before.version is None) else one.version
        found[at] = before._replace(fields=fields, version=version)
    return found


def _runs(alike: list[Changed]) -> Iterator[Run]:
    """Neighbours by their own number and by the one of what they hang on."""
    ordered = sorted(alike, key=lambda one: (one.row_id or 0, one.owner_id or 0))
    begin = 0
    for n in range(1, len(ordered) + 1):
        if n == len(ordered) or not _follows(ordered[n - 1], ordered[n]):
            yield _run(ordered[begin:n])
            begin = n


def _follows(one: Changed, other: Changed) -> bool:
    if (one.owner_id is None) != (other.owner_id is None):
        return False
    is_beside = one.row_id is None or other.row_id is None or other.row_id == one.row_id + 1
    return is_beside and (other.owner_id or 0) - (one.owner_id or 0) in (0, 1)


def _run(rows: list[Changed]) -> Run:
    first, last = rows[0], rows[-1]
    return Run(
        action=first.action,
        noun=first.noun,
        row_id=first.row_id,
        row_last=last.row_id,
        num=len(rows),
        owner_id=first.owner_id,
        owner_last=last.owner_id,
        version=first.version,
        fields=first.fields,
    )
