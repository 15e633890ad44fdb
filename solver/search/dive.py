"""A plan from prices that move on while it is made: those choose first who hardly ever want anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from solver.bound import Prices, Residual
from solver.model import Plan
from solver.model.guide import Bools, Ints
from solver.search.construct import add_by_worth, items_in_time
from solver.search.draft import Draft
from solver.search.shelf import Shelf

SHARE, FEWEST = 0.05, 10  # of the people who are left go in one stage, and so many at least
MOST_STAGES, ROUNDS = 90, 12
WARMING_UP = 30  # rounds, before anybody goes
LEFT, FEW = 0.6, 300  # of the people are left when others of their pairs are looked at; so few go on with theirs


def dive_plan(
    prices: Prices,
    pairs: Ints,
    base: Plan,
    starts: Mapping[int, int],
    is_over: Callable[[], bool] = lambda: False,
    shelf: Shelf | None = None,
) -> Plan:
    """The plan in which people leave the market stage by stage.

    Phases start as in `starts`; what no price decides is added by worth at the end. Where the prices are those of
    few pairs alone, a shelf has the others: whoever is left is offered, again and again, what is best for them of
    what is left.
    """
    draft = Draft(prices.able, Plan(base.held, {**starts, **base.starts}))
    waiting = np.array([not load for load in draft.loads], dtype=np.bool_)
    while not is_over():
        market = _market(prices, draft, waiting)
        _empty(market, draft, prices, 0 if shelf is None else _turn(market.num_people), is_over)
        waiting[market.gone] = False
        if shelf is None or not market.num_people or not len(market.gone):
            break
        prices = shelf.refilled(draft, waiting, market.price, is_over)
    add_by_worth(draft, pairs, is_over)
    return draft.plan()


def _turn(num_people: int) -> int:
    return int(LEFT * num_people) if num_people > FEW else 0


def _market(prices: Prices, draft: Draft, waiting: Bools) -> Residual:
    """The items at their phases' starts, of people who have nothing yet, on seats that are open."""
    room = np.array(draft.room, dtype=np.int64)
    is_open = items_in_time(prices, draft) & waiting[prices.items.person] & (room[prices.role] > 0)
    return Residual(prices, waiting, is_open, draft.held[prices.items.pair], room)


def _empty(market: Residual, draft: Draft, prices: Prices, until: int, is_over: Callable[[], bool]) -> None:
    """Lets people go until so many are left or nobody wants anything any more."""
    choices = market.choices(WARMING_UP + ROUNDS, is_over)
    for stage in range(MOST_STAGES):
        if not choices or is_over():
            return
        is_last = until == 0 and stage == MOST_STAGES - 1
        quota = len(choices) if is_last else max(FEWEST, int(SHARE * market.num_people))
        _let_go(market, draft, prices, choices, quota)
        if market.num_people <= until:
            return
        choices = market.choices(ROUNDS, is_over)


def _let_go(market: Residual, draft: Draft, prices: Prices, choices: list[Ints], quota: int) -> None:
    """Lets some of the people have what they want, those first who wanted it most of the time.

    Who would break a rule of a team, or lacks a mentor as yet, goes with what fits.
    """
    before = (draft.num_hires, draft.hire_bill)
    gone: list[int] = []
    for items in choices:
        if len(gone) >= quota:
            break
        if (market.room[prices.items.slot[items]] > 0).all():
            pairs = prices.items.pair[items]
            draft.add_all(pairs.tolist())
            market.take(items[draft.held[pairs]])
            gone.append(int(prices.items.person[items[0]]))
    market.leave(np.array(gone, dtype=np.int64), draft.num_hires - before[0], draft.hire_bill - before[1])
