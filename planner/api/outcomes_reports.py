"""The API's reports, as JSON and as files, and reports by e-mail."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from planner import db
from planner.api import asking
from planner.api.answers import told, with_version
from planner.api.operations import edited, operation
from planner.api.routes import TEXT, Resource, Rights
from planner.exchange.reports import Document
from planner.models import ReportKind, ReportSchedule
from planner.schemas.outcomes_reports import ReportSeen, ScheduleSaid, ScheduleSeen
from planner.services.outcomes import reports, schedules
from planner.services.outcomes.wanted import Wanted

TAG = _("Reports")
DATE = {"type": "string", "format": "date"}
PARAMETERS = {
    "from": (DATE, _("The first day.")),
    "to": (DATE, _("The last day.")),
    "project": (TEXT, _("Only a project, by its id.")),
    "client": (TEXT, _("Only projects for a client, by its name.")),
}


def _removed(_session: Session, row: ReportSchedule) -> tuple[ReportSchedule, str]:
    return row, gettext("report by e-mail")


SCHEDULES = Resource(
    "report-schedules",
    _("Reports by e-mail"),
    ReportSchedule,
    Rights.of("report_schedule"),
    ScheduleSeen,
    ScheduleSaid,
    page=schedules.page_of_schedules,
    sorts=("next", "report"),
    filters={"report": _("Only those of a report.")},
    add=schedules.add_schedule,
    edit=schedules.edit_schedule,
    removes=_removed,
    is_told_by=True,
)


def init(pages: Blueprint) -> None:
    """Registers the routes."""
    pages.get("/reports/team")(team_report_show)
    pages.get("/reports/department")(department_report_show)
    pages.get("/reports/forecast")(forecast_report_show)
    pages.post("/report-schedules/<int:report_schedule_id>/send")(report_schedule_send)


@operation("team_report.see", tag=TAG, summary=_("Team performance"), gives=ReportSeen, parameters=PARAMETERS)
def team_report_show() -> Response:
    return _report(ReportKind.TEAM)


@operation("department_report.see", tag=TAG, summary=_("Department"), gives=ReportSeen, parameters=PARAMETERS)
def department_report_show() -> Response:
    return _report(ReportKind.DEPARTMENT)


@operation("forecast.see", tag=TAG, summary=_("Forecast, in words"), gives=ReportSeen)
def forecast_report_show() -> Response:
    return _report(ReportKind.FORECAST)


@operation(
    "report_schedule.send", ReportSchedule, tag=TAG, summary=_("Reports by e-mail: send one now"), gives=ScheduleSeen,
    is_versioned=True, can_be_refused=True,
)  # fmt: skip
def report_schedule_send(schedule: ReportSchedule) -> Response:
    def send(version: int) -> ReportSchedule:
        return schedules.send_now(db.session(), schedule, version)

    return edited(schedule, ScheduleSeen, send)


def _report(kind: ReportKind) -> Response:
    language = str(get_locale() or "en")[:2]
    document = reports.document_of(db.session(), kind, Wanted.read(request.args), language, by=asking.actor())
    return with_version(jsonify(told(_laid_out(document), ReportSeen)), None)


def _laid_out(document: Document) -> dict[str, Any]:
    sections = []
    for one in document.sections:
        columns = one.table.columns if one.table is not None else ()
        rows = one.table.rows if one.table is not None else ()
        sections.append(
            {
                "key": one.key,
                "title": one.title,
                "sentences": list(one.sentences),
                "note": one.note,
                "columns": [{"key": c.key, "title": c.title, "kind": str(c.kind)} for c in columns],
                "rows": [{"about": row.ident, "cells": list(row.cells)} for row in rows],
            }
        )
    return {
        "key": document.key,
        "title": document.title,
        "about": document.about,
        "lede": list(document.lede),
        "made_at": document.made_at,
        "sections": sections,
    }
