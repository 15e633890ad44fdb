"""Pages of requisitions: the list, one requisition with its candidates, and opening one from a plan's gap."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner import access, db
from planner.formats import label
from planner.forms.asking import AskingForm
from planner.forms.fields import offer, offer_hours
from planner.forms.hiring_requisitions import CriteriaForm, GapForm, RequisitionForm, SignatureForm, StateForm
from planner.models import PeriodKind, Plan, Requisition, Side, Skill, User, WorkStyle, today
from planner.services.hiring import candidates, criteria, terms
from planner.services.hiring import requisitions as verbs
from planner.services.refused import Refused
from planner.services.staffing import criteria as words
from planner.services.staffing import projects, sites
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save
from planner.views.staffing_shown import offer_criteria
from planner.wording import refusal_sentence
from planner.words import hiring as hiring_words
from planner.words.staffing_people import state_words

pages = Blueprint("hiring_requisitions", __name__, url_prefix="/requisitions")

for _name in (
    "side_in_words",
    "event_in_words",
    "change_in_words",
    "weak_point_in_words",
    "question_name",
    "group_name",
    "step_name",
    "finding_name",
):
    pages.app_template_filter(_name)(getattr(hiring_words, _name))


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
        lambda: verbs.add_requisition(db.session(), form.said, by=actor()),
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
        lambda: verbs.edit_requisition(db.session(), requisition, form.said, form.read_version, by=actor()),
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
        page=lambda: _shown(requisition, form),
        then=lambda requisition: url_for(".requisition_show", requisition_id=requisition.id),
        told=_("The state was saved."),
    )


@pages.route("/<int:requisition_id>/criteria", methods=["GET", "POST"])
@acts("requisition.edit", Requisition)
def requisition_criteria(requisition: Requisition) -> Answer:
    present = criteria.as_said(db.session(), requisition.criteria)
    offer_criteria({line["style_id"] for line in present["styles"]})
    form = CriteriaForm(data={**present, "version": requisition.version})
    return save(
        form,
        lambda: verbs.edit_criteria(db.session(), requisition, form.said, form.read_version, by=actor()),
        page=lambda: _criteria_page(form, requisition),
        then=lambda requisition: url_for(".requisition_show", requisition_id=requisition.id),
        told=_("The criteria were saved under a new number. Both sides sign them anew."),
    )


@pages.route("/<int:requisition_id>/sign-project", methods=["GET", "POST"])
@acts("requisition.sign_project", Requisition)
def requisition_sign_project(requisition: Requisition) -> Answer:
    return _signed(requisition, Side.PROJECT)


@pages.route("/<int:requisition_id>/sign-operations", methods=["GET", "POST"])
@acts("requisition.sign_operations", Requisition)
def requisition_sign_operations(requisition: Requisition) -> Answer:
    return _signed(requisition, Side.OPERATIONS)


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
    """One press drafts it, a second one leads to the same."""
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
    flash(_("Requisition %(number)s opens once both sides have signed it.", number=requisition.number), "success")
    return redirect(url_for(".requisition_show", requisition_id=requisition.id), 303)


def _signed(requisition: Requisition, side: Side) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".requisition_show", requisition_id=requisition.id))
    form = SignatureForm()
    return save(
        form,
        lambda: terms.sign(db.session(), requisition, side, form.said, form.read_version, by=actor()),
        page=lambda: _shown(requisition, form),
        then=lambda requisition: url_for(".requisition_show", requisition_id=requisition.id),
        told=_("Your signature was kept."),
    )


def _shown(requisition: Requisition, form: AskingForm | None = None) -> str:
    session = db.session()
    lines = criteria.criteria_shown(session, requisition)
    found = candidates.candidates_of(session, requisition)
    opened_by = session.get(User, requisition.opened_by_id) if requisition.opened_by_id else None
    history = list(terms.history(requisition))
    return render_template(
        "hiring/requisition_show.html",
        requisition=requisition,
        form=form,
        criteria=lines,
        doubts=words.doubts(*_words_of(requisition)),
        candidates=found,
        coverage={one.id: criteria.coverage_of(one.person, lines) for one in found},
        plan=verbs.plan_of(session, requisition),
        opened_by=opened_by.name if opened_by else "",
        workspace=projects.workspace_of(session),
        states=list(state_words().items()),
        terms=terms.current(requisition),
        signatures={side: terms.signature_of(requisition, side) for side in Side},
        history=history,
        names=_names_in(history),
        today=today(),
        **_rights(requisition),
    )


def _words_of(requisition: Requisition) -> tuple[list[str], list[str]]:
    """The texts of a requisition that could hold a criterion in disguise, and the reasons for work styles."""
    tags = [tag for row in requisition.criteria for tag in (row.get("tag"), *row.get("any_of", ())) if tag]
    return [requisition.title, requisition.reason, *tags], [
        row["reason"] for row in requisition.criteria if "reason" in row
    ]


def _names_in(history: list[tuple[Any, list[terms.Change]]]) -> dict[str, dict[Any, str]]:
    """The names of what the changes of the terms are about."""
    session = db.session()
    lines = [line for _terms, some in history for change in some for line in (change.before, change.after)]
    rows = [line for line in lines if isinstance(line, dict)]
    skills = criteria.rows_by_key(session, Skill, rows, "skill")
    styles = criteria.rows_by_key(session, WorkStyle, rows, "style")
    return {
        "skill": {key: label(row) for key, row in skills.items()},
        "style": {key: label(row) for key, row in styles.items()},
        "site": {site.id: site.name for site in sites.all_sites(session)},
    }


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
        "can_sign": {
            Side.PROJECT: access.allowed(user, "requisition.sign_project", requisition),
            Side.OPERATIONS: access.allowed(user, "requisition.sign_operations", requisition),
        },
        "actor_id": user.id,
    }


def _criteria_page(form: CriteriaForm, requisition: Requisition) -> str:
    reasons = [entry.form.reason.data or "" for entry in form.styles]
    return render_template(
        "hiring/requisition_criteria.html",
        form=form,
        requisition=requisition,
        doubts=words.doubts(form.tags.data or [], reasons),
        workspace=projects.workspace_of(db.session()),
    )


def _page(form: RequisitionForm, requisition: Requisition | None) -> str:
    workspace = projects.workspace_of(db.session())
    return render_template("hiring/requisition_edit.html", form=form, requisition=requisition, workspace=workspace)
