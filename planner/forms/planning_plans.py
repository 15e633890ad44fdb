"""How a page asks for a plan, for a decision about it, and for a change by hand."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from pydantic import BaseModel
from wtforms import (
    BooleanField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import CheckboxInput, ListWidget, RangeInput

from planner.forms.asking import AskingForm, RowForm
from planner.forms.fields import MomentField, MoneyField, PickField, offered
from planner.models import PersonKind, Preset
from planner.schemas.planning_plans import (
    AcceptSaid,
    AssignSaid,
    MoveSaid,
    PlanSaid,
    ReasonSaid,
    SwapSaid,
)

PRESETS = (
    (Preset.FILL, _("Fill everything: as many seats as can be, then the best fit")),
    (Preset.TEAMS, _("Best teams: skills, work styles and wishes count more")),
    (Preset.COST, _("Lowest cost among the plans that fill as much")),
    (Preset.CHANGES, _("Fewest changes to what is in force")),
)
KINDS = (
    (PersonKind.EMPLOYEE, _("Employees")),
    (PersonKind.CONTRACTOR, _("Contractors")),
    (PersonKind.CANDIDATE, _("Candidates")),
    (PersonKind.HYPOTHETICAL, _("Hypothetical people")),
)
MOST_ON_SLIDER = 5000


class ChecksField(SelectMultipleField):
    """Several of what is offered, each a checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WeightField(IntegerField):
    """A weight on a slider, which reaches further where a larger weight is set already."""

    widget = RangeInput()

    def __call__(self, **kwargs: Any) -> Any:
        most = max(MOST_ON_SLIDER, self.data or 0)
        return super().__call__(**{"min": 0, "max": most, "step": 1, **kwargs})


class WeightsForm(RowForm):
    """What counts how much."""

    fill = WeightField(_("Filling seats"))
    fit = WeightField(_("Skills that fit"))
    style = WeightField(_("Work styles that fit"))
    preference = WeightField(_("Wishes of people"))
    money = WeightField(_("Saving money"))
    change = WeightField(_("Keeping what is in force"))


class PlanForm(AskingForm):
    """A plan that is asked for; `token` makes a double click one plan."""

    schema = PlanSaid
    token = HiddenField()
    title = StringField(_("Title"))
    starts_on = MomentField(_("From"))
    num_periods = IntegerField(_("For"))
    preset = RadioField(_("Aim"), choices=[SelectChoice(value.value, text) for value, text in PRESETS])
    weights = FormField(WeightsForm, _("Weights"))
    kinds = ChecksField(_("People"), choices=[SelectChoice(kind.value, text) for kind, text in KINDS])
    projects = ChecksField(_("Projects"), choices=offered("projects"), coerce=int, validate_choice=False)
    is_growth = BooleanField(
        _("People learn by doing"),
        description=_(
            "Finishing on a seat adds one level to each of its must-have skills in which it asked for at least what "
            "the holder had. Later seats count on it."
        ),
    )
    max_hires = IntegerField(_("At most so many hires"))
    hire_budget = MoneyField(_("At most so much for hiring"))
    budget = MoneyField(_("At most so much for staff"))
    max_changes = IntegerField(_("At most so many seats change hands"))
    time_limit_s = IntegerField(_("Stop after"))
    is_reproducible = BooleanField(
        _("Same question, same plan"), description=_("Slower; the answer no longer depends on the machine's load.")
    )


class ReasonForm(AskingForm):
    """A decision that needs no more than a reason."""

    schema: ClassVar[type[BaseModel]] = ReasonSaid
    reason = TextAreaField(_("Reason"))


class AcceptForm(ReasonForm):
    """Seats whose people become agreed; the page writes the checkboxes."""

    schema = AcceptSaid
    seats = SelectMultipleField(_("Seats"), choices=offered("seats"), validate_choice=False)


class AssignForm(ReasonForm):
    """Somebody for a seat."""

    schema = AssignSaid
    person = PickField(_("Person"), "people", blank=_("Choose somebody"))


class SwapForm(ReasonForm):
    """Another seat, whose holder changes places with this one's."""

    schema = SwapSaid
    other = PickField(_("Swap with"), "seats", blank=_("Choose a seat"))


class MoveForm(ReasonForm):
    """When a phase shall start."""

    schema = MoveSaid
    start_idx = PickField(_("Starts"), "starts", blank=_("Choose a start"))
