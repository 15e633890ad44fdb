"""Corridor staffing: projects, phases, role needs, seats and team rules, and what people wish of projects.

A *moment* (`earliest_on`, `due_on`, ...) is the wall-clock start of a period: midnight, unless the workspace counts
hours. Durations and offsets count periods of the workspace's calendar. `key` is the identifier in staffing-problem/1.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice
from planner.models.staffing_people import Person, PersonKind, Skill, WorkStyle

LARGEST = 10**9  # no number in the exchange format is larger
LEVEL_LARGEST = 100
WEIGHT_LARGEST = 1000
RULE_WEIGHT_LARGEST = 10**6
MINOR = 100  # minor units in one unit of money


class RuleKind(StrEnum):
    """What a team rule judges."""

    COUNT = "count"
    TOGETHER = "together"
    APART = "apart"
    MEAN = "mean"
    SPREAD = "spread"


class CountKind(StrEnum):
    """Whom a count rule counts."""

    SKILL = "skill"
    STYLE = "style"
    TAG = "tag"
    KIND = "kind"


class Wish(Base):
    """How much a person wants (to 100) or does not want (to -100) to work on a project."""

    __tablename__ = "wish"
    __table_args__ = (
        UniqueConstraint("person_id", "project_id"),
        CheckConstraint("wish BETWEEN -100 AND 100", name="wish_is_within_100"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    wish: Mapped[int]
    person: Mapped[Person] = relationship(back_populates="wishes")
    project: Mapped[Project] = relationship()


class Project(Versioned, Dated, Base):
    """A piece of work with a PM. Priority 5 is the most important; `reward` and `late_penalty` are points."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 5", name="priority_is_1_to_5"),
        CheckConstraint("budget_minor IS NULL OR budget_minor >= 0", name="budget_is_not_negative"),
        CheckConstraint("reward >= 0 AND late_penalty >= 0", name="reward_and_penalty_are_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    client: Mapped[str] = mapped_column(default="")
    objective: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="", server_default=text("''"), index=True)
    pm_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    priority: Mapped[int] = mapped_column(default=3)
    budget_minor: Mapped[int | None] = mapped_column(BigInteger)
    reward: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[datetime | None] = mapped_column(DateTime)
    late_penalty: Mapped[int] = mapped_column(default=0)
    is_all_or_nothing: Mapped[bool] = mapped_column(default=False)
    is_sample: Mapped[bool] = mapped_column(default=False)
    phases: Mapped[list[Phase]] = relationship(
        back_populates="project", cascade="all, delete-orphan", order_by="Phase.position, Phase.id"
    )


