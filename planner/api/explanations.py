"""The API's questions why about a plan: asked, listed, read and stopped; and everyone who was considered for a seat."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask_babel import lazy_gettext as _

from planner import access, db, jobs
from planner.api import asking
from planner.api.answers import shown
from planner.api.inquiries import told
from planner.api.operations import operation
from planner.models import Inquiry, Job, JobState, Plan
from planner.schemas.planning_explanations import ExplainPage, ExplainSaid, ExplainSeen, PoolSeen
from planner.services.planning import explanations as verbs

TAG = _("Plans")


def init(pages: Blueprint) -> None:
    """Registers the routes of questions why."""
    pages.post("/plans/<int:plan_id>/questions")(question_ask)
    pages.get("/plans/<int:plan_id>/questions")(question_list)
    pages.get("/plans/<int:plan_id>/questions/<int:inquiry_id>")(question_show)
    pages.post("/plans/<int:plan_id>/questions/<int:inquiry_id>/cancel")(question_cancel)
    pages.get("/plans/<int:plan_id>/considered/<path:seat_key>")(seat_considered)


@operation(
    "inquiry.add",
    Plan,
    tag=TAG,
    summary=_("Plans: ask why, what rules cost, what else there is, how stable it is"),
    about=_(
        "The answer takes solving again: look for it at the address in Location. The same question about the same "
        "version of the plan is not asked twice."
    ),
    takes=ExplainSaid,
    gives=ExplainSeen,
    status=202,
    can_be_refused=True,
)
def question_ask(plan: Plan) -> Response:
    inquiry, job = verbs.ask(db.session(), plan, asking.said(ExplainSaid), by=asking.actor())
    db.session().commit()
    if job.state is JobState.QUEUED:
        jobs.enqueue(job.id)
    answer = shown(_told(plan, inquiry, job), ExplainSeen, 202)
    answer.headers["Location"] = url_for("api.question_show", plan_id=plan.id, inquiry_id=inquiry.id)
    return answer


@operation("inquiry.see", Plan, tag=TAG, summary=_("Plans: the questions that were asked"), gives=ExplainPage)
def question_list(plan: Plan) -> Response:
    rows = verbs.questions(db.session(), plan)
    return shown({"items": [_told(plan, inquiry, job) for inquiry, job in rows]}, ExplainPage)


@operation("inquiry.see", Plan, tag=TAG, summary=_("Plans: a question and its answer"), gives=ExplainSeen)
def question_show(plan: Plan, inquiry_id: int) -> Response:
    return shown(_told(plan, *_question(plan, inquiry_id)), ExplainSeen)


@operation(
    "job.cancel",
    Plan,
    tag=TAG,
    summary=_("Plans: stop the work on a question"),
    about=_("What is known by then is the answer."),
    gives=ExplainSeen,
)
def question_cancel(plan: Plan, inquiry_id: int) -> Response:
    inquiry, job = _question(plan, inquiry_id)
    verbs.ask_to_stop(db.session(), job)
    db.session().commit()
    db.session().refresh(job)
    return shown(_told(plan, inquiry, job), ExplainSeen)


@operation(
    "inquiry.see",
    Plan,
    tag=TAG,
    summary=_("Plans: everyone who was considered for a seat"),
    about=_("Whom each rule leaves out, and what the others would be worth there; the counts add up."),
    gives=PoolSeen,
    can_be_refused=True,
)
def seat_considered(plan: Plan, seat_key: str) -> Response:
    return shown(verbs.pool_told(verbs.considered(plan, seat_key)), PoolSeen)


def _question(plan: Plan, inquiry_id: int) -> tuple[Inquiry, Job]:
    found = verbs.question(db.session(), plan, inquiry_id)
    if found is None:
        raise access.Hidden("inquiry")
    return found


def _told(plan: Plan, inquiry: Inquiry, job: Job) -> dict[str, object]:
    return {**told(inquiry, job), "is_old": inquiry.plan_version != plan.version}
