"""Which requisitions to open, and what becomes of a plan if somebody says no: asked, watched and read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _

from planner import access, db, jobs
from planner.forms.planning_inquiries import DeclinesForm, OpeningsForm
from planner.models import MINOR, InquiryKind, Plan, today
from planner.schemas.planning_scenarios import ScenarioSaid
from planner.services.hiring import openings as hiring
from planner.services.planning import inquiries as verbs
from planner.services.planning import reading, scenarios
from planner.services.staffing import projects
from planner.views.door import Answer, actor, acts, save

pages = Blueprint("planning_inquiries", __name__, url_prefix="/plans")
TIME_LIMIT_S = 30  # unless the one who asks says otherwise


@pages.get("/<int:plan_id>/openings")
@acts("inquiry.see", Plan)
def plan_openings(plan: Plan) -> Answer:
    """The profiles whose hiring adds most to the plan."""
    usual = {"hire_cost_minor": hiring.usual_hire_cost(db.session()), "earliest_periods": 8, "fte_pct": 100}
    said = {**usual, "time_limit_s": TIME_LIMIT_S, **_asked_before(plan, InquiryKind.OPENINGS)}
    return _page(plan, OpeningsForm(data=said), InquiryKind.OPENINGS)


@pages.post("/<int:plan_id>/openings")
@acts("inquiry.add", Plan)
def plan_openings_ask(plan: Plan) -> Answer:
    return _asked(plan, OpeningsForm(), InquiryKind.OPENINGS)


@pages.get("/<int:plan_id>/declines")
@acts("inquiry.see", Plan)
def plan_declines(plan: Plan) -> Answer:
    """For each hire of the plan what happens if they say no, who steps in, and by when one must have decided."""
    said = {"time_limit_s": TIME_LIMIT_S, **_asked_before(plan, InquiryKind.DECLINES)}
    return _page(plan, DeclinesForm(data=said), InquiryKind.DECLINES)


@pages.post("/<int:plan_id>/declines")
@acts("inquiry.add", Plan)
def plan_declines_ask(plan: Plan) -> Answer:
    return _asked(plan, DeclinesForm(), InquiryKind.DECLINES)


@pages.get("/<int:plan_id>/openings/progress")
@acts("inquiry.see", Plan)
def plan_openings_progress(plan: Plan) -> Answer:
    """The answer, or how far it is: the page asks for it every second until it is there."""
    return render_template("planning/_inquiry.html", **_facts(plan, InquiryKind.OPENINGS))


@pages.get("/<int:plan_id>/declines/progress")
@acts("inquiry.see", Plan)
def plan_declines_progress(plan: Plan) -> Answer:
    return render_template("planning/_inquiry.html", **_facts(plan, InquiryKind.DECLINES))


@pages.post("/<int:plan_id>/openings/<int:place>/requisition")
@acts("requisition.add", Plan, of="requisition.add")
def plan_opening_requisition(plan: Plan, place: int) -> Answer:
    """Drafts the requisition of a profile."""
    if plan.scenario_id is not None:
        raise access.Forbidden("requisition.add")
    found = verbs.latest(db.session(), plan, InquiryKind.OPENINGS)
    answer = verbs.answer_of(found[0]) if found is not None else None
    if answer is None or place >= len(answer["openings"]):
        raise access.Hidden("inquiry")
    requisition = hiring.draft(db.session(), plan, answer["openings"][place], by=actor())
    db.session().commit()
    return redirect(url_for("hiring_requisitions.requisition_show", requisition_id=requisition.id), 303)


@pages.post("/<int:plan_id>/openings/<int:place>/person")
@acts("person.add", Plan, of="person.add")
def plan_opening_person(plan: Plan, place: int) -> Answer:
    """Keeps a profile as a hypothetical person, to plan with."""
    if plan.scenario_id is not None:
        raise access.Forbidden("person.add")
    found = verbs.latest(db.session(), plan, InquiryKind.OPENINGS)
    answer = verbs.answer_of(found[0]) if found is not None else None
    if answer is None or place >= len(answer["openings"]):
        raise access.Hidden("inquiry")
    person = hiring.keep_person(db.session(), answer["openings"][place], name=_("New person"))
    db.session().commit()
    return redirect(url_for("staffing_people.person_show", person_id=person.id), 303)


@pages.post("/<int:plan_id>/openings/<int:place>/scenario")
@acts("scenario.add", Plan, of="scenario.add")
def plan_opening_scenario(plan: Plan, place: int) -> Answer:
    """Keeps a profile as a hypothetical person of the plan's scenario, or of a new one that begins with it."""
    session = db.session()
    found = verbs.latest(session, plan, InquiryKind.OPENINGS)
    answer = verbs.answer_of(found[0]) if found is not None else None
    if answer is None or place >= len(answer["openings"]):
        raise access.Hidden("inquiry")
    begun = ScenarioSaid(name=_("With one hire more than plan %(number)s", number=plan.number))
    scenario = plan.scenario or scenarios.begin(session, begun, by=actor())
    hiring.keep_in_scenario(session, scenario, answer["openings"][place], name=_("New person"), by=actor())
    session.commit()
    return redirect(url_for("planning_scenarios.scenario_show", scenario_id=scenario.id), 303)


