"""Why this person, why not that one: every figure is that of the best of all plans with them, or without."""

from __future__ import annotations

from random import Random

import build
import pytest
from questions import QUICK, batches, best, plan_of, small_questions

from solver.check import violations
from solver.explain import ClaimKind, why
from solver.explain.claims import claims_of, without
from solver.explain.why import with_person, without_person_there
from solver.problem import Limits, Problem
from solver.search import Options, StopFlag, solve


@pytest.mark.parametrize("batch", batches(0))
def test_loss_is_that_of_the_best_plan_of_all(batch: int) -> None:
    rng = Random(batch)
    for problem, given in small_questions(batch):
        if not problem.seat_by_id or not problem.people:
            continue
        seat, person = rng.choice(sorted(problem.seat_by_id)), rng.choice(problem.people).id
        told = why(problem, given, seat, person, QUICK)
        changed = without(problem, told.waived)
        forced = (without_person_there if told.is_holder else with_person)(changed, seat, person)
        found = best(forced)
        assert told.is_possible is (found is not None), problem.name
        if found is not None and given.objective is not None:
            assert told.loss.is_exact
            assert told.loss.least == given.objective - found, problem.name
            assert sum(now - then for now, then in told.terms.values()) == told.loss.least
        if not told.is_possible:
            assert best(with_person(without(problem, claims_of(problem)), seat, person)) is None


@pytest.mark.parametrize("batch", batches(100))
def test_waived_rules_are_each_in_the_way(batch: int) -> None:
    """Without those waived before it, the next one still keeps every plan from having them there."""
    for problem, given in small_questions(batch):
        for seat in problem.seat_by_id:
            for person in problem.person_of:
                told = why(problem, given, seat, person, QUICK)
                for n in range(len(told.waived)) if not told.is_holder else ():
                    assert best(with_person(without(problem, told.waived[:n]), seat, person)) is None


def two_seats() -> Problem:
    """Ann and Bob both know SQL, Ann better; Cy does not."""
    seats = [build.seat(f"s{n}", skills=(build.skill("sql", 3),)) for n in (1, 2)]
    phases = [build.phase(f"f{n}", seat) for n, seat in enumerate(seats)]
    people = [
        build.person("ann", skills={"sql": 3}),
        build.person("bob", skills={"sql": 3}, cost=50),
        build.person("cy"),
    ]
    return build.problem(*people, projects=(build.project("site", *phases),))


def test_another_takes_over_and_the_seat_of_theirs_stays_open() -> None:
    problem = two_seats()
    given = solve(problem, QUICK)
    seat, holder = next(iter(plan_of(given).holders.items()))
    told = why(problem, given, seat, holder, QUICK)
    assert told.is_holder
    assert told.is_possible
    assert (told.num_filled, told.waived) == (0, ())
    assert {row[0] for row in told.moves} == {"s1", "s2"}  # they change places


def test_must_in_the_way_is_named() -> None:
    problem = two_seats()
    told = why(problem, solve(problem, QUICK), "s1", "cy", QUICK)
    [claim] = told.waived
    assert (claim.kind, claim.seat, claim.what, claim.value) == (ClaimKind.MUST, "s1", ("sql",), 3)
    assert told.is_possible


def test_ban_in_the_way_is_named() -> None:
    problem = two_seats().replace(bans=(build.pairing("s1", "ann"),))
    told = why(problem, solve(problem, QUICK), "s1", "ann", QUICK)
    assert [(claim.kind, claim.person) for claim in told.waived] == [(ClaimKind.BAN, "ann")]


def test_pin_of_another_is_named() -> None:
    problem = two_seats().replace(pins=(build.pairing("s1", "bob"),))
    told = why(problem, solve(problem, QUICK), "s1", "ann", QUICK)
    assert [(claim.kind, claim.person) for claim in told.waived] == [(ClaimKind.PIN, "bob")]


def test_limit_on_hires_is_named() -> None:
    problem = build.problem(
        build.candidate("cy"),
        projects=(build.project("site", build.phase("f", build.seat("s1"))),),
        limits=Limits(max_hires=0),
    )
    told = why(problem, solve(problem, QUICK), "s1", "cy", QUICK)
    assert [(claim.kind, claim.name) for claim in told.waived] == [(ClaimKind.LIMIT, "max_hires")]


def test_who_has_no_time_cannot_whatever_gives_way() -> None:
    problem = build.problem(build.person("ann", capacity=()))
    told = why(problem, solve(problem, QUICK), next(iter(problem.seat_by_id)), "ann", QUICK)
    assert told.is_possible is False
    assert told.waived == ()


def test_alike_seats_do_not_seem_to_change_hands() -> None:
    """Of three alike seats in one team, two stay with whom they are with."""
    seats = [build.seat(f"s{n}") for n in (1, 2, 3)]
    people = [build.person(f"p{n}", cost=n) for n in range(4)]
    problem = build.problem(*people, projects=(build.project("site", build.phase("f", *seats)),))
    given = solve(problem, QUICK)
    told = why(problem, given, "s2", plan_of(given).holders["s2"], QUICK)
    assert [row[0] for row in told.moves] == ["s2"]


def test_out_of_time_claims_nothing() -> None:
    problem = two_seats()
    given = solve(problem, QUICK)
    stop = StopFlag()
    stop.set()
    told = why(problem, given, "s1", "cy", Options(time_limit_s=1), stop=stop)
    assert (told.is_possible, told.loss.least, told.loss.most) == (None, None, None)


def test_plan_with_them_is_feasible_where_nothing_is_waived() -> None:
    problem = two_seats()
    given = solve(problem, QUICK)
    told = why(problem, given, "s1", "bob", QUICK)
    holders = dict(plan_of(given).holders)
    holders |= {seat: after for seat, _before, after in told.moves if after is not None}
    assert violations(with_person(problem, "s1", "bob"), type(plan_of(given))({}, holders)) == []
