"""Every set of seats that one person's time allows, for all people at once, as a graph to walk by layers.

A person's items (a pair at one start of its phase) are taken or left in the order in which they begin. What
matters for the items to come is which of those taken are still going on; equal memories are one node. So the
best set of seats at any prices is a longest path, found for all people together with a few gathers per layer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.eligible import Eligibility

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
KEY_BITS = 62
MOST_ITEMS, MOST_NODES = 400_000, 1_500_000
NEVER = -(2**60)


@dataclass(frozen=True, slots=True)
class Items:
    """What may be taken, by person and begin: a pair at a start, with its window and effort."""

    pair: Ints
    person: Ints
    begin: Ints
    end: Ints
    fte: Ints
    phase: Ints

    def rows(self, keep: Any) -> Items:
        return Items(*(getattr(self, field.name)[keep] for field in fields(self)))

    def __len__(self) -> int:
        return len(self.pair)


@dataclass(frozen=True, slots=True)
class Layer:
    """The k-th item of everybody who has one, once for each memory with which they may come to it.

    `leave` and `take` are positions in the next layer, counted from 1; 0 is the end of a walk. Where the item
    does not fit beside the memory, `item` is the one past the last, which nobody wants.
    """

    item: NDArray[np.int32]
    leave: NDArray[np.int32]
    take: NDArray[np.int32]


class TooManyPatternsError(RuntimeError):
    """People can do so much that their sets of seats cannot be laid out, or not in time."""


class Patterns:
    """The graph of a problem's items; `people` are those who have any, ascending.

    Where a person can do more things at once than a node can remember, or, if it `may_forget`, where the graph
    would be too large, what ends first is forgotten: more sets pass then than time allows, so that the best of
    them is still an upper bound.
    """

    def __init__(
        self,
        able: Eligibility,
        items: Items,
        *,
        may_forget: bool = True,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        if len(items) > MOST_ITEMS:
            raise TooManyPatternsError
        self._may_forget, self._is_over = may_forget, is_over
        self.items = items.rows(np.lexsort((items.end, items.begin, items.person)))
        self.people, first = np.unique(self.items.person, return_index=True)
        self._first = np.append(first, len(self.items))
        self._memory = _Memory(able, self.items, len(self.people))
        self.layers = self._grown(self._memory.num_slots)

    def best(self, gain: Ints) -> list[Ints]:
        """For each layer, the most that each node and its successors can gain; `gain` is by item."""
        gain = np.append(gain, NEVER)
        values: list[Ints] = [np.zeros(1, dtype=np.int64)]
        for layer in reversed(self.layers):
            ahead = values[-1]
            value = np.zeros(len(layer.item) + 1, dtype=np.int64)
            np.maximum(ahead[layer.leave], gain[layer.item] + ahead[layer.take], out=value[1:])
            values.append(value)
        return values[::-1]

    def taken(self, gain: Ints, values: list[Ints], walkers: Ints) -> Ints:
        """The items on the best walks of some of the people, given by position in `people`."""
        gain = np.append(gain, NEVER)
        at = walkers + 1
        found = []
        for layer, ahead in zip(self.layers, values[1:], strict=True):
            at = at[at > 0] - 1
            item, take = layer.item[at], layer.take[at]
            wins = gain[item] + ahead[take] > ahead[layer.leave[at]]
            found.append(item[wins])
            at = np.where(wins, take, layer.leave[at])
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)

    def _grown(self, num_slots: int) -> list[Layer]:
        """The layers; with fewer slots to remember in, where they would be too many nodes."""
        layers: list[Layer] = []
        num_nodes = 0
        walker = np.arange(len(self.people))
        slots = np.zeros((len(self.people), num_slots), dtype=np.int64)
        while len(walker):
            item = self._first[walker] + len(layers)
            layer, walker, slots = self._layer(walker, slots, item)
            layers.append(layer)
            num_nodes += len(layer.item)
            if self._is_over():
                raise TooManyPatternsError
            if num_nodes > MOST_NODES:
                if self._may_forget and num_slots > 1:
                    return self._grown(num_slots - 1)
                raise TooManyPatternsError
        return layers

    def _layer(self, walker: Ints, slots: Ints, item: Ints) -> tuple[Layer, Ints, Ints]:
        """One layer, and who comes to the next one with which memory."""
        fits = self._memory.fits(slots, item)
        is_last = item + 1 == self._first[walker + 1]
        following = np.where(is_last, item, item + 1)
        left = self._memory.after(slots, following)
        taken = self._memory.after(self._memory.adding(slots[fits], item[fits]), following[fits])
        goes_on, takes_on = ~is_last, ~is_last[fits]
        keys = np.concatenate(
            [
                self._memory.keys(walker[goes_on], left[goes_on]),
                self._memory.keys(walker[fits][takes_on], taken[takes_on]),
            ]
        )
        nodes, position = np.unique(keys, return_inverse=True)
        leave = np.zeros(len(walker), dtype=np.int32)
        take = np.zeros(len(walker), dtype=np.int32)
        leave[goes_on] = position[: goes_on.sum()] + 1
        take[np.flatnonzero(fits)[takes_on]] = position[goes_on.sum() :] + 1
        layer = Layer(np.where(fits, item, len(self.items)).astype(np.int32), leave, take)
        return layer, *self._memory.unpacked(nodes, slots.shape[1])


class _Memory:
    """What is still going on: up to `num_slots` classes of items, alike in end, effort and phase, latest end first.

    A class is numbered from 1 within its person, by end; 0 is an empty slot.
    """

    def __init__(self, able: Eligibility, items: Items, num_people: int) -> None:
        self.items = items
        self._class, self._offset, table = _classes(items)
        self._end, self._fte, self._phase = table
        self._bits = max(int(self._class.max(initial=1)).bit_length(), 1)
        most_at_once = 100 // max(int(items.fte.min(initial=100)), 1)
        free_bits = KEY_BITS - max(num_people, 1).bit_length()
        self.num_slots = max(1, min(most_at_once, free_bits // self._bits))
        self._room = _rooms(able, items)

    def fits(self, slots: Ints, item: Ints) -> Bools:
        """Whether the item fits beside what is going on: in time, and not on the same team."""
        where = slots + self._offset[item][:, None]
        is_on = slots > 0
        fte = np.where(is_on, self._fte[where], 0)
        fits: Bools = ~(is_on & (self._phase[where] == self.items.phase[item][:, None])).any(axis=1)
        for period, room in self._room:
            load = np.where(self._end[where] > period[item][:, None], fte, 0).sum(axis=1)
            fits &= load + self.items.fte[item] <= room[item]
        return fits

    def after(self, slots: Ints, item: Ints) -> Ints:
        """What is still going on when an item begins."""
        ends = self._end[slots + self._offset[item][:, None]]
        return -np.sort(-np.where(ends > self.items.begin[item][:, None], slots, 0), axis=1)

    def adding(self, slots: Ints, item: Ints) -> Ints:
        """The item remembered; without room for it, what ends first is forgotten."""
        more = np.concatenate([slots, self._class[item][:, None]], axis=1)
        kept: Ints = -np.sort(-more, axis=1)[:, : slots.shape[1]]
        return kept

    def keys(self, walker: Ints, slots: Ints) -> Ints:
        key = walker.copy()
        for column in slots.T:
            key = (key << self._bits) | column
        return key

    def unpacked(self, keys: Ints, num_slots: int) -> tuple[Ints, Ints]:
        mask, columns = (1 << self._bits) - 1, []
        for _ in range(num_slots):
            columns.append(keys & mask)
            keys = keys >> self._bits
        return keys, np.stack(columns[::-1], axis=1)


def _classes(items: Items) -> tuple[Ints, Ints, tuple[Ints, Ints, Ints]]:
    """Each item's class within its person, where its person's classes begin, and every class's end, effort, phase."""
    rows = np.stack([items.person, items.end, items.fte, items.phase], axis=1)
    order = np.lexsort((items.phase, items.fte, items.end, items.person))
    is_new = np.append(True, (rows[order][1:] != rows[order][:-1]).any(axis=1))[: len(items)]
    distinct = rows[order][is_new]
    first = np.searchsorted(distinct[:, 0], items.person)
    number = np.empty(len(items), dtype=np.int64)
    number[order] = np.cumsum(is_new)
    number -= first
    # A person's empty slot reads the row before their first class, so one row stands before all of them.
    table = np.concatenate([np.zeros((1, 4), dtype=np.int64), distinct])
    return number, first, (table[:, 1], table[:, 2], table[:, 3])


def _rooms(able: Eligibility, items: Items) -> list[tuple[Ints, Ints]]:
    """Periods in each item's window at which its person's capacity is looked at, and that capacity.

    Work that is going on only ends, so that its begin and that of every later span are enough.
    """
    who, begin, end, fte = able.windows.rows
    stride = able.problem.calendar.periods + 1
    at = np.searchsorted(who * stride + end, items.person * stride + items.begin, side="right")
    rooms = [(items.begin, fte[at])] if len(items) else []
    while True:
        following = np.minimum(at + 1, len(who) - 1)
        goes_on = (following > at) & (who[following] == items.person) & (begin[following] < items.end)
        if not goes_on.any():
            return rooms
        at = np.where(goes_on, following, at)
        rooms.append((np.maximum(begin[at], items.begin), fte[at]))
