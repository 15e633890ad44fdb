"""The rulebook, rule by rule: nothing to do, at the edge, one past it; and the points, by hand."""

from typing import Any

import build
import pytest
from build import candidate, pairing, person, phase, problem, project, rule, seat, skill, solution, span, style

from solver import check
from solver.problem import Kind, Limits, Problem, Weights
from solver.solution import Result, Solution, Status


def broken(asked: Problem, answer: Solution) -> set[str]:
    return {violation.rule for violation in check.violations(asked, answer)}


def texts(asked: Problem, answer: Solution) -> list[str]:
    return [violation.text for violation in check.violations(asked, answer)]


def test_every_rule_has_a_sentence_and_a_name_of_its_own() -> None:
    names = [one.__name__ for one in check.RULES]
    assert len(set(names)) == len(names) == 14
    assert all((one.__doc__ or "").endswith(".") for one in check.RULES)


def test_empty_plan_of_any_problem_without_pins_breaks_no_rule() -> None:
    rules = (rule("count", of={"tag": "x"}, at_least=3), rule("mean", style="empathy", min=5.0))
    asked = problem(phases=(phase("build", seat(), team_rules=rules),), bans=(pairing(),))
    assert broken(asked, Solution()) == set()


# -- a seat has one holder


def test_seat_has_one_holder_who_is_known() -> None:
    assert broken(problem(), solution(dev="ann")) == set()


def test_seat_held_by_nobody_known_breaks_the_rule() -> None:
    assert broken(problem(), solution(dev="bob")) == {"seat_has_one_holder"}


def test_seat_that_nobody_asked_for_breaks_the_rule() -> None:
    assert broken(problem(), solution(ops="ann")) == {"seat_has_one_holder"}


# -- one seat of a phase


def two_seats(**changes: Any) -> Problem:
    return problem(person(), person("bob"), seats=(seat("dev", fte=50), seat("ops", fte=50)), **changes)


def test_two_people_on_two_seats_of_a_phase_keep_the_rule() -> None:
    assert broken(two_seats(), solution(dev="ann", ops="bob")) == set()


def test_seats_of_two_phases_may_be_held_at_once() -> None:
    phases = (phase("build", seat("dev", fte=50)), phase("ship", seat("ops", fte=50)))
    assert broken(problem(phases=phases), solution(dev="ann", ops="ann")) == set()


def test_second_seat_of_a_phase_breaks_the_rule() -> None:
    assert broken(two_seats(), solution(dev="ann", ops="ann")) == {"one_seat_per_phase"}


# -- capacity


def test_work_as_large_as_the_capacity_fits() -> None:
    asked = problem(person(capacity=(span(fte=50),)), seats=(seat(fte=50),))
    assert broken(asked, solution(dev="ann")) == set()


def test_work_one_percent_over_the_capacity_does_not_fit() -> None:
    asked = problem(person(capacity=(span(fte=50),)), seats=(seat(fte=51),))
    assert texts(asked, solution(dev="ann")) == ["Ann is over capacity by 1 % in period 0."]


def test_work_that_ends_where_leave_begins_fits() -> None:
    asked = problem(person(capacity=(span(0, 6),)), seats=(seat(to=6), seat("ops", to=10)))
    assert broken(asked, solution(dev="ann")) == set()


def test_work_one_period_into_leave_does_not_fit() -> None:
    asked = problem(person(capacity=(span(0, 5),)), seats=(seat(to=6), seat("ops", to=10)))
    assert texts(asked, solution(dev="ann")) == ["Ann is over capacity by 100 % in period 5."]


def test_seats_that_follow_each_other_share_a_capacity() -> None:
    phases = (phase("build", seat("dev", to=5)), phase("ship", seat("ops", to=5), earliest=5))
    assert broken(problem(phases=phases), solution(dev="ann", ops="ann")) == set()


def test_seats_that_overlap_by_a_period_do_not() -> None:
    phases = (phase("build", seat("dev", to=5)), phase("ship", seat("ops", to=5), earliest=4))
    assert broken(problem(phases=phases), solution(dev="ann", ops="ann")) == {"within_capacity"}


