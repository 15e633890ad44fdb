"""What only large problems ask for, made to happen on small ones: prices of time, few pairs at once, a dive."""

from __future__ import annotations

import numpy as np
import pytest
from brute import best_objective, feasible_plans, tiny_problems
from build import person, phase, problem, project, seat, skill
from companies import assert_right, company

from solver.bound import Hours, Patterns, Prices, easy_bound
from solver.check import score, violations
from solver.eligible import eligibility_of
from solver.model import Part, Plan, StaffingModel, empty_plan, plan_of, solution_of
from solver.problem import Calendar
from solver.search import Options, solve
from solver.search.dive import Pace
from solver.search.draft import Draft
from solver.search.incumbent import Incumbent
from solver.search.options import Clock, StopFlag
from solver.search.pricing import Pricing
from solver.search.shelf import Shelf
from solver.search.sieve import Sieve
from solver.search.valuing import Valuer


@pytest.mark.parametrize("batch", range(6))
def test_no_plan_is_better_than_what_prices_of_time_prove(batch: int) -> None:
    for asked in tiny_problems(batch):
        best = best_objective(asked)
        able = eligibility_of(asked)
        hours = Hours(able, np.arange(len(able)))
        for num_rounds in (0, 2, 10, 40):
            hours.settle(num_rounds)
            assert best is None or hours.prove().bound >= best, (asked.name, num_rounds)


@pytest.mark.parametrize("batch", range(3))
def test_any_prices_of_time_prove_a_bound(batch: int) -> None:
    rng = np.random.default_rng(batch)
    for asked in tiny_problems(batch):
        best = best_objective(asked)
        able = eligibility_of(asked)
        hours = Hours(able, np.arange(len(able)))
        for size in (0.1, 10, 1000, 1e9):
            hours.charge = size * rng.random(hours.charge.shape)
            assert best is None or hours.prove().bound >= best, (asked.name, size)


@pytest.mark.parametrize("batch", range(3))
def test_plan_loses_what_its_pairs_fall_short_of_their_prices(batch: int) -> None:
    for asked in tiny_problems(batch):
        able = eligibility_of(asked)
        hours = Hours(able, np.arange(len(able)))
        hours.settle(20)
        proof = hours.prove()
        for solution in list(feasible_plans(asked))[::5]:
            held = plan_of(able, solution).held
            short = -np.minimum(proof.surplus[held], 0).astype(float).sum()
            assert score(asked, solution).objective <= proof.bound - short + 1, asked.name


def test_prices_of_time_settle_far_below_what_everybody_could_bring_with_time_without_end() -> None:
    able = eligibility_of(company(people=10, seats=60))
    pairs = np.arange(len(able))
    best = solve(able.problem, Options(time_limit_s=10)).objective or 0
    hours = Hours(able, pairs)
    hours.settle(200)
    assert best <= hours.prove().bound
    assert hours.prove().bound - best < 0.2 * (easy_bound(able, pairs) - best)


def test_seats_that_are_alike_choose_as_many_holders() -> None:
    seats = tuple(seat(f"s{n}", skills=(skill("a", 1, must=False),)) for n in range(3))
    people = [person(f"p{n}", skills={"a": 1} if n else {}) for n in range(5)]
    able = eligibility_of(problem(*people, phases=(phase("f", *seats),)))
    assert [role.count for role in able.book.roles] == [3]
    proof = Hours(able, np.arange(len(able))).prove()
    assert proof.bound == 3 * int(able.value.max())
    assert (proof.surplus[able.person > 0] >= 0).all()
    assert proof.surplus[able.pair(0, 0)] < 0


def test_chunks_and_threads_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    able = eligibility_of(company())
    pairs = np.arange(len(able))
    alone = Hours(able, pairs)
    monkeypatch.setattr("solver.bound.hours.CHUNK", 50)
    together = Hours(able, pairs, workers=3)
    for hours in (alone, together):
        hours.settle(30)
    assert alone.prove().bound == together.prove().bound
    assert alone.prove().surplus.tolist() == together.prove().surplus.tolist()


