"""Workers as processes of their own: they start, stop, are killed; one job has one effect whatever they do."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import build
import odd_children
import pytest
from conftest import settings_for
from databases import on_both
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from planner import db, translate
from planner.config import Settings
from planner.jobs import watching
from planner.jobs.queue import Queue
from planner.jobs.solving import Solving, writing
from planner.jobs.working import WAITING_S, reaped
from planner.models import Job, JobState, Plan, PlanState, Workspace, today
from planner.services.planning import running

PATIENCE_S = 90


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = db.make_engine(settings)
    with writing(engine) as session:
        session.add(Workspace(id=1, calendar_start_on=today()))
        session.flush()
        translate.load_rows(session, build.problem())
    yield engine
    engine.dispose()


def asked(engine: Engine, number: int) -> list[int]:
    """So many plans in the queue's table; the ids of their jobs."""
    with writing(engine) as session:
        workspace = session.get_one(Workspace, 1)
        request = {
            "title": "Plan",
            "starts_on": workspace.moment_of(0).isoformat(),
            "num_periods": workspace.num_periods,
            "time_limit_s": 1,
        }
        jobs = [
            Job(
                plan=Plan(
                    number=n, title="Plan", request_token=f"token {n}", request=request,
                    starts_on=workspace.calendar_start_on, num_periods=workspace.num_periods,
                )
            )
            for n in range(1, number + 1)
        ]  # fmt: skip
        session.add_all(jobs)
        session.flush()
        return [job.id for job in jobs]


@contextmanager
def worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """`planner worker` on these settings, in a group of its own; nothing of it outlives the test."""
    env = {
        **os.environ,
        "PLANNER_DATA_DIR": str(settings.data_dir),
        "PLANNER_DATABASE_URL": settings.database_url,
        "PLANNER_QUEUE": settings.queue,
        "PLANNER_SECRET_KEY": settings.secret_key,
        "PLANNER_SOLVER_WORKERS": "1",
    }
    process = subprocess.Popen([sys.executable, "-m", "planner", "worker"], env=env, start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def state_of(engine: Engine, job_id: int) -> JobState:
    with Session(engine) as session:
        return session.get_one(Job, job_id).state


def until(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def queue_kind(database: str) -> str:
    return "postgres" if database == "postgresql" else "sqlite"


@on_both
def test_worker_takes_jobs_from_the_queue_and_stops_when_asked_to(
    engine: Engine, tmp_path: Path, database: str
) -> None:
    settings = settings_for(tmp_path, queue=queue_kind(database))
    queue, (job_id,) = Queue(settings), asked(engine, 1)
    queue.put(job_id)
    with worker(settings) as process:
        until(lambda: state_of(engine, job_id) is JobState.DONE, patience_s=WAITING_S - 5)
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(30) == 0
    queue.close()


def test_job_of_a_killed_worker_is_taken_up_by_the_next_one(engine: Engine, settings: Settings) -> None:
    queue, (job_id,) = Queue(settings), asked(engine, 1)
    with writing(engine) as session:  # its worker is killed as soon as it has the job
        assert running.claim(session, job_id) is not None
        session.execute(update(Job).values(heartbeat_at=running.clock(session, 60)))
    with worker(settings):
        until(lambda: state_of(engine, job_id) is JobState.DONE)
    with Session(engine) as session:
        assert session.get_one(Job, job_id).attempts == 2
    queue.close()


def test_job_whose_message_was_lost_is_found(engine: Engine, settings: Settings) -> None:
    (job_id,) = asked(engine, 1)
    assert state_of(engine, job_id) is JobState.QUEUED, "nobody was told of it"
    with worker(settings):
        until(lambda: state_of(engine, job_id) is JobState.DONE)
    assert state_of(engine, job_id) is JobState.DONE


def race(engine: Engine, jobs: list[int], num_workers: int) -> Counter[int]:
    """How often each job is done by workers that all go for all of them, until none is left."""
    effects: list[int] = []

    def take(job_id: int) -> None:
        with writing(engine) as session:
            held = running.claim(session, job_id)
            is_done = held is not None and running.finish(session, held, JobState.DONE)
        if is_done:
            effects.append(job_id)

    def work(seed: int) -> None:
        rng = random.Random(seed)
        while num_over(engine) < len(jobs):
            for job_id in rng.sample(jobs, len(jobs)):
                with suppress(OperationalError):  # a database that is busy for too long: the row still waits
                    take(job_id)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(num_workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(effects)


@on_both
def test_workers_that_race_have_one_effect_for_each_job(engine: Engine) -> None:
    jobs = asked(engine, 25)
    assert race(engine, jobs, 4) == Counter(jobs)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@on_both
def test_sixteen_workers_and_five_hundred_jobs_have_one_effect_for_each(engine: Engine) -> None:
    jobs = asked(engine, 500)
    assert race(engine, jobs, 16) == Counter(jobs)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@on_both
def test_five_hundred_jobs_end_although_children_and_workers_die(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One claim in twenty is never heard of again; the database is as busy as sixteen workers make it."""
    monkeypatch.setattr(watching, "solve_in_child", odd_children.prompt)
    monkeypatch.setattr(watching, "BEAT_S", 0.05)
    jobs, queue, stopping = asked(engine, 500), Queue(settings), threading.Event()
    rng, left = random.Random(1), threading.Lock()
    waiting = list(jobs)

    def again(job_id: int) -> None:
        with left:
            waiting.append(job_id)

    def work() -> None:
        solving = Solving(engine, workers=1, again=again, stopping=stopping)
        while not stopping.is_set():
            with left:
                job_id = waiting.pop(rng.randrange(len(waiting))) if waiting else None
            if job_id is None:
                time.sleep(0.05)
            else:
                with suppress(OperationalError):  # a database that is busy for too long: the row still waits
                    take(solving, job_id)

    def take(solving: Solving, job_id: int) -> None:
        if rng.random() >= 0.05:
            return solving.run(job_id)
        with writing(engine) as session:  # a worker that dies right after its claim
            running.claim(session, job_id)
            session.execute(update(Job).where(Job.id == job_id).values(heartbeat_at=running.clock(session, 60)))
        return None

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 1500
    while time.monotonic() < deadline and num_over(engine) < len(jobs):
        with left, suppress(OperationalError):
            waiting.extend(reaped(engine, queue, 30))
        time.sleep(0.5)
    stopping.set()
    for thread in threads:
        thread.join()
    queue.close()
    assert num_over(engine) == len(jobs)
    with Session(engine) as session:
        states = Counter(tuple(row) for row in session.execute(select(Job.state, Plan.state).join(Job.plan)))
        assert set(states) <= {(JobState.DONE, PlanState.READY), (JobState.FAILED, PlanState.FAILED)}
        assert states[JobState.DONE, PlanState.READY] > 480
        assert session.scalar(select(func.max(Job.attempts))) <= 3


def num_over(engine: Engine) -> int:
    with Session(engine) as session:
        over = [state for state in JobState if state.is_over]
        return session.scalar(select(func.count()).select_from(Job).where(Job.state.in_(over))) or 0
