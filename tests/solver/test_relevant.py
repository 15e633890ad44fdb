"""What decides whether there is a plan: as little as may be, and enough."""

from __future__ import annotations

from typing import Any

import pytest
from brute import has_plan
from build import pairing, person, phase, problem, project, rule, seat, skill
from ortools.sat.python import cp_model
from thousand import NUM, problem_of

from solver.eligible import eligibility_of
from solver.model import StaffingModel, relevant_part, relevant_problem
from solver.problem import Limits, Problem

FORCED = [n for n in range(NUM) if problem_of(n).pins or problem_of(n).limits.max_changes is not None]


def is_feasible(asked: Problem) -> bool:
    able = eligibility_of(asked)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(StaffingModel(able, relevant_part(able), has_goals=False).cp) != cp_model.INFEASIBLE


@pytest.mark.parametrize("first", range(0, len(FORCED), 20))
def test_part_that_decides_has_a_plan_just_where_the_problem_has_one(first: int) -> None:
    for number in FORCED[first : first + 20]:
        asked = problem_of(number)
        expected = has_plan(asked)
        assert is_feasible(asked) == expected, number
        assert is_feasible(relevant_problem(asked)) == expected, number


def pairs_that_decide(asked: Problem) -> set[tuple[str, str]]:
    able = eligibility_of(asked)
    pairs = relevant_part(able).pairs.tolist()
    return {(able.seat(pair).id, able.book.people[able.person[pair]].id) for pair in pairs}


def pinned(*seats: Any, **changes: Any) -> Problem:
    """Two people who could hold any seat, one of them pinned to the first, and a project that nothing forces."""
    free = project("free", phase("g", seat("ops")))
    forced = project("forced", phase("f", *(seats or (seat("dev"), seat("doc"))), **changes))
    levels = {"sql": 2}
    crew = (person(skills=levels), person("bob", skills=levels))
    return problem(*crew, projects=(forced, free), pins=(pairing(),))


def test_pin_alone_decides_where_rules_only_forbid() -> None:
    assert pairs_that_decide(pinned()) == {("dev", "ann")}
    assert pairs_that_decide(pinned(team_rules=(rule("apart", people=("ann", "bob")),))) == {("dev", "ann")}
    assert [len(one.people) for one in (pinned(), relevant_problem(pinned()))] == [2, 1]
    assert [len(one.projects) for one in (pinned(), relevant_problem(pinned()))] == [2, 1]


@pytest.mark.parametrize(
    "asked",
    [
        pinned(team_rules=(rule("together", people=("ann", "bob")),)),
        pinned(team_rules=(rule("mean", style="wit", min=3.0),)),
        pinned(seat("dev", skills=(skill("sql", 3),), mentoring=True), seat("doc")),
    ],
)
def test_whole_phase_decides_where_somebody_else_may_be_needed(asked: Problem) -> None:
    assert len(pairs_that_decide(asked)) == len(relevant_problem(asked).people) * 2 == 4


def test_whole_project_decides_where_it_is_all_or_nothing() -> None:
    both = project("x", phase("f", seat("dev")), phase("g", seat("ops")), all_or_nothing=True)
    asked = problem(person(), person("bob"), projects=(both,), pins=(pairing(),))
    assert len(pairs_that_decide(asked)) == 4


def test_plan_in_force_decides_only_where_changes_are_limited() -> None:
    free = problem(current=(pairing(),))
    assert pairs_that_decide(free) == set()
    assert pairs_that_decide(free.replace(limits=Limits(max_changes=0))) == {("dev", "ann")}


def test_time_of_those_that_come_before_is_kept_and_nothing_else_of_them() -> None:
    first = project("first", phase("plan", seat("draw", to=2), latest=3), phase("also", seat("more", to=2)))
    then = project("then", phase("build", seat("dev", to=2), earliest=3, latest=4, after=("plan",)))
    left = relevant_problem(problem(projects=(first, then), pins=(pairing(),)))
    assert [[one.id for one in asked.phases] for asked in left.projects] == [["plan"], ["build"]]
    assert left.phase_by_id["plan"].seats == ()
