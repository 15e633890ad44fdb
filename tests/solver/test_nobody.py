"""Why nobody holds a seat: conflicts from which nothing can be left out, ways out that were each planned anew."""

from __future__ import annotations

from dataclasses import replace

import build
import pytest
from questions import QUICK, batches, best, has_plan, plan_of, small_questions

from solver.check.pool import pool_of
from solver.explain import Claim, ClaimKind, Way, nobody
from solver.explain.asking import with_phase, with_seat
from solver.explain.claims import without
from solver.explain.nobody import claims_about
from solver.explain.why import with_person
from solver.problem import Hire, Limits, Pairing, Problem, Span
from solver.problem.market import Market
from solver.search import solve
from solver.solution import Solution

MARKET = Market(hire_cost=40)


def _only(problem: Problem, plan: Solution, seat: str, kept: list[Claim]) -> tuple[Problem, list[str]]:
    """A question with no more of the demands than these, and the seats that must be filled."""
    everything = [claim for group in claims_about(problem, plan, seat) for claim in group]
    filled = [claim.seat for claim in kept if claim.kind is ClaimKind.FILLED and claim.seat is not None]
    return without(problem, [claim for claim in everything if claim not in kept]), [seat, *filled]


@pytest.mark.parametrize("batch", batches(200))
def test_nothing_can_be_left_out_of_a_conflict(batch: int) -> None:
    for problem, given in small_questions(batch, 3):
        plan = plan_of(given)
        for seat in [seat for seat in problem.seat_by_id if seat not in plan.holders][:2]:
            told = nobody(problem, given, seat, MARKET, QUICK)
            conflict = told.conflict
            assert told.is_hopeless is (conflict is None)
            if conflict is None:
                assert not has_plan(*_only(problem, plan, seat, []))
                continue
            assert bool(conflict) is not has_plan(*_only(problem, plan, seat, _all(problem, plan, seat)))
            assert not conflict or not has_plan(*_only(problem, plan, seat, list(conflict)))
            for claim in conflict:
                rest = [one for one in conflict if one != claim]
                assert has_plan(*_only(problem, plan, seat, rest)), (problem.name, seat, claim)


@pytest.mark.parametrize("batch", batches(300))
def test_each_way_out_gains_what_the_best_plan_of_all_gains(batch: int) -> None:
    for problem, given in small_questions(batch, 3):
        plan = plan_of(given)
        for seat in [seat for seat in problem.seat_by_id if seat not in plan.holders][:2]:
            for way in nobody(problem, given, seat, MARKET, QUICK).ways:
                found = best(_taken(problem, seat, way), [seat])
                assert way.gain.is_exact
                assert found is not None
                assert given.objective is not None
                assert found - given.objective == way.gain.least, (problem.name, way.kind)


def _all(problem: Problem, plan: Solution, seat: str) -> list[Claim]:
    return [claim for group in claims_about(problem, plan, seat) for claim in group]


def _taken(problem: Problem, seat_id: str, way: Way) -> Problem:
    """The question that a way out leads to, made from what is said of it alone."""
    seat, phase = problem.seat_by_id[seat_id], problem.phase_of_seat[seat_id]
    if way.kind == "free":
        return with_person(problem, seat_id, way.holder)
    if way.kind == "lift":
        return without(problem, way.claims)
    if way.kind == "move":
        start = phase.earliest if way.start is None else way.start
        window = {"earliest": min(phase.earliest, start), "latest": max(phase.latest, start)}
        return with_phase(problem, replace(phase, **window))
    if way.kind == "hire":
        assert way.profile is not None
        limits = problem.limits
        num = None if limits.max_hires is None else limits.max_hires + 1
        money = None if limits.hire_budget is None else limits.hire_budget + way.profile.hire.cost
        return problem.replace(
            people=(*problem.people, way.profile),
            pins=(*problem.pins, Pairing(seat_id, way.profile.id)),
            limits=replace(limits, max_hires=num, hire_budget=money),
        )
    for claim in way.eased:
        lines = {line.skill: line for line in seat.skills}
        if claim.name == "skill" and claim.value is not None:
            lines[claim.what[0]] = replace(lines[claim.what[0]], level=claim.value)
            seat = replace(seat, skills=tuple(lines.values()))
        elif claim.name == "max_cost":
            seat = replace(seat, max_cost=claim.value)
        else:
            seat = without(with_seat(problem, seat), [claim]).seat_by_id[seat_id]
    return with_seat(problem, seat)


def one_gap(**asks: object) -> Problem:
    """Ann, who knows SQL at 2, and one seat."""
    seat = build.seat("s1", **asks)
    project = build.project("site", build.phase("f", seat))
    return build.problem(build.person("ann", skills={"sql": 2}, tags=("lang:fr",), cost=100), projects=(project,))


