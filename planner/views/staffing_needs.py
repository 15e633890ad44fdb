"""Pages of role needs: the list, the form with its living answer, and who could sit on a seat."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner import access, db
from planner.formats import label
from planner.forms.staffing_needs import NeedForm
from planner.models import Phase, Plan, RoleNeed
from planner.services.planning import seating
from planner.services.staffing import answering_needs, criteria, matching, needs, projects
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save
from planner.views.outcomes_criteria import take_suggestion
from planner.views.staffing_shown import offer_criteria

pages = Blueprint("staffing_needs", __name__)


@pages.get("/needs")
@acts("need.see")
def need_list() -> Answer:
    session = db.session()
    page = needs.page_of_needs(session, query())
    return render_template(
        "staffing/need_list.html",
        page=page,
        answers=answering_needs.states_of(session, [need.id for need in page.items]),
        held=needs.held_seats(session, page.items),
        seats=needs.num_seats(session),
        projects=needs.project_names(session),
        skills=[(skill.id, label(skill)) for skill in needs.skills_to_ask(session)],
        workspace=projects.workspace_of(session),
        can_edit=[need.id for need in page.items if access.allowed(actor(), "need.edit", need)],
    )


@pages.route("/needs/phases/<int:phase_id>/add", methods=["GET", "POST"])
@acts("need.add", Phase)
def need_add(phase: Phase) -> Answer:
    offer_criteria()
    form = NeedForm()
    take_suggestion(form)
    return save(
        form,
        lambda: needs.add_need(db.session(), phase, form.said),
        page=lambda: _page(form, phase, None),
        then=lambda _need: _after(phase),
        told=_("The role need was added."),
    )


@pages.route("/needs/<int:need_id>/edit", methods=["GET", "POST"])
@acts("need.edit", RoleNeed)
def need_edit(need: RoleNeed) -> Answer:
    offer_criteria({line.style_id for line in need.styles})
    form = NeedForm(obj=need)
    take_suggestion(form)
    return save(
        form,
        lambda: needs.edit_need(db.session(), need, form.said, form.read_version),
        page=lambda: _page(form, need.phase, need),
        then=lambda need: _after(need.phase),
        told=_("The role need was saved."),
    )


@pages.route("/needs/<int:need_id>/remove", methods=["GET", "POST"])
@acts("need.remove", RoleNeed)
def need_remove(need: RoleNeed) -> Answer:
    if request.method == "POST":
        return remove_row(need, title=f"{need.phase.name}: {need.title}", then=_after(need.phase))
    num_agreed = projects.num_agreed(db.session(), RoleNeed.id == need.id)
    text = ngettext("With it goes %(num)s seat.", "With it go %(num)s seats.", need.count)
    if num_agreed:
        text += " " + ngettext("%(num)s person is agreed on it.", "%(num)s people are agreed on it.", num_agreed)
    return confirm_removal(need.title, text, _after(need.phase))


@pages.get("/seats/<path:key>/people")
@acts("need.see")
def seat_people(key: str) -> Answer:
    session = db.session()
    seat = seating.find_seat(session, key) or abort(404)
    need = seat.need
    return render_template(
        "staffing/seat_people.html",
        found=seating.seating(session, seat, query(), _asked_plan()),
        need=need,
        names=needs.names_of(need, label),
        workspace=projects.workspace_of(session),
        sites=needs.sites(session),
        can_assign="planning_seats.plan_assign" in current_app.view_functions and access.allowed(actor(), "plan.edit"),
    )


@pages.route("/needs/phases/<int:phase_id>/answer", methods=["GET", "POST"])
@acts("need.see", Phase)
def need_answer(phase: Phase) -> Answer:
    """The living line: what the form's present text would find; nothing is saved."""
    offer_criteria()
    form = NeedForm(request.values)
    return render_template("outcomes/_need_answer_live.html", form=form, **_answer(form, phase))


def _asked_plan() -> Plan | None:
    """The plan that the URL names; what it allocates is taken of people's time."""
    ident = request.args.get("plan", "")
    if not ident:
        return None
    plan = db.session().get(Plan, projects.id_in(ident)) or abort(404)
    access.require(actor(), "plan.see", plan)
    return plan


def _after(phase: Phase) -> str:
    return url_for("staffing_projects.project_show", project_id=phase.project_id, _anchor=f"phase-{phase.id}")


def _page(form: NeedForm, phase: Phase, need: RoleNeed | None) -> str:
    return render_template("staffing/need_edit.html", form=form, need=need, **_answer(form, phase))


def _answer(form: NeedForm, phase: Phase) -> dict[str, Any]:
    """What the living answer shows of a form, finished or not."""
    session = db.session()
    reasons = [entry.form.reason.data or "" for entry in form.styles]
    begin, end = form.window(phase.duration)
    return {
        "phase": phase,
        "workspace": projects.workspace_of(session),
        "asked": form.asked,
        "answer": matching.answer(session, matching.asked_of_values(**form.asked)),
        "disguises": criteria.doubts([form.title.data or "", *(form.tags.data or [])], reasons),
        "names": form.names,
        "window": (begin, end),
        "effort_pct": (form.count.data or 1) * (form.fte_pct.data or 100) * (end - begin),
        "num_seats": form.count.data or 1,
    }
