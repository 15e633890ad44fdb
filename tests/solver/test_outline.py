"""Outlines promise no less than any plan keeps, and whoever counts heads finds the best plan that there is."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from brute import best_objective, tiny_problems
from build import candidate, pairing, person, phase, problem, project, rule, seat, skill, span
from ortools.sat.python import cp_model
from workshops import NO_POINTS, workshop

from solver.bound import worth_of
from solver.check import score, violations
from solver.eligible import Eligibility, eligibility_of
from solver.model import Demand, Headcount, HeadcountModel, OutlineModel, Plan, StaffingModel, solution_of
from solver.model.crowds import MOST_UNIONS, Want, crowds_of
from solver.problem import Calendar, Limits, Problem, Project
from solver.search.lists import Lists, ListSearch


def everybody(able: Eligibility) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.flatnonzero(~able.banned)


def demand_of(asked: Problem) -> Demand:
    able = eligibility_of(asked)
    return Demand(able, everybody(able))


def solved(model: Any) -> tuple[int, Any]:
    """The best objective of a model, and its plan."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    return round(solver.objective_value) * model.objective.scale, model.plan(solver)


def best_outline(asked: Problem) -> int:
    demand = demand_of(asked)
    return solved(OutlineModel(demand, worth_of(demand.able, everybody(demand.able), demand)))[0]


def one_model(asked: Problem) -> int:
    """The best objective by one model of everything."""
    return solved(StaffingModel(eligibility_of(asked)))[0]


def value_of(asked: Problem, plan: Plan) -> int:
    """The points of a plan in which nothing is wrong."""
    solution = solution_of(eligibility_of(asked), plan)
    assert violations(asked, solution) == []
    return score(asked, solution).objective


# -- crowds


def wants(*percents: int, people: tuple[str, ...] = ()) -> list[Want]:
    """A phase of one period for each percentage; `people` are numbers, as text, of those who could come."""
    who = people or ("0",) * len(percents)
    return [
        Want(frozenset(map(int, crew)), n, 0, 1, percent)
        for n, (percent, crew) in enumerate(zip(percents, who, strict=True))
    ]


def test_nobody_is_short_of_time_where_all_is_possible_at_once() -> None:
    assert crowds_of(wants(50, 50), lambda person: 100) == []


def test_crowd_is_short_where_any_two_phases_fit_but_not_all_three() -> None:
    (crowd,) = crowds_of(wants(40, 40, 40), lambda person: 100)
    assert (crowd.capacity, [want.percent for want in crowd.wants]) == (100, [40, 40, 40])


def test_crowds_are_unions_of_candidates_that_share_somebody() -> None:
    found = crowds_of(wants(100, 100, 100, people=("01", "12", "3")), lambda person: 60)
    assert {crowd.people for crowd in found} == {frozenset({3}), frozenset({0, 1, 2})}


def test_too_many_unions_leave_the_kinds_and_everybody() -> None:
    rng = Random(1)
    kinds = ["".join(rng.sample("0123456789", 3)) for _ in range(40)]
    found = crowds_of(wants(*[300] * len(kinds), people=tuple(kinds)), lambda person: 100)
    assert 2 ** len("0123456789") < MOST_UNIONS or frozenset(range(10)) in {crowd.people for crowd in found}


# -- outlines


@pytest.mark.parametrize("batch", range(8))
def test_no_plan_is_better_than_the_best_outline(batch: int) -> None:
    for asked in tiny_problems(batch, size=25):
        best = best_objective(asked)
        assert best is None or best_outline(asked) >= best, asked.name


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_of_a_workshop_is_better_than_the_best_outline(seed: int) -> None:
    asked = workshop(seed, phases=5, projects=1 + seed % 2, fills=seed % 3 == 0)
    assert best_outline(asked) >= one_model(asked)


