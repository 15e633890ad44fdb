"""Every plan of a thousand tiny problems is tried, and the best of them is the solver's."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, islice

import pytest
from thousand import NUM, best_of, problem_of
from traits import PAIRS, TRAITS, traits_of

from solver.check import score, violations
from solver.problem import Problem
from solver.search import Options, solve
from solver.solution import Result, Status

BATCH = 20
FEWEST_BOUND = 5  # problems that each rule decides alone


def solved(asked: Problem) -> Result:
    return solve(asked, Options(time_limit_s=60, workers=1))


def assert_best(numbers: range) -> None:
    for number in numbers:
        asked, best = problem_of(number), best_of(number)
        result = solved(asked)
        assert result.status is (Status.INFEASIBLE if best is None else Status.OPTIMAL), number
        assert (result.objective, result.bound) == (best, best), number
        assert (result.conflict != ()) == (best is None), number
        if result.solution is not None:
            assert violations(asked, result.solution) == [], number
            assert score(asked, result.solution).objective == best, number


@pytest.mark.parametrize("first", range(0, NUM, BATCH))
def test_no_plan_is_better_than_the_solvers(first: int) -> None:
    assert_best(range(first, first + BATCH))


@pytest.mark.soak
@pytest.mark.parametrize("thousand", range(1, 11))
def test_no_plan_of_ten_thousand_more_is_better_than_the_solvers(thousand: int) -> None:
    assert_best(range(thousand * NUM, (thousand + 1) * NUM))


def test_thousand_problems_have_every_rule_alone_and_every_pair() -> None:
    num = Counter(pair for number in range(NUM) for pair in combinations(sorted(traits_of(problem_of(number))), 2))
    assert [pair for pair in PAIRS if not num[tuple(sorted(pair))]] == []
    alone = {frozenset(traits_of(problem_of(number))) for number in range(NUM)}
    assert [name for name, trait in TRAITS.items() if frozenset({name, *trait.needs}) not in alone] == []


@pytest.mark.parametrize("name", TRAITS)
def test_rule_decides_some_of_the_thousand_problems(name: str) -> None:
    """Their best plans are others, or worth something else, without it."""
    trait = TRAITS[name]
    having = (number for number in range(NUM) if trait.is_in(problem_of(number)))
    decided = (number for number in having if solved(trait.without(problem_of(number))).objective != best_of(number))
    assert len(list(islice(decided, FEWEST_BOUND))) == FEWEST_BOUND
