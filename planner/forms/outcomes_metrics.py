"""How a page asks for a metric, and for what was measured on a day."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField, TextAreaField

from planner.forms.asking import AskingForm
from planner.forms.fields import NumberField, PickField, WordsField
from planner.forms.staffing_people import day
from planner.forms.staffing_projects import whole_number
from planner.models import MetricKind, MetricSubject
from planner.schemas.outcomes_metrics import MetricSaid, PointSaid

SUBJECTS = (
    (MetricSubject.CLICKS, _("clicks")),
    (MetricSubject.OPENS, _("opens")),
    (MetricSubject.CONVERSIONS, _("conversions")),
    (MetricSubject.SATISFACTION, _("satisfaction")),
    (MetricSubject.OWN, _("something else")),
)
KINDS = (
    (MetricKind.SHARE, _("a share: so many of so many, such as orders of visitors")),
    (MetricKind.MEAN, _("a mean: of how many, and how they scatter")),
    (MetricKind.NUMBER, _("one number")),
)


class MetricForm(AskingForm):
    """A metric."""

    schema = MetricSaid
    name = StringField(_("Name"), description=_("Metrics of the same name are compared between teams."))
    project_id = PickField(_("Project"), "projects", blank=_("choose a project"))
    phase_id = PickField(_("Team of a phase"), "phases", blank=_("the whole project"))
    subject = WordsField(_("What it counts"), SUBJECTS)
    kind = WordsField(_("Kind of number"), KINDS)
    unit = StringField(_("Unit"))
    is_higher_better = BooleanField(_("More is better"), default=True)
    note = TextAreaField(_("Where it comes from"))


class SharePointForm(AskingForm):
    """Successes of so many, on a day."""

    schema = PointSaid
    measured_on = day(_("Day"))
    trials = whole_number(_("How many in all"))
    successes = whole_number(_("How many of them succeeded"))


class MeanPointForm(AskingForm):
    """A mean, on a day."""

    schema = PointSaid
    measured_on = day(_("Day"))
    value = NumberField(_("Mean"))
    num = whole_number(_("Of how many"))
    spread = NumberField(_("Standard deviation"))


class NumberPointForm(AskingForm):
    """A number, on a day."""

    schema = PointSaid
    measured_on = day(_("Day"))
    value = NumberField(_("Number"))


POINT_FORMS: dict[MetricKind, type[AskingForm]] = {
    MetricKind.SHARE: SharePointForm,
    MetricKind.MEAN: MeanPointForm,
    MetricKind.NUMBER: NumberPointForm,
}
