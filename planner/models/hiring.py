"""Corridor hiring: requisitions with their signed terms, the pipeline, candidates, and who decided on each hire.

One chain leads from a role need to its requisitions, their candidates, the decision and the seat: its code stands on
the requisition and on the decision, and a role need's own is made of its id (`chain_of_need`).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice, now
from planner.models.staffing import RoleNeed
from planner.models.staffing_people import Person, PersonKind, Site


class RequisitionState(StrEnum):
    """How far the authority to hire has come."""

    DRAFT = "draft"
    OPEN = "open"
    FILLED = "filled"
    CLOSED = "closed"

    @property
    def is_over(self) -> bool:
        """Whether nobody is sought any more."""
        return self in (RequisitionState.FILLED, RequisitionState.CLOSED)


class Stage(StrEnum):
    """Where a candidate stands in the process, as far as planning must know."""

    NEW = "new"
    SCREENING = "screening"
    INTERVIEW = "interview"
    OFFER = "offer"
    HIRED = "hired"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def is_considered(self) -> bool:
        """Whether a plan may still propose the candidate."""
        return self not in (Stage.HIRED, Stage.DECLINED, Stage.WITHDRAWN)


class Side(StrEnum):
    """For whom somebody signs or approves: the one who knows the team, or the one who hires."""

    PROJECT = "project"
    OPERATIONS = "operations"


class EventKind(StrEnum):
    """What happened to a candidate."""

    ADDED = "added"
    MOVED = "moved"
    REASSIGNED = "reassigned"
    SHORTLISTED = "shortlisted"
    UNLISTED = "unlisted"
    APPROVED = "approved"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    HIRED = "hired"
    HIRE_UNDONE = "hire_undone"


def chain_of_need(need_id: int) -> str:
    """The code of the chain that begins with a role need; ids of rows that went are never given again."""
    return f"N{need_id}"


def chain_of_requisition(requisition_id: int) -> str:
    """The code of the chain that begins with a requisition for no role need."""
    return f"R{requisition_id}"


class Requisition(Versioned, Dated, Base):
    """The authority to hire for seats, with the criteria that it carried over from its gap.

    What it asks for are its terms: they are numbered, and each number is signed on its own.
    """

    __tablename__ = "requisition"
    __table_args__ = (
        CheckConstraint("num_seats >= 1", name="seats_are_at_least_1"),
        CheckConstraint("max_cost_minor IS NULL OR max_cost_minor >= 0", name="cost_ceiling_is_not_negative"),
        Index("ix_requisition_apply_token", "apply_token", unique=True),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    chain: Mapped[str] = mapped_column(default="", server_default=text("''"), index=True)
    title: Mapped[str]
    state: Mapped[RequisitionState] = mapped_column(
        choice(RequisitionState, "state_is_known"), default=RequisitionState.DRAFT, index=True
    )
    need_id: Mapped[int | None] = mapped_column(ForeignKey("role_need.id", ondelete="SET NULL"), index=True)
    seat_key: Mapped[str | None] = mapped_column(index=True)
    plan_number: Mapped[int | None]
    num_seats: Mapped[int] = mapped_column(default=1)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="SET NULL"))
    starts_on: Mapped[datetime | None] = mapped_column(DateTime)
    ends_on: Mapped[datetime | None] = mapped_column(DateTime)
    fte_pct: Mapped[int] = mapped_column(default=100)
    max_cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(default="")
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    apply_token: Mapped[str | None]  # of its public page; none while that is off
    is_anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_sample: Mapped[bool] = mapped_column(default=False)
    need: Mapped[RoleNeed | None] = relationship()
    site: Mapped[Site | None] = relationship()
    candidates: Mapped[list[Candidate]] = relationship(back_populates="requisition")
    terms: Mapped[list[Terms]] = relationship(
        back_populates="requisition", cascade="all, delete-orphan", order_by="Terms.number"
    )


class Terms(Base):
    """What a requisition asked for at one time: seats, effort, dates, site, ceiling, criteria and their reasons."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("requisition_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(ForeignKey("requisition.id", ondelete="CASCADE"))
    number: Mapped[int]
    said: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    changed_by: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime] = mapped_column(default=now)
    requisition: Mapped[Requisition] = relationship(back_populates="terms")
    signatures: Mapped[list[Signature]] = relationship(
        back_populates="terms", cascade="all, delete-orphan", order_by="Signature.id"
    )


