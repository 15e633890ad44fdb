"""The search keeps its promises: every plan is feasible, every status true, and it stops when it is told to."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from random import Random
from typing import Any

import draw
import numpy as np
import pytest
import strategies
from brute import best_objective, feasible_plans, tiny_problems
from build import candidate, pairing, person, phase, problem, project, rule, seat, span
from companies import assert_right, company
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.check import score, violations
from solver.eligible import eligibility_of
from solver.model import empty_plan, solution_of
from solver.problem import Calendar, Limits, Problem, Project, Weights, from_document
from solver.search import Options, StopFlag, solve
from solver.search.construct import greedy_plan
from solver.search.whole import useful_pairs
from solver.solution import Solution, Status, TracePoint

QUICK = Options(time_limit_s=20, workers=1)
SLOW_MACHINE_S = 2.0


# -- statuses


def test_small_problem_is_proven() -> None:
    result = solve(problem(person(), person("bob")), QUICK)
    assert result.status is Status.OPTIMAL
    assert len(result.solution.holders if result.solution else ()) == 1
    assert_right(problem(person(), person("bob")), result)


def test_problem_with_nobody_and_problem_with_nothing_are_proven() -> None:
    for asked in (problem().replace(people=()), problem().replace(projects=())):
        result = solve(asked, QUICK)
        assert (result.status, result.objective) == (Status.OPTIMAL, 0)


def test_impossible_pins_are_infeasible_with_a_conflict() -> None:
    asked = problem(person(), person("bob"), pins=(pairing(), pairing("dev", "bob")))
    result = solve(asked, QUICK)
    assert (result.status, len(result.conflict)) == (Status.INFEASIBLE, 2)
    assert_right(asked, result)


def test_stop_before_anything_is_known_leaves_a_bound_problem_unknown() -> None:
    stop = StopFlag()
    stop.set()
    result = solve(problem(pins=(pairing(),)), QUICK, stop=stop)
    assert (result.status, result.objective, result.conflict) == (Status.UNKNOWN, None, ())


def test_stop_before_anything_is_known_still_gives_the_empty_plan_and_how_good_any_could_be() -> None:
    stop = StopFlag()
    stop.set()
    result = solve(problem(), QUICK, stop=stop)
    assert_right(problem(), result)
    assert (result.status, result.objective) == (Status.FEASIBLE, 0)
    best = solve(problem(), QUICK).objective
    assert result.bound is not None
    assert best is not None
    assert result.bound >= best > 0
    assert [reason.code for reason in result.unfilled["dev"]] == ["search_stopped"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_is_asked_the_answer_is_right(data: st.DataObject) -> None:
    asked = from_document(data.draw(strategies.documents()))
    assert_right(asked, solve(asked, Options(time_limit_s=5, workers=1)))


@pytest.mark.parametrize("seed", range(12))
def test_larger_draws_are_answered_rightly(seed: int) -> None:
    asked = draw.tiny(seed, most_seats=25, most_people=10)
    assert_right(asked, solve(asked, Options(time_limit_s=4, workers=1)))


def test_numbers_at_the_contracts_limits_are_answered_rightly() -> None:
    most, periods = 10**9, 10**9
    crew = [
        candidate("cy", most, 0, 100, cost_per_period=most, capacity=(span(0, periods),), preferences={"a": 100}),
        person("ann", cost=0, capacity=(span(0, periods),), styles={"wit": 5.0}),
        person("bob", cost=1, capacity=(span(0, periods // 2), span(periods // 2, periods, 99)), skills={"sql": 100}),
    ]
    rules = (
        rule("mean", style="wit", min=100, weight=10**6),
        rule("count", of={"tag": "x"}, at_least=1000, weight=10**6),
    )
    long = phase("long", seat("a1", to=periods - 10), seat("a2", to=periods - 10, fte=1), latest=10, team_rules=rules)
    roaming = phase("roaming", seat("b1", to=5), seat("b2", to=1, fte=1), latest=periods - 5)
    after = phase("after", seat("c1", to=3), latest=periods - 3, after=("roaming",))
    projects = (
        project("a", long, priority=5, budget=most, reward=most, due=0, late_penalty=1),
        project("b", roaming, after, priority=5, reward=most, due=0, late_penalty=most, all_or_nothing=True),
    )
    for weights in (Weights(10**6, 10**6, 10**6, 10**6, 10**6, 10**6), Weights(0, 0, 0, 0, 10**6, 0), Weights()):
        asked = problem(
            *crew,
            projects=projects,
            calendar=Calendar(periods),
            weights=weights,
            current=(pairing("a1", "cy"), pairing("b1", "ann")),
            limits=Limits(max_hires=most, hire_budget=most, budget=most, max_changes=most),
        )
        assert_right(asked, solve(asked, Options(time_limit_s=3, workers=1)))


def test_problem_in_which_nobody_may_hold_anything_is_answered_without_an_exact_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A reward is there to be hoped for, and there is no pair to draw a part around."""
    monkeypatch.setattr("solver.search.strategy.TINY", -1)
    monkeypatch.setattr("solver.search.strategy.LARGE", -1)
    asked = problem(person(capacity=()), projects=(project("site", reward=1000),))
    assert_right(asked, solve(asked, Options(time_limit_s=5, workers=1)))


