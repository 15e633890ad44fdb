"""The life of a background job: one job has one effect, whoever dies; nothing runs for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import build
import fakeredis
import odd_children
import pytest
import structlog.testing
from background import answer_of, ask, claimed, grow_old, job_and_plan, small_workspace, solving, until
from databases import on_both
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from planner.config import Settings
from planner.jobs import watching
from planner.jobs.queue import Queue
from planner.jobs.solving import writing
from planner.jobs.working import reaped
from planner.models import (
    Job,
    JobState,
    Plan,
    PlanState,
)
from planner.services.planning import answering, queueing, running
from planner.services.planning.causes import cause

PATIENCE_S = 60


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = small_workspace(settings)
    yield engine
    engine.dispose()


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
        assert not running.give_back(session, orphan, cause("no_heartbeat"))
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
    assert (plan.failure_code, plan.failure_values["attempts"]) == ("interrupted", 3)
    assert plan.failure_values["reason"]["code"] == "no_heartbeat"


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


# -- the queue


def test_queue_on_redis_hands_jobs_over(settings: Settings) -> None:
    server = fakeredis.TcpFakeServer(("127.0.0.1", 0))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host, port = server.server_address[:2]
    ran: list[int] = []
    queue = Queue(replace(settings, queue=f"redis://{host!s}:{port}/0"), ran.append)
    queue.put(7)
    assert len(queue) == 1
    task = queue.huey.dequeue()
    queue.huey.execute(task)
    assert ran == [7]
    queue.close()
    server.shutdown()
    server.server_close()


def test_queue_that_cannot_be_reached_stops_nobody(settings: Settings) -> None:
    queue = Queue(replace(settings, queue="redis://127.0.0.1:1/0"))
    with structlog.testing.capture_logs() as logs:
        queue.put(7)  # the row is there; a worker will find it
    assert [(entry["event"], entry["job"]) for entry in logs] == [("queue_not_reached", 7)]
