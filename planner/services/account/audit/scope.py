"""What the trail is about: every table but a few, every column but a few, and what each row hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Column, Integer, Table

from planner.models import Base

# Tables whose rows are no business records, and why; every other table is audited, a new one from its first day.
UNAUDITED: Mapping[str, str] = {
    "alert": "what the planner finds by itself, again and again; what people decide about it is audited",
    "alert_look": "when the planner last looked",
    "audit_entry": "it is the trail",
    "audit_head": "it is the trail's end",
    "ended_session": "a login's end; only a hash of it is kept",
    "follow": "who is told of what is said; following changes nothing",
    "import_draft": "a file that waits to be imported; what the import writes is audited",
    "import_mapping": "which heading means what, remembered for whoever said it",
    "job": "heartbeats of workers, several a second; what a job makes is audited",
    "kept_answer": "what a request was answered, for a day; what it did is audited",
    "login_link": "a way in for some hours; only a hash of it is kept",
    "notification": "what somebody is told; the change that it tells of is audited",
    "mail_file": "a file on its way with a message",
    "outgoing_mail": "a message on its way; the change that it tells of is audited",
    "plan_reading": "who has seen which version; reading changes nothing",
    "presence": "who has a page open, seconds ago",
    "protected_answer": "whether somebody has answered is nobody's to know",
    "protected_count": "it moves with each protected answer, and would tell of it",
    "report_sending": "a report on its way",
    "sheet_copy": "what a sheet left with; leaving changes nothing",
    "sheet_return": "a sheet that waits to be taken; what is taken is audited",
    "webhook_delivery": "a message on its way, made of the trail",
}
# Columns that change without anybody's having changed anything.
UNAUDITED_COLUMNS: Mapping[str, frozenset[str]] = {
    "api_token": frozenset({"last_used_at"}),
    "user": frozenset(
        {
            "current_login_at",
            "current_login_ip",
            "fs_uniquifier",
            "last_login_at",
            "last_login_ip",
            "login_count",
            "tf_last_counter",
        }
    ),
}
HOUSEKEEPING = frozenset({"version", "changed_at"})  # of an edit, whatever it was


def is_audited(table: Table) -> bool:
    """Whether changes to a table's rows are written down."""
    return table.name not in UNAUDITED


def fields_of(table: Table, names: set[str]) -> tuple[str, ...]:
    """The names of columns that say what an edit was, in order."""
    return tuple(sorted(names - HOUSEKEEPING - UNAUDITED_COLUMNS.get(table.name, frozenset())))


def is_silent(table: Table, names: set[str]) -> bool:
    """Whether an edit touches nothing but what changes by itself."""
    return bool(names & UNAUDITED_COLUMNS.get(table.name, frozenset())) and not fields_of(table, names)


@cache
def id_column(table: Table) -> Column[int] | None:
    """The number by which rows of a table are known; none in a table of pairs."""
    column = table.c.get("id")
    is_key = column is not None and column.primary_key and isinstance(column.type, Integer)
    return column if is_key else None


@cache
def owner_column(table: Table) -> Column[int] | None:
    """The column that names the row on which rows of a table hang: they go with it. The first of several."""
    for column in table.columns:
        for constraint in table.foreign_key_constraints:
            key = constraint.elements[0]
            if key.parent is column and constraint.ondelete == "CASCADE" and isinstance(column.type, Integer):
                return column
    return None


@cache
def owner_of(noun: str) -> str | None:
    """The table on whose rows the rows of a table hang."""
    table = Base.metadata.tables.get(noun)
    column = owner_column(table) if table is not None else None
    if column is None:
        return None
    return next(key.column.table.name for key in column.foreign_keys if key.column.primary_key)


@cache
def hanging_on(noun: str) -> tuple[str, ...]:
    """The tables whose rows hang on rows of a table."""
    return tuple(name for name in sorted(Base.metadata.tables) if owner_of(name) == noun)


@cache
def references(table: Table, ondelete: str) -> tuple[tuple[Table, Column[int], Column[int]], ...]:
    """Every column that refers to a table's key and is treated in this way when a row goes: (table, its, ours)."""
    return tuple(
        (child, constraint.elements[0].parent, constraint.elements[0].column)
        for child in Base.metadata.sorted_tables
        for constraint in sorted(child.foreign_key_constraints, key=lambda one: str(one.name))
        if constraint.referred_table is table and constraint.ondelete == ondelete
    )
