"""The way of prices to where their bound is lowest, the plans that they suggest, and the guide that they make."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.bound import MOST_STARTS, Prices, TooManyPatternsError
from solver.model import Guide, Plan
from solver.search.construct import priced_plan
from solver.search.dive import Pace, dive_plan
from solver.search.draft import Draft, in_order
from solver.search.incumbent import Incumbent
from solver.search.shelf import Shelf
from solver.search.whole import with_pairs

PATIENCE = 8
FIRST_STEP, LATER_STEP = 1.0, 0.1
FADING, OFTEN = 0.95, 0.5
SHORTER = 0.7
SMALLEST_STEP = 0.002
NOTABLE = 1e-5  # of the bound: what a round must bring, or steps get shorter
AIM = 0.93  # of the bound: steps are as long as if it could still fall so far, which with momentum settles soonest


class Pricing:
    """Prices that move, round by round; nothing happens where a problem cannot be priced.

    Parameters
    ----------
    shelf
        Where all pairs are, if these are only the best of them.
    """

    def __init__(
        self,
        incumbent: Incumbent,
        pairs: NDArray[np.int64],
        base: Plan,
        shelf: Shelf | None = None,
    ) -> None:
        self.incumbent, self.pairs, self._base, self._shelf = incumbent, pairs, base, shelf
        self._step, self._best, self._stalled = FIRST_STEP if shelf is None else LATER_STEP, 0, 0
        self._prices = self._laid_out()
        self.num_rounds = 0
        self._usual: NDArray[np.float64] | None = None

    @property
    def is_possible(self) -> bool:
        """Whether people's sets of seats could be laid out."""
        return self._prices is not None

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

    def dive(self, seconds_left: Callable[[], float] = lambda: math.inf) -> None:
        """Offers the plan in which people leave the market one after the other."""
        if self._prices is None:
            return
        self._prices.charge = self._charge.copy()
        able = self.incumbent.able
        starts = {} if self._usual is None else in_order(able, self._usual)
        draft = Draft(able, Plan(self._base.held, {**starts, **self._base.starts}), self._usual_wholes())
        pace = Pace(seconds_left)
        self.incumbent.offer(
            dive_plan(self._prices, self.pairs, draft, self._is_over, shelf=self._shelf, pace=pace), "dive"
        )

    def _usual_wholes(self) -> list[int]:
        """The all-or-nothing projects that took place in most of the last rounds."""
        if self._usual is None or self._prices is None:
            return []
        book, is_whole = self.incumbent.able.book, self._prices.timetable.is_whole
        is_usual = (self._usual.sum(axis=1) > OFTEN) | np.array([not roles for roles in book.roles_of_phase])
        return [n for n in np.flatnonzero(is_whole).tolist() if is_usual[book.phases_of_project[n]].all()]

    def guide(self) -> Guide | None:
        """The best prices so far as a guide; None where there are none that tell everything apart."""
        if self._prices is None:
            return None
        self._prices.charge = self._charge.copy()
        return self._prices.guide()

    def _plan(self, prices: Prices) -> Plan:
        starts = {} if self._usual is None else in_order(self.incumbent.able, self._usual)
        return priced_plan(prices, self.pairs, self._base, starts, self._is_over)

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
            if self._shelf is None:  # of some pairs nothing is a proof for all
                self.incumbent.offer_bound(bound, "prices")
        self._stalled = 0 if is_notable else self._stalled + 1
        if self._stalled >= PATIENCE:
            self._step, self._stalled = SHORTER * self._step, 0

    def _is_over(self) -> bool:
        return self.incumbent.clock.is_over

    def narrow(self) -> None:
        """Leaves all pairs alone from here on but these and those that are held, now or in the plan in force."""
        able, plan = self.incumbent.able, self.incumbent.plan
        named = [pair for pair in (*able.pinned, *able.current) if pair is not None]
        kept = with_pairs(np.union1d(self.pairs, np.array(named, dtype=np.int64)), self._base.held)
        kept = with_pairs(kept, plan.held) if plan is not None else kept
        self.incumbent.narrow(kept)
        self.pairs = np.flatnonzero(~self.incumbent.able.banned)
        if self._prices is not None:
            self._prices.narrow(self.incumbent.able, kept)

    def _laid_out(self) -> Prices | None:
        try:
            if self._shelf is not None:
                prices = self._shelf.first_prices(self.pairs, self._is_over)
            else:
                prices = Prices(self.incumbent.able, self.pairs, self._is_over)
        except TooManyPatternsError:
            return None
        self._charge = prices.charge.copy()
        return prices
