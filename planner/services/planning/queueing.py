"""The rows of background jobs, as pages show and stop them; `planner.jobs` runs them."""

from __future__ import annotations

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from planner.models import Job, JobState, Plan, PlanState, Scenario, User, now
from planner.services.listing import Page, Query, paged
from planner.services.planning.scenarios import visible_to

WAITING = (JobState.QUEUED, JobState.RETRYING)


def job_of(session: Session, plan: Plan) -> Job | None:
    """The newest job that makes a plan."""
    makes_it = (Job.plan_id == plan.id, Job.inquiry_id.is_(None))
    return session.scalars(select(Job).where(*makes_it).order_by(Job.id.desc()).limit(1)).first()


def place_in_queue(session: Session, job: Job) -> int:
    """How many jobs come before a waiting one, itself counted."""
    earlier = select(func.count()).where(Job.state.in_(WAITING), Job.id <= job.id)
    return session.scalar(earlier) or 0


def ask_to_stop(session: Session, plan: Plan) -> None:
    """Stops the plan's job: at once while it waits; a running one is asked to, and keeps the best plan so far."""
    job = job_of(session, plan)
    if job is None or job.state.is_over:
        return
    waiting = update(Job).where(Job.id == job.id, Job.state.in_(WAITING))
    ended = {"state": JobState.CANCELLED, "is_cancel_asked": True, "finished_at": now()}
    if session.scalar(waiting.values(**ended).returning(Job.id)) is not None:
        plan.state = PlanState.CANCELLED
    else:
        session.execute(update(Job).where(Job.id == job.id).values(is_cancel_asked=True))


def page_of_jobs(session: Session, query: Query, user: User) -> Page[Job]:
    """The jobs, as the URL asks for them, the newest first; none of scenarios that a user may not see."""
    seen = or_(Plan.scenario_id.is_(None), Plan.scenario_id.in_(select(Scenario.id).where(visible_to(user))))
    return paged(
        session,
        select(Job).join(Plan, Plan.id == Job.plan_id).where(seen).options(contains_eager(Job.plan)),
        query,
        sorts={"asked": Job.id},
        default="-asked",
        filters={"state": lambda statement, value: statement.where(Job.state == value)},
    )
