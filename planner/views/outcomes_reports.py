"""Pages of reports: on teams, on the department, and the way to each as a file."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

from planner import access, db
from planner.models import ReportKind
from planner.services.outcomes import reports
from planner.services.planning import in_force
from planner.views import outcomes_shown
from planner.views.door import Answer, actor, acts

pages = Blueprint("outcomes_reports", __name__, url_prefix="/reports")


def init_app(app: Flask) -> None:
    """Gives the pages their filters."""
    outcomes_shown.init_app(app)


@pages.get("")
@acts("team_report.see")
def report_list() -> Answer:
    kinds = [kind for kind in ReportKind if access.allowed(actor(), reports.ACTIONS[kind])]
    return render_template("outcomes/report_list.html", kinds=kinds)


@pages.get("/team")
@acts("team_report.see")
def team_show() -> Answer:
    return _page(ReportKind.TEAM)


@pages.get("/team/file")
@acts("team_report.see")
def team_file() -> Answer:
    return outcomes_shown.filed(ReportKind.TEAM, ".team_show")


@pages.get("/department")
@acts("department_report.see")
def department_show() -> Answer:
    return _page(ReportKind.DEPARTMENT)


@pages.get("/department/file")
@acts("department_report.see")
def department_file() -> Answer:
    return outcomes_shown.filed(ReportKind.DEPARTMENT, ".department_show")


def _page(kind: ReportKind) -> str:
    session, wanted = db.session(), outcomes_shown.asked()
    found = in_force.plan_in_force(session)
    return render_template(
        "outcomes/report_show.html",
        document=outcomes_shown.document(kind),
        kind=kind,
        wanted=wanted,
        arguments=outcomes_shown.arguments(),
        projects=reports.projects(session),
        clients=reports.clients(session),
        plan=found.plan if found is not None else None,
    )
