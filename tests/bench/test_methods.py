"""The ways to a plan: each keeps every rule; the greedy list is greedy; plain CP-SAT proves what it says."""

from __future__ import annotations

import time

import build
import pytest
import referee
from brute import best_objective, tiny_problems

from planner.bench.agency import draw_agency
from planner.bench.methods import Method, Terms, maker_of
from solver.check import score, violations
from solver.problem import Limits, Problem, to_document
from solver.solution import Result, Status
from solver.solution import to_document as plan_to_document


def made(method: Method, problem: Problem, time_limit_s: float = 20) -> Result:
    return maker_of(method)(problem, Terms(time_limit_s, 1, 1, 0.0, time.monotonic()))


def greedy(problem: Problem) -> dict[str, str]:
    result = made(Method.GREEDY, problem)
    assert result.solution is not None
    assert violations(problem, result.solution) == []
    return dict(result.solution.holders)


def assert_true(problem: Problem, result: Result) -> None:
    if result.solution is not None:
        assert violations(problem, result.solution) == [], problem.name
        assert score(problem, result.solution).objective == result.objective
        assert referee.complaints(to_document(problem), plan_to_document(problem, result)) == []


@pytest.mark.parametrize("batch", range(6))
def test_greedy_list_keeps_every_rule(batch: int) -> None:
    for problem in tiny_problems(batch, size=25):
        result = made(Method.GREEDY, problem)
        assert_true(problem, result)
        assert result.bound is None
        best = best_objective(problem)
        assert result.objective is None or (best is not None and result.objective <= best)
        if not problem.pins and problem.limits.max_changes is None:
            assert result.solution is not None, problem.name


@pytest.mark.parametrize("variant", ["plain", "teams", "full"])
def test_greedy_list_fills_an_agency(variant: str) -> None:
    problem = draw_agency(80, variant, 1)
    result = made(Method.GREEDY, problem)
    assert_true(problem, result)
    assert result.solution is not None
    assert len(result.solution.holders) > len(problem.seat_by_id) / 5
    assert [point.objective for point in result.trace] == [result.objective]


def test_greedy_list_begins_with_the_most_important_seat() -> None:
    projects = (
        build.project("small", build.phase("later", build.seat("x")), priority=1),
        build.project("large", build.phase("sooner", build.seat("y")), priority=5),
    )
    assert greedy(build.problem(projects=projects)) == {"y": "ann"}


def test_greedy_list_takes_the_highest_score_whatever_it_costs() -> None:
    dear = build.person("dear", skills={"sql": 1, "seo": 3}, cost=9000)
    cheap = build.person("cheap", skills={"sql": 1}, cost=1)
    seat = build.seat("dev", skills=(build.skill("sql"), build.skill("seo", 3, must=False)))
    assert greedy(build.problem(cheap, dear, seats=(seat,))) == {"dev": "dear"}


def test_greedy_list_trains_nobody_and_mentors_nobody() -> None:
    seats = (build.seat("a", skills=(build.skill(level=2),), mentoring=True), build.seat("b"))
    people = (build.person("junior", skills={"sql": 1}), build.person("senior", skills={"sql": 2}))
    assert greedy(build.problem(*people, seats=seats)) == {"a": "senior", "b": "junior"}
    assert greedy(build.problem(people[0], seats=seats)) == {"b": "junior"}


@pytest.mark.parametrize("max_hires", [0, 1, 2])
def test_greedy_list_hires_no_more_than_it_may(max_hires: int) -> None:
    people = [build.candidate(f"c{n}") for n in range(3)]
    seats = [build.seat(f"s{n}") for n in range(3)]
    problem = build.problem(*people, seats=seats, limits=Limits(max_hires=max_hires))
    assert len(greedy(problem)) == max_hires


@pytest.mark.parametrize("budget", [999, 1000, 2000])
def test_greedy_list_spends_no_more_than_it_may(budget: int) -> None:
    people = [build.person(f"p{n}", cost=100) for n in range(3)]
    phase = build.phase("build", *(build.seat(f"s{n}") for n in range(3)))
    of_project = build.problem(*people, projects=(build.project("site", phase, budget=budget),))
    of_plan = build.problem(*people, phases=(phase,), limits=Limits(budget=budget))
    assert [len(greedy(problem)) for problem in (of_project, of_plan)] == [budget // 1000] * 2


def test_greedy_list_waits_until_a_whole_team_is_free() -> None:
    busy = build.phase("busy", build.seat("now", to=3))
    free = build.phase("free", build.seat("then", to=4), latest=6)
    after = build.phase("after", build.seat("last", to=2), latest=8, after=("free",))
    problem = build.problem(projects=(build.project("one", busy, priority=5), build.project("two", after, free)))
    result = made(Method.GREEDY, problem)
    assert result.solution is not None
    assert dict(result.solution.starts) == {"free": 3, "after": 7}


def test_greedy_list_leaves_out_what_is_all_or_nothing_and_incomplete() -> None:
    first, second = (
        build.phase("a", build.seat("x", to=5)),
        build.phase("b", build.seat("y", to=5), build.seat("z", to=5)),
    )
    whole = build.project("whole", first, second, all_or_nothing=True, reward=100)
    assert greedy(build.problem(projects=(whole,))) == {}


def test_greedy_list_keeps_pins_or_has_no_plan() -> None:
    people = (build.person("ann"), build.person("bob", skills={"sql": 5}))
    seat = build.seat("dev", skills=(build.skill("sql", 1, must=False),))
    pinned = build.problem(*people, seats=(seat,), pins=(build.pairing("dev", "ann"),))
    assert greedy(pinned) == {"dev": "ann"}
    contrary = pinned.replace(bans=(build.pairing("dev", "ann"),))
    assert made(Method.GREEDY, contrary).status is Status.UNKNOWN


def test_greedy_list_gives_up_the_rest_when_its_time_is_up() -> None:
    problem = draw_agency(60, "plain", 1)
    result = maker_of(Method.GREEDY)(problem, Terms(1.0, 1, 1, 0.0, time.monotonic() - 10))
    assert_true(problem, result)
    assert result.objective == 0


@pytest.mark.parametrize("batch", range(2))
def test_plain_model_proves_the_best_of_all_plans(batch: int) -> None:
    for problem in tiny_problems(batch, size=8):
        result = made(Method.MODEL, problem)
        assert_true(problem, result)
        best = best_objective(problem)
        assert (result.objective, result.bound) == (best, best), problem.name
        assert best is None or result.trace[-1].objective == best


@pytest.mark.seconds
def test_ours_ends_where_it_is_near_enough() -> None:
    problem = draw_agency(60, "plain", 1)
    result = maker_of(Method.OURS)(problem, Terms(20, 1, 1, 0.05, time.monotonic()))
    assert_true(problem, result)
    assert result.gap is not None
    assert result.gap <= 0.05
    assert result.seconds < 15
