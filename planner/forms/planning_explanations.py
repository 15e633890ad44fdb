"""How pages ask why."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from planner.forms.asking import AskingForm
from planner.forms.fields import PickField
from planner.forms.staffing_projects import whole_number
from planner.schemas.planning_explanations import ExplainSaid


class ExplainForm(AskingForm):
    """A question about a plan, a seat, or a person on it; most are asked by a button that says all of it."""

    schema = ExplainSaid
    kind = HiddenField(_("Question"))
    seat = HiddenField(_("Seat"))
    person = PickField(_("Person"), "people", blank=_("Choose somebody"))
    differ = whole_number(_("Seats that differ, at least"), default=3)
    time_limit_s = whole_number(_("Time to search"), default=10)
