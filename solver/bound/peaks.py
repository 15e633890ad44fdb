"""What hires cost at the least: those who are needed in the busiest period."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from solver.bound.patterns import Ints
from solver.bound.points import easy_bound, gains
from solver.eligible import Eligibility

HALF_TIME = 50  # percent: nobody has time for two seats that take more
MOST_PEAKS = 8


def peak_bound(able: Eligibility, pairs: Ints) -> int:
    """Every role with its best holders, less what the busiest period takes of that.

    Seats of more than half of full time that go on at once need a person each. As many as there are more of them
    than people who cost nothing to hire are open, or held by hires; whichever is cheapest.
    """
    bound = easy_bound(able, pairs)
    if not able.fee.any() or not len(pairs):
        return bound
    return bound - max((_least_loss(able, pairs, roles) for roles in _peaks(able, pairs)), default=0)


def _peaks(able: Eligibility, pairs: Ints) -> list[NDArray[np.bool_]]:
    """The roles that go on in the busiest periods, whenever their phases start."""
    book = able.book
    rows = [(book.phases[r.phase].latest + r.seat.from_, book.phases[r.phase].earliest + r.seat.to) for r in book.roles]
    begin, end = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    is_long = np.array([role.seat.fte > HALF_TIME for role in book.roles], dtype=np.bool_) & (begin < end)
    is_asked = np.zeros(len(book.roles), dtype=np.bool_)
    is_asked[np.unique(able.role[pairs])] = True
    is_in = is_long & is_asked
    periods = np.unique(begin[is_in])
    started = np.searchsorted(np.sort(begin[is_in]), periods, side="right")
    order = np.argsort(begin[is_in], kind="stable")
    count = np.concatenate([[0], np.cumsum(book.num_seats[is_in][order])])
    ended = np.searchsorted(np.sort(end[is_in]), periods, side="right")
    gone = np.concatenate([[0], np.cumsum(book.num_seats[is_in][np.argsort(end[is_in], kind="stable")])])
    busiest = np.argsort(gone[ended] - count[started], kind="stable")[:MOST_PEAKS]
    return [is_in & (begin <= period) & (period < end) for period in periods[busiest].tolist()]


def _least_loss(able: Eligibility, pairs: Ints, roles: NDArray[np.bool_]) -> int:
    """What is lost at the least where these roles go on at once."""
    mine = pairs[roles[able.role[pairs]]]
    people = np.unique(able.person[mine])
    fees = able.fee[people]
    num_seats = int(able.book.num_seats[roles].sum())
    num_missing = num_seats - int(np.count_nonzero(fees == 0))
    if num_missing <= 0:
        return 0
    worth = _worth_of_seats(able, mine, roles)
    return sum(heapq.nsmallest(num_missing, [*worth, *fees[fees > 0].tolist()]))


def _worth_of_seats(able: Eligibility, pairs: Ints, roles: NDArray[np.bool_]) -> list[int]:
    """For each seat of the roles, what the best who may be left for it brings; nothing if that is nobody."""
    gain, role = np.maximum(gains(able)[pairs], 0), able.role[pairs]
    worth: list[int] = []
    for number in np.flatnonzero(roles).tolist():
        low, high = np.searchsorted(role, [number, number + 1])
        best = np.sort(gain[low:high])[::-1].tolist()
        count = able.book.roles[number].count
        worth += (best + [0] * count)[:count]
    return worth
