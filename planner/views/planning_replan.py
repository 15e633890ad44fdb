"""Planning again with few changes: what no longer holds, how many seats may change, what the answer changes and why."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from planner import db, jobs
from planner.forms.planning_versions import ReplanForm
from planner.models import Plan
from planner.services.planning import queueing, reading, replanning, versions
from planner.services.planning.replanning import State
from planner.services.refused import Refused
from planner.views.door import Answer, actor, acts, save
from planner.views.planning_plans import language
from planner.wording import refusal_sentence
from planner.words.planning_plans import term_lines
from planner.words.planning_versions import BreakWords, difference_words

pages = Blueprint("planning_replan", __name__, url_prefix="/plans")
STEPS = (0, 2, 5)  # seats that may change hands beyond those that must


@pages.route("/replan", methods=["GET", "POST"])
@acts("plan.add")
def plan_replan() -> Answer:
    """What of the plan in force no longer holds, and a plan asked for that mends it."""
    state, why = _state()
    least = state.num_at_least if state is not None else 0
    asked = request.args.get("max_changes", least, int)
    form = ReplanForm(data={"max_changes": asked, "time_limit_s": 20})
    form.token.data = form.token.data or secrets.token_urlsafe(16)
    return save(
        form,
        lambda: replanning.ask(db.session(), form.said, by=actor(), token=form.token.data or ""),
        page=lambda: render_template("planning/plan_replan.html", form=form, why=why, **_facts(state, least)),
        then=_queued,
    )


@pages.get("/<int:plan_id>/holds")
@acts("plan.see", Plan)
def plan_holds(plan: Plan) -> Answer:
    """The fragment that a plan's page asks for: what of the plan in force no longer holds."""
    state, why = _state()
    if state is not None and state.plan.id != plan.id:
        state = None
    return render_template("planning/_holds.html", why=why, **_facts(state, 0))


@pages.get("/<int:plan_id>/replanned")
@acts("plan.see", Plan)
def plan_replanned(plan: Plan) -> Answer:
    """What a plan changes of the one that it mends, and why; any other plan has its own page."""
    found = replanning.what_changes(db.session(), plan)
    if found is None:
        return redirect(url_for("planning_plans.plan_show", plan_id=plan.id), 303)
    before, after, what, causes = found
    report = reading.report_of(db.session(), plan, language=language())
    return render_template(
        "planning/plan_replanned.html",
        plan=plan,
        before=before,
        after=after,
        found=what,
        causes=causes,
        break_words=BreakWords(report),
        words=difference_words(db.session(), after, before),
        term_lines=term_lines,
    )


def _state() -> tuple[State | None, str]:
    """The plan in force beside what is known today, or why it cannot be judged."""
    try:
        return replanning.state_of(db.session()), ""
    except Refused as refused:
        return None, refusal_sentence(refused)


def _facts(state: State | None, least: int) -> dict[str, Any]:
    if state is None:
        return {"state": None, "proposals": [], "offers": [], "break_words": None, "least": 0}
    report = reading.report_of(db.session(), state.plan, language=language())
    return {
        "state": state,
        "least": least,
        "offers": [least + more for more in STEPS],
        "break_words": BreakWords(report),
        "proposals": [_proposal(plan) for plan in replanning.proposals(db.session(), state.version)],
    }


def _proposal(plan: Plan) -> dict[str, Any]:
    """A line of what each extra change buys."""
    found = replanning.what_changes(db.session(), plan)
    newest = versions.latest(db.session(), plan)
    return {"plan": plan, "found": found[2] if found is not None else None, "newest": newest}


def _queued(plan: Plan) -> str:
    job = queueing.job_of(db.session(), plan)
    if job is not None:
        jobs.enqueue(job.id)
    return url_for("planning_plans.plan_show", plan_id=plan.id)