def test_outline_keeps_windows_order_and_leave() -> None:
    last = phase("last", seat("l", to=2), latest=18, after=("first",))
    first = phase("first", seat("f", to=3), latest=17)
    whole = project("site", first, last, all_or_nothing=True, reward=100, due=0, late_penalty=1)
    away = person(capacity=(span(0, 2), span(4, 20)))
    asked = problem(away, calendar=Calendar(20), projects=(whole,), weights=NO_POINTS)
    assert best_outline(asked) == 100 - (4 + 3 + 2) == one_model(asked)


def test_project_without_enough_candidates_is_not_outlined() -> None:
    team = phase("build", seat("one"), seat("two"))
    assert demand_of(problem(projects=(project("site", team, all_or_nothing=True),))).projects == []


# -- lists


@pytest.mark.parametrize("seed", range(10))
def test_list_is_never_better_than_the_best_outline_and_mostly_as_good(seed: int) -> None:
    asked = workshop(seed, phases=6, projects=1 + seed % 2)
    demand = demand_of(asked)
    worth = worth_of(demand.able, everybody(demand.able), demand)
    search = ListSearch(Lists(demand, worth), seed=1)
    search.go(60)
    assert search.best is not None
    best = best_outline(asked)
    assert 0.9 * best <= search.best.points <= best


@pytest.mark.parametrize("seed", range(10))
def test_lists_keep_order_windows_and_the_time_of_crowds(seed: int) -> None:
    demand = demand_of(workshop(seed, phases=6, projects=2))
    search = ListSearch(Lists(demand, worth_of(demand.able, everybody(demand.able), demand)), seed)
    search.go(10)
    for valued in search.pool:
        starts = valued.outline.starts
        for n, start in starts.items():
            asked = demand.book.phases[n]
            assert asked.earliest <= start <= asked.latest
            assert all(starts[other] + demand.book.phases[other].duration <= start for other in demand.book.before[n])
        for crowd in demand.crowds:
            for period in range(demand.able.problem.calendar.periods):
                asked_for = [
                    want.percent
                    for want in crowd.wants
                    if want.phase in starts
                    and starts[want.phase] + want.begin <= period < starts[want.phase] + want.end
                ]
                assert sum(asked_for) <= crowd.capacity


def test_project_that_does_not_fit_is_left_out_with_those_that_wait_for_it() -> None:
    first = project("first", phase("f", seat("f", to=3)), all_or_nothing=True, reward=10)
    big = project("big", phase("b", seat("b", to=5), latest=15), all_or_nothing=True, reward=10)
    late = phase("w", seat("w", to=1), latest=19, after=("b",))
    waits = project("waits", late, all_or_nothing=True, reward=10)
    small = project("small", phase("s", seat("s", to=3), latest=17), all_or_nothing=True, reward=10)
    short = person(capacity=(span(0, 6),))
    asked = problem(short, calendar=Calendar(20), projects=(first, big, waits, small), weights=NO_POINTS)
    able = eligibility_of(asked)
    demand = Demand(able, everybody(able))
    worth = worth_of(able, everybody(able), demand)
    made = Lists(demand, worth).make({phase: float(phase) for phase in demand.phases})
    assert sorted(able.book.phases[n].id for n in made.outline.starts) == ["f", "s"]


def test_phase_starts_after_what_it_waits_for_even_outside_the_demand() -> None:
    more = project("more", phase("m", seat("m", to=4, fte=50, tags=("nobody",)), latest=16))
    late = phase("w", seat("w", to=2), latest=18, after=("m",))
    waits = project("waits", late, all_or_nothing=True, reward=10, due=0, late_penalty=1)
    asked = problem(person(capacity=(span(0, 20),)), calendar=Calendar(20), projects=(more, waits), weights=NO_POINTS)
    assert best_outline(asked) == 10 - (4 + 2) == one_model(asked)


# -- heads


@pytest.mark.parametrize("seed", range(14))
def test_counting_heads_finds_the_best_plan(seed: int) -> None:
    asked = workshop(seed, phases=5, people=5, projects=1 + seed % 2, fills=seed % 3 == 0)
    headcount = Headcount(demand_of(asked))
    assert headcount.is_all
    objective, plan = solved(HeadcountModel(headcount))
    assert value_of(asked, plan) == objective == one_model(asked)


