"""How stable a plan is: where a weight or a missing score changes it, as every plan of a small problem shows."""

from __future__ import annotations

from dataclasses import replace

import build
import pytest
from questions import QUICK, batches, best, plan_of, small_questions

from solver.check import score
from solver.explain import stability, unknowns
from solver.problem import Problem
from solver.search import Options, solve
from solver.solution import Result, Status


@pytest.mark.parametrize("batch", batches(700))
def test_plan_is_best_where_a_weight_holds_and_not_where_it_breaks(batch: int) -> None:
    for problem, given in small_questions(batch, 3):
        told = stability(problem, given, QUICK)
        assert told.is_best
        for row in told.ranges:
            for end in (row.down, row.up):
                assert end.is_settled
                assert _is_best(problem, given, row.weight, end.holds), (problem.name, row)
                if end.breaks is not None:
                    assert not _is_best(problem, given, row.weight, end.breaks), (problem.name, row)
                    assert end.moves


def _is_best(problem: Problem, given: Result, weight: str, value: int) -> bool:
    changed = problem.replace(weights=replace(problem.weights, **{weight: value}))
    return best(changed) == score(changed, plan_of(given)).objective


def test_plan_that_is_not_the_best_has_no_ranges() -> None:
    problem = build.problem(build.person("ann"))
    empty = Result(problem.name, Status.FEASIBLE, type(plan_of(solve(problem, QUICK)))(), 0)
    told = stability(problem, empty, QUICK)
    assert (told.is_best, told.ranges) == (False, ())
    assert told.better_by.least == solve(problem, QUICK).objective


def test_money_decides_between_two() -> None:
    """Dear fits, cheap does not: at some weight of money the cheap one takes over, and that is where it breaks."""
    seat = build.seat("s1", skills=(build.skill("sql", 4, must=False),))
    people = (build.person("dear", skills={"sql": 4}, cost=3000), build.person("cheap", cost=1000))
    problem = build.problem(*people, projects=(build.project("site", build.phase("f", seat)),))
    given = solve(problem, QUICK)
    [money] = [row for row in stability(problem, given, QUICK).ranges if row.weight == "money"]
    assert plan_of(given).holders == {"s1": "dear"}
    assert money.up.breaks == money.up.holds + 1
    assert money.up.moves == (("s1", "dear", "cheap"),)


# What nobody knows


@pytest.mark.parametrize("batch", batches(800))
def test_gain_of_a_missing_score_is_over_all_values_that_it_may_have(batch: int) -> None:
    for problem, given in small_questions(batch, 3, most_seats=3):
        for one in unknowns(problem, given, QUICK).unknowns[:2]:
            values = [_with_style(problem, one.person, one.name, tenths / 10) for tenths in range(10, 51)]
            found = [best(changed) for changed in values]
            assert given.objective is not None
            gains = [objective - given.objective for objective in found if objective is not None]
            assert len(gains) == len(found)
            assert one.is_settled
            assert (one.gain.least, one.gain.most) == (min(gains), max(gains)), (problem.name, one)


def _with_style(problem: Problem, who: str, style: str, value: float) -> Problem:
    people = (
        replace(person, styles={**person.styles, style: value}) if person.id == who else person
        for person in problem.people
    )
    return problem.replace(people=tuple(people))


def two_for_one() -> Problem:
    """Bob's empathy is known to be in the band; nobody knows Ann's, who is cheaper."""
    seat = build.seat("s1", styles=(build.style("empathy", min=4.0, must=True),))
    people = (build.person("ann", cost=100), build.person("bob", styles={"empathy": 4.5}, cost=300))
    return build.problem(*people, projects=(build.project("site", build.phase("f", seat)),))


def test_score_that_could_change_the_plan_is_found() -> None:
    problem = two_for_one()
    [told] = unknowns(problem, solve(problem, QUICK), QUICK).unknowns
    assert (told.person, told.name, told.changes_at) == ("ann", "empathy", (4.0, 5.0))
    assert told.moves == (("s1", "bob", "ann"),)
    assert (told.gain.least, (told.gain.most or 0) > 0) == (0, True)


def test_score_that_no_seat_within_reach_asks_for_is_not_looked_at() -> None:
    problem = two_for_one()
    away = problem.replace(people=(replace(problem.people[0], capacity=()), problem.people[1]))
    assert unknowns(away, solve(away, QUICK), QUICK).unknowns == ()


def test_skill_of_one_person_is_looked_at_where_they_are_asked_about() -> None:
    seat = build.seat("s1", skills=(build.skill("sql", 3),))
    problem = build.problem(build.person("ann"), projects=(build.project("site", build.phase("f", seat)),))
    given = solve(problem, QUICK)
    assert unknowns(problem, given, QUICK).unknowns == ()
    [told] = unknowns(problem, given, QUICK, person="ann").unknowns
    assert (told.kind, told.name, told.changes_at) == ("skill", "sql", (3.0, 3.0))


def test_without_time_nothing_is_claimed() -> None:
    problem = two_for_one()
    for one in unknowns(problem, solve(problem, QUICK), Options(time_limit_s=1, workers=1)).unknowns:
        assert not one.is_settled
        assert one.gain.least is None
