"""What has been measured: a problem, and each method's run on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from planner.bench.instances import Instance
from planner.bench.methods import Method

LATE_S, LATE_SHARE = 1.0, 0.02  # by which a process may end after its time: a second, or a part of it


class Point(NamedTuple):
    """What a method knew `seconds` after its process was started."""

    seconds: float
    objective: int | None
    bound: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """One method's run on one problem.

    `objective` and `bound` are None unless the plan was judged right; `faults` say what is wrong with the run.
    """

    method: Method
    time_limit_s: float
    wall_s: float
    cpu_s: float
    peak_bytes: int
    load: float
    status: str = "none"
    objective: int | None = None
    bound: int | None = None
    filled: int = 0
    figure: int | None = None
    trace: Sequence[Point] = ()
    faults: tuple[str, ...] = ()

    @property
    def gap(self) -> float | None:
        """(bound - objective) / objective; None where nothing is proven."""
        if self.objective is None or self.bound is None:
            return None
        return (self.bound - self.objective) / self.objective if self.objective > 0 else None

    @property
    def is_optimal(self) -> bool:
        return self.objective is not None and self.objective == self.bound

    @property
    def is_late(self) -> bool:
        return self.wall_s > self.time_limit_s + max(LATE_S, LATE_SHARE * self.time_limit_s)

    def seconds_to(self, bound: int | None, percent: int | None) -> float | None:
        """When there was a first plan, or one that any plan is better than by so many percent at most."""
        for point in self.trace:
            if point.objective is None:
                continue
            if percent is None or (bound is not None and 100 * bound <= (100 + percent) * point.objective):
                return point.seconds
        return None


class Size(NamedTuple):
    """How large a problem is, and the seconds that it takes to read it and to see who may hold what."""

    people: int
    seats: int
    pairs: int
    read_s: float
    prepare_s: float


@dataclass(frozen=True, slots=True)
class Case:
    """A problem and the runs on it.

    `best` is the best objective that anybody has found for it, `limit` a proven upper bound: the published one and
    those of the runs.
    """

    instance: Instance
    digest: str
    size: Size
    runs: Mapping[Method, Run] = field(default_factory=dict)
    best: int | None = None
    limit: int | None = None

    @property
    def ours(self) -> Run | None:
        return self.runs.get(Method.OURS)

    @property
    def faults(self) -> list[str]:
        """What is wrong with its runs, each with who and where."""
        return [
            f"{self.instance.name}, {run.method.label}: {text}" for run in self.runs.values() for text in run.faults
        ]

    def share(self, method: Method) -> float | None:
        """A method's objective as a part of the lowest bound."""
        run = self.runs.get(method)
        if run is None or run.objective is None or not self.limit or self.limit <= 0:
            return None
        return run.objective / self.limit
