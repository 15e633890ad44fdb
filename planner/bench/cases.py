"""What has been measured: a problem, and each method's run on it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from planner.bench.families import FAMILIES
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
    def gap(self) -> Fraction | None:
        """(bound - objective) / objective; None where nothing is proven, or there is nothing to be a part of."""
        if self.objective is None or self.bound is None:
            return None
        return Fraction(self.bound - self.objective, self.objective) if self.objective > 0 else None

    @property
    def is_optimal(self) -> bool:
        return self.objective is not None and self.objective == self.bound

    @property
    def is_late(self) -> bool:
        return self.wall_s > self.time_limit_s + max(LATE_S, LATE_SHARE * self.time_limit_s)


class Size(NamedTuple):
    """How large a problem is, the seconds that it takes to read it and to see who may hold what, and the memory."""

    people: int
    seats: int
    pairs: int
    read_s: float
    prepare_s: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Case:
    """A problem and the runs on it.

    `published` is the best objective that others have published, `best` the best that anybody has found, us among
    them, `limit` the lowest proven upper bound of those published and those of the runs.
    """

    instance: Instance
    digest: str
    size: Size
    runs: Mapping[Method, Run] = field(default_factory=dict)
    published: int | None = None
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

    @property
    def most(self) -> int | None:
        """What objectives are held against: the published plan, or else the lowest bound."""
        most = self.published if self.published is not None else self.limit
        return most if most is not None and most > 0 else None

    def lack(self, objective: int | None) -> Fraction | None:
        """How much better `most` is than an objective, as a part of it; negative for a plan that is better still.

        Where others publish a figure of which less is better, it is counted in that figure: one point is one of it.
        """
        known, family = self.instance.known, FAMILIES.get(self.instance.family or "")
        if objective is None or self.most is None:
            return None
        if known is not None and family is not None and family.is_less_better:
            return Fraction(self.most - objective, known.best)
        return Fraction(self.most - objective, objective) if objective > 0 else None

    def share(self, method: Method) -> Fraction | None:
        """What a method's plan reaches of `most`; nothing where it leaves undone what its family asks."""
        run = self.runs.get(method)
        if run is None or run.objective is None:
            return None
        if self.instance.known is not None and run.figure is None:
            return Fraction(0)
        lack = self.lack(run.objective)
        return 1 / (1 + lack) if lack is not None else None

    def seconds_to(self, run: Run, within: Fraction | float = math.inf) -> float | None:
        """When a run had a plan that lacked no more than this."""
        for point in run.trace:
            lack = self.lack(point.objective)
            if point.objective is not None and (math.isinf(within) or (lack is not None and lack <= within)):
                return point.seconds
        return None
