"""The process that solves: the only one that loads OR-Tools; it can be killed, and what it found so far is kept.

It is forked from a server that has this module loaded already, so it starts in a blink. Its pipe is its lifeline:
where the other end is gone, nobody waits for its answer.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection

from planner.jobs import inquiring
from planner.jobs.messages import STOP, News, Question, Share, Task, Told
from solver.check import score
from solver.problem import Problem
from solver.search import Options, StopFlag, solve
from solver.solution import Result, Solution, Status, TracePoint

SEND_EVERY_S = 0.25
OnProgress = Callable[[TracePoint], None]
ORPHANED = 70  # the exit status of a process whose worker is gone
FIRST_SHARE = 0.5  # of the time, for the first of two stages


def main(pipe: Connection, task: Task | Question) -> None:
    """Solves, tells the news several times a second, and sends the Result, or what was asked, as its last word."""
    began = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):  # sent to the whole group; they are the worker's to answer
        signal.signal(number, signal.SIG_IGN)
    stop = StopFlag()
    threading.Thread(target=_listen, args=(pipe, stop), daemon=True).start()
    if isinstance(task, Question):
        pipe.send(Told(inquiring.answer(task, stop, lambda share: pipe.send(Share(share)))))
        return
    courier = Courier(pipe, task.problem)
    courier.start()
    result = Search(task, stop, courier, began).answer()
    courier.end()
    pipe.send(result)


class Courier:
    """Sends the news on, from a thread of its own so that a slow reader never holds the search up."""

    def __init__(self, pipe: Connection, problem: Problem) -> None:
        self._pipe, self._problem = pipe, problem
        self._points: list[TracePoint] = []
        self._found: Solution | None = None
        self._objective: int | None = None
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._send_often, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def tell(self, point: TracePoint) -> None:
        """A point of the trace."""
        with self._lock:
            self._points.append(point)

    def keep(self, solution: Solution) -> None:
        """A plan that is better than those before it, in its stage."""
        with self._lock:
            self._found = solution

    def end(self) -> None:
        """Sends what is left, and no more after that."""
        self._ended.set()
        self._thread.join()

    def _send_often(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._ended.wait(SEND_EVERY_S)
            with self._lock:
                points, found = tuple(self._points), self._found
                self._points, self._found = [], None
            best = found if found is not None and self._is_better(found) else None
            if points or best is not None:
                self._pipe.send(News(points, best))

    def _is_better(self, solution: Solution) -> bool:
        """Whether the plan is the best of all stages."""
        objective = score(self._problem, solution).objective
        if self._objective is not None and objective <= self._objective:
            return False
        self._objective = objective
        return True


class Search:
    """The search for a task's answer, in one stage or in two.

    The second stage must not fill less than the first: this is verified, whatever the weights of the two.
    """

    def __init__(self, task: Task, stop: StopFlag, courier: Courier, began: float) -> None:
        self._task, self._stop, self._courier, self._began = task, stop, courier, began
        self._floor = 0  # points of the first stage's plan

    def answer(self) -> Result:
        task = self._task
        if task.first is None:
            return self._stage(task.problem, task.start, 1.0, self._courier.tell)
        first = self._stage(task.first, task.start, FIRST_SHARE, self._tell_filled)
        if first.solution is None:
            return first
        self._floor = score(task.problem, first.solution).objective
        second = self._stage(task.problem, first.solution, 1.0, self._tell_better)
        if second.solution is not None and fill_of(task.problem, second.solution) >= fill_of(
            task.first, first.solution
        ):
            return second
        return _judged(second, task.problem, first)

    def _stage(self, problem: Problem, start: Solution | None, share: float, tell: OnProgress) -> Result:
        task = self._task
        options = Options(
            time_limit_s=max(1.0, share * task.time_limit_s),
            workers=task.workers,
            seed=task.seed,
            deterministic=task.is_reproducible,
            start=start,
        )
        return solve(
            problem,
            options,
            on_progress=tell,
            on_solution=self._courier.keep,
            stop=self._stop,
            started_at=self._began,
        )

    def _tell_filled(self, point: TracePoint) -> None:
        """The first stage counts in points of its own, which would not go together with the second's."""
        self._courier.tell(replace(point, objective=None, bound=None))

    def _tell_better(self, point: TracePoint) -> None:
        """The second stage has news once it is where the first one ended."""
        if point.objective is not None and point.objective >= self._floor:
            self._courier.tell(point)


def fill_of(problem: Problem, solution: Solution | None) -> int:
    """How much a plan fills, as the objective weighs it: size times priority, summed over its seats."""
    holders = solution.holders if solution is not None else ()
    phases, projects = problem.phase_of_seat, problem.project_of_phase
    return sum(problem.seat_by_id[seat].size * projects[phases[seat].id].priority for seat in holders)


def _judged(second: Result, problem: Problem, first: Result) -> Result:
    """The first stage's plan as an answer to the second one's question."""
    solution = first.solution or Solution()
    objective = score(problem, solution).objective
    is_bounded = second.bound is not None and second.bound >= objective
    return Result(
        problem=problem.name,
        status=Status.FEASIBLE,
        solution=solution,
        objective=objective,
        bound=second.bound if is_bounded else None,
        seconds=second.seconds,
        unfilled=first.unfilled,
    )


def _listen(pipe: Connection, stop: StopFlag) -> None:
    """Stops when asked to, and ends at once where nobody is there to ask."""
    try:
        while True:
            if pipe.recv() == STOP:
                stop.set()
    except (EOFError, OSError):
        os._exit(ORPHANED)
