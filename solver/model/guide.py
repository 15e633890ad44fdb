"""What prices say about a problem, in whole points: how far every part of a plan is from the best that it could be.

A bound from prices (`solver.bound`) is a sum of what people, seats, rules and projects come to at most. What a
plan does not reach of each of them is its loss there, never negative; the objective of any plan is the bound less
all its losses. So a better plan loses less, and what alone would lose more than all that is lost now need not be
looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
NOWHERE = -1


@dataclass(frozen=True)
class Guide:
    """Prices in whole points, for the items (a pair at the place of its phase's start) of every person.

    It knows numbers alone, so that it may be sent to other processes.

    Attributes
    ----------
    bound
        No plan has more points.
    total
        What a plan's objective and its losses (`solver.model.losses`) come to together, but for the rewards of
        projects that are not taken as a whole.
    pair, place, gain, loss : arrays of shape (num_items,)
        What an item brings its person at these prices, and how much smaller the bound is for plans that hold it.
    most, fee : arrays of shape (num_people,)
        What a person's set of seats brings at most beyond the fee for taking them on, and that fee.
    first_slot : array of shape (num_roles,)
        The slot of each role at its phase's earliest start, -1 where it is not for sale; those of later starts
        follow.
    price : array of shape (num_slots,)
    is_whole : array of bool, shape (num_projects,)
        Projects whose reward is part of what they earn, all or nothing.
    row_phase, row_rule, row_charge : arrays of shape (num_rows,)
        The phase and the number of the team rule that a row is about, -1 for none, and what it charges the phase
        for being staffed, or, without a phase, in any case.
    entry_item, entry_row, entry_charge : arrays of shape (num_entries,)
        What rows charge items, ordered by item.
    earliest : array of shape (num_phases,)
        The first period in which each phase may start.
    num_pairs
        How many pairs there are.
    most_toll
        What the limits on hires bring at most; each hire's share of it is part of its fee, and is `toll`.
    """

    bound: int
    total: int
    pair: Ints
    place: Ints
    gain: Ints
    loss: Ints
    most: Ints
    fee: Ints
    toll: Ints
    most_toll: int
    first_slot: Ints
    price: Ints
    is_whole: Bools
    row_phase: Ints
    row_rule: Ints
    row_charge: Ints
    entry_item: Ints
    entry_row: Ints
    entry_charge: Ints
    earliest: Ints
    num_pairs: int

    def __getstate__(self) -> dict[str, object]:
        """The fields alone: an index is quicker made anew than sent to another process."""
        return {key: vars(self)[key] for key in self.__dataclass_fields__}

    @cached_property
    def phase_charge(self) -> Ints:
        """What the rows charge each phase for being staffed."""
        charge = np.zeros(len(self.earliest), dtype=np.int64)
        is_of_phase = self.row_phase != NOWHERE
        np.add.at(charge, self.row_phase[is_of_phase], self.row_charge[is_of_phase])
        return charge

    @cached_property
    def rows_of_phase(self) -> dict[int, list[int]]:
        """The rows about each phase that has any; those about none under -1."""
        rows: dict[int, list[int]] = {}
        for row, phase in enumerate(self.row_phase.tolist()):
            rows.setdefault(phase, []).append(row)
        return rows

    @cached_property
    def pair_loss(self) -> Ints:
        """The least that plans with each pair lose; more than all there is where it cannot be held."""
        loss = np.full(self.num_pairs, self.bound + 1, dtype=np.int64)
        np.minimum.at(loss, self.pair, self.loss)
        return loss

    def items(self, pairs: Ints, places: Ints) -> Ints:
        """The item of each pair at each place, -1 where there is none."""
        keys, order = self._index
        if not len(keys):
            return np.full(len(pairs), NOWHERE)
        asked = pairs * self._stride + places
        at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
        return np.where(keys[at] == asked, order[at], NOWHERE)

    def entries(self, item: int) -> zip[tuple[int, int]]:
        """The rows that charge an item, and how much."""
        low, high = self._first_entry[item], self._first_entry[item + 1]
        return zip(self.entry_row[low:high].tolist(), self.entry_charge[low:high].tolist(), strict=True)

    def slot_price(self, role: int, place: int) -> int:
        """The price of a seat of a role at a start; nothing where it is not for sale."""
        first = int(self.first_slot[role])
        return 0 if first == NOWHERE else int(self.price[first + place])

    @cached_property
    def _stride(self) -> int:
        return int(self.place.max(initial=0)) + 2

    @cached_property
    def _index(self) -> tuple[Ints, Ints]:
        keys = self.pair * self._stride + self.place
        order = np.argsort(keys)
        return keys[order], order

    @cached_property
    def _first_entry(self) -> Ints:
        return np.searchsorted(self.entry_item, np.arange(len(self.pair) + 1))
