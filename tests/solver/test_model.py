"""The CP-SAT rulebook, rule by rule: nothing to do, at the edge, one past it; and no rule can be left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pytest
from brute import best_objective, feasible_plans, tiny_problems
from build import candidate, pairing, person, phase, problem, project, rule, seat, skill, span, style
from ortools.sat.python import cp_model

from solver.check import RULES as RULEBOOK
from solver.check import score, violations
from solver.eligible import Eligibility, eligibility_of
from solver.model import Part, Plan, StaffingModel, UnfinishedModelError, movable_phases, plan_of, solution_of
from solver.problem import Calendar, Kind, Limits, Problem, Weights

FILL_ONLY = Weights(fit=0, style=0, preference=0, money=0, change=0)


class Answer(NamedTuple):
    filled: int
    objective: int


def answer(asked: Problem, without: str | None = None) -> Answer | None:
    """The best plan of a model, or of one that lacks a rule or a goal; None where there is none."""
    able = eligibility_of(asked)
    model = without_method(without)(able)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model.cp)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE), solver.status_name(status)
    if status == cp_model.INFEASIBLE:
        return None
    return Answer(int(model.plan(solver).held.sum()), round(solver.objective_value) * model.objective.scale)


def without_method(name: str | None) -> type[StaffingModel]:
    return StaffingModel if name is None else type("Lame", (StaffingModel,), {name: lambda self: None})


def team(*rules: Any, seats: int = 2, **changes: Any) -> dict[str, Any]:
    """A phase of half-time seats with team rules."""
    return {"phases": (phase("build", *(seat(f"s{n}", fte=50) for n in range(seats)), team_rules=rules, **changes),)}


def chain(first: int = 0, then: tuple[int, int] = (3, 3)) -> Problem:
    """A phase of three periods at `first`, and one of two that follows it and starts in the window `then`."""
    before = phase("plan", seat("draw", to=3), earliest=first)
    after = phase("build", seat("dev", to=2), earliest=then[0], latest=then[1], after=("plan",))
    return problem(person(), person("bob"), phases=(before, after), weights=FILL_ONLY)


class Case(NamedTuple):
    rule: str
    label: str
    asked: Problem
    filled: int | None  # None: no plan


def cases() -> list[Case]:
    two = (person(), person("bob"))
    hires = (candidate("cy", cost=500), candidate("di", cost=300))
    junior = person("jo", skills={"sql": 2})
    senior = person("sam", skills={"sql": 3})
    sql = (skill("sql", 3),)
    half = [seat(f"h{n}", fte=50) for n in range(3)]
    one_each = tuple(phase(f"f{n}", seat(f"s{n}", fte=50)) for n in range(3))
    early, late = seat("early", to=5), seat("late", from_=5)
    kind = {"kind": Kind.EMPLOYEE}

    def at(name: str, label: str, filled: int | None, *people: Any, **changes: Any) -> Case:
        return Case(name, label, problem(*people, **{"weights": FILL_ONLY, **changes}), filled)

    mentored = (seat("junior", fte=50, skills=sql, mentoring=True), seat("senior", fte=50, skills=sql))
    apart_in_time = (seat("junior", to=5, skills=sql, mentoring=True), seat("senior", from_=5, skills=sql))
    two_phases = (phase("x", half[0]), phase("y", half[1]))
    jo_pinned = (pairing("dev", "jo"),)
    force: dict[str, Any] = {"current": (pairing(),), "bans": (pairing(),)}

    def whole_site(*seats: Any) -> tuple[Any, ...]:
        return (project("x", phase("f", *seats), all_or_nothing=True),)

    return [
        at("seat_has_one_holder", "one person", 1, person()),
        at("seat_has_one_holder", "as many people as seats", 2, *two, seats=(seat("a"), seat("b"))),
        at("seat_has_one_holder", "one person too many", 1, *two),
        at("one_seat_per_phase", "one seat", 1, person()),
        at("one_seat_per_phase", "two seats of two phases", 2, person(), phases=two_phases),
        at("one_seat_per_phase", "two seats of one phase, one after the other", 1, person(), seats=(early, late)),
        at("within_capacity", "one seat", 1, person()),
        at("within_capacity", "full to the brim", 2, person(), phases=one_each[:2]),
        at("within_capacity", "half a seat over", 2, person(), phases=one_each),
        at("musts_are_held", "the level is held", 1, senior, seats=(seat(skills=sql),)),
        at("musts_are_held", "one short beside a mentor", 2, senior, junior, seats=mentored),
        at("musts_are_held", "the mentor is gone by then", 1, senior, junior, seats=apart_in_time),
        at("phase_inside_window", "fixed", 1, person()),
        Case("phase_inside_window", "the last start is late enough", chain(then=(1, 3)), 2),
        Case("phase_inside_window", "the window closes a period early", chain(then=(1, 2)), 1),
        Case("phases_in_order", "nothing before", problem(weights=FILL_ONLY), 1),
        Case("phases_in_order", "starts as the other ends", chain(), 2),
        Case("phases_in_order", "starts before the other ends", chain(first=1), 1),
        at("hard_team_rules", "an empty team breaks none", 0, **team(rule("count", of=kind, at_least=3))),
        at("hard_team_rules", "just enough", 2, *two, **team(rule("count", of=kind, at_least=2))),
        at("hard_team_rules", "one too many", 1, *two, **team(rule("count", of=kind, at_most=1))),
        at("all_or_nothing", "nothing", 0, person(capacity=()), projects=whole_site(*half)),
        at("all_or_nothing", "all", 2, *two, projects=whole_site(*half[:2])),
        at("all_or_nothing", "all but one", 0, *two, projects=whole_site(*half)),
        at("project_budget", "no cost", 1, person(), projects=(project(budget=0),)),
        at("project_budget", "spent to the last", 1, person(cost=7), projects=(project(budget=70),)),
        at("project_budget", "one over", 0, person(cost=7), projects=(project(budget=69),)),
        at("plan_budget", "no cost", 1, person(), limits=Limits(budget=0)),
        at("plan_budget", "spent to the last", 1, person(cost=7), limits=Limits(budget=70)),
        at("plan_budget", "one over", 0, person(cost=7), limits=Limits(budget=69)),
        at("hire_limits", "nobody is hired", 1, person(), limits=Limits(max_hires=0, hire_budget=0)),
        at("hire_limits", "as many as allowed", 2, *hires, seats=half[:2], limits=Limits(2, 800)),
        at("hire_limits", "one hire too many", 1, *hires, seats=half[:2], limits=Limits(max_hires=1)),
        at("hire_limits", "one over the budget", 1, *hires, seats=half[:2], limits=Limits(hire_budget=799)),
        at("change_limit", "no plan in force", 1, person(), limits=Limits(max_changes=0)),
        at("change_limit", "one change allowed", 1, *two, limits=Limits(max_changes=1), **force),
        at("change_limit", "one change too many", None, *two, limits=Limits(max_changes=0), **force),
        at("pins_hold", "no pins", 1, person()),
        at("pins_hold", "the pin can be kept", 1, *two, pins=(pairing(),)),
        at("pins_hold", "two people pinned to one seat", None, *two, pins=(pairing(), pairing(person_id="bob"))),
        at("pins_hold", "pinned without the skill", None, junior, seats=(seat(skills=sql),), pins=jo_pinned),
        at("bans_hold", "no bans", 1, person()),
        at("bans_hold", "another can", 1, *two, bans=(pairing(),)),
        at("bans_hold", "no other can", 0, person(), bans=(pairing(),)),
    ]


CASES = cases()
RULES = list(dict.fromkeys(case.rule for case in CASES))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.label}")
def test_rule(case: Case) -> None:
    found = answer(case.asked)
    assert (found.filled if found else None) == case.filled


@pytest.mark.parametrize("name", RULES)
def test_no_rule_can_be_left_out(name: str) -> None:
    asked = [case.asked for case in CASES if case.rule == name]
    assert any(answer(one) != answer(one, without=name) for one in asked)


def test_every_rule_of_the_rulebook_has_its_cases() -> None:
    assert [rule.__name__ for rule in RULEBOOK] == RULES


# -- team rules: the shortfall of each kind, hard and soft, against the rulebook's own


TEAM_RULES: dict[str, Callable[[int | None], Any]] = {
    "count skill": lambda weight: rule("count", of={"skill": "sql", "min": 3}, at_least=2, weight=weight),
    "count style": lambda weight: rule("count", of={"style": "empathy", "min": 3.5}, at_most=0, weight=weight),
    "count tag": lambda weight: rule("count", of={"tag": "lyon"}, at_least=1, at_most=1, weight=weight),
    "together": lambda weight: rule("together", people=("ann", "bob"), weight=weight),
    "together, one named twice": lambda weight: rule("together", people=("ann", "ann", "bob"), weight=weight),
    "together, one who may not join": lambda weight: rule("together", people=("ann", "far"), weight=weight),
    "apart": lambda weight: rule("apart", people=("ann", "bob", "cy"), weight=weight),
    "mean": lambda weight: rule("mean", style="empathy", min=3.2, max=4.0, weight=weight),
    "mean out of reach": lambda weight: rule("mean", style="empathy", min=60, weight=weight),
    "mean of a style nobody has": lambda weight: rule("mean", style="wit", weight=weight),
    "spread wide": lambda weight: rule("spread", style="empathy", min=1.5, weight=weight),
    "spread narrow": lambda weight: rule("spread", style="empathy", max=0.4, weight=weight),
    "spread of a style nobody has": lambda weight: rule("spread", style="wit", max=1.0, weight=weight),
}


def crowd() -> tuple[Any, ...]:
    return (
        person("ann", skills={"sql": 3}, styles={"empathy": 2.1}, tags=("lyon",)),
        person("bob", skills={"sql": 2}, styles={"empathy": 4.9}),
        candidate("cy", skills={"sql": 4}, styles={"empathy": 3.3}, tags=("lyon",)),
        person("dee", skills={"sql": 1}),
        person("far", skills={"sql": 5}, capacity=()),
    )


@pytest.mark.parametrize("weight", [None, 40, 20_000])
@pytest.mark.parametrize("kind", TEAM_RULES)
def test_team_rule_counts_as_in_the_rulebook(kind: str, weight: int | None) -> None:
    asked = problem(*crowd(), **team(TEAM_RULES[kind](weight), seats=3), weights=FILL_ONLY)
    found = answer(asked)
    assert found is not None
    assert found.objective == best_objective(asked)


# -- goals


@pytest.mark.parametrize("name", ["seats", "hiring", "changes", "team_rules", "rewards"])
def test_no_goal_can_be_left_out(name: str) -> None:
    asked = problem(
        candidate(cost=100, skills={"sql": 1}),
        person("gone", capacity=()),
        phases=(phase("build", seat(), team_rules=(rule("count", of={"tag": "x"}, at_least=1, weight=3),)),),
    )
    rewarded = project("site", *asked.projects[0].phases, reward=1000)
    asked = asked.replace(projects=(rewarded,), current=(pairing("dev", "gone"),))
    assert answer(asked) != answer(asked, without=name)


@pytest.mark.parametrize(
    ("late_penalty", "due", "expected"), [(0, 4, 9000), (1000, 10, 9000), (1000, 4, 3000), (5000, 4, 0)]
)
def test_reward_falls_with_lateness_and_never_below_nothing(late_penalty: int, due: int, expected: int) -> None:
    site = project("site", reward=9000, due=due, late_penalty=late_penalty)
    asked = problem(projects=(site,), weights=Weights(0, 0, 0, 0, 0, 0))
    assert answer(asked) == best_answer(asked)
    assert best_objective(asked) == expected


def best_answer(asked: Problem) -> Answer:
    best = max(feasible_plans(asked), key=lambda plan: (score(asked, plan).objective, len(plan.holders)))
    found = answer(asked)
    filled = found.filled if found else 0
    return Answer(filled, score(asked, best).objective)


# -- phases with a long window, which the model holds as intervals


def long_window(then_from: int = 0) -> Problem:
    """Two phases of two periods over fifty: one person, or two, must find the time."""
    first = phase("first", seat("a", to=2), duration=2, earliest=0, latest=40)
    then = phase("then", seat("b", to=2, fte=60), seat("c", from_=1, to=2, fte=40), after=("first",))
    then = replace(then, duration=2, earliest=then_from, latest=40)
    site = project("site", first, then, reward=5000, due=3, late_penalty=100)
    crew = person("ann", capacity=(span(5, 9), span(9, 42, 60))), person("bob", capacity=(span(6, 42),))
    return problem(*crew, projects=(site,), weights=FILL_ONLY, calendar=Calendar(42))


def test_phases_that_roam_share_time_and_keep_their_order() -> None:
    asked = long_window()
    able = eligibility_of(asked)
    model = StaffingModel(able)
    solver = cp_model.CpSolver()
    assert not model.vars.at
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    best = solution_of(able, model.plan(solver))
    assert violations(asked, best) == []
    assert score(asked, best).objective == round(solver.objective_value)
    assert (best.starts, len(best.holders)) == ({"first": 5, "then": 7}, 3)


@pytest.mark.parametrize("name", ["within_capacity", "phases_in_order", "phase_inside_window"])
def test_no_rule_on_roaming_phases_can_be_left_out(name: str) -> None:
    problems = [long_window(), long_window(then_from=20)]
    assert any(answer(asked) != answer(asked, without=name) for asked in problems)


# -- parts


def part_of(able: Eligibility, plan: Plan, rng: Random) -> Part:
    pairs = np.array([pair for pair in range(len(able)) if rng.random() < 0.5], dtype=np.int64)
    return Part(plan, pairs, frozenset(phase for phase in movable_phases(able) if rng.random() < 0.5))


def agrees_outside(able: Eligibility, part: Part, plan: Plan) -> bool:
    """Whether a plan is as the part's plan wherever the part may not change it."""
    outside = np.ones(len(able), dtype=np.bool_)
    outside[part.pairs] = False
    fixed = movable_phases(able) - part.phases
    starts = all(plan.starts.get(phase) == part.plan.starts.get(phase) for phase in fixed)
    return starts and bool((plan.held == part.plan.held)[outside].all())


