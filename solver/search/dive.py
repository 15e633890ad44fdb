"""A plan from prices that move on while it is made: those choose first who hardly ever want anything else."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from solver.bound import Prices, Residual, TooManyPatternsError
from solver.model import Plan
from solver.model.guide import Ints
from solver.search.construct import add_by_worth, items_in_time
from solver.search.draft import Draft
from solver.search.shelf import Shelf

SHARE, HURRIED, MOST_SHARE = 0.03, 0.15, 0.5  # of the people who are left go in one stage
FEWEST = 10  # go in one stage, whatever the share
TINY_S = 0.01
MOST_STAGES, ROUNDS = 500, 12
WARMING_UP = 30  # rounds, before anybody goes
LEFT, FEW = 0.6, 300  # of the people are left when others of their pairs are looked at; so few go on with theirs


class Pace:
    """How many people must go at once for all to be gone in time: a stage takes as long as many are left."""

    def __init__(self, seconds_left: Callable[[], float] = lambda: math.inf) -> None:
        self._seconds_left, self._began_s, self._num_stages = seconds_left, seconds_left(), 0
        self.is_hurried = False

    def share(self) -> float:
        """Of those who are left, as many as go in the next stage."""
        self._num_stages += 1
        left_s = self._seconds_left()
        if left_s == math.inf:
            return SHARE
        stage_s = (self._began_s - left_s) / self._num_stages
        share = stage_s / max(left_s, TINY_S)
        self.is_hurried = share > HURRIED
        return min(max(SHARE, share), MOST_SHARE)

    def again(self) -> None:
        """Other pairs are laid out: what stages take is counted anew."""
        self._began_s, self._num_stages = self._seconds_left(), 0


def dive_plan(
    prices: Prices,
    pairs: Ints,
    draft: Draft,
    is_over: Callable[[], bool] = lambda: False,
    *,
    shelf: Shelf | None = None,
    pace: Pace | None = None,
) -> Plan:
    """The plan that a draft becomes when people leave the market stage by stage.

    Phases start as they do in the draft; what no price decides is added by worth at the end. Where the prices are
    those of few pairs alone, a shelf has the others: whoever is left is offered, again and again, what is best for
    them of what is left.
    """
    dive = _Dive(draft, pace or Pace(), is_over)
    with suppress(TooManyPatternsError):
        while not is_over():
            market = dive.market(prices)
            dive.empty(market, prices, 0 if shelf is None else _turn(market.num_people))
            if shelf is None or not market.num_people or not len(market.gone) or dive.pace.is_hurried:
                break
            dive.pace.again()
            prices = shelf.refilled(draft, dive.waiting, market.price, is_over)
    for project in np.unique(np.array(draft.book.project_of_phase)[draft.is_open]).tolist():
        if draft.book.projects[project].all_or_nothing and not draft.is_complete(project):
            draft.give_up(project)
    add_by_worth(draft, pairs if shelf is None else shelf.rest(draft), is_over)
    return draft.plan()


def _turn(num_people: int) -> int:
    return int(LEFT * num_people) if num_people > FEW else 0


class _Dive:
    """Who is waiting, and who has gone but lacks a mentor as yet: `late` are their pairs."""

    def __init__(self, draft: Draft, pace: Pace, is_over: Callable[[], bool]) -> None:
        self.draft, self.pace, self.is_over = draft, pace, is_over
        self.waiting = np.array([not load for load in draft.loads], dtype=np.bool_)
        self.late: list[int] = []

    def market(self, prices: Prices) -> Residual:
        """The items at their phases' starts, of people who have nothing yet, on seats that are open."""
        draft, role = self.draft, prices.able.role
        room = np.array(draft.room, dtype=np.int64)
        np.subtract.at(room, role[self.late], 1)
        is_taken = draft.held.copy()
        is_taken[self.late] = True
        may_grow = np.array(draft.is_open, dtype=np.bool_)[prices.items.phase]
        is_open = items_in_time(prices, draft) & self.waiting[prices.items.person] & (room[prices.role] > 0)
        return Residual(prices, self.waiting, is_open & may_grow, is_taken[prices.items.pair], room)

    def empty(self, market: Residual, prices: Prices, until: int) -> None:
        """Lets people go until so many are left or nobody wants anything any more."""
        choices = market.choices(WARMING_UP + ROUNDS, self.is_over)
        for _ in range(MOST_STAGES):
            if not choices or self.is_over():
                return
            num_people = market.num_people
            self._let_go(market, prices, choices, max(FEWEST, int(self.pace.share() * num_people)))
            if market.num_people <= until or market.num_people == num_people:
                return
            choices = market.choices(ROUNDS, self.is_over)

    def _let_go(self, market: Residual, prices: Prices, choices: list[Ints], quota: int) -> None:
        """Lets some of the people have what they want, those first who wanted it most of the time.

        Who lacks a mentor has the seat kept for when one has come; who would break another rule goes with what fits.
        """
        draft, before = self.draft, (self.draft.num_hires, self.draft.hire_bill)
        gone: list[int] = []
        for items in choices:
            if len(gone) >= quota:
                break
            if (market.room[prices.items.slot[items]] > 0).all():
                pairs = prices.items.pair[items].tolist()
                draft.add_all(pairs)
                late = [pair for pair in pairs if not draft.held[pair] and draft.can_add(pair, without_mentor=True)]
                market.take(items[[draft.held[pair] or pair in late for pair in pairs]])
                self.late += late
                gone.append(int(prices.items.person[items[0]]))
        self.waiting[gone] = False
        draft.add_all(self.late)
        self.late = [pair for pair in self.late if not draft.held[pair]]
        market.leave(np.array(gone, dtype=np.int64), draft.num_hires - before[0], draft.hire_bill - before[1])
