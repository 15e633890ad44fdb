"""Every set of seats that one person's time allows, for all people at once, as a graph to walk by layers.

A person's items (a pair at one start of its phase) are taken or left in the order in which they begin. What
matters for the items to come is which of those taken are still going on; equal memories are one node, and a
memory that leaves no room goes straight to the next item for which it has some. So the best set of seats at any
prices is a longest path, found for all people together with a few gathers per layer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.eligible import Eligibility

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Positions = NDArray[np.int32]
Floats = NDArray[np.float64]
KEY_BITS = 62
MOST_NODES = 2_500_000
NODES_TO_ITEMS = 15  # a person with so many items has about one node for each, with twice as many two
MOST_ALIKE = 64
NEVER = -(2**60)


@dataclass(frozen=True, slots=True)
class Items:
    """What may be taken, by person and begin: a pair at a start, with its window, effort and place for sale."""

    pair: Ints
    person: Ints
    begin: Ints
    end: Ints
    fte: Ints
    phase: Ints
    slot: Ints

    def rows(self, keep: Any) -> Items:
        return Items(*(getattr(self, field.name)[keep] for field in fields(self)))

    def __len__(self) -> int:
        return len(self.pair)


class TooManyPatternsError(RuntimeError):
    """People can do so much that their sets of seats cannot be laid out, or not in time."""


class Patterns:
    """The graph of a problem's items; `people` are those who have any, ascending.

    A node is an item together with a memory with which its person may come to it. `leave` and `take` are the
    nodes that follow, counted from 1; 0 is the end of a walk. Where the item does not fit beside the memory,
    `item` is the one past the last, which nobody wants. Layer k holds everybody's k-th item.

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
        most_nodes: int | None = None,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        most_nodes = most_nodes or MOST_NODES
        self.items = items.rows(np.lexsort((items.end, items.begin, items.person)))
        self.people, first = np.unique(self.items.person, return_index=True)
        if likely_nodes(len(items), len(self.people)) > most_nodes:
            raise TooManyPatternsError
        memory = _Memory(able, self.items, self.people, np.append(first, len(self.items)))
        self._graph = _grown(memory, most_nodes, may_forget, is_over)

    @property
    def num_nodes(self) -> int:
        return len(self._graph.item)

    def only(self, is_kept: Bools) -> Patterns:
        """The same for some of the people, given by position; items keep their numbers."""
        found = object.__new__(Patterns)
        found.items, found.people = self.items, self.people[is_kept]
        found._graph = self._graph.only(is_kept)
        return found

    def wish(self, gain: Ints) -> Wish:
        """What people want at the items' gains."""
        return Wish(self, gain)

    def best(self, gain: Ints) -> Ints:
        """The most that each node and its successors can gain, after a 0 for the end; `gain` is by item."""
        gain = np.append(gain, NEVER)
        values = np.zeros(self.num_nodes + 1, dtype=np.int64)
        for low, high in reversed(self._graph.layers):
            taken = gain[self._graph.item[low:high]]
            taken += values[self._graph.take[low:high]]
            np.maximum(values[self._graph.leave[low:high]], taken, out=values[low + 1 : high + 1])
        return values

    def taken(self, gain: Ints, values: Ints, walkers: Ints) -> Ints:
        """The items on the best walks of some of the people, given by position in `people`."""
        gain = np.append(gain, NEVER)
        node = walkers
        found = []
        while len(node):
            item, take, leave = self._graph.item[node], self._graph.take[node], self._graph.leave[node]
            wins = gain[item] + values[take] > values[leave]
            found.append(item[wins])
            at = np.where(wins, take, leave)
            node = at[at > 0] - 1
        return np.concatenate(found).astype(np.int64) if found else np.zeros(0, dtype=np.int64)

    def best_with(self, gain: Ints, values: Ints) -> Ints:
        """For each item, what its person can gain at most if the item is among what they take."""
        gain = np.append(gain, NEVER)
        before = np.full(self.num_nodes + 1, NEVER, dtype=np.int64)
        before[1 : len(self.people) + 1] = 0
        for low, high in self._graph.layers:
            here = before[low + 1 : high + 1]
            np.maximum.at(before, self._graph.leave[low:high], here)
            np.maximum.at(before, self._graph.take[low:high], here + gain[self._graph.item[low:high]])
        total = before[1:] + gain[self._graph.item] + values[self._graph.take]
        best = np.full(len(self.items) + 1, NEVER, dtype=np.int64)
        np.maximum.at(best, self._graph.item, total)
        return best[:-1]


def likely_nodes(num_items: int, num_people: int) -> int:
    """About how many nodes so many items of so many people make: measured where people have 30 to 120 items each."""
    return num_items**2 // (max(num_people, 1) * NODES_TO_ITEMS)