def test_cells_that_are_put_together_only_raise_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    seats = [phase(f"f{n}", seat(f"s{n}", to=4), duration=4, earliest=2 * n) for n in range(4)]
    projects = tuple(project(f"j{n}", one) for n, one in enumerate(seats))
    able = eligibility_of(problem(person(), projects=projects, calendar=Calendar(10)))
    best = best_objective(able.problem) or 0
    bounds = []
    for most_cells in (1, 3, 100):
        monkeypatch.setattr("solver.bound.cells.MOST_CELLS", most_cells)
        hours = Hours(able, np.arange(len(able)))
        hours.settle(300)
        bounds.append(hours.prove().bound)
    everything = sum(int(value) for value in able.value)
    assert best <= bounds[2] <= bounds[1] <= bounds[0] <= everything
    assert bounds[2] < everything


def test_shelf_offers_only_what_is_open_to_those_who_wait() -> None:
    able = eligibility_of(company())
    pairs = np.arange(len(able))
    hours = Hours(able, pairs)
    hours.settle(50)
    proof = hours.prove()
    shelf = Shelf(able, pairs, proof)
    draft = Draft(able, empty_plan(able))
    draft.add_all(pairs[::11].tolist())
    waiting = np.arange(len(able.book.people)) % 2 == 0
    prices = shelf.refilled(draft, waiting, proof.price)
    offered = np.setdiff1d(prices.items.pair, np.flatnonzero(draft.held))
    room = np.array(draft.room)
    assert len(offered)
    assert waiting[able.person[offered]].all()
    assert (room[able.role[offered]] > 0).all()


@pytest.mark.parametrize("left_s", [0.01, 1.0, 100.0])
def test_shelf_offers_less_where_time_is_short(left_s: float) -> None:
    able = eligibility_of(company(people=60, seats=200))
    pairs = np.arange(len(able))
    proof = Hours(able, pairs).prove()
    some, more = (Shelf(able, pairs, proof, seconds).best() for seconds in (left_s, 10 * left_s))
    assert set(some) <= set(more)
    assert len(np.unique(able.person[some])) == len(np.unique(able.person))


def test_sieve_leaves_out_nothing_that_could_be_added() -> None:
    able = eligibility_of(company())
    pairs = np.random.default_rng(3).permutation(len(able))
    draft = Draft(able, empty_plan(able))
    sieve = Sieve(draft)
    num_left_out = 0
    for block in np.array_split(pairs, 20):
        fitting = sieve.fitting(block)
        left_out = np.setdiff1d(block, fitting)
        assert not any(draft.can_add(pair) for pair in left_out.tolist())
        num_left_out += len(left_out)
        draft.add_all(fitting.tolist())
        sieve.take(fitting[draft.held[fitting]])
    assert num_left_out > len(able) / 2


def test_fewer_go_at_once_where_there_is_time() -> None:
    left_s = iter([100.0, 99.0, 50.0, 5.0, 0.0])
    pace = Pace(lambda: next(left_s))
    shares = [pace.share() for _ in range(4)]
    assert shares == sorted(shares)
    assert shares[0] < 0.1 < shares[2] <= shares[3] <= 0.5


@pytest.mark.seconds
def test_large_problem_is_priced_by_time_and_answered_rightly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.bound.patterns.MOST_NODES", 0)
    monkeypatch.setattr("solver.search.strategy.TINY", 0)
    monkeypatch.setattr("solver.search.dive.FEW", 5)
    asked = company()
    result = solve(asked, Options(time_limit_s=5))
    assert_right(asked, result)
    sources = {point.source for point in result.trace}
    assert {"prices", "dive"} <= sources
    assert "whole" not in sources, "what is proven of some pairs is no proof for all"


@pytest.mark.seconds
@pytest.mark.parametrize("seconds", [1, 2])
def test_large_problem_that_has_little_time_is_answered_in_time(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr("solver.bound.patterns.MOST_NODES", 0)
    asked = company(people=100, seats=600)
    result = solve(asked, Options(time_limit_s=seconds))
    assert_right(asked, result)
    assert result.seconds < seconds + 1


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
    all_best = prices.crowd.wish(prices.gain)
    some_best = few.wish(prices.gain)
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
