"""The ways to a plan that are run beside each other; each is loaded by the process that runs it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import NamedTuple

from solver.problem import Problem
from solver.solution import Result


class Method(StrEnum):
    GREEDY = "greedy"
    MODEL = "model"
    OURS = "ours"

    @property
    def label(self) -> str:
        """What tables and pictures call it."""
        return LABELS[self]


LABELS = {Method.GREEDY: "greedy list", Method.MODEL: "plain CP-SAT", Method.OURS: "planner"}


class Terms(NamedTuple):
    """What a run may use, the same for every method.

    Parameters
    ----------
    time_limit_s
        Seconds from `began` to the plan.
    workers
        Threads at work.
    seed
        Where chance begins.
    gap
        Ours ends where it has proven to be this near to the best; the others know no such thing.
    began
        `time.monotonic()` when the process was started, by the clock of the machine, which all its processes share.
    """

    time_limit_s: float
    workers: int
    seed: int
    gap: float
    began: float


Maker = Callable[[Problem, Terms], Result]


def maker_of(method: Method) -> Maker:
    """The function that makes the method's plans."""
    maker: Maker = import_module(f"planner.bench.methods.{method}").make_plan
    return maker
