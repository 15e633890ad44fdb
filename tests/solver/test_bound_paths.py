"""Whatever way a bound takes, no plan is better: trying all plans says so of tiny problems, long runs of large ones."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from companies import assert_right
from thousand import NUM, best_of, problem_of

from planner.bench.agency import VARIANTS, draw_agency
from solver.bound import Prices, TooManyPatternsError, easy_bound, generous_bound
from solver.eligible import Eligibility, eligibility_of
from solver.search import Options, solve

WAYS: dict[str, dict[str, Any]] = {
    "sets of seats": {},
    "sets of seats, some forgotten": {"patterns.KEY_BITS": 6},
    "prices of time": {"patterns.MOST_NODES": 0},
    "prices of time in two blocks": {"patterns.MOST_NODES": 0, "hours.MOST_BLOCKS": 2},
    "starts that are not told apart": {"items.MOST_MOVING": -1},
    "no starts at all": {"items.MOST_STARTS": 0},
    "whole points": {"prices.FINEST_UNIT": 1},
}
ROUNDS, FADING = 30, 0.9


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in WAYS[request.param].items():
        monkeypatch.setattr(f"solver.bound.{name}", value)
    return str(request.param)


def bounds_of(able: Eligibility, target: int) -> list[int]:
    """The bounds of rounds of prices, and, where rules have no part in them, what they prove for all pairs."""
    pairs = np.arange(len(able))
    bounds = [easy_bound(able, pairs), generous_bound(able.problem)]
    for has_rules in (True, False):
        with suppress(TooManyPatternsError):
            prices = Prices(able, pairs, has_rules=has_rules)
            for number in range(ROUNDS):
                last = prices.look()
                bounds.append(last.bound)
                prices.move(last, target, step=FADING**number)
            if not has_rules:
                bounds.append(prices.prove(pairs)[0])
    return bounds


def assert_no_plan_is_better(numbers: range) -> None:
    for number in numbers:
        best = best_of(number)
        if best is not None:
            assert min(bounds_of(eligibility_of(problem_of(number)), best)) >= best, number


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("first", range(5))
def test_no_plan_is_better_than_a_bound(first: int) -> None:
    assert_no_plan_is_better(range(first, NUM, 50))


@pytest.mark.soak
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("first", range(1, 11))
def test_no_plan_of_many_is_better_than_a_bound(first: int) -> None:
    assert_no_plan_is_better(range(first * NUM, (first + 1) * NUM))


@pytest.mark.slow
@pytest.mark.parametrize("people", [30, 90, 200])
@pytest.mark.parametrize("variant", VARIANTS)
def test_plan_of_a_long_run_is_no_better_than_the_bound_of_a_short_one(variant: str, people: int) -> None:
    for seed in range(3):
        asked = draw_agency(people, variant, seed)
        short, long = (solve(asked, Options(time_limit_s=limit_s, seed=7)) for limit_s in (2, 20))
        assert_right(asked, short)
        assert_right(asked, long)
        assert (short.bound or 0) >= (long.objective or 0) >= (short.objective or 0) - (short.bound or 0) // 100
        assert (long.bound or 0) >= (short.objective or 0)
