"""Pages on which people agree on a plan: what was said, who did what, the next step, and who has seen it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from planner import access, db, plan_mails
from planner.forms.planning_plans import ReasonForm
from planner.models import AgreementState, Plan, PlanState
from planner.services.planning import agreeing, looks, reading
from planner.services.planning.agreeing import Standpoint
from planner.views.door import Answer, actor, acts, save
from planner.views.planning_looks import note_look
from planner.views.planning_plans import language

pages = Blueprint("planning_review", __name__, url_prefix="/plans")
Verb = Callable[..., Plan]


@pages.get("/<int:plan_id>/review")
@acts("plan.see", Plan)
def plan_review(plan: Plan) -> Answer:
    facts = _facts(plan)
    note_look(plan)
    return _page(plan, facts=facts)


@pages.post("/<int:plan_id>/review/propose")
@acts("plan.propose", Plan)
def plan_propose(plan: Plan) -> Answer:
    return _step(plan, agreeing.propose, _("The plan is proposed; whoever may approve it sees it so."))


@pages.post("/<int:plan_id>/review/withdraw")
@acts("plan.propose", Plan)
def plan_withdraw(plan: Plan) -> Answer:
    return _step(plan, agreeing.withdraw, _("The proposal is taken back."))


@pages.post("/<int:plan_id>/review/ask-changes")
@acts("plan.approve", Plan)
def plan_ask_changes(plan: Plan) -> Answer:
    return _step(plan, agreeing.ask_changes, _("You have asked for changes."))


@pages.post("/<int:plan_id>/review/approve")
@acts("plan.approve", Plan)
def plan_approve(plan: Plan) -> Answer:
    return _step(plan, agreeing.approve, _("The plan is approved; it can be put in force."))


@pages.post("/<int:plan_id>/review/put-in-force")
@acts("plan.accept", Plan)
def plan_put_in_force(plan: Plan) -> Answer:
    return _step(plan, plan_mails.put_in_force, _("The plan is in force: everybody works by it from now on."))


def _step(plan: Plan, verb: Verb, told: str) -> Answer:
    facts, form = _facts(plan), ReasonForm()
    form.beside = _stands(facts)
    return save(
        form,
        lambda: verb(db.session(), plan, form.said, form.read_version, by=actor()),
        page=lambda: _page(plan, facts=facts, form=form),
        then=lambda _plan: url_for(".plan_review", plan_id=plan.id),
        told=told,
    )


def _page(plan: Plan, *, facts: dict[str, Any], form: ReasonForm | None = None) -> str:
    if form is None:
        form = ReasonForm(formdata=None, obj=plan)
        form.beside = _stands(facts)
    return render_template("planning/plan_review.html", form=form, **facts)


def _stands(facts: dict[str, Any]) -> dict[str, str]:
    """What a step is taken about: whoever is too late is told what of it has changed."""
    return {_("Newest version"): str(facts["standpoint"].latest_number)}


def _facts(plan: Plan) -> dict[str, Any]:
    """What the page of a review shows. Raises Hidden for a plan that cannot be shown."""
    if plan.state is not PlanState.READY:
        raise access.Hidden("plan")
    session = db.session()
    found = agreeing.standpoint(session, plan)
    report = reading.report_of(session, plan, language=language())
    return {
        "plan": plan,
        "report": report,
        "standpoint": found,
        "can": _can(found),
        "steps": agreeing.steps_of(session, plan),
        "seat_by_id": {seat.seat_id: seat for seat in report.seats},
        "seen_by": looks.seen_by(session, plan) if access.allowed(actor(), "plan.see_readers") else None,
    }


def _can(found: Standpoint) -> SimpleNamespace:
    """Which steps the reader may take now, for the buttons; why not is said by the verb."""
    user, state = actor(), found.state
    alone = agreeing.stands_for_both(user) and not found.is_agreed_by_two
    return SimpleNamespace(
        propose=access.allowed(user, "plan.propose")
        and not found.is_in_force
        and state in (AgreementState.DRAFT, AgreementState.CHANGES_ASKED),
        withdraw=access.allowed(user, "plan.propose") and state.is_under_review,
        approve=access.allowed(user, "plan.approve")
        and state is AgreementState.PROPOSED
        and (found.proposed_by_id != user.id or alone),
        ask_changes=access.allowed(user, "plan.approve") and state is AgreementState.PROPOSED,
        put_in_force=access.allowed(user, "plan.accept")
        and not found.is_in_force
        and (state is AgreementState.APPROVED or (alone and state is not AgreementState.CHANGES_ASKED)),
    )
