"""Pages of requisitions: the list, one requisition with its candidates, and opening one from a plan's gap."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner import access, db
from planner.forms.fields import offer, offer_hours
from planner.forms.hiring_requisitions import GapForm, RequisitionForm, StateForm
from planner.models import PeriodKind, Plan, Requisition, User, today
from planner.people_words import state_words
from planner.services.hiring import candidates
from planner.services.hiring import requisitions as verbs
from planner.services.refused import Refused
from planner.services.staffing import projects, sites
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save
from planner.wording import refusal_sentence

pages = Blueprint("hiring_requisitions", __name__, url_prefix="/requisitions")


@pages.get("")
@acts("requisition.see")
def requisition_list() -> Answer:
    session = db.session()
    page = verbs.page_of_requisitions(session, query())
    return render_template(
        "hiring/requisition_list.html",
        page=page,
        workspace=projects.workspace_of(session),
        stages=verbs.stages_of(session, page.items),
        num_by_state=verbs.num_by_state(session),
        states=list(state_words().items()),
        sites=[(site.id, site.name) for site in sites.all_sites(session)],
        can_add=access.allowed(actor(), "requisition.add"),
    )


@pages.get("/<int:requisition_id>")
@acts("requisition.see", Requisition)
def requisition_show(requisition: Requisition) -> Answer:
    return _shown(requisition)


@pages.route("/add", methods=["GET", "POST"])
@acts("requisition.add")
def requisition_add() -> Answer:
    _offer()
    form = RequisitionForm(data={"need_id": request.args.get("need", type=int)})
    return save(
        form,
        lambda: verbs.add_requisition(db.session(), form.said, by_id=actor().id),
        page=lambda: _page(form, None),
        then=lambda requisition: url_for(".requisition_show", requisition_id=requisition.id),
        told=_("The requisition was added as a draft."),
    )


@pages.route("/<int:requisition_id>/edit", methods=["GET", "POST"])
@acts("requisition.edit", Requisition)
def requisition_edit(requisition: Requisition) -> Answer:
    _offer()
    form = RequisitionForm(obj=requisition)
    return save(
        form,
        lambda: verbs.edit_requisition(db.session(), requisition, form.said, form.read_version),
        page=lambda: _page(form, requisition),
        then=lambda requisition: url_for(".requisition_show", requisition_id=requisition.id),
        told=_("The requisition was saved."),
    )


@pages.route("/<int:requisition_id>/state", methods=["GET", "POST"])
@acts("requisition.edit", Requisition)
def requisition_state(requisition: Requisition) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".requisition_show", requisition_id=requisition.id))
    form = StateForm()
    return save(
        form,
        lambda: verbs.set_state(db.session(), requisition, form.said, form.read_version),
        page=lambda: _shown(requisition),
        then=lambda requisition: url_for(".requisition_show", requisition_id=requisition.id),
        told=_("The state was saved."),
    )


@pages.route("/<int:requisition_id>/remove", methods=["GET", "POST"])
@acts("requisition.remove", Requisition)
def requisition_remove(requisition: Requisition) -> Answer:
    if request.method == "POST":
        return remove_row(requisition, title=requisition.title, then=url_for(".requisition_list"))
    num = len(candidates.candidates_of(db.session(), requisition))
    consequence = ngettext(
        "%(num)s candidate stays, without a requisition.", "%(num)s candidates stay, without a requisition.", num
    )
    return confirm_removal(requisition.title, consequence, url_for(".requisition_show", requisition_id=requisition.id))


@pages.post("/open-from-gap")
@acts("requisition.add")
def requisition_open_from_gap() -> Answer:
    """One press opens it, a second one leads to the same."""
    form = GapForm()
    plan = db.session().get(Plan, form.said.plan_id) if form.validate() else None
    if plan is None:
        abort(404)
    access.require(actor(), "plan.see", plan)
    try:
        requisition = verbs.open_from_gap(db.session(), plan=plan, seat_key=form.said.seat_key, by=actor())
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
        return redirect(request.referrer or url_for(".requisition_list"), 303)
    db.session().commit()
    flash(_("Requisition %(number)s is open.", number=requisition.number), "success")
    return redirect(url_for(".requisition_show", requisition_id=requisition.id), 303)


def _shown(requisition: Requisition) -> str:
    session = db.session()
    criteria = verbs.criteria_shown(session, requisition)
    found = candidates.candidates_of(session, requisition)
    opened_by = session.get(User, requisition.opened_by_id) if requisition.opened_by_id else None
    return render_template(
        "hiring/requisition_show.html",
        requisition=requisition,
        criteria=criteria,
        candidates=found,
        coverage={one.id: verbs.coverage_of(one.person, criteria) for one in found},
        plan=verbs.plan_of(session, requisition),
        opened_by=opened_by.name if opened_by else "",
        workspace=projects.workspace_of(session),
        states=list(state_words().items()),
        today=today(),
        **_rights(requisition),
    )


def _offer() -> None:
    session = db.session()
    offer_hours(projects.workspace_of(session).period is PeriodKind.HOUR)
    needs = verbs.all_needs(session)
    offer(
        sites=[(site.id, site.name) for site in sites.all_sites(session)],
        needs=[(need.id, f"{need.phase.project.name} · {need.phase.name} · {need.title}") for need in needs],
    )


def _rights(requisition: Requisition) -> dict[str, Any]:
    user = actor()
    return {
        "can_edit": access.allowed(user, "requisition.edit", requisition),
        "can_remove": access.allowed(user, "requisition.remove", requisition),
        "can_add_candidate": access.allowed(user, "candidate.add"),
    }


def _page(form: RequisitionForm, requisition: Requisition | None) -> str:
    workspace = projects.workspace_of(db.session())
    return render_template("hiring/requisition_edit.html", form=form, requisition=requisition, workspace=workspace)
