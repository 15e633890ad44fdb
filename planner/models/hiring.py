"""Corridor hiring: requisitions, and the candidates considered for them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice
from planner.models.staffing import Person, RoleNeed, Site


class RequisitionState(StrEnum):
    """How far the authority to hire has come."""

    DRAFT = "draft"
    OPEN = "open"
    FILLED = "filled"
    CLOSED = "closed"


class Stage(StrEnum):
    """Where a candidate stands in the process."""

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


class Requisition(Versioned, Dated, Base):
    """The authority to hire for seats, with the criteria that it carried over from its gap."""

    __tablename__ = "requisition"
    __table_args__ = (
        CheckConstraint("num_seats >= 1", name="seats_are_at_least_1"),
        CheckConstraint("max_cost_minor IS NULL OR max_cost_minor >= 0", name="cost_ceiling_is_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
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
    is_sample: Mapped[bool] = mapped_column(default=False)
    need: Mapped[RoleNeed | None] = relationship()
    site: Mapped[Site | None] = relationship()
    candidates: Mapped[list[Candidate]] = relationship(back_populates="requisition")


class Candidate(Versioned, Dated, Base):
    """A person considered for a requisition and not yet employed; what planning needs stands on the person."""

    __tablename__ = "candidate"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    requisition_id: Mapped[int | None] = mapped_column(ForeignKey("requisition.id", ondelete="SET NULL"), index=True)
    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage_is_known"), default=Stage.NEW, index=True)
    stage_since_on: Mapped[date | None] = mapped_column(Date)
    applied_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    person: Mapped[Person] = relationship()
    requisition: Mapped[Requisition | None] = relationship(back_populates="candidates")
