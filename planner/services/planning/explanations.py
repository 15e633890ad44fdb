"""Questions why about a plan: asked once, kept with the version that they were about, read and stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.models import Inquiry, InquiryKind, Job, JobState, Plan, PlanState, Seat, User, now
from planner.schemas.planning_explanations import ExplainKind, ExplainSaid
from planner.services.hiring.openings import usual_hire_cost
from planner.services.planning.inquiries import put
from planner.services.planning.queueing import WAITING
from planner.services.planning.reading import question_of, solution_of
from planner.services.refused import Refused
from solver.check.pool import Pool, pool_of

KINDS = tuple(InquiryKind(kind) for kind in ExplainKind)
USUAL_NOTICE = 8  # periods until somebody new could begin
MOST_SHOWN = 50


def ask(session: Session, plan: Plan, said: ExplainSaid, *, by: User) -> tuple[Inquiry, Job]:
    """Puts a question in the queue; one that was asked before of this version has its answer, or waits for it, already.

    Raises Refused where the plan has no answer to ask about, or knows no such seat or person.
    """
    said = _whole(plan, said)
    for inquiry, job in _asked_before(session, plan, said):
        return inquiry, job
    asked = said.model_dump(mode="json") | _market(session, said)
    inquiry = Inquiry(kind=InquiryKind(said.kind), subject=_subject(said), asked=asked, asked_by=by.name)
    return put(session, plan, inquiry)


def question(session: Session, plan: Plan, inquiry_id: int) -> tuple[Inquiry, Job] | None:
    """A question why about a plan, with its job; None where there is none."""
    statement = _questions(plan).where(Inquiry.id == inquiry_id)
    row = session.execute(statement).first()
    return (row[0], row[1]) if row is not None else None


def questions(session: Session, plan: Plan) -> list[tuple[Inquiry, Job]]:
    """The questions that were asked about a plan, the newest first."""
    return [(row[0], row[1]) for row in session.execute(_questions(plan).limit(MOST_SHOWN))]


def ask_to_stop(session: Session, job: Job) -> None:
    """Stops the work on a question: at once while it waits; a running one is asked to, and says what it knows."""
    ended = {"state": JobState.CANCELLED, "is_cancel_asked": True, "finished_at": now()}
    waiting = update(Job).where(Job.id == job.id, Job.state.in_(WAITING)).values(**ended).returning(Job.id)
    if session.scalar(waiting) is None and not job.state.is_over:
        session.execute(update(Job).where(Job.id == job.id).values(is_cancel_asked=True))


def considered(plan: Plan, seat_key: str) -> Pool:
    """Everyone who was considered for a seat, and which rule leaves out how many. Raises Refused where it has none."""
    if plan.state is not PlanState.READY:
        raise Refused("plan_is_running")
    problem = question_of(plan)
    if seat_key not in problem.seat_by_id:
        raise Refused("no_such_seat", field="seat", seat=seat_key)
    return pool_of(problem, solution_of(plan), seat_key)


def need_of(session: Session, seat_key: str) -> int | None:
    """The role need that a seat is of, where it is still there."""
    return session.scalar(select(Seat.need_id).where(Seat.key == seat_key))


def pool_told(pool: Pool) -> dict[str, Any]:
    """Everyone who was considered, as the API tells it."""
    sieves = [asdict(sieve) | {"num_only": len(sieve.only)} for sieve in pool.sieves]
    scored = [asdict(one) for one in pool.scored]
    figures = {"seat": pool.seat, "num_people": pool.num_people, "num_removed": pool.num_removed}
    return {**figures, "sieves": sieves, "scored": scored}


def _whole(plan: Plan, said: ExplainSaid) -> ExplainSaid:
    """The question with the person whom it leaves out, and without what does not concern it."""
    if plan.state is not PlanState.READY:
        raise Refused("plan_is_running")
    problem, holders = question_of(plan), solution_of(plan).holders
    about = said.about
    if about["seat"] is not None and about["seat"] not in problem.seat_by_id:
        raise Refused("no_such_seat", field="seat", seat=about["seat"])
    if said.kind is ExplainKind.WHY:
        about["person"] = about["person"] or holders.get(about["seat"])
        if about["person"] is None:
            raise Refused("nobody_on_seat", field="person", seat=about["seat"])
    if said.kind is ExplainKind.NOBODY and about["seat"] in holders:
        raise Refused("seat_is_held", field="seat", seat=problem.seat_by_id[about["seat"]].label)
    if about["person"] is not None and about["person"] not in problem.person_of:
        raise Refused("no_such_person", field="person", person=about["person"])
    return said.model_copy(update={**about, "differ": about["differ"] or 3})


def _asked_before(session: Session, plan: Plan, said: ExplainSaid) -> Iterator[tuple[Inquiry, Job]]:
    """The same question about the same version, with no less time, that has an answer or will have one."""
    statement = _questions(plan).where(
        Inquiry.kind == InquiryKind(said.kind),
        Inquiry.subject == _subject(said),
        Inquiry.plan_version == plan.version,
        Job.state.not_in((JobState.FAILED, JobState.CANCELLED)),
        Job.is_cancel_asked.is_(False),
    )
    for inquiry, job in session.execute(statement):
        if inquiry.asked["differ"] == said.differ and inquiry.asked["time_limit_s"] >= said.time_limit_s:
            yield inquiry, job


def _questions(plan: Plan) -> Any:
    joined = select(Inquiry, Job).join(Job, Job.inquiry_id == Inquiry.id)
    return joined.where(Inquiry.plan_id == plan.id, Inquiry.kind.in_(KINDS)).order_by(Inquiry.id.desc())


def _subject(said: ExplainSaid) -> str:
    return "\n".join([said.seat or "", said.person or ""])


def _market(session: Session, said: ExplainSaid) -> dict[str, int]:
    """What hiring somebody new costs here, where that may be a way out."""
    if said.kind is not ExplainKind.NOBODY:
        return {}
    return {"hire_cost_minor": usual_hire_cost(session), "earliest_periods": USUAL_NOTICE, "fte_pct": 100}
