"""Why nobody sits there, and which demands cannot hold together."""

from __future__ import annotations

from solver.eligible import eligibility_of
from solver.problem import Problem
from solver.search.conflict import find_conflict
from solver.search.options import LONGEST_S, Clock, Options, StopFlag
from solver.search.reasons import Gaps
from solver.solution import Demand, Reason, Solution

__all__ = ["Gaps", "conflict", "gap_reasons"]  # `Gaps` is made where a plan is judged, and asked for here


def gap_reasons(problem: Problem, solution: Solution, seat_id: str) -> tuple[Reason, ...]:
    """Why a seat is open in a feasible solution, what weighs most first; nothing where it is not open.

    For many seats of one solution, make one `Gaps` and ask it for each.
    """
    if seat_id in solution.holders:
        return ()
    return Gaps(eligibility_of(problem), solution).reasons(seat_id)


def conflict(problem: Problem) -> tuple[Demand, ...]:
    """Demands that cannot hold together and of which each is needed for that; empty where there is a plan."""
    clock = Clock(Options(time_limit_s=LONGEST_S), StopFlag(), None)
    return find_conflict(problem, clock)
