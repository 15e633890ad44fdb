"""Price tags: what the best of all plans gains without each demand."""

from __future__ import annotations

import build
import pytest
from questions import QUICK, batches, best, plan_of, small_questions

from solver.explain import ClaimKind, prices
from solver.explain.claims import claims_of, without
from solver.problem import Limits
from solver.search import Options, solve


@pytest.mark.parametrize("batch", batches(500))
def test_price_is_what_the_best_plan_of_all_gains(batch: int) -> None:
    for problem, given in small_questions(batch, 4):
        told = prices(problem, given, QUICK)
        assert [price.claim for price in told.prices if price.claim not in claims_of(problem)] == []
        assert len(told.prices) == len(claims_of(problem))
        for price in told.prices:
            found = best(without(problem, [price.claim]))
            assert found is not None
            assert given.objective is not None
            assert price.gain.is_exact, (problem.name, price.claim)
            assert price.gain.least == found - given.objective, (problem.name, price.claim)


def test_what_can_change_nothing_is_not_solved() -> None:
    """Nobody knows SEO or German: to let go of one of the two lets nobody in."""
    seat = build.seat("s1", skills=(build.skill("seo", 3),), tags=("lang:de",))
    problem = build.problem(build.person("ann"), projects=(build.project("site", build.phase("f", seat)),))
    told = prices(problem, solve(problem, QUICK), QUICK)
    assert [(price.gain.least, price.gain.most, price.is_solved) for price in told.prices] == [(0, 0, False)] * 2


def test_pin_costs_what_a_better_holder_would_gain() -> None:
    seat = build.seat("s1", skills=(build.skill("sql", 3, must=False),))
    people = (build.person("ann", skills={"sql": 3}), build.person("bob"))
    problem = build.problem(
        *people, projects=(build.project("site", build.phase("f", seat)),), pins=(build.pairing("s1", "bob"),)
    )
    given = solve(problem, QUICK)
    [price] = prices(problem, given, QUICK).prices
    free = solve(problem.replace(pins=()), QUICK)
    assert given.objective is not None
    assert free.objective is not None
    assert price.claim.kind is ClaimKind.PIN
    assert price.gain.least == price.gain.most == free.objective - given.objective > 0
    assert price.moves == (("s1", "bob", "ann"),)


def test_limit_costs_the_seats_that_it_leaves_open() -> None:
    phases = [build.phase(f"f{n}", build.seat(f"s{n}")) for n in (1, 2)]
    people = [build.candidate(f"c{n}") for n in (1, 2)]
    problem = build.problem(*people, projects=(build.project("site", *phases),), limits=Limits(max_hires=1))
    given = solve(problem, QUICK)
    if len(plan_of(given).holders) == 2:
        pytest.skip("one candidate holds both")
    [price] = prices(problem, given, QUICK).prices
    assert (price.claim.name, price.num_filled) == ("max_hires", 1)


def test_without_time_only_bounds_are_said() -> None:
    problem, given = next((p, g) for p, g in small_questions(520, 30) if len(claims_of(p)) > 2)
    told = prices(problem, given, Options(time_limit_s=1, workers=1))
    for price in told.prices:
        found = best(without(problem, [price.claim]))
        assert found is not None
        assert given.objective is not None
        gained = found - given.objective
        assert price.gain.least is None or price.gain.least <= gained
        assert price.gain.most is None or price.gain.most >= gained
