"""How a page asks for a person: the fields that staff and candidates share, and the rows below them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField
from wtforms.validators import Optional

from planner.forms.asking import AskingForm, RowForm, Rows
from planner.forms.fields import CommaField, LanguagesField, MomentField, MoneyField, PickField, WordsField
from planner.forms.staffing_projects import SearchField, decimal_number, whole_number
from planner.models import AbsenceKind, PersonKind, RatingSource
from planner.schemas.staffing_people import AbsenceSaid, PersonSaid

KINDS = (
    (PersonKind.EMPLOYEE, _("employee")),
    (PersonKind.CONTRACTOR, _("contractor")),
    (PersonKind.HYPOTHETICAL, _("hypothetical")),
)
ABSENCES = (
    (AbsenceKind.LEAVE, _("leave")),
    (AbsenceKind.TRAINING, _("training")),
    (AbsenceKind.OTHER, _("away")),
)
SOURCES = (
    (RatingSource.MANAGER, _("manager")),
    (RatingSource.PEER, _("colleague")),
    (RatingSource.INTERVIEW, _("interview")),
    (RatingSource.TEST, _("test or work sample")),
    (RatingSource.CERTIFICATE, _("certificate")),
    (RatingSource.CV, _("CV")),
    (RatingSource.SELF, _("self-reported")),
    (RatingSource.IMPORT, _("imported")),
)


def day(label: Any, **kwargs: Any) -> Any:
    """A field for a date that may stay empty; the schema says what empty means."""
    return DateField(label, validators=[Optional()], **kwargs)


class CapacityRow(RowForm):
    """What someone can give, from a moment until another."""

    keys = ("from_on",)
    fte_pct = whole_number(_("Percent of full time"))
    from_on = MomentField(_("From"))
    to_on = MomentField(_("Until, this day not included"))


class AbsenceRow(RowForm):
    """Days on which someone is away."""

    from_on = day(_("First day"))
    to_on = day(_("Last day"))
    kind = WordsField(_("Kind"), ABSENCES)


class SkillRow(RowForm):
    """A level in a skill."""

    skill_id = SearchField(_("Skill"), "skills", _("There is no skill “%(name)s”. Choose one of the list."))
    level = whole_number(_("Level"))
    source = WordsField(_("Source"), SOURCES)
    rated_on = day(_("Rated on"))


class StyleRow(RowForm):
    """A score of a work style."""

    style_id = PickField(_("Work style"), "styles")
    score = decimal_number(_("Score, 1 to 5"))
    source = WordsField(_("Source"), SOURCES)
    rater = StringField(_("Rated by"))
    rated_on = day(_("Rated on"))


class WishRow(RowForm):
    """A wish for or against a project."""

    project_id = PickField(_("Project"), "projects")
    wish = whole_number(_("Wish, −100 to 100"))


class PersonPartForm(AskingForm):
    """What is asked alike of staff and of candidates."""

    name = StringField(_("Name"))
    email = StringField(_("E-mail"))
    site_id = PickField(_("Site"), "sites", blank=_("no site"))
    languages = LanguagesField(_("Languages"), description=_("With commas between them: French, English."))
    tags = CommaField(_("Other tags"), description=_("With commas between them. Role needs can ask for a tag."))
    cost_minor = MoneyField(_("Cost"))
    cost_currency = PickField(_("Currency"), "currencies")
    hire_cost_minor = MoneyField(_("Cost of hiring"), description=_("Paid once, if hired."))
    earliest_on = MomentField(_("Earliest start"))
    notice_periods = whole_number(_("Notice"), description=_("From the decision to the first day."))
    ramp_up_periods = whole_number(_("Ramp-up"), description=_("How long the first weeks count for less."))
    ramp_up_pct = whole_number(_("Capacity in the ramp-up"), default=100)
    acceptance_pct = whole_number(_("Chance of acceptance"), default=100)
    capacity_spans = Rows(CapacityRow, _("Capacity"))
    absences = Rows(AbsenceRow, _("Absences"))
    skills = Rows(SkillRow, _("Skills"))
    styles = Rows(StyleRow, _("Work styles"))
    wishes = Rows(WishRow, _("Wishes"))


class PersonForm(PersonPartForm):
    """Staff, or a hypothetical person."""

    schema = PersonSaid
    kind = WordsField(_("Kind"), KINDS)


class AbsenceForm(AskingForm):
    """Days on which someone is away."""

    schema = AbsenceSaid
    from_on = day(_("First day"))
    to_on = day(_("Last day"))
    kind = WordsField(_("Kind"), ABSENCES)
