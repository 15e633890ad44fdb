"""The bound from prices, a few rounds at a time, and the plans that prices suggest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.bound import Prices, TooManyPatternsError
from solver.model import Plan
from solver.search.construct import priced_plan
from solver.search.incumbent import Incumbent

PATIENCE = 8
SMALLEST_STEP = 0.004
SHARE = 0.3
HOPEFUL = 0.97  # of the bound: what a plan might reach, as long as none is as good


class Pricing:
    """Prices that move, round by round, to where the bound is lowest; nothing where a problem cannot be priced."""

    def __init__(self, incumbent: Incumbent, pairs: NDArray[np.int64], base: Plan) -> None:
        self.incumbent, self.pairs, self._base = incumbent, pairs, base
        self._spent_s = 0.0
        self._step, self._best, self._stalled = 1.0, 0, 0
        self._prices = self._laid_out()
        self.num_rounds = 0

    @property
    def is_settled(self) -> bool:
        """Whether more rounds would bring nothing."""
        return self._prices is None or self._step < SMALLEST_STEP

    @property
    def is_modest(self) -> bool:
        """Whether prices have had no more than their share of the time."""
        return self._spent_s <= SHARE * self.incumbent.clock.seconds

    def work(self, num_rounds: int) -> None:
        """Looks and moves so many times, or until there is nothing more to gain."""
        began = self.incumbent.clock.seconds
        for _ in range(num_rounds):
            if self.is_settled or self._prices is None or self.incumbent.clock.is_over:
                break
            last = self._prices.look()
            self.num_rounds += 1
            self._judge(last.bound)
            target = max(self.incumbent.objective or 0, int(HOPEFUL * self._best))
            self._prices.move(last, target, self._step)
        self._spent_s += self.incumbent.clock.seconds - began

    def offer_plan(self) -> None:
        """Offers the plan in which everybody takes what is best for them at the present prices."""
        if self._prices is not None:
            self.incumbent.offer(self._plan(self._prices), "prices")

    def _plan(self, prices: Prices) -> Plan:
        return priced_plan(prices, self.pairs, self._base, lambda: self.incumbent.clock.is_over)

    def _judge(self, bound: int) -> None:
        """Notes a better bound; steps get shorter where none comes."""
        if not self.num_rounds > 1 or bound < self._best:
            self._best, self._stalled = bound, 0
            self.incumbent.offer_bound(bound, "prices")
            return
        self._stalled += 1
        if self._stalled >= PATIENCE:
            self._step, self._stalled = 0.7 * self._step, 0

    def _laid_out(self) -> Prices | None:
        try:
            return Prices(self.incumbent.able, self.pairs, lambda: self.incumbent.clock.is_over)
        except TooManyPatternsError:
            return None
