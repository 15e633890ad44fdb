"""Corridor outcomes: criteria that went with good outcomes, as proposals that a named person decides on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Versioned, choice, now
from planner.models.staffing_people import Skill, WorkStyle

IS_OF_A_SKILL = "skill_id IS NOT NULL AND style_id IS NULL AND level BETWEEN 1 AND 100"
IS_OF_A_STYLE = (
    "style_id IS NOT NULL AND skill_id IS NULL AND level IS NULL "
    "AND min BETWEEN 1 AND 5 AND max BETWEEN 1 AND 5 AND min <= max"
)
IS_ONE_OF_BOTH = f"({IS_OF_A_SKILL}) OR ({IS_OF_A_STYLE})"


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class CriterionProposal(Versioned, Base):
    """“Ask for this”: a skill at a level, or a band of a work style, of those whose role is called so.

    `evidence` is the report's line as it was then, frozen: figures of all teams together, nobody's own. `digest` names
    it, so that what was declined is not proposed again on the same evidence. An empty role title means every role.
    """

    __tablename__ = "criterion_proposal"
    __table_args__ = (
        UniqueConstraint("digest"),
        CheckConstraint(IS_ONE_OF_BOTH, name="it_asks_for_one_thing"),
        CheckConstraint("weight BETWEEN 0 AND 1000", name="weight_is_0_to_1000"),
        CheckConstraint("made_by <> ''", name="a_named_person_makes_it"),
        CheckConstraint(
            "state = 'open' OR (decided_by <> '' AND decided_at IS NOT NULL AND length(trim(reason)) >= 3)",
            name="a_named_person_decides_with_a_reason",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    outcome_key: Mapped[str]
    outcome: Mapped[str]
    role_title: Mapped[str] = mapped_column(default="")
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id", ondelete="CASCADE"), index=True)
    style_id: Mapped[int | None] = mapped_column(ForeignKey("work_style.id", ondelete="CASCADE"), index=True)
    level: Mapped[int | None]
    min: Mapped[float | None]
    max: Mapped[float | None]
    weight: Mapped[int] = mapped_column(default=1)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[ProposalState] = mapped_column(
        choice(ProposalState, "state_is_known"), default=ProposalState.OPEN, index=True
    )
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    skill: Mapped[Skill | None] = relationship()
    style: Mapped[WorkStyle | None] = relationship()
    adopted: Mapped[AdoptedCriterion | None] = relationship(back_populates="proposal", cascade="all, delete-orphan")


class AdoptedCriterion(Base):
    """What an accepted proposal offers to role needs, and to whoever makes templates of teams; it changes nothing.

    It counts for role needs whose title holds `role_title`; for every one where that is empty.
    """

    __tablename__ = "adopted_criterion"
    __table_args__ = (
        UniqueConstraint("proposal_id"),
        CheckConstraint(IS_ONE_OF_BOTH, name="it_asks_for_one_thing"),
        CheckConstraint("weight BETWEEN 0 AND 1000", name="weight_is_0_to_1000"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("criterion_proposal.id", ondelete="CASCADE"))
    role_title: Mapped[str] = mapped_column(default="")
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id", ondelete="CASCADE"), index=True)
    style_id: Mapped[int | None] = mapped_column(ForeignKey("work_style.id", ondelete="CASCADE"), index=True)
    level: Mapped[int | None]
    min: Mapped[float | None]
    max: Mapped[float | None]
    weight: Mapped[int] = mapped_column(default=1)
    proposal: Mapped[CriterionProposal] = relationship(back_populates="adopted")
    skill: Mapped[Skill | None] = relationship()
    style: Mapped[WorkStyle | None] = relationship()
