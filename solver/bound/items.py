"""What is for sale, and what people may take of it: roles at their starts, and pairs at theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bound.patterns import Ints, Items, TooManyPatternsError
from solver.eligible import Eligibility

MOST_STARTS = 16
MOST_MOVING = 200_000
NO_START = -1


@dataclass(frozen=True, slots=True)
class Slots:
    """Places for sale: a role at one start of its phase, `place`-th from the earliest; one at all starts at once
    where these are not told apart. `begin` and `end` are the periods that are taken, at `fte` percent; `first` is
    each role's first slot, -1 where it has none.
    """

    role: Ints
    phase: Ints
    place: Ints
    count: Ints
    begin: Ints
    end: Ints
    fte: Ints
    first: Ints

    def __len__(self) -> int:
        return len(self.role)


class Offers(NamedTuple):
    """The slots, each pair that may be held on one of them with that slot, and the pairs that have none.

    `has_starts` says whether slots tell starts apart.
    """

    slots: Slots
    pair: Ints
    slot: Ints
    rest: Ints
    has_starts: bool

    def items(self, able: Eligibility) -> Items:
        slots, at = self.slots, self.slot
        columns = (slots.begin[at], slots.end[at], slots.fte[at], slots.phase[at])
        return Items(self.pair, able.person[self.pair], *columns, at)


class _Shapes:
    """Columns of the roles: where their phases may start, and what their seats take."""

    def __init__(self, able: Eligibility) -> None:
        book = able.book
        rows = [
            (phase.earliest, phase.latest, role.seat.from_, role.seat.to, role.seat.fte, role.count, role.phase)
            for role in book.roles
            for phase in (book.phases[role.phase],)
        ]
        columns = np.array(rows, dtype=np.int64).reshape(-1, 7).T
        self.earliest, self.latest, self.begin, self.end, self.fte, self.count, self.phase = columns

    def by_start(self) -> Slots:
        """A slot for each start, none for roles with too many of them."""
        num_starts = self.latest - self.earliest + 1
        num_starts[num_starts > MOST_STARTS] = 0
        role = np.repeat(np.arange(len(num_starts)), num_starts)
        first = np.cumsum(num_starts) - num_starts
        place = np.arange(len(role)) - first[role]
        start = self.earliest[role] + place
        return self._slots(role, place, start + self.begin[role], start + self.end[role])

    def by_core(self) -> Slots:
        """A slot for the periods that a role takes whenever its phase starts, none where there are no such."""
        begin, end = self.latest + self.begin, self.earliest + self.end
        role = np.flatnonzero(begin < end)
        return self._slots(role, np.zeros_like(role), begin[role], end[role])

    def _slots(self, role: Ints, place: Ints, begin: Ints, end: Ints) -> Slots:
        first = np.full(len(self.phase), NO_START)
        first[role[place == 0]] = np.flatnonzero(place == 0)
        return Slots(role, self.phase[role], place, self.count[role], begin, end, self.fte[role], first)


def offers(able: Eligibility, pairs: Ints) -> Offers:
    """What pairs may be held on: each start of their phase or, where that is too much, its core."""
    try:
        return offers_by_start(able, pairs)
    except TooManyPatternsError:
        return offers_by_core(able, pairs)


def offers_by_start(able: Eligibility, pairs: Ints) -> Offers:
    """An offer for each start of a pair's phase; pairs with too many starts to look at have none.

    Raises
    ------
    TooManyPatternsError
        Where there would be too many.
    """
    slots = _Shapes(able).by_start()
    num_starts = np.bincount(slots.role, minlength=len(able.book.roles))
    each = num_starts[able.role[pairs]]
    if int(each[each > 1].sum()) > MOST_MOVING:
        raise TooManyPatternsError
    rest = pairs[each == 0]
    if int(each.max(initial=0)) <= 1:
        pair = pairs if not len(rest) else pairs[each > 0]
        return Offers(slots, pair, slots.first[able.role[pair]], rest, has_starts=True)
    pair = np.repeat(pairs, each)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(each) - each, each)
    slot = slots.first[able.role[pair]] + place
    fits = _has_time(able, pair, slot, slots)
    return Offers(slots, pair[fits], slot[fits], rest, has_starts=True)


def offers_by_core(able: Eligibility, pairs: Ints) -> Offers:
    """An offer for the periods that a pair takes whenever its phase starts; pairs without such have none."""
    slots = _Shapes(able).by_core()
    slot = slots.first[able.role[pairs]]
    has_core = slot != NO_START
    return Offers(slots, pairs[has_core], slot[has_core], pairs[~has_core], has_starts=False)


def _has_time(able: Eligibility, pair: Ints, slot: Ints, slots: Slots) -> NDArray[np.bool_]:
    """Which pairs their people have time for at these slots."""
    fits = np.zeros(len(pair), dtype=np.bool_)
    fte = slots.fte[slot]
    for percent in np.unique(fte).tolist():
        rows = np.flatnonzero(fte == percent)
        begin, end = slots.begin[slot[rows]], slots.end[slot[rows]]
        fits[rows] = able.windows.has_room(percent, able.person[pair[rows]], begin, end, end - begin)
    return fits
