"""Taking a plan along: its files, for organisers and for members."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from planner import access
from planner.exchange import EDITIONS, FORMATS, ExportError, export
from planner.models import Plan
from planner.views.door import Answer, actor, acts
from planner.views.planning_plans import common, ready

pages = Blueprint("planning_exports", __name__, url_prefix="/plans/<int:plan_id>")


@pages.get("/export")
@acts("plan.export", Plan)
def plan_export_choose(plan: Plan) -> Answer:
    return render_template("planning/plan_export.html", **common(plan, ready(plan)))


@pages.get("/export/file")
@acts("plan.export", Plan)
def plan_export(plan: Plan) -> Answer:
    """One file of a plan; `format`, `edition`, `language`, and for calendars `person` or `project`."""
    report = ready(plan)
    kind, edition = request.args.get("format", "xlsx"), request.args.get("edition", "members")
    if kind not in FORMATS or edition not in EDITIONS:
        raise BadRequest
    access.require(actor(), "plan.export" if edition == "organisers" else "plan.export_members", plan)
    language = request.args.get("language") or str(get_locale() or "en")
    whose = {name: request.args.get(name) or None for name in ("person", "project")} if kind == "ics" else {}
    try:
        file = export(report, kind, edition, language if language in ("en", "fr") else "en", **whose)
    except ExportError as error:
        flash(_(error.sentence) % error.params, "error")
        return redirect(url_for(".plan_export_choose", plan_id=plan.id), 303)
    answer = Response(file.data, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.filename)
    answer.headers["Cache-Control"] = "no-store"
    return answer
