"""How a page asks for a scenario, for sharing one, and for what is otherwise in it: by the forms of what is there."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FormField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from planner.forms.account import ROLES, CheckedField, LimitsForm, WeightsForm
from planner.forms.asking import AskingForm
from planner.forms.fields import offered
from planner.forms.staffing_people import PersonForm, PersonPartForm
from planner.models import RoleName
from planner.schemas.planning_scenarios import MergeSaid, RulesSaid, ScenarioSaid, SharesSaid
from planner.schemas.staffing_people import PersonPart

SHARED_ROLES = tuple((role, words) for role, words in ROLES.items() if role is not RoleName.MEMBER)


class PeopleChecks(SelectMultipleField):
    """Several users, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=offered("users"), coerce=int, validate_choice=False, **kwargs)


class ScenarioForm(AskingForm):
    """A scenario; `changes` is what it begins with, as JSON, where another page offers to try something."""

    schema = ScenarioSaid
    name = StringField(_("Name"))
    note = TextAreaField(_("What it is to find out"))
    changes = HiddenField()


class SharesForm(AskingForm):
    """With whom a scenario is shared."""

    schema = SharesSaid
    see_roles = CheckedField(_("May see it"), SHARED_ROLES)
    edit_roles = CheckedField(_("May see and change it"), SHARED_ROLES)
    see_user_ids = PeopleChecks(_("May see it"))
    edit_user_ids = PeopleChecks(_("May see and change it"))


class _Known:
    """A form that does not ask for what a scenario never changes: that is said as it is there."""

    known: dict[str, Any]

    def payload(self) -> dict[str, Any]:
        """What was said, and what is known."""
        return {**super().payload(), **self.known}  # type: ignore[misc]


class PersonTriedForm(_Known, PersonForm):
    """Staff as a scenario has them: not who they are, only what they can give and do."""

    name = None  # type: ignore[assignment]
    email = None  # type: ignore[assignment]


class CandidateTriedForm(_Known, PersonPartForm):
    """A candidate as a scenario has them."""

    schema = PersonPart
    name = None  # type: ignore[assignment]
    email = None  # type: ignore[assignment]


class RulesForm(AskingForm):
    """What counts how much in a scenario, and what no plan of it may go beyond."""

    schema = RulesSaid
    weights = FormField(WeightsForm, _("Points"))
    limits = FormField(LimitsForm, _("Limits"))


class MergeForm(AskingForm):
    """What of a scenario becomes true, and what is dropped; the page writes the choices."""

    schema = MergeSaid
    seen = HiddenField()
    take = SelectMultipleField(choices=(), validate_choice=False)
    drop = SelectMultipleField(choices=(), validate_choice=False)
