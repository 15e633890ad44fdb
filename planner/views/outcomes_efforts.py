"""Pages of what a role need really took: its entries, and its end."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.outcomes_effort import ClosingForm, EffortForm
from planner.models import ActualEffort, RoleNeed, today
from planner.services.outcomes import effort_sources
from planner.services.outcomes import efforts as verbs
from planner.services.refused import Refused
from planner.services.staffing import projects, team_rules
from planner.views.door import Answer, actor, acts, confirm_removal, remove_row, save
from planner.wording import refusal_sentence

pages = Blueprint("outcomes_efforts", __name__)


def init_app(app: Flask) -> None:
    """Lets the page of a role need show what it has taken."""
    app.jinja_env.globals["effort_of_need"] = effort_of_need


@pages.route("/needs/<int:need_id>/efforts/add", methods=["GET", "POST"])
@acts("effort.add", RoleNeed)
def effort_add(need: RoleNeed) -> Answer:
    _offer_people()
    form = EffortForm(data={"from_on": today(), "to_on": today()})
    return save(
        form,
        lambda: verbs.add_effort(db.session(), need, form.said),
        page=lambda: _page("outcomes/effort_edit.html", form, need, effort=None),
        then=lambda _effort: _need_href(need),
        told=_("The entry was added."),
    )


@pages.route("/efforts/<int:effort_id>/edit", methods=["GET", "POST"])
@acts("effort.edit", ActualEffort)
def effort_edit(effort: ActualEffort) -> Answer:
    _offer_people()
    form = EffortForm(obj=effort)
    return save(
        form,
        lambda: verbs.edit_effort(db.session(), effort, form.said, form.read_version),
        page=lambda: _page("outcomes/effort_edit.html", form, effort.need, effort=effort),
        then=lambda effort: _need_href(effort.need),
        told=_("The entry was saved."),
    )


@pages.route("/efforts/<int:effort_id>/remove", methods=["GET", "POST"])
@acts("effort.remove", ActualEffort)
def effort_remove(effort: ActualEffort) -> Answer:
    back, title = _need_href(effort.need), _("entry for %(title)s", title=effort.need.title)
    try:
        verbs.require_removable(db.session(), effort)
    except Refused as refused:
        flash(refusal_sentence(refused), "error")
        return redirect(back, 303)
    if request.method == "POST":
        return remove_row(effort, title=title, then=back)
    return confirm_removal(title, _("What the role need has taken is less by it."), back)


@pages.route("/needs/<int:need_id>/close", methods=["GET", "POST"])
@acts("effort.close", RoleNeed)
def need_close(need: RoleNeed) -> Answer:
    known = effort_sources.known_periods(db.session(), [need.id]).get(need.id)
    form = ClosingForm(data={"ended_on": today(), "actual_periods": round(known, 2) if known is not None else None})
    return save(
        form,
        lambda: verbs.close_need(db.session(), need, form.said),
        page=lambda: _page(
            "outcomes/need_close.html",
            form,
            need,
            known=known,
            has_entries=bool(verbs.efforts_of(db.session(), need)),
            planned=verbs.planned_periods(need),
        ),
        then=lambda _finished: _need_href(need),
        told=_("The role need is closed. What it took counts from now on for the next one like it."),
    )


@pages.post("/needs/<int:need_id>/reopen")
@acts("effort.close", RoleNeed)
def need_reopen(need: RoleNeed) -> Answer:
    try:
        verbs.reopen_need(db.session(), need)
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
        return redirect(_need_href(need), 303)
    db.session().commit()
    flash(_("The role need is open again; its entries are as they were."), "success")
    return redirect(_need_href(need), 303)


def effort_of_need(need: RoleNeed) -> dict[str, Any] | None:
    """What a role need has taken so far, entry by entry; None for whoever may not see it."""
    session = db.session()
    if not access.allowed(actor(), "effort.see", need):
        return None
    period = projects.workspace_of(session).period
    entries = [(one, effort_sources.periods_of(one, period)) for one in verbs.efforts_of(session, need)]
    return {
        "entries": entries,
        "known": effort_sources.known_periods(session, [need.id]).get(need.id),
        "planned": verbs.planned_periods(need),
        "finished": verbs.finished_of(session, need),
        "can_edit": access.allowed(actor(), "effort.add", need),
    }


def _offer_people() -> None:
    offer(people=team_rules.people_to_name(db.session()))


def _page(template: str, form: AskingForm, need: RoleNeed, **facts: Any) -> str:
    workspace = projects.workspace_of(db.session())
    hours = effort_sources.hours_of_period(workspace.period)
    return render_template(
        template, form=form, need=need, workspace=workspace, hours=hours, back=_need_href(need), **facts
    )


def _need_href(need: RoleNeed) -> str:
    return url_for("staffing_needs.need_edit", need_id=need.id, _anchor="effort")
