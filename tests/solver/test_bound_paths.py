"""Whatever way a bound takes, no plan is better: trying all plans says so of tiny problems, long runs of large ones."""

from __future__ import annotations

import pytest
from brute import best_objective
from companies import assert_right
from huge import blown_up
from thousand import NUM, best_of, problem_of
from ways import WAYS, bounds_of, take

from planner.bench.agency import VARIANTS, draw_agency
from solver.eligible import eligibility_of
from solver.search import Options, solve


def assert_no_plan_is_better(numbers: range) -> None:
    for number in numbers:
        best = best_of(number)
        if best is not None:
            assert min(bounds_of(eligibility_of(problem_of(number)), best)) >= best, number


@pytest.mark.parametrize("first", range(5))
@pytest.mark.parametrize("way", WAYS)
def test_no_plan_is_better_than_a_bound(way: str, first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    take(way, monkeypatch)
    assert_no_plan_is_better(range(first, NUM, 50))


@pytest.mark.soak
@pytest.mark.parametrize("thousand", range(1, 11))
@pytest.mark.parametrize("way", WAYS)
def test_no_plan_of_many_is_better_than_a_bound(way: str, thousand: int, monkeypatch: pytest.MonkeyPatch) -> None:
    take(way, monkeypatch)
    assert_no_plan_is_better(range(thousand * NUM, (thousand + 1) * NUM))


# -- numbers at the contract's limits: no float decides anything


TIMES = [1, 997, 999_983, 123_456_791]  # primes, so that no figure is a round one


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("way", WAYS)
def test_no_huge_plan_is_better_than_a_bound(way: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    take(way, monkeypatch)
    for number in range(times % 7, NUM, 90):
        asked = blown_up(problem_of(number), times, has_money=bool(number % 2))
        best = best_objective(asked)
        if best is not None:
            assert min(bounds_of(eligibility_of(asked), best)) >= best, number


@pytest.mark.parametrize("times", TIMES)
def test_huge_problem_is_answered_to_the_last_point(times: int) -> None:
    for number in range(times % 11, NUM, 40):
        asked = blown_up(problem_of(number), times, has_money=bool(number % 3))
        result = solve(asked, Options(time_limit_s=20, workers=1))
        assert_right(asked, result)
        assert result.objective == best_objective(asked), number


# -- large problems: a plan that a long run finds, and a bound that a short run proves


@pytest.mark.slow
@pytest.mark.parametrize("people", [30, 90, 200])
@pytest.mark.parametrize("variant", VARIANTS)
def test_plan_of_a_long_run_is_no_better_than_the_bound_of_a_short_one(variant: str, people: int) -> None:
    for seed in range(3):
        asked = draw_agency(people, variant, seed)
        short, long = (solve(asked, Options(time_limit_s=limit_s, seed=7)) for limit_s in (2, 20))
        assert_right(asked, short)
        assert_right(asked, long)
        assert (short.bound or 0) >= (long.objective or 0) > 0
        assert (long.bound or 0) >= (short.objective or 0) > 0
