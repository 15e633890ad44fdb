"""What a worker and the process that solves say to each other; light, so that neither loads what only one needs."""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from solver.problem import Problem
from solver.problem.market import Market
from solver.solution import Result, Solution, TracePoint

STOP = "stop"


class Task(NamedTuple):
    """What to solve and how; with `first`, in two stages: its plan is what the second one begins with."""

    problem: Problem
    time_limit_s: float
    workers: int = 1
    seed: int = 1
    is_reproducible: bool = False
    start: Solution | None = None
    first: Problem | None = None


class Question(NamedTuple):
    """What is asked about a plan, by the kind of its inquiry; `given` is the plan."""

    kind: str
    problem: Problem
    given: Result
    time_limit_s: float
    workers: int = 1
    seed: int = 1
    market: Market | None = None
    max_hires: int | None = None
    hire_budget: int | None = None
    seat: str = ""
    person: str = ""
    differ: int = 0


class Share(NamedTuple):
    """How far the work on a question is, from 0 to 1."""

    share: float


class Told(NamedTuple):
    """The answer to a question, as JSON has it."""

    document: dict[str, Any]


class News(NamedTuple):
    """What has happened since the last news: points of the trace, and the best plan where there is a better one."""

    points: tuple[TracePoint, ...]
    best: Solution | None


def solve_in_child(pipe: Connection, task: Task | Question) -> None:
    """The life of a process that solves."""
    from planner.jobs import child  # noqa: PLC0415 -- OR-Tools, which the process that forks this one has loaded

    child.main(pipe, task)
