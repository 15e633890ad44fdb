"""Parts of a search run elsewhere: in processes here, on a cluster; and one that dies costs time, never the plan."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from multiprocessing import active_children

import pytest
from companies import assert_right, company

from planner.executors import UnknownExecutorError, executor_of
from solver.search import Options, StopFlag, solve
from solver.solution import TracePoint


@pytest.fixture(autouse=True)
def never_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a small problem is searched part by part."""
    monkeypatch.setattr("solver.search.strategy.LARGE", 0)


def solved_until_a_part(executor: Executor | None, disturb: Callable[[], object] = lambda: None) -> None:
    """Solves until something has come of a part, with a disturbance soon after the begin."""
    asked, stop = company(), StopFlag()
    timer = threading.Timer(2.0, disturb)
    timer.start()

    def watch(point: TracePoint) -> None:
        if point.source == "part" and time.monotonic() - began > 4:
            stop.set()

    began = time.monotonic()
    result = solve(asked, Options(time_limit_s=12, workers=2), executor=executor, stop=stop, on_progress=watch)
    timer.join()
    assert_right(asked, result)
    assert "part" in {point.source for point in result.trace}


def test_threads_need_no_executor() -> None:
    with executor_of("threads", 2) as executor:
        assert executor is None
    with executor_of("processes", 1) as executor:
        assert executor is None


@pytest.mark.seconds
def test_processes_improve_the_plan_and_end_with_the_search() -> None:
    before = set(active_children())
    with executor_of("processes", 2) as executor:
        assert executor is not None
        assert executor.submit(os.getpid).result() != os.getpid()
        solved_until_a_part(executor)
    deadline = time.monotonic() + 10
    while set(active_children()) - before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert set(active_children()) == before


@pytest.mark.seconds
def test_process_that_is_killed_in_the_middle_costs_time_and_never_the_plan() -> None:
    with executor_of("processes", 2) as executor:
        assert executor is not None
        victim = executor.submit(os.getpid).result()
        solved_until_a_part(executor, disturb=lambda: os.kill(victim, 9))


def test_executor_that_is_none_is_refused_in_a_sentence() -> None:
    with pytest.raises(UnknownExecutorError, match="threads, processes or tcp"), executor_of("carrier pigeons", 2):
        pass


@pytest.mark.filterwarnings("ignore")
def test_cluster_improves_the_plan_and_outlives_a_worker() -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        executor_of(cluster.scheduler_address, 2) as executor,
    ):
        assert executor is not None
        victim = executor.submit(os.getpid).result()
        assert victim != os.getpid()
        solved_until_a_part(executor, disturb=lambda: os.kill(victim, 9))
