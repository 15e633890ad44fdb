"""How a page asks for a report on criteria, and for a decision on a proposal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField

from planner.forms.asking import AskingForm
from planner.schemas.outcomes_criteria import DecisionSaid, ReportAsked


class ReportForm(AskingForm):
    """Which report is to be proposed from."""

    schema = ReportAsked
    outcome = HiddenField()
    role = HiddenField()


class DecisionForm(AskingForm):
    """Accept or decline: the button says which, the text why."""

    schema = DecisionSaid
    decision = HiddenField()
    reason = TextAreaField(_("Reason"), description=_("It stays with the proposal, under your name."))
