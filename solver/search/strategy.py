"""In which order the ways to a better plan and to a better bound are tried."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solver.bound import MOST_STARTS, Hours, TooManyPatternsError, peak_bound
from solver.model import Guide, Plan, UnfinishedModelError, empty_plan
from solver.search.bundles import BundleImprover
from solver.search.construct import greedy_plan
from solver.search.first import is_bound
from solver.search.hiring import Hiring, may_save_hires
from solver.search.improve import Improver
from solver.search.incumbent import Incumbent
from solver.search.neighbourhoods import Views
from solver.search.options import Options
from solver.search.outlining import Outlining
from solver.search.pricing import Pricing
from solver.search.running import effort_of
from solver.search.shelf import Shelf
from solver.search.whole import hunt_whole, solve_whole, useful_pairs, with_pairs, worthy_pairs

TINY = 400  # literals: so few are proven at once, as a rule
LARGE = 12_000  # literals: so many are not worth one model of everything
PATIENCE = 40  # parts in a row that bring nothing, until everything is looked at at once
ROUNDS_FIRST, ROUNDS_MOST = 60, 2000
ROUNDS_OF_TIME = 400
PRICING_SHARE, SHARPENING_SHARE, DIVING_SHARE = 0.3, 0.1, 0.6
OUTLINING_SHARE, HIRING_SHARE = 0.4, 0.25
PARTS_FOR_ONE_EFFORT = 120
WORK_S = 8.0  # of CP-SAT's own seconds, for each unit of effort


def search(incumbent: Incumbent, options: Options, executor: Executor | None) -> None:
    """Improves the plan and the bound until the clock is over or nothing is left to try."""
    strategy = Strategy(incumbent, options)
    strategy.construct()
    strategy.save_hires()
    if strategy.roams:
        strategy.outline()
    if strategy.is_tiny or (strategy.roams and strategy.num_literals <= LARGE):
        strategy.look_at_everything(share=1.0 if strategy.roams else 0.6)
    if not incumbent.clock.is_over:
        guide = strategy.price()
        strategy.hunt(guide, share=0.3)
        strategy.improve(guide, executor)
        strategy.hunt(guide, share=1.0)
    if not incumbent.clock.is_over and strategy.may_look_at_everything and strategy.has_proof:
        strategy.look_at_everything(share=1.0)


class Strategy:
    """The ways there are, over one best plan."""

    def __init__(self, incumbent: Incumbent, options: Options) -> None:
        self.incumbent, self.clock, self.options = incumbent, incumbent.clock, options
        self.able = incumbent.able
        self.pairs: NDArray[np.int64] = useful_pairs(self.able)
        starts = np.array([phase.latest - phase.earliest + 1 for phase in self.able.book.phases], dtype=np.int64)
        self._starts = starts[self.able.phase]
        self.roams = bool((self._starts[self.pairs] > MOST_STARTS).any())
        self.num_literals = self._num_literals(self.pairs)
        self.may_look_at_everything = self.num_literals <= LARGE or self.roams
        base = incumbent.plan if incumbent.plan is not None and is_bound(self.able) else empty_plan(self.able)
        self.base = base
        self.has_proof = True  # whether all pairs are still looked at

    @property
    def is_tiny(self) -> bool:
        return self.num_literals <= TINY

    def look_at_everything(self, share: float) -> None:
        """One exact model of everything, for a share of the time that is left."""
        effort = effort_of(self.options, self.clock, share, share * WORK_S)
        with suppress(UnfinishedModelError):
            solve_whole(self.incumbent, self.pairs, replace(effort, is_timetable=self.roams))

    def save_hires(self) -> None:
        """The same work by fewer hires."""
        if may_save_hires(self.able) and not self.clock.is_over:
            is_over = self._within(HIRING_SHARE)
            Hiring(self.incumbent, self.options, self.pairs).go(lambda: is_over() or self.clock.is_over)

    def outline(self) -> None:
        """Projects that roam in time and count only as a whole: when, and then by whom."""
        outlining = Outlining(self.incumbent, self.options, self.pairs)
        if outlining.may_serve and not self.clock.is_over:
            outlining.go(1.0 if outlining.is_exact else OUTLINING_SHARE)

    def construct(self) -> None:
        """A plan made from scratch, and a bound that costs nothing."""
        self.incumbent.offer_bound(peak_bound(self.able, self.pairs), "roles")
        self.incumbent.offer(greedy_plan(self.able, self.pairs, self.base, lambda: self.clock.is_over), "greedy")

    def price(self) -> Guide | None:
        """The bound of prices, the plans that they suggest on the way, and the guide that they end in."""
        if self.incumbent.plan is not None:  # what is held counts, even where no best plan would hold it
            self.pairs = with_pairs(self.pairs, self.incumbent.plan.held)
        is_over = self._within(PRICING_SHARE)
        pricing = Pricing(self.incumbent, self.pairs, self.base)
        if not pricing.is_possible:
            return self._price_by_time(is_over)
        pricing.work(ROUNDS_FIRST)
        pricing.offer_plan()
        pricing.work(ROUNDS_MOST, is_over)
        pricing.offer_plan()
        pricing.dive(self._left(DIVING_SHARE))
        return pricing.guide()

    def _price_by_time(self, is_over: Callable[[], bool]) -> Guide | None:
        """A bound from prices of time; plans and a guide from what is worth most by these."""
        try:
            hours = Hours(self.able, self.pairs, self.options.workers)
        except TooManyPatternsError:
            return None
        hours.settle(ROUNDS_OF_TIME, lambda: self.clock.is_over or is_over())
        proof = hours.prove()
        self.incumbent.offer_bound(proof.bound, "prices")
        del hours
        shelf = Shelf(self.able, self.pairs, proof, None if self.options.deterministic else self.clock.left_s)
        pricing = Pricing(self.incumbent, shelf.best(), self.base, shelf)
        pricing.work(ROUNDS_MOST, self._within(SHARPENING_SHARE))
        pricing.dive(self._left(DIVING_SHARE))
        pricing.narrow()
        self.able, self.pairs, self.has_proof = self.incumbent.able, pricing.pairs, False
        return pricing.guide()

    def tighten(self, share: float) -> None:
        """The bound of prices alone, in a share of the time that is left."""
        pricing = Pricing(self.incumbent, self.pairs, self.base)
        pricing.work(ROUNDS_MOST, self._within(share))

    def _within(self, share: float) -> Callable[[], bool]:
        """Whether so much of the time that is left now is over; never where all must come out the same."""
        left_s = self._left(share)
        return lambda: left_s() < 0

    def _left(self, share: float) -> Callable[[], float]:
        """What is left of such a share of the time that is left now; without end where all must come out the same."""
        until_s = self.clock.seconds + share * self.clock.left_s
        return (lambda: math.inf) if self.options.deterministic else lambda: until_s - self.clock.seconds

    def hunt(self, guide: Guide | None, share: float) -> None:
        """One exact model of all that may be better than the best plan, where that is not too much."""
        objective = self.incumbent.objective
        if guide is None or not self.has_proof or objective is None or self.clock.is_over:
            return
        if self._num_literals(worthy_pairs(guide, objective)) <= LARGE:
            effort = effort_of(self.options, self.clock, share, share * WORK_S)
            with suppress(UnfinishedModelError):
                hunt_whole(self.incumbent, guide, effort)

    def improve(self, guide: Guide | None, executor: Executor | None) -> None:
        """Part by part, on as many threads as there are workers, until nothing has come of it for long.

        With an executor all but the first of them send their work there.
        """
        if self.clock.is_over or not len(self.pairs):
            return
        views = Views(self.able, self.pairs, guide)
        workers = 1 if self.options.deterministic else self.options.workers
        walks = [_Walk(self, views, number) for number in range(workers)]
        if executor is not None and not self.options.deterministic:
            for walk in walks[1:] or walks:
                walk.send_to(executor)
        if workers == 1:
            walks[0].go()
            return
        with ThreadPoolExecutor(workers) as pool:
            for ended in [pool.submit(walk.go) for walk in walks]:
                ended.result()

    def _num_literals(self, pairs: NDArray[np.int64]) -> int:
        starts = self._starts[pairs]
        return int(np.where(starts > MOST_STARTS, 1, starts).sum())


class _Walk:
    """One thread's way from part to part."""

    def __init__(self, strategy: Strategy, views: Views, number: int) -> None:
        self.incumbent = strategy.incumbent
        self.here = Improver(strategy.incumbent, views, strategy.options, number)
        self.step: Callable[[Plan], bool] = self.here.step
        self.is_deterministic = strategy.options.deterministic
        self.patience = PATIENCE * len(views) if strategy.may_look_at_everything else sys.maxsize
        self.most_parts = PARTS_FOR_ONE_EFFORT * strategy.options.effort

    def send_to(self, executor: Executor) -> None:
        """Lets an executor do the work, and waits for it here."""
        self.step = BundleImprover(self.here, executor).step

    def go(self) -> None:
        idle = 0
        while not self.incumbent.clock.is_over and idle < self.patience:
            plan = self.incumbent.plan
            if plan is None or (self.is_deterministic and self.here.num_rounds >= self.most_parts):
                return
            idle = 0 if self.step(plan) else idle + 1
