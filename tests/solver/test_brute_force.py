"""Every plan of a tiny problem is tried, and the best of them is the solver's."""

from __future__ import annotations

import pytest
from brute import best_objective, tiny_problems

from solver.search import Options, solve
from solver.solution import Status


@pytest.mark.parametrize("batch", range(30))
def test_no_plan_is_better_than_the_solvers(batch: int) -> None:
    for problem in tiny_problems(batch):
        expected = best_objective(problem)
        result = solve(problem, Options(time_limit_s=60, workers=1))
        assert result.status is (Status.INFEASIBLE if expected is None else Status.OPTIMAL), problem.name
        assert result.objective == expected, problem.name
        assert (result.conflict != ()) == (expected is None), problem.name
