"""The rows of background jobs, as pages show and stop them; `planner.jobs` runs them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from planner.models import Job, JobState, Plan
from planner.services.listing import Page, Query, paged

WAITING = (JobState.QUEUED, JobState.RETRYING)


def job_of(session: Session, plan: Plan) -> Job | None:
    """The newest job of a plan."""
    return session.scalars(select(Job).where(Job.plan_id == plan.id).order_by(Job.id.desc()).limit(1)).first()


def place_in_queue(session: Session, job: Job) -> int:
    """How many jobs come before a waiting one, itself counted."""
    earlier = select(func.count()).where(Job.state.in_(WAITING), Job.id <= job.id)
    return session.scalar(earlier) or 0


def ask_to_stop(session: Session, plan: Plan) -> None:
    """Asks the plan's job to stop; the best plan so far is kept. A job that is over stays as it is."""
    job = job_of(session, plan)
    if job is not None and not job.state.is_over:
        job.is_cancel_asked = True


def page_of_jobs(session: Session, query: Query) -> Page[Job]:
    """The jobs, as the URL asks for them, the newest first."""
    return paged(
        session,
        select(Job).options(joinedload(Job.plan)),
        query,
        sorts={"asked": Job.id},
        default="-asked",
        filters={"state": lambda statement, value: statement.where(Job.state == value)},
    )
