"""Plans from lists have people for all that they begin, and come close to the best that there is."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from build import person, phase, problem, project, seat, skill, span
from ortools.sat.python import cp_model
from workshops import NO_POINTS, workshop

from solver.check import score, violations
from solver.eligible import eligibility_of
from solver.model import Demand, Headcount, HeadcountModel, solution_of
from solver.problem import Calendar, Problem
from solver.search.heads import MOST_KINDS, HeadLists, HeadTime
from solver.search.lists import ListSearch, Valued


def heads_of(asked: Problem, seed: int = 1) -> HeadLists:
    able = eligibility_of(asked)
    headcount = Headcount(Demand(able, np.flatnonzero(~able.banned)))
    assert HeadLists.may_list(headcount)
    return HeadLists(headcount, seed)


def best_of(lists: HeadLists) -> int:
    model, solver = HeadcountModel(lists.headcount), cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    return round(solver.objective_value) * model.objective.scale


def points_of(lists: HeadLists, found: Valued) -> int:
    """The points of a list's plan in which nothing is wrong, by the rulebook."""
    assert found.counts is not None
    able = lists.headcount.able
    solution = solution_of(able, lists.headcount.plan(found.outline, found.counts))
    assert violations(able.problem, solution) == []
    assert len(solution.holders) == sum(found.counts.values())
    return score(able.problem, solution).objective


@pytest.mark.parametrize("seed", range(12))
def test_points_of_a_list_are_those_of_its_plan(seed: int) -> None:
    lists = heads_of(workshop(seed, projects=2, fills=bool(seed % 2)))
    rng = Random(seed)
    for _ in range(10):
        found = lists.make(lists.usual(rng))
        assert found.points == points_of(lists, found)


@pytest.mark.parametrize("seed", range(12))
def test_lists_are_never_better_than_the_best_plan_and_soon_as_good(seed: int) -> None:
    lists = heads_of(workshop(seed))
    search = ListSearch(lists, seed)
    search.go(60)
    assert search.best is not None
    assert search.best.points == best_of(lists)


@pytest.mark.parametrize("seed", range(6))
def test_time_fits_where_every_seat_can_have_a_head_of_its_own(seed: int) -> None:
    lists = heads_of(workshop(seed, people=5))
    use, rng = HeadTime(lists), Random(seed)
    for one in lists.phases:
        first, last = lists.demand.windows[one]
        fits = use.fits(one, first, last)
        assert fits.tolist() == [_has_heads(lists, use, one, start) for start in range(first, last + 1)]
        assert fits.any()
        use.take(one, first + int(rng.choice(fits.nonzero()[0].tolist())))
    assert (use.busy <= use.size[:, None]).all()


def _has_heads(lists: HeadLists, use: HeadTime, one: int, start: int) -> bool:
    """The same by trying all heads on all seats."""
    team = lists.teams[one]
    free = (use.size - use.busy[:, start : start + team.duration].max(axis=1)).tolist()
    seats = [role for role in team.roles for _ in range(team.num[role])]

    def place(number: int, left: list[int]) -> bool:
        if number == len(seats):
            return True
        classes = [k for k in team.able[seats[number]] if left[k]]
        return any(place(number + 1, [num - (n == k) for n, num in enumerate(left)]) for k in classes)

    return place(0, free)


def test_time_that_is_given_back_is_free_again() -> None:
    lists = heads_of(workshop(3))
    use = HeadTime(lists)
    use.take(lists.phases[0], 0)
    assert use.busy.any()
    use.give_back(lists.phases[0], 0)
    assert not use.busy.any()
    assert use.counts == {}


def test_who_can_do_little_else_goes_first() -> None:
    both, one = {"cut": 1, "join": 1}, {"cut": 1}
    crew = [person(f"p{n}", skills=skills, capacity=(span(0, 20),)) for n, skills in enumerate([both, one, both])]
    phases = [phase(f"f{n}", seat(f"s{n}", skills=(skill(name),)), latest=8) for n, name in enumerate(["cut", "join"])]
    asked = problem(
        *crew,
        calendar=Calendar(20),
        weights=NO_POINTS,
        projects=(project("j", *phases, all_or_nothing=True, reward=10),),
    )
    lists = heads_of(asked)
    holders = [list(_holders(lists, lists.make(lists.usual())).values()) for _ in range(20)]
    assert all("p1" in names for names in holders)


def _holders(lists: HeadLists, found: Valued) -> dict[str, Any]:
    assert found.counts is not None
    return dict(solution_of(lists.headcount.able, lists.headcount.plan(found.outline, found.counts)).holders)


def test_phases_of_too_many_kinds_are_not_listed() -> None:
    names = [f"craft {n}" for n in range(MOST_KINDS + 1)]
    crew = [person(f"p{n}", skills={name: 1}, capacity=(span(0, 20),)) for n, name in enumerate(names)]
    team = phase("f", *(seat(f"s{n}", skills=(skill(name),)) for n, name in enumerate(names)), latest=8)
    asked = problem(*crew, calendar=Calendar(20), weights=NO_POINTS, projects=(project("j", team, reward=10),))
    able = eligibility_of(asked)
    headcount = Headcount(Demand(able, np.flatnonzero(~able.banned)))
    assert headcount.is_all
    assert not HeadLists.may_list(headcount)


def test_search_that_begins_anew_looks_elsewhere() -> None:
    search = ListSearch(heads_of(workshop(5, phases=10)), 1)
    search.go(5)
    search.begin_anew()
    assert (search.best, search.pool) == (None, [])
    search.go(5)
    assert search.best is not None
