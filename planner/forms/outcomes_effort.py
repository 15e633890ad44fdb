"""How a page asks what work took, whether two titles mean one role, and for the end of a role need."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField

from planner.forms.asking import AskingForm
from planner.forms.fields import NumberField, PickField
from planner.forms.staffing_projects import SearchField, whole_number
from planner.schemas.outcomes_effort import ClosingSaid, EffortSaid
from planner.schemas.outcomes_estimates import LikenessSaid


class EffortForm(AskingForm):
    """Work that was done for a role need."""

    schema = EffortSaid
    person_id = SearchField(_("Person"), "people", _("Nobody here is called “%(name)s”, or more than one is."))
    from_on = DateField(_("First day"))
    to_on = DateField(_("Last day"))
    hours = NumberField(_("Hours"))
    fte_pct = whole_number(_("Percent of full time"))
    note = StringField(_("Note"))


class ClosingForm(AskingForm):
    """The end of a role need."""

    schema = ClosingSaid
    ended_on = DateField(_("Ended on"))
    actual_periods = NumberField(_("It took in all"))
    note = StringField(_("What the next one should know"))


class LikenessForm(AskingForm):
    """Whether two titles mean one role."""

    schema = LikenessSaid
    one = StringField(_("Title"))
    other = StringField(_("Other title"))
    is_same = PickField(_("One role"), "yes_no")

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        return {**said, "is_same": said.get("is_same") == "yes"} if "is_same" in said else said
