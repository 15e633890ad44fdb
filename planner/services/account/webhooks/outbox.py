"""The outbox: what webhooks are to be told, written in the transaction of the change that it tells of."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from planner.models import Base, DeliveryState, Webhook, WebhookDelivery, now
from planner.services.account.webhooks.events import Event, events_of

HOOKS, DELIVERIES = Base.metadata.tables[Webhook.__tablename__], Base.metadata.tables[WebhookDelivery.__tablename__]


def put(connection: Connection, entries: Sequence[Mapping[str, Any]]) -> None:
    """Puts in what the active webhooks chose of these entries; one look at them where there is none."""
    hooks = connection.execute(select(HOOKS.c.id, HOOKS.c.events).where(HOOKS.c.is_active)).all()
    if not hooks:
        return
    rows = [
        delivery(hook.id, event.name, body_of(event), event.entry_id)
        for event in events_of(entries)
        for hook in hooks
        if event.name in hook.events
    ]
    if rows:
        connection.execute(insert(DELIVERIES), rows)


def delivery(webhook_id: int, event: str, body: str, entry_id: int | None) -> dict[str, Any]:
    """A row of the outbox."""
    moment = now()
    return {
        "webhook_id": webhook_id,
        "event": event,
        "entry_id": entry_id,
        "body": body,
        "made_at": moment,
        "next_at": moment,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "answer": "",
        "failure": "",
    }


def body_of(event: Event) -> str:
    """What is sent: which row, and where to read it. Nothing about anybody: whoever may read the row asks for it."""
    return packed(
        event=event.name,
        at=event.at,
        noun=event.noun,
        row_id=event.row_id,
        row_last=event.row_last,
        entry_id=event.entry_id,
        path=event.path,
    )


def packed(*, event: str, at: datetime, **said: Any) -> str:
    """An event as JSON, with a number by which a receiver knows one that it has had already."""
    return json.dumps({"id": f"evt_{secrets.token_hex(12)}", "event": event, "at": at.isoformat(), **said})
