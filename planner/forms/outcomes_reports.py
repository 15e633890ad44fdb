"""How a page asks for a report by e-mail."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField

from planner.forms.asking import AskingForm
from planner.forms.fields import PickField, WordsField
from planner.forms.staffing_projects import whole_number
from planner.models import Every, ReportKind, SentAs
from planner.schemas.outcomes_reports import ScheduleSaid
from planner.schemas.said import Said

REPORTS = (
    (ReportKind.TEAM, _("Team performance")),
    (ReportKind.DEPARTMENT, _("Department")),
    (ReportKind.FORECAST, _("Forecast")),
)
FREQUENCIES = ((Every.WEEK, _("every week")), (Every.MONTH, _("every month")))
WEEKDAYS = (
    ("", ""), (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
)  # fmt: skip
FORMS = ((SentAs.LINK, _("a link")), (SentAs.PDF, _("the report as PDF")), (SentAs.XLSX, _("the report as XLSX")))


class ScheduleForm(AskingForm):
    """A report by e-mail."""

    schema = ScheduleSaid
    report = WordsField(_("Report"), REPORTS)
    project_id = PickField(_("Project"), "projects", blank=_("all projects"))
    client = StringField(_("Client"), description=_("Empty: all clients."))
    days_back = whole_number(_("Days back"))
    days_ahead = whole_number(_("Days ahead"))
    every = WordsField(_("How often"), FREQUENCIES)
    weekday = WordsField(_("On"), WEEKDAYS, description=_("For every week."))
    month_day = whole_number(
        _("Day of the month"), description=_("For every month; a short month’s last day stands for a later one.")
    )
    hour = whole_number(_("Hour"), description=_("From 0 to 23, UTC."))
    sent_as = WordsField(_("What it brings"), FORMS)
    is_active = BooleanField(_("Send it"), description=_("Switched off, it waits here and sends nothing."))


class SendForm(AskingForm):
    """One now."""

    schema = Said
