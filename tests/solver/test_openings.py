"""Which profiles to hire, and what a no would do: every figure is that of a plan that was solved."""

from __future__ import annotations

import build
import pytest

from solver.explain import declines, openings, profiles
from solver.explain.declines import without_person
from solver.problem import Kind, Limits, Person, Problem
from solver.problem.market import Market
from solver.search import Options, solve
from solver.solution import Solution

QUICK = Options(time_limit_s=4, workers=1)
MARKET = Market()


def agency(candidates: tuple[Person, ...] = (), **changes: object) -> Problem:
    """Ann knows SQL. Two phases at the same time want SQL and SEO; a third one, later, wants SEO again."""
    ann = build.person("ann", skills={"sql": 4}, cost=100)
    phases = (
        build.phase("data", build.seat("data.1", skills=(build.skill("sql", 3),), to=4)),
        build.phase("search", build.seat("search.1", skills=(build.skill("seo", 3),), to=4)),
        build.phase("again", build.seat("again.1", skills=(build.skill("seo", 4),), to=4), earliest=6),
    )
    return build.problem(ann, *candidates, projects=(build.project("site", *phases),), **changes)


def test_profile_holds_what_open_seats_ask_for() -> None:
    problem = agency()
    found = profiles(problem, Solution({}, {"data.1": "ann"}), MARKET)
    assert {tuple(person.skills.items()) for person in found} >= {(("seo", 3),), (("seo", 4),)}
    assert all(person.kind is Kind.HYPOTHETICAL and "sql" not in person.skills for person in found)
    assert len({person.id for person in found}) == len(found)


def test_profile_costs_what_such_people_cost_within_the_ceiling() -> None:
    seats = [build.seat(f"s{n}", skills=(build.skill("seo", 3),), max_cost=limit) for n, limit in ((1, None), (2, 50))]
    people = [build.person(f"p{n}", skills={"seo": 3}, cost=cost, capacity=()) for n, cost in enumerate((80, 120, 90))]
    problem = build.problem(*people, projects=(build.project("site", build.phase("build", *seats)),))
    found = profiles(problem, Solution(), MARKET)
    assert sorted({person.cost for person in found}) == [50, 90]


def test_seat_that_no_hire_may_take_makes_no_profile() -> None:
    problem = build.problem(projects=(build.project("site", build.phase("build", build.seat("s1", tags=("staff",)))),))
    assert profiles(problem, Solution(), Market(not_for_hires=frozenset({"staff"}))) == []


def test_nobody_is_at_two_sites() -> None:
    seats = [build.seat(f"s{n}", skills=(build.skill("seo", 3),), tags=(f"site:{n}",)) for n in (1, 2)]
    phases = [build.phase(f"f{n}", seat) for n, seat in enumerate(seats)]
    problem = build.problem(projects=(build.project("site", *phases),))
    found = profiles(problem, Solution(), Market(exclusive=("site:",)))
    assert {len(person.tags) for person in found} == {1}


def test_one_hire_for_both_seats_is_worth_the_most() -> None:
    problem = agency()
    given = solve(problem, QUICK)
    found = openings(problem, given, MARKET, QUICK, max_hires=1)
    best = found.openings[0]
    assert (best.is_chosen, best.person.skills, best.seats) == (True, {"seo": 4}, ("again.1", "search.1"))
    assert (best.num_filled, best.first, best.fte) == (2, 0, 100)
    alone = solve(problem.replace(people=(*problem.people, best.person)), QUICK)
    assert alone.objective is not None
    assert given.objective is not None
    assert best.worth == alone.objective - given.objective
    assert found.together == alone.objective
    assert found.given == found.reassigned == given.objective


def test_nothing_open_asks_for_nobody() -> None:
    problem = build.problem(build.person("ann"))
    found = openings(problem, solve(problem, QUICK), MARKET, QUICK)
    assert found.openings == ()
    assert found.is_better_reassigned


def test_people_who_are_there_come_first() -> None:
    """The plan that was asked about left Ann idle: she does it, and nobody new is worth anything."""
    problem = build.problem(build.person("ann"))
    given = solve(problem.replace(people=(build.person("ann", capacity=()),)), QUICK)
    found = openings(problem, given, Market(hire_cost=10), QUICK)
    assert found.reassigned > found.given
    assert found.is_better_reassigned


@pytest.mark.parametrize(("budget", "is_chosen"), [(9, False), (10, True), (None, True)])
def test_money_for_hires_is_a_limit(budget: int | None, is_chosen: bool) -> None:
    problem = agency()
    found = openings(problem, solve(problem, QUICK), Market(hire_cost=10), QUICK, hire_budget=budget)
    assert any(one.is_chosen for one in found.openings) is is_chosen


def test_limit_of_nobody_opens_nothing() -> None:
    problem = agency(limits=Limits(max_hires=3))
    found = openings(problem, solve(problem, QUICK), MARKET, QUICK, max_hires=0)
    assert found.openings == ()


