"""How a page asks for users, tokens, one's own account and the workspace."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, FormField, IntegerField, PasswordField, SelectMultipleField, StringField
from wtforms.fields import DateField, SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from planner.forms.asking import AskingForm, RowForm
from planner.forms.fields import PickField, WordsField
from planner.models import CORRIDORS, SCOPES, PeriodKind, RoleName, User
from planner.schemas.account import (
    PASSWORD_SHORTEST,
    AdministratorSaid,
    CompanySaid,
    OwnSaid,
    TokenSaid,
    UserSaid,
    WorkspaceSaid,
)
from planner.schemas.planning_plans import WeightsSaid

WEIGHTS = WeightsSaid()
LANGUAGES = (("en", "English"), ("fr", "Français"))
THEMES = (("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))
PERIODS = ((PeriodKind.WEEK, _("week")), (PeriodKind.DAY, _("day")), (PeriodKind.HOUR, _("hour")))
LIFETIMES = ((7, _("a week")), (30, _("30 days")), (90, _("90 days")), (365, _("a year")))
ROLES = {
    RoleName.ADMINISTRATOR: _("Administrator: users, settings, everything"),
    RoleName.PROJECT_MANAGER: _("Project manager: own projects, role needs, plans"),
    RoleName.OPERATIONS: _("Operations: people, candidates, hiring, plans"),
    RoleName.EXECUTIVE: _("Executive: sees everything, accepts plans"),
    RoleName.MEMBER: _("Team member: sees their own work"),
    RoleName.COMPLIANCE: _("Compliance: sees everything, changes nothing"),
}
CORRIDOR_WORDS = {
    "staffing": _("projects, role needs, people, skills"),
    "hiring": _("requisitions and candidates"),
    "planning": _("plans and the workspace"),
    "work": _("task boards and tasks, comments and notifications"),
    "outcomes": _("objectives, feedback, metrics, team templates and reports"),
    "account": _("users and tokens"),
}


def _scope_words(scope: str) -> Any:
    corridor, _colon, right = scope.partition(":")
    words = CORRIDOR_WORDS[corridor]
    return _("Read %(what)s", what=words) if right == "read" else _("Change %(what)s", what=words)


class CheckedField(SelectMultipleField):
    """Several of a few values, each a box to tick; the schema judges."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, words: Any, **kwargs: Any) -> None:
        choices = [SelectChoice(str(value), text) for value, text in words]
        super().__init__(label, choices=choices, validate_choice=False, **kwargs)


class AdministratorForm(AskingForm):
    """The first administrator."""

    schema = AdministratorSaid
    name = StringField(_("Your name"), render_kw={"autocomplete": "name"})
    email = EmailField(_("E-mail address"), render_kw={"autocomplete": "email"})
    password = PasswordField(
        _("Password"),
        description=_("At least %(n)s characters; a few words are easier to remember.", n=PASSWORD_SHORTEST),
        render_kw={"autocomplete": "new-password"},
    )


class UserForm(AskingForm):
    """A user, as an administrator sees one."""

    schema = UserSaid
    name = StringField(_("Name"), render_kw={"autocomplete": "off"})
    email = EmailField(_("E-mail address"), render_kw={"autocomplete": "off"})
    roles = CheckedField(_("Roles"), tuple(ROLES.items()))
    locale = WordsField(_("Language"), LANGUAGES, default="en")
    person_id = PickField(_("Person"), "people", blank=_("nobody of the company"))
    active = BooleanField(_("May log in"), default=True)

    def __init__(self, *args: Any, obj: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=obj, data={"roles": sorted(obj.role_names)} if obj else None, **kwargs)


class OwnForm(AskingForm):
    """What users say about themselves."""

    schema = OwnSaid
    name = StringField(_("Name"), render_kw={"autocomplete": "name"})
    locale = WordsField(_("Language"), LANGUAGES)
    theme = WordsField(_("Colours"), THEMES)


class TokenForm(AskingForm):
    """A token for another program."""

    schema = TokenSaid
    name = StringField(_("Name"), description=_("Which program will use it?"))
    scopes = CheckedField(_("It may"), tuple((scope, _scope_words(scope)) for scope in SCOPES))
    num_days = WordsField(_("It expires after"), LIFETIMES, default="90")


class CompanyForm(AskingForm):
    """An empty workspace."""

    schema = CompanySaid
    name = StringField(_("Name of the company"), render_kw={"autocomplete": "organization"})
    currency = StringField(_("Currency"), description=_("Three letters, such as EUR."), render_kw={"size": "4"})
    calendar_start_on = DateField(_("The calendar starts on"), description=_("Weeks are counted from this day."))
    num_periods = IntegerField(_("Weeks to plan"))


class WeightsForm(RowForm):
    """What a plan is worth by default."""

    fill = IntegerField(_("A filled seat"), default=WEIGHTS.fill)
    fit = IntegerField(_("Skills that fit"), default=WEIGHTS.fit)
    style = IntegerField(_("Work styles that fit"), default=WEIGHTS.style)
    preference = IntegerField(_("Wishes"), default=WEIGHTS.preference)
    money = IntegerField(_("Money saved"), default=WEIGHTS.money)
    change = IntegerField(_("Seats left as they are"), default=WEIGHTS.change)


class LimitsForm(RowForm):
    """What no plan may go beyond."""

    max_hires = IntegerField(_("Hires at most"), [Optional()])
    hire_budget = IntegerField(_("Cost of hiring at most"), [Optional()])
    budget = IntegerField(_("Cost of all seats at most"), [Optional()])


class WorkspaceForm(CompanyForm):
    """The settings of the workspace."""

    schema = WorkspaceSaid
    period = WordsField(_("One period of the calendar is"), PERIODS)
    num_periods = IntegerField(_("Periods to plan"))
    level_max = IntegerField(_("Highest level of a skill"))
    is_agreed_by_two = BooleanField(
        _("Two people agree on a plan before it is in force"),
        description=_("Whoever proposed it cannot approve it, whatever their roles, and nobody agrees seats before."),
    )
    time_zone = StringField(
        _("Time zone"), description=_("As Europe/Paris: hours are shown in it, and daily digests come by it.")
    )
    weights = FormField(WeightsForm, _("Points"))
    limits = FormField(LimitsForm, _("Limits"))


assert set(CORRIDOR_WORDS) == set(CORRIDORS)  # noqa: S101 -- a corridor without words shows at the first import
