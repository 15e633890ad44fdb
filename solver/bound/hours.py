"""A price for each person's time, where people could do too much to lay out all sets of seats.

Relaxing also "seats fit into a person's capacity", with a price for every period, leaves nothing to decide but
whether an item pays for its seat and its person's time (the linear programme's dual). The bound is looser than that
of whole sets of seats (`solver.bound.patterns`), the less so the more people can do: 2.3 % where they may hold 36
seats each, 0.7 % where it is 140. But it takes one look at each item.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.bound.patterns import Bools, Ints, Items
from solver.eligible import Eligibility

MOST_BLOCKS = 128
SHIFT = 6
FULL_TIME = 100
WEIGHT = 0.3  # of a step in time prices against one in seat prices; found by trial
Floats = NDArray[np.float64]


class Hours:
    """Everybody's time in blocks of the calendar, and what items take of it; `people` are those who have any.

    Prices of time are whole numbers of 2^-SHIFT-ths of a unit for each percent of a period.
    """

    def __init__(self, able: Eligibility, items: Items) -> None:
        self.items = items.rows(np.argsort(items.person, kind="stable"))
        self.people, self._first = np.unique(self.items.person, return_index=True)
        self.row = np.repeat(np.arange(len(self.people)), np.diff(np.append(self._first, len(self.items))))
        periods = able.problem.calendar.periods
        self._length = -(-periods // min(MOST_BLOCKS, periods))
        self._num_blocks = -(-periods // self._length)
        self._capacity = self._capacities(able)
        self._begin, self._begin_rest = self._place(self.row, self.items.begin)
        self._end, self._end_rest = self._place(self.row, self.items.end)
        self.num_charges = len(self.people) * self._num_blocks

    def wish(self, gain: Ints, charge: Floats) -> TimedWish:
        """What people want at the items' gains and the charges for time."""
        price = self.time_price(charge)
        places = (self._begin, self._begin_rest, self._end, self._end_rest)
        surplus = gain - ((self.items.fte * self._between(price, *places)) >> SHIFT)
        earned = np.zeros(len(self.people), dtype=np.int64)
        if len(self.items):
            earned = np.add.reduceat(np.maximum(surplus, 0), self._first)
        return TimedWish(self, surplus, self.rent(price) + earned)

    def taken_over(self, other: Hours, charge: Floats) -> Floats:
        """The charges for time of other people, for those who are here too; nothing for the rest."""
        found = np.zeros((len(self.people), self._num_blocks))
        at = np.minimum(np.searchsorted(other.people, self.people), len(other.people) - 1)
        is_known = other.people[at] == self.people
        found[is_known] = charge.reshape(len(other.people), self._num_blocks)[at[is_known]]
        return found.ravel()

    def time_price(self, charge: Floats) -> Ints:
        """The price of a percent of each person's time, by person and block, in whole numbers."""
        price = (np.maximum(charge, 0) * (WEIGHT / FULL_TIME * 2.0**SHIFT)).astype(np.int64)
        return price.reshape(len(self.people), self._num_blocks)

    def rent(self, price: Ints) -> Ints:
        """What all of each person's time costs, rounded up."""
        found: Ints = -((-(price * self._capacity).sum(axis=1)) >> SHIFT)
        return found

    def time_cost(self, items: Items, price: Ints) -> Ints:
        """What the time for any items costs, rounded down; nothing for people who are not here."""
        at = np.minimum(np.searchsorted(self.people, items.person), len(self.people) - 1)
        is_known = self.people[at] == items.person
        places = (*self._place(at, items.begin), *self._place(at, items.end))
        cost: Ints = np.where(is_known, (items.fte * self._between(price, *places)) >> SHIFT, 0)
        return cost

    def excess(self, wanted: Ints, is_on: Bools) -> Floats:
        """By how much what is wanted is more than people's time, in charges; people who are not on have none."""
        fte = self.items.fte[wanted]
        begins = (self._begin[wanted], self._begin_rest[wanted], fte)
        used = self._by_block(begins, (self._end[wanted], self._end_rest[wanted], fte))
        return ((used - self._capacity * is_on[:, None]) * (WEIGHT / FULL_TIME)).ravel().astype(np.float64)

    def _by_block(self, begins: tuple[Ints, Ints, Ints], ends: tuple[Ints, Ints, Ints]) -> Ints:
        """Percent times periods in each block, of work that begins and ends there (block, rest, percent)."""
        size = len(self.people) * (self._num_blocks + 1)
        partly, wholly = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        for sign, (block, rest, fte) in ((1, begins), (-1, ends)):
            partly += sign * np.bincount(block, fte * (self._length - rest), size).astype(np.int64)
            wholly += sign * np.bincount(block, fte * self._length, size).astype(np.int64)
        shape = (len(self.people), self._num_blocks + 1)
        before = np.cumsum(wholly.reshape(shape), axis=1) - wholly.reshape(shape)
        return (partly.reshape(shape) + before)[:, :-1]

    def first_charge(self, gain: Ints) -> Floats:
        """Charges to begin with: a person's time is worth what a good one of their seats brings for it."""
        size = np.maximum(self.items.fte * (self.items.end - self.items.begin), 1)
        order = np.lexsort((gain / size, self.row))
        last = np.append(self._first[1:], len(self.items)) - 1
        at = np.maximum(self._first, last - (last - self._first) // 10)
        worth = np.maximum((gain / size)[order][at], 0) * (FULL_TIME / WEIGHT)
        charge: Floats = np.repeat(worth, self._num_blocks).astype(np.float64)
        return charge

    def _between(self, price: Ints, begin: Ints, begin_rest: Ints, end: Ints, end_rest: Ints) -> Ints:
        """The price of one percent from begins to ends."""
        total = np.zeros((len(self.people), self._num_blocks + 1), dtype=np.int64)
        np.cumsum(price * self._length, axis=1, out=total[:, 1:])
        flat = total.ravel()
        between: Ints = flat[end] - flat[begin]
        if self._length > 1:
            last = np.pad(price, ((0, 0), (0, 1))).ravel()
            between += last[end] * end_rest - last[begin] * begin_rest
        return between

    def _place(self, row: Ints, period: Ints) -> tuple[Ints, Ints]:
        """The block in which a period of a person lies, counted over all people, and how far inside."""
        return row * (self._num_blocks + 1) + period // self._length, period % self._length

    def _capacities(self, able: Eligibility) -> Ints:
        """Percent times periods that each person has in each block."""
        row_of = np.full(len(able.book.people), -1)
        row_of[self.people] = np.arange(len(self.people))
        who, begin, end, fte = able.windows.rows
        mine = row_of[who] >= 0
        row, fte = row_of[who[mine]], fte[mine]
        return self._by_block((*self._place(row, begin[mine]), fte), (*self._place(row, end[mine]), fte))


class TimedWish:
    """What people want at some prices of seats and time.

    Attributes
    ----------
    best : array of shape (num_people,)
        What each person's time and surplus come to: no set of seats brings them more.
    """

    def __init__(self, hours: Hours, surplus: Ints, best: Ints) -> None:
        self._hours, self._surplus, self.best = hours, surplus, best

    def wanted(self, is_on: Bools) -> Ints:
        """The items that people who are on, by position, want."""
        return np.flatnonzero((self._surplus > 0) & is_on[self._hours.row])

    def best_with(self) -> Ints:
        """For each item, what its person can gain at most if the item is among what they take."""
        found: Ints = self.best[self._hours.row] + np.minimum(self._surplus, 0)
        return found

    def excess(self, wanted: Ints, is_on: Bools) -> Floats:
        return self._hours.excess(wanted, is_on)
