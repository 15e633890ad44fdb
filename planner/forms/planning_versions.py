"""How pages ask for an earlier version of a plan, and for one that mends it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField

from planner.forms.asking import AskingForm
from planner.forms.planning_plans import ReasonForm
from planner.forms.staffing_projects import whole_number
from planner.schemas.planning_versions import ReplanSaid, RestoreSaid


class RestoreForm(ReasonForm):
    """Which version a plan shall be again; the page's address names it."""

    schema = RestoreSaid
    number = HiddenField()


class ReplanForm(AskingForm):
    """How many seats may change hands so that the plan in force holds again."""

    schema = ReplanSaid
    token = HiddenField()
    max_changes = whole_number(_("At most so many seats change hands"))
    title = StringField(_("Title"))
    time_limit_s = whole_number(_("Time to search"), default=20)
