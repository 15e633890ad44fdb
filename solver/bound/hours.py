"""A price for each person's time, where people could do too much to lay out all sets of seats.

Relaxing "seats fit into a person's capacity" instead of "a seat has one holder" leaves nothing to decide but who
brings each seat most beyond the price of their time (the linear programme's dual, of which far fewer prices have to
be found than there are seats). The bound is looser than that of whole sets of seats (`solver.bound.patterns`), the
less so the more people can do: 2.3 % where they may hold 36 seats each, 0.7 % where it is 140. But a few hundred
looks at each pair settle the prices of any market.

Prices move in floating point. What is proven is proven at the end, in integers, with a price for each seat too:
between what its best holders bring at least and what the next best would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bound.cells import Cells
from solver.bound.hires import hires_and_tolls
from solver.bound.items import Slots, offers
from solver.bound.patterns import Floats, Ints
from solver.bound.points import best_holders, constant, gains, rewarded_apart, unit_of
from solver.bound.timetable import Timetable
from solver.eligible import Eligibility

CHUNK = 2**18  # offers looked at together: as many as a cache holds
SHIFT, SAFE_BITS = 6, 60
FULL_TIME = 100
FIRST_STEP, SHORTER, SMALLEST_STEP = 0.3, 0.7, 0.001
PATIENCE, NOTABLE = 8, 1e-5
AIM, MOMENTUM = 0.93, 0.9
Singles = NDArray[np.float32]


class Proof(NamedTuple):
    """What prices prove.

    Attributes
    ----------
    bound
        No plan has more points.
    slots
        What is for sale.
    price : array of shape (num_slots,)
        Of a seat of each slot, in points.
    surplus : array of shape (num_pairs,)
        What each pair brings at most beyond the prices of its seat and of its person's time, in points.
    """

    bound: int
    slots: Slots
    price: Floats
    surplus: Singles


class _Ranked(NamedTuple):
    """For some slots, by number in `_sold`, the offer that comes next, and what it brings for each percent."""

    slots: Ints
    offers: Ints
    brings: Singles


class Hours:
    """Seats that choose their holders at the prices of people's time.

    Attributes
    ----------
    charge : array of shape (num_people, num_cells)
        The price of a percent of each person's time for a period, in points: the best so far.
    """

    def __init__(self, able: Eligibility, pairs: Ints, workers: int = 1) -> None:
        self.able, self._workers = able, workers
        sold = offers(able, pairs)
        self.slots, self._rest = sold.slots, sold.rest
        self._gain = gains(able)
        self._unit = unit_of(able, self._gain[pairs])
        order = np.argsort(sold.slot, kind="stable") if (np.diff(sold.slot) < 0).any() else slice(None)
        self._pair, slot = sold.pair[order], sold.slot[order]
        self._first = np.append(np.flatnonzero(np.diff(slot, prepend=-1)), len(slot))
        self._sold = slot[self._first[:-1]]
        self._fte, self._count = self.slots.fte[self._sold], self.slots.count[self._sold]
        self._cells = Cells(able, self.slots)
        self._worth = (self._gain[self._pair] / self.slots.fte[slot]).astype(np.float32)
        row = able.person[self._pair] * self._cells.num_moments
        self._begin = (row + self._cells.begin[slot]).astype(np.int32)
        self._end = (row + self._cells.end[slot]).astype(np.int32)
        self._timetable = Timetable(able, self.slots, has_starts=sold.has_starts)
        self._no_rules = np.zeros(len(able.book.phases), dtype=np.int64)
        self._is_hire = np.array([person.is_hire for person in able.book.people], dtype=np.bool_)
        self._hire_cost = np.array([person.hire.cost for person in able.book.people], dtype=np.int64)
        self._chunks = _cut(self._first)
        self.charge: Floats = np.zeros(self._cells.capacity.shape)

    def settle(self, num_rounds: int, is_over: Callable[[], bool] = lambda: False) -> None:
        """Moves prices by subgradients (Polyak's step, with momentum) so many times, or until they have settled."""
        step, stalled, best = FIRST_STEP, 0, np.inf
        charge, drift = self.charge, np.zeros_like(self.charge)
        with ThreadPoolExecutor(self._workers) as pool:
            for _ in range(num_rounds):
                if is_over() or step < SMALLEST_STEP:
                    break
                worth, slope = self._look(charge, pool)
                stalled = 0 if best == np.inf or worth < best - NOTABLE * abs(best) else stalled + 1
                if stalled >= PATIENCE:
                    step, stalled = SHORTER * step, 0
                if worth < best:
                    best, self.charge = worth, charge
                slope[(slope < 0) & (charge <= 0)] = 0
                drift = slope + MOMENTUM * drift
                length = step * max(worth - AIM * best, 1.0) / max(float((drift**2).sum()), 1.0)
                charge = np.maximum(charge + length * drift, 0)

    def prove(self) -> Proof:
        """The bound at the best prices so far, which no rule that ties people together has a part in."""
        price, unit = self._seat_prices(), self._unit
        whole = np.rint(price * unit).astype(np.int64)
        time_price = self._whole_charge()
        until = self._cells.price_until(time_price)
        earned = np.zeros(len(self.charge), dtype=np.int64)
        surplus = np.full(len(self.able), -np.inf, dtype=np.float32)
        surplus[self._rest] = 0
        for low, high in self._chunks:
            mine = slice(self._first[low], self._first[high])
            pair, slot = self._pair[mine], np.repeat(self._sold[low:high], np.diff(self._first[low : high + 1]))
            left = self._gain[pair].astype(np.int64) * unit - whole[slot]
            left -= (self.slots.fte[slot] * (until[self._end[mine]] - until[self._begin[mine]])) >> SHIFT
            pays = left > 0
            np.add.at(earned, self.able.person[pair[pays]], left[pays])
            np.maximum.at(surplus, pair, (left / unit).astype(np.float32))
        rent = -((-(time_price * self._cells.capacity).sum(axis=1)) >> SHIFT)
        worth, _ = self._people(rent + earned - self.able.fee * unit)
        worth += self._timetable.look(whole, self._no_rules, unit).worth
        rest = constant(self.able, rewarded_apart(self.able, self._timetable.is_whole))
        rest += best_holders(self.able, self._rest, self._gain)
        return Proof(rest + worth // unit, self.slots, price, surplus)

    def _look(self, charge: Floats, pool: ThreadPoolExecutor) -> tuple[float, Floats]:
        """What all come to at most at some prices of time, and by how much more of it is taken than there is."""
        until = self._cells.price_until(charge.astype(np.float32))
        looks = list(pool.map(lambda chunk: list(self._ranked(chunk, until)), self._chunks))
        worth, taken, sold = np.zeros(len(self.slots)), [], []
        for ranked in (ranked for look in looks for ranked in look):
            slot, pays = self._sold[ranked.slots], ranked.brings > 0
            worth[slot[pays]] += ranked.brings[pays] * self._fte[ranked.slots[pays]]
            taken.append(ranked.offers[pays])
            sold.append(slot[pays])
        offer, slot = _joined(taken), _joined(sold)
        schedule = self._timetable.look((worth / self.slots.count).astype(np.int64), self._no_rules)
        is_on = schedule.place[self.slots.phase[slot]] == self.slots.place[slot]
        offer, slot = offer[is_on], slot[is_on]
        rent = np.floor((charge * self._cells.capacity).sum(axis=1)).astype(np.int64) - self.able.fee
        earned, toll = self._people(rent)
        used = self._cells.used(self._begin[offer], self._end[offer], self.slots.fte[slot])
        return float(schedule.worth + earned), used - self._cells.capacity * (rent >= toll)[:, None]

    def _ranked(self, chunk: tuple[int, int], until: Singles, more: int = 0) -> Iterator[_Ranked]:
        """The best offers for some of the slots, then the second best, ..., as many as there are seats and `more`."""
        low, high = chunk
        begin = self._first[low]
        mine = slice(begin, self._first[high])
        brings = until[self._begin[mine]]
        brings -= until[self._end[mine]]
        brings += self._worth[mine]
        slots, number = np.arange(low, high), np.arange(begin, self._first[high])
        size, rank = np.diff(self._first[low : high + 1]), 0
        while len(slots):
            first = np.cumsum(size) - size
            best = np.maximum.reduceat(brings, first)
            top = np.flatnonzero(brings == np.repeat(best, size))
            at = top[np.searchsorted(top, first)]
            yield _Ranked(slots, number[at], best)
            rank += 1
            brings[at] = -np.inf
            goes_on = (self._count[slots] + more > rank) & (best > 0)
            stays = np.repeat(goes_on, size)
            brings, number, slots, size = brings[stays], number[stays], slots[goes_on], size[goes_on]

    def _seat_prices(self) -> Floats:
        """Between what the last of each slot's holders brings and what the next would."""
        until = self._cells.price_until(self.charge.astype(np.float32))
        last, following = np.zeros(len(self._sold)), np.zeros(len(self._sold))
        for chunk in self._chunks:
            for rank, ranked in enumerate(self._ranked(chunk, until, 1)):
                brings = np.maximum(ranked.brings, 0) * self._fte[ranked.slots]
                is_last, is_next = self._count[ranked.slots] == rank + 1, self._count[ranked.slots] == rank
                last[ranked.slots[is_last]] = brings[is_last]
                following[ranked.slots[is_next]] = brings[is_next]
        price = np.zeros(len(self.slots))
        price[self._sold] = (last + following) / 2
        return price

    def _whole_charge(self) -> Ints:
        """Prices of time in whole numbers of 2^-SHIFT-ths of a unit."""
        most = 2**SAFE_BITS // (FULL_TIME * self.able.problem.calendar.periods)
        return np.minimum(self.charge * (self._unit * 2.0**SHIFT), float(most)).astype(np.int64)

    def _people(self, best: Ints) -> tuple[int, Ints]:
        """What all earn together at most, and what hiring each of them must bring before it does."""
        hires, toll = hires_and_tolls(best, self._is_hire, self._hire_cost, self.able.problem.limits)
        return hires.worth + sum(np.maximum(best - toll, 0).tolist()), toll


def _cut(first: Ints) -> list[tuple[int, int]]:
    """Runs of slots with about so many offers as are looked at together; `first` is each slot's first offer."""
    chunks, low = [], 0
    while low < len(first) - 1:
        high = max(low + 1, int(np.searchsorted(first, first[low] + CHUNK, side="right")) - 1)
        chunks.append((low, high))
        low = high
    return chunks


def _joined(rows: list[Ints]) -> Ints:
    return np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
