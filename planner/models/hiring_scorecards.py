"""Corridor hiring: scorecards, one for each rater, on a requisition's own criteria, and what the raters agreed on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice, now
from planner.models.hiring import Candidate

ON_ITS_SCALE = "(kind = 'skill' AND score BETWEEN 0 AND 100) OR (kind = 'style' AND score BETWEEN 1 AND 5)"


class RatedKind(StrEnum):
    """What a rating is of."""

    SKILL = "skill"
    STYLE = "style"


class Scorecard(Versioned, Dated, Base):
    """One rater's own view of a candidate. Whoever passes has chosen to read the others' and rates no more."""

    __tablename__ = "scorecard"
    __table_args__ = (
        UniqueConstraint("candidate_id", "rater_id"),
        CheckConstraint("rater_name <> ''", name="a_named_person_rates"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"))
    terms_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id", ondelete="SET NULL"))
    rater_id: Mapped[int]  # of the user; no foreign key, since a rating outlives the login
    rater_name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None]
    is_passed: Mapped[bool] = mapped_column(default=False)
    candidate: Mapped[Candidate] = relationship()
    ratings: Mapped[list[Rating]] = relationship(
        back_populates="scorecard", cascade="all, delete-orphan", order_by="Rating.id"
    )

    @property
    def is_in(self) -> bool:
        """Whether the rater is done, and may read the others'."""
        return self.is_passed or self.submitted_at is not None


class Rating(Base):
    """What a rater has seen of one criterion, with the evidence. Skills by level, work styles from 1 to 5."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("scorecard_id", "kind", "key"),
        CheckConstraint(ON_ITS_SCALE, name="score_is_on_its_scale"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecard.id", ondelete="CASCADE"))
    kind: Mapped[RatedKind] = mapped_column(choice(RatedKind, "kind_is_known"))
    key: Mapped[str]
    score: Mapped[float]
    evidence: Mapped[str] = mapped_column(default="")
    scorecard: Mapped[Scorecard] = relationship(back_populates="ratings")


class AgreedRating(Base):
    """What a named person wrote into the candidate's profile after the raters had talked."""

    __tablename__ = "agreed_rating"
    __table_args__ = (
        UniqueConstraint("candidate_id", "kind", "key"),
        CheckConstraint(ON_ITS_SCALE, name="score_is_on_its_scale"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"))
    kind: Mapped[RatedKind] = mapped_column(choice(RatedKind, "kind_is_known"))
    key: Mapped[str]
    score: Mapped[float]
    raters: Mapped[list[str]] = mapped_column(default=list)
    agreed_by: Mapped[str] = mapped_column(default="")
    agreed_at: Mapped[datetime] = mapped_column(default=now)