def test_movable_phase_takes_its_seats_along() -> None:
    moving = phase("ship", seat("ops", to=5), earliest=0, latest=5)
    asked = problem(phases=(phase("build", seat("dev", to=5)), moving))
    assert broken(asked, solution({"ship": 5}, dev="ann", ops="ann")) == set()
    assert broken(asked, solution({"ship": 4}, dev="ann", ops="ann")) == {"within_capacity"}


@pytest.mark.parametrize(("earliest", "rules"), [(3, set()), (4, {"within_capacity"})])
def test_candidate_has_no_capacity_before_their_earliest_period(earliest: int, rules: set[str]) -> None:
    asked = problem(candidate(earliest=earliest), phases=(phase("build", seat(to=5), earliest=3),))
    assert broken(asked, solution(dev="cy")) == rules


def test_employee_has_no_earliest_period() -> None:
    asked = problem(candidate(earliest=4, kind=Kind.EMPLOYEE))
    assert broken(asked, solution(dev="cy")) == set()


# -- musts


def test_seat_that_asks_for_nothing_takes_anybody() -> None:
    assert broken(problem(person(cost=10**9)), solution(dev="ann")) == set()


@pytest.mark.parametrize(("level", "rules"), [(3, set()), (2, {"musts_are_held"})])
def test_must_skill_is_held_at_its_level(level: int, rules: set[str]) -> None:
    asked = problem(person(skills={"sql": level}), seats=(seat(skills=(skill(level=3),)),))
    assert broken(asked, solution(dev="ann")) == rules


def test_sentence_names_person_skill_and_levels() -> None:
    asked = problem(person(skills={"sql": 2}), seats=(seat(title="Analyst", skills=(skill(level=3),)),))
    assert texts(asked, solution(dev="ann")) == ["Ann has sql at 2; the seat Analyst needs 3."]


def test_nice_skill_need_not_be_held() -> None:
    asked = problem(seats=(seat(skills=(skill(level=3, must=False),)),))
    assert broken(asked, solution(dev="ann")) == set()


def mentored(level: int, mentor_level: int = 3, mentor_from: int = 0, is_allowed: bool = True) -> Problem:
    """Ann on a seat of SQL 3 for periods 0 to 5, Bob beside her from `mentor_from` on."""
    mentee = seat("dev", to=5, mentoring=is_allowed, skills=(skill(level=3),))
    mentor = seat("ops", from_=mentor_from, to=10)
    people = (person(skills={"sql": level}), person("bob", skills={"sql": mentor_level}))
    return problem(*people, seats=(mentee, mentor))


def test_one_level_short_will_do_under_a_mentor() -> None:
    assert broken(mentored(2), solution(dev="ann", ops="bob")) == set()
    assert broken(mentored(2, mentor_from=4), solution(dev="ann", ops="bob")) == set()


@pytest.mark.parametrize(
    "asked",
    [mentored(1), mentored(2, mentor_level=2), mentored(2, mentor_from=5), mentored(2, is_allowed=False)],
    ids=["two levels short", "mentor short as well", "mentor comes too late", "no mentoring"],
)
def test_mentor_helps_no_further(asked: Problem) -> None:
    assert broken(asked, solution(dev="ann", ops="bob")) == {"musts_are_held"}


def test_mentor_must_be_on_the_team() -> None:
    assert broken(mentored(2), solution(dev="ann")) == {"musts_are_held"}


@pytest.mark.parametrize(
    ("score", "rules"), [(3.5, set()), (4.04, set()), (3.4, {"musts_are_held"}), (4.1, {"musts_are_held"})]
)
def test_must_style_is_inside_its_band(score: float, rules: set[str]) -> None:
    line = style(min=3.5, max=4.0, must=True)
    asked = problem(person(styles={"empathy": score}), seats=(seat(styles=(line,)),))
    assert broken(asked, solution(dev="ann")) == rules


