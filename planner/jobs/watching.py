"""The watch over one process that solves: its news, its heartbeat, its end, whichever way it ends."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from threading import Event

from planner.jobs.messages import STOP, News, Question, Share, Task, Told, solve_in_child
from planner.models import Preset
from planner.services.planning.answering import Work, thinned
from planner.services.planning.causes import Cause, cause
from planner.services.planning.inquiries import Asked
from planner.translate import weights_of
from solver.check import score
from solver.solution import Result, Solution, Status, TracePoint

BEAT_S = 0.5
PATIENCE_S = 5.0  # after being asked to stop, before the child is ended by force
GRACE_S = 20.0  # beyond the time limit

Beat = Callable[[dict[str, object]], bool | None]


class Ending(StrEnum):
    """How a watch ended."""

    ANSWERED = "answered"
    DIED = "died"
    STOPPED = "stopped by the worker"
    TAKEN = "taken over by another worker"


class Watch:
    """One child from its start to its end.

    Parameters
    ----------
    beat
        Says how far the work is; whether it is asked to stop, None where somebody else has it now.
    """

    def __init__(self, task: Task | Question, *, beat: Beat) -> None:
        self._task, self._beat = task, beat
        self._share = 0.0
        self.told: dict[str, object] | None = None
        self._began = time.monotonic()
        self._best: Solution | None = None
        self._answer: Result | None = None
        self._asked_at: float | None = None
        self.trace: list[TracePoint] = []
        self._exit_status: int | None = None

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether somebody wants no more than the best plan so far."""
        return self._asked_at is not None

    @property
    def result(self) -> Result:
        """The child's answer; where it had to be ended by force, the best plan that it has sent."""
        return self._answer if self._answer is not None else self._best_so_far()

    @property
    def reason(self) -> Cause:
        """Why nothing came of a child that died."""
        return cause("process_died", status=self._exit_status)

    def run(self, stopping: Event) -> Ending:
        """Starts the child, and does not leave before it has ended."""
        context = forking()
        pipe, theirs = context.Pipe()
        child = context.Process(target=solve_in_child, args=(theirs, self._task), daemon=True)
        child.start()
        theirs.close()
        try:
            return self._watch(pipe, child, stopping)
        finally:
            child.kill()
            child.join()
            pipe.close()

    def _watch(self, pipe: Connection, child: ForkServerProcess, stopping: Event) -> Ending:
        while True:
            is_there = self._listen(pipe)
            if self._has_answered:
                return Ending.ANSWERED
            if stopping.is_set():
                return Ending.STOPPED
            if not is_there:
                child.join(PATIENCE_S)
                self._exit_status = child.exitcode
                return Ending.DIED
            is_asked = self._beat(self._progress())
            if is_asked is None:
                return Ending.TAKEN
            if is_asked:
                self._ask_to_stop(pipe)
            if self._is_overdue():
                return Ending.ANSWERED

    def _listen(self, pipe: Connection) -> bool:
        """Takes in the news of half a second, or less where the answer comes; whether the child is still there."""
        until = time.monotonic() + BEAT_S
        try:
            while not self._has_answered and pipe.poll(max(0.0, until - time.monotonic())):
                self._take(pipe.recv())
        except (EOFError, OSError):
            return False
        return True

    @property
    def _has_answered(self) -> bool:
        return self._answer is not None or self.told is not None

    def _take(self, message: News | Result | Share | Told) -> None:
        match message:
            case Result():
                self._answer = message
            case Told(document):
                self.told = document
            case Share(share):
                self._share = share
            case News(points, best):
                self.trace.extend(points)
                self._best = best or self._best

    def _ask_to_stop(self, pipe: Connection) -> None:
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            pipe.send(STOP)

    def _is_overdue(self) -> bool:
        """Whether the child has neither answered in time nor when it was asked to."""
        now = time.monotonic()
        is_deaf = self._asked_at is not None and now - self._asked_at > PATIENCE_S
        return is_deaf or now - self._began > self._task.time_limit_s + GRACE_S

    def _progress(self) -> dict[str, object]:
        points = [asdict(point) for point in thinned(self.trace)]
        seconds = round(time.monotonic() - self._began, 1)
        return {"seconds": seconds, "trace": points, "share": round(self._share, 2)}

    def _best_so_far(self) -> Result:
        problem, seconds = self._task.problem, time.monotonic() - self._began
        if self._best is None:
            return Result(problem.name, Status.UNKNOWN, seconds=seconds)
        objective = score(problem, self._best).objective
        bounds = [point.bound for point in self.trace if point.bound is not None and point.bound >= objective]
        bound = min(bounds, default=None)
        status = Status.OPTIMAL if bound == objective else Status.FEASIBLE
        return Result(problem.name, status, self._best, objective, bound, seconds)


def warm_up() -> None:
    """Has OR-Tools loaded where children come from, before the first one is wanted."""
    forking()
    forkserver.ensure_running()


def forking() -> ForkServerContext:
    """Where children come from: a server that has OR-Tools loaded, which this process never has."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["planner.jobs.child"])
    return context


def task_of(work: Work, workers: int) -> Task:
    """What the child is to do. The lowest cost is sought in two stages, the first of which only fills."""
    request = work.request
    usual = weights_of(Preset.FILL, work.usual_weights)
    is_cheapest = request.preset is Preset.COST
    return Task(
        problem=work.problem,
        time_limit_s=request.time_limit_s,
        workers=workers,
        seed=request.seed,
        is_reproducible=request.is_reproducible,
        start=work.start,
        first=work.problem.replace(weights=usual) if is_cheapest else None,
    )


def question_of(asked: Asked, workers: int) -> Question:
    """What the child is to answer."""
    return Question(
        kind=asked.kind,
        problem=asked.problem,
        given=asked.given,
        time_limit_s=asked.time_limit_s,
        workers=workers,
        market=asked.market,
        max_hires=asked.max_hires,
        hire_budget=asked.hire_budget,
        seat=asked.seat,
        person=asked.person,
        differ=asked.differ,
    )
