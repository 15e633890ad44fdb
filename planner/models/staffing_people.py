"""Corridor staffing: people, with what is known of their skills, work styles and calendars; the catalogues of both.

`key` is the identifier in staffing-problem/1.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice
from planner.models.hiding import PersonEmail, PersonName

if TYPE_CHECKING:
    from planner.models.staffing import Wish


class PersonKind(StrEnum):
    """How a person stands to the company."""

    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"
    CANDIDATE = "candidate"
    HYPOTHETICAL = "hypothetical"

    @property
    def is_hire(self) -> bool:
        """Whether giving such a person a seat is a hire."""
        return self in (PersonKind.CANDIDATE, PersonKind.HYPOTHETICAL)


class RatingSource(StrEnum):
    """Where a skill level or a work-style score comes from."""

    SELF = "self"
    MANAGER = "manager"
    PEER = "peer"
    INTERVIEW = "interview"
    TEST = "test"
    CERTIFICATE = "certificate"
    CV = "cv"
    IMPORT = "import"


class AbsenceKind(StrEnum):
    """Why a person is away: only what planning must know, never a reason of health or family."""

    LEAVE = "leave"
    TRAINING = "training"
    OTHER = "other"


class Site(Versioned, Base):
    """An office, or remote; its country gives its public holidays."""

    __tablename__ = "site"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    country: Mapped[str | None]
    subdivision: Mapped[str | None]
    is_sample: Mapped[bool] = mapped_column(default=False)

    @property
    def tag(self) -> str:
        """The site as staffing-problem/1 writes it."""
        return f"site:{self.name}"


class Skill(Versioned, Base):
    """A skill of the catalogue, with the other names by which people call it."""

    __tablename__ = "skill"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_fr: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    aliases: Mapped[list[str]] = mapped_column(default=list)
    is_sample: Mapped[bool] = mapped_column(default=False)


class WorkStyle(Versioned, Base):
    """A work style; those of O*NET carry their element id. One that is off is offered nowhere.

    `anchors` say what is seen at work where somebody scores 1, 2, 3, 4 and 5; there are five, or none.
    """

    __tablename__ = "work_style"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    element_id: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    name_fr: Mapped[str] = mapped_column(default="")
    meaning: Mapped[str] = mapped_column(default="")
    meaning_fr: Mapped[str] = mapped_column(default="")
    anchors: Mapped[list[str]] = mapped_column(default=list, nullable=True)
    anchors_fr: Mapped[list[str]] = mapped_column(default=list, nullable=True)
    is_on: Mapped[bool] = mapped_column(default=True)


class Person(Versioned, Dated, Base):
    """Someone who can work. `cost_minor` is for one full-time period, in `cost_currency` (the workspace's if empty)."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("cost_minor >= 0", name="cost_is_not_negative"),
        CheckConstraint("hire_cost_minor >= 0", name="hire_cost_is_not_negative"),
        CheckConstraint("acceptance_pct BETWEEN 0 AND 100", name="acceptance_is_a_percentage"),
        CheckConstraint("ramp_up_pct BETWEEN 0 AND 100", name="ramp_up_is_a_percentage"),
        CheckConstraint("notice_periods >= 0 AND ramp_up_periods >= 0", name="notice_and_ramp_up_are_not_negative"),
        Index("ix_person_id_kind", "id", "kind", unique=True),  # what a candidate's kind refers to
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(PersonName, index=True)
    email: Mapped[str] = mapped_column(PersonEmail, default="")
    kind: Mapped[PersonKind] = mapped_column(choice(PersonKind, "kind_is_known"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="SET NULL"), index=True)
    languages: Mapped[list[str]] = mapped_column(default=list)
    tags: Mapped[list[str]] = mapped_column(default=list)
    cost_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    cost_currency: Mapped[str] = mapped_column(default="")
    hire_cost_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    earliest_on: Mapped[datetime | None] = mapped_column(DateTime)
    notice_periods: Mapped[int] = mapped_column(default=0)
    ramp_up_periods: Mapped[int] = mapped_column(default=0)
    ramp_up_pct: Mapped[int] = mapped_column(default=100)
    acceptance_pct: Mapped[int] = mapped_column(default=100)
    is_sample: Mapped[bool] = mapped_column(default=False)
    site: Mapped[Site | None] = relationship()
    capacity_spans: Mapped[list[CapacitySpan]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="CapacitySpan.id"
    )
    absences: Mapped[list[Absence]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="Absence.from_on"
    )
    skills: Mapped[list[PersonSkill]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="PersonSkill.id"
    )
    styles: Mapped[list[PersonStyle]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="PersonStyle.id"
    )
    wishes: Mapped[list[Wish]] = relationship(back_populates="person", cascade="all, delete-orphan", order_by="Wish.id")

    @property
    def all_tags(self) -> list[str]:
        """Site, languages and other tags as staffing-problem/1 writes them."""
        site = [self.site.tag] if self.site else []
        return [*site, *(f"lang:{language}" for language in self.languages), *self.tags]


class CapacitySpan(Base):
    """What a person can give, in percent of full time; open where a side is empty; spans do not overlap."""

    __tablename__ = "capacity_span"
    __table_args__ = (CheckConstraint("fte_pct BETWEEN 0 AND 100", name="fte_is_a_percentage"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[datetime | None] = mapped_column(DateTime)
    to_on: Mapped[datetime | None] = mapped_column(DateTime)
    fte_pct: Mapped[int]
    person: Mapped[Person] = relationship(back_populates="capacity_spans")


class Absence(Versioned, Base):
    """Days on which a person is away, the first and the last included."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("from_on <= to_on", name="ends_after_it_begins"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    kind: Mapped[AbsenceKind] = mapped_column(choice(AbsenceKind, "absence_kind_is_known"), default=AbsenceKind.LEAVE)
    person: Mapped[Person] = relationship(back_populates="absences")


class PersonSkill(Base):
    """A person's level in a skill, with its source and date."""

    __tablename__ = "person_skill"
    __table_args__ = (
        UniqueConstraint("person_id", "skill_id"),
        CheckConstraint("level BETWEEN 0 AND 100", name="level_is_0_to_100"),
        Index("ix_person_skill_skill_id_level", "skill_id", "level"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id", ondelete="CASCADE"))
    level: Mapped[int]
    source: Mapped[RatingSource] = mapped_column(choice(RatingSource, "source_is_known"), default=RatingSource.MANAGER)
    rated_on: Mapped[date | None] = mapped_column(Date)
    person: Mapped[Person] = relationship(back_populates="skills")
    skill: Mapped[Skill] = relationship()


class PersonStyle(Base):
    """A person's score of a work style, 1 to 5, with its rater, source and date."""

    __tablename__ = "person_style"
    __table_args__ = (
        UniqueConstraint("person_id", "style_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_is_1_to_5"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    style_id: Mapped[int] = mapped_column(ForeignKey("work_style.id", ondelete="CASCADE"), index=True)
    score: Mapped[float]
    rater: Mapped[str] = mapped_column(default="")
    source: Mapped[RatingSource] = mapped_column(choice(RatingSource, "source_is_known"), default=RatingSource.MANAGER)
    rated_on: Mapped[date | None] = mapped_column(Date)
    person: Mapped[Person] = relationship(back_populates="styles")
    style: Mapped[WorkStyle] = relationship()
