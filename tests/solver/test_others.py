"""Clearly different plans: feasible, as different as was asked, none worse than another in everything."""

from __future__ import annotations

from itertools import combinations

import build
import pytest
from questions import QUICK, batches, plan_of, small_questions

from solver.check import score, staff_cost, violations
from solver.explain import Marks, others
from solver.explain.asking import moves
from solver.explain.others import marks_of
from solver.problem import Problem
from solver.search import solve
from solver.solution import Solution


@pytest.mark.parametrize("batch", batches(600))
def test_plans_are_different_and_none_is_beaten(batch: int) -> None:
    for problem, given in small_questions(batch):
        told = others(problem, given, QUICK, differ=2)
        plans = [plan_of(given), *(one.solution for one in told.plans)]
        for one in told.plans:
            assert violations(problem, one.solution) == [], problem.name
            assert score(problem, one.solution).objective == one.objective
            assert marks_of(problem, one.solution) == one.marks
            assert moves(plans[0], one.solution) == one.moves
            assert not told.given.beats(one.marks)
        for one, two in combinations(plans, 2):
            assert len(moves(one, two)) >= 2
        for one, two in combinations(told.plans, 2):
            assert not one.marks.beats(two.marks)
            assert not two.marks.beats(one.marks)


def pairs_of_choices() -> Problem:
    """Four seats at once, and for each somebody dear who fits and somebody cheap who hardly does."""
    seats = [
        build.seat(f"s{n}", to=4, skills=(build.skill(f"k{n}", 4, must=False),), tags=(f"t{n}",)) for n in range(4)
    ]
    people = [build.person(f"dear{n}", skills={f"k{n}": 4}, cost=300, tags=(f"t{n}",)) for n in range(4)]
    people += [build.person(f"cheap{n}", cost=100, tags=(f"t{n}",)) for n in range(4)]
    phases = [build.phase(f"f{n}", seat, latest=2) for n, seat in enumerate(seats)]
    return build.problem(*people, projects=(build.project("site", *phases),))


def test_three_plans_are_found_where_there_are() -> None:
    problem = pairs_of_choices()
    told = others(problem, solve(problem, QUICK), QUICK, differ=2)
    assert len(told.plans) >= 3


def test_marks_are_those_of_the_plan() -> None:
    problem = pairs_of_choices()
    plan = Solution({"f0": 1}, {"s0": "dear0", "s1": "cheap1"})
    plan = Solution({**plan.starts, "f1": 0}, plan.holders)
    seats = problem.seat_by_id
    cost = staff_cost(seats["s0"], problem.person_of["dear0"]) + staff_cost(seats["s1"], problem.person_of["cheap1"])
    assert marks_of(problem, plan) == Marks(2, 750, cost, 1 + seats["s0"].to)


def test_plan_that_nobody_can_change_has_no_others() -> None:
    problem = build.problem(build.person("ann"))
    assert others(problem, solve(problem, QUICK), QUICK, differ=2).plans == ()


@pytest.mark.parametrize(
    ("one", "two", "beats"),
    [
        (Marks(2, 900, 10, 5), Marks(2, 900, 10, 5), False),
        (Marks(3, 900, 10, 5), Marks(2, 900, 10, 5), True),
        (Marks(2, 901, 10, 5), Marks(2, 900, 10, 5), True),
        (Marks(2, 900, 9, 5), Marks(2, 900, 10, 5), True),
        (Marks(2, 900, 10, 4), Marks(2, 900, 10, 5), True),
        (Marks(3, 900, 11, 5), Marks(2, 900, 10, 5), False),
    ],
)
def test_better_in_one_and_worse_in_none_beats(one: Marks, two: Marks, beats: bool) -> None:
    assert one.beats(two) is beats
