"""A greedy list, as tools of resource management fill seats: one after the other, for good.

Seats come by their project's priority and then by their size, and each goes to the free eligible person of the
highest weighted score. A phase that may move is placed as a whole, at the first date on which all its seats find
somebody. Nobody is mentored or trained, nothing is taken back; at the end, whatever breaks a rule is left out.
"""

from __future__ import annotations

import time

from planner.bench.methods import Terms
from planner.bench.methods.greedy.breaches import without_breaches
from planner.bench.methods.greedy.listing import GreedyList
from solver.check import score
from solver.problem import Problem
from solver.solution import Result, Solution, Status, TracePoint

__all__ = ["GreedyList", "make_plan", "without_breaches"]

LEAVES_FOR_UNDOING = 0.8  # of the time; what is placed by then is what is planned


def make_plan(problem: Problem, terms: Terms) -> Result:
    todo = GreedyList(problem, terms.began + LEAVES_FOR_UNDOING * terms.time_limit_s)
    todo.run()
    solution = without_breaches(problem, Solution(todo.board.starts, todo.board.holders))
    seconds = time.monotonic() - terms.began
    if solution is None:
        return Result(problem.name, Status.UNKNOWN, seconds=seconds)
    objective = score(problem, solution).objective
    end = TracePoint(seconds, objective, None, len(solution.holders), "list")
    return Result(
        problem=problem.name,
        status=Status.FEASIBLE,
        solution=solution,
        objective=objective,
        seconds=seconds,
        trace=(end,),
    )