def _asked_before(plan: Plan, kind: InquiryKind) -> dict[str, Any]:
    """What was said the last time, so that it stands beside its answer."""
    found = verbs.latest(db.session(), plan, kind)
    return dict(found[0].asked) if found is not None else {}


def _asked(plan: Plan, form: OpeningsForm | DeclinesForm, kind: InquiryKind) -> Answer:
    def ask() -> int:
        return verbs.ask(db.session(), plan, form.said, by=actor())[1].id

    def then(job_id: int) -> str:
        jobs.enqueue(job_id)
        return url_for(f".plan_{kind}", plan_id=plan.id)

    return save(
        form,
        ask,
        page=lambda: _page(plan, form, kind),
        then=then,
    )


def _page(plan: Plan, form: OpeningsForm | DeclinesForm, kind: InquiryKind) -> str:
    return render_template(f"planning/plan_{kind}.html", form=form, **_facts(plan, kind))


def _facts(plan: Plan, kind: InquiryKind) -> dict[str, Any]:
    session = db.session()
    found = verbs.latest(session, plan, kind)
    inquiry, job = found if found is not None else (None, None)
    answer = verbs.answer_of(inquiry) if inquiry is not None else None
    workspace = projects.workspace_of(session)
    facts: dict[str, Any] = {
        "plan": plan,
        "kind": kind,
        "inquiry": inquiry,
        "job": job,
        "answer": answer,
        "workspace": workspace,
        "minor": MINOR,
        "can_ask": access.allowed(actor(), "inquiry.add", plan),
        "can_draft": plan.scenario_id is None and access.allowed(actor(), "requisition.add"),
        "can_keep": plan.scenario_id is None and access.allowed(actor(), "person.add"),
        "can_try": access.allowed(actor(), "scenario.add", plan),
        "is_old": inquiry is not None and inquiry.plan_version != plan.version,
    }
    if answer is None:
        return facts
    titles = {row.seat_id: row for row in reading.report_of(session, plan).seats}
    if kind is InquiryKind.OPENINGS:
        return {**facts, "titles": titles, "names": hiring.names_in(session, answer["openings"])}
    keys = {one["person"] for one in answer["declines"]}
    keys |= {who for one in answer["declines"] for _seat, who in one["seats"] if who}
    keys |= {who for one in answer["declines"] for who in one["back_ups"]}
    people = verbs.people_in(session, keys)
    days = {
        one["person"]: verbs.last_day(
            workspace, plan, one["first"], people[one["person"]][0] if one["person"] in people else None, today()
        )
        for one in answer["declines"]
    }
    return {**facts, "titles": titles, "people": people, "days": days}