def test_unknown_must_style_breaks_the_rule_and_an_unknown_nice_one_does_not() -> None:
    must, nice = (problem(seats=(seat(styles=(style(must=is_must),)),)) for is_must in (True, False))
    assert texts(must, solution(dev="ann")) == ["Ann has no known empathy; the seat dev needs 1.0 to 5.0."]
    assert broken(nice, solution(dev="ann")) == set()


def test_all_tags_must_be_held() -> None:
    asked = problem(person(tags=("a", "b")), person("bob", tags=("a",)), seats=(seat(tags=("a", "b")),))
    assert broken(asked, solution(dev="ann")) == set()
    assert texts(asked, solution(dev="bob")) == ["Bob lacks b, which the seat dev needs."]


def test_one_tag_of_each_group_must_be_held() -> None:
    groups = (("a", "b"), ("c", "d"))
    asked = problem(person(tags=("b", "c")), person("bob", tags=("a", "b")), seats=(seat(any_of=groups),))
    assert broken(asked, solution(dev="ann")) == set()
    assert texts(asked, solution(dev="bob")) == ["Bob has none of c, d, of which the seat dev needs one."]


def test_nobody_has_one_of_an_empty_group() -> None:
    assert broken(problem(seats=(seat(any_of=((),)),)), solution(dev="ann")) == {"musts_are_held"}


@pytest.mark.parametrize(("cost", "rules"), [(500, set()), (501, {"musts_are_held"})])
def test_holder_costs_no_more_than_the_seat_allows(cost: int, rules: set[str]) -> None:
    assert broken(problem(person(cost=cost), seats=(seat(max_cost=500),)), solution(dev="ann")) == rules


# -- windows and order of phases


def movable(**changes: Any) -> Problem:
    return problem(phases=(phase("build", seat(to=4), **{"earliest": 2, "latest": 5} | changes),))


@pytest.mark.parametrize(
    ("start", "rules"), [(2, set()), (5, set()), (1, {"phase_inside_window"}), (6, {"phase_inside_window"})]
)
def test_phase_starts_inside_its_window(start: int, rules: set[str]) -> None:
    assert broken(movable(), solution({"build": start})) == rules


def test_movable_phase_with_a_team_must_be_listed() -> None:
    assert broken(movable(), solution(dev="ann")) == {"phase_inside_window"}
    assert broken(movable(), solution({"build": 3}, dev="ann")) == set()


def test_fixed_phase_need_not_be_listed() -> None:
    asked = movable(latest=2)
    assert broken(asked, solution(dev="ann")) == broken(asked, solution({"build": 2}, dev="ann")) == set()
    assert broken(asked, solution({"build": 3}, dev="ann")) == {"phase_inside_window"}


def test_phase_that_nobody_asked_for_cannot_be_scheduled() -> None:
    assert broken(problem(), solution({"ship": 0})) == {"phase_inside_window"}


def ordered(earliest: int = 0, latest: int = 6) -> Problem:
    """ "ship" comes after "build"; both last four periods and may move, by default."""
    first = phase("build", seat("dev", to=4), latest=6)
    return problem(phases=(first, phase("ship", seat("ops", to=4), earliest=earliest, latest=latest, after=("build",))))


def test_phase_may_start_where_the_one_before_ends() -> None:
    assert broken(ordered(), solution({"build": 1, "ship": 5}, ops="ann")) == set()


def test_phase_may_not_start_a_period_earlier() -> None:
    assert broken(ordered(), solution({"build": 1, "ship": 4}, ops="ann")) == {"phases_in_order"}
    assert broken(ordered(), solution({"build": 1, "ship": 4})) == {"phases_in_order"}


def test_staffed_phase_follows_a_scheduled_one() -> None:
    assert broken(ordered(), solution({"ship": 6}, ops="ann")) == {"phases_in_order"}


def test_listed_phase_without_a_team_may_stand_alone() -> None:
    assert broken(ordered(), solution({"ship": 0})) == set()


def test_fixed_phase_neither_staffed_nor_listed_keeps_any_order() -> None:
    fixed = ordered(earliest=3, latest=3)
    assert broken(fixed, solution({"build": 0}, dev="ann")) == set()
    assert broken(fixed, solution({"build": 0, "ship": 3}, dev="ann")) == {"phases_in_order"}