class Signature(Base):
    """A named person says that these are the criteria. Two people sign, one for each side."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("terms_id", "side"),
        UniqueConstraint("terms_id", "by_id"),
        CheckConstraint("by_name <> ''", name="a_named_person_signs"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    terms_id: Mapped[int] = mapped_column(ForeignKey("terms.id", ondelete="CASCADE"))
    side: Mapped[Side] = mapped_column(choice(Side, "side_is_known"))
    by_id: Mapped[int]  # of the user; no foreign key, since a signature outlives the login
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    terms: Mapped[Terms] = relationship(back_populates="signatures")


class PipelineColumn(Versioned, Base):
    """A stage as a company names it: a column of the board. Without names it is called as its stage is."""

    __tablename__ = "pipeline_column"
    __table_args__ = (UniqueConstraint("id", "stage"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage_is_known"))
    name: Mapped[str] = mapped_column(default="")
    name_fr: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class HireDecision(Base):
    """Two people decided to hire somebody: first the one who knows the team, then the one who hires.

    It holds for one person (for none once it was undone) and outlives them: counts of hires stay right after an
    erasure. Users are named, and refer to no login, which may go.
    """

    __tablename__ = "hire_decision"
    __table_args__ = (
        UniqueConstraint("id", "person_id"),
        CheckConstraint("pm_id <> ops_id", name="two_people_decide"),
        CheckConstraint("pm_at <= ops_at", name="operations_decide_second"),
        CheckConstraint("length(trim(pm_reason)) >= 3 AND length(trim(ops_reason)) >= 3", name="both_give_a_reason"),
        CheckConstraint("pm_name <> '' AND ops_name <> ''", name="both_have_a_name"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None]
    chain: Mapped[str] = mapped_column(index=True)
    requisition_number: Mapped[int]
    person_key: Mapped[str] = mapped_column(index=True)
    seat_keys: Mapped[list[str]] = mapped_column(default=list)
    pm_id: Mapped[int]
    pm_name: Mapped[str]
    pm_reason: Mapped[str]
    pm_at: Mapped[datetime]
    pm_plan: Mapped[int]
    pm_plan_version: Mapped[int]
    ops_id: Mapped[int]
    ops_name: Mapped[str]
    ops_reason: Mapped[str]
    ops_at: Mapped[datetime]
    ops_plan: Mapped[int]
    ops_plan_version: Mapped[int]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(default="")
    undone_reason: Mapped[str] = mapped_column(default="")


class Candidate(Versioned, Dated, Base):
    """A person considered for a requisition and not yet employed; what planning needs stands on the person.

    Nobody becomes an employee without a decision: `person_kind` follows the person's kind, whoever changes it and by
    whichever door, and the database refuses it, and the stage *hired*, where there is no decision.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        ForeignKeyConstraint(
            ["person_id", "person_kind"],
            ["person.id", "person.kind"],
            name="fk_candidate_person_id_person_kind",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(
            ["column_id", "stage"],
            ["pipeline_column.id", "pipeline_column.stage"],
            name="fk_candidate_column_id_stage",
        ),
        ForeignKeyConstraint(
            ["decision_id", "person_id"],
            ["hire_decision.id", "hire_decision.person_id"],
            name="fk_candidate_decision_id_person_id",
        ),
        CheckConstraint("stage <> 'hired' OR decision_id IS NOT NULL", name="two_people_decide_a_hire"),
        CheckConstraint("person_kind = 'candidate' OR decision_id IS NOT NULL", name="nobody_is_hired_by_the_way"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(unique=True)
    person_kind: Mapped[PersonKind] = mapped_column(
        choice(PersonKind, "person_kind_is_known"),
        default=PersonKind.CANDIDATE,
        server_default=PersonKind.CANDIDATE.value,
    )
    requisition_id: Mapped[int | None] = mapped_column(ForeignKey("requisition.id", ondelete="SET NULL"), index=True)
    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage_is_known"), default=Stage.NEW, index=True)
    column_id: Mapped[int | None]
    stage_since_on: Mapped[date | None] = mapped_column(Date)
    applied_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="", server_default=text("''"))
    is_shortlisted: Mapped[bool] = mapped_column(default=False, server_default=false())
    decision_id: Mapped[int | None] = mapped_column(unique=True)
    person: Mapped[Person] = relationship(primaryjoin="foreign(Candidate.person_id) == Person.id")
    requisition: Mapped[Requisition | None] = relationship(back_populates="candidates")
    decision: Mapped[HireDecision | None] = relationship(
        primaryjoin="foreign(Candidate.decision_id) == HireDecision.id"
    )
    approvals: Mapped[list[HireApproval]] = relationship(
        back_populates="candidate", cascade="all, delete-orphan", order_by="HireApproval.id"
    )
    events: Mapped[list[CandidateEvent]] = relationship(
        back_populates="candidate", cascade="all, delete-orphan", order_by="CandidateEvent.id"
    )


class HireApproval(Base):
    """One of the two approvals that a hire takes, with the version of the suggestion that the approver saw."""

    __tablename__ = "hire_approval"
    __table_args__ = (
        UniqueConstraint("candidate_id", "side"),
        UniqueConstraint("candidate_id", "by_id"),
        CheckConstraint("length(trim(reason)) >= 3", name="there_is_a_reason"),
        CheckConstraint("by_name <> ''", name="a_named_person_approves"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"))
    side: Mapped[Side] = mapped_column(choice(Side, "side_is_known"))
    by_id: Mapped[int]
    by_name: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    plan_number: Mapped[int]
    plan_version: Mapped[int]
    plan_ready_at: Mapped[datetime | None]
    seat_keys: Mapped[list[str]] = mapped_column(default=list)
    is_suggested: Mapped[bool] = mapped_column(default=False)
    candidate: Mapped[Candidate] = relationship(back_populates="approvals")


class CandidateEvent(Base):
    """What happened to a candidate, when and by whom: what durations and rates are made of."""

    __tablename__ = "candidate_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "event_is_known"))
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    by_name: Mapped[str] = mapped_column(default="")
    requisition_id: Mapped[int | None] = mapped_column(ForeignKey("requisition.id", ondelete="SET NULL"), index=True)
    from_stage: Mapped[Stage | None] = mapped_column(choice(Stage, "from_stage_is_known"))
    to_stage: Mapped[Stage | None] = mapped_column(choice(Stage, "to_stage_is_known"))
    reason: Mapped[str] = mapped_column(default="")
    plan_number: Mapped[int | None]
    candidate: Mapped[Candidate] = relationship(back_populates="events")
