"""Corridor hiring: what candidates were told, what they agreed to, what they asked for, and how long data is kept."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, choice, now
from planner.models.hiring import Candidate


class Purpose(StrEnum):
    """What a candidate's data is used for."""

    RECRUITMENT = "recruitment"
    TALENT_POOL = "talent_pool"


class LegalBasis(StrEnum):
    """Why it may be used for that (GDPR, article 6)."""

    CONTRACT = "contract"
    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate_interest"


class AskedFor(StrEnum):
    """What a candidate asks for about their own data."""

    CORRECTION = "correction"
    OBJECTION = "objection"


class Notice(Base):
    """What candidates are told about their data, in a numbered version; it never changes once it was published."""

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    text: Mapped[str]
    text_fr: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime] = mapped_column(default=now)
    published_by: Mapped[str] = mapped_column(default="")


class NoticeShown(Base):
    """Which version of the notice a candidate was shown, when and how."""

    __tablename__ = "notice_shown"
    __table_args__ = (UniqueConstraint("candidate_id", "notice_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="RESTRICT"), index=True)
    shown_at: Mapped[datetime] = mapped_column(default=now)
    how: Mapped[str] = mapped_column(default="")
    notice: Mapped[Notice] = relationship()
    candidate: Mapped[Candidate] = relationship()


class UseOfData(Base):
    """On what basis a candidate's data is used for a purpose, since when, and until when."""

    __tablename__ = "use_of_data"
    __table_args__ = (
        UniqueConstraint("candidate_id", "purpose"),
        CheckConstraint("withdrawn_at IS NULL OR given_at <= withdrawn_at", name="withdrawn_after_it_was_given"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose, "purpose_is_known"))
    basis: Mapped[LegalBasis] = mapped_column(choice(LegalBasis, "basis_is_known"))
    given_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
    candidate: Mapped[Candidate] = relationship()


class SheetLink(Base):
    """A link to a candidate's own sheet: signed, good for one correction or objection and for seven days.

    Only its hash is kept.
    """

    __tablename__ = "sheet_link"
    link_hash: Mapped[str] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    candidate: Mapped[Candidate] = relationship()


class DataRequest(Base):
    """What a candidate asked for about their data, and what a named person answered."""

    __tablename__ = "data_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    kind: Mapped[AskedFor] = mapped_column(choice(AskedFor, "kind_is_known"))
    text: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    candidate: Mapped[Candidate] = relationship()


class RetentionRule(Base):
    """For how many months a candidate's data is kept in a country after their process has ended, from a day on."""

    __tablename__ = "retention_rule"
    __table_args__ = (
        UniqueConstraint("country", "from_on"),
        CheckConstraint("months BETWEEN 0 AND 240", name="months_are_reasonable"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str]  # ISO 3166 code; empty where no other rule holds
    from_on: Mapped[date] = mapped_column(Date)
    months: Mapped[int]
    source: Mapped[str] = mapped_column(default="")


class Erasure(Base):
    """Somebody's data was erased: what is left for the totals, and nothing by which to know who it was."""

    __tablename__ = "erasure"
    id: Mapped[int] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(default=now)
    erased_by: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    requisition_number: Mapped[int | None]
    source: Mapped[str] = mapped_column(default="")
    applied_on: Mapped[date | None] = mapped_column(Date)
    last_stage: Mapped[str] = mapped_column(default="")
    was_shortlisted: Mapped[bool] = mapped_column(default=False)
    was_suggested: Mapped[bool] = mapped_column(default=False)
    was_hired: Mapped[bool] = mapped_column(default=False)
