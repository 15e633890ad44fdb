"""People who gain levels by doing: what the rulebook says of them, by hand, and what the search makes of it."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import brute
import build
import companies
import draw
import pytest
from build import person, phase, problem, project, rule, seat, skill, solution, span

from solver import check
from solver.check import Growth
from solver.eligible import eligibility_of, pairs
from solver.problem import Calendar, Problem, Weights
from solver.search import Options, StopFlag, annealing, solve
from solver.search.annealing import Annealing
from solver.search.incumbent import Incumbent
from solver.search.options import Clock
from solver.search.serial import Draft, Serial
from solver.solution import Solution, Status


def lesson(ident: str, level: int, **changes: Any) -> Any:
    return seat(ident, skills=(skill("sql", level),), **changes)


def course(*levels: int, begins: tuple[int, ...], **changes: Any) -> Problem:
    """A seat of one period for each level, with Ann, who begins at level 1, to hold them."""
    phases = [
        phase(f"phase{n}", lesson(f"seat{n}", level, to=1), earliest=begin)
        for n, (level, begin) in enumerate(zip(levels, begins, strict=True))
    ]
    return problem(person(skills={"sql": 1}), phases=tuple(phases), growth=True, **changes)


def seats_filled(asked: Problem) -> set[str]:
    result = solve(asked, Options(time_limit_s=20, workers=1))
    assert result.status is Status.OPTIMAL
    return set(result.solution.holders) if result.solution is not None else set()


def broken(asked: Problem, answer: Solution) -> set[str]:
    return {violation.rule for violation in check.violations(asked, answer)}


def test_level_gained_counts_from_the_end_of_the_seat() -> None:
    assert broken(course(1, 2, begins=(0, 1)), solution(seat0="ann", seat1="ann")) == set()


def test_level_does_not_count_while_the_seat_lasts() -> None:
    asked = problem(
        person(skills={"sql": 1}),
        phases=(phase("a", lesson("seat0", 1, to=2, fte=50)), phase("b", lesson("seat1", 2, to=1, fte=50), earliest=1)),
        growth=True,
    )
    assert broken(asked, solution(seat0="ann", seat1="ann")) == {"musts_are_held"}


def test_nothing_is_learnt_below_ones_level() -> None:
    asked = course(1, 1, 3, begins=(0, 1, 2))  # the second asks for less than Ann has by then
    assert broken(asked, solution(seat0="ann", seat1="ann", seat2="ann")) == {"musts_are_held"}


def test_two_seats_at_once_teach_twice() -> None:
    asked = problem(
        person(skills={"sql": 1}),
        phases=(
            phase("a", lesson("seat0", 1, to=1, fte=50)),
            phase("b", lesson("seat1", 1, to=1, fte=50)),
            phase("c", lesson("seat2", 3, to=1), earliest=1),
        ),
        growth=True,
    )
    assert broken(asked, solution(seat0="ann", seat1="ann", seat2="ann")) == set()


def test_skill_that_is_nice_to_have_is_not_learnt() -> None:
    nice = seat("seat0", to=1, skills=(skill("sql", 1, must=False),))
    asked = problem(person(), phases=(phase("a", nice), phase("b", lesson("seat1", 1, to=1), earliest=1)), growth=True)
    assert broken(asked, solution(seat0="ann", seat1="ann")) == {"musts_are_held"}


def test_mentored_person_learns_and_teaches_later() -> None:
    two = {"mentoring": True, "to": 1}
    asked = problem(
        person(skills={"sql": 2}),
        person("bob", skills={"sql": 1}),
        person("cat", skills={"sql": 1}),
        phases=(
            phase("a", lesson("seat0", 2, **two), lesson("seat1", 2, **two)),
            phase("b", lesson("seat2", 2, **two), lesson("seat3", 2, **two), earliest=1),
        ),
        growth=True,
    )
    assert broken(asked, solution(seat0="ann", seat1="bob", seat2="bob", seat3="cat")) == set()
    assert broken(asked, solution(seat2="bob", seat3="cat")) == {"musts_are_held"}


def test_team_rules_count_levels_of_the_start() -> None:
    at_most = rule("count", of={"skill": "sql", "min": 2}, at_most=0)
    phases = (
        phase("a", lesson("seat0", 1, to=1)),
        phase("b", lesson("seat1", 1, to=1), earliest=1, team_rules=(at_most,)),
    )
    asked = problem(person(skills={"sql": 1}), phases=phases, growth=True)
    assert broken(asked, solution(seat1="ann")) == set()
    assert broken(asked, solution(seat0="ann", seat1="ann")) == {"hard_team_rules"}


def test_fit_is_that_of_the_levels_by_then() -> None:
    asked = course(1, 1, begins=(0, 1), weights=Weights(fill=0, fit=100, money=0))
    score = check.score(asked, solution(seat0="ann", seat1="ann"))
    assert score.seats["seat1"].fit * 100 == score.seats["seat0"].fit * 95


def test_levels_of_a_person_are_told_for_any_period() -> None:
    asked = course(1, 2, begins=(0, 2))
    growth = Growth(asked)
    growth.note(asked.seat_by_id["seat0"], asked.person_of["ann"], 0)
    assert [growth.person_at("ann", period).skills["sql"] for period in (0, 1, 9)] == [1, 2, 2]


def test_plan_climbs_as_high_as_the_calendar_lets_it() -> None:
    asked = course(1, 2, 3, 4, begins=(0, 1, 2, 3))
    assert seats_filled(asked) == {"seat0", "seat1", "seat2", "seat3"}


def test_pin_that_takes_a_lesson_first_is_no_conflict() -> None:
    asked = course(1, 2, begins=(0, 1), pins=(build.pairing("seat1"),))
    assert seats_filled(asked) == {"seat0", "seat1"}


def test_pin_that_comes_before_its_lesson_is_a_conflict() -> None:
    asked = course(1, 2, begins=(1, 0), pins=(build.pairing("seat1"),))
    assert solve(asked, Options(time_limit_s=20, workers=1)).status is Status.INFEASIBLE


@pytest.mark.parametrize("batch", range(15))
def test_no_plan_of_people_who_grow_is_better_than_the_solvers(batch: int) -> None:
    for asked in brute.tiny_problems(batch, drawn=draw.growing):
        expected = brute.best_objective(asked)
        result = solve(asked, Options(time_limit_s=60, workers=1))
        assert result.status is (Status.INFEASIBLE if expected is None else Status.OPTIMAL), asked.name
        assert result.objective == expected, asked.name


def test_growth_decides_many_of_the_drawn_problems() -> None:
    drawn = list(brute.tiny_problems(0, 60, draw.growing))
    best = [brute.best_objective(asked) for asked in drawn]
    still = [brute.best_objective(asked.replace(growth=False)) for asked in drawn]
    assert sum(grown != static for grown, static in zip(best, still, strict=True)) >= 5


# -- schedules from lists


def school(seed: int, num_people: int = 8, num_projects: int = 12) -> Problem:
    """All-or-nothing projects that may start any time, earn less when late, and ask for more than people know."""
    rng, periods = Random(seed), 400
    skills = [f"s{n}" for n in range(4)]
    people = [
        person(f"p{n}", skills={rng.choice(skills): rng.randint(1, 3)}, capacity=(span(0, periods),))
        for n in range(num_people)
    ]
    projects = [
        project(
            f"j{n}",
            phase(
                f"j{n}",
                *(
                    seat(
                        f"j{n}.{k}", to=duration, skills=(skill(rng.choice(skills), rng.randint(1, 4)),), mentoring=True
                    )
                    for k in range(rng.randint(1, 3))
                ),
                latest=periods - duration,
            ),
            all_or_nothing=True,
            reward=rng.randint(100, 900),
            due=rng.randint(10, 100),
            late_penalty=1,
        )
        for n in range(num_projects)
        for duration in (rng.randint(5, 20),)
    ]
    still = Weights(fill=0, fit=0, style=0, preference=0, money=0, change=0)
    return problem(*people, calendar=Calendar(periods), projects=tuple(projects), weights=still, growth=True)


def solution_of(serial: Serial, draft: Draft) -> Solution:
    book = serial.book
    starts = {book.phases[n].id: start for n, start in draft.starts.items()}
    return Solution(starts, {seat: book.people[n].id for seat, n in draft.holders.items()})


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("drawn", [school, draw.growing, draw.tiny])
def test_schedule_of_any_list_keeps_every_rule_and_is_worth_what_it_says(
    seed: int, drawn: Callable[[int], Problem]
) -> None:
    asked = drawn(seed).replace(growth=True, pins=(), current=(), limits=replace(drawn(seed).limits, max_changes=None))
    serial, rng = Serial(eligibility_of(asked)), Random(seed)
    for _ in range(5):
        order = serial.usual_order()
        rng.shuffle(order)
        draft = serial.generate(order)
        assert check.violations(asked, solution_of(serial, draft)) == [], asked.name
        assert check.score(asked, solution_of(serial, draft)).objective == draft.points, asked.name


def test_project_that_waits_for_a_skill_comes_once_somebody_has_learnt_it() -> None:
    late_first = problem(
        person(skills={"sql": 1}, capacity=(span(0, 20),)),
        calendar=Calendar(20),
        projects=tuple(
            project(
                f"j{level}", phase(f"j{level}", lesson(f"seat{level}", level, to=1), latest=19), all_or_nothing=True
            )
            for level in (3, 2, 1)
        ),
        growth=True,
    )
    serial = Serial(eligibility_of(late_first))
    assert set(serial.generate([0, 1, 2]).starts.values()) == {0, 1, 2}


def annealed(asked: Problem) -> Incumbent:
    options = Options(deterministic=True, time_limit_s=100)
    incumbent = Incumbent(eligibility_of(asked), Clock(options, StopFlag(), None), 0.0, None)
    Annealing(incumbent, options).go(1.0)
    return incumbent


def test_annealing_finds_a_better_list_than_the_usual_one_and_finds_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annealing, "ROUNDS_FOR_ONE_EFFORT", 80)
    asked = school(2, 12, 40)
    serial = Serial(eligibility_of(asked))
    usual = serial.generate(serial.usual_order()).points
    first, again = annealed(asked), annealed(asked)
    assert usual < (first.objective or 0)
    assert first.solution == again.solution


def test_more_pairs_than_can_be_laid_out_are_planned_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "MOST_GROWN", 50)
    asked = school(1, 12, 40)
    assert not eligibility_of(asked).has_all
    companies.assert_right(asked, solve(asked, Options(time_limit_s=3)))


@pytest.mark.parametrize("seed", range(3))
def test_answer_is_right_where_many_learn(seed: int) -> None:
    asked = companies.company(seed).replace(growth=True)
    companies.assert_right(asked, solve(asked, Options(time_limit_s=8, workers=1)))
