"""Nothing that decides about a plan can be taken away unseen: without it, small problems come out otherwise.

A rule, goal or loss that is new finds its name missing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import Any

import draw
import pytest
from brute import MOST_PLANS, best_objective, num_plans, tiny_problems
from build import person, phase, problem, project, seat, span
from hunting import guide_of, hunted
from ortools.sat.python import cp_model
from sources import called_in
from traits import with_needs

from solver.check import RULES as RULEBOOK
from solver.check import score, violations
from solver.eligible import eligibility_of
from solver.model import Hunt, Part, StaffingModel, empty_plan, movable_phases, teams
from solver.model.growth import Fits, Levels
from solver.problem import Calendar, Problem, RuleKind
from solver.search import Options, solve
from solver.search.valuing import Valuer
from solver.search.whole import worthy_pairs

ENOUGH = 60  # tiny problems, of which one at least must show what is missing


def drawn(*traits: str) -> Iterator[Problem]:
    """Tiny problems with these traits that have a plan."""
    asks = with_needs(iter(traits))
    problems = (draw.tiny(seed, asks) for seed in count())
    return (one for one in problems if num_plans(one) <= MOST_PLANS and best_objective(one) is not None)


def first_wrong(is_right: Callable[[Problem], bool], *traits: str) -> Problem:
    """The first problem with these traits that is answered wrongly."""
    wrong = next((asked for asked in islice(drawn(*traits), ENOUGH) if not is_right(asked)), None)
    assert wrong is not None, f"{ENOUGH} problems do not miss it."
    return wrong


# -- rules and goals: the model of a tiny problem comes to something else than trying all plans


RULES = {
    "seat_has_one_holder": (),
    "one_seat_per_phase": (),
    "within_capacity": (),
    "musts_are_held": ("mentoring",),
    "phase_inside_window": ("movable", "after"),
    "phases_in_order": ("after",),
    "hard_team_rules": ("hard_count_kind", "hard_apart"),
    "all_or_nothing": ("all_or_nothing",),
    "project_budget": ("project_budget",),
    "plan_budget": ("plan_budget",),
    "hire_limits": ("max_hires", "hire_budget"),
    "change_limit": ("max_changes", "plan_budget"),
    "pins_hold": ("pins",),
    "bans_hold": ("bans",),
}
GOALS = {
    "seats": (),
    "hiring": ("hire_cost",),
    "changes": ("current",),
    "team_rules": ("soft_count_kind", "soft_mean"),
    "rewards": ("reward",),
}
IMPLIED = {"crowds_have_time"}  # what follows from the rules, said so that it is seen sooner


def model_is_right(asked: Problem) -> bool:
    able = eligibility_of(asked)
    model = StaffingModel(able)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model.cp)
    return status == cp_model.OPTIMAL and round(solver.objective_value) * model.objective.scale == best_objective(asked)


@pytest.mark.parametrize("name", [*RULES, *GOALS])
def test_model_without_a_rule_or_goal_is_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setattr(StaffingModel, name, lambda self: None)
        wrong = first_wrong(model_is_right, *(RULES | GOALS)[name])
    assert model_is_right(wrong)


def test_every_rule_and_goal_of_the_model_can_be_missed() -> None:
    assert called_in(StaffingModel.add_rules) == RULES.keys() | IMPLIED
    assert called_in(StaffingModel.add_goals) == GOALS.keys()
    assert [one.__name__ for one in RULEBOOK] == list(RULES)


def conflicts_of(asked: Problem) -> int:
    """How many dead ends CP-SAT runs into until a plan is proven best."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 0
    assert solver.solve(StaffingModel(eligibility_of(asked)).cp) == cp_model.OPTIMAL
    return int(solver.num_conflicts)


