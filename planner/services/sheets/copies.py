"""What sheets left with: kept when one leaves, found by its code when it comes back, forgotten when its time is over.

A code that this installation has not given, or whose checksum is another's, finds nothing: a sheet is then compared
without what it left with, and each difference is asked.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner.models import SheetCopy, SheetKind, SheetReturn, User, now
from planner.models.sheets import TAG_LENGTH
from planner.services.planning.reading import frozen, thawed

KEPT_DAYS = 400
WAITING_DAYS = 30  # what came back and was never taken
CODE = re.compile(r"E([1-9]\d{0,8})(?:-([0-9A-F]{4}))?")
FORGOTTEN = "—"


def keep(
    session: Session,
    kind: SheetKind,
    document: Mapping[str, Any],
    *,
    by: User,
    secret: str,
    subject_id: int | None = None,
    version_number: int | None = None,
) -> SheetCopy:
    """Keeps what a sheet leaves with: `document["rows"]` are its values by id and field."""
    _forget_old(session)
    copy = SheetCopy(
        kind=kind,
        subject_id=subject_id,
        version_number=version_number,
        made_by_id=by.id,
        made_by=by.name,
        document=frozen(document),
    )
    session.add(copy)
    session.flush()
    copy.checksum = checksum(secret, copy.id, document)
    session.flush()
    return copy


def find(session: Session, kind: SheetKind, code: str | None, sealed: str | None = None) -> SheetCopy | None:
    """What the sheet with a code left with, where that is known; `sealed` is the checksum of its hidden sheet."""
    said = CODE.fullmatch(code or "")
    copy = session.get(SheetCopy, int(said[1])) if said else None
    if said is None or copy is None or copy.kind is not kind:
        return None
    if sealed is not None and not hmac.compare_digest(sealed, copy.checksum):
        return None
    tag = copy.checksum[:TAG_LENGTH].upper()
    return copy if said[2] in (None, tag) else None


def document_of(copy: SheetCopy) -> dict[str, Any]:
    """What the sheet left with."""
    return thawed(copy.document)


def checksum(secret: str, ident: int, document: Mapping[str, Any]) -> str:
    """This installation's own over what leaves."""
    said = json.dumps([ident, document], separators=(",", ":"), sort_keys=True).encode()
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def forget_person(session: Session, key: str, name: str) -> None:
    """Takes somebody out of what sheets left with, and removes what came back with their name and was not taken yet."""
    for copy in session.scalars(select(SheetCopy)):
        document = document_of(copy)
        if _without(document, key, name):
            copy.document = frozen(document)
    for row in session.scalars(select(SheetReturn).where(SheetReturn.document.is_not(None))):
        if name and name in json.dumps(thawed(row.document or b""), ensure_ascii=False):
            session.delete(row)
    session.flush()


def _without(document: dict[str, Any], key: str, name: str) -> bool:
    """Takes a person's row, and their name in others' rows, out of what left. Says whether there was any."""
    rows: dict[str, dict[str, Any]] = document["rows"]
    is_there = rows.pop(key, None) is not None
    for row in rows.values():
        for field, value in row.items():
            if name and isinstance(value, str) and name in value:
                row[field], is_there = FORGOTTEN, True
    return is_there


def _forget_old(session: Session) -> None:
    """Nobody brings back a sheet of more than a year ago; what came back and was left is over sooner."""
    session.execute(delete(SheetCopy).where(SheetCopy.made_at < now() - timedelta(days=KEPT_DAYS)))
    waiting = SheetReturn.taken_at.is_(None) & (SheetReturn.came_at < now() - timedelta(days=WAITING_DAYS))
    session.execute(delete(SheetReturn).where(waiting))