def test_progress_goes_to_the_end() -> None:
    heard: list[float] = []
    problem = agency()
    openings(problem, solve(problem, QUICK), MARKET, QUICK, tell=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0)


# If they say no


def hiring() -> Problem:
    """Two candidates for one seat: Cy fits it exactly, Di costs more and would do."""
    cy = build.candidate("cy", skills={"sql": 3})
    di = build.candidate("di", skills={"sql": 3}, cost=10)
    seat = build.seat("data.1", skills=(build.skill("sql", 3),))
    return build.problem(cy, di, projects=(build.project("site", build.phase("build", seat)),))


def test_next_best_steps_in() -> None:
    problem = hiring()
    given = solve(problem, QUICK)
    (found,) = declines(problem, given, QUICK)
    assert (found.person, found.seats, found.back_ups) == ("cy", (("data.1", "di"),), ("di",))
    without = solve(without_person(problem, "cy"), QUICK)
    assert given.objective is not None
    assert without.objective is not None
    assert found.loss == found.loss_least == given.objective - without.objective
    assert (found.num_filled, found.num_moved, found.first) == (0, 0, 0)


def test_without_a_back_up_the_seat_stays_open() -> None:
    problem = without_person(hiring(), "di")
    given = solve(problem, QUICK)
    (found,) = declines(problem, given, QUICK)
    assert (found.seats, found.back_ups, found.num_filled) == ((("data.1", None),), (), -1)
    assert found.loss == given.objective


def test_staff_are_not_asked() -> None:
    problem = build.problem(build.person("ann"))
    assert declines(problem, solve(problem, QUICK), QUICK) == []


def test_person_who_goes_is_named_nowhere() -> None:
    phase = build.phase("build", build.seat("dev"), team_rules=(build.rule("apart", people=("ann", "bob")),))
    problem = build.problem(
        build.person("ann"),
        build.person("bob"),
        projects=(build.project("site", phase),),
        pins=(build.pairing("dev", "ann"),),
        bans=(build.pairing("dev", "bob"),),
    )
    left = without_person(problem, "ann")
    assert [person.id for person in left.people] == ["bob"]
    assert left.pins == ()
    assert left.phase_by_id["build"].team_rules[0].people == ("bob",)


def test_candidates_count_within_the_limit_of_either_plan() -> None:
    """With one hire at most, the plan with nobody new may hire Cy, and is what others are measured by."""
    cy = build.candidate("cy", skills={"sql": 4})
    problem = agency(candidates=(cy,))
    given = solve(problem, QUICK)
    found = openings(problem, given, MARKET, QUICK, max_hires=1)
    [best] = [one for one in found.openings if one.is_chosen]
    limited = problem.replace(limits=Limits(max_hires=1))
    without = solve(limited, QUICK)
    assert found.reassigned == without.objective
    alone = solve(limited.replace(people=(*problem.people, best.person)), QUICK)
    assert without.objective is not None
    assert alone.objective is not None
    assert best.worth == alone.objective - without.objective


def test_profile_holds_no_more_than_its_seats_ask_for() -> None:
    """SEO and design are wanted at the same time: nobody holds both seats, so nobody is asked to know both."""
    phases = (
        build.phase("search", build.seat("search.1", skills=(build.skill("seo", 3),), to=4)),
        build.phase("looks", build.seat("looks.1", skills=(build.skill("design", 2),), to=4)),
    )
    problem = build.problem(build.person("ann"), projects=(build.project("site", *phases),))
    found = openings(problem, solve(problem, QUICK), MARKET, QUICK)
    assert sorted(tuple(one.person.skills.items()) for one in found.openings) == [(("design", 2),), (("seo", 3),)]
    assert {one.num_chosen for one in found.openings} == {1}


def test_two_alike_are_one_profile_wanted_twice() -> None:
    seats = [build.seat(f"search.{n}", skills=(build.skill("seo", 3),), to=4) for n in (1, 2)]
    phases = [build.phase(f"f{n}", seat) for n, seat in enumerate(seats)]
    problem = build.problem(build.person("ann"), projects=(build.project("site", *phases),))
    [one] = openings(problem, solve(problem, QUICK), MARKET, QUICK).openings
    assert (one.num_chosen, one.num_filled, one.seats) == (2, 1, ("search.1", "search.2"))


def test_skill_that_a_team_rule_counts_stays() -> None:
    """Whoever sits on SEO must know SQL besides, because their team must; the seat itself does not ask for it."""
    rule = build.rule("count", of={"skill": "sql", "min": 2}, at_least=1)
    search = build.phase("search", build.seat("search.1", skills=(build.skill("seo", 3),), to=4), team_rules=(rule,))
    data = build.phase("data", build.seat("data.1", skills=(build.skill("sql", 2),), to=4))
    problem = build.problem(build.person("ann"), projects=(build.project("site", search, data),))
    found = openings(problem, solve(problem, QUICK), MARKET, QUICK, max_hires=2)
    assert {one.seats: one.person.skills for one in found.openings if one.is_chosen} == {
        ("data.1",): {"sql": 2},
        ("search.1",): {"seo": 3, "sql": 2},
    }
