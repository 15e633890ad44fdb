"""How many seats of the plan in force must change hands, whatever else a plan does."""

from __future__ import annotations

from dataclasses import replace

from solver.check import Staffed
from solver.eligible import eligibility_of
from solver.model import StaffingModel, UnfinishedModelError, relevant_part, relevant_problem, solution_of
from solver.problem import N_, Problem
from solver.search.conflict import LIMITS
from solver.search.options import Clock
from solver.search.running import Effort, run
from solver.solution import Demand

AT_LEAST = N_("At most %(limit)s seats of the plan in force may change hands; at least %(fewest)s must.")


def fewest_changes(problem: Problem, clock: Clock, workers: int = 1, *, beyond: int = -1) -> int | None:
    """The smallest `max_changes` for which there is a plan; None where there is none at all, or the time ran out.

    Each number that is tried is proven feasible or not by solving. It begins above `beyond`, which is known not to be
    enough, in steps that double: mostly few more are, and that too few are is proven fastest. A plan that is found
    changes maybe fewer than were allowed.
    """
    least, most, step = beyond + 1, None, 1
    while most is None or least < most:
        limit = min(least + step - 1, len(problem.current)) if most is None else (least + most) // 2
        found = _changes_within(problem, limit, clock, workers)
        if found is None or (found < 0 and limit == len(problem.current)):
            return None
        least, most = (limit + 1, most) if found < 0 else (least, found)
        step *= 2
    return most


def with_fewest_changes(problem: Problem, demands: tuple[Demand, ...], clock: Clock) -> tuple[Demand, ...]:
    """The demands of a conflict; a limit on changes that is among them says how many it takes, where that is known."""
    if all(demand.text != _limit(problem) for demand in demands):
        return demands
    fewest = fewest_changes(problem, clock, beyond=problem.limits.max_changes or 0)
    if fewest is None:
        return demands
    text = AT_LEAST % {"limit": problem.limits.max_changes, "fewest": fewest}
    return tuple(replace(one, text=text) if one.text == _limit(problem) else one for one in demands)


def _limit(problem: Problem) -> str:
    return LIMITS["max_changes"] % {"limit": problem.limits.max_changes}


def _changes_within(problem: Problem, limit: int, clock: Clock, workers: int) -> int | None:
    """How many seats a plan changes that may change so many; -1 where there is none, None where that is not known."""
    asked = problem.replace(limits=replace(problem.limits, max_changes=limit))
    able = eligibility_of(relevant_problem(asked))
    part = relevant_part(able)
    if clock.is_over or not able.has_all:
        return None
    try:
        model = StaffingModel(able, part, has_goals=False, is_over=lambda: clock.is_over)
    except UnfinishedModelError:
        return None
    outcome = run(model, clock, Effort(clock.left_s, workers))
    if outcome.plan is None:
        return -1 if outcome.is_infeasible else None
    return len(Staffed(asked, solution_of(able, outcome.plan)).changed_seats)
