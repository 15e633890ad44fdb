"""A plan from prices that move on while it is made: those choose first who hardly ever want anything else."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress

import numpy as np

from solver.bound import Prices, Residual, TooManyPatternsError
from solver.model import Plan
from solver.model.guide import Bools, Ints
from solver.search.construct import add_by_worth, items_in_time
from solver.search.draft import Draft
from solver.search.shelf import Shelf

SHARE, MOST_SHARE = 0.03, 0.5  # of the people who are left go in one stage
FEWEST = 10  # go in one stage, whatever the share
TINY_S = 0.01
MOST_STAGES, ROUNDS = 500, 12
WARMING_UP = 30  # rounds, before anybody goes
LEFT, FEW = 0.6, 300  # of the people are left when others of their pairs are looked at; so few go on with theirs


class Pace:
    """How many people must go at once for all to be gone in time: a stage takes as long as many are left."""

    def __init__(self, seconds_left: Callable[[], float] = lambda: math.inf) -> None:
        self._seconds_left, self._began_s, self._num_stages = seconds_left, seconds_left(), 0

    def share(self) -> float:
        """Of those who are left, as many as go in the next stage."""
        self._num_stages += 1
        left_s = self._seconds_left()
        if left_s == math.inf:
            return SHARE
        stage_s = (self._began_s - left_s) / self._num_stages
        return min(max(SHARE, stage_s / max(left_s, TINY_S)), MOST_SHARE)

    def again(self) -> None:
        """Others are looked at: what stages take is counted anew."""
        self._began_s, self._num_stages = self._seconds_left(), 0


def dive_plan(
    prices: Prices,
    pairs: Ints,
    base: Plan,
    starts: Mapping[int, int],
    is_over: Callable[[], bool] = lambda: False,
    *,
    shelf: Shelf | None = None,
    pace: Pace | None = None,
) -> Plan:
    """The plan in which people leave the market stage by stage.

    Phases start as in `starts`; what no price decides is added by worth at the end. Where the prices are those of
    few pairs alone, a shelf has the others: whoever is left is offered, again and again, what is best for them of
    what is left.
    """
    draft = Draft(prices.able, Plan(base.held, {**starts, **base.starts}))
    waiting = np.array([not load for load in draft.loads], dtype=np.bool_)
    pace = pace or Pace()
    with suppress(TooManyPatternsError):
        while not is_over():
            market = _market(prices, draft, waiting)
            _empty(market, draft, prices, 0 if shelf is None else _turn(market.num_people), pace, is_over)
            waiting[market.gone] = False
            if shelf is None or not market.num_people or not len(market.gone):
                break
            pace.again()
            prices = shelf.refilled(draft, waiting, market.price, is_over)
    add_by_worth(draft, pairs if shelf is None else shelf.rest(draft), is_over)
    return draft.plan()


def _turn(num_people: int) -> int:
    return int(LEFT * num_people) if num_people > FEW else 0


def _market(prices: Prices, draft: Draft, waiting: Bools) -> Residual:
    """The items at their phases' starts, of people who have nothing yet, on seats that are open."""
    room = np.array(draft.room, dtype=np.int64)
    is_open = items_in_time(prices, draft) & waiting[prices.items.person] & (room[prices.role] > 0)
    return Residual(prices, waiting, is_open, draft.held[prices.items.pair], room)


def _empty(market: Residual, draft: Draft, prices: Prices, until: int, pace: Pace, is_over: Callable[[], bool]) -> None:
    """Lets people go until so many are left or nobody wants anything any more."""
    choices = market.choices(WARMING_UP + ROUNDS, is_over)
    for _ in range(MOST_STAGES):
        if not choices or is_over():
            return
        num_people = market.num_people
        _let_go(market, draft, prices, choices, max(FEWEST, int(pace.share() * num_people)))
        if market.num_people <= until or market.num_people == num_people:
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
