"""Webhooks: added, edited, ended; their deliveries listed, sent again, tried out. Only administrators come here."""

from __future__ import annotations

import ipaddress
import secrets
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from planner.models import DeliveryState, Webhook, WebhookDelivery, now
from planner.schemas.account_webhooks import WebhookSaid
from planner.services.account.webhooks import outbox
from planner.services.account.webhooks.addresses import is_public
from planner.services.account.webhooks.events import PING
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused

PREFIX = "whsec_"
MOST_WEBHOOKS = 50  # each is asked at every change


def add_webhook(session: Session, said: WebhookSaid, *, is_private_allowed: bool = False) -> Webhook:
    """Adds a webhook with a secret of its own. Raises Refused where its address may not be called."""
    _require_reachable(said.url, is_private_allowed)
    if (session.scalar(select(func.count(Webhook.id))) or 0) >= MOST_WEBHOOKS:
        raise Refused("too_many_webhooks", most=MOST_WEBHOOKS)
    webhook = fill(Webhook(secret=PREFIX + secrets.token_urlsafe(32)), said)
    webhook.events = sorted(set(said.events))
    session.add(webhook)
    session.flush()
    return webhook


def edit_webhook(
    session: Session, webhook: Webhook, said: WebhookSaid, version: int | None, *, is_private_allowed: bool = False
) -> Webhook:
    """Edits a webhook; its secret stays. Raises Stale, and Refused where its address may not be called."""
    require_version(webhook, version)
    _require_reachable(said.url, is_private_allowed)
    fill(webhook, said, leave=("events",))
    events = sorted(set(said.events))
    if events != webhook.events:
        webhook.events = events
    session.flush()
    return webhook


def remove_webhook(session: Session, webhook: Webhook) -> None:
    """Ends a webhook, with what was on its way; it is not kept to be brought back, since its secret would be."""
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id))
    session.delete(webhook)
    session.flush()


def ping(session: Session, webhook: Webhook) -> WebhookDelivery:
    """Puts an event that means nothing on its way, to see whether the receiver understands."""
    body = outbox.packed(event=PING, at=now(), noun="webhook", row_id=webhook.id)
    made = WebhookDelivery(**outbox.delivery(webhook.id, PING, body, None))
    session.add(made)
    session.flush()
    return made


def send_again(session: Session, delivery: WebhookDelivery) -> WebhookDelivery:
    """Puts a delivery on its way once more, as if for the first time; the receiver knows it by its number."""
    delivery.state, delivery.attempts, delivery.next_at = DeliveryState.WAITING, 0, now()
    session.flush()
    return delivery


def page_of_webhooks(session: Session, query: Query) -> Page[Webhook]:
    """The webhooks, the newest first."""
    sorts = {"url": Webhook.url, "newest": -Webhook.id}
    return paged(session, select(Webhook), query, sorts=sorts, default="newest", search=(Webhook.url, Webhook.note))


def page_of_deliveries(session: Session, webhook: Webhook, query: Query) -> Page[WebhookDelivery]:
    """What was sent to a webhook, or is on its way, the newest first."""
    return paged(
        session,
        select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id),
        query,
        sorts={"newest": -WebhookDelivery.id},
        default="newest",
        search=(WebhookDelivery.event,),
        filters={"state": lambda statement, value: statement.where(WebhookDelivery.state == _state(value))},
    )


def counts(session: Session) -> dict[int, dict[DeliveryState, int]]:
    """How many deliveries of each webhook are in each state."""
    found: dict[int, dict[DeliveryState, int]] = {}
    statement = select(WebhookDelivery.webhook_id, WebhookDelivery.state, func.count())
    for ident, state, num in session.execute(statement.group_by(WebhookDelivery.webhook_id, WebhookDelivery.state)):
        found.setdefault(ident, {})[state] = num
    return found


def _state(value: str) -> DeliveryState | None:
    return DeliveryState(value) if value in list(DeliveryState) else None


def _require_reachable(url: str, is_private_allowed: bool) -> None:
    """Raises Refused where the address alone tells that it may not be called; names are looked up at each try."""
    if is_private_allowed:
        return
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise Refused("webhook_wants_https", field="url")
    host = parts.hostname or ""
    try:
        is_refused = not is_public(ipaddress.ip_address(host))
    except ValueError:  # a name
        is_refused = host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host
    if is_refused:
        raise Refused("webhook_address_is_private", field="url")
