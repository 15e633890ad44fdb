"""The API's questions about a plan that take solving again: which profiles to hire, what becomes of it after a no."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _

from planner import access, db, jobs
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import operation
from planner.models import Inquiry, InquiryKind, Job, Plan
from planner.schemas.planning_inquiries import DeclinesSaid, InquirySeen, OpeningsSaid
from planner.services.planning import inquiries as verbs

TAG = _("Plans")


def init(pages: Blueprint) -> None:
    """Registers the routes of questions about plans."""
    pages.post("/plans/<int:plan_id>/openings")(openings_ask)
    pages.get("/plans/<int:plan_id>/openings")(openings_show)
    pages.post("/plans/<int:plan_id>/declines")(declines_ask)
    pages.get("/plans/<int:plan_id>/declines")(declines_show)


@operation(
    "inquiry.add",
    Plan,
    tag=TAG,
    summary=_("Plans: ask which profiles to hire"),
    about=_("The answer takes solving again: look for it at the same address."),
    takes=OpeningsSaid,
    gives=InquirySeen,
    status=202,
    can_be_refused=True,
)
def openings_ask(plan: Plan) -> Response:
    return _asked(plan, asking.said(OpeningsSaid))


@operation("inquiry.see", Plan, tag=TAG, summary=_("Plans: which profiles to hire"), gives=InquirySeen)
def openings_show(plan: Plan) -> Response:
    return _shown(plan, InquiryKind.OPENINGS)


@operation(
    "inquiry.add",
    Plan,
    tag=TAG,
    summary=_("Plans: ask what happens if a hire says no"),
    about=_("The answer takes solving again: look for it at the same address."),
    takes=DeclinesSaid,
    gives=InquirySeen,
    status=202,
    can_be_refused=True,
)
def declines_ask(plan: Plan) -> Response:
    return _asked(plan, asking.said(DeclinesSaid))


@operation("inquiry.see", Plan, tag=TAG, summary=_("Plans: what happens if a hire says no"), gives=InquirySeen)
def declines_show(plan: Plan) -> Response:
    return _shown(plan, InquiryKind.DECLINES)


def _asked(plan: Plan, said: OpeningsSaid | DeclinesSaid) -> Response:
    inquiry, job = verbs.ask(db.session(), plan, said, by=asking.actor())
    db.session().commit()
    jobs.enqueue(job.id)
    return shown(told(inquiry, job), InquirySeen, 202)


def _shown(plan: Plan, kind: InquiryKind) -> Response:
    found = verbs.latest(db.session(), plan, kind)
    if found is None:
        raise access.Hidden("inquiry")
    return shown(told(*found), InquirySeen)


def told(inquiry: Inquiry, job: Job) -> dict[str, object]:
    """A question as the API tells it."""
    return {
        "id": inquiry.id,
        "plan_id": inquiry.plan_id,
        "plan_version": inquiry.plan_version,
        "kind": inquiry.kind,
        "asked": inquiry.asked,
        "asked_by": inquiry.asked_by,
        "asked_at": inquiry.asked_at,
        "state": job.state,
        "share": float(job.progress.get("share") or 0),
        "answer": verbs.answer_of(inquiry),
    }
