"""Deciding on a hire: what the newest plan suggests, who else could, what speaks against it, and the two approvals."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.hiring_candidates import ApprovalForm, UndoForm
from planner.models import Candidate, Side
from planner.services.hiring import criteria, decisions, terms
from planner.services.hiring.decisions import Suggestion
from planner.services.hiring.weak_points import weak_points
from planner.services.listing import Query
from planner.services.planning import reading, seating
from planner.services.staffing import projects
from planner.views.door import Answer, actor, acts, save

pages = Blueprint("hiring_decisions", __name__, url_prefix="/candidates")
MOST_SEATS = 2  # whose other candidates are shown
MOST_OTHERS = 4


@pages.get("/<int:candidate_id>/hire")
@acts("candidate.see", Candidate)
def candidate_hire(candidate: Candidate) -> Answer:
    return _shown(candidate)


@pages.route("/<int:candidate_id>/approve-project", methods=["GET", "POST"])
@acts("candidate.approve_project", Candidate)
def candidate_approve_project(candidate: Candidate) -> Answer:
    return _approved(candidate, Side.PROJECT, _("Your approval was kept. Operations decide next."))


@pages.route("/<int:candidate_id>/approve-operations", methods=["GET", "POST"])
@acts("candidate.approve_operations", Candidate)
def candidate_approve_operations(candidate: Candidate) -> Answer:
    return _approved(candidate, Side.OPERATIONS, _("%(name)s is hired.", name=candidate.person.name))


@pages.route("/<int:candidate_id>/withdraw-project", methods=["GET", "POST"])
@acts("candidate.approve_project", Candidate)
def candidate_withdraw_project(candidate: Candidate) -> Answer:
    def withdrawn(form: UndoForm) -> Candidate:
        return decisions.withdraw(db.session(), candidate, Side.PROJECT, form.said, form.read_version, by=actor())

    return _undone(candidate, withdrawn, _("The approval was taken back."))


@pages.route("/<int:candidate_id>/undo-hire", methods=["GET", "POST"])
@acts("candidate.approve_operations", Candidate)
def candidate_undo_hire(candidate: Candidate) -> Answer:
    def undone(form: UndoForm) -> Candidate:
        return decisions.undo_hire(db.session(), candidate, form.said, form.read_version, by=actor())

    return _undone(candidate, undone, _("The hire was undone. It must be decided on anew."))


def _approved(candidate: Candidate, side: Side, told: str) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".candidate_hire", candidate_id=candidate.id))
    form = ApprovalForm()
    return save(
        form,
        lambda: decisions.approve(db.session(), candidate, side, form.said, form.read_version, by=actor()),
        page=lambda: _shown(candidate, form),
        then=lambda candidate: url_for(".candidate_hire", candidate_id=candidate.id),
        told=told,
    )


def _undone(candidate: Candidate, verb: Any, told: str) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".candidate_hire", candidate_id=candidate.id))
    form = UndoForm()
    return save(
        form,
        lambda: verb(form),
        page=lambda: _shown(candidate, form),
        then=lambda candidate: url_for(".candidate_hire", candidate_id=candidate.id),
        told=told,
    )


def _shown(candidate: Candidate, form: AskingForm | None = None) -> str:
    session, user = db.session(), actor()
    suggestion = decisions.suggestion_for(session, candidate)
    requisition = candidate.requisition
    lines = criteria.criteria_shown(session, requisition) if requisition is not None else []
    approvals = {side: decisions.approval_of(candidate, side) for side in Side}
    return render_template(
        "hiring/candidate_hire.html",
        candidate=candidate,
        person=candidate.person,
        requisition=requisition,
        form=form,
        approving=form if isinstance(form, ApprovalForm) else ApprovalForm(formdata=None),
        undoing=form if isinstance(form, UndoForm) else UndoForm(formdata=None),
        suggestion=suggestion,
        seats=_seats(suggestion),
        others=_others(candidate, suggestion),
        weak_points=weak_points(candidate, lines),
        approvals=approvals,
        stale={side for side, one in approvals.items() if one is not None and decisions.is_stale(one, suggestion)},
        is_signed=requisition is not None and terms.is_signed(requisition),
        workspace=projects.workspace_of(session),
        can={
            Side.PROJECT: access.allowed(user, "candidate.approve_project", candidate),
            Side.OPERATIONS: access.allowed(user, "candidate.approve_operations", candidate),
        },
        actor_id=user.id,
    )


def _seats(suggestion: Suggestion | None) -> list[Any]:
    """The seats that the plan gives the candidate, with what they bring."""
    if suggestion is None or not suggestion.is_to_hire:
        return []
    report = reading.report_of(db.session(), suggestion.plan, language=str(get_locale() or "en"))
    return [row for row in report.seats if row.seat_id in suggestion.seat_keys]


def _others(candidate: Candidate, suggestion: Suggestion | None) -> list[tuple[Any, list[seating.Sitting]]]:
    """Who else could sit there: by seat, the best ranked of all who hold every must-have."""
    session = db.session()
    keys = suggestion.seat_keys if suggestion is not None else ()
    if not keys and candidate.requisition is not None and candidate.requisition.seat_key:
        keys = (candidate.requisition.seat_key,)
    found = [seat for key in keys[:MOST_SEATS] if (seat := seating.find_seat(session, key)) is not None]
    plan = suggestion.plan if suggestion is not None else None
    tables = [(seat, seating.seating(session, seat, Query(request.path), plan)) for seat in found]
    return [
        (seat, [row for row in table.page.items if row.id != candidate.person_id][:MOST_OTHERS])
        for seat, table in tables
    ]
