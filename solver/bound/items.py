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
    where these are not told apart. `first` is each role's first slot, -1 where it has none.
    """

    role: Ints
    phase: Ints
    place: Ints
    count: Ints
    first: Ints

    def __len__(self) -> int:
        return len(self.role)


class Stock(NamedTuple):
    """The slots, the items on them, and the pairs that have none; whether slots tell starts apart."""

    slots: Slots
    items: Items
    rest: Ints
    has_starts: bool


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

    def slots(self, num_starts: Ints) -> Slots:
        """So many slots for each role."""
        role = np.repeat(np.arange(len(num_starts)), num_starts)
        first = np.cumsum(num_starts) - num_starts
        place = np.arange(len(role)) - first[role]
        return Slots(role, self.phase[role], place, self.count[role], np.where(num_starts > 0, first, NO_START))


def stock_by_start(able: Eligibility, pairs: Ints) -> Stock:
    """An item for each start of a pair's phase; pairs with too many starts to look at have none.

    Raises
    ------
    TooManyPatternsError
        Where there would be too many items.
    """
    shapes, role = _Shapes(able), able.role[pairs]
    num_starts = shapes.latest - shapes.earliest + 1
    num_starts[num_starts > MOST_STARTS] = 0
    slots = shapes.slots(num_starts)
    if int(num_starts[role][num_starts[role] > 1].sum()) > MOST_MOVING:
        raise TooManyPatternsError
    pair = np.repeat(pairs, num_starts[role])
    of = able.role[pair]
    place = np.arange(len(pair)) - np.repeat(np.cumsum(num_starts[role]) - num_starts[role], num_starts[role])
    start = shapes.earliest[of] + place
    begin, end = start + shapes.begin[of], start + shapes.end[of]
    slot = slots.first[of] + place
    items = Items(pair, able.person[pair], begin, end, shapes.fte[of], able.phase[pair], slot)
    has_time = _has_time(able, items)
    return Stock(slots, items.rows(has_time), pairs[num_starts[role] == 0], has_starts=True)


def stock_by_core(able: Eligibility, pairs: Ints) -> Stock:
    """An item for the periods that a pair takes whenever its phase starts; pairs without such have none."""
    shapes, role = _Shapes(able), able.role[pairs]
    core_begin, core_end = shapes.latest + shapes.begin, shapes.earliest + shapes.end
    has_core = core_begin < core_end
    slots = shapes.slots(has_core.astype(np.int64))
    kept = pairs[has_core[role]]
    of = able.role[kept]
    items = Items(
        kept, able.person[kept], core_begin[of], core_end[of], shapes.fte[of], able.phase[kept], slots.first[of]
    )
    return Stock(slots, items, pairs[~has_core[role]], has_starts=False)


def _has_time(able: Eligibility, items: Items) -> NDArray[np.bool_]:
    """Which items their people have time for."""
    fits = np.zeros(len(items), dtype=np.bool_)
    for percent in np.unique(items.fte).tolist():
        rows = np.flatnonzero(items.fte == percent)
        begin, end = items.begin[rows], items.end[rows]
        fits[rows] = able.windows.has_room(percent, items.person[rows], begin, end, end - begin)
    return fits