# -- time and stopping


@pytest.mark.seconds
def test_time_limit_covers_what_came_before() -> None:
    began = time.monotonic() - 8
    result = solve(company(), Options(time_limit_s=10), started_at=began)
    assert 8 <= result.seconds <= 10 + SLOW_MACHINE_S
    assert_right(company(), result)


@pytest.mark.seconds
def test_time_limit_holds() -> None:
    asked = company(people=120, seats=600)
    began = time.monotonic()
    result = solve(asked, Options(time_limit_s=3))
    assert time.monotonic() - began <= 3 + SLOW_MACHINE_S
    assert_right(asked, result)


@pytest.mark.seconds
def test_stop_is_answered_at_once_and_keeps_the_best_plan() -> None:
    stop, stopped_at = StopFlag(), 0.0

    def later() -> None:
        nonlocal stopped_at
        stopped_at = time.monotonic()
        stop.set()

    timer = threading.Timer(2.0, later)
    timer.start()
    result = solve(company(), Options(time_limit_s=60), stop=stop)
    assert time.monotonic() - stopped_at <= SLOW_MACHINE_S
    assert (result.objective or 0) > 0
    assert_right(company(), result)


@pytest.mark.parametrize("wrong", [{"time_limit_s": 0.5}, {"time_limit_s": 86_401}, {"time_limit_s": float("nan")}])
def test_time_limit_outside_its_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="time_limit_s"):
        Options(**wrong)


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"effort": 0}, {"gap": -0.1}, {"gap": float("nan")}])
def test_options_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Options(**wrong)


@pytest.mark.seconds
def test_search_ends_at_the_gap_that_was_asked_for() -> None:
    result = solve(company(), Options(time_limit_s=60, gap=0.5))
    assert result.gap is not None
    assert result.gap <= 0.5
    assert result.seconds < 30


# -- progress


def test_progress_only_ever_gets_better() -> None:
    points: list[TracePoint] = []
    result = solve(company(), Options(time_limit_s=4), on_progress=points.append)
    objectives = [point.objective for point in points if point.objective is not None]
    bounds = [point.bound for point in points if point.bound is not None]
    assert objectives == sorted(objectives)
    assert bounds == sorted(bounds, reverse=True)
    assert (points[-1].objective, points[-1].bound) == (result.objective, result.bound)
    assert result.trace[-1] == points[-1]
    assert [point.seconds for point in points] == sorted(point.seconds for point in points)


# -- where it begins


def test_given_start_is_never_made_worse() -> None:
    asked = company()
    good = solve(asked, Options(time_limit_s=4))
    again = solve(asked, Options(time_limit_s=1, start=good.solution, workers=1))
    assert (again.objective or 0) >= (good.objective or 0) > 0


def test_what_of_a_broken_start_breaks_no_rule_is_kept() -> None:
    asked = problem(person(), person("bob"), seats=(seat("a"), seat("b"), seat("c")), weights=Weights(fit=0))
    start = Solution({}, {"a": "ann", "b": "ann", "c": "bob"})
    stop = StopFlag()
    points: list[TracePoint] = []
    result = solve(asked, replace(QUICK, start=start), stop=stop, on_progress=points.append)
    assert [point.filled for point in points if point.source == "known"] == [2]
    assert_right(asked, result)


