"""Everybody's time in cells that have a price each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.bound.items import Slots
from solver.bound.patterns import Floats, Ints
from solver.eligible import Eligibility

MOST_CELLS = 20_000_000


class Cells:
    """Time from one moment at which something for sale begins or ends to the next, for every person.

    Where that would be too many cells moments are left out, and what is for sale takes only the cells that lie wholly
    inside it: less time than in truth, so that a bound is still one.

    Attributes
    ----------
    begin, end : arrays of shape (num_slots,)
        The moments between which each slot takes cells.
    capacity : array of shape (num_people, num_cells)
        Percent times periods that each person has.
    """

    def __init__(self, able: Eligibility, slots: Slots) -> None:
        periods, num_people = able.problem.calendar.periods, len(able.book.people)
        moments = np.unique(np.concatenate([slots.begin, slots.end, [0, periods]]))
        every = -(-len(moments) * num_people // MOST_CELLS)
        moments = np.append(moments[:-1:every], periods) if every > 1 else moments
        self.num_moments = len(moments)
        self._length = np.diff(moments)
        self.begin = np.searchsorted(moments, slots.begin)
        self.end = np.maximum(np.searchsorted(moments, slots.end, side="right") - 1, self.begin)
        self.capacity = _capacities(able, moments)

    def price_until(self, price: NDArray[Any]) -> NDArray[Any]:
        """What a percent of each person's time costs up to each moment, person after person; `price` is by cell."""
        total = np.zeros((len(price), self.num_moments), dtype=price.dtype)
        np.cumsum(price * self._length.astype(price.dtype), axis=1, out=total[:, 1:])
        return total.ravel()

    def used(self, begin: Ints, end: Ints, fte: Ints) -> Floats:
        """Percent times periods that work takes of each cell; begins and ends count moments person after person."""
        size = self.capacity.shape[0] * self.num_moments
        change = np.bincount(begin, fte, size) - np.bincount(end, fte, size)
        used: Floats = np.cumsum(change.reshape(-1, self.num_moments), axis=1)[:, :-1] * self._length
        return used


def _capacities(able: Eligibility, moments: Ints) -> Ints:
    who, begin, end, fte = able.windows.rows
    until = np.zeros((len(able.book.people), len(moments)), dtype=np.int64)
    for number, moment in enumerate(moments.tolist()):
        given = np.clip(np.minimum(end, moment) - begin, 0, None) * fte
        until[:, number] = np.bincount(who, given, len(until)).astype(np.int64)
    return np.diff(until, axis=1)
