"""Fewer hires do the same work, nothing that must stay is touched, and no plan does with fewer than the bound says."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from brute import best_objective, tiny_problems
from build import candidate, pairing, person, phase, problem, project, rule, seat, span
from ortools.sat.python import cp_model

from solver.bound import easy_bound, peak_bound
from solver.check import score, violations
from solver.eligible import eligibility_of
from solver.model import Plan, StaffingModel, empty_plan, plan_of, solution_of
from solver.problem import Calendar, Kind, Limits, Problem, Weights
from solver.search.construct import greedy_plan
from solver.search.hiring import Ejection, Hiring, may_save_hires
from solver.search.incumbent import Incumbent
from solver.search.options import Clock, Options, StopFlag
from solver.search.roster import NOBODY, Roster, bits
from solver.search.whole import useful_pairs
from solver.solution import Solution

PERIODS = 30
ONLY_HIRES = Weights(fit=0, style=0, preference=0, money=100, change=0)
OPTIONS = Options(time_limit_s=60, workers=1, deterministic=True)


def errands(seed: int, *, people: int = 12, tasks: int = 30, **changes: Any) -> Problem:
    """Fixed tasks of one seat each, and candidates who can do two thirds of them; hiring somebody costs 10 points."""
    rng = Random(seed)
    names = [f"task:{n}" for n in range(tasks)]
    crew = [
        candidate(f"c{n}", 100, tags=tuple(name for name in names if rng.random() < 0.66), capacity=(span(0, PERIODS),))
        for n in range(people)
    ]
    drawn = []
    for n, name in enumerate(names):
        length = rng.randint(2, 9)
        begin = rng.randint(0, PERIODS - length)
        drawn.append(project(f"j{n}", phase(f"f{n}", seat(f"s{n}", to=length, tags=(name,)), earliest=begin)))
    said = {"calendar": Calendar(PERIODS), "projects": tuple(drawn), "weights": ONLY_HIRES}
    return problem(*crew, **said | changes)


def incumbent_of(asked: Problem) -> Incumbent:
    """The greedy plan."""
    able = eligibility_of(asked)
    incumbent = Incumbent(able, Clock(OPTIONS, StopFlag(), None), 0.0, None)
    incumbent.offer(greedy_plan(able, useful_pairs(able), empty_plan(able)), "greedy")
    return incumbent


def saved(incumbent: Incumbent, seed: int = 1) -> int:
    """The objective after hires have been saved."""
    Hiring(incumbent, replace(OPTIONS, seed=seed), useful_pairs(incumbent.able)).go(lambda: False)
    incumbent.settle()
    assert incumbent.solution is not None
    assert incumbent.objective is not None
    assert violations(incumbent.able.problem, incumbent.solution) == []
    assert score(incumbent.able.problem, incumbent.solution).objective == incumbent.objective
    return incumbent.objective


def best_of(asked: Problem) -> int:
    model, solver = StaffingModel(eligibility_of(asked)), cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    return round(solver.objective_value) * model.objective.scale


# -- the bound


@pytest.mark.parametrize("batch", range(8))
def test_no_plan_is_better_than_the_bound_of_the_busiest_period(batch: int) -> None:
    for asked in tiny_problems(100 + batch, size=20):
        best, able = best_objective(asked), eligibility_of(asked)
        bound = peak_bound(able, np.arange(len(able)))
        assert best is None or best <= bound <= easy_bound(able, np.arange(len(able))), asked.name


def test_two_seats_at_once_take_two_hires() -> None:
    asked = problem(candidate("cy", 100), candidate("di", 300), seats=(seat("a"), seat("b")), weights=ONLY_HIRES)
    able = eligibility_of(asked)
    assert peak_bound(able, np.arange(len(able))) == 60_000 - 10 - 30 == best_objective(asked)


def test_who_is_there_already_saves_a_hire() -> None:
    asked = problem(person(), candidate("di", 300), seats=(seat("a"), seat("b")), weights=ONLY_HIRES)
    able = eligibility_of(asked)
    assert peak_bound(able, np.arange(len(able))) == 60_000 - 30 == best_objective(asked)


def test_seat_stays_open_in_the_bound_where_that_is_cheaper_than_a_hire() -> None:
    asked = problem(person(), candidate("di", 400_000), seats=(seat("a"), seat("b")), weights=ONLY_HIRES)
    able = eligibility_of(asked)
    assert peak_bound(able, np.arange(len(able))) == 30_000 == best_objective(asked)


def test_seats_of_half_a_day_take_nobody_for_themselves() -> None:
    halves = (phase("x", seat("a", fte=50)), phase("y", seat("b", fte=50)))
    asked = problem(candidate("cy", 100), phases=halves, weights=ONLY_HIRES)
    able = eligibility_of(asked)
    assert peak_bound(able, np.arange(len(able))) >= 30_000 - 10 == best_objective(asked)


# -- the search


@pytest.mark.parametrize("seed", range(8))
def test_as_few_are_hired_as_can_be(seed: int) -> None:
    asked = errands(seed)
    assert saved(incumbent_of(asked)) == best_of(asked)


def test_hires_of_a_large_problem_come_down_to_its_bound() -> None:
    asked = errands(1, people=60, tasks=200)
    able = eligibility_of(asked)
    assert saved(incumbent_of(asked)) == peak_bound(able, useful_pairs(able))


def test_same_seed_saves_the_same_hires() -> None:
    first, second = incumbent_of(errands(3, people=20, tasks=60)), incumbent_of(errands(3, people=20, tasks=60))
    assert saved(first, seed=5) == saved(second, seed=5)
    assert first.solution == second.solution


def test_employees_are_asked_before_anybody_is_hired() -> None:
    asked = errands(2)
    helpers = [person(f"e{n}", tags=one.tags, capacity=one.capacity) for n, one in enumerate(asked.people)]
    incumbent = incumbent_of(asked.replace(people=(*asked.people, *helpers)))
    saved(incumbent)
    assert incumbent.solution is not None
    assert {who for who in incumbent.solution.holders.values() if who.startswith("c")} == set()


def test_seats_that_must_stay_keep_their_holders() -> None:
    asked = errands(4)
    able = eligibility_of(asked)
    before = solution_of(able, greedy_plan(able, useful_pairs(able), empty_plan(able)))
    pinned, kept, ruled, *_ = sorted(before.holders)
    phases = {
        one.id: replace(one, team_rules=(rule("count", of={"kind": Kind.CANDIDATE}, at_least=1),))
        for project_ in asked.projects
        for one in project_.phases
        if one.seats[0].id == ruled
    }
    projects = [replace(p, phases=tuple(phases.get(one.id, one) for one in p.phases)) for p in asked.projects]
    bound = asked.replace(
        projects=tuple(projects),
        pins=(pairing(pinned, before.holders[pinned]),),
        current=(pairing(kept, before.holders[kept]),),
    )
    incumbent = incumbent_of(bound)
    incumbent.offer(plan_of(incumbent.able, before), "known")
    there = incumbent.solution
    assert there is not None
    saved(incumbent)
    assert incumbent.solution is not None
    named = (pinned, kept, ruled)
    assert [incumbent.solution.holders[one] for one in named] == [there.holders[one] for one in named]


@pytest.mark.parametrize("limits", [Limits(max_hires=5), Limits(hire_budget=450)])
def test_limits_on_hires_are_kept(limits: Limits) -> None:
    incumbent = incumbent_of(errands(6, limits=limits))
    before = incumbent.objective
    assert before is not None
    assert saved(incumbent) >= before


def test_nothing_is_saved_where_hires_cost_nothing_or_money_is_short() -> None:
    assert may_save_hires(eligibility_of(problem(candidate("cy", 100))))
    assert not may_save_hires(eligibility_of(problem(candidate("cy", 0))))
    assert not may_save_hires(eligibility_of(problem(candidate("cy", 100), limits=Limits(budget=100))))
    assert not may_save_hires(eligibility_of(problem(candidate("cy", 100), growth=True)))


# -- the roster


def roster_of(asked: Problem, solution: Solution | None = None) -> Roster:
    able = eligibility_of(asked)
    plan = plan_of(able, solution) if solution else empty_plan(able)
    return Roster(able, useful_pairs(able), plan)


def test_seats_clash_where_they_are_on_at_the_same_time() -> None:
    roster = roster_of(errands(7))
    for n, place in enumerate(roster.places):
        met = {k for k, other in enumerate(roster.places) if other.begin < place.end and place.begin < other.end}
        assert set(bits(roster.clash[n])) == met - {n}


def test_roster_says_the_plan_that_it_was_made_from() -> None:
    able = eligibility_of(errands(8))
    plan = greedy_plan(able, useful_pairs(able), empty_plan(able))
    again = Roster(able, useful_pairs(able), plan).as_plan()
    assert np.array_equal(again.held, plan.held)
    assert again.starts == plan.starts


def test_ejection_that_is_in_vain_says_so() -> None:
    crowded = problem(
        candidate("cy", 100, capacity=(span(),)),
        phases=(phase("x", seat("a")), phase("y", seat("b"))),
        weights=ONLY_HIRES,
    )
    roster = roster_of(crowded)
    assert not Ejection(roster, [0], Random(1)).place([0, 1], range(500))
    assert NOBODY in roster.holder


def test_half_of_a_torn_project_is_not_filled() -> None:
    torn = project("torn", phase("x", seat("a"), seat("b")), all_or_nothing=True)
    able = eligibility_of(problem(candidate("cy", 100), projects=(torn,), weights=ONLY_HIRES))
    assert Roster(able, useful_pairs(able), Plan(empty_plan(able).held, {})).num_moving == 0