@pytest.mark.parametrize("batch", range(12))
def test_part_is_solved_as_well_as_trying_all_its_plans(batch: int) -> None:
    rng = Random(batch)
    for asked in tiny_problems(batch, size=4):
        able = eligibility_of(asked)
        known = [(plan_of(able, plan), score(asked, plan).objective) for plan in feasible_plans(asked)]
        if not known:
            continue
        part = part_of(able, rng.choice(known)[0], rng)
        best = max(objective for plan, objective in known if agrees_outside(able, part, plan))
        model = StaffingModel(able, part)
        model.hint(part.plan)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model.cp) == cp_model.OPTIMAL, asked.name
        found = solution_of(able, model.plan(solver))
        assert violations(asked, found) == [], asked.name
        assert score(asked, found).objective == best, asked.name


# -- numbers near the contract's limits


def test_points_beyond_64_bits_are_bounded_from_above() -> None:
    huge = Weights(fill=10**6, fit=10**6, style=10**6, preference=0, money=0)
    periods = 10**9
    asked = problem(
        person(capacity=(span(0, periods),)),
        calendar=Calendar(periods),
        projects=tuple(
            project(f"j{n}", phase(f"f{n}", seat(f"s{n}", to=periods, fte=1)), priority=5) for n in range(99)
        ),
        weights=huge,
    )
    able = eligibility_of(asked)
    model = StaffingModel(able)
    solver = cp_model.CpSolver()
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    found = solution_of(able, model.plan(solver))
    assert model.objective.scale > 1
    assert len(found.holders) == 99
    assert violations(asked, found) == []
    assert model.objective.points(round(solver.best_objective_bound)) >= score(asked, found).objective


