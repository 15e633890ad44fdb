"""Why this person, why nobody, what rules cost, what else there is, how stable it is: asked, watched and read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from planner import access, db, jobs
from planner.exchange import Words
from planner.exchange.explained import Cell, asked, considered, explained
from planner.forms.fields import offer
from planner.forms.planning_explanations import ExplainForm
from planner.models import Inquiry, Job, JobState, Plan
from planner.services.planning import explanations as verbs
from planner.services.planning import inquiries
from planner.services.planning.scenario_ways import changes_of
from planner.translate.report import PlanReport
from planner.views.door import Answer, actor, acts, found, save
from planner.views.planning_plans import common, ready, seat_in

pages = Blueprint("planning_explanations", __name__, url_prefix="/plans/<int:plan_id>")
QUICK_S, LONG_S = 10, 30
LONGEST_NAME = 120
TIMES = {"why": QUICK_S, "nobody": QUICK_S, "others": QUICK_S, "prices": LONG_S, "weights": LONG_S, "unknowns": LONG_S}


@pages.get("/questions")
@acts("inquiry.see", Plan)
def question_list(plan: Plan) -> Answer:
    """What may be asked about the plan as a whole, and what was asked."""
    report = ready(plan)
    return _list(plan, report, _form(report))


@pages.post("/questions")
@acts("inquiry.add", Plan)
def question_ask(plan: Plan) -> Answer:
    report = ready(plan)
    form = _form(report)

    def then(asked_now: tuple[Inquiry, Job]) -> str:
        inquiry, job = asked_now
        if job.state is JobState.QUEUED:
            jobs.enqueue(job.id)
        return url_for(".question_show", plan_id=plan.id, inquiry_id=inquiry.id)

    return save(
        form,
        lambda: verbs.ask(db.session(), plan, form.said, by=actor()),
        page=lambda: _list(plan, report, form),
        then=then,
    )


@pages.get("/questions/<int:inquiry_id>")
@acts("inquiry.see", Plan)
def question_show(plan: Plan, inquiry_id: int) -> Answer:
    """The question on top, its answer in a sentence, and the parts."""
    report = ready(plan)
    return render_template("planning/plan_question.html", **common(plan, report), **_facts(plan, report, inquiry_id))


@pages.get("/questions/<int:inquiry_id>/progress")
@acts("inquiry.see", Plan)
def question_progress(plan: Plan, inquiry_id: int) -> Answer:
    """The answer, or how far it is: the page asks for it every second until it is there."""
    report = ready(plan)
    return render_template("planning/_question.html", **common(plan, report), **_facts(plan, report, inquiry_id))


@pages.post("/questions/<int:inquiry_id>/cancel")
@acts("job.cancel", Plan)
def question_cancel(plan: Plan, inquiry_id: int) -> Answer:
    """Stops the work; what is known by then is the answer."""
    _inquiry, job = _question(plan, inquiry_id)
    verbs.ask_to_stop(db.session(), job)
    db.session().commit()
    return redirect(url_for(".question_show", plan_id=plan.id, inquiry_id=inquiry_id), 303)


@pages.get("/considered/<path:seat_key>")
@acts("inquiry.see", Plan)
def seat_considered(plan: Plan, seat_key: str) -> Answer:
    """Everyone who was considered for a seat: whom each rule leaves out, and who is left."""
    report = ready(plan)
    seat = seat_in(report, seat_key)
    told = considered(verbs.pool_told(verbs.considered(plan, seat_key)), report, _say(report))
    return render_template(
        "planning/plan_considered.html",
        **common(plan, report),
        seat=seat,
        told=told,
        form=_form(report, kind="why", seat=seat_key, time_limit_s=QUICK_S),
        quick_s=QUICK_S,
        can_ask=access.allowed(actor(), "inquiry.add", plan),
        can_try=False,
    )


def _form(report: PlanReport, **said: Any) -> ExplainForm:
    """The form of a question; a person is chosen among those of the plan."""
    offer(people=[(person.person_id, person.name) for person in sorted(report.people, key=lambda p: p.name.casefold())])
    return ExplainForm(data=said) if request.method == "GET" else ExplainForm()


def _list(plan: Plan, report: PlanReport, form: ExplainForm) -> str:
    rows = verbs.questions(db.session(), plan)
    say = _say(report)
    return render_template(
        "planning/plan_questions.html",
        **common(plan, report),
        form=form,
        times=TIMES,
        rows=[(inquiry, job, asked(str(inquiry.kind), inquiry.asked, report, say)) for inquiry, job in rows],
        can_ask=access.allowed(actor(), "inquiry.add", plan),
    )


def _question(plan: Plan, inquiry_id: int) -> tuple[Inquiry, Job]:
    return found(row for row in [verbs.question(db.session(), plan, inquiry_id)] if row is not None)


def _facts(plan: Plan, report: PlanReport, inquiry_id: int) -> dict[str, Any]:
    inquiry, job = _question(plan, inquiry_id)
    answer, say = inquiries.answer_of(inquiry), _say(report)
    return {
        "inquiry": inquiry,
        "job": job,
        "question": asked(str(inquiry.kind), inquiry.asked, report, say),
        "told": explained(str(inquiry.kind), answer, report, say) if answer is not None else None,
        "is_old": inquiry.plan_version != plan.version,
        "need_id": verbs.need_of(db.session(), inquiry.asked.get("seat") or ""),
        "times": TIMES,
        "can_ask": access.allowed(actor(), "inquiry.add", plan),
        "can_try": plan.scenario_id is None and access.allowed(actor(), "scenario.add"),
        "scenario_with": _scenario_with(plan, report, inquiry),
        "can_stop": access.allowed(actor(), "job.cancel", plan),
    }


def _scenario_with(plan: Plan, report: PlanReport, inquiry: Inquiry) -> Callable[[Cell], dict[str, str] | None]:
    """What a button says that begins a scenario with a way out; nothing for a way that no scenario can take."""
    seat = next((row for row in report.seats if row.seat_id == inquiry.asked.get("seat")), None)
    new_name = _("Somebody new for %(seat)s", seat=seat.title or seat.seat_id) if seat is not None else ""

    def said(cell: Cell) -> dict[str, str] | None:
        changes = changes_of(db.session(), plan, cell.way, new_name) if cell.way is not None else []
        if cell.way is None or not changes:
            return None
        words = cell.way["words"]
        name = words if len(words) <= LONGEST_NAME else f"{words[:LONGEST_NAME]}…"
        return {"name": name, "changes": json.dumps(changes)}

    return said


def _say(report: PlanReport) -> Words:
    return Words(str(get_locale() or "en"), report.meta.currency)