# -- team rules


def with_rule(one: Any, *people: Any) -> Problem:
    """Three seats of a phase that has one team rule."""
    seats = tuple(seat(ident) for ident in ("dev", "ops", "pm"))
    return problem(*people, phases=(phase("build", *seats, team_rules=(one,)),))


ABE, BEA, CAT = (
    person("abe", tags=("fr",), skills={"sql": 3}, styles={"empathy": 2.0}),
    person("bea", tags=("fr",), skills={"sql": 2}, styles={"empathy": 4.0}),
    person("cat", kind=Kind.CONTRACTOR),
)
TEAMS = {
    "nobody": solution(),
    "abe": solution(dev="abe"),
    "cat": solution(dev="cat"),
    "abe, bea": solution(dev="abe", ops="bea"),
    "abe, bea, cat": solution(dev="abe", ops="bea", pm="cat"),
}


@pytest.mark.parametrize(
    ("one", "team", "shortfall"),
    [
        (rule("count", of={"tag": "fr"}, at_least=2), "nobody", 0),
        (rule("count", of={"tag": "fr"}, at_least=2), "abe, bea", 0),
        (rule("count", of={"tag": "fr"}, at_least=2), "abe", 1),
        (rule("count", of={"tag": "fr"}, at_least=2), "cat", 2),
        (rule("count", of={"tag": "fr"}, at_most=2), "abe, bea, cat", 0),
        (rule("count", of={"tag": "fr"}, at_most=1), "abe, bea, cat", 1),
        (rule("count", of={"tag": "fr"}), "abe, bea, cat", 0),
        (rule("count", of={"skill": "sql", "min": 3}, at_most=1), "abe, bea", 0),
        (rule("count", of={"skill": "sql", "min": 2}, at_most=1), "abe, bea", 1),
        (rule("count", of={"skill": "sql", "min": 0}, at_most=0), "cat", 1),
        (rule("count", of={"style": "empathy", "min": 4.0}, at_least=1), "abe, bea", 0),
        (rule("count", of={"style": "empathy", "min": 4.1}, at_least=1), "abe, bea", 1),
        (rule("count", of={"style": "empathy", "min": 1.0}, at_least=3), "abe, bea, cat", 1),
        (rule("count", of={"kind": Kind.CONTRACTOR}, at_most=0), "abe, bea", 0),
        (rule("count", of={"kind": Kind.CONTRACTOR}, at_most=0), "abe, bea, cat", 1),
        (rule("together", people=("abe", "bea")), "cat", 0),
        (rule("together", people=("abe", "bea")), "abe, bea", 0),
        (rule("together", people=("abe", "bea", "cat")), "abe", 2),
        (rule("apart", people=("abe", "bea")), "abe", 0),
        (rule("apart", people=("abe", "bea")), "abe, bea", 1),
        (rule("apart", people=("abe", "bea", "cat")), "abe, bea, cat", 2),
        (rule("apart", people=("abe", "abe")), "abe", 1),
        (rule("mean", style="empathy", min=3.0), "nobody", 0),
        (rule("mean", style="empathy", min=3.0), "abe, bea, cat", 0),
        (rule("mean", style="empathy", min=3.1), "abe, bea", 1),
        (rule("mean", style="empathy", max=2.9), "abe, bea", 1),
        (rule("mean", style="empathy", max=2.0), "abe, bea", 10),
        (rule("mean", style="empathy"), "cat", 10),
        (rule("spread", style="empathy", min=2.0, max=2.0), "abe, bea", 0),
        (rule("spread", style="empathy", min=2.1), "abe, bea, cat", 1),
        (rule("spread", style="empathy", max=1.5), "abe, bea", 5),
        (rule("spread", style="empathy", min=1.0), "abe", 10),
        (rule("spread", style="empathy"), "cat", 10),
    ],
)
def test_shortfall_of_a_team(one: Any, team: str, shortfall: int) -> None:
    asked = with_rule(one, ABE, BEA, CAT)
    people = [asked.person_of[ident] for ident in TEAMS[team].holders.values()]
    assert check.rule_shortfall(one, people) == shortfall
    assert broken(asked, TEAMS[team]) == ({"hard_team_rules"} if shortfall else set())