def test_sum_that_no_double_holds_is_bounded_from_above() -> None:
    """Sixteen sums beyond 2^53, of which a double would round every other one down."""
    for n in range(16):
        periods = 10**9 - n
        crew = [person(f"p{k}", capacity=(span(0, periods),), tags=(f"t{k}",)) for k in range(9)]
        phases = [phase(f"f{k}", seat(f"s{k}", to=periods - k, fte=99, tags=(f"t{k}",))) for k in range(9)]
        projects = tuple(project(f"j{k}", one, priority=5) for k, one in enumerate(phases))
        weights = Weights(fill=10**6, fit=10**6 - 1, style=10**6, preference=0, money=0)
        asked = problem(*crew, projects=projects, calendar=Calendar(periods), weights=weights)
        able = eligibility_of(asked)
        best = sum(int(value) for value in able.value)
        model = StaffingModel(able)
        solver = cp_model.CpSolver()
        assert solver.solve(model.cp) == cp_model.OPTIMAL
        assert best > 2**53
        assert best <= model.objective.points(round(solver.best_objective_bound)) <= best + 20 * model.objective.scale


def test_money_beyond_64_bits_is_over_any_budget() -> None:
    periods = 10**9
    asked = problem(
        person(capacity=(span(0, periods),), cost=10**9),
        calendar=Calendar(periods),
        phases=(phase("build", seat(to=periods)),),
        weights=Weights(money=0),
        limits=Limits(budget=10**9),
    )
    assert answer(asked) == Answer(0, 0)


def test_complete_project_keeps_the_start_of_a_phase_that_nobody_holds() -> None:
    """The start of a movable phase without seats was forgotten where all other phases were fixed."""
    phases = (phase("build"), replace(phase("review", seat(), earliest=0), seats=(), duration=1, latest=3))
    asked = problem(projects=(project("site", *phases, all_or_nothing=True),))
    able = eligibility_of(asked)
    model = StaffingModel(able)
    solver = cp_model.CpSolver()
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    found = solution_of(able, model.plan(solver))
    assert found.holders == {"dev": "ann"}
    assert violations(asked, found) == []


def test_style_that_must_be_held_is_held_by_nobody_unknown() -> None:
    asked = problem(
        person(), person("bob", styles={"empathy": 4.0}), seats=(seat(styles=(style(min=4.0, must=True),)),)
    )
    able = eligibility_of(asked)
    assert [able.book.people[n].id for n in able.person] == ["bob"]


def test_model_is_given_up_where_the_time_is_over_before_it_is_said() -> None:
    with pytest.raises(UnfinishedModelError):
        StaffingModel(eligibility_of(problem()), is_over=lambda: True)