@pytest.mark.parametrize(
    ("asks", "name"),
    [
        ({"skills": (build.skill("sql", 3),)}, "skill"),
        ({"tags": ("lang:en",)}, "tag"),
        ({"any_of": (("lang:en", "lang:de"),)}, "any_of"),
        ({"max_cost": 99}, "max_cost"),
    ],
)
def test_must_that_nobody_meets_is_the_conflict(asks: dict[str, object], name: str) -> None:
    problem = one_gap(**asks)
    told = nobody(problem, solve(problem, QUICK), "s1", MARKET, QUICK)
    assert told.conflict is not None
    assert [(claim.kind, claim.name) for claim in told.conflict] == [(ClaimKind.MUST, name)]
    assert "relax" in {way.kind for way in told.ways}


def test_level_is_eased_just_so_far() -> None:
    problem = one_gap(skills=(build.skill("sql", 5),))
    told = nobody(problem, solve(problem, QUICK), "s1", MARKET, QUICK)
    [way] = [way for way in told.ways if way.kind == "relax"]
    assert [(claim.value) for claim in way.eased] == [2]
    assert way.holder == "ann"


def test_two_who_are_needed_at_once_stand_for_each_other() -> None:
    """Ann could hold either seat: the other stays filled, and that is what keeps this one open."""
    phases = [build.phase(f"f{n}", build.seat(f"s{n}", to=4)) for n in (1, 2)]
    problem = build.problem(build.person("ann"), projects=(build.project("site", *phases),))
    given = solve(problem, QUICK)
    [held] = plan_of(given).holders
    seat = "s1" if held == "s2" else "s2"
    told = nobody(problem, given, seat, MARKET, QUICK)
    assert told.conflict is not None
    assert (ClaimKind.FILLED, held) in {(claim.kind, claim.seat) for claim in told.conflict}
    assert {"free", "move", "hire"} >= {way.kind for way in told.ways} > {"free"}


def test_leave_is_a_matter_of_time() -> None:
    ann = build.person("ann", capacity=(Span(0, 1, 100),))
    problem = build.problem(ann, projects=(build.project("site", build.phase("f", build.seat("s1", to=4))),))
    told = nobody(problem, solve(problem, QUICK), "s1", MARKET, QUICK)
    assert told.conflict is not None
    assert [(claim.kind, claim.what) for claim in told.conflict] == [(ClaimKind.TIME, ("ann",))]


def test_leave_and_a_lack_of_skill_stand_together() -> None:
    """Ann has neither the time nor the skill: it takes both to keep her away, and each alone would do."""
    ann = build.person("ann", capacity=(Span(0, 1, 100),))
    seat = build.seat("s1", to=4, skills=(build.skill("sql", 2),))
    problem = build.problem(ann, projects=(build.project("site", build.phase("f", seat)),))
    told = nobody(problem, solve(problem, QUICK), "s1", MARKET, QUICK)
    assert told.conflict is not None
    assert len(told.conflict) == 1
    assert told.conflict[0].kind in (ClaimKind.MUST, ClaimKind.TIME)
    nobody_there = problem.replace(people=())
    assert nobody(nobody_there, solve(nobody_there, QUICK), "s1", MARKET, QUICK).is_hopeless


def test_limit_is_lifted() -> None:
    problem = build.problem(
        build.candidate("cy"),
        projects=(build.project("site", build.phase("f", build.seat("s1"))),),
        limits=Limits(max_hires=0),
    )
    told = nobody(problem, solve(problem, QUICK), "s1", MARKET, QUICK)
    assert told.conflict is not None
    assert [(claim.kind, claim.name) for claim in told.conflict] == [(ClaimKind.LIMIT, "max_hires")]
    assert "lift" in {way.kind for way in told.ways}


def test_seat_that_is_not_worth_it_is_a_matter_of_points() -> None:
    dear = build.person("ann", cost=10**6)
    problem = build.problem(dear, projects=(build.project("site", build.phase("f", build.seat("s1"))),))
    given = solve(problem, QUICK)
    assert plan_of(given).holders == {}
    told = nobody(problem, given, "s1", MARKET, QUICK)
    assert told.conflict == ()
    [way] = [way for way in told.ways if way.kind == "free"]
    assert way.gain.most is not None
    assert way.gain.most < 0


def test_profile_is_one_that_the_seat_asks_for() -> None:
    problem = one_gap(skills=(build.skill("seo", 4),))
    told = nobody(problem, solve(problem, QUICK), "s1", MARKET, QUICK)
    [way] = [way for way in told.ways if way.kind == "hire"]
    assert way.profile is not None
    assert (way.profile.skills, way.profile.hire) == ({"seo": 4}, Hire(40, 0, 100))
    assert told.pool == pool_of(problem, plan_of(solve(problem, QUICK)), "s1")


def test_ways_out_are_three_at_most_and_the_cheapest_first() -> None:
    for problem, given in small_questions(400, 20):
        for seat in [seat for seat in problem.seat_by_id if seat not in plan_of(given).holders][:1]:
            gains = [way.gain.least or 0 for way in nobody(problem, given, seat, MARKET, QUICK).ways]
            assert len(gains) <= 3
            assert gains == sorted(gains, reverse=True)
