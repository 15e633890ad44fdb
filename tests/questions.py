"""Small problems to ask about, with a best plan, and the best of every plan of a changed one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

import brute
import draw
import pytest

from solver.check import score
from solver.problem import Problem
from solver.search import Options, solve
from solver.solution import Result, Solution

QUICK = Options(time_limit_s=20, workers=1)
MOST_PLANS = 250  # of a problem that is changed and tried in full again and again
USUAL_BATCHES, ALL_BATCHES = 8, 40


def batches(first: int) -> list[object]:
    """Numbers of batches, of which the ordinary suite takes the first few."""
    soak = pytest.mark.soak
    return [pytest.param(first + n, marks=() if n < USUAL_BATCHES else soak) for n in range(ALL_BATCHES)]


def small_questions(
    batch: int, size: int = 5, most_seats: int = 4, most_people: int = 3
) -> Iterator[tuple[Problem, Result]]:
    """Problems that have a plan, each with a best one."""
    drawn = partial(draw.tiny, most_seats=most_seats, most_people=most_people)
    found = 0
    for problem in brute.tiny_problems(batch, 50 * size, drawn):
        if brute.num_plans(problem) <= MOST_PLANS:
            given = solve(problem, QUICK)
            if given.solution is not None:
                found += 1
                yield problem, given
        if found == size:
            return


def best(problem: Problem, filled: Collection[str] = ()) -> int | None:
    """The objective of the best plan of all that fill these seats; None where there is none."""
    plans = (plan for plan in brute.feasible_plans(problem) if all(seat in plan.holders for seat in filled))
    return max((score(problem, plan).objective for plan in plans), default=None)


def has_plan(problem: Problem, filled: Collection[str] = ()) -> bool:
    """Whether any plan fills these seats."""
    plans = brute.feasible_plans(problem)
    return any(all(seat in plan.holders for seat in filled) for plan in plans)


def plan_of(given: Result) -> Solution:
    """The plan of an answer that has one."""
    assert given.solution is not None
    return given.solution
