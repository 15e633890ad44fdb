"""Reasons are true, one by one, in the rulebook's eyes; conflicts cannot hold, and none of their demands can go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import draw
import pytest
from brute import feasible_plans, has_plan, tiny_problems
from build import candidate, pairing, person, phase, problem, project, rule, seat, skill, solution, span, style

from solver.check import Violation, score, violations
from solver.explain import conflict, gap_reasons
from solver.problem import Limits, Problem, Weights
from solver.search import Options, solve
from solver.search.conflict import keep_only, wishes_of
from solver.solution import Reason, Solution, Status

SAYS = {
    "all_busy": {"within_capacity", "one_seat_per_phase"},
    "not_available": {"within_capacity"},
    "banned": {"bans_hold"},
    "no_mentor": {"musts_are_held"},
    "not_learnt": {"musts_are_held"},
    "growth_blocks": {"hard_team_rules", "musts_are_held"},
    "rule_blocks": {"hard_team_rules"},
    "all_or_nothing": {"all_or_nothing"},
    "project_budget": {"project_budget"},
    "plan_budget": {"plan_budget"},
    "hire_limit": {"hire_limits"},
    "hire_budget": {"hire_limits"},
    "phase_order": {"phases_in_order"},
}
NOBODY = {
    "nobody_has_skill",
    "nobody_has_all_musts",
    "style_outside",
    "tag_missing",
    "any_of_missing",
    "too_expensive",
}


def codes(asked: Problem, answer: Solution, seat_id: str = "dev") -> list[str]:
    return [reason.code for reason in gap_reasons(asked, answer, seat_id)]


def only(asked: Problem, answer: Solution | None = None, seat_id: str = "dev") -> Reason:
    (reason,) = gap_reasons(asked, answer or Solution(), seat_id)
    return reason


# -- against the rulebook


def additions(asked: Problem, plan: Solution, seat_id: str, who: str) -> Iterator[tuple[list[Violation], int]]:
    """What the rulebook says of the plan with one more holder, at every start of an unscheduled phase."""
    phase = asked.phase_of_seat[seat_id]
    is_known = phase.is_fixed or phase.id in plan.starts
    base = score(asked, plan).objective
    for start in [None] if is_known else range(phase.earliest, phase.latest + 1):
        starts = plan.starts if start is None else {**plan.starts, phase.id: start}
        more = Solution(starts, {**plan.holders, seat_id: who})
        yield violations(asked, more), score(asked, more).objective - base


def assert_true(asked: Problem, plan: Solution, seat_id: str, reasons: tuple[Reason, ...]) -> None:
    place = (asked.name, seat_id, reasons)
    found = [row for who in asked.people for row in additions(asked, plan, seat_id, who.id)]
    gains = [gain for broken, gain in found if not broken]
    assert reasons, place
    said = {reason.code for reason in reasons}
    assert ("search_stopped" in said) == any(gain > 0 for gain in gains), place
    assert ("not_worth" in said) == bool(gains and max(gains) <= 0), place
    for reason in reasons:
        if reason.code in ("search_stopped", "not_worth"):
            assert reason.params["points"] == max(gains), place
        elif reason.code == "phase_not_scheduled":
            assert reason.params["phase"] not in plan.starts, place
        elif reason.code in NOBODY:
            assert all({v.rule for v in broken} & {"musts_are_held"} for broken, _ in found), place
        else:
            broken_rules = {violation.rule for broken, _ in found for violation in broken}
            assert SAYS[reason.code] & broken_rules, place
            assert reason.params["num"] <= len(asked.people), place


@pytest.mark.parametrize("batch", range(20))
@pytest.mark.parametrize("drawn", [draw.tiny, draw.growing])
def test_every_reason_is_true_and_every_gap_has_one(batch: int, drawn: Callable[[int], Problem]) -> None:
    rng = Random(batch)
    for asked in tiny_problems(batch, drawn=drawn):
        plans = list(feasible_plans(asked))
        for plan in rng.sample(plans, min(3, len(plans))):
            for seat_id in asked.seat_by_id.keys() - plan.holders.keys():
                assert_true(asked, plan, seat_id, gap_reasons(asked, plan, seat_id))


def test_filled_seat_has_no_reasons() -> None:
    assert gap_reasons(problem(), solution(dev="ann"), "dev") == ()


# -- one by one


def test_nobody_has_the_skill_at_its_level() -> None:
    crew = (person(skills={"sql": 2}), person("bob", skills={"sql": 3}), person("cy", skills={"sql": 3}))
    reason = only(problem(*crew, seats=(seat(skills=(skill("sql", 4),)),)))
    assert reason.code == "nobody_has_skill"
    assert reason.params == {"skill": "sql", "level": 4, "best": 3, "num_one_short": 2}
    assert "sql" in reason.text


def test_nobody_has_all_musts_at_once() -> None:
    crew = (person(skills={"sql": 2}), person("bob", tags=("fr",)), person("cy", tags=("fr",)))
    reason = only(problem(*crew, seats=(seat(skills=(skill("sql", 2),), tags=("fr",)),)))
    assert (reason.code, reason.params) == ("nobody_has_all_musts", {"num_per_must": {"sql 2": 1, "fr": 2}})


@pytest.mark.parametrize(
    ("asks", "code"),
    [
        ({"styles": (style(min=4.5, must=True),)}, "style_outside"),
        ({"tags": ("fr",)}, "tag_missing"),
        ({"any_of": (("fr", "de"),)}, "any_of_missing"),
        ({"max_cost": 4}, "too_expensive"),
    ],
)
def test_must_that_nobody_meets_is_named(asks: dict[str, Any], code: str) -> None:
    assert only(problem(person(cost=5, styles={"empathy": 4.4}), seats=(seat(**asks),))).code == code


def test_who_is_busy_is_named_with_the_work_in_the_way() -> None:
    asked = problem(projects=(project("site"), project("shop", phase("sell", seat("clerk", from_=3, to=10)))))
    reason = only(asked, Solution({}, {"clerk": "ann"}))
    assert reason.code == "all_busy"
    assert reason.params["people"] == [{"person": "ann", "from": 3, "to": 10, "project": "shop"}]
    assert "Ann (3 to 10, Shop)" in reason.text


def test_who_is_away_is_not_called_busy() -> None:
    assert only(problem(person(capacity=(span(0, 9),)))).code == "not_available"


def test_filling_that_would_lose_points_is_not_worth_it() -> None:
    asked = problem(person(cost=1000), weights=Weights(fill=1, fit=0, style=0, preference=0))
    assert (only(asked).code, only(asked).params) == ("not_worth", {"points": -970})


def test_seat_that_could_still_be_filled_says_so() -> None:
    assert only(problem(), Solution()).code == "search_stopped"


def test_team_rule_that_blocks_is_named_by_its_number() -> None:
    rules = (rule("apart", people=("ann",)), rule("count", of={"tag": "x"}, at_least=1))
    reason = only(problem(phases=(phase("build", seat(), team_rules=rules),)))
    assert (reason.code, reason.params["rule_index"]) == ("rule_blocks", 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"projects": (project(budget=9),)}, "project_budget"),
        ({"limits": Limits(budget=9)}, "plan_budget"),
        ({"limits": Limits(max_hires=0)}, "hire_limit"),
        ({"limits": Limits(hire_budget=4)}, "hire_budget"),
        ({"bans": (pairing("dev", "cy"),)}, "banned"),
    ],
)
def test_limit_that_stands_in_the_way_is_named(changes: dict[str, Any], code: str) -> None:
    asked = problem(candidate("cy", cost=5, cost_per_period=1), **changes)
    assert codes(asked, Solution()) == [code]


def test_project_that_is_all_or_nothing_and_stays_empty_says_so() -> None:
    seats = (seat(), seat("ops", skills=(skill("sql", 5),)))
    asked = problem(projects=(project("site", phase("build", *seats), all_or_nothing=True),))
    assert codes(asked, Solution()) == ["all_or_nothing"]
    assert codes(asked, Solution(), "ops") == ["nobody_has_skill"]


def test_phase_that_is_not_scheduled_says_so() -> None:
    asked = problem(person(capacity=(span(0, 4),)), phases=(phase("build", seat(to=5), latest=5),))
    assert codes(asked, Solution()) == ["phase_not_scheduled", "not_available"]


# -- conflicts


def assert_irreducible(asked: Problem) -> None:
    """By trying all plans: the named demands alone cannot hold, and without any one of them they can."""
    named = conflict(asked)
    wishes = [wish for wish in wishes_of(asked) if wish.demand in named]
    assert len(wishes) == len(named) > 0, asked.name
    assert not has_plan(keep_only(asked, wishes)), (asked.name, named)
    for wish in wishes:
        rest = [other for other in wishes if other is not wish]
        assert has_plan(keep_only(asked, rest)), (asked.name, named, wish.demand)


@pytest.mark.parametrize("batch", range(20))
def test_conflict_cannot_hold_and_nothing_in_it_can_be_left_out(batch: int) -> None:
    for asked in tiny_problems(batch, size=20):
        if not has_plan(asked):
            assert_irreducible(asked)


def test_no_conflict_where_there_is_a_plan() -> None:
    assert conflict(problem(pins=(pairing(),))) == ()


def test_pin_that_cannot_hold_by_itself_says_why() -> None:
    asked = problem(person(skills={"sql": 1}), seats=(seat(skills=(skill("sql", 3),)),), pins=(pairing(),))
    (demand,) = conflict(asked)
    assert (demand.demand, demand.seat, demand.person) == ("pin", "dev", "ann")
    assert "sql at 1" in demand.text


def test_two_pins_on_one_persons_time_are_the_conflict() -> None:
    sites = (
        project("a", phase("f", seat("x"))),
        project("b", phase("g", seat("y"))),
        project("c", phase("h", seat("z"))),
    )
    pins = (pairing("x"), pairing("y"), pairing("z", "bob"))
    asked = problem(person(), person("bob"), projects=sites, pins=pins, bans=(pairing("x", "bob"),))
    assert {(row.demand, row.seat) for row in conflict(asked)} == {("pin", "x"), ("pin", "y")}


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"limits": Limits(max_hires=0)}, {"pin", "limit"}),
        ({"limits": Limits(hire_budget=4)}, {"pin", "limit"}),
        ({"limits": Limits(budget=9)}, {"pin", "limit"}),
        ({"projects": (project(budget=9),)}, {"pin", "budget"}),
        ({"bans": (pairing("dev", "cy"),)}, {"pin", "ban"}),
        (
            {"phases": (phase("build", seat(), team_rules=(rule("count", of={"tag": "x"}, at_least=1),)),)},
            {"pin", "team_rule"},
        ),
        (
            {"projects": (project("site", phase("build", seat(), seat("b")), all_or_nothing=True),)},
            {"pin", "all_or_nothing"},
        ),
    ],
)
def test_conflict_names_what_the_pin_runs_into(changes: dict[str, Any], kinds: set[str]) -> None:
    asked = problem(candidate("cy", cost=5, cost_per_period=1), pins=(pairing("dev", "cy"),), **changes)
    found = conflict(asked)
    assert {row.demand for row in found} == kinds
    assert all(row.text for row in found)
    assert_irreducible(asked)


def test_limit_on_changes_can_be_in_conflict() -> None:
    asked = problem(
        person(), person("bob"), pins=(pairing("dev", "bob"),), current=(pairing(),), limits=Limits(max_changes=0)
    )
    assert {row.demand for row in conflict(asked)} == {"pin", "limit"}


def test_infeasible_answer_carries_the_conflict() -> None:
    result = solve(
        problem(pins=(pairing(), pairing("dev", "bob")), people=(person(), person("bob"))), Options(workers=1)
    )
    assert result.status is Status.INFEASIBLE
    assert (result.objective, result.bound, result.solution) == (None, None, None)
    assert {row.person for row in result.conflict} == {"ann", "bob"}
