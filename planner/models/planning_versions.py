"""Corridor planning: the versions of a plan. Each is the plan as it stood, with who made it so, when and why.

A version names seats, people and phases by their keys, as the plan does: nobody's data lies in it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, choice, now
from planner.models.planning import Plan


class VersionKind(StrEnum):
    """What made a version of a plan."""

    EXISTING = "existing"  # as it stood when plans got versions
    ANSWER = "answer"
    FILE = "file"
    BY_HAND = "by_hand"
    AGREED = "agreed"
    RELEASED = "released"
    MERGED = "merged"
    RESTORED = "restored"


class PlanVersion(Base):
    """A plan as it stood: holders, bookings and starts in `document`, compressed JSON; and what lists show of it."""

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("number >= 1", name="numbers_begin_at_1"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[VersionKind] = mapped_column(choice(VersionKind, "kind_is_known"), default=VersionKind.BY_HAND)
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    objective: Mapped[int | None] = mapped_column(BigInteger)
    cost: Mapped[int] = mapped_column(BigInteger, default=0)
    num_filled: Mapped[int] = mapped_column(default=0)
    num_hires: Mapped[int] = mapped_column(default=0)
    plan: Mapped[Plan] = relationship()