def test_people_who_are_alike_are_counted_together() -> None:
    able = [person(f"p{n}", skills={"cut": 1}) for n in range(4)]
    other = person("q", skills={"cut": 1, "join": 1})
    work = phase("build", seat("a", skills=(skill("cut"),)), seat("b", skills=(skill("join"),)))
    asked = problem(*able, other, projects=(project("site", work, all_or_nothing=True),))
    classes = Headcount(demand_of(asked)).classes
    assert sorted(len(heads.people) for heads in classes) == [1, 4]


def whole_project(**changes: Any) -> Project:
    return project("site", phase("build", seat("dev", to=4), latest=6), all_or_nothing=True, reward=9, **changes)


MORE_THAN_HEADS: dict[str, Problem] = {
    "pin": problem(projects=(whole_project(),), pins=(pairing(),)),
    "plan in force": problem(projects=(whole_project(),), current=(pairing(),)),
    "hire limit": problem(projects=(whole_project(),), limits=Limits(max_hires=1)),
    "hire budget": problem(projects=(whole_project(),), limits=Limits(hire_budget=1)),
    "plan budget": problem(projects=(whole_project(),), limits=Limits(budget=1)),
    "project budget": problem(projects=(whole_project(budget=1),)),
    "hire that costs": problem(candidate(cost=900), projects=(whole_project(),)),
    "growth": problem(projects=(whole_project(),), growth=True),
    "leave": problem(person(capacity=(span(0, 5), span(7, 10))), projects=(whole_project(),)),
    "two at once": problem(
        projects=(project("site", phase("build", seat("dev", to=4, fte=50), latest=6), all_or_nothing=True),)
    ),
    "short seat": problem(
        projects=(project("site", phase("build", seat("dev", to=3), duration=4, latest=6), all_or_nothing=True),)
    ),
    "team rule": problem(
        person(),
        person("bob"),
        projects=(
            project(
                "site",
                phase("build", seat("dev", to=4), latest=6, team_rules=(rule("apart", people=("ann", "bob")),)),
                all_or_nothing=True,
            ),
        ),
    ),
    "mentor": problem(
        person(skills={"sql": 1}),
        projects=(
            project(
                "site",
                phase("build", seat("dev", to=4, mentoring=True, skills=(skill("sql", 2),)), latest=6),
                all_or_nothing=True,
            ),
        ),
    ),
    "other project": problem(projects=(whole_project(), project("more", phase("more")))),
}


@pytest.mark.parametrize("name", MORE_THAN_HEADS)
def test_heads_are_not_counted_where_there_is_more_to_it(name: str) -> None:
    assert not Headcount(demand_of(MORE_THAN_HEADS[name])).is_all


def test_heads_are_counted_where_that_is_all() -> None:
    assert Headcount(demand_of(problem(projects=(whole_project(),)))).is_all


def test_phases_stay_inside_windows_and_projects_that_are_left_out_are_empty() -> None:
    asked = workshop(3, phases=4, projects=2)
    headcount = Headcount(demand_of(asked))
    able = headcount.able
    mine = able.book.phases_of_project[0]
    _, plan = solved(HeadcountModel(headcount))
    windows = {n: (plan.starts[n], plan.starts[n]) for n in mine if n in plan.starts}
    _, again = solved(HeadcountModel(headcount, windows=windows, only=mine))
    assert {able.book.project_of_phase[n] for n in again.starts} <= {0}
    assert all(again.starts.get(n, windows[n][0]) == windows[n][0] for n in windows)


def test_too_much_asked_for_is_infeasible() -> None:
    asked = workshop(5, phases=4)
    headcount = Headcount(demand_of(asked))
    best, _ = solved(HeadcountModel(headcount))
    assert solved(HeadcountModel(headcount, at_least=best))[0] == best
    solver = cp_model.CpSolver()
    assert solver.solve(HeadcountModel(headcount, at_least=best + 1).cp) == cp_model.INFEASIBLE