def test_plan_in_force_is_where_the_search_begins() -> None:
    asked = company()
    known = solve(asked, Options(time_limit_s=3)).solution
    assert known is not None
    rows = tuple(pairing(seat_id, who) for seat_id, who in known.holders.items())
    points: list[TracePoint] = []
    solve(asked.replace(current=rows), Options(time_limit_s=2), on_progress=points.append)
    first = next(point for point in points if point.source == "known")
    assert first.filled >= len(rows)


def test_pins_and_few_changes_are_met_in_a_company() -> None:
    asked = company()
    known = solve(asked, Options(time_limit_s=3)).solution
    assert known is not None
    rows = tuple(pairing(seat_id, who) for seat_id, who in known.holders.items())
    tied = asked.replace(current=rows, pins=rows[:10], limits=Limits(max_changes=3))
    result = solve(tied, Options(time_limit_s=4))
    assert result.status.has_solution
    assert_right(tied, result)


# -- the same again


def shuffled(asked: Problem, rng: Random) -> Problem:
    """The same problem, its rows in another order."""

    def mixed(rows: Any) -> Any:
        ordered = list(rows)
        return tuple(rng.sample(ordered, len(ordered)))

    def mixed_project(one: Project) -> Project:
        return replace(one, phases=mixed(replace(part, seats=mixed(part.seats)) for part in one.phases))

    projects = mixed(mixed_project(one) for one in asked.projects)
    return asked.replace(people=mixed(asked.people), projects=projects, current=mixed(asked.current))


def test_deterministic_search_gives_the_same_plan_whatever_the_order_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.search.strategy.PARTS_FOR_ONE_EFFORT", 12)
    monkeypatch.setattr("solver.search.strategy.WORK_S", 0.5)
    asked = company(people=16, seats=40)
    options = Options(time_limit_s=300, deterministic=True, seed=3)
    first = solve(asked, options)
    second = solve(shuffled(asked, Random(7)), options)
    assert first.solution == second.solution
    assert (first.objective, first.bound, first.status) == (second.objective, second.bound, second.status)


# -- elsewhere


def test_other_processes_improve_the_plan_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.search.strategy.LARGE", 0)
    asked, stop = company(), StopFlag()

    def stop_at_the_first(point: TracePoint) -> None:
        if point.source == "part":
            stop.set()

    options = Options(time_limit_s=120, workers=1)
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as pool:
        result = solve(asked, options, executor=pool, stop=stop, on_progress=stop_at_the_first)
    assert "part" in {point.source for point in result.trace}
    assert_right(asked, result)


def test_process_that_dies_costs_time_and_never_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.search.strategy.LARGE", 0)
    asked = company()
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as pool:
        pool.submit(os.getpid).result()
        for process in list(pool._processes.values()):
            process.kill()
        result = solve(asked, Options(time_limit_s=4, workers=1), executor=pool)
    assert (result.objective or 0) > 0
    assert_right(asked, result)


# -- the pieces


@pytest.mark.parametrize("batch", range(10))
def test_greedy_plan_breaks_no_rule(batch: int) -> None:
    for asked in tiny_problems(batch):
        free = asked.replace(pins=(), limits=replace(asked.limits, max_changes=None))
        able = eligibility_of(free)
        plan = solution_of(able, greedy_plan(able, np.arange(len(able)), empty_plan(able)))
        assert violations(free, plan) == [], asked.name


@pytest.mark.parametrize("batch", range(10))
def test_pairs_that_are_left_out_are_in_no_need_of_looking_at(batch: int) -> None:
    for asked in tiny_problems(batch):
        able = eligibility_of(asked)
        useful = {(able.seat(pair).id, able.book.people[able.person[pair]].id) for pair in useful_pairs(able)}
        roles = {one.id: able.book.roles[able.book.role_of_seat[one.id]].seat.id for one in asked.seat_by_id.values()}
        best = best_objective(asked)
        kept = [
            score(asked, plan).objective
            for plan in feasible_plans(asked)
            if all((roles[seat_id], who) in useful for seat_id, who in plan.holders.items())
        ]
        assert max(kept, default=None) == best, asked.name
