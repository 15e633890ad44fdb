"""Pages of reports by e-mail: one's own, and nobody else's."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template, request, url_for
from flask_babel import gettext as _

from planner import db
from planner.forms.fields import offer
from planner.forms.outcomes_reports import FORMS, FREQUENCIES, REPORTS, WEEKDAYS, ScheduleForm, SendForm
from planner.models import Every, ReportKind, ReportSchedule
from planner.services.outcomes import reports
from planner.services.outcomes import schedules as verbs
from planner.views import outcomes_shown
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save

pages = Blueprint("outcomes_schedules", __name__, url_prefix="/reports/schedules")


def init_app(app: Flask) -> None:
    """Gives the pages their filters."""
    app.jinja_env.filters.update(report_in_words=report_in_words, schedule_in_words=schedule_in_words)


def report_in_words(kind: ReportKind) -> str:
    """What a report is called."""
    return str(dict(REPORTS)[kind])


def schedule_in_words(schedule: ReportSchedule) -> str:
    """When a report is sent, and as what."""
    said = {"hour": f"{schedule.hour:02d}:00", "form": str(dict(FORMS)[schedule.sent_as])}
    if schedule.every is Every.WEEK:
        weekday = str(dict(WEEKDAYS)[schedule.weekday])
        return _("every week, %(weekday)s at %(hour)s UTC: %(form)s", weekday=weekday, **said)
    return _("every month, on day %(day)s at %(hour)s UTC: %(form)s", day=schedule.month_day, **said)


@pages.get("")
@acts("report_schedule.see")
def report_schedule_list() -> Answer:
    page = verbs.page_of_schedules(db.session(), query(), actor())
    return render_template("outcomes/schedule_list.html", page=page, frequencies=FREQUENCIES)


@pages.route("/add", methods=["GET", "POST"])
@acts("report_schedule.add")
def report_schedule_add() -> Answer:
    _offer()
    wanted = outcomes_shown.asked()
    kind = request.args.get("report", "")
    usual = {
        "report": kind if kind in set(ReportKind) else str(ReportKind.TEAM),
        "project_id": wanted.project_id,
        "client": wanted.client,
        "days_back": 91,
        "days_ahead": 182,
        "weekday": "0",
        "hour": 7,
        "is_active": True,
    }
    form = ScheduleForm(data=usual)
    return save(
        form,
        lambda: verbs.add_schedule(db.session(), form.said, by=actor()),
        page=lambda: render_template("outcomes/schedule_edit.html", form=form, schedule=None),
        then=lambda _row: url_for(".report_schedule_list"),
        told=_("The report will be sent."),
    )


@pages.route("/<int:report_schedule_id>/edit", methods=["GET", "POST"])
@acts("report_schedule.edit", ReportSchedule)
def report_schedule_edit(schedule: ReportSchedule) -> Answer:
    _offer()
    form = ScheduleForm(obj=schedule)
    return save(
        form,
        lambda: verbs.edit_schedule(db.session(), schedule, form.said, form.read_version, by=actor()),
        page=lambda: render_template("outcomes/schedule_edit.html", form=form, schedule=schedule),
        then=lambda _row: url_for(".report_schedule_list"),
        told=_("The report was saved."),
    )


@pages.post("/<int:report_schedule_id>/send")
@acts("report_schedule.send", ReportSchedule)
def report_schedule_send(schedule: ReportSchedule) -> Answer:
    form = SendForm()
    return save(
        form,
        lambda: verbs.send_now(db.session(), schedule, form.read_version),
        page=lambda: render_template("outcomes/schedule_send.html", form=form, schedule=schedule),
        then=lambda _row: url_for(".report_schedule_list"),
        told=_("It is on its way: within a minute it is in your mail."),
    )


@pages.route("/<int:report_schedule_id>/remove", methods=["GET", "POST"])
@acts("report_schedule.remove", ReportSchedule)
def report_schedule_remove(schedule: ReportSchedule) -> Answer:
    title, back = report_in_words(schedule.report), url_for(".report_schedule_list")
    if request.method == "POST":
        return remove_row(schedule, title=title, then=back)
    return confirm_removal(title, _("It is sent no more."), back)


def _offer() -> None:
    offer(projects=reports.projects(db.session()))
