"""A price per seat, and the bound that it proves.

Relaxing "a seat has one holder" with a price for each role leaves one problem per person: the best set of seats
that their time allows, at value less price. The sum of those plus all prices is at least the objective of any
plan (Lagrangian relaxation; Fisher, Management Science 27, 1981). Prices are whole numbers of `unit`-ths of a
point and everything is summed in integers, so that no rounding can make a bound too small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.bound.patterns import MOST_ITEMS, NEVER, Ints, Items, Patterns, TooManyPatternsError
from solver.eligible import Eligibility
from solver.problem import Project

MOST_STARTS = 16
MOST_MOVING = 100_000
FINEST_UNIT = 1024
SAFE = 2**55


def gains(able: Eligibility) -> NDArray[Any]:
    """Points of each pair, with what it saves of the points for changes."""
    gain = able.value.copy()
    for row, pair in zip(able.problem.current, able.current, strict=True):
        if pair is not None:
            gain[pair] += able.problem.weights.change * able.problem.seat_by_id[row.seat].size // 100
    return gain


def constant(able: Eligibility) -> int:
    """Points that no holder decides: all changes as if nobody stayed, and the rewards at their earliest."""
    problem = able.problem
    changes = sum(problem.weights.change * problem.seat_by_id[row.seat].size // 100 for row in problem.current)
    return sum(_best_reward(project) for project in problem.projects) - changes


def _best_reward(project: Project) -> int:
    if not project.reward or not project.seats:
        return 0
    finish = max(phase.earliest + phase.duration for phase in project.phases)
    late = 0 if project.due is None else max(0, finish - project.due)
    return max(0, project.reward - project.late_penalty * late)


def easy_bound(able: Eligibility, pairs: Ints) -> int:
    """Every role with its best holders, as if people had all the time in the world."""
    return constant(able) + _best_holders(able, pairs, gains(able))


def _best_holders(able: Eligibility, pairs: Ints, gain: NDArray[Any]) -> int:
    """The sum of each role's best gains, as many as it has seats."""
    role = able.role[pairs]
    order = np.argsort(-gain[pairs], kind="stable")
    order = order[np.argsort(role[order], kind="stable")]
    rank = np.arange(len(pairs)) - np.searchsorted(role[order], role[order])
    count = np.array([role.count for role in able.book.roles], dtype=np.int64)
    best = gain[pairs][order][rank < count[role[order]]]
    return int(best[best > 0].sum())


def items_by_start(able: Eligibility, pairs: Ints) -> tuple[Items, Ints]:
    """An item for each start of a pair's phase, and the pairs that have none: too many starts to look at."""
    earliest, latest = _windows(able, pairs)
    roams = latest - earliest >= MOST_STARTS
    fixed, moving = pairs[latest == earliest], pairs[~roams & (latest > earliest)]
    if len(moving) > MOST_MOVING:
        raise TooManyPatternsError
    split = [(pair, t) for pair in moving.tolist() for low, high in able.starts(pair) for t in range(low, high + 1)]
    pair = np.concatenate([fixed, np.array([pair for pair, _ in split], dtype=np.int64)])
    start = np.concatenate([earliest[latest == earliest], np.array([t for _, t in split], dtype=np.int64)])
    begin, end, fte = _shape(able, pair)
    return Items(pair, able.person[pair], start + begin, start + end, fte, able.phase[pair]), pairs[roams]


def items_by_core(able: Eligibility, pairs: Ints) -> tuple[Items, Ints]:
    """An item for the periods that a pair takes whenever its phase starts, and the pairs that have none."""
    earliest, latest = _windows(able, pairs)
    begin, end, fte = _shape(able, pairs)
    begin, end = latest + begin, earliest + end
    has_core = begin < end
    items = Items(pairs, able.person[pairs], begin, end, fte, able.phase[pairs])
    return items.rows(has_core), pairs[~has_core]


def _patterns(able: Eligibility, pairs: Ints, is_over: Callable[[], bool]) -> tuple[Patterns, Ints]:
    """The patterns by start where they can be laid out, else by core; and the pairs that they leave out."""
    if len(pairs) > MOST_ITEMS:
        raise TooManyPatternsError
    try:
        items, roaming = items_by_start(able, pairs)
        return Patterns(able, items, may_forget=False, is_over=is_over), roaming
    except TooManyPatternsError:
        items, roaming = items_by_core(able, pairs)
        return Patterns(able, items, is_over=is_over), roaming


