"""Our solver, as `planner solve` runs it."""

from __future__ import annotations

from planner.bench.methods import Terms
from solver.problem import Problem
from solver.search import Options, solve
from solver.solution import Result


def make_plan(problem: Problem, terms: Terms) -> Result:
    options = Options(time_limit_s=terms.time_limit_s, workers=terms.workers, seed=terms.seed, gap=terms.gap)
    return solve(problem, options, started_at=terms.began)
