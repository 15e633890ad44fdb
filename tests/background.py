"""Background jobs for tests: a workspace with Ann and one seat, plans asked for, workers that run in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import build
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from planner import db, translate
from planner.config import Settings
from planner.jobs.solving import Solving, writing
from planner.models import (
    Job,
    JobState,
    Plan,
    PlanState,
    User,
    Workspace,
    now,
    today,
)
from planner.schemas.planning_plans import PlanSaid
from planner.services.planning import plans, queueing, running
from planner.services.planning.running import Claim
from solver.problem import Problem
from solver.solution import Result, Status

PATIENCE_S = 60


def small_workspace(settings: Settings) -> Engine:
    """A workspace with Ann and one seat, without any web."""
    engine = db.make_engine(settings)
    with writing(engine) as session:
        session.add(Workspace(id=1, calendar_start_on=today()))
        session.flush()
        translate.load_rows(session, build.problem())
        session.add(User(email="ann@example.com", name="Ann", fs_uniquifier="ann"))
    return engine


def ask(engine: Engine, token: str = "once", **said: object) -> int:
    """Asks for a plan; the id of its job."""
    with writing(engine) as session:
        workspace, user = session.get_one(Workspace, 1), session.scalars(select(User)).one()
        horizon = {"starts_on": workspace.moment_of(0), "num_periods": workspace.num_periods}
        asked = PlanSaid.model_validate({"title": "Plan", **horizon, "time_limit_s": 1, **said})
        mark = f"{token} of {engine.url}"  # readings are kept by it, process-wide: others say "once" too
        plan = plans.request_plan(session, asked, by=user, token=mark)
        job = queueing.job_of(session, plan)
        assert job is not None
        return job.id


def claimed(engine: Engine, job_id: int) -> Claim:
    with writing(engine) as session:
        held = running.claim(session, job_id)
    assert held is not None
    return held


def job_and_plan(engine: Engine, job_id: int) -> tuple[Job, Plan]:
    with Session(engine) as session:
        job = session.get_one(Job, job_id)
        plan = session.get_one(Plan, job.plan_id)
        assert len(plan.allocations) == plan.num_filled or plan.state is PlanState.FAILED
        return job, plan


def grow_old(engine: Engine, job_id: int, seconds: int) -> None:
    """Moves all that a job remembers of time into the past."""
    then = now() - timedelta(seconds=seconds)
    with writing(engine) as session:
        session.execute(update(Job).where(Job.id == job_id).values(heartbeat_at=then, created_at=then))


def solving(engine: Engine, again: Callable[[int], None] | None = None) -> Solving:
    return Solving(engine, workers=1, again=again or (lambda _job_id: None), stopping=threading.Event())


def until(is_so: Callable[[], bool]) -> None:
    """Waits for something that happens in another thread or process."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def answer_of(problem: Problem) -> Result:
    return Result(problem.name, Status.FEASIBLE, build.solution(dev="ann"), 36_000, None)


def answer_waiting(engine: Engine) -> None:
    """What the worker does with the one question that waits."""
    with Session(engine) as session:
        [waiting] = session.scalars(select(Job.id).where(Job.state == JobState.QUEUED)).all()
    solving(engine).run(waiting)
