"""Where the parts of a search run: threads of the solving process, processes beside it, or a Dask cluster."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

THREADS, PROCESSES, CLUSTER = "threads", "processes", "tcp://"
PRELOADED = ["solver.search"]


class UnknownExecutorError(ValueError):
    """What PLANNER_EXECUTOR says is none of the ways in which parts can run."""


@contextmanager
def executor_of(asked: str, workers: int) -> Iterator[Executor | None]:
    """The executor for a search with so many workers, the first of which is the searching process itself.

    Parameters
    ----------
    asked
        `threads` (None: the search has threads of its own), `processes`, or the address of a Dask scheduler,
        `tcp://host:port`.

    Raises
    ------
    UnknownExecutorError
        Where `asked` is something else, or Dask is not installed.
    """
    if asked.startswith(CLUSTER):
        with _cluster(asked) as executor:
            yield executor
    elif asked == PROCESSES and workers > 1:
        with _processes(workers - 1) as executor:
            yield executor
    elif asked in (THREADS, PROCESSES):
        yield None
    else:
        raise UnknownExecutorError(f"PLANNER_EXECUTOR is {asked!r}; it is threads, processes or tcp://host:port.")


@contextmanager
def _processes(num: int) -> Iterator[Executor]:
    """Processes that have OR-Tools loaded before they are needed, and end when the search does."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(num, mp_context=context, initializer=_leave_interrupts_alone)
    pool.submit(int)  # starts the server now, beside whatever comes before the first part
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()


def _leave_interrupts_alone() -> None:
    """Ctrl-C is sent to all of a terminal's processes; it is the searching one's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client  # noqa: PLC0415 - only who has a cluster has it
    except ImportError:
        raise UnknownExecutorError(f"{address} needs Dask: pip install 'planner[cluster]'.") from None
    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        yield client.get_executor()
