"""More pairs than sets of seats can be laid out of: prices of the few that are worth most, again and again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.bound import NODES_TO_ITEMS, Prices, Proof
from solver.eligible import Eligibility
from solver.model.guide import Bools, Ints
from solver.search.draft import Draft

FEWEST, MOST, USUAL = 15, 150, 45  # of a person's pairs
BEST_OF_ROLE = 8
WIDER = 1.25  # times as many pairs for each person whenever there are fewer people
MOST_RANKED = 4  # times as many as are looked for
MOST_NODES = 8_000_000
NODES_PER_S = 10_000  # of the time that is left, so that there is enough of it for prices and for a dive


class Shelf:
    """All pairs, and what each of them brought at most beyond its prices when these were proven.

    Parameters
    ----------
    left_s
        How much time there is; where it must not matter, None.
    """

    def __init__(self, able: Eligibility, pairs: Ints, proof: Proof, left_s: float | None = None) -> None:
        self.able, self._all, self._proof = able, pairs, proof
        self._pairs = pairs
        self._of_person = float(USUAL)
        if left_s is not None:
            nodes_each = NODES_PER_S * left_s / max(1, len(able.book.people))
            self._of_person = float(np.clip(np.sqrt(NODES_TO_ITEMS * nodes_each), FEWEST, MOST))

    def rest(self, draft: Draft) -> Ints:
        """All pairs on seats that are open in a draft."""
        has_room = np.array(draft.room, dtype=np.int64) > 0
        return self._all[has_room[self.able.role[self._all]]]

    def best(self) -> Ints:
        """The pairs that are among the best of their person or of their role."""
        return self._best(self._proof.surplus[self._pairs])

    def first_prices(self, pairs: Ints, is_over: Callable[[], bool]) -> Prices:
        """Prices of some of the pairs, from those that were proven."""
        return self._prices(pairs, self._proof.price, is_over)

    def _prices(self, pairs: Ints, price: NDArray[np.float64], is_over: Callable[[], bool]) -> Prices:
        prices = Prices(self.able, pairs, is_over, most_nodes=MOST_NODES)
        prices.charge[: len(price)] = price * prices.unit
        return prices

    def refilled(
        self, draft: Draft, waiting: Bools, price: NDArray[np.float64], is_over: Callable[[], bool] = lambda: False
    ) -> Prices:
        """Prices of what is best for those who are waiting, on what is open; of what is held too, for the rules.

        Raises
        ------
        TooManyPatternsError
            Where the time is over.
        """
        able = self.able
        has_room = np.array(draft.room, dtype=np.int64) > 0
        self._pairs = self._pairs[waiting[able.person[self._pairs]] & has_room[able.role[self._pairs]]]
        self._of_person *= WIDER
        cheaper = np.append(self._proof.price - price, 0).astype(np.float32)[self._slots(draft)]
        best = self._best(self._proof.surplus[self._pairs] + cheaper[able.role[self._pairs]])
        return self._prices(np.union1d(best, np.flatnonzero(draft.held)), price, is_over)

    def _slots(self, draft: Draft) -> Ints:
        """Each role's slot at its phase's start in a draft, -1 where it has none."""
        slots, book = self._proof.slots, self.able.book
        start = np.array([draft.starts.get(n, phase.earliest) - phase.earliest for n, phase in enumerate(book.phases)])
        slot = np.minimum(slots.first + start[book.phase_of_role], len(slots) - 1)
        is_there = (slots.first >= 0) & (slots.role[slot] == np.arange(len(book.roles)))
        return np.where(is_there, slot, slots.first)

    def _best(self, surplus: NDArray[np.float32]) -> Ints:
        able, pairs = self.able, self._pairs
        most = MOST_RANKED * int(self._of_person * len(able.book.people) + BEST_OF_ROLE * len(able.book.roles))
        if len(pairs) > most:
            is_near = surplus >= np.partition(surplus, len(pairs) - most)[len(pairs) - most]
            pairs, surplus = pairs[is_near], surplus[is_near]
        loss = np.random.default_rng(1).random(len(pairs)) - np.minimum(surplus, 0)
        is_best = _rank(loss, able.person[pairs]) < self._of_person
        is_best |= _rank(loss, able.role[pairs]) < BEST_OF_ROLE
        return pairs[is_best]


def _rank(loss: NDArray[np.float64], group: Ints) -> Ints:
    """How many of its group lose less than each."""
    order = np.argsort(loss)
    order = order[np.argsort(group[order], kind="stable")]
    first = np.searchsorted(group[order], group[order])
    rank = np.empty(len(loss), dtype=np.int64)
    rank[order] = np.arange(len(loss)) - first
    return rank
