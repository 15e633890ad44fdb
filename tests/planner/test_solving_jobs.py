"""Jobs that are solved: by a child that may die, lie or hear nothing; what is stored is what the rulebook accepts."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import build
import odd_children
import pytest
from background import ask, job_and_plan, small_workspace, solving, until
from databases import on_both
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from planner import translate
from planner.config import Settings
from planner.jobs import child, watching
from planner.jobs.messages import Task
from planner.jobs.solving import Solving, writing
from planner.models import (
    Allocation,
    Booking,
    BookingKind,
    Job,
    JobState,
    Origin,
    Person,
    Plan,
    PlanState,
    Project,
    Seat,
    Workspace,
)
from planner.services.planning import answering, reading, running
from solver.check import score
from solver.problem import Pairing, Weights
from solver.search import StopFlag

PATIENCE_S = 60


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = small_workspace(settings)
    yield engine
    engine.dispose()


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
        "print(*{'ortools', 'pandas', 'solver.search'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True)
    assert ended.stdout.split() == []


def test_child_that_is_killed_is_replaced(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.working_on)
    job_id, waiting = ask(engine), []
    thread = threading.Thread(target=solving(engine, waiting.append).run, args=(job_id,))
    thread.start()
    until(lambda: bool(job_and_plan(engine, job_id)[0].progress.get("trace")))
    for process in multiprocessing.active_children():
        os.kill(process.pid or 0, signal.SIGKILL)
    thread.join(PATIENCE_S)
    assert waiting == [job_id]
    assert job_and_plan(engine, job_id)[0].state is JobState.RETRYING
    monkeypatch.undo()
    solving(engine).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, job.attempts, plan.state) == (JobState.DONE, 2, PlanState.READY)
    assert (job.failure_code, job.failure_values) == (None, None)


def test_poisonous_job_stops_after_three_tries(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.dying)
    job_id, waiting = ask(engine), []
    for _ in range(5):
        solving(engine, waiting.append).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert waiting == [job_id, job_id]
    assert (job.state, job.attempts, plan.state) == (JobState.FAILED, 3, PlanState.FAILED)
    reason = {"code": "process_died", "values": {"status": -9}}
    assert (job.failure_code, job.failure_values) == ("interrupted", {"attempts": 3, "reason": reason})
    assert (plan.failure_code, plan.failure_values) == (job.failure_code, job.failure_values)


def test_answer_that_the_rulebook_refuses_is_kept_and_shown_to_nobody(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.lying)
    job_id = ask(engine)
    solving(engine).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, plan.state) == (JobState.FAILED, PlanState.FAILED)
    (broken,) = plan.failure_values["rules"]
    assert (plan.failure_code, broken["values"]["claimed"]) == ("rules_are_broken", 1_000_000)
    assert (job.failure_code, job.failure_values) == (plan.failure_code, plan.failure_values)
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
        session.execute(update(Person).values(cost_currency="XXX", cost_minor=100))
    solving(engine).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert (job.state, plan.state) == (JobState.FAILED, PlanState.FAILED)
    reason = {"code": "rate_is_missing", "values": {"currency": "XXX"}}
    assert (plan.failure_code, plan.failure_values) == ("no_question", {"reason": reason})


# -- what the solver is asked


def test_lowest_cost_fills_as_much_as_filling_everything(engine: Engine) -> None:
    """Ann fits better and costs more; Bo does as well. Both seats of a project that only Ann can fill stay filled."""
    fit = (build.skill("sql", 3, must=False),)
    seats = (build.seat("one", fte=50, skills=fit), build.seat("two", fte=50, tags=("lang:fr",)))
    people = (build.person("ann", skills={"sql": 3}, cost=5000, tags=("lang:fr",)), build.person("bo", cost=1000))
    problem = build.problem(*people, seats=seats)
    with writing(engine) as session:
        for table in (Person, Project):
            session.execute(delete(table))
        translate.load_rows(session, problem)
    filled, cheapest = ask(engine, "fill"), ask(engine, "cost", preset="cost")
    for job_id in (filled, cheapest):
        solving(engine).run(job_id)
    holders = {}
    for job_id in (filled, cheapest):
        with Session(engine) as session:
            plan = session.get_one(Plan, session.get_one(Job, job_id).plan_id)
            holders[plan.preset] = {row.seat_key: row.person_key for row in plan.allocations}
    assert holders["cost"] == {"one": "bo", "two": "ann"}
    assert holders["fill"].keys() == holders["cost"].keys()


def test_second_stage_that_fills_less_is_not_taken() -> None:
    """With weights that let money win, the first stage's plan is the answer, at the second one's points."""
    problem = build.problem(build.person(cost=10**6), weights=Weights(fill=1, money=10**6))
    first = problem.replace(weights=Weights())
    here, there = multiprocessing.Pipe()
    task = Task(problem, time_limit_s=2, first=first.replace(weights=Weights(fill=10**6, money=0)))
    result = child.Search(task, StopFlag(), child.Courier(there, problem), time.monotonic()).answer()
    here.close()
    there.close()
    assert result.solution is not None
    assert dict(result.solution.holders) == {"dev": "ann"}
    assert result.objective == score(problem, result.solution).objective < 0


def test_what_was_put_by_hand_is_in_force_for_the_next_plan(engine: Engine) -> None:
    with writing(engine) as session:
        for table in (Person, Project):
            session.execute(delete(table))
        translate.load_rows(session, build.problem(build.person("ann"), build.person("bo")))
    first = ask(engine, "first")
    solving(engine).run(first)
    with writing(engine) as session:
        session.execute(update(Allocation).values(person_key="bo", origin=Origin.HAND))
    second = ask(engine, "second")
    solving(engine).run(second)
    with Session(engine) as session:
        plan = session.get_one(Plan, session.get_one(Job, second).plan_id)
        assert reading.question_of(plan).current == (Pairing("dev", "bo"),)
        assert [row.person_key for row in plan.allocations] == ["bo"]


def test_agreed_allocation_is_kept_and_hard(engine: Engine) -> None:
    with writing(engine) as session:
        seat, person = session.scalars(select(Seat.id)).one(), session.scalars(select(Person.id)).one()
        session.add(Booking(seat_id=seat, person_id=person, booking=BookingKind.HARD))
    job_id = ask(engine)
    solving(engine).run(job_id)
    with Session(engine) as session:
        row = session.scalars(select(Allocation)).one()
    assert (row.booking, row.origin) == (BookingKind.HARD, Origin.KEPT)


def test_question_is_frozen_when_it_is_first_worked_on(engine: Engine) -> None:
    job_id = ask(engine)
    with writing(engine) as session:
        plan = session.get_one(Plan, session.get_one(Job, job_id).plan_id)
        first = answering.work_of(session, plan).problem
    with writing(engine) as session:
        session.execute(update(Person).values(name="Somebody else"))
    with writing(engine) as session:
        plan = session.get_one(Plan, session.get_one(Job, job_id).plan_id)
        assert answering.work_of(session, plan).problem == first


def test_reproducible_search_begins_from_nothing(engine: Engine) -> None:
    solving(engine).run(ask(engine, "first"))
    for token, is_reproducible in (("again", False), ("same", True)):
        job_id = ask(engine, token, is_reproducible=is_reproducible)
        with writing(engine) as session:
            plan = session.get_one(Plan, session.get_one(Job, job_id).plan_id)
            assert (answering.work_of(session, plan).start is None) is is_reproducible


def test_question_whose_people_grow_is_planned_like_any_other(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(update(Workspace).values(is_growth=True))
    job_id = ask(engine)
    solving(engine).run(job_id)
    with writing(engine) as session:
        assert session.get_one(Job, job_id).state is JobState.DONE


def test_database_that_is_busy_for_a_while_costs_no_attempt(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "solve_in_child", odd_children.slow)
    job_id, busy = ask(engine), []
    beat, store = running.beat, answering.store

    def refuse(*args: object) -> None:
        busy.append(args)
        raise OperationalError("UPDATE job", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(running, "beat", lambda *args: refuse(*args) if len(busy) < 2 else beat(*args))
    monkeypatch.setattr(answering, "store", lambda *args: refuse(*args) if len(busy) < 4 else store(*args))
    solving(engine).run(job_id)
    job, plan = job_and_plan(engine, job_id)
    assert len(busy) >= 3
    assert (job.state, job.attempts, plan.state) == (JobState.DONE, 1, PlanState.READY)
