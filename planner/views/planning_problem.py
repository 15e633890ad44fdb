"""Opening and downloading files of the open exchange format."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner import db
from planner.forms.planning_files import PlanFileForm, ProblemFileForm
from planner.models import Plan
from planner.services.planning import files as verbs
from planner.services.refused import Refused
from planner.views.door import Answer, actor, acts, save
from planner.wording import refusal_sentence

pages = Blueprint("planning_problem", __name__, url_prefix="/staffing-problem")


@pages.route("/open", methods=["GET", "POST"])
@acts("workspace.load")
def problem_open() -> Answer:
    form = ProblemFileForm()

    def verb() -> None:
        db.let_go()
        problem = verbs.read_problem(form.content())
        loaded = verbs.load_problem(db.session(), problem, is_replacing=form.said.is_replacing, by=actor().name)
        flash(ngettext("%(num)s seat is here now.", "%(num)s seats are here now.", loaded.seats), "success")

    return save(
        form,
        verb,
        page=lambda: render_template("planning/problem_open.html", form=form, is_empty=verbs.is_empty(db.session())),
        then=lambda _counts: url_for("planning_plans.plan_add"),
    )


@pages.get("/download")
@acts("workspace.download")
def problem_download() -> Answer:
    try:
        document = verbs.workspace_document(db.session())
    except Refused as refused:
        flash(refusal_sentence(refused), "error")
        return redirect(url_for("planning_plans.plan_list"), 303)
    answer = Response(json.dumps(document, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename="staffing-problem.json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.route("/plan-file", methods=["GET", "POST"])
@acts("plan.add")
def plan_file_open() -> Answer:
    form = PlanFileForm()

    def verb() -> Plan:
        problem = verbs.workspace_problem(db.session())
        db.let_go()
        result = verbs.read_plan(problem, form.content())
        return verbs.keep_plan(db.session(), problem, result, title=form.said.title, by=actor())

    return save(
        form,
        verb,
        page=lambda: render_template("planning/plan_file_open.html", form=form),
        then=lambda plan: url_for("planning_plans.plan_show", plan_id=plan.id),
        told=_("The plan was read, checked and kept."),
    )
