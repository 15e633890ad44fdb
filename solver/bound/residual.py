"""The market that is left: people who have not chosen yet, and seats that nobody has taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solver.bound.hires import hires_and_tolls
from solver.bound.patterns import NEVER, Bools, Ints
from solver.bound.prices import Prices

FIRST_STEP, STEP_WITH_RULES = 0.1, 1.0  # prices of rules are far from settled whenever people go
SHORTER, PATIENCE = 0.7, 4
AIM, MOMENTUM = 0.93, 0.8
FADING = 0.95


class Residual:
    """Prices that go on moving while people leave with their seats.

    A plan made by letting everybody choose at once at the best prices has many who want the same seat, and many
    who want none, because at those prices it makes no difference to them. Letting some go first, and moving the
    prices on for the rest, does not leave such a rest (as in Caprara, Fischetti and Toth, Operations Research 47,
    1999).

    Parameters
    ----------
    waiting
        Who has not chosen yet, by number.
    is_open, is_taken
        The items that may be taken, and those that are.
    room
        How many seats of each role are open.
    """

    def __init__(self, prices: Prices, waiting: Bools, is_open: Bools, is_taken: Bools, room: Ints) -> None:
        self._prices, self._is_open, self._is_taken = prices, is_open.copy(), is_taken.copy()
        stays = waiting[prices.crowd.people]
        self._crowd, self._rows = prices.crowd.only(stays), np.flatnonzero(stays)
        self.gone = np.zeros(0, dtype=np.int64)
        self.room = np.zeros(len(prices.slots))
        self.room[np.unique(prices.items.slot[is_open])] = 1
        self.room *= room[prices.slots.role]
        num_slots = len(prices.slots)
        self._price, self._charge = prices.charge[:num_slots].copy(), prices.charge[num_slots:].copy()
        self._drift = np.zeros(len(prices.charge))
        self._usual = np.zeros(len(prices.items))
        self._limits = prices.able.problem.limits

    @property
    def num_people(self) -> int:
        """How many people have not chosen yet."""
        return len(self._rows)

    @property
    def price(self) -> NDArray[np.float64]:
        """Of a seat of each slot, in points."""
        return self._price / self._prices.unit

    def choices(self, num_rounds: int, is_over: Callable[[], bool] = lambda: False) -> list[Ints]:
        """What people want after so many rounds, at the best of their prices.

        Those come first who wanted all of it most of the time: the mean of what is wanted while prices settle
        comes close to the best mixture of sets of seats (Barahona and Anbil, Mathematical Programming 87, 2000),
        and who has hardly another set in it may as well have theirs.
        """
        best, step, stalled = np.inf, STEP_WITH_RULES if len(self._charge) else FIRST_STEP, 0
        wanted, kept = np.zeros(0, dtype=np.int64), (self._price, self._charge)
        for _ in range(num_rounds):
            if is_over():
                break
            worth, found = self._look()
            self._usual *= FADING
            self._usual[found] += 1 - FADING
            if worth < best:
                best, stalled, wanted, kept = worth, 0, found, (self._price, self._charge)
            else:
                stalled += 1
                step *= SHORTER if stalled >= PATIENCE else 1.0
            self._move(found, worth, step)
        self._price, self._charge = kept
        return self._by_habit(wanted)

    def take(self, items: Ints) -> None:
        """The items are gone."""
        self._is_taken[items] = True
        np.subtract.at(self.room, self._prices.items.slot[items], 1)

    def leave(self, people: Ints, num_hires: int, hire_bill: int) -> None:
        """People, by number, go; so many of them were hired, for so much in all."""
        self.gone = np.append(self.gone, people)
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
        wish = self._crowd.wish(gain)
        best = wish.best - prices.fee[self._rows]
        hires, toll = hires_and_tolls(best, prices.is_hire[self._rows], prices.hire_cost[self._rows], self._limits)
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
        slope[(slope < 0) & (charge <= prices.lowest)] = 0
        self._drift = slope + MOMENTUM * self._drift
        norm = float((self._drift**2).sum())
        if norm:
            most = np.concatenate([np.full(len(self.room), np.inf), prices.rows.most])
            moved = np.clip(charge + step * (1 - AIM) * worth / norm * self._drift, prices.lowest, most)
            self._price, self._charge = moved[: len(self.room)], moved[len(self.room) :]

    def _by_habit(self, wanted: Ints) -> list[Ints]:
        """The items that each person wants, those first whose least usual one is most usual."""
        if not len(wanted):
            return []
        person = self._prices.items.person
        wanted = wanted[np.argsort(person[wanted], kind="stable")]
        _, first = np.unique(person[wanted], return_index=True)
        usual = np.minimum.reduceat(self._usual[wanted], first)
        chosen = np.split(wanted, first[1:])
        return [chosen[n] for n in np.argsort(-usual, kind="stable").tolist()]
