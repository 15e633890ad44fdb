"""How pages ask what is said about a role need."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField

from planner.forms.asking import AskingForm, RowForm, Rows
from planner.forms.fields import PickField
from planner.forms.staffing_projects import whole_number
from planner.schemas.staffing_answers import AnswerReasonSaid, CounterSaid


class AnswerForm(AskingForm):
    """Yes, no, or a word more."""

    schema = AnswerReasonSaid
    reason = TextAreaField(_("Reason"))


class LevelForm(RowForm):
    """A level that could be had."""

    skill_id = HiddenField()
    level = whole_number(_("Level"))


class CounterForm(AskingForm):
    """What could be had instead."""

    schema = CounterSaid
    from_offset = whole_number(_("From"))
    to_offset = whole_number(_("To"))
    fte_pct = whole_number(_("Effort"))
    levels = Rows(LevelForm, _("Levels"))
    person_id = PickField(_("Person"), "people", blank=_("nobody in particular"))
    reason = TextAreaField(_("Why, and why this instead"))
