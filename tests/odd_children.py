"""Processes that solve badly, each in its own way; a worker must survive them all."""

import os
import signal
import time
from multiprocessing.connection import Connection

from planner.jobs.messages import News, Task
from solver.solution import Result, Solution, Status, TracePoint


def dying(pipe: Connection, task: Task) -> None:
    """Is killed by the system as soon as it works."""
    os.kill(os.getpid(), signal.SIGKILL)


def deaf(pipe: Connection, task: Task) -> None:
    """Finds a plan, says so, and hears nothing from then on."""
    best = task.start or Solution({}, {"dev": "ann"})
    pipe.send(News((TracePoint(0.1, 1, None, 1, "deaf"),), best))
    time.sleep(600)


def lying(pipe: Connection, task: Task) -> None:
    """Claims more points than its plan is worth."""
    pipe.send(Result(task.problem.name, Status.FEASIBLE, Solution({}, {"dev": "ann"}), 10**6, 10**6))


def working_on(pipe: Connection, task: Task) -> None:
    """Says every now and then that it is at work, and never ends by itself."""
    while True:
        pipe.send(News((TracePoint(0.1, None, None, 0, "working"),), None))
        time.sleep(0.1)


def prompt(pipe: Connection, task: Task) -> None:
    """Answers at once that it has found nothing."""
    pipe.send(Result(task.problem.name, Status.UNKNOWN))


def slow(pipe: Connection, task: Task) -> None:
    """Answers after a while that it has found nothing."""
    time.sleep(2)
    prompt(pipe, task)
