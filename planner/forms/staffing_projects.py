"""How a page asks for a project, a phase and a team rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from flask import g
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FloatField, HiddenField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget, NumberInput

from planner.forms.asking import AskingForm, RowForm, Rows
from planner.forms.fields import MomentField, MoneyField, PickField, WordsField, offered
from planner.models import PersonKind
from planner.schemas.staffing_projects import PhaseSaid, ProjectSaid, TeamRuleSaid

PRIORITIES = ((5, _("Vital")), (4, _("High")), (3, _("Normal")), (2, _("Low")), (1, _("Whenever")))
KINDS = (
    (PersonKind.EMPLOYEE, _("employees")),
    (PersonKind.CONTRACTOR, _("contractors")),
    (PersonKind.CANDIDATE, _("candidates")),
    (PersonKind.HYPOTHETICAL, _("hypothetical people")),
)


def whole_number(label: Any, **kwargs: Any) -> Any:
    """A field for a whole number that may stay empty; the schema says what empty means."""
    return IntegerField(label, validators=[Optional()], **kwargs)


def decimal_number(label: Any, **kwargs: Any) -> Any:
    """A field for a number in tenths that may stay empty."""
    return FloatField(label, validators=[Optional()], widget=NumberInput(step="0.1"), **kwargs)


class KindField(StringField):
    """A short text with a list of those that are in use already; anything else may be typed."""

    def iter_choices(self) -> Iterator[SelectChoice]:
        """What is in use."""
        for value, name in g.get("offers", {}).get("project_kinds", []):
            yield SelectChoice(value, name)


class SearchField(StringField):
    """One of many that the page has offered by name: it is typed, a list of names helps; what is said is the id."""

    def __init__(self, label: Any, offers: str, unknown: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.offers, self.unknown = offers, unknown

    def iter_choices(self) -> Iterator[SelectChoice]:
        """What may be chosen, as other fields with choices say it."""
        for value, name in g.get("offers", {}).get(self.offers, []):
            yield SelectChoice(value, name)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        typed = self.data if isinstance(self.data, str) else ""
        return next((str(choice.label) for choice in self.iter_choices() if choice.value == str(self.data)), typed)

    def process_data(self, value: Any) -> None:
        self.data: Any = value

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = " ".join((valuelist[0] if valuelist else "").split())
        self.data = text or None
        if not text:
            return
        wanted = text.casefold()
        found = {choice.value for choice in self.iter_choices() if str(choice.label).casefold() == wanted}
        if len(found) != 1:
            raise ValueError(str(self.unknown) % {"name": text})
        self.data = int(found.pop())


class ChecksField(SelectMultipleField):
    """Several of what the page has offered, as checkboxes; the verb judges whether each is there."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, offers: str, **kwargs: Any) -> None:
        super().__init__(label, choices=offered(offers), validate_choice=False, **kwargs)


class ProjectForm(AskingForm):
    """A project."""

    schema: ClassVar[type[ProjectSaid]] = ProjectSaid
    name = StringField(_("Name"))
    client = StringField(_("Client"))
    kind = KindField(_("Kind of project"))
    pm_id = PickField(_("Project manager"), "managers", blank=_("nobody yet"))
    priority = WordsField(_("Priority"), PRIORITIES, default="3")
    due_on = MomentField(_("Due"), description=_("Work should have ended before the period in which this day lies."))
    budget_minor = MoneyField(_("Budget"), description=_("For its people’s time, without the cost of hiring."))
    reward = whole_number(_("Reward"), description=_("Points for a project whose seats are all filled."))
    late_penalty = whole_number(_("Late penalty"), description=_("Points off the reward for each period late."))
    is_all_or_nothing = BooleanField(
        _("All or nothing"), description=_("Either every seat is filled, or the project is not begun.")
    )
    objective = TextAreaField(_("Objective"), description=_("What shall be different when it is done."))


class PhaseForm(AskingForm):
    """A phase; empty where it may not start later than its earliest start."""

    schema = PhaseSaid
    name = StringField(_("Name"))
    duration = whole_number(_("Duration"))
    earliest_on = MomentField(_("Start"))
    latest_on = MomentField(_("Latest start"), description=_("Empty: the start is fixed."))
    after_ids = ChecksField(_("Comes after"), "phases", coerce=int)

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        if obj is not None:
            kwargs["data"] = {"after_ids": [row.before_id for row in obj.after]}
        super().__init__(*args, obj=obj, **kwargs)
        if self.latest_on.raw_data is None and self.latest_on.data == self.earliest_on.data:
            self.latest_on.data = None


class RulePersonRow(RowForm):
    """A person whom a rule names."""

    person_id = SearchField(_("Person"), "people", _("Nobody here is called “%(name)s”, or more than one is."))


class TeamRuleForm(AskingForm):
    """A team rule; its kind is chosen before, the page shows the fields that count for it."""

    schema: ClassVar[type[TeamRuleSaid]] = TeamRuleSaid
    rule = HiddenField()
    of = HiddenField()
    skill_id = SearchField(_("Skill"), "skills", _("There is no skill “%(name)s”. Choose one of the list."))
    level = whole_number(_("At level"))
    style_id = PickField(_("Work style"), "styles")
    tag = StringField(_("Language, site or tag"))
    kind = WordsField(_("Who"), (("", ""), *KINDS))
    min = decimal_number(_("At least"))
    max = decimal_number(_("At most"))
    at_least = whole_number(_("At least"))
    at_most = whole_number(_("At most"))
    person_ids = Rows(RulePersonRow, _("People"), empty=2)
    weight = whole_number(_("Points lost"), description=_("Empty: the rule must hold."))

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        if obj is not None:
            kwargs["data"] = {"person_ids": obj.people}
        super().__init__(*args, obj=obj, **kwargs)

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        return {**said, "person_ids": [row["person_id"] for row in said.get("person_ids", [])]}
