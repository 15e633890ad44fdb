"""Corridor account: the audit trail, which only grows, and whose every entry carries the digest of all before it.

An entry says who changed which rows of which table, when and through which door, and the names of the columns: never
a value. So nothing here is anybody's personal data, and nothing needs to be erased with them.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.declarative import Base, choice

NO_DIGEST = "0" * 64  # what the first entry follows


COVERED = (  # by an entry's digest, after the digest before it
    "id", "tx", "at", "door", "user_id", "token_id", "action", "noun", "row_id", "row_last", "num", "owner_id",
    "owner_last", "version", "fields",
)  # fmt: skip


class Door(StrEnum):
    """By which way a change came in."""

    PAGE = "page"
    API = "api"
    JOB = "job"
    CLI = "cli"


class AuditAction(StrEnum):
    """What became of rows."""

    ADD = "add"
    EDIT = "edit"
    REMOVE = "remove"


class AuditEntry(Base):
    """Rows of one table that one transaction added, edited or removed: one row, or a run of neighbours.

    `row_id` to `row_last` are the rows themselves, `owner_id` to `owner_last` the rows that they hang on; each is
    empty where the table has no such number. Entries of one transaction share its number `tx`, the id of the first.
    A user's id refers to nothing: an entry stays as it is when the user goes.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("id >= 1 AND tx BETWEEN 1 AND id", name="entries_are_counted"),
        CheckConstraint("num >= 1", name="it_is_about_something"),
        Index("ix_audit_entry_noun_row", "noun", "row_id"),
        Index("ix_audit_entry_noun_owner", "noun", "owner_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tx: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    door: Mapped[Door] = mapped_column(choice(Door, "door_is_known"))
    user_id: Mapped[int | None] = mapped_column(index=True)
    token_id: Mapped[int | None]
    action: Mapped[AuditAction] = mapped_column(choice(AuditAction, "action_is_known"))
    noun: Mapped[str]
    row_id: Mapped[int | None]
    row_last: Mapped[int | None]
    num: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[int | None]
    owner_last: Mapped[int | None]
    version: Mapped[int | None]
    fields: Mapped[list[str]]
    digest: Mapped[str]


class AuditHead(Base):
    """The newest entry and its digest, apart: whoever cuts the tail of the trail must move this back, which it refuses.

    Its row is also what writers wait at for their turn, at the very end of their transactions.
    """

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    entry_id: Mapped[int]
    digest: Mapped[str]


FIRST_HEAD = f"INSERT INTO audit_head (id, entry_id, digest) VALUES (1, 0, '{NO_DIGEST}')"  # noqa: S608 -- zeros
NEVER = "the audit trail only grows"
REFUSE = f"BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
RAISED = f"RAISE EXCEPTION '{NEVER}' USING ERRCODE = 'integrity_constraint_violation';"
IS_BEHIND = "NEW.id <= (SELECT entry_id FROM audit_head)"
ONE_BY_ONE, AS_A_WHOLE = "FOR EACH ROW", "FOR EACH STATEMENT"
ON_SQLITE = (
    f"CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry {REFUSE}",
    f"CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry {REFUSE}",
    f"CREATE TRIGGER audit_entry_comes_last BEFORE INSERT ON audit_entry WHEN {IS_BEHIND} {REFUSE}",
    f"CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head WHEN NEW.entry_id <= OLD.entry_id {REFUSE}",
    f"CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head {REFUSE}",
)
DOES_REFUSE, DOES_COMPARE = "EXECUTE FUNCTION audit_refuses()", "EXECUTE FUNCTION audit_comes_last()"
COMPARED = f"BEGIN IF {IS_BEHIND} THEN {RAISED} END IF; RETURN NEW; END"
MOVES_BACK = "WHEN (NEW.entry_id <= OLD.entry_id)"
ON_POSTGRESQL = (
    f"CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {RAISED} END $$",
    f"CREATE FUNCTION audit_comes_last() RETURNS trigger LANGUAGE plpgsql AS $$ {COMPARED} $$",
    f"CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry {ONE_BY_ONE} {DOES_REFUSE}",
    f"CREATE TRIGGER audit_entry_is_kept BEFORE TRUNCATE ON audit_entry {AS_A_WHOLE} {DOES_REFUSE}",
    f"CREATE TRIGGER audit_entry_comes_last BEFORE INSERT ON audit_entry {ONE_BY_ONE} {DOES_COMPARE}",
    f"CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head {ONE_BY_ONE} {MOVES_BACK} {DOES_REFUSE}",
    f"CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head {ONE_BY_ONE} {DOES_REFUSE}",
    f"CREATE TRIGGER audit_head_is_not_emptied BEFORE TRUNCATE ON audit_head {AS_A_WHOLE} {DOES_REFUSE}",
)
OFF_POSTGRESQL = ("DROP FUNCTION audit_refuses() CASCADE", "DROP FUNCTION audit_comes_last() CASCADE")


def _guard(_table: Any, connection: Any, **_kwargs: Any) -> None:
    """What `create_all` makes beside the tables; a migration says it in words of its own, and a test compares."""
    statements = {"sqlite": ON_SQLITE, "postgresql": ON_POSTGRESQL}[connection.dialect.name]
    for statement in (FIRST_HEAD, *statements):
        connection.exec_driver_sql(statement)


def _let_go(_table: Any, connection: Any, **_kwargs: Any) -> None:
    """The functions would stay behind where only the tables are dropped."""
    for statement in OFF_POSTGRESQL if connection.dialect.name == "postgresql" else ():
        connection.exec_driver_sql(statement)


event.listen(AuditHead.__table__, "after_create", _guard)  # the later one of the two
event.listen(AuditHead.__table__, "after_drop", _let_go)
