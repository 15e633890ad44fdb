"""What is shown of the audit trail, and of the history of one record."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from planner.models import AuditAction, Door
from planner.schemas.said import Seen


class EntrySeen(Seen):
    """An entry of the trail: rows of a table that one transaction added, edited or removed."""

    id: int
    tx: int
    at: datetime
    door: Door
    user_id: int | None
    token_id: int | None
    action: AuditAction
    noun: str
    row_id: int | None
    row_last: int | None
    num: int
    owner_id: int | None
    owner_last: int | None
    version: int | None
    fields: list[str]
    digest: str


class HeadSeen(Seen):
    """The newest entry, by its number and digest: what to keep elsewhere."""

    number: int
    digest: str


class ThingSeen(Seen):
    """One part of a change: fields of the record, or rows that hang on it."""

    noun: str
    action: AuditAction
    fields: list[str]
    num: int


class ChangeSeen(Seen):
    """What one transaction did to a record; `who` is empty where nobody is known, or where they are gone."""

    tx: int
    at: datetime
    door: Door
    user_id: int | None
    who: str
    own: Literal["add", "edit", "remove"] | None
    is_restored: bool
    things: list[ThingSeen]
