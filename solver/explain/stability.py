"""How stable a plan is: how far each weight may move before another plan is better."""

from __future__ import annotations

from dataclasses import dataclass, replace

from solver.check import score
from solver.explain.asking import Asking, Moves, Range, Tell, aligned, moves
from solver.problem import Problem
from solver.search import Options, StopFlag
from solver.solution import Result, Solution

WEIGHTS = ("fill", "fit", "style", "preference", "money", "change")
TIMES, LEAST_TOP, MOST_WEIGHT = 10, 1000, 10**6
STEPS = 16  # towards one end


@dataclass(frozen=True, slots=True)
class End:
    """How far a weight may move one way, `far` at the most: the plan is the best at `holds`, and at `breaks` no more.

    `breaks` is None where no weight was found at which another plan is better. What lies in between is not known:
    nothing does, unless the time ended before. `moves` is what the better plan does otherwise at `breaks`.
    """

    far: int
    holds: int
    breaks: int | None
    moves: Moves = ()

    @property
    def is_settled(self) -> bool:
        """Whether it is known to the point where the plan stops being the best."""
        return self.holds == self.far or (self.breaks is not None and abs(self.breaks - self.holds) == 1)


@dataclass(frozen=True, slots=True)
class WeightRange:
    """A weight as it is, and how far down and up it may go."""

    weight: str
    now: int
    down: End
    up: End


@dataclass(frozen=True, slots=True)
class Stability:
    """Whether the plan is the best of its question, None where that is not known; only then there are ranges."""

    is_best: bool | None
    better_by: Range
    ranges: tuple[WeightRange, ...]


def stability(
    problem: Problem,
    given: Result,
    options: Options,
    *,
    tell: Tell | None = None,
    stop: StopFlag | None = None,
) -> Stability:
    """How far each weight may move, the others as they are, before the plan is not the best any more."""
    asking = Asking(problem, given, options, tell=tell, stop=stop)
    base = asking.best(0.2)
    better = Range(
        max(0, (base.objective or 0) - asking.points), None if base.bound is None else base.bound - asking.points
    )
    if better.most != 0:
        asking.tell(1.0)
        return Stability(False if better.least else None, better, ())
    ranges = []
    for n, name in enumerate(WEIGHTS):
        ranges.append(_range_of(asking, name))
        asking.tell((n + 1) / len(WEIGHTS))
    return Stability(True, better, tuple(ranges))


def _range_of(asking: Asking, name: str) -> WeightRange:
    now = getattr(asking.problem.weights, name)
    top = min(MOST_WEIGHT, max(LEAST_TOP, TIMES * now))
    return WeightRange(name, now, _end(asking, name, now, 0), _end(asking, name, now, top))


def _end(asking: Asking, name: str, now: int, far: int) -> End:
    """Goes to the far end, and from there to where the plan found is no better, until no plan is (Newton's way)."""
    plan, holds, at = asking.plan, now, far
    breaks: int | None = None
    found: Moves = ()
    for _step in range(STEPS):
        if at == holds:
            break
        changed = _weighted(asking.problem, name, at)
        mine, after = score(changed, plan).objective, asking.solve(changed, plan, share=0.2)
        if after.bound is not None and after.bound <= mine:
            holds = at
            break
        if after.solution is None or (after.objective or 0) <= mine:
            return End(far, holds, breaks, found)
        other = aligned(asking.problem, plan, after.solution)
        found = moves(plan, other)
        at, breaks = _crossing(asking.problem, name, (plan, after.solution), (holds, at))
    return End(far, holds, breaks, found)


def _crossing(problem: Problem, name: str, plans: tuple[Solution, Solution], ends: tuple[int, int]) -> tuple[int, int]:
    """Two neighbours: at the first weight a plan is as good as another one, at the second it is not."""
    low, high = ends
    while abs(high - low) > 1:
        middle = (low + high) // 2
        changed = _weighted(problem, name, middle)
        is_good = score(changed, plans[0]).objective >= score(changed, plans[1]).objective
        low, high = (middle, high) if is_good else (low, middle)
    return low, high


def _weighted(problem: Problem, name: str, value: int) -> Problem:
    return problem.replace(weights=replace(problem.weights, **{name: value}))
