"""Corridor hiring: what candidates say of themselves of their own will, for one report and nothing else.

These tables stand alone. Only the compliance officer's report reads them; nothing that chooses, plans or shows people
may import this module, and a contract of the imports holds that. A row bears the candidate's number, without a foreign
key: undoing the removal of a candidate reads and writes whatever refers to one. An erasure counts the answers into
`ProtectedCount`, and then deletes them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.declarative import Base, now

UNKNOWN = ""  # was not said


class ProtectedAnswer(Base):
    """A candidate's answer to one of the voluntary questions, by the codes of question and group."""

    __tablename__ = "protected_answer"
    __table_args__ = (
        UniqueConstraint("candidate_id", "question"),
        CheckConstraint("question <> '' AND answer <> ''", name="something_is_said"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int]
    question: Mapped[str]
    answer: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(default=now)


class ProtectedCount(Base):
    """How many of a group were at each stage of a requisition, of those whose data was erased since."""

    __tablename__ = "protected_count"
    __table_args__ = (UniqueConstraint("requisition_number", "question", "answer", "stage"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_number: Mapped[int]
    question: Mapped[str]
    answer: Mapped[str]
    stage: Mapped[str]
    num: Mapped[int] = mapped_column(default=0)
