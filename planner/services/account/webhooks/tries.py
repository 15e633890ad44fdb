"""Each try to tell a webhook: taken from the outbox under a lease, then its outcome written down, or the next try."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from planner.models import DeliveryState, Webhook, WebhookDelivery, now

LEASE = timedelta(minutes=2)  # of a try whose worker may have died: longer than any try can take
MINUTE = 60
WAITS_S = (MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 120 * MINUTE, 360 * MINUTE, 840 * MINUTE)
MOST_TRIES = len(WAITS_S) + 1  # over a day
KEPT = timedelta(days=30)  # what has arrived, or never will
ANSWER_LONGEST = 500


class Try(NamedTuple):
    """What to send where; `number` counts the tries of this delivery."""

    delivery_id: int
    number: int
    url: str
    body: str
    headers: dict[str, str]


class Outcome(NamedTuple):
    """What came of a try: the status and the beginning of the answer, or why there was none."""

    status: int | None = None
    answer: str = ""
    failure: str = ""

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has said that it has it."""
        return self.status is not None and 200 <= self.status < 300 and not self.failure


def due(session: Session, most: int) -> list[int]:
    """The deliveries whose time has come, the longest waiting first."""
    statement = select(WebhookDelivery.id).where(*_is_due()).order_by(WebhookDelivery.next_at, WebhookDelivery.id)
    return list(session.scalars(statement.limit(most)))


def take(session: Session, delivery_id: int) -> Try | None:
    """Takes a delivery for one try; None where somebody else has it, or nobody is to be told any more."""
    moment = now()
    taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, *_is_due())
        .values(next_at=moment + LEASE, tried_at=moment, attempts=WebhookDelivery.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        return None
    delivery = session.get_one(WebhookDelivery, delivery_id, populate_existing=True)
    webhook = session.get(Webhook, delivery.webhook_id)
    if webhook is None or not webhook.is_active:
        delivery.state, delivery.next_at, delivery.failure = DeliveryState.FAILED, None, "switched_off"
        return None
    return Try(delivery.id, delivery.attempts, webhook.url, delivery.body, _headers(webhook, delivery))


def keep(session: Session, made: Try, outcome: Outcome) -> None:
    """Writes down what came of a try, unless the delivery was taken again meanwhile."""
    delivery = session.get(WebhookDelivery, made.delivery_id)
    if delivery is None or delivery.attempts != made.number or delivery.state is not DeliveryState.WAITING:
        return
    delivery.status, delivery.failure = outcome.status, outcome.failure
    delivery.answer = outcome.answer[:ANSWER_LONGEST].replace("\0", "\ufffd")
    delivery.next_at = None
    if outcome.is_delivered:
        delivery.state = DeliveryState.DELIVERED
    elif made.number >= MOST_TRIES:
        delivery.state = DeliveryState.FAILED
    else:
        delivery.next_at = now() + timedelta(seconds=WAITS_S[made.number - 1])


def forget_old(session: Session) -> None:
    """Deletes deliveries that were over long ago."""
    is_over = WebhookDelivery.state != DeliveryState.WAITING
    session.execute(delete(WebhookDelivery).where(is_over, WebhookDelivery.made_at < now() - KEPT))


def signature(secret: str, timestamp: str, body: str) -> str:
    """The HMAC-SHA256 by which a receiver knows that it was us, and when: of the timestamp, a dot, and the body."""
    return hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()


def _headers(webhook: Webhook, delivery: WebhookDelivery) -> dict[str, str]:
    timestamp = str(int(now().timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "planner-webhooks/1",
        "Planner-Event": delivery.event,
        "Planner-Delivery": str(delivery.id),
        "Planner-Timestamp": timestamp,
        "Planner-Signature": f"v1={signature(webhook.secret, timestamp, delivery.body)}",
    }


def _is_due() -> tuple[Any, Any]:
    return WebhookDelivery.state == DeliveryState.WAITING, WebhookDelivery.next_at <= now()
