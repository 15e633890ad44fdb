"""The market that is left: people who have not chosen yet, and seats that nobody has taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from solver.bound.hires import best_hires
from solver.bound.patterns import NEVER, Bools, Ints, Patterns
from solver.bound.prices import Prices

FIRST_STEP, SHORTER, PATIENCE = 0.1, 0.7, 4
AIM, MOMENTUM = 0.93, 0.8


class Residual:
    """Prices that go on moving while people leave with their seats.

    A plan made by letting everybody choose at once at the best prices has many who want the same seat, and many
    who want none, because at those prices it makes no difference to them. Letting those go first whose seats hardly
    anybody else wants, and moving the prices on for the rest, does not leave such a rest (as in Caprara, Fischetti
    and Toth, Operations Research 47, 1999).

    Parameters
    ----------
    is_open
        The items that may be taken.
    """

    def __init__(self, prices: Prices, crowd: Patterns, is_open: Bools) -> None:
        self._prices, self._is_open = prices, is_open.copy()
        self._crowd, self._rows = crowd, np.arange(len(crowd.people))
        self.room = np.zeros(len(prices.slots))
        self.room[np.unique(prices.items.slot[is_open])] = 1
        self.room *= prices.slots.count
        num_slots = len(prices.slots)
        self._price, self._charge = prices.charge[:num_slots].copy(), prices.charge[num_slots:].copy()
        self._drift = np.zeros(len(prices.charge))
        self._is_taken = np.zeros(len(prices.items), dtype=np.bool_)
        self._limits = prices.able.problem.limits

    @property
    def num_people(self) -> int:
        """How many people have not chosen yet."""
        return len(self._rows)

    def choices(self, num_rounds: int, is_over: Callable[[], bool] = lambda: False) -> list[Ints]:
        """What people want after so many rounds, at the best of their prices: who is least in others' way first."""
        best, step, stalled = np.inf, FIRST_STEP, 0
        wanted, kept = np.zeros(0, dtype=np.int64), (self._price, self._charge)
        for _ in range(num_rounds):
            if is_over():
                break
            worth, found = self._look()
            if worth < best:
                best, stalled, wanted, kept = worth, 0, found, (self._price, self._charge)
            else:
                stalled += 1
                step *= SHORTER if stalled >= PATIENCE else 1.0
            self._move(found, worth, step)
        self._price, self._charge = kept
        return self._by_contest(wanted)

    def take(self, items: Ints) -> None:
        """The items are gone, and their person with them."""
        self._is_taken[items] = True
        np.subtract.at(self.room, self._prices.items.slot[items], 1)

    def leave(self, people: Ints, num_hires: int, hire_bill: int) -> None:
        """People, by number, go; so many of them were hired, for so much in all."""
        stays = ~np.isin(self._crowd.people, people)
        self._crowd, self._rows = self._crowd.only(stays), self._rows[stays]
        self._is_open &= (self.room > 0)[self._prices.items.slot]
        limits = self._limits
        self._limits = replace(
            limits,
            max_hires=None if limits.max_hires is None else max(0, limits.max_hires - num_hires),
            hire_budget=None if limits.hire_budget is None else max(0, limits.hire_budget - hire_bill),
        )

    def _look(self) -> tuple[float, Ints]:
        """What the rest of the market is worth at most, in units, and what people want."""
        prices = self._prices
        price = np.rint(self._price).astype(np.int64)
        gain = np.where(self._is_open, prices.gain_at(price, prices.rows.whole(self._charge)), NEVER)
        wish = self._crowd.wish(gain, np.zeros(0))
        best = wish.best - prices.fee[self._rows]
        toll = np.zeros(len(best), dtype=np.int64)
        is_hire = prices.is_hire[self._rows]
        hires = best_hires(np.maximum(best[is_hire], 0), prices.hire_cost[self._rows][is_hire], self._limits)
        toll[is_hire] = hires.toll
        worth = float(np.maximum(best - toll, 0).sum() + hires.worth + (self._price * np.maximum(self.room, 0)).sum())
        return worth, wish.wanted(best > toll)

    def _move(self, wanted: Ints, worth: float, step: float) -> None:
        prices = self._prices
        short = np.bincount(prices.items.slot[wanted], minlength=len(self.room)) - self.room
        is_held = self._is_taken.copy()
        is_held[wanted] = True
        everywhere = np.ones(len(prices.able.book.phases), dtype=np.bool_)
        slope = np.concatenate([short, prices.rows.excess(is_held, everywhere)])
        charge = np.concatenate([self._price, self._charge])
        slope[(slope < 0) & (charge <= 0)] = 0
        self._drift = slope + MOMENTUM * self._drift
        norm = float((self._drift**2).sum())
        if norm:
            most = np.concatenate([np.full(len(self.room), np.inf), prices.rows.most])
            moved = np.clip(charge + step * (1 - AIM) * worth / norm * self._drift, 0, most)
            self._price, self._charge = moved[: len(self.room)], moved[len(self.room) :]

    def _by_contest(self, wanted: Ints) -> list[Ints]:
        """The items that each person wants, those first whose slots fewest others want."""
        if not len(wanted):
            return []
        items = self._prices.items
        wanted = wanted[np.argsort(items.person[wanted], kind="stable")]
        slot, person = items.slot[wanted], items.person[wanted]
        demand = np.bincount(slot, minlength=len(self.room))
        _, first = np.unique(person, return_index=True)
        contest = np.maximum.reduceat(demand[slot] / np.maximum(self.room[slot], 1), first)
        chosen = np.split(wanted, first[1:])
        return [chosen[n] for n in np.argsort(contest, kind="stable").tolist()]
