"""What only large problems ask for, made to happen on small ones: prices of time, sifting, a market that empties."""

from __future__ import annotations

import numpy as np
import pytest
from brute import best_objective, feasible_plans, tiny_problems
from build import person, phase, problem, project, seat
from companies import assert_right, company
from hunting import hunted

from solver.bound import Hours, Patterns, Prices
from solver.check import score, violations
from solver.eligible import eligibility_of
from solver.model import Hunt, Part, Plan, StaffingModel, empty_plan, plan_of, solution_of
from solver.problem import Calendar
from solver.search import Options, solve
from solver.search.incumbent import Incumbent
from solver.search.options import Clock, StopFlag
from solver.search.pricing import Pricing
from solver.search.valuing import Valuer


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No problem's sets of seats can be laid out, so that time has a price."""
    monkeypatch.setattr("solver.bound.patterns.MOST_NODES", 0)


@pytest.mark.usefixtures("timed")
@pytest.mark.parametrize("batch", range(6))
def test_no_plan_is_better_than_any_round_of_time_prices(batch: int) -> None:
    for asked in tiny_problems(batch):
        best = best_objective(asked)
        able = eligibility_of(asked)
        prices = Prices(able, np.arange(len(able)))
        if not isinstance(prices.crowd, Hours):
            assert not len(prices.items)
            continue
        for _ in range(12):
            last = prices.look()
            assert best is None or last.bound >= best, asked.name
            prices.move(last, target=best or 0, step=1.0)


@pytest.mark.usefixtures("timed")
@pytest.mark.parametrize("batch", range(4))
def test_hunt_by_time_prices_ends_at_the_best_plan(batch: int) -> None:
    for asked in tiny_problems(batch):
        best = best_objective(asked)
        able = eligibility_of(asked)
        prices = Prices(able, np.arange(len(able)))
        for _ in range(5):
            prices.move(prices.look(), best or 0, step=0.7)
        guide = prices.guide()
        if best is None or guide is None:
            continue
        assert hunted(able, Hunt(guide, empty_plan(able), best - 1)) == ("OPTIMAL", best), asked.name
        assert hunted(able, Hunt(guide, empty_plan(able), best)) == ("INFEASIBLE", 0), asked.name


@pytest.mark.usefixtures("timed")
def test_prices_of_some_pairs_prove_a_bound_for_all() -> None:
    asked = company(people=10, seats=20)
    able = eligibility_of(asked)
    pairs = np.arange(len(able))
    best = solve(asked, Options(time_limit_s=10)).objective or 0
    few = Prices(able, pairs[::3], has_rules=False)
    for _ in range(30):
        few.move(few.look(), best, step=0.7)
    bound, surplus = few.prove(pairs)
    assert bound >= best
    assert len(surplus) == len(pairs)
    assert few.look().bound < bound


@pytest.mark.usefixtures("timed")
def test_blocks_of_a_long_calendar_hold_all_of_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.bound.hours.MOST_BLOCKS", 3)
    seats = [phase(f"f{n}", seat(f"s{n}", to=4), duration=4, earliest=2 * n) for n in range(4)]
    asked = problem(
        person(), projects=tuple(project(f"j{n}", one) for n, one in enumerate(seats)), calendar=Calendar(10)
    )
    able = eligibility_of(asked)
    prices = Prices(able, np.arange(len(able)))
    assert isinstance(prices.crowd, Hours)
    best = best_objective(asked) or 0
    bounds = []
    for _ in range(60):
        last = prices.look()
        bounds.append(last.bound)
        prices.move(last, best, step=0.7)
    everything = sum(int(value) for value in able.value)
    assert best <= min(bounds) < everything


def test_large_problem_is_sifted_sharpened_and_answered_rightly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.search.strategy.MOST_PRICED", 10)
    monkeypatch.setattr("solver.search.strategy.TINY", 0)
    monkeypatch.setattr("solver.search.pricing.MOST_ACTIVE", 150)
    asked = company()
    result = solve(asked, Options(time_limit_s=5))
    assert_right(asked, result)
    sources = {point.source for point in result.trace}
    assert "part" in sources
    assert "whole" not in sources, "what is proven of some pairs is no proof for all"


@pytest.mark.parametrize("batch", range(4))
def test_arrays_count_the_points_that_the_rulebook_counts(batch: int) -> None:
    for asked in tiny_problems(batch):
        able = eligibility_of(asked)
        valuer = Valuer(able)
        for solution in list(feasible_plans(asked))[::7]:
            assert valuer.objective(plan_of(able, solution)) == score(asked, solution).objective, asked.name


def test_market_that_empties_leaves_a_plan_that_breaks_no_rule() -> None:
    asked = company()
    able = eligibility_of(asked)
    options = Options(time_limit_s=60)
    incumbent = Incumbent(able, Clock(options, StopFlag(), None), 0.0, None)
    pricing = Pricing(incumbent, np.arange(len(able)), empty_plan(able))
    pricing.work(200)
    pricing.dive()
    assert incumbent.plan is not None
    assert violations(asked, solution_of(able, incumbent.plan)) == []
    assert (incumbent.objective or 0) > 0.8 * (incumbent.bound or 0)


def test_some_of_the_people_keep_their_sets_of_seats() -> None:
    able = eligibility_of(company(people=12, seats=30))
    prices = Prices(able, np.arange(len(able)))
    assert isinstance(prices.crowd, Patterns)
    stays = np.arange(len(prices.crowd.people)) % 3 > 0
    few = prices.crowd.only(stays)
    all_best = prices.crowd.wish(prices.gain, np.zeros(0))
    some_best = few.wish(prices.gain, np.zeros(0))
    assert some_best.best.tolist() == all_best.best[stays].tolist()
    assert sorted(some_best.wanted(np.ones(stays.sum(), dtype=bool))) == sorted(all_best.wanted(stays))


def test_budget_counts_everybody_who_moves_along_with_a_phase() -> None:
    """Holders who stay while their phase moves shared one constant, and only one of them was paid."""
    team = tuple(seat(f"s{n}", to=2, fte=100) for n in range(3))
    asked = problem(
        *(person(f"p{n}", cost=100) for n in range(3)),
        projects=(project("j", phase("f", *team, duration=2, earliest=0, latest=3), budget=500),),
    )
    able = eligibility_of(asked)
    held = np.zeros(len(able), dtype=bool)
    for n in range(2):
        held[able.pair(able.book.role_of_seat["s0"], able.book.person_no[f"p{n}"])] = True
    plan = Plan(held, {0: 0})
    assert violations(asked, solution_of(able, plan)) == []
    free = np.flatnonzero(able.person == able.book.person_no["p2"])
    model = StaffingModel(able, Part(plan, free, frozenset({0})))
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    assert violations(asked, solution_of(able, model.plan(solver))) == []
