"""A guide's losses are the goals turned around: nothing is lost that is not earned, and no better plan is missed."""

from __future__ import annotations

import pytest
from brute import best_objective, feasible_plans, tiny_problems
from hunting import guide_of, hunted
from ortools.sat.python import cp_model

from solver.check import score
from solver.eligible import Eligibility, eligibility_of
from solver.model import Hunt, Plan, StaffingModel, empty_plan, plan_of, whole
from solver.problem import Problem


@pytest.mark.parametrize("batch", range(10))
def test_hunt_ends_at_the_best_plan_and_finds_nothing_beyond(batch: int) -> None:
    for asked in tiny_problems(batch):
        best = best_objective(asked)
        if best is None:
            continue
        able = eligibility_of(asked)
        guide = guide_of(able, best, rounds=batch)
        if guide is None:
            continue
        assert guide.bound >= best, asked.name
        now = empty_plan(able)
        assert hunted(able, Hunt(guide, now, best - 1)) == ("OPTIMAL", best), asked.name
        assert hunted(able, Hunt(guide, now, best)) == ("INFEASIBLE", 0), asked.name


@pytest.mark.parametrize("batch", range(10, 16))
def test_from_any_plan_a_hunt_finds_what_is_better_and_only_that(batch: int) -> None:
    for asked in tiny_problems(batch):
        plans = sorted(feasible_plans(asked), key=lambda plan: score(asked, plan).objective)
        if not plans:
            continue
        able = eligibility_of(asked)
        best = score(asked, plans[-1]).objective
        guide = guide_of(able, best, rounds=8)
        if guide is None:
            continue
        for solution in (plans[len(plans) // 2], plans[-1]):
            now = plan_of(able, solution)
            has_better = score(asked, solution).objective < best
            found = _better(asked, able, Hunt(guide, now))
            assert (found is not None) == has_better, asked.name


def _better(asked: Problem, able: Eligibility, hunt: Hunt) -> Plan | None:
    model = StaffingModel(able, whole(able), hunt=hunt)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model.cp)
    return model.plan(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