def test_mean_is_rounded_up() -> None:
    one = rule("mean", style="empathy", min=3.4)
    people = (ABE, BEA, person("dan", styles={"empathy": 4.0}))
    assert check.rule_shortfall(one, people) == 1


def test_soft_team_rule_costs_points_and_breaks_nothing() -> None:
    asked = with_rule(rule("count", of={"tag": "fr"}, at_least=3, weight=40), ABE, BEA, CAT)
    assert broken(asked, TEAMS["cat"]) == set()
    assert check.score(asked, TEAMS["cat"]).team_rules == -120
    assert check.score(asked, TEAMS["nobody"]).team_rules == 0


# -- projects and limits


def whole_project(**changes: Any) -> Problem:
    phases = (phase("build", seat("dev", to=5)), phase("ship", seat("ops", to=5), earliest=5, latest=5))
    said = {"all_or_nothing": True} | changes
    return problem(projects=(project("site", *said.pop("phases", phases), **said),))


def test_all_or_nothing_project_is_complete_or_empty() -> None:
    assert broken(whole_project(), solution(dev="ann", ops="ann")) == set()
    assert broken(whole_project(), solution()) == set()
    assert texts(whole_project(), solution(dev="ann")) == ["Site is all or nothing; 1 of its 2 seats are filled."]


def test_project_may_be_begun_where_it_is_not_all_or_nothing() -> None:
    assert broken(whole_project(all_or_nothing=False), solution(dev="ann")) == set()


def test_complete_project_has_all_its_phases_scheduled() -> None:
    phases = (phase("build", seat("dev")), build.phase("ship", duration=3, latest=4, seats=()))
    asked = whole_project(phases=phases)
    assert broken(asked, solution({"ship": 4}, dev="ann")) == set()
    assert broken(asked, solution(dev="ann")) == {"all_or_nothing"}


def costly(project_budget: int | None = None, plan_budget: int | None = None, cost: int = 199) -> Problem:
    """Two seats of half a week each; with Ann at 199 a week they cost 99 each, rounded down."""
    phases = (phase("build", seat("dev", fte=50, to=1)), phase("ship", seat("ops", fte=50, to=1)))
    job = project("site", *phases, budget=project_budget)
    return problem(person(cost=cost), projects=(job,), limits=Limits(budget=plan_budget))


@pytest.mark.parametrize(("budget", "rules"), [(None, set()), (198, set()), (197, {"project_budget"})])
def test_project_budget_bounds_its_staff_cost(budget: int | None, rules: set[str]) -> None:
    assert broken(costly(project_budget=budget), solution(dev="ann", ops="ann")) == rules


@pytest.mark.parametrize(("budget", "rules"), [(None, set()), (198, set()), (197, {"plan_budget"})])
def test_plan_budget_bounds_the_cost_of_all_staff(budget: int | None, rules: set[str]) -> None:
    assert broken(costly(plan_budget=budget), solution(dev="ann", ops="ann")) == rules


def test_budget_of_nothing_takes_whoever_costs_nothing() -> None:
    asked = costly(project_budget=0, plan_budget=0, cost=1)
    assert broken(asked, solution(dev="ann", ops="ann")) == set()


def hiring(**limits: int) -> Problem:
    people = (candidate("cy", cost=600), candidate("di", cost=400, kind=Kind.HYPOTHETICAL), person())
    seats = (seat("dev"), seat("ops"), seat("pm"))
    return problem(*people, seats=seats, limits=Limits(**limits))


ALL_HIRED = solution(dev="cy", ops="di", pm="ann")


@pytest.mark.parametrize(("limit", "rules"), [(2, set()), (1, {"hire_limits"})])
def test_hires_are_candidates_and_hypothetical_people_with_a_seat(limit: int, rules: set[str]) -> None:
    assert broken(hiring(max_hires=limit), ALL_HIRED) == rules


