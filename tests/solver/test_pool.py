"""Everyone considered: the counts add up, and who is left is who may hold the seat."""

from __future__ import annotations

from functools import partial

import brute
import build
import draw
import pytest
from questions import QUICK

from solver.check.pool import pool_of
from solver.eligible import eligibility_of
from solver.problem import Span
from solver.search import solve
from solver.solution import Solution

DRAWN = partial(draw.tiny, most_seats=6, most_people=8)


@pytest.mark.parametrize("batch", range(20))
def test_counts_add_up_to_everyone(batch: int) -> None:
    for problem in brute.tiny_problems(900 + batch, 20, DRAWN):
        for seat in problem.seat_by_id:
            pool = pool_of(problem, Solution(), seat)
            assert pool.num_people == len(problem.people) == pool.num_removed + len(pool.scored)
            for sieve in pool.sieves:
                assert len(sieve.only) <= sieve.num_alone
                assert sieve.num_first <= sieve.num_alone


@pytest.mark.parametrize("batch", range(20))
def test_who_is_left_is_who_may_hold_it(batch: int) -> None:
    """The solver's own list of pairs is made in another way: by arrays, and never person by person."""
    for problem in brute.tiny_problems(920 + batch, 20, DRAWN):
        if problem.growth:
            continue
        able = eligibility_of(problem)
        for seat in problem.seat_by_id:
            role = able.book.role_of_seat[seat]
            pairs = [pair for pair in able.pairs_of_role(role) if not able.banned[pair]]
            known = {able.book.people[able.person[pair]].id for pair in pairs}
            left = {one.person for one in pool_of(problem, Solution(), seat).scored}
            assert left >= known, problem.name
            assert all(problem.seat_by_id[seat].mentoring for _one in left - known), problem.name


def test_first_rule_counts_and_each_alone() -> None:
    """Bob lacks both, so he is counted at the skill; Cy lacks the language only."""
    seat = build.seat("s1", skills=(build.skill("sql", 3),), tags=("lang:fr",))
    people = (
        build.person("ann", skills={"sql": 3}, tags=("lang:fr",)),
        build.person("bob"),
        build.person("cy", skills={"sql": 4}),
    )
    problem = build.problem(*people, projects=(build.project("site", build.phase("f", seat)),))
    pool = pool_of(problem, Solution(), "s1")
    counts = {sieve.code: (sieve.num_first, sieve.num_alone, sieve.only) for sieve in pool.sieves}
    assert counts == {"skill": (1, 1, ()), "tag": (1, 2, ("cy",)), "ban": (0, 0, ()), "time": (0, 0, ())}
    assert [one.person for one in pool.scored] == ["ann"]


def test_who_holds_something_else_is_busy_on_it() -> None:
    phases = [build.phase(f"f{n}", build.seat(f"s{n}", to=4)) for n in (1, 2)]
    problem = build.problem(build.person("ann"), projects=(build.project("site", *phases),))
    solution = solve(problem, QUICK).solution
    assert solution is not None
    [held] = solution.holders
    other = "s1" if held == "s2" else "s2"
    [one] = pool_of(problem, solution, other).scored
    assert (one.busy_on, one.is_holder) == ((held,), False)
    [one] = pool_of(problem, solution, held).scored
    assert (one.busy_on, one.is_holder) == ((), True)


@pytest.mark.parametrize(
    ("spans", "has_time"),
    [
        ([(0, 4, 100)], True),
        ([(0, 2, 100), (2, 4, 100)], True),
        ([(0, 2, 100), (3, 4, 100)], False),
        ([(0, 2, 100), (2, 4, 40)], False),
        ([(0, 3, 100)], False),
        ([], False),
    ],
)
def test_time_is_that_of_the_whole_seat(spans: list[tuple[int, int, int]], has_time: bool) -> None:
    person = build.person("ann", capacity=tuple(Span(*span) for span in spans))
    phase = build.phase("f", build.seat("s1", fte=50, to=4))
    problem = build.problem(person, projects=(build.project("site", phase),))
    assert bool(pool_of(problem, Solution(), "s1").scored) is has_time