class Wish:
    """What people want at some prices.

    Attributes
    ----------
    best : array of shape (num_people,)
        What the best set of seats brings each person.
    """

    def __init__(self, patterns: Patterns, gain: Ints) -> None:
        self._patterns, self._gain = patterns, gain
        self._values = patterns.best(gain)
        self.best = self._values[1 : len(patterns.people) + 1]

    def wanted(self, is_on: Bools) -> Ints:
        """The items that people who are on, by position, want."""
        return self._patterns.taken(self._gain, self._values, np.flatnonzero(is_on))

    def best_with(self) -> Ints:
        """For each item, what its person can gain at most if the item is among what they take."""
        return self._patterns.best_with(self._gain, self._values)


@dataclass(frozen=True, slots=True)
class _Graph:
    """Nodes, layer by layer; the first of them are the beginnings of people's walks, in their order."""

    walker: Positions
    item: Positions
    leave: Positions
    take: Positions
    layers: list[tuple[int, int]]

    def only(self, is_kept: Bools) -> _Graph:
        """The nodes of some walkers."""
        is_mine = is_kept[self.walker]
        number = np.append(0, np.where(is_mine, np.cumsum(is_mine), 0)).astype(np.int32)
        before = np.append(0, np.cumsum(is_mine))
        layers = [(int(before[low]), int(before[high])) for low, high in self.layers]
        walker = (np.cumsum(is_kept) - 1)[self.walker[is_mine]].astype(np.int32)
        leave, take = number[self.leave[is_mine]], number[self.take[is_mine]]
        return _Graph(walker, self.item[is_mine], leave, take, layers)


def _grown(memory: _Memory, most_nodes: int, may_forget: bool, is_over: Callable[[], bool]) -> _Graph:
    """The graph; with fewer slots to remember in, where it would be too large."""
    for num_slots in range(memory.num_slots, 0, -1):
        graph = _Growth(memory, num_slots).graph(most_nodes, is_over)
        if graph is not None:
            return graph
        if not may_forget:
            break
    raise TooManyPatternsError


class _Growth:
    """A graph under construction, layer by layer; arrivals wait for the layer that they go to.

    An arrival is a person with a memory, and the port (twice the node, and one more for `take`) that leads to it.
    """

    def __init__(self, memory: _Memory, num_slots: int) -> None:
        self.memory, self.num_slots = memory, num_slots
        self._waiting: defaultdict[int, list[tuple[Ints, Ints, Ints]]] = defaultdict(list)
        self._ports: list[tuple[Ints, Ints]] = []
        self._items: list[Positions] = []
        self._walkers: list[Positions] = []
        self._layers: list[tuple[int, int]] = []
        self._num_nodes = 0

    def graph(self, most_nodes: int, is_over: Callable[[], bool]) -> _Graph | None:
        """None where it would have too many nodes."""
        memory = self.memory
        num_people = len(memory.first) - 1
        nobody = np.zeros((num_people, self.num_slots), dtype=np.int64)
        self._waiting[0].append((np.arange(num_people), nobody, np.full(num_people, -1)))
        for number in range(int(np.diff(memory.first).max(initial=0))):
            if is_over():
                raise TooManyPatternsError
            if number in self._waiting:
                self._add_layer(number)
            if self._num_nodes > most_nodes:
                return None
        return self._linked()

    def _add_layer(self, number: int) -> None:
        walker, slots, port = (np.concatenate(rows) for rows in zip(*self._waiting.pop(number), strict=True))
        nodes, position = np.unique(self.memory.keys(walker, slots), return_inverse=True)
        low = self._num_nodes
        self._num_nodes += len(nodes)
        self._ports.append((port, low + position + 1))
        self._layers.append((low, self._num_nodes))
        walker, slots = self.memory.unpacked(nodes, self.num_slots)
        self._walkers.append(walker.astype(np.int32))
        item = self.memory.first[walker] + number
        fits = self.memory.fits(slots, item)
        self._items.append(np.where(fits, item, len(self.memory.items)).astype(np.int32))
        node = np.arange(low, self._num_nodes)
        self._send(walker, slots, item, 2 * node)
        added = self.memory.adding(slots[fits], item[fits])
        self._send(walker[fits], added, item[fits], 2 * node[fits] + 1)

    def _send(self, walker: Ints, slots: Ints, item: Ints, port: Ints) -> None:
        """Lets arrivals wait for the next item after this one that may find room beside their memory."""
        following = self.memory.next_with_room(walker, slots, item)
        goes_on = following < self.memory.first[walker + 1]
        if not goes_on.any():
            return
        walker, slots, port, following = walker[goes_on], slots[goes_on], port[goes_on], following[goes_on]
        slots = self.memory.after(slots, following)
        layer = following - self.memory.first[walker]
        order = np.argsort(layer, kind="stable")
        numbers, first = np.unique(layer[order], return_index=True)
        for number, rows in zip(numbers.tolist(), np.split(order, first[1:]), strict=True):
            self._waiting[number].append((walker[rows], slots[rows], port[rows]))

    def _linked(self) -> _Graph:
        ports = np.zeros(2 * self._num_nodes + 1, dtype=np.int32)
        for port, node in self._ports:
            ports[port] = node
        walker, item = (_joined(rows) for rows in (self._walkers, self._items))
        return _Graph(walker, item, ports[:-1:2].copy(), ports[1::2].copy(), self._layers)


