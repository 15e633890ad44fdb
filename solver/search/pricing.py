"""The way of prices to where their bound is lowest, the plans that they suggest, and the guide that they make."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.bound import MOST_STARTS, Hours, Prices, TooManyPatternsError
from solver.model import Guide, Plan
from solver.search.construct import priced_plan
from solver.search.dive import dive_plan
from solver.search.draft import in_order
from solver.search.incumbent import Incumbent

PATIENCE = 8
FIRST_STEP, LATER_STEP = 1.0, 0.3
BEST_OF_PERSON, BEST_OF_ROLE, MOST_SHARP = 45, 8, 500_000
MOST_ACTIVE, SIFTINGS, ROUNDS_OF_SIFTING = 2_500_000, 4, 500
FADING = 0.95
SHORTER = 0.7
SMALLEST_STEP = 0.002
NOTABLE = 1e-5  # of the bound: what a round must bring, or steps get shorter
AIM = 0.93  # of the bound: steps are as long as if it could still fall so far, which with momentum settles soonest


class Pricing:
    """Prices that move, round by round; nothing happens where a problem cannot be priced.

    Parameters
    ----------
    before
        Prices to go on from.
    is_proof
        Whether the pairs are all that matter, so that what the prices come to is a bound.
    """

    def __init__(
        self,
        incumbent: Incumbent,
        pairs: NDArray[np.int64],
        base: Plan,
        *,
        before: Pricing | None = None,
        is_proof: bool = True,
        has_rules: bool = True,
    ) -> None:
        self.incumbent, self.pairs, self._base = incumbent, pairs, base
        self.is_proof = is_proof
        self._step, self._best, self._stalled = FIRST_STEP if before is None else LATER_STEP, 0, 0
        self._prices = self._laid_out(before, has_rules)
        self.num_rounds = 0
        self._usual: NDArray[np.float64] | None = None

    @property
    def is_loose(self) -> bool:
        """Whether time has a price instead of being kept exactly."""
        return self._prices is not None and isinstance(self._prices.crowd, Hours)

    def sharpened(self) -> Pricing:
        """The same prices for the pairs that lose least by them, of each person and of each role, and those held.

        So few pairs are left that time can be kept exactly. From here on nobody looks at the others any more.
        """
        guide, able = self.guide(), self.incumbent.able
        if guide is None:
            return self
        loss = guide.pair_loss[self.pairs] + np.random.default_rng(1).random(len(self.pairs))
        of_person = min(BEST_OF_PERSON, MOST_SHARP // len(able.book.people))
        is_worthy = _rank(loss, able.person[self.pairs]) < of_person
        is_worthy |= _rank(loss, able.role[self.pairs]) < BEST_OF_ROLE
        kept = np.zeros(len(able), dtype=np.bool_)
        kept[self.pairs[is_worthy]] = True
        kept[[pair for pair in (*able.pinned, *able.current) if pair is not None]] = True
        if self.incumbent.plan is not None:
            kept |= self.incumbent.plan.held
        base = Plan(self._base.held[kept], self._base.starts)
        self.incumbent.narrow(np.flatnonzero(kept))
        everything = np.flatnonzero(~self.incumbent.able.banned)
        return Pricing(self.incumbent, everything, base, before=self, is_proof=False)

    def carry_on(self, prices: Prices) -> None:
        """Sets prices of some of the pairs to the best so far."""
        if self._prices is None:
            return
        here, scale = self._prices, prices.unit / self._prices.unit
        num_slots = len(prices.slots)
        prices.charge[:num_slots] = self._charge[:num_slots] * scale
        if isinstance(here.crowd, Hours) and isinstance(prices.crowd, Hours):
            time_charge = self._charge[num_slots + len(here.rows) :] * scale
            prices.charge[num_slots + len(prices.rows) :] = prices.crowd.taken_over(here.crowd, time_charge)

    def prove(self, pairs: NDArray[np.int64]) -> NDArray[np.float32] | None:
        """Offers the bound that the best prices prove for more pairs; what each of them brings beyond its prices."""
        if self._prices is None:
            return None
        self._prices.charge = self._charge.copy()
        bound, surplus = self._prices.prove(pairs)
        self.incumbent.offer_bound(bound, "prices")
        return surplus

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

    def dive(self) -> None:
        """Offers the plan in which people leave the market one after the other."""
        if self._prices is None:
            return
        self._prices.charge = self._charge.copy()
        starts = {} if self._usual is None else in_order(self.incumbent.able, self._usual)
        plan = dive_plan(self._prices, self.pairs, self._base, starts, lambda: self.incumbent.clock.is_over)
        if plan is not None:
            self.incumbent.offer(plan, "dive")

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
            if self.is_proof:
                self.incumbent.offer_bound(bound, "prices")
        self._stalled = 0 if is_notable else self._stalled + 1
        if self._stalled >= PATIENCE:
            self._step, self._stalled = SHORTER * self._step, 0

    def _laid_out(self, before: Pricing | None, has_rules: bool) -> Prices | None:
        clock = self.incumbent.clock
        try:
            prices = Prices(self.incumbent.able, self.pairs, lambda: clock.is_over, has_rules=has_rules)
        except TooManyPatternsError:
            return None
        if before is not None:
            before.carry_on(prices)
        self._charge = prices.charge.copy()
        return prices


def sifted(incumbent: Incumbent, pairs: NDArray[np.int64], base: Plan, is_over: Callable[[], bool]) -> Pricing:
    """Prices for more pairs than can be looked at in every round: found on some of them, proved on all.

    First chance chooses those, then whatever the prices so far say brings most.
    """
    active = pairs[np.random.default_rng(1).random(len(pairs)) < MOST_ACTIVE / len(pairs)]
    pricing: Pricing | None = None
    for _ in range(SIFTINGS):
        pricing = Pricing(incumbent, active, base, before=pricing, is_proof=False, has_rules=False)
        pricing.work(ROUNDS_OF_SIFTING, is_over)
        surplus = pricing.prove(pairs)
        if surplus is None or is_over() or incumbent.clock.is_over:
            return pricing
        threshold = np.partition(surplus, len(surplus) - MOST_ACTIVE)[len(surplus) - MOST_ACTIVE]
        active = pairs[surplus >= threshold]
    return Pricing(incumbent, active, base, before=pricing, is_proof=False, has_rules=False)


def _rank(loss: NDArray[np.float64], group: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of its group lose less than each."""
    order = np.lexsort((loss, group))
    rank = np.empty(len(loss), dtype=np.int64)
    rank[order] = np.arange(len(loss)) - np.searchsorted(group[order], group[order])
    return rank
