"""Corridor account: what lives for seconds or a day: who edits what just now, and what programs were answered.

Neither refers to other tables: nothing of it is worth keeping when a user or a token is removed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.declarative import Base, now


class Presence(Base):
    """Somebody who has a page open on which a subject is edited; `seen_at` is when their browser said so last."""

    __tablename__ = "presence"
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now, index=True)


class KeptAnswer(Base):
    """What a request with an Idempotency-Key was answered, so that the same request does nothing twice.

    `done_at` is written in the transaction of what the request did, `status` and the rest once it is answered: what
    was done and never answered is known to be done. Key and request are kept as hashes only.
    """

    __tablename__ = "kept_answer"
    __table_args__ = (CheckConstraint("(status IS NULL) = (body IS NULL)", name="answer_is_whole"),)
    token_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_hash: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    begun_at: Mapped[datetime] = mapped_column(default=now, index=True)
    done_at: Mapped[datetime | None]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
