"""No plan is better than a bound says, whatever the prices."""

from __future__ import annotations

from random import Random

import build
import numpy as np
import pytest
from brute import best_objective, tiny_problems
from build import candidate, person, phase, problem, project, seat

from solver.bound import Prices, easy_bound
from solver.bound.patterns import Items, Patterns
from solver.eligible import eligibility_of
from solver.problem import Phase, Problem, Weights


def prices_of(asked: Problem) -> Prices:
    able = eligibility_of(asked)
    return Prices(able, np.arange(len(able)))


@pytest.mark.parametrize("batch", range(8))
def test_no_plan_is_better_than_any_round_of_prices(batch: int) -> None:
    for asked in tiny_problems(batch):
        best = best_objective(asked)
        able = eligibility_of(asked)
        prices = Prices(able, np.arange(len(able)))
        for _ in range(12):
            last = prices.look()
            assert best is None or last.bound >= best, asked.name
            prices.move(last, target=best or 0, step=1.0)
        assert best is None or easy_bound(able, np.arange(len(able))) >= best, asked.name


def test_prices_prove_the_best_plan_where_two_want_one_seat() -> None:
    plain = Weights(fit=0, style=0, preference=0, money=0)
    asked = problem(person(), person("bob"), weights=plain)
    prices = prices_of(asked)
    bounds = []
    for _ in range(40):
        last = prices.look()
        bounds.append(last.bound)
        prices.move(last, target=30_000, step=1.0)
    assert bounds[0] == 60_000
    assert min(bounds) == best_objective(asked) == 30_000


def test_person_takes_the_best_set_that_their_time_allows() -> None:
    seats = (seat("long", to=10), seat("early", to=4), seat("late", from_=4, to=10))
    phases = [phase(f"f{n}", one, duration=10) for n, one in enumerate(seats)]
    asked = problem(projects=tuple(project(f"j{n}", one) for n, one in enumerate(phases)))
    prices = prices_of(asked)
    roles = {"long": 10, "early": 6, "late": 5}
    book = prices.able.book
    gain = np.array([roles[book.roles[role].seat.id] for role in prices.role])
    wish = prices.crowd.wish(gain)
    taken = wish.wanted(np.array([True]))
    assert wish.best.tolist() == [11]
    assert sorted(book.roles[prices.role[item]].seat.id for item in taken) == ["early", "late"]


def test_part_time_seats_share_a_persons_time_up_to_their_capacity() -> None:
    seats = tuple(seat(f"s{n}", fte=40) for n in range(4))
    phases = tuple(phase(f"f{n}", one) for n, one in enumerate(seats))
    prices = prices_of(problem(phases=phases))
    gain = np.array([4, 3, 2, 1])[np.argsort(prices.role)]
    assert prices.crowd.wish(gain).best.tolist() == [7]


def test_hire_is_worth_it_only_beyond_its_cost() -> None:
    plain = Weights(fit=0, style=0, preference=0, money=100)
    dear = prices_of(problem(candidate(cost=400_000), weights=plain))
    cheap = prices_of(problem(candidate(cost=200_000), weights=plain))
    assert dear.look().bound == 0
    assert cheap.look().bound == 10_000


def test_reward_counts_where_the_last_phase_of_a_project_has_no_seats() -> None:
    """It was looked for at that phase, which is nowhere for sale, and so the bound was too small."""
    bare = Phase("handover", duration=1, earliest=9, latest=9, seats=())
    site = project("site", phase("build", seat(to=5)), bare, all_or_nothing=True, reward=5000, due=9, late_penalty=1000)
    asked = problem(projects=(site,), weights=Weights(fit=0, style=0, money=0))
    prices = prices_of(asked)
    best = best_objective(asked)
    assert best == 15_000 + 4000
    for _ in range(60):
        last = prices.look()
        assert last.bound >= best
        prices.move(last, target=best, step=1.0)


def test_forgetting_makes_a_bound_weaker_and_never_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = Random(5)
    able = eligibility_of(problem())
    windows = [(rng.randrange(6), rng.randrange(1, 5)) for _ in range(9)]
    begin = np.array([a for a, _ in windows])
    end = np.minimum(begin + np.array([d for _, d in windows]), build.PERIODS)
    fill = np.full(9, 25)
    items = Items(np.zeros(9, int), np.zeros(9, int), begin, end, fill, np.arange(9), np.arange(9))
    gain = np.array([rng.randrange(1, 50) for _ in range(9)])
    exact = Patterns(able, items)
    order = np.lexsort((end, begin))
    best = exact.best(gain[order])[1]
    monkeypatch.setattr("solver.bound.patterns.KEY_BITS", 8)
    weaker = Patterns(able, items).best(gain[order])[1]
    assert best == _best_by_hand(begin, end, gain)
    assert weaker >= best


def _best_by_hand(begin: np.ndarray, end: np.ndarray, gain: np.ndarray) -> int:
    """The best of all subsets of which no more than four go on at once."""
    best = 0
    for chosen in range(2 ** len(gain)):
        rows = [n for n in range(len(gain)) if chosen >> n & 1]
        load = max((sum(begin[n] <= t < end[n] for n in rows) for t in range(build.PERIODS)), default=0)
        if load <= 4:
            best = max(best, int(sum(gain[n] for n in rows)))
    return best
