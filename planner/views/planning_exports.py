"""Taking a plan along: its files, for organisers and for members."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import get_locale
from werkzeug.exceptions import BadRequest

from planner import access, db
from planner.exchange import EDITIONS, FORMATS, export
from planner.models import Plan
from planner.services.planning import reading
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
    file = export(
        report,
        kind,
        edition,
        language if language in ("en", "fr") else "en",
        person=request.args.get("person") or None,
        project=request.args.get("project") or None,
        plan_document=reading.document_of(plan),
    )
    answer = Response(file.data, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.filename)
    answer.headers["Cache-Control"] = "no-store"
    return answer