def test_proof_takes_far_longer_where_crowds_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six projects that each want two of three people for a third of the time: no two go on at once."""
    phases = [phase(f"f{n}", seat(f"a{n}", to=10), seat(f"b{n}", to=10), latest=22) for n in range(6)]
    asked = problem(
        *(person(f"p{n}", capacity=(span(0, 32),)) for n in range(3)),
        projects=tuple(project(f"j{n}", one, all_or_nothing=True, reward=1000) for n, one in enumerate(phases)),
        calendar=Calendar(32),
    )
    sooner = conflicts_of(asked)
    monkeypatch.setattr(StaffingModel, "crowds_have_time", lambda self: None)
    assert conflicts_of(asked) > 3 * sooner


@pytest.mark.parametrize("strictness", ["hard", "soft"])
@pytest.mark.parametrize("kind", RuleKind)
def test_model_without_a_kind_of_team_rule_is_wrong(
    kind: RuleKind, strictness: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trait = f"{strictness}_{'count_kind' if kind is RuleKind.COUNT else kind}"
    with monkeypatch.context() as without:
        without.setitem(teams._SHORTFALLS, kind, lambda team, rule: 0)
        wrong = first_wrong(model_is_right, trait)
    assert model_is_right(wrong)


@pytest.mark.parametrize(
    ("owner", "name", "put_instead"),
    [
        (Levels, "define", lambda self: None),
        (Levels, "_is_over", lambda self, lesson, to, phase: True),
        (Fits, "_earned", lambda self, person, phase, line, have: 100),
    ],
)
def test_model_without_what_it_knows_of_growth_is_wrong(
    owner: type, name: str, put_instead: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = list(tiny_problems(0, ENOUGH, draw.growing))
    with monkeypatch.context() as without:
        without.setattr(owner, name, put_instead)
        assert not all(map(model_is_right, problems))


# -- losses: a hunt ends somewhere else than at the best plan


LOSSES = {
    "people_lose": (),
    "seats_lose": (),
    "rules_lose": ("soft_count_kind", "soft_apart"),
    "limits_lose": ("max_hires", "hire_cost"),
    "projects_lose": ("all_or_nothing", "reward"),
    "absent_lose": ("all_or_nothing", "reward"),
    "_rewards_of": ("reward",),
}


def hunt_is_right(asked: Problem) -> bool:
    """Whether a hunt among what is worth a look, by a guide, ends at the best plan."""
    able, best = eligibility_of(asked), best_objective(asked) or 0
    guide = guide_of(able, best, rounds=8)
    if guide is None:
        return True
    part = Part(empty_plan(able), worthy_pairs(guide, best - 1), movable_phases(able))
    return hunted(able, Hunt(guide, empty_plan(able), best - 1), part) == ("OPTIMAL", best)


@pytest.mark.parametrize("name", LOSSES)
def test_hunt_without_a_loss_is_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setattr(StaffingModel, name, lambda self, *of: [])
        wrong = first_wrong(hunt_is_right, *LOSSES[name])
    assert hunt_is_right(wrong)


def test_every_loss_of_a_hunt_can_be_missed() -> None:
    assert called_in(StaffingModel.lose_less) - {"_limit"} == LOSSES.keys()


# -- and if something should be missing all the same, no plan that breaks a rule gets out


@pytest.mark.filterwarnings("ignore:An exact model of a part has made a plan that breaks a rule")
@pytest.mark.parametrize("name", RULES)
def test_plan_of_a_model_without_a_rule_does_not_get_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = list(islice(drawn(*RULES[name]), 12))
    monkeypatch.setattr(StaffingModel, name, lambda self: None)
    for asked in problems:
        for is_tiny in (True, False):
            monkeypatch.setattr("solver.search.strategy.TINY", 400 if is_tiny else -1)
            solution = solve(asked, Options(time_limit_s=2, workers=1)).solution
            assert solution is None or violations(asked, solution) == [], asked.name


def test_points_of_a_plan_are_the_rulebooks_whatever_was_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    count_points = Valuer.objective
    monkeypatch.setattr(Valuer, "objective", lambda self, plan: count_points(self, plan) + 7)
    for asked in islice(drawn(), 12):
        result = solve(asked, Options(time_limit_s=2, workers=1))
        assert result.solution is not None
        assert result.objective == score(asked, result.solution).objective
