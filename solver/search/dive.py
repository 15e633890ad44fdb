"""A plan from prices that move on while it is made: those choose first whose seats hardly anybody else wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from solver.bound import Patterns, Prices, Residual
from solver.model import Plan
from solver.model.guide import Ints
from solver.search.construct import add_by_worth, items_in_time
from solver.search.draft import Draft

SHARE, FEWEST = 0.05, 10  # of the people who are left go in one stage, and so many at least
MOST_STAGES, ROUNDS = 90, 25


def dive_plan(
    prices: Prices,
    pairs: Ints,
    base: Plan,
    starts: Mapping[int, int],
    is_over: Callable[[], bool] = lambda: False,
) -> Plan | None:
    """The plan in which people leave the market stage by stage; None where prices do not keep time exactly.

    Phases start as in `starts`; what no price decides is added by worth at the end.
    """
    if not isinstance(prices.crowd, Patterns):
        return None
    draft = Draft(prices.able, Plan(base.held, {**starts, **base.starts}))
    market = Residual(prices, prices.crowd, _open_items(prices, draft))
    for stage in range(MOST_STAGES):
        choices = market.choices(ROUNDS, is_over)
        if not choices or is_over():
            break
        _let_go(market, draft, prices, choices, is_last=stage == MOST_STAGES - 1)
        if not market.num_people:
            break
    add_by_worth(draft, pairs, is_over)
    return draft.plan()


def _open_items(prices: Prices, draft: Draft) -> NDArray[np.bool_]:
    """The items at their phases' starts, of people who have nothing yet, on seats that are open."""
    is_free = np.array([not load for load in draft.loads], dtype=np.bool_)
    has_room = np.array(draft.room, dtype=np.int64) > 0
    return items_in_time(prices, draft) & is_free[prices.items.person] & has_room[prices.role]


def _let_go(market: Residual, draft: Draft, prices: Prices, choices: list[Ints], *, is_last: bool) -> None:
    """Lets some of the people have what they want, the least contested first.

    Who would break a rule of a team, or lacks a mentor as yet, goes with what fits.
    """
    quota = len(choices) if is_last else max(FEWEST, int(SHARE * market.num_people))
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
