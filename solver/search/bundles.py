"""The same improvement elsewhere: bundles of parts for an executor's processes, here or on other machines."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor, Future
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from solver.eligible import Eligibility, eligibility_of
from solver.model import Plan
from solver.problem import Problem
from solver.search.improve import Improver, offer_merged
from solver.search.incumbent import Incumbent
from solver.search.neighbourhoods import Views
from solver.search.options import Clock, Options, StopFlag
from solver.search.whole import useful_pairs

BUNDLE_S = 1.5  # long enough to be worth its way there and back
POLL_S = 0.1


class Bundle(NamedTuple):
    """A plan to improve for a while; everything in it can be sent to another process."""

    problem: Problem
    held: tuple[int, ...]
    starts: tuple[tuple[int, int], ...]
    seed: int


class Found(NamedTuple):
    """The best plan of a bundle."""

    held: tuple[int, ...]
    starts: tuple[tuple[int, int], ...]


def improve_bundle(bundle: Bundle) -> Found:
    """Improves a plan part by part, wherever this runs."""
    able, near = _prepared(_Key(bundle.problem))
    options = Options(time_limit_s=BUNDLE_S, workers=1, seed=bundle.seed)
    incumbent = Incumbent(able, Clock(options, StopFlag(), None), 0.0, None)
    incumbent.offer(_plan(able, bundle.held, bundle.starts), "given")
    improver = Improver(incumbent, near, options, 0)
    while not incumbent.clock.is_over and incumbent.plan is not None:
        improver.step(incumbent.plan)
    best = incumbent.plan
    return Found(*_rows(best)) if best is not None else Found(bundle.held, bundle.starts)


class BundleImprover:
    """Improves by sending bundles to an executor; one that breaks costs the bundle, and then its work is done here."""

    def __init__(self, here: Improver, executor: Executor) -> None:
        self._here, self._executor, self._incumbent = here, executor, here.incumbent
        self._is_broken = False

    def step(self, plan: Plan) -> bool:
        """Sends one bundle; whether a better plan came back."""
        if self._is_broken:
            return self._here.step(plan)
        self._here.num_rounds += 1
        bundle = Bundle(self._incumbent.able.problem, *_rows(plan), self._here.seed + self._here.num_rounds)
        try:
            found = self._wait(self._executor.submit(improve_bundle, bundle))
        except BrokenExecutor:
            self._is_broken = True
            return False
        return found is not None and offer_merged(self._incumbent, plan, _plan(self._incumbent.able, *found))

    def _wait(self, future: Future[Found]) -> Found | None:
        """What came back; nothing where the clock is over first."""
        while not self._incumbent.clock.is_over:
            try:
                return future.result(timeout=POLL_S)
            except TimeoutError:
                continue
        future.cancel()
        return None


class _Key:
    """A problem as the key of what was prepared for it: by name and size first, so that looking it up is cheap."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def __hash__(self) -> int:
        return hash((self.problem.name, len(self.problem.people), len(self.problem.projects)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.problem == other.problem


@lru_cache(maxsize=2)
def _prepared(key: _Key) -> tuple[Eligibility, Views]:
    able = eligibility_of(key.problem)
    return able, Views(able, useful_pairs(able))


def _rows(plan: Plan) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    return tuple(np.flatnonzero(plan.held).tolist()), tuple(sorted(plan.starts.items()))


def _plan(able: Eligibility, held: tuple[int, ...], starts: tuple[tuple[int, int], ...]) -> Plan:
    mask = np.zeros(len(able), dtype=np.bool_)
    mask[list(held)] = True
    return Plan(mask, dict(starts))