def _windows(able: Eligibility, pairs: Ints) -> tuple[Ints, Ints]:
    """The first and the last start of each pair's phase."""
    starts = np.array([(phase.earliest, phase.latest) for phase in able.book.phases], dtype=np.int64).reshape(-1, 2)
    return starts[able.phase[pairs], 0], starts[able.phase[pairs], 1]


def _shape(able: Eligibility, pairs: Ints) -> tuple[Ints, Ints, Ints]:
    """From, to and effort of each pair's seat."""
    seats = [role.seat for role in able.book.roles]
    rows = np.array([(seat.from_, seat.to, seat.fte) for seat in seats], dtype=np.int64).reshape(-1, 3)
    begin, end, fte = rows[able.role[pairs]].T
    return begin, end, fte


@dataclass
class Round:
    """What one round of prices came to: the bound, and the items that people want at these prices."""

    bound: int
    wanted: Ints


class Prices:
    """Prices on roles, moved towards where every seat is wanted once.

    Raises
    ------
    TooManyPatternsError
        Where people's sets of seats cannot be laid out, or points do not fit into 64 bits with room to spare.
    """

    def __init__(self, able: Eligibility, pairs: Ints, is_over: Callable[[], bool] = lambda: False) -> None:
        self.able = able
        self.patterns, roaming = _patterns(able, pairs, is_over)
        self.items = self.patterns.items
        self.role = able.role[self.items.pair]
        gain = gains(able)
        total = sum(map(abs, gain[pairs].tolist())) + 1
        if total > SAFE:
            raise TooManyPatternsError
        self.unit = max(1, min(FINEST_UNIT, SAFE // total))
        self.gain: Ints = gain[self.items.pair].astype(np.int64) * self.unit
        self.count = np.array([role.count for role in able.book.roles], dtype=np.int64)
        self.fee = self._fees()
        self.price: Ints = np.zeros(len(able.book.roles), dtype=np.int64)
        self._rest = constant(able) + _best_holders(able, roaming, gain)
        self._drift = np.zeros(len(able.book.roles))

    def look(self) -> Round:
        """The bound at the present prices, and who would take what."""
        gain = self.gain - self.price[self.role]
        values = self.patterns.best(gain)
        best = values[0][1:] - self.fee if len(values) > 1 else np.zeros(0, dtype=np.int64)
        total = int(np.maximum(best, 0).sum()) + int((self.price * self.count).sum())
        wanted = self.patterns.taken(gain, values, np.flatnonzero(best > 0))
        return Round(self._rest + total // self.unit, wanted)

    def move(self, last: Round, target: int, step: float) -> None:
        """Raises the prices of what too many want and lowers those of what too few do (Polyak's step)."""
        wants = np.bincount(self.role[last.wanted], minlength=len(self.price)) - self.count
        wants[(wants < 0) & (self.price == 0)] = 0
        self._drift = wants + 0.5 * self._drift
        norm = float((self._drift**2).sum())
        if norm:
            length = step * max(last.bound - target, 1) * self.unit / norm
            self.price = np.maximum(0, self.price + np.rint(length * self._drift)).astype(np.int64)

    def choice(self, allowed: NDArray[np.bool_], waiting: NDArray[np.bool_]) -> dict[int, Ints]:
        """For each of the waiting people, by number, the allowed items that are best for them at these prices."""
        gain = np.where(allowed, self.gain - self.price[self.role], NEVER)
        values = self.patterns.best(gain)
        best = values[0][1:] - self.fee
        wanted = np.sort(self.patterns.taken(gain, values, np.flatnonzero((best > 0) & waiting)))
        people, first = np.unique(self.items.person[wanted], return_index=True)
        return dict(zip(people.tolist(), np.split(wanted, first[1:]), strict=True)) if len(people) else {}

    def _fees(self) -> Ints:
        """What each of the people costs to hire, in units."""
        money = self.able.problem.weights.money
        people = [self.able.book.people[n] for n in self.patterns.people.tolist()]
        points = [money * p.hire.cost * p.hire.acceptance // 100_000 if p.is_hire else 0 for p in people]
        return np.array(points, dtype=np.int64) * self.unit
