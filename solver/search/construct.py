"""A first good plan: person after person at the prices of the bound, then whatever else earns something."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from solver.bound import Prices
from solver.eligible import Eligibility
from solver.model import Plan
from solver.search.draft import Draft
from solver.search.sieve import Sieve

Ints = NDArray[np.int64]
IsOver = Callable[[], bool]
MOST_PASSES = 12
BLOCK = 20_000  # pairs, from one look at what is left to the next
OFTEN = 100  # pairs, after which the clock is looked at
NOWHERE = -1


def greedy_plan(able: Eligibility, pairs: Ints, base: Plan, is_over: IsOver = lambda: False) -> Plan:
    """The plan with the pairs added first that earn most, large seats a little later."""
    draft = Draft(able, base)
    add_by_worth(draft, pairs, is_over)
    return draft.plan()


def add_by_worth(draft: Draft, pairs: Ints, is_over: IsOver) -> None:
    """Adds pairs of those who are there anyway, and of candidates whose hiring the pair alone pays for."""
    able = draft.able
    size = np.array([role.seat.size for role in able.book.roles], dtype=np.float64)
    loss = -able.value[pairs].astype(np.float64)
    loss /= np.sqrt(size)[able.role[pairs]]
    order = pairs[np.argsort(loss, kind="stable")]
    del loss
    sieve = Sieve(draft)
    for block in np.split(order, range(BLOCK, len(order), BLOCK)):
        if is_over() or not sieve.has_room:
            return
        rest = sieve.fitting(block)
        _add(draft, rest, is_over)
        sieve.take(rest[draft.held[rest]])


def _add(draft: Draft, pairs: Ints, is_over: IsOver) -> None:
    able = draft.able
    rows = (pairs, able.role[pairs], able.person[pairs], able.value[pairs], able.fee[able.person[pairs]])
    for n, (pair, role, person, value, price) in enumerate(zip(*(row.tolist() for row in rows), strict=True)):
        if n % OFTEN == 0 and is_over():
            return
        if draft.room[role] and value > (0 if draft.loads[person] else price) and draft.can_add(pair):
            draft.add_all([pair])


def items_in_time(prices: Prices, draft: Draft) -> NDArray[np.bool_]:
    """The items whose phases start when they do in a draft."""
    book = prices.able.book
    start = np.array([draft.starts.get(n, NOWHERE) for n in range(len(book.phases))], dtype=np.int64)
    begin = np.array([role.seat.from_ for role in book.roles], dtype=np.int64)
    found: NDArray[np.bool_] = prices.items.begin - begin[prices.role] == start[prices.items.phase]
    return found


def priced_plan(
    prices: Prices, pairs: Ints, base: Plan, starts: Mapping[int, int], is_over: IsOver = lambda: False
) -> Plan:
    """The plan in which people take the sets of seats that are best for them at the prices.

    Everybody chooses at once, among seats whose phases start as in `starts`; who gains most keeps all that they
    want, and the others choose again among what is left.
    """
    able = prices.able
    draft = Draft(able, Plan(base.held, {**starts, **base.starts}))
    in_time = items_in_time(prices, draft)
    waiting = np.ones(len(prices.crowd.people), dtype=np.bool_)
    for _ in range(MOST_PASSES):
        room = np.array(draft.room, dtype=np.int64)
        choice = prices.choice(in_time & (room[prices.role] > 0), waiting)
        late: list[int] = []
        settled = [prices.items.person[items[0]] for items in choice if _take(draft, prices.items.pair[items], late)]
        draft.add_all(late)
        asked = [prices.items.person[items[0]] for items in choice]
        waiting &= np.isin(prices.crowd.people, asked)
        waiting[np.searchsorted(prices.crowd.people, np.array(settled, dtype=np.int64))] = False
        if is_over() or not waiting.any():
            break
    add_by_worth(draft, pairs, is_over)
    return draft.plan()


def _take(draft: Draft, pairs: Ints, late: list[int]) -> bool:
    """Whether there was room for all of the pairs; those that fit are added, and nobody is asked twice for them.

    Who needs a mentor is left for later: by then there may be one.
    """
    wanted = pairs.tolist()
    if not all(draft.room[int(draft.able.role[pair])] > 0 for pair in wanted):
        return False
    draft.add_all(wanted)
    late += [pair for pair in wanted if draft.able.mentored[pair] and not draft.held[pair]]
    return True
