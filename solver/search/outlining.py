"""Plans of projects that roam in time: first an outline of when, then the people for it.

An outline without people is a small problem: lists find good ones in a blink, and an exact model of it proves how
good any plan could be. Who does the work is then told by an exact model for phases that do not move, or hardly; where
nobody can be found for an outline, another is made (in the spirit of logic-based Benders decomposition; Hooker,
Operations Research 55, 2007).
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bound import worth_of
from solver.model import Demand, Outline, OutlineModel, Plan
from solver.search.fitting import SOURCE, Fitting
from solver.search.heads import HeadLists
from solver.search.incumbent import Incumbent
from solver.search.lists import Lists, ListSearch, Valued
from solver.search.options import Options
from solver.search.running import effort_of, run

FIRST_ROUNDS, MORE_ROUNDS, HEAD_ROUNDS = 40, 15, 20
THRIFTS = (0.95, 0.9, 0.8, 0.7, 0.5)
OUTLINE_WORK_S = 5.0  # on CP-SAT's own clock, for each unit of effort
STEPS_FOR_ONE_EFFORT = 25
PATIENCE = 30  # steps in a row that bring nothing, until the outline is looked at from another side
FIRST_WIDTH, WIDER, NARROWER = 3.0, 1.3, 0.6
OTHER_WAY = "fixed"
OTHER_SHARE = 0.3
MOST_SEED = 2**31
MOST_STALE = 4  # rounds of lists in a row that bring nothing, until others are begun
BOUNDING_SHARE, PROVING_SHARE = 0.1, 0.5  # of the time, of the thread that proves before it walks
QUICK_WORK_S = 0.02  # on CP-SAT's own clock: what was ruled out in less was too narrow
_HERE, _AHEAD = "here", "ahead"


class Outlining:
    """The search for outlines and their people, over one best plan."""

    def __init__(self, incumbent: Incumbent, options: Options, pairs: NDArray[np.int64]) -> None:
        self.incumbent, self.clock, self.options = incumbent, incumbent.clock, options
        self.demand = Demand(incumbent.able, pairs)
        self.worth = worth_of(incumbent.able, pairs, self.demand)
        self.fitting = Fitting(incumbent, options, self.demand, pairs)
        self.is_bounded = False  # whether the best outline is known
        self.found: deque[Outline] = deque()  # by an exact model, not looked at yet
        self._until_s = 0.0

    @property
    def may_serve(self) -> bool:
        """Whether there is anything to outline."""
        return Lists.may_serve(self.demand)

    @property
    def longest(self) -> int:
        """How far a phase could move at most."""
        return self.incumbent.able.problem.calendar.periods

    @property
    def is_exact(self) -> bool:
        """Whether what is not found here does not exist."""
        return self.fitting.counts_heads

    def go(self, share: float) -> None:
        """Works for a share of the time that is left, or, where a search is deterministic, for its effort."""
        self._until_s = self.clock.seconds + share * self.clock.left_s
        lists = self._lists(self.options.seed)
        lists.go(FIRST_ROUNDS, lambda: self.is_over)
        self._begin(lists)
        steps = STEPS_FOR_ONE_EFFORT * self.options.effort if self.options.deterministic else None
        walks = [
            _Walk(self, lists, self.options.seed, self._heads(self.options.seed)),
            _Walk(self, self._lists(self.options.seed + 1), -1, self._heads(-1)),
        ]
        if self.options.deterministic or self.options.workers == 1:
            walks[0].go(steps or STEPS_FOR_ONE_EFFORT)
            self.bound(share)
            walks[0].go(steps)
            return
        with ThreadPoolExecutor(2) as pool:
            others = [pool.submit(walks[0].go), pool.submit(self._bound_and_walk, share, walks[1])]
            for ended in others:
                ended.result()

    @property
    def is_over(self) -> bool:
        is_late = not self.options.deterministic and self.clock.seconds > self._until_s
        return is_late or self.clock.is_over

    def bound(self, share: float, way: str | None = None) -> None:
        """The bound of the best outline, and the outlines that are found on the way."""
        if self.is_over:
            return
        model = OutlineModel(self.demand, self.worth, at_least=self.incumbent.objective)
        if self.incumbent.plan is not None:
            model.hint(self.demand.outline_of(self.incumbent.plan))
        effort = effort_of(self.options, self.clock, share, OUTLINE_WORK_S)
        outcome = run(
            model,
            self.clock,
            replace(effort, workers=1, is_timetable=True, way=way),
            on_plan=self.found.append,
            on_bound=lambda bound: self.incumbent.offer_bound(bound, SOURCE),
        )
        self.is_bounded |= outcome.is_optimal
        if outcome.bound is not None:
            self.incumbent.offer_bound(outcome.bound, SOURCE)

    def look_from_another_side(self, turn: int) -> None:
        """Looks at all starts with all people at once, or, in turn, for the bound in another way."""
        if self.is_exact and (turn % 2 == 0 or self.is_bounded):
            self.look_everywhere(OTHER_SHARE, turn)
        elif not self.is_bounded:
            self.bound(OTHER_SHARE, OTHER_WAY)

    def look_everywhere(self, share: float, turn: int) -> None:
        """Looks at all starts with all people at once, for a share of the time that is left."""
        effort = effort_of(self.options, self.clock, share, OUTLINE_WORK_S)
        self.fitting.everywhere(replace(effort, workers=1, is_timetable=True, seed=self.options.seed + turn))

    def _bound_and_walk(self, share: float, walk: _Walk) -> None:
        if self.is_exact:
            self.bound(BOUNDING_SHARE * share)
            self.look_everywhere(PROVING_SHARE, 0)
        else:
            self.bound(share)
        walk.go()

    def _lists(self, seed: int, thrift: float = 1.0) -> ListSearch:
        return ListSearch(Lists(self.demand, self.worth, thrift), seed)

    def _heads(self, seed: int) -> ListSearch | None:
        headcount = self.fitting.headcount
        return ListSearch(HeadLists(headcount, seed), seed) if HeadLists.may_list(headcount) else None

    def _begin(self, lists: ListSearch) -> None:
        """Any plan at all: if there are no people for the best outlines, for some that take it easier."""
        if any(not self.is_over and self.fitting.fit(valued.outline) for valued in lists.pool[::-1]):
            return
        for thrift in THRIFTS:
            easier = self._lists(self.options.seed, thrift)
            easier.go(MORE_ROUNDS, lambda: self.is_over)
            if self.is_over or (easier.best is not None and self.fitting.fit(easier.best.outline)):
                return


class _Near(NamedTuple):
    """An outline to look around, and what is asked of what is found there."""

    place: str
    outline: Outline
    at_least: int


class _Walk:
    """One thread's way from outline to outline."""

    def __init__(self, all_: Outlining, lists: ListSearch, seed: int, heads: ListSearch | None = None) -> None:
        self.all, self.fitting, self.incumbent, self.lists = all_, all_.fitting, all_.incumbent, lists
        self.heads, self._num_stale = heads, 0
        self.rng = Random(seed)  # noqa: S311 - chance, not secrecy
        self._is_tried: set[tuple[tuple[int, int], ...]] = set()
        self._widths, self._num_near = {_HERE: FIRST_WIDTH, _AHEAD: FIRST_WIDTH}, 0

    def go(self, steps: int | None = None) -> None:
        """Takes so many steps, or as many as there is time for."""
        idle, num, turn, patience = 0, 0, 0, PATIENCE
        while not self.all.is_over and num != steps:
            num += 1
            idle = 0 if self.step() else idle + 1
            if idle == patience:
                self.all.look_from_another_side(turn)
                idle, turn, patience = 0, turn + 1, 2 * patience

    def step(self) -> bool:
        """Looks for people for one outline; whether a better plan came of it."""
        self.lists.go(MORE_ROUNDS, lambda: self.all.is_over)
        while self.all.found:
            self.lists.take(self.all.found.popleft())
        new = [valued for valued in self.lists.pool if self._is_worth_a_try(valued)]
        if new:
            self._is_tried.add(_key(new[-1].outline))
            if self.fitting.fit(new[-1].outline):
                return True
        return self._list_heads() or (self.fitting.counts_heads and self._look_near())

    def _list_heads(self) -> bool:
        """Makes lists with the heads for them, from scratch now and then; whether a better plan came of it."""
        if self.heads is None:
            return False
        if not self.heads.go(HEAD_ROUNDS, lambda: self.all.is_over):
            self._num_stale += 1
            if self._num_stale == MOST_STALE:
                self._num_stale = 0
                self.heads.begin_anew()
            return False
        self._num_stale = 0
        found = self.heads.best
        if found is None or found.counts is None:
            return False
        return self.incumbent.offer(self.fitting.headcount.plan(found.outline, found.counts), SOURCE)

    def _look_near(self) -> bool:
        """Lets phases move a little from where they are in an outline: further, if that is quickly seen to be in vain.

        Where people are what is scarce, outlines that promise much are far from any for which there are people. So
        the best plan's own, and others with people for them, are looked at in turn with these.
        """
        near = self._next_near()
        if near is None:
            return False
        outcome = self.fitting.near(
            near.outline, max(1, int(self._widths[near.place])), near.at_least, self.rng.randrange(MOST_SEED)
        )
        if outcome.is_infeasible and outcome.work_s < QUICK_WORK_S:
            self._widths[near.place] = min(self._widths[near.place] * WIDER, self.all.longest)
        elif outcome.plan is None:
            self._widths[near.place] = max(self._widths[near.place] * NARROWER, 1.0)
        return outcome.plan is not None and self.incumbent.offer(outcome.plan, SOURCE)

    def _next_near(self) -> _Near | None:
        """An outline that promises much, of which so much is asked, or less, or a plan's, of which more is asked."""
        plan, low = self.incumbent.plan, (self.incumbent.objective or 0) + 1
        self._num_near += 1
        if plan is not None and (self._num_near % 2 or not self.lists.pool):
            return _Near(_HERE, self._good(plan), low)
        if not self.lists.pool:
            return None
        most = max(low, self.lists.pool[-1].points)
        return _Near(_AHEAD, self.rng.choice(self.lists.pool).outline, self.rng.randint(low, most))

    def _good(self, plan: Plan) -> Outline:
        """The best plan's outline, or one of those that have been listed with their heads of late."""
        pool = [] if self.heads is None else [one.outline for one in self.heads.pool]
        return self.rng.choice([self.all.demand.outline_of(plan), *pool])

    def _is_worth_a_try(self, valued: Valued) -> bool:
        is_better = self.incumbent.objective is None or valued.points > self.incumbent.objective
        return is_better and _key(valued.outline) not in self._is_tried


def _key(outline: Outline) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(outline.starts.items()))