def _joined(rows: list[Positions]) -> Positions:
    return np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)


class _Memory:
    """What is still going on: up to `num_slots` classes of items, latest end first.

    A class is items of one person that are alike for all that may follow: in end, effort, and phase where a later
    item of that phase could go on beside them. It is numbered from 1 within its person, by end; 0 is an empty slot.
    """

    def __init__(self, able: Eligibility, items: Items, people: Ints, first: Ints) -> None:
        self.items, self.first = items, first
        self._stride = able.problem.calendar.periods + 2
        self._begin_key = items.person * self._stride + items.begin
        who, _, _, fte = able.windows.rows
        most = np.zeros(len(able.book.people), dtype=np.int64)
        np.maximum.at(most, who, fte)
        self._most = most[people]
        phase = np.where(_meets_its_phase(items, most[items.person]), items.phase, -1)
        self._class, self._offset, table = _classes(items, self._rounded_end(able), phase)
        self._end, self._fte, self._phase = table
        self._bits = max(int(self._class.max(initial=1)).bit_length(), 1)
        most_at_once = 100 // max(int(items.fte.min(initial=100)), 1)
        free_bits = KEY_BITS - max(len(people), 1).bit_length()
        self.num_slots = max(1, min(most_at_once, free_bits // self._bits))
        self._room = _rooms(able, items)
        self._small = [(int(size), np.flatnonzero(items.fte <= size)) for size in np.unique(items.fte)]

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

    def next_with_room(self, walker: Ints, slots: Ints, item: Ints) -> Ints:
        """The first item after this one that is small enough for what is left, or begins when something has ended.

        It is no more than a good guess at where the memory matters next: nothing before it fits.
        """
        where = slots + self._offset[item][:, None]
        is_on = slots > 0
        left = self._most[walker] - np.where(is_on, self._fte[where], 0).sum(axis=1)
        following = np.full(len(item), len(self.items))
        for (size, rows), (limit, _) in zip(self._small, [*self._small[1:], (101, None)], strict=True):
            mine = (left >= size) & (left < limit)
            at = np.searchsorted(rows, item[mine] + 1)
            following[mine] = np.append(rows, len(self.items))[at]
        ends = np.where(is_on, self._end[where], self._stride - 1).min(axis=1)
        person = self.items.person[item]
        expiry = np.searchsorted(self._begin_key, person * self._stride + ends)
        found: Ints = np.maximum(item + 1, np.where(is_on.any(axis=1), np.minimum(following, expiry), following))
        return found

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

    def _rounded_end(self, able: Eligibility) -> Ints:
        """Each item's end, put off to the next period at which anything of its person's begins."""
        who, begin, _, _ = able.windows.rows
        moments = np.unique(np.concatenate([self._begin_key, who * self._stride + begin]))
        asked = self.items.person * self._stride + self.items.end
        at = np.searchsorted(moments, asked)
        found = np.append(moments, -1)[at]
        last = self._stride - 1
        return np.where(found // self._stride == self.items.person, found % self._stride, last)


def _meets_its_phase(items: Items, most: Ints) -> Bools:
    """Whether a later item of the same person and phase might go on beside each item, as far as efforts go."""
    order = np.lexsort((items.begin, items.phase, items.person))
    group = items.person[order] * (items.phase.max(initial=0) + 1) + items.phase[order]
    begin, end, fte, room = items.begin[order], items.end[order], items.fte[order], most[order]
    meets = np.zeros(len(items), dtype=np.bool_)
    rows = np.arange(len(items))
    for ahead in range(1, len(items)):
        rows = rows[rows + ahead < len(items)]
        rows = rows[group[rows] == group[rows + ahead]]
        if not len(rows):
            break
        other = rows + ahead
        meets[rows] |= (begin[other] < end[rows]) & (fte[rows] + fte[other] <= room[rows])
        if ahead == MOST_ALIKE:
            meets[rows] = True
            break
    found = np.empty_like(meets)
    found[order] = meets
    return found


def _classes(items: Items, end: Ints, phase: Ints) -> tuple[Ints, Ints, tuple[Ints, Ints, Ints]]:
    """Each item's class within its person, where its person's classes begin, and every class's end, effort, phase."""
    rows = np.stack([items.person, end, items.fte, phase], axis=1)
    order = np.lexsort((phase, items.fte, end, items.person))
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
