"""The way of prices to where their bound is lowest, the plans that they suggest, and the guide that they make."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.bound import MOST_STARTS, Prices, TooManyPatternsError
from solver.model import Guide, Plan
from solver.search.construct import priced_plan
from solver.search.draft import in_order
from solver.search.incumbent import Incumbent

PATIENCE = 8
FADING = 0.95
SHORTER = 0.7
SMALLEST_STEP = 0.002
NOTABLE = 1e-5  # of the bound: what a round must bring, or steps get shorter
AIM = 0.93  # of the bound: steps are as long as if it could still fall so far, which with momentum settles soonest


class Pricing:
    """Prices that move, round by round; nothing happens where a problem cannot be priced."""

    def __init__(self, incumbent: Incumbent, pairs: NDArray[np.int64], base: Plan) -> None:
        self.incumbent, self.pairs, self._base = incumbent, pairs, base
        self._step, self._best, self._stalled = 1.0, 0, 0
        self._prices = self._laid_out()
        self.num_rounds = 0
        self._usual: NDArray[np.float64] | None = None

    @property
    def is_settled(self) -> bool:
        """Whether more rounds would bring nothing."""
        return self._prices is None or self._step < SMALLEST_STEP

    def work(self, num_rounds: int, is_over: Callable[[], bool] = lambda: False) -> None:
        """Looks and moves so many times, or until there is nothing more to gain."""
        for _ in range(num_rounds):
            if self.is_settled or self._prices is None or self.incumbent.clock.is_over or is_over():
                break
            last = self._prices.look()
            self.num_rounds += 1
            self._judge(last.bound)
            self._note_starts(last.schedule.place)
            self._prices.move(last, int(AIM * self._best), self._step)

    def offer_plan(self) -> None:
        """Offers the plan in which everybody takes what is best for them at the best prices so far."""
        if self._prices is not None:
            self._prices.charge = self._charge.copy()
            self.incumbent.offer(self._plan(self._prices), "prices")

    def guide(self) -> Guide | None:
        """The best prices so far as a guide; None where there are none that tell everything apart."""
        if self._prices is None:
            return None
        self._prices.charge = self._charge.copy()
        return self._prices.guide()

    def _plan(self, prices: Prices) -> Plan:
        starts = {} if self._usual is None else in_order(self.incumbent.able, self._usual)
        return priced_plan(prices, self.pairs, self._base, starts, lambda: self.incumbent.clock.is_over)

    def _note_starts(self, place: NDArray[np.int64]) -> None:
        """Remembers how often each phase took place at each of its starts, the last rounds most."""
        if self._usual is None:
            self._usual = np.zeros((len(place), MOST_STARTS))
        self._usual *= FADING
        is_on = place >= 0
        self._usual[np.flatnonzero(is_on), place[is_on]] += 1 - FADING

    def _judge(self, bound: int) -> None:
        """Notes a better bound; steps get shorter where none comes."""
        is_notable = self.num_rounds == 1 or bound < self._best - NOTABLE * abs(self._best)
        if self._prices is not None and (self.num_rounds == 1 or bound < self._best):
            self._best = bound
            self._charge = self._prices.charge.copy()
            self.incumbent.offer_bound(bound, "prices")
        self._stalled = 0 if is_notable else self._stalled + 1
        if self._stalled >= PATIENCE:
            self._step, self._stalled = SHORTER * self._step, 0

    def _laid_out(self) -> Prices | None:
        try:
            prices = Prices(self.incumbent.able, self.pairs, lambda: self.incumbent.clock.is_over)
        except TooManyPatternsError:
            return None
        self._charge = prices.charge.copy()
        return prices
