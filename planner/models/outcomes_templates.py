"""Corridor outcomes: team templates, their versions, what the teams that they were taken from achieved, their uses.

What a template asks for is kept as documents of the very schemas by which role needs and team rules are said, not as
rows of their own: so one law holds for both, a version is frozen by itself, and a need keeps its `item` through all
versions, by which what has changed since can be told. Ids in documents have no foreign keys; `names` says how a skill
or a work style was called that is gone by now.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.account import User
from planner.models.declarative import Base, Dated, Versioned, now
from planner.models.outcomes_criteria import CriterionProposal
from planner.models.outcomes_ideas import Idea
from planner.models.staffing import Phase, RoleNeed, TeamRule


class TeamTemplate(Versioned, Dated, Base):
    """A team that can be asked for again: what it is for, and its versions. Its newest one is what is taken."""

    __tablename__ = "team_template"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    num_items: Mapped[int] = mapped_column(default=0)  # counts on, so that no need or rule is given another's item
    is_sample: Mapped[bool] = mapped_column(default=False)
    versions: Mapped[list[TemplateVersion]] = relationship(
        back_populates="template", cascade="all, delete-orphan", order_by="TemplateVersion.number"
    )
    facts: Mapped[list[TemplateFact]] = relationship(
        back_populates="template", cascade="all, delete-orphan", order_by="TemplateFact.id"
    )

    @property
    def newest(self) -> TemplateVersion:
        """What the template asks for now."""
        return self.versions[-1]

    @property
    def number(self) -> int:
        """The number of its newest version."""
        return self.newest.number

    @property
    def duration(self) -> int:
        """How long the phase is of which it speaks, in periods."""
        return self.newest.duration

    @property
    def needs(self) -> list[dict[str, Any]]:
        """Its role needs, as documents with their items."""
        return self.newest.needs

    @property
    def rules(self) -> list[dict[str, Any]]:
        """Its team rules, as documents with their items."""
        return self.newest.rules


class TemplateVersion(Base):
    """What a template asked for from some day on, over a phase of `duration` periods, and why it was changed.

    `because` is what led to it, in words or as an address. An accepted idea or proposal is named by itself, so that
    both sides lead to each other; the words stay when it goes.
    """

    __tablename__ = "template_version"
    __table_args__ = (
        UniqueConstraint("template_id", "number"),
        CheckConstraint("duration >= 1", name="duration_is_positive"),
        CheckConstraint("idea_id IS NULL OR proposal_id IS NULL", name="it_comes_of_one_thing"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("team_template.id", ondelete="CASCADE"))
    number: Mapped[int]
    duration: Mapped[int]
    needs: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    names: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(default="")
    because: Mapped[str] = mapped_column(default="")
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="SET NULL"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(
        ForeignKey("criterion_proposal.id", ondelete="SET NULL"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str] = mapped_column(default="")
    template: Mapped[TeamTemplate] = relationship(back_populates="versions")
    by: Mapped[User | None] = relationship()
    idea: Mapped[Idea | None] = relationship()
    proposal: Mapped[CriterionProposal | None] = relationship()


class TemplateFact(Base):
    """What a team achieved from which a template was taken: frozen, and in the words of whoever took it."""

    __tablename__ = "template_fact"
    __table_args__ = (
        CheckConstraint("num_seats >= 0 AND num_filled BETWEEN 0 AND num_seats", name="filled_is_part_of_the_seats"),
        CheckConstraint("planned_periods >= 0", name="planned_is_not_negative"),
        CheckConstraint("actual_periods IS NULL OR actual_periods >= 0", name="actual_is_not_negative"),
        CheckConstraint("planned_cost_minor IS NULL OR planned_cost_minor >= 0", name="planned_cost_is_not_negative"),
        CheckConstraint("cost_minor IS NULL OR cost_minor >= 0", name="cost_is_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("team_template.id", ondelete="CASCADE"), index=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phase.id", ondelete="SET NULL"), index=True)
    project: Mapped[str]
    phase: Mapped[str]
    client: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    num_seats: Mapped[int]
    num_filled: Mapped[int]
    planned_periods: Mapped[float]
    actual_periods: Mapped[float | None]
    planned_cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    achieved: Mapped[str] = mapped_column(default="")
    more: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    taken_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str] = mapped_column(default="")
    template: Mapped[TeamTemplate] = relationship(back_populates="facts")


class TemplateUse(Versioned, Base):
    """A version of a template that was added to a phase as one step, which can be undone once."""

    __tablename__ = "template_use"
    id: Mapped[int] = mapped_column(primary_key=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id", ondelete="CASCADE"), index=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str] = mapped_column(default="")
    template_version: Mapped[TemplateVersion] = relationship()
    phase: Mapped[Phase] = relationship()
    origins: Mapped[list[FromTemplate]] = relationship(
        back_populates="use", cascade="all, delete-orphan", order_by="FromTemplate.id"
    )

    @property
    def template_id(self) -> int:
        """The template that was used."""
        return self.template_version.template_id

    @property
    def number(self) -> int:
        """The number of the version that was used."""
        return self.template_version.number

    @property
    def need_ids(self) -> list[int]:
        """The role needs that it made and that are still there."""
        return [row.need_id for row in self.origins if row.need_id is not None]

    @property
    def rule_ids(self) -> list[int]:
        """The team rules that it made and that are still there."""
        return [row.rule_id for row in self.origins if row.rule_id is not None]


class FromTemplate(Base):
    """Where a role need or a team rule came from: which use, which item, and which version it has taken over last."""

    __tablename__ = "from_template"
    __table_args__ = (
        UniqueConstraint("need_id"),
        UniqueConstraint("rule_id"),
        CheckConstraint("(need_id IS NULL) <> (rule_id IS NULL)", name="it_is_a_need_or_a_rule"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id", ondelete="CASCADE"), index=True)
    use_id: Mapped[int] = mapped_column(ForeignKey("template_use.id", ondelete="CASCADE"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("role_need.id", ondelete="CASCADE"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("team_rule.id", ondelete="CASCADE"))
    item: Mapped[str]
    made_version: Mapped[int]
    template_version: Mapped[TemplateVersion] = relationship()
    use: Mapped[TemplateUse] = relationship(back_populates="origins")
    need: Mapped[RoleNeed | None] = relationship()
    rule: Mapped[TeamRule | None] = relationship()
