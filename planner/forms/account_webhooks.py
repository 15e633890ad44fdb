"""How a page asks for a webhook."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField, URLField

from planner.forms.account import CheckedField
from planner.forms.asking import AskingForm
from planner.schemas.account_webhooks import EVENT_NOUNS, EVENTS, WebhookSaid

NOUN_WORDS = {
    "board": _("a task board"),
    "candidate": _("a candidate"),
    "experiment": _("an experiment"),
    "feedback": _("feedback"),
    "idea": _("an idea"),
    "iteration": _("an iteration"),
    "metric": _("a metric"),
    "need": _("a role need"),
    "objective": _("an objective"),
    "person": _("a person"),
    "phase": _("a phase"),
    "plan": _("a plan"),
    "project": _("a project"),
    "proposal": _("a proposal"),
    "rate": _("an exchange rate"),
    "requisition": _("a requisition"),
    "site": _("a site"),
    "skill": _("a skill"),
    "style": _("a work style"),
    "task": _("a task"),
}
assert tuple(NOUN_WORDS) == EVENT_NOUNS  # noqa: S101 -- an event without words shows at the first import


class WebhookForm(AskingForm):
    """Where to send which events."""

    schema = WebhookSaid
    url = URLField(
        _("Address"),
        description=_("Events are posted here as JSON, signed with the webhook’s secret."),
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    note = StringField(_("What it is for"), render_kw={"autocomplete": "off"})
    events = CheckedField(_("Events"), tuple((event, event) for event in EVENTS))
    is_active = BooleanField(_("Send events"), default=True)
