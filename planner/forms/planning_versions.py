"""How pages ask for a step of a plan's agreement, for a comment, and for an earlier version."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField

from planner.forms.asking import AskingForm
from planner.forms.planning_plans import ReasonForm
from planner.forms.staffing_projects import whole_number
from planner.schemas.planning_versions import CommentSaid, ReplanSaid, RestoreSaid, TextSaid


class CommentForm(AskingForm):
    """A comment on a plan, or on the seat that the page names."""

    schema = CommentSaid
    text = TextAreaField(_("Comment"))
    seat_key = HiddenField()


class TextForm(AskingForm):
    """A comment, said otherwise."""

    schema = TextSaid
    text = TextAreaField(_("Comment"))


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
