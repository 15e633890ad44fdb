"""Sheets that leave and come back: what each left with, and what came back before it was taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, choice, now
from planner.models.planning import Plan

TAG_LENGTH = 4  # signs of the checksum in a code: another installation's sheet has others


class SheetKind(StrEnum):
    """What a sheet lists."""

    PLAN = "plan"
    PEOPLE = "people"
    SKILLS = "skills"
    ABSENCES = "absences"
    PROJECTS = "projects"
    NEEDS = "needs"
    CANDIDATES = "candidates"
    ALLOCATIONS = "allocations"


class SheetCopy(Base):
    """What a sheet left with: rows by id in `document`, compressed JSON; `checksum` is this installation's over it.

    `subject_id` and `version_number` name the plan, and its version, of a plan's sheet.
    """

    __tablename__ = "sheet_copy"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SheetKind] = mapped_column(choice(SheetKind, "kind_is_known"))
    subject_id: Mapped[int | None]
    version_number: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(default=now, index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(default="")
    checksum: Mapped[str] = mapped_column(default="")
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    @property
    def code(self) -> str:
        """The code of the export, as its sheet shows it."""
        return f"E{self.id}-{self.checksum[:TAG_LENGTH].upper()}"


class SheetReturn(Base):
    """A plan's sheet that came back; once it is taken, what it said goes, and its version stands in the plan."""

    __tablename__ = "sheet_return"
    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("sheet_copy.id", ondelete="SET NULL"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    came_at: Mapped[datetime] = mapped_column(default=now)
    came_by: Mapped[str] = mapped_column(default="")
    file_name: Mapped[str] = mapped_column(default="")
    document: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    taken_at: Mapped[datetime | None]
    version_before: Mapped[int | None]
    version_after: Mapped[int | None]
    undone_at: Mapped[datetime | None]
    copy: Mapped[SheetCopy | None] = relationship()
    plan: Mapped[Plan] = relationship()
