"""Few changes: among the plans that change at most so many seats the best is found, and how many it takes is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import brute
import build
import draw
import pytest
from build import pairing, person, seat

from solver.problem import Limits, Pairing, Problem, Span
from solver.search import Options, solve
from solver.search.changes import fewest_changes
from solver.search.options import Clock, StopFlag
from solver.solution import Status

BATCHES = 12
SIZE = 8


def broken(seed: int) -> Problem | None:
    """A tiny problem whose best plan is in force, and in which something broke since: leave, a lost skill, a ban."""
    rng = Random(seed)
    asked = draw.tiny(seed).replace(pins=(), current=(), bans=())
    asked = asked.replace(limits=replace(asked.limits, max_changes=None))
    if brute.num_plans(asked) > 600:
        return None
    best = max(brute.feasible_plans(asked), key=lambda plan: len(plan.holders), default=None)
    if best is None or len(best.holders) < 2:
        return None
    current = tuple(Pairing(seat_id, who) for seat_id, who in best.holders.items())
    hit = rng.choice(current)
    people = tuple(_hit(one, rng) if one.id == hit.person else one for one in asked.people)
    bans = (rng.choice(current),) if rng.random() < 0.3 else ()
    return asked.replace(people=people, current=current, bans=bans)


def _hit(one: object, rng: Random) -> object:
    """Away in the middle, or without the skills."""
    if rng.random() < 0.5:
        return replace(one, capacity=(Span(0, 1, 100),))  # type: ignore[type-var]
    return replace(one, skills={})  # type: ignore[type-var]


def problems(batch: int) -> Iterator[Problem]:
    seed, found = 700_000 + batch * 1000, 0
    while found < SIZE:
        asked = broken(seed)
        seed += 1
        if asked is not None:
            found += 1
            yield asked


def within(asked: Problem, most: int) -> Problem:
    return asked.replace(limits=replace(asked.limits, max_changes=most))


def clock() -> Clock:
    return Clock(Options(time_limit_s=60), StopFlag(), None)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_plan_with_as_few_changes_is_better(batch: int) -> None:
    for asked in problems(batch):
        for most in range(len(asked.current) + 1):
            best = brute.best_objective(within(asked, most))
            result = solve(within(asked, most), Options(time_limit_s=60, workers=1))
            assert result.status is (Status.INFEASIBLE if best is None else Status.OPTIMAL)
            assert result.objective == best


@pytest.mark.parametrize("batch", range(BATCHES))
def test_fewest_changes_are_those_of_brute_force(batch: int) -> None:
    for asked in problems(batch):
        possible = [most for most in range(len(asked.current) + 1) if brute.has_plan(within(asked, most))]
        fewest = min(possible, default=None)
        assert fewest_changes(asked, clock()) == fewest
        for beyond in range(fewest or 0):
            assert fewest_changes(asked, clock(), beyond=beyond) == fewest


def test_too_small_a_limit_says_what_it_takes() -> None:
    two = build.problem(
        person(skills={}), person("bob", skills={"sql": 3}), seats=tuple(
            seat(name, skills=(build.skill("sql", 2),), to=2, from_=0) for name in ("a",)
        ), current=(pairing("a", "ann"),), limits=Limits(max_changes=0),
    )  # fmt: skip
    result = solve(two, Options(time_limit_s=10, workers=1))
    assert [demand.text for demand in result.conflict] == [
        "At most 0 seats of the plan in force may change hands; at least 1 must."
    ]


def test_where_nothing_can_be_done_no_number_is_told() -> None:
    asked = build.problem(
        person(skills={}), pins=(pairing("a", "ann"),), seats=(seat("a", skills=(build.skill("sql"),)),)
    )
    assert fewest_changes(asked.replace(current=(pairing("a", "ann"),)), clock()) is None
