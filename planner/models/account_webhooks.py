"""Corridor account: webhooks, by which other programs are told what has changed, and the outbox of what they are told.

What is told comes out of the audit trail and stands in the outbox with the change itself, in one transaction.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.declarative import Base, Dated, Versioned, choice, now


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Webhook(Versioned, Dated, Base):
    """Who is told of which events. The secret signs what is sent, so it is kept; it is shown once."""

    __tablename__ = "webhook"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    events: Mapped[list[str]]
    secret: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(default="")


class WebhookDelivery(Base):
    """One event on its way to one webhook, and what came of the last try.

    It refers to its webhook by number only: the outbox is written while its writer holds the trail's head, and a
    reference would make it wait there for whoever removes a webhook, who waits for the head.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        Index("ix_webhook_delivery_due", "state", "next_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(index=True)
    event: Mapped[str]
    entry_id: Mapped[int | None]
    body: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState, "state_is_known"), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(default=now)
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(default="")
    failure: Mapped[str] = mapped_column(default="")
