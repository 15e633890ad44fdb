"""The API's webhooks: who is told of which events, and what came of each."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, url_for
from flask_babel import lazy_gettext as _

from planner import access, db
from planner.api import asking
from planner.api.answers import shown, with_version
from planner.api.operations import edited, operation
from planner.api.routes import list_parameters, listed, page_schema
from planner.models import Webhook, WebhookDelivery
from planner.schemas.account_webhooks import DeliverySeen, WebhookMade, WebhookSaid, WebhookSeen
from planner.services.account.webhooks import subscriptions as verbs
from planner.services.editing import require_version

TAG = _("Webhooks")
SORTS = ("url",)
STATES = {"state": _("waiting, delivered or failed.")}


def init(pages: Blueprint) -> None:
    """Registers the routes of webhooks."""
    one = "/webhooks/<int:webhook_id>"
    pages.get("/webhooks")(webhooks_list)
    pages.post("/webhooks")(webhooks_add)
    pages.get(one)(webhooks_show)
    pages.put(one)(webhooks_edit)
    pages.delete(one)(webhooks_remove)
    pages.post(f"{one}/ping")(webhook_ping)
    pages.get(f"{one}/deliveries")(deliveries_list)
    pages.post(f"{one}/deliveries/<int:webhook_delivery_id>/again")(delivery_again)


@operation(
    "webhook.see",
    tag=TAG,
    summary=_("Webhooks: list"),
    gives=page_schema(WebhookSeen),
    parameters=list_parameters(SORTS, {}),
)
def webhooks_list() -> Response:
    return listed(verbs.page_of_webhooks(db.session(), asking.query(SORTS, ())), WebhookSeen)


@operation(
    "webhook.add",
    tag=TAG,
    summary=_("Webhooks: add one"),
    about=_(
        "The secret is in this answer and in no other. Each event is a POST with Planner-Timestamp and "
        "Planner-Signature: v1= and the HMAC-SHA256, in hexadecimal, of the timestamp, a dot and the body."
    ),
    takes=WebhookSaid,
    gives=WebhookMade,
    status=201,
    can_be_refused=True,
)
def webhooks_add() -> Response:
    webhook = verbs.add_webhook(db.session(), asking.said(WebhookSaid), is_private_allowed=_is_private_allowed())
    db.session().commit()
    answer = shown(webhook, WebhookMade, 201)
    answer.headers["Location"] = url_for("api.webhooks_show", webhook_id=webhook.id)
    return answer


@operation("webhook.see", Webhook, tag=TAG, summary=_("Webhooks: show one"), gives=WebhookSeen)
def webhooks_show(webhook: Webhook) -> Response:
    return shown(webhook, WebhookSeen)


@operation(
    "webhook.edit",
    Webhook,
    tag=TAG,
    summary=_("Webhooks: edit one"),
    about=_("Says the row anew: what is left out takes its default."),
    takes=WebhookSaid,
    gives=WebhookSeen,
    is_versioned=True,
    can_be_refused=True,
)
def webhooks_edit(webhook: Webhook) -> Response:
    said, session = asking.said(WebhookSaid), db.session()

    def edit(version: int) -> Webhook:
        return verbs.edit_webhook(session, webhook, said, version, is_private_allowed=_is_private_allowed())

    return edited(webhook, WebhookSeen, edit, said)


@operation(
    "webhook.remove",
    Webhook,
    tag=TAG,
    summary=_("Webhooks: remove one"),
    about=_("With what was on its way; it cannot be brought back."),
    gives=WebhookSeen,
    is_versioned=True,
)
def webhooks_remove(webhook: Webhook) -> Response:
    def remove(version: int) -> WebhookSeen:
        db.session().refresh(webhook, with_for_update=True)
        require_version(webhook, version)
        gone = WebhookSeen.model_validate(webhook)
        verbs.remove_webhook(db.session(), webhook)
        return gone

    return edited(webhook, WebhookSeen, remove)


@operation("webhook.edit", Webhook, tag=TAG, summary=_("Webhooks: send a test event"), gives=DeliverySeen, status=202)
def webhook_ping(webhook: Webhook) -> Response:
    return _on_its_way(verbs.ping(db.session(), webhook))


@operation(
    "webhook.see",
    Webhook,
    tag=TAG,
    summary=_("Webhooks: what was sent, and what came back"),
    gives=page_schema(DeliverySeen),
    parameters=list_parameters((), STATES),
)
def deliveries_list(webhook: Webhook) -> Response:
    page = verbs.page_of_deliveries(db.session(), webhook, asking.query((), tuple(STATES)))
    items = [_told(one) for one in page.items]
    answer = jsonify({"items": items, "page": page.number, "pages": page.num_pages, "total": page.total})
    return with_version(answer, None)


@operation(
    "webhook.edit",
    Webhook,
    WebhookDelivery,
    tag=TAG,
    summary=_("Webhooks: send an event again"),
    gives=DeliverySeen,
    status=202,
)
def delivery_again(webhook: Webhook, delivery: WebhookDelivery) -> Response:
    if delivery.webhook_id != webhook.id:
        raise access.Hidden("webhook")
    return _on_its_way(verbs.send_again(db.session(), delivery))


def _on_its_way(delivery: WebhookDelivery) -> Response:
    db.session().commit()
    answer = jsonify(_told(delivery))
    answer.status_code = 202
    return with_version(answer, None)


def _told(delivery: WebhookDelivery) -> dict[str, Any]:
    names = set(DeliverySeen.model_fields) - {"error", "body"}
    said = {name: getattr(delivery, name) for name in names}
    seen = DeliverySeen(**said, error=delivery.failure, body=json.loads(delivery.body))
    return seen.model_dump(mode="json")


def _is_private_allowed() -> bool:
    return bool(current_app.extensions["planner_settings"].is_webhook_private_allowed)
