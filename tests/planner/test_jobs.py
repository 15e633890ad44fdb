"""Background jobs: one job has one effect, whoever dies; nothing runs for ever; a wrong answer is shown to nobody."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import build
import odd_children
import pytest
from conftest import settings_for
from databases import on_both
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from planner import db, translate
from planner.config import Settings
from planner.jobs import watching
from planner.jobs.queue import Queue
from planner.jobs.solving import Solving, writing
from planner.jobs.working import reaped
from planner.models import (
    Allocation,
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
from planner.services.planning import answering, plans, queueing, running
from planner.services.planning.running import Claim
from solver.problem import Problem
from solver.solution import Result, Status

PATIENCE_S = 60


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """A workspace with Ann and one seat, without any web."""
    engine = db.make_engine(settings)
    with writing(engine) as session:
        session.add(Workspace(id=1, calendar_start_on=today()))
        session.flush()
        translate.load_rows(session, build.problem())
        session.add(User(email="ann@example.com", name="Ann", fs_uniquifier="ann"))
    yield engine
    engine.dispose()


def ask(engine: Engine, token: str = "once", **said: object) -> int:
    """Asks for a plan; the id of its job."""
    with writing(engine) as session:
        workspace, user = session.get_one(Workspace, 1), session.scalars(select(User)).one()
        horizon = {"starts_on": workspace.moment_of(0), "num_periods": workspace.num_periods}
        asked = PlanSaid.model_validate({"title": "Plan", **horizon, "time_limit_s": 1, **said})
        plan = plans.request_plan(session, asked, by=user, token=token)
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


# -- asking


@on_both
def test_double_click_asks_for_one_plan(engine: Engine) -> None:
    assert ask(engine, "same") == ask(engine, "same")
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 1


@on_both
def test_two_clicks_at_the_same_instant_ask_for_one_plan(engine: Engine) -> None:
    jobs: list[int] = []
    threads = [threading.Thread(target=lambda: jobs.append(ask(engine, "same"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(jobs) == 4
    assert len(set(jobs)) == 1


@on_both
def test_plans_asked_for_at_the_same_instant_have_numbers_of_their_own(engine: Engine) -> None:
    threads = [threading.Thread(target=ask, args=(engine, f"token {n}")) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        assert sorted(session.scalars(select(Plan.number))) == [1, 2, 3, 4]


# -- claims


@on_both
def test_two_claims_of_one_job_give_one_lease(engine: Engine) -> None:
    job_id = ask(engine)
    claimed(engine, job_id)
    with writing(engine) as session:
        assert running.claim(session, job_id) is None


@on_both
def test_orphans_write_nothing(engine: Engine) -> None:
    job_id = ask(engine)
    orphan = claimed(engine, job_id)
    grow_old(engine, job_id, 60)
    with writing(engine) as session:
        assert running.reap(session).retaken == [job_id]
    heir = claimed(engine, job_id)
    with writing(engine) as session:
        verdict = answering.judge(build.problem(), answer_of(build.problem()), [], is_stopped=False)
        assert running.beat(session, orphan, {"seconds": 99}) is None
        assert not running.finish(session, orphan, JobState.DONE)
        assert not answering.store(session, orphan, verdict)
        assert not running.give_back(session, orphan, "gone")
        assert not running.hand_back(session, orphan)
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, job.lease, job.progress, job.attempts) == (JobState.RUNNING, heir.lease, {}, 2)
    assert (plan.state, plan.status) == (PlanState.WAITING, None)


@on_both
def test_worker_that_lives_is_left_alone(engine: Engine) -> None:
    job_id = ask(engine)
    held = claimed(engine, job_id)
    with writing(engine) as session:
        assert running.reap(session).retaken == []
        assert running.beat(session, held, {"seconds": 1}) is False


@on_both
def test_job_that_was_taken_three_times_has_failed(engine: Engine) -> None:
    job_id = ask(engine)
    for attempt in (1, 2, 3):
        assert claimed(engine, job_id).attempt == attempt
        grow_old(engine, job_id, 60)
        with writing(engine) as session:
            assert running.reap(session).retaken == ([job_id] if attempt < 3 else [])
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, plan.state) == (JobState.FAILED, PlanState.FAILED)
    assert "3 times" in plan.failure


@on_both
def test_job_that_is_handed_back_has_lost_no_attempt(engine: Engine) -> None:
    job_id = ask(engine)
    held = claimed(engine, job_id)
    with writing(engine) as session:
        assert running.hand_back(session, held)
    assert claimed(engine, job_id).attempt == 1


@on_both
def test_waiting_job_that_the_queue_lost_is_handed_over_again(engine: Engine, settings: Settings) -> None:
    job_id, queue = ask(engine), Queue(settings)
    assert reaped(engine, queue, 30) == []
    grow_old(engine, job_id, 60)
    assert reaped(engine, queue, 30) == [job_id]
    assert reaped(engine, queue, 30) == []  # it was only just handed over
    grow_old(engine, job_id, 60)
    queue.put(job_id)
    assert reaped(engine, queue, 30) == []  # the queue holds it: it only waits its turn
    queue.close()


@on_both
def test_place_in_queue_counts_those_before(engine: Engine) -> None:
    first, second = ask(engine, "a"), ask(engine, "b")
    with Session(engine) as session:
        places = [queueing.place_in_queue(session, session.get_one(Job, job)) for job in (first, second)]
    assert places == [1, 2]


# -- stopping


@on_both
def test_waiting_job_is_stopped_at_once(engine: Engine) -> None:
    job_id = ask(engine)
    with writing(engine) as session:
        queueing.ask_to_stop(session, session.scalars(select(Plan)).one())
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, plan.state) == (JobState.CANCELLED, PlanState.CANCELLED)
    with writing(engine) as session:
        assert running.claim(session, job_id) is None


@on_both
def test_running_job_is_asked_to_stop(engine: Engine) -> None:
    held = claimed(engine, ask(engine))
    with writing(engine) as session:
        queueing.ask_to_stop(session, session.scalars(select(Plan)).one())
        assert running.beat(session, held, {}) is True


def test_stopped_job_keeps_the_best_plan_even_of_a_child_that_hears_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.deaf)
    monkeypatch.setattr(watching, "PATIENCE_S", 1.0)
    job_id = ask(engine, time_limit_s=600)
    thread = threading.Thread(target=solving(engine).run, args=(job_id,))
    thread.start()
    until(lambda: bool(job_and_plan(engine, job_id)[0].progress.get("trace")))
    with writing(engine) as session:
        queueing.ask_to_stop(session, session.scalars(select(Plan)).one())
    thread.join(PATIENCE_S)
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, plan.state, plan.num_filled) == (JobState.CANCELLED, PlanState.READY, 1)


# -- solving


@on_both
def test_job_ends_with_a_plan(engine: Engine) -> None:
    job_id = ask(engine)
    solving(engine).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, job.attempts, plan.state, plan.status) == (JobState.DONE, 1, PlanState.READY, "optimal")
    assert (plan.num_seats, plan.num_filled, plan.num_people, plan.version) == (1, 1, 1, 1)
    assert plan.objective == plan.bound
    assert plan.trace[-1]["filled"] == 1


def test_solving_loads_no_ortools_in_the_worker(engine: Engine) -> None:
    code = (
        "import sys, planner.jobs.working, planner.services.planning.by_hand; "
        "assert not {'ortools', 'pandas', 'solver.search'} & set(sys.modules), 'OR-Tools is loaded'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_child_that_is_killed_is_replaced(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.working_on)
    job_id, waiting = ask(engine), []
    thread = threading.Thread(target=solving(engine, waiting.append).run, args=(job_id,))
    thread.start()
    until(lambda: bool(job_and_plan(engine, job_id)[0].progress.get("trace")))
    for child in multiprocessing.active_children():
        os.kill(child.pid or 0, signal.SIGKILL)
    thread.join(PATIENCE_S)
    assert waiting == [job_id]
    assert job_and_plan(engine, job_id)[0].state is JobState.RETRYING
    monkeypatch.undo()
    solving(engine).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, job.attempts, plan.state) == (JobState.DONE, 2, PlanState.READY)


def test_poisonous_job_stops_after_three_tries(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.dying)
    job_id, waiting = ask(engine), []
    for _ in range(5):
        solving(engine, waiting.append).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert waiting == [job_id, job_id]
    assert (job.state, job.attempts, plan.state) == (JobState.FAILED, 3, PlanState.FAILED)
    assert "status -9" in job.failure


def test_answer_that_the_rulebook_refuses_is_kept_and_shown_to_nobody(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.lying)
    job_id = ask(engine)
    solving(engine).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, plan.state) == (JobState.FAILED, PlanState.FAILED)
    assert "1000000" in plan.failure
    with Session(engine) as session:
        assert session.get_one(Plan, plan.id).answer is not None
        assert session.scalar(select(func.count()).select_from(Allocation)) == 0


def test_worker_that_stops_hands_its_job_back(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.working_on)
    stopping, waiting, job_id = threading.Event(), [], ask(engine)
    worker = Solving(engine, workers=1, again=waiting.append, stopping=stopping)
    thread = threading.Thread(target=worker.run, args=(job_id,))
    thread.start()
    until(lambda: bool(job_and_plan(engine, job_id)[0].progress.get("trace")))
    stopping.set()
    thread.join(PATIENCE_S)
    job, _plan = job_and_plan(engine, job_id)
    assert (job.state, job.attempts, waiting) == (JobState.QUEUED, 0, [job_id])
    assert not multiprocessing.active_children()


def test_worker_whose_job_was_taken_over_lets_go(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.working_on)
    job_id = ask(engine)
    thread = threading.Thread(target=solving(engine).run, args=(job_id,))
    thread.start()
    until(lambda: bool(job_and_plan(engine, job_id)[0].progress.get("trace")))
    with writing(engine) as session:
        session.execute(update(Job).values(lease="somebody else's"))
    thread.join(PATIENCE_S)
    assert job_and_plan(engine, job_id)[0].lease == "somebody else's"
    assert not multiprocessing.active_children()


def test_overdue_child_is_ended(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.deaf)
    monkeypatch.setattr(watching, "GRACE_S", 0.5)
    job_id = ask(engine)
    solving(engine).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, plan.state, plan.status, plan.num_filled) == (JobState.DONE, PlanState.READY, "feasible", 1)


def test_question_that_cannot_be_made_fails_with_its_reason(engine: Engine) -> None:
    job_id = ask(engine)
    with writing(engine) as session:
        session.execute(update(translate.people.Person).values(cost_currency="XXX", cost_minor=100))
    solving(engine).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, plan.state) == (JobState.FAILED, PlanState.FAILED)
    assert "XXX" in plan.failure
