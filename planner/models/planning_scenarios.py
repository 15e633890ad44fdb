"""Corridor planning: scenarios, which are differences over what is there, never a copy of it.

A subject is what a scenario says something about: a row that is there, one that only the scenario has, or one that it
leaves out. What it changes stands field by field, each with the value that was there when it was changed: only so can
be seen, when it is merged back, whether somebody else has changed the same meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.account import RoleName, User
from planner.models.declarative import Base, Dated, Versioned, choice, now

FIRST_NEW = 2_000_000_000  # ids from here on are of what only a scenario has: no row's own id comes near


class SubjectKind(StrEnum):
    """What a scenario may change."""

    WORKSPACE = "workspace"
    PERSON = "person"
    PROJECT = "project"
    PHASE = "phase"
    NEED = "need"
    RULE = "rule"


class SubjectState(StrEnum):
    """How a subject differs from what is there."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Scenario(Versioned, Dated, Base):
    """A named variation of what is there; private to its owner until it is shared."""

    __tablename__ = "scenario"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    num_added: Mapped[int] = mapped_column(default=0)  # counts on, so that no id of what is new is given twice
    owner: Mapped[User | None] = relationship()
    shares: Mapped[list[ScenarioShare]] = relationship(
        back_populates="scenario", cascade="all, delete-orphan", order_by="ScenarioShare.id"
    )
    subjects: Mapped[list[ScenarioSubject]] = relationship(
        back_populates="scenario", cascade="all, delete-orphan", order_by="ScenarioSubject.id"
    )

    @property
    def num_subjects(self) -> int:
        """How many things it says something about."""
        return sum(subject.is_said for subject in self.subjects)

    @property
    def is_shared(self) -> bool:
        """Whether anybody but its owner may see it."""
        return bool(self.shares)

    @property
    def see_roles(self) -> list[RoleName]:
        """The roles that may see it and no more."""
        return [row.role for row in self.shares if row.role is not None and not row.can_edit]

    @property
    def edit_roles(self) -> list[RoleName]:
        """The roles that may change it."""
        return [row.role for row in self.shares if row.role is not None and row.can_edit]

    @property
    def see_user_ids(self) -> list[int]:
        """The users who may see it and no more."""
        return [row.user_id for row in self.shares if row.user_id is not None and not row.can_edit]

    @property
    def edit_user_ids(self) -> list[int]:
        """The users who may change it."""
        return [row.user_id for row in self.shares if row.user_id is not None and row.can_edit]


class ScenarioShare(Base):
    """A role, or a user, who may see a scenario, and change it where `can_edit`."""

    __tablename__ = "scenario_share"
    __table_args__ = (
        UniqueConstraint("scenario_id", "role"),
        UniqueConstraint("scenario_id", "user_id"),
        CheckConstraint("(role IS NULL) <> (user_id IS NULL)", name="it_is_with_a_role_or_a_user"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"))
    role: Mapped[RoleName | None] = mapped_column(choice(RoleName, "role_is_known"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    can_edit: Mapped[bool] = mapped_column(default=False)
    scenario: Mapped[Scenario] = relationship(back_populates="shares")
    user: Mapped[User | None] = relationship()


class ScenarioSubject(Versioned, Base):
    """What a scenario says something about. One that it adds says itself whole (`said`), and below what it stands.

    `base_version` is that of the row when the scenario left it out. `label` names what may be gone by now, and is
    never a person's name.
    """

    __tablename__ = "scenario_subject"
    __table_args__ = (UniqueConstraint("scenario_id", "kind", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"))
    kind: Mapped[SubjectKind] = mapped_column(choice(SubjectKind, "kind_is_known"))
    subject_id: Mapped[int]
    state: Mapped[SubjectState] = mapped_column(choice(SubjectState, "state_is_known"), default=SubjectState.CHANGED)
    parent_id: Mapped[int | None]
    label: Mapped[str] = mapped_column(default="")
    base_version: Mapped[int | None]
    said: Mapped[dict[str, Any] | None]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    scenario: Mapped[Scenario] = relationship(back_populates="subjects")
    changes: Mapped[list[ScenarioChange]] = relationship(
        back_populates="subject", cascade="all, delete-orphan", order_by="ScenarioChange.id"
    )

    @property
    def is_new(self) -> bool:
        """Whether only the scenario has it."""
        return self.state is SubjectState.ADDED

    @property
    def is_said(self) -> bool:
        """Whether the scenario says anything about it; one whose changes were all taken back says nothing."""
        return self.state is not SubjectState.CHANGED or bool(self.changes)


class ScenarioChange(Base):
    """A field that is otherwise: what it was when it was changed, and what it is in the scenario, as plain JSON.

    `field` is a name, or a row of a list by what it is about ("skills:12"), or a part of an object ("weights.fill");
    a row that is not there has the value null.
    """

    __tablename__ = "scenario_change"
    __table_args__ = (UniqueConstraint("scenario_subject_id", "field"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_subject_id: Mapped[int] = mapped_column(ForeignKey("scenario_subject.id", ondelete="CASCADE"))
    field: Mapped[str]
    base: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    subject: Mapped[ScenarioSubject] = relationship(back_populates="changes")
