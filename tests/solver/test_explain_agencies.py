"""What is said of a plan of a drawn agency is what solving the changed question afresh gives, to the proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from planner.bench.agency.drawing import draw_agency
from solver.check import score, violations
from solver.check.pool import pool_of
from solver.explain import Claim, nobody, others, prices, stability, why
from solver.problem import Pairing, Problem, Seat
from solver.problem.market import Market
from solver.search import Options, solve
from solver.solution import Result, Solution, Status

PEOPLE, SEATS = 70, 24
ASKED = Options(time_limit_s=20, workers=2)
VARIANTS = ("plain", "teams")


@cache
def agency(variant: str) -> tuple[Problem, Result]:
    """A drawn agency with few enough projects for proofs, and its best plan."""
    drawn = draw_agency(PEOPLE, variant, 5)
    projects, num = [], 0
    for one in drawn.projects:
        if num < SEATS:
            projects.append(one)
            num += len(one.seats)
    seats, names = {seat.id for one in projects for seat in one.seats}, {one.id for one in projects}
    asked = drawn.replace(
        people=tuple(
            replace(who, preferences={key: wish for key, wish in who.preferences.items() if key in names})
            for who in drawn.people
        ),
        projects=tuple(projects),
        current=tuple(row for row in drawn.current if row.seat in seats),
        bans=tuple(row for row in drawn.bans if row.seat in seats),
    )
    given = solve(asked, ASKED)
    assert given.status is Status.OPTIMAL
    return asked, given


def best(asked: Problem) -> int | None:
    """What the best plan of a question is worth, found from nothing and proven; None where there is none."""
    found = solve(asked, ASKED)
    assert found.status in (Status.OPTIMAL, Status.INFEASIBLE)
    return found.objective


def plan_of(given: Result) -> Solution:
    assert given.solution is not None
    return given.solution


def with_seat(asked: Problem, seat_id: str, changed: Callable[[Seat], Seat]) -> Problem:
    """The question with one seat changed."""
    projects = tuple(
        replace(
            one,
            phases=tuple(
                replace(phase, seats=tuple(changed(seat) if seat.id == seat_id else seat for seat in phase.seats))
                for phase in one.phases
            ),
        )
        for one in asked.projects
    )
    return asked.replace(projects=projects)


def without(asked: Problem, claim: Claim) -> Problem:
    """The question without a must-have skill or tag."""

    def changed(seat: Seat) -> Seat:
        skills = tuple(
            replace(line, must=False) if claim.name == "skill" and line.skill in claim.what else line
            for line in seat.skills
        )
        tags = tuple(tag for tag in seat.tags if claim.name != "tag" or tag not in claim.what)
        return replace(seat, skills=skills, tags=tags)

    return with_seat(asked, claim.seat or "", changed)


@pytest.mark.parametrize("variant", VARIANTS)
def test_loss_with_somebody_there_is_that_of_the_question_solved_with_them(variant: str) -> None:
    asked, given = agency(variant)
    rng = Random(1)
    holders = plan_of(given).holders
    likely = {
        seat: [one for one in pool_of(asked, plan_of(given), seat).ranked if one != who]
        for seat, who in sorted(holders.items())
    }
    num_told = 0
    for seat in rng.sample([seat for seat in likely if likely[seat]], 3):
        anybody = rng.choice([who.id for who in asked.people if who.id != holders[seat]])
        for who in [*likely[seat][:2], anybody]:
            told = why(asked, given, seat, who, ASKED)
            afresh = best(asked.replace(pins=(*asked.pins, Pairing(seat, who))))
            assert (afresh is None) == bool(told.waived or not told.is_possible)
            if afresh is not None:
                num_told += 1
                assert told.loss.is_exact
                assert told.loss.least == (given.objective or 0) - afresh
    assert num_told


@pytest.mark.parametrize("variant", VARIANTS)
def test_price_of_a_demand_is_what_the_question_without_it_gains(variant: str) -> None:
    asked, given = agency(variant)
    told = prices(asked, given, ASKED)
    known = [one for one in told.prices if one.claim.name in ("skill", "tag") and one.gain.is_exact]
    assert len(known) >= 6
    for one in [*known[:4], *Random(1).sample(known[4:], 2)]:
        afresh = best(without(asked, one.claim))
        assert afresh is not None
        assert one.gain.least == afresh - (given.objective or 0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_way_out_that_asks_for_less_gains_what_the_question_with_it_gains(variant: str) -> None:
    asked, given = agency(variant)
    seat = next(seat for seat in asked.seat_by_id.values() if seat.id not in plan_of(given).holders or seat.skills)
    harder = with_seat(
        asked, seat.id, lambda one: replace(one, skills=tuple(replace(k, level=6, must=True) for k in one.skills))
    )
    open_one = solve(harder, ASKED)
    assert seat.id not in plan_of(open_one).holders
    told = nobody(harder, open_one, seat.id, Market(hire_cost=3000), ASKED)
    assert told.conflict
    eased = [way for way in told.ways if way.kind == "relax"]
    assert eased
    for way in eased:
        levels = {claim.what: claim.value for claim in way.eased}

        def changed(one: Seat, levels: dict[tuple[str, ...], int | None] = levels) -> Seat:
            lines = []
            for line in one.skills:
                level = levels.get((line.skill,), line.level)
                lines.append(replace(line, must=False) if level is None else replace(line, level=level))
            return replace(one, skills=tuple(lines))

        afresh = best(with_seat(harder, seat.id, changed))
        assert afresh is not None
        if all(claim.name == "skill" for claim in way.claims):
            assert way.gain.is_exact
            assert way.gain.least == afresh - (open_one.objective or 0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_weights_hold_and_break_where_solving_afresh_says_so(variant: str) -> None:
    asked, given = agency(variant)
    told = stability(asked, given, ASKED)
    assert told.is_best
    ends = [(row.weight, end) for row in told.ranges for end in (row.down, row.up)]
    broken = [(weight, end) for weight, end in ends if end.breaks is not None]
    for weight, end in broken[:3]:
        for value, is_best in ((end.holds, True), (end.breaks or 0, False)):
            moved = asked.replace(weights=replace(asked.weights, **{weight: value}))
            assert (best(moved) == score(moved, plan_of(given)).objective) is is_best, (weight, value)


@pytest.mark.parametrize("variant", VARIANTS)
def test_other_plans_are_plans_and_worth_what_is_said(variant: str) -> None:
    asked, given = agency(variant)
    told = others(asked, given, ASKED, differ=3)
    assert told.plans
    for one in told.plans:
        assert violations(asked, one.solution) == []
        assert score(asked, one.solution).objective == one.objective <= (given.objective or 0)