@pytest.mark.parametrize(("budget", "rules"), [(1000, set()), (999, {"hire_limits"})])
def test_hire_budget_bounds_hire_costs_in_full(budget: int, rules: set[str]) -> None:
    assert broken(hiring(hire_budget=budget), ALL_HIRED) == rules


def test_nobody_is_hired_twice() -> None:
    phases = (phase("build", seat("dev", fte=50)), phase("ship", seat("ops", fte=50)))
    asked = problem(candidate(cost=600), phases=phases, limits=Limits(max_hires=1, hire_budget=600))
    assert broken(asked, solution(dev="cy", ops="cy")) == set()


def in_force(max_changes: int | None = None) -> Problem:
    current = (pairing("dev", "ann"), pairing("ops", "bob"))
    return two_seats(current=current, limits=Limits(max_changes=max_changes))


@pytest.mark.parametrize(
    ("limit", "answer", "rules"),
    [
        (0, solution(dev="ann", ops="bob"), set()),
        (1, solution(dev="ann"), set()),
        (0, solution(dev="ann"), {"change_limit"}),
        (1, solution(dev="bob", ops="ann"), {"change_limit"}),
        (None, solution(), set()),
    ],
)
def test_change_limit_counts_seats_whose_holder_differs(limit: int | None, answer: Solution, rules: set[str]) -> None:
    assert broken(in_force(limit), answer) == rules


def test_seat_outside_the_plan_in_force_changes_freely() -> None:
    asked = two_seats(current=(pairing("dev", "ann"),), limits=Limits(max_changes=0))
    assert broken(asked, solution(dev="ann", ops="bob")) == set()


def test_pinned_person_holds_the_seat() -> None:
    asked = two_seats(pins=(pairing("dev", "ann"),))
    assert broken(asked, solution(dev="ann")) == set()
    assert broken(asked, solution(dev="bob")) == {"pins_hold"}
    assert texts(asked, solution()) == ["Ann is pinned to the seat dev, and does not hold it."]


def test_banned_person_does_not_hold_the_seat() -> None:
    asked = two_seats(bans=(pairing("dev", "ann"),))
    assert broken(asked, solution()) == broken(asked, solution(dev="bob", ops="ann")) == set()
    assert texts(asked, solution(dev="ann")) == ["Ann is banned from the seat dev, and holds it."]


# -- points


def test_plain_seat_at_priority_one_is_fill_and_fits() -> None:
    """One full-time period: 1000 for fill, 100 each for skill and style fit where nothing is asked."""
    job = project("site", phase("build", seat(to=1)), priority=1)
    score = check.score(problem(projects=(job,)), solution(dev="ann"))
    assert score.objective == score.terms["seats"] == 1200


def test_parts_of_a_seat_add_up_to_its_net() -> None:
    lines = {"skills": (skill(level=2), skill("seo", level=3, must=False)), "styles": (style(min=3.5),)}
    asked = problem(
        candidate(
            acceptance=37,
            cost_per_period=1234,
            skills={"sql": 4, "seo": 1},
            styles={"empathy": 3.3},
            preferences={"site": -7},
        ),
        phases=(phase("build", seat(fte=33, to=7, **lines)),),
        weights=Weights(fill=999, fit=17, style=13, preference=11, money=31),
    )
    one = check.score(asked, solution(dev="cy")).seats["dev"]
    # Fit: (90 + 33) // 2 = 61; style fit: 100 - 5 x 2 = 90; size: 33 x 7 = 231.
    quality = 999 * 100 + 17 * 61 + 13 * 90 - 11 * 7
    exact = 231 * (30 * quality - 31 * 1234) // 100_000
    assert one.net == exact * 37 // 100
    assert one.acceptance == one.net - exact
    assert one.fill == 231 * 30 * 999 * 100 // 100_000
    assert one.preference == (231 * 30 * 11 * -7) // 100_000 == -6
    assert one.money == (-231 * 31 * 1234) // 100_000 == -89
    assert 0 <= one.rounding < 5


