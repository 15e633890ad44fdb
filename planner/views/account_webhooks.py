"""Pages of webhooks: who is told of which events, what was sent and what came back."""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.forms.account_webhooks import NOUN_WORDS, WebhookForm
from planner.models import Webhook, WebhookDelivery
from planner.services.account.webhooks import subscriptions as verbs
from planner.services.account.webhooks.tries import MOST_TRIES
from planner.services.refused import Refused
from planner.views.account import pages
from planner.views.door import Answer, acts, confirm_removal, no_store, query, save


def is_private_allowed() -> bool:
    """Whether webhooks may call addresses of this network, and without TLS."""
    return bool(current_app.extensions["planner_settings"].is_webhook_private_allowed)


@pages.get("/webhooks")
@acts("webhook.see")
def webhook_list() -> Answer:
    page = verbs.page_of_webhooks(db.session(), query())
    return render_template("account/webhook_list.html", page=page, counts=verbs.counts(db.session()))


@pages.route("/webhooks/add", methods=["GET", "POST"])
@acts("webhook.add")
def webhook_add() -> Answer:
    """The secret is shown once, in the answer to the form itself, and no page leads back to it."""
    form = WebhookForm()
    if request.method != "POST":
        return _page(form, None)
    if not form.validate():
        return _page(form, None), 422
    try:
        webhook = verbs.add_webhook(db.session(), form.said, is_private_allowed=is_private_allowed())
    except Refused as refused:
        db.session().rollback()
        form.refuse(refused)
        return _page(form, None), 409
    db.session().commit()
    return no_store(make_response(render_template("account/webhook_shown.html", webhook=webhook), 201))


@pages.route("/webhooks/<int:webhook_id>/edit", methods=["GET", "POST"])
@acts("webhook.edit", Webhook)
def webhook_edit(webhook: Webhook) -> Answer:
    form = WebhookForm(obj=webhook)
    return save(
        form,
        lambda: verbs.edit_webhook(
            db.session(), webhook, form.said, form.read_version, is_private_allowed=is_private_allowed()
        ),
        page=lambda: _page(form, webhook),
        then=lambda _webhook: url_for(".webhook_list"),
        told=_("The webhook was saved."),
    )


@pages.route("/webhooks/<int:webhook_id>/remove", methods=["GET", "POST"])
@acts("webhook.remove", Webhook)
def webhook_remove(webhook: Webhook) -> Answer:
    if request.method == "GET":
        what = _("Nothing more is sent to it, and what was on its way is dropped. It cannot be brought back.")
        return confirm_removal(webhook.url, what, url_for(".webhook_list"))
    verbs.remove_webhook(db.session(), webhook)
    db.session().commit()
    flash(_("The webhook is gone."), "success")
    return redirect(url_for(".webhook_list"), 303)


@pages.get("/webhooks/<int:webhook_id>/deliveries")
@acts("webhook.see", Webhook)
def delivery_list(webhook: Webhook) -> Answer:
    page = verbs.page_of_deliveries(db.session(), webhook, query())
    return render_template("account/delivery_list.html", page=page, webhook=webhook, most_tries=MOST_TRIES)


@pages.post("/webhooks/<int:webhook_id>/ping")
@acts("webhook.edit", Webhook)
def webhook_ping(webhook: Webhook) -> Answer:
    verbs.ping(db.session(), webhook)
    db.session().commit()
    flash(_("A test is on its way. What comes back is shown here in a moment."), "success")
    return redirect(url_for(".delivery_list", webhook_id=webhook.id), 303)


@pages.post("/webhooks/<int:webhook_id>/deliveries/<int:webhook_delivery_id>/again")
@acts("webhook.edit", Webhook, WebhookDelivery, of="webhook.edit")
def delivery_again(webhook: Webhook, delivery: WebhookDelivery) -> Answer:
    if delivery.webhook_id != webhook.id:
        raise access.Hidden("webhook")
    verbs.send_again(db.session(), delivery)
    db.session().commit()
    flash(_("It is on its way once more."), "success")
    return redirect(url_for(".delivery_list", webhook_id=webhook.id), 303)


def _page(form: WebhookForm, webhook: Webhook | None) -> str:
    return render_template("account/webhook_edit.html", form=form, webhook=webhook, noun_words=NOUN_WORDS)
