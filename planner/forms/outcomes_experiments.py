"""How a page asks for an experiment, and for its end."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from planner.forms.asking import AskingForm, RowForm, Rows
from planner.forms.fields import NumberField, PickField
from planner.forms.staffing_people import day
from planner.forms.staffing_projects import whole_number
from planner.models import MOST_ARMS, ExperimentKind
from planner.schemas.outcomes_experiments import EndSaid, ExperimentSaid
from planner.schemas.said import Said


class ShareArmRow(RowForm):
    """An arm of which successes are counted."""

    keys = ("name",)
    name = StringField(_("Arm"))
    num = whole_number(_("How many in all"))
    successes = whole_number(_("How many of them succeeded"))


class MeanArmRow(RowForm):
    """An arm of which a mean is taken."""

    keys = ("name",)
    name = StringField(_("Arm"))
    num = whole_number(_("Of how many"))
    mean = NumberField(_("Mean"))
    spread = NumberField(_("Standard deviation"))


class ArmRows(Rows):
    """The arms, the control first; never more than can be compared."""

    def process(self, formdata: Any, data: Any = (), *args: Any, **kwargs: Any) -> None:
        super().process(formdata, data, *args, **kwargs)
        self.max_entries = max(MOST_ARMS, len(self.entries))


class ExperimentForm(AskingForm):
    """What experiments of both kinds have."""

    schema = ExperimentSaid
    kind = HiddenField()
    name = StringField(_("Name"))
    project_id = PickField(_("Project"), "projects", blank=_("choose a project"))
    phase_id = PickField(_("Team of a phase"), "phases", blank=_("the whole project"))
    hypothesis = TextAreaField(_("Hypothesis"), description=_("What should happen, and why."))
    measure = StringField(_("Primary measure"), description=_("The one that decides, such as “orders per visitor”."))
    is_higher_better = BooleanField(_("More is better"), default=True)
    starts_on = day(_("Start"))
    ends_on = day(_("Planned end"))
    planned_num = whole_number(_("Planned sample"))
    smallest_effect = NumberField(
        _("Smallest effect that matters"), description=_("A smaller one would change nothing that you do.")
    )


class ShareExperimentForm(ExperimentForm):
    """An experiment on shares."""

    arms = ArmRows(ShareArmRow, _("Arms"), empty=2)


class MeanExperimentForm(ExperimentForm):
    """An experiment on means."""

    arms = ArmRows(MeanArmRow, _("Arms"), empty=2)


class EndForm(AskingForm):
    """On which day an experiment collected last."""

    schema = EndSaid
    ended_on = day(_("Last day"))


class StepForm(AskingForm):
    """A single step that says nothing more."""

    schema = Said


EXPERIMENT_FORMS: dict[ExperimentKind, type[ExperimentForm]] = {
    ExperimentKind.SHARE: ShareExperimentForm,
    ExperimentKind.MEAN: MeanExperimentForm,
}