def test_rounding_is_down_below_nothing_too() -> None:
    job = project("site", phase("build", seat(fte=1, to=1)), priority=1)
    asked = problem(candidate(acceptance=50, cost_per_period=1), projects=(job,), weights=Weights(0, 0, 0, 0, 1, 0))
    one = check.score(asked, solution(dev="cy")).seats["dev"]
    assert (one.money, one.acceptance, one.net) == (-1, 0, -1)


@pytest.mark.parametrize(
    ("line", "level", "fit"),
    [
        (skill(level=3), 3, 100),
        (skill(level=3), 4, 95),
        (skill(level=3), 7, 80),
        (skill(level=3), 100, 80),
        (skill(level=3), 2, 60),
        (skill(level=3, must=False), 2, 66),
        (skill(level=3, must=False), 0, 0),
        (skill(level=3, weight=0), 0, 100),
    ],
)
def test_skill_fit(line: Any, level: int, fit: int) -> None:
    assert check.skill_fit(seat(skills=(line,)), person(skills={"sql": level})) == fit


@pytest.mark.parametrize(
    ("styles", "fit"),
    [({"empathy": 3.0}, 100), ({"empathy": 2.8}, 90), ({"empathy": 4.5}, 75), ({"empathy": 1.0}, 0), ({}, 50)],
)
def test_style_fit(styles: dict[str, float], fit: int) -> None:
    assert check.style_fit(seat(styles=(style(min=3.0, max=4.0),)), person(styles=styles)) == fit


def test_fit_is_a_weighted_mean() -> None:
    lines = (skill(level=1, weight=3), skill("seo", level=2, must=False))
    assert check.skill_fit(seat(skills=lines), person(skills={"sql": 1})) == 75


def test_hire_costs_its_expected_price_once() -> None:
    phases = (phase("build", seat("dev", fte=50)), phase("ship", seat("ops", fte=50)))
    score = check.score(problem(candidate(cost=6789, acceptance=33), phases=phases), solution(dev="cy", ops="cy"))
    assert score.hires_by_person == {"cy": -(100 * 6789 * 33 // 100_000)}
    assert score.hiring == -224


def test_change_costs_its_size_once_for_each_row() -> None:
    asked = problem(person(), person("bob"), seats=(seat(fte=33, to=5),), current=(pairing(), pairing()))
    assert check.score(asked, solution(dev="ann")).changes == 0
    assert check.score(asked, solution(dev="bob")).changes == check.score(asked, solution()).changes == -330


def rewarded(**changes: Any) -> Problem:
    said = {"reward": 100, "due": 8, "late_penalty": 30} | changes
    job = project("site", phase("build", seat(to=5), latest=5), **said)
    return problem(projects=(job,))


@pytest.mark.parametrize(("start", "rewards"), [(0, 100), (3, 100), (4, 70), (5, 40)])
def test_reward_is_less_for_each_period_late(start: int, rewards: int) -> None:
    assert check.score(rewarded(), solution({"build": start}, dev="ann")).rewards == rewards


def test_reward_never_falls_below_nothing() -> None:
    assert check.score(rewarded(late_penalty=1000), solution({"build": 5}, dev="ann")).rewards == 0


def test_reward_without_a_due_period_is_never_late() -> None:
    assert check.score(rewarded(due=None), solution({"build": 5}, dev="ann")).rewards == 100


def test_unfinished_or_seatless_project_earns_nothing() -> None:
    assert check.score(rewarded(), solution({"build": 0})).rewards == 0
    empty = problem(projects=(project("site", build.phase("build", duration=3, seats=()), reward=100),))
    assert check.score(empty, solution()).rewards == 0


def test_claimed_objective_must_be_true() -> None:
    asked, answer = problem(), solution(dev="ann")
    true = check.score(asked, answer).objective
    results = [Result("test", Status.FEASIBLE, answer, objective) for objective in (true, true - 1)]
    assert [len(check.untrue_figures(asked, result)) for result in results] == [0, 1]


def test_plan_that_there_is_none_claims_nothing() -> None:
    assert check.untrue_figures(problem(), Result("test", Status.UNKNOWN)) == []