class Phase(Versioned, Base):
    """A part of a project in time, with one team; fixed where `earliest_on` is `latest_on`. Duration in periods."""

    __tablename__ = "phase"
    __table_args__ = (
        CheckConstraint("duration >= 1", name="duration_is_positive"),
        CheckConstraint("earliest_on <= latest_on", name="earliest_is_not_after_latest"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    duration: Mapped[int]
    earliest_on: Mapped[datetime] = mapped_column(DateTime)
    latest_on: Mapped[datetime] = mapped_column(DateTime)
    project: Mapped[Project] = relationship(back_populates="phases")
    after: Mapped[list[PhaseOrder]] = relationship(
        back_populates="phase",
        foreign_keys="PhaseOrder.phase_id",
        cascade="all, delete-orphan",
        order_by="PhaseOrder.position",
    )
    needs: Mapped[list[RoleNeed]] = relationship(
        back_populates="phase", cascade="all, delete-orphan", order_by="RoleNeed.position, RoleNeed.id"
    )
    team_rules: Mapped[list[TeamRule]] = relationship(
        back_populates="phase", cascade="all, delete-orphan", order_by="TeamRule.position, TeamRule.id"
    )


class PhaseOrder(Base):
    """A phase that ends before another one starts."""

    __tablename__ = "phase_order"
    __table_args__ = (CheckConstraint("phase_id <> before_id", name="a_phase_does_not_follow_itself"),)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"), primary_key=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    phase: Mapped[Phase] = relationship(back_populates="after", foreign_keys=[phase_id])
    before: Mapped[Phase] = relationship(foreign_keys=[before_id])


class RoleNeed(Versioned, Dated, Base):
    """What a PM asks for: role, count, skills, effort, from-to. Offsets count periods from the phase's start.

    `tags` must all be held (site:Lyon, lang:fr, ...); of each group of `any_of` one must be.
    `max_cost_minor` is for one full-time period.
    """

    __tablename__ = "role_need"
    __table_args__ = (
        CheckConstraint("count BETWEEN 1 AND 1000", name="count_is_1_to_1000"),
        CheckConstraint("fte_pct BETWEEN 1 AND 100", name="fte_is_1_to_100"),
        CheckConstraint("from_offset >= 0", name="from_is_not_negative"),
        CheckConstraint("to_offset IS NULL OR to_offset > from_offset", name="ends_after_it_begins"),
        CheckConstraint("max_cost_minor IS NULL OR max_cost_minor >= 0", name="cost_ceiling_is_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(default=1)
    fte_pct: Mapped[int] = mapped_column(default=100)
    from_offset: Mapped[int] = mapped_column(default=0)
    to_offset: Mapped[int | None]
    tags: Mapped[list[str]] = mapped_column(default=list)
    any_of: Mapped[list[list[str]]] = mapped_column(default=list)
    max_cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    is_mentoring_allowed: Mapped[bool] = mapped_column(default=False)
    is_hire_allowed: Mapped[bool] = mapped_column(default=True)
    phase: Mapped[Phase] = relationship(back_populates="needs")
    skills: Mapped[list[NeedSkill]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="NeedSkill.id"
    )
    styles: Mapped[list[NeedStyle]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="NeedStyle.id"
    )
    seats: Mapped[list[Seat]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="Seat.number"
    )


class NeedSkill(Base):
    """A skill that a role need asks for."""

    __tablename__ = "need_skill"
    __table_args__ = (
        UniqueConstraint("need_id", "skill_id"),
        CheckConstraint("level BETWEEN 1 AND 100", name="level_is_1_to_100"),
        CheckConstraint("weight BETWEEN 0 AND 1000", name="weight_is_0_to_1000"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("role_need.id", ondelete="CASCADE"))
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id", ondelete="RESTRICT"), index=True)
    level: Mapped[int]
    is_must: Mapped[bool] = mapped_column(default=True)
    weight: Mapped[int] = mapped_column(default=1)
    need: Mapped[RoleNeed] = relationship(back_populates="skills")
    skill: Mapped[Skill] = relationship()


class NeedStyle(Base):
    """A band of a work style that a role need asks for, with the job-related reason."""

    __tablename__ = "need_style"
    __table_args__ = (
        UniqueConstraint("need_id", "style_id"),
        CheckConstraint("min BETWEEN 1 AND 5 AND max BETWEEN 1 AND 5", name="band_is_within_1_to_5"),
        CheckConstraint("weight BETWEEN 0 AND 1000", name="weight_is_0_to_1000"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("role_need.id", ondelete="CASCADE"))
    style_id: Mapped[int] = mapped_column(ForeignKey("work_style.id", ondelete="RESTRICT"), index=True)
    min: Mapped[float] = mapped_column(default=1.0)
    max: Mapped[float] = mapped_column(default=5.0)
    is_must: Mapped[bool] = mapped_column(default=False)
    weight: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(default="")
    need: Mapped[RoleNeed] = relationship(back_populates="styles")
    style: Mapped[WorkStyle] = relationship()


class Seat(Base):
    """One of the `count` places of a role need; what the solver fills."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("need_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("role_need.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=1)
    need: Mapped[RoleNeed] = relationship(back_populates="seats")


class TeamRule(Versioned, Base):
    """A rule judged on a phase's team; without a weight it is hard, with one it costs points per unit of shortfall."""

    __tablename__ = "team_rule"
    __table_args__ = (
        CheckConstraint("weight IS NULL OR weight BETWEEN 0 AND 1000000", name="weight_is_0_to_1000000"),
        CheckConstraint(
            "at_least IS NULL OR at_most IS NULL OR at_least <= at_most", name="at_least_is_not_over_at_most"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    rule: Mapped[RuleKind] = mapped_column(choice(RuleKind, "rule_is_known"))
    of: Mapped[CountKind | None] = mapped_column(choice(CountKind, "count_kind_is_known"))
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id", ondelete="RESTRICT"), index=True)
    style_id: Mapped[int | None] = mapped_column(ForeignKey("work_style.id", ondelete="RESTRICT"), index=True)
    tag: Mapped[str | None]
    kind: Mapped[PersonKind | None] = mapped_column(choice(PersonKind, "kind_is_known"))
    level: Mapped[int | None]
    min: Mapped[float | None]
    max: Mapped[float | None]
    at_least: Mapped[int | None]
    at_most: Mapped[int | None]
    weight: Mapped[int | None]
    phase: Mapped[Phase] = relationship(back_populates="team_rules")
    skill: Mapped[Skill | None] = relationship()
    style: Mapped[WorkStyle | None] = relationship()
    people: Mapped[list[TeamRulePerson]] = relationship(
        back_populates="team_rule", cascade="all, delete-orphan", order_by="TeamRulePerson.position"
    )


class TeamRulePerson(Base):
    """A person whom a together or apart rule names."""

    __tablename__ = "team_rule_person"
    team_rule_id: Mapped[int] = mapped_column(ForeignKey("team_rule.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    team_rule: Mapped[TeamRule] = relationship(back_populates="people")
    person: Mapped[Person] = relationship()
