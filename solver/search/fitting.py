"""People for an outline: exact models of who, for phases that do not move, or hardly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solver.model import (
    Demand,
    Headcount,
    HeadcountModel,
    Outline,
    Part,
    Plan,
    StaffingModel,
    UnfinishedModelError,
    empty_plan,
    movable_phases,
)
from solver.search.incumbent import Incumbent
from solver.search.options import Options
from solver.search.running import Effort, Outcome, run

FIT_S, NEAR_S = 3.0, 5.0  # at most, on the wall
FIT_WORK_S, NEAR_WORK_S = 1.0, 1.0  # the same on CP-SAT's own clock
SOURCE = "outline"


class Fitting:
    """Looks for people, and offers the plans that it finds."""

    def __init__(self, incumbent: Incumbent, options: Options, demand: Demand, pairs: NDArray[np.int64]) -> None:
        self.incumbent, self.clock, self.options = incumbent, incumbent.clock, options
        self.able, self.pairs, self.demand = incumbent.able, pairs, demand
        self.headcount = Headcount(demand)

    @property
    def counts_heads(self) -> bool:
        """Whether counting heads is all there is to it, so that phases may move while people are looked for."""
        return self.headcount.is_all

    def fit(self, outline: Outline) -> bool:
        """Whether there are people for an outline, and the plan is better than the best so far."""
        effort = self._effort(FIT_S, FIT_WORK_S)
        if not self.counts_heads:
            return self._staff(outline, effort)
        objective = self.incumbent.objective
        outcome = self._count(outline, 0, effort, None if objective is None else objective + 1)
        return outcome.plan is not None and self.incumbent.offer(outcome.plan, SOURCE)

    def near(self, outline: Outline, width: int, at_least: int, seed: int) -> Outcome[Plan]:
        """A plan of so many points whose phases start at most `width` periods from where they do in the outline."""
        return self._count(outline, width, replace(self._effort(NEAR_S, NEAR_WORK_S), seed=seed), at_least)

    def everywhere(self, effort: Effort) -> None:
        """The same for all starts; where nothing is found, the best plan so far is proven to be the best."""
        plan, objective = self.incumbent.plan, self.incumbent.objective
        if plan is None or objective is None:
            return
        model = HeadcountModel(self.headcount, at_least=objective + 1)
        model.hint(self.demand.outline_of(plan))
        outcome = run(model, self.clock, effort, on_plan=lambda found: self.incumbent.offer(found, SOURCE))
        if outcome.plan is not None:
            self.incumbent.offer(outcome.plan, SOURCE)
        bound = objective if outcome.is_infeasible else outcome.bound
        if bound is not None:
            self.incumbent.offer_bound(bound, SOURCE)

    def _count(self, outline: Outline, width: int, effort: Effort, at_least: int | None) -> Outcome[Plan]:
        windows = {phase: (start - width, start + width) for phase, start in outline.starts.items()}
        model = HeadcountModel(self.headcount, windows=windows, at_least=at_least, only=outline.starts)
        model.hint(outline)
        return run(model, self.clock, replace(effort, is_timetable=True))

    def _staff(self, outline: Outline, effort: Effort) -> bool:
        """Staffs the outline's phases where they are, and all others wherever."""
        starts = {phase: start for phase, start in outline.starts.items() if not self.able.book.phases[phase].is_fixed}
        still = Plan(empty_plan(self.able).held, starts)
        moving = movable_phases(self.able) - set(self.demand.phases)
        out = set(self.demand.phases) - set(outline.starts)
        pairs = self.pairs[~np.isin(self.able.phase[self.pairs], list(out))]
        part = Part(still, pairs, moving)
        try:
            model = StaffingModel(self.able, part, is_over=lambda: self.clock.is_over)
        except UnfinishedModelError:
            return False
        outcome = run(model, self.clock, effort)
        return outcome.plan is not None and self.incumbent.offer(outcome.plan, SOURCE)

    def _effort(self, seconds: float, work_s: float) -> Effort:
        """CP-SAT's own clock ends a run, and, unless all must come out the same, the wall's."""
        wall_s = self.clock.left_s if self.options.deterministic else seconds
        return Effort(wall_s, seed=self.options.seed, deterministic_s=work_s)
