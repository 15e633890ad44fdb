"""Whatever is asked, an answer comes in time, and it is true."""

from __future__ import annotations

import time
from collections.abc import Callable

import bombs
import pytest
from companies import assert_right

from solver.problem import Problem
from solver.search import Options, solve
from solver.solution import Result, Status

pytestmark = pytest.mark.seconds
SLOW_MACHINE_S = 2.0
Bomb = Callable[[], Problem]


def answered(bomb: Bomb, limit_s: float) -> Result:
    asked = bomb()
    began = time.monotonic()
    result = solve(asked, Options(time_limit_s=limit_s))
    assert time.monotonic() - began <= limit_s + SLOW_MACHINE_S
    assert_right(asked, result)
    return result


@pytest.mark.parametrize(
    ("bomb", "limit_s"),
    [
        (bombs.phases_that_may_lie_anywhere, 3),
        (bombs.a_thousand_million_periods, 2),
        (bombs.losses_that_no_64_bits_hold, 3),
        (bombs.capacity_in_ten_thousand_shreds, 5),
        (bombs.phases_that_follow_all_before_them, 3),
        (bombs.three_hundred_rules_on_a_team, 3),
        (bombs.bands_that_hardly_any_team_meets, 2),
        (bombs.everybody_may_mentor_everybody, 3),
        (bombs.two_thousand_candidates_for_fifty_hires, 4),
        (bombs.a_ladder_of_twenty_levels, 3),
    ],
)
def test_bomb_is_answered_in_time_with_a_bound(bomb: Bomb, limit_s: float) -> None:
    result = answered(bomb, limit_s)
    assert result.status.has_solution
    assert result.bound is not None


def test_everybodys_preferences_are_read_and_answered_in_time() -> None:
    assert answered(bombs.everybody_has_all_preferences, 12).objective


@pytest.mark.parametrize(
    ("bomb", "limit_s", "best"),
    [
        (bombs.sixty_apart_who_all_must_sit, 6, 0),
        (bombs.one_seat_for_five_thousand, 4, 36_000),
        (bombs.five_hundred_phases_in_a_row, 8, 500 * 7200),
        (bombs.ten_thousand_alike, 8, 10_000 * 36_000),
        (bombs.nothing_is_worth_anything, 4, 0),
        (bombs.everybody_hates_everything, 4, 0),
    ],
)
def test_bomb_is_answered_with_its_best_plan(bomb: Bomb, limit_s: float, best: int) -> None:
    assert answered(bomb, limit_s).objective == best


def test_fifty_nine_of_sixty_who_are_apart_find_a_team() -> None:
    result = answered(bombs.sixty_apart_in_fifty_nine_teams, 3)
    assert result.objective == 59 * 36_000
    assert result.status is (Status.OPTIMAL if result.bound == result.objective else Status.FEASIBLE)


@pytest.mark.parametrize(
    ("bomb", "limit_s", "num_demands"),
    [(bombs.two_thousand_pins_that_conflict, 8, 2), (bombs.no_change_and_a_plan_that_cannot_be, 8, 1)],
)
def test_bomb_without_a_plan_says_what_conflicts_or_nothing(bomb: Bomb, limit_s: float, num_demands: int) -> None:
    result = answered(bomb, limit_s)
    assert (result.status, len(result.conflict)) in {(Status.INFEASIBLE, num_demands), (Status.UNKNOWN, 0)}


def test_bomb_that_is_too_large_to_decide_is_left_undecided() -> None:
    assert answered(bombs.pins_that_pull_whole_projects, 3).status in {Status.UNKNOWN, Status.INFEASIBLE}
