"""How pages ask what shall become of an alert."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.fields import DateField

from planner.forms.asking import AskingForm
from planner.schemas.work_alerts import AcceptAlertSaid, ReopenAlertSaid, SnoozeAlertSaid


class SnoozeAlertForm(AskingForm):
    """Let it rest."""

    schema = SnoozeAlertSaid
    until_on = DateField(_("Until"), description=_("On that day it counts again, and before that if it gets worse."))
    reason = TextAreaField(_("Reason"))


class AcceptAlertForm(AskingForm):
    """Let it stay."""

    schema = AcceptAlertSaid
    reason = TextAreaField(_("Reason"))


class ReopenAlertForm(AskingForm):
    """Take that back."""

    schema = ReopenAlertSaid
    reason = TextAreaField(_("Reason"))
