"""Corridor-crossing: what somebody brings in by a sheet, until it is imported, and how to undo it after; past work.

A draft is its maker's own. Its cells go when it is imported or dropped, and with its last day; what undoing needs
stays until then. `cells`, `findings` and `images` are compressed JSON.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Versioned, choice, now
from planner.models.staffing_people import Person

KEPT = timedelta(days=30)


class ImportState(StrEnum):
    """How far an import has come."""

    DRAFT = "draft"
    IMPORTED = "imported"
    UNDONE = "undone"


def in_thirty_days() -> datetime:
    """When what is begun now is forgotten."""
    return now() + KEPT


class ImportDraft(Versioned, Base):
    """A sheet on its way in: its cells, which column means what, what was found, and what was chosen."""

    __tablename__ = "import_draft"
    __table_args__ = (CheckConstraint("state = 'draft' OR cells IS NULL", name="cells_go_with_the_draft"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    state: Mapped[ImportState] = mapped_column(
        choice(ImportState, "state_is_known"), default=ImportState.DRAFT, index=True
    )
    name: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="", index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(default=in_thirty_days, index=True)
    mapping: Mapped[list[str]] = mapped_column(default=list)
    is_clearing: Mapped[bool] = mapped_column(default=False, server_default=false())
    copy_code: Mapped[str] = mapped_column(default="")
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    cells: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    findings: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    images: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportMapping(Base):
    """How a user read the columns of a sheet with these headings, so that the next one is read alike."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("user_id", "kind", "signature"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str]
    signature: Mapped[str]
    mapping: Mapped[list[str]] = mapped_column(default=list)


class PastAllocation(Versioned, Base):
    """Work that somebody has done, the first and the last day included: known from elsewhere, and no seat's here."""

    __tablename__ = "past_allocation"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="ends_after_it_begins"),
        CheckConstraint("fte_pct BETWEEN 1 AND 100", name="fte_is_1_to_100"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    project: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    fte_pct: Mapped[int] = mapped_column(default=100)
    person: Mapped[Person] = relationship()
