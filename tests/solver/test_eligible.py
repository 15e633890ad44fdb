"""Who may hold what, and what it is worth: the arrays against the rulebook, pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from brute import tiny_problems
from build import candidate, pairing, person, phase, problem, project, seat, skill, span, style

from solver.check import seat_score, staff_cost, violations
from solver.eligible import Eligibility, eligibility_of
from solver.problem import Calendar, Person, Problem, Seat, Weights
from solver.solution import Solution


def people_of(able: Eligibility, seat_id: str = "dev") -> list[str]:
    pairs = able.pairs_of_role(able.book.role_of_seat[seat_id])
    return [able.book.people[able.person[pair]].id for pair in pairs]


def may_hold(asked: Problem, one: Seat, who: Person) -> bool:
    """Whether the person alone on the seat breaks nothing that somebody else could not mend, at some start."""
    phase = asked.phase_of_seat[one.id]
    free = asked.replace(pins=(), bans=(), current=())
    for start in range(phase.earliest, phase.latest + 1):
        broken = violations(free, Solution({} if phase.is_fixed else {phase.id: start}, {one.id: who.id}))
        time = [violation for violation in broken if violation.rule == "within_capacity"]
        musts = [violation for violation in broken if violation.rule == "musts_are_held"]
        if not time and all(_is_one_short(one, who, violation.params) for violation in musts):
            return True
    return False


def _is_one_short(one: Seat, who: Person, params: object) -> bool:
    said = params if isinstance(params, dict) else {}
    need = {line.skill: line.level for line in one.skills}
    return one.mentoring and "need" in said and who.skills.get(said["skill"], 0) == need[said["skill"]] - 1


@pytest.mark.parametrize("batch", range(10))
def test_pairs_are_those_that_the_rulebook_allows(batch: int) -> None:
    for asked in tiny_problems(batch):
        able = eligibility_of(asked)
        for one in asked.seat_by_id.values():
            allowed = [who.id for who in asked.people if may_hold(asked, one, who)]
            assert people_of(able, one.id) == allowed, (asked.name, one.id)


@pytest.mark.parametrize("batch", range(10))
def test_pairs_are_worth_what_the_rulebook_says(batch: int) -> None:
    for asked in tiny_problems(batch):
        able = eligibility_of(asked)
        for pair in range(len(able)):
            one, who = able.seat(pair), able.book.people[able.person[pair]]
            assert able.value[pair] == seat_score(asked, one, who).net
            assert able.money[pair] == staff_cost(one, who)


def test_pair_is_found_by_its_role_and_person() -> None:
    able = eligibility_of(problem(person(), person("bob", capacity=()), person("cy")))
    assert [able.pair(0, n) for n in range(3)] == [0, None, 1]
    assert [able.pairs_of_person(n).tolist() for n in range(3)] == [[0], [], [1]]


def test_one_level_short_is_allowed_only_where_mentoring_is() -> None:
    crew = (person("two", skills={"sql": 2}), person("three", skills={"sql": 3}), person("one", skills={"sql": 1}))
    line = (skill("sql", 3),)
    able = eligibility_of(
        problem(*crew, seats=(seat("dev", skills=line), seat("trainee", skills=line, mentoring=True)))
    )
    assert people_of(able, "dev") == ["three"]
    assert people_of(able, "trainee") == ["two", "three"]
    mentored = [able.book.people[able.person[pair]].id for pair in np.flatnonzero(able.mentored)]
    assert mentored == ["two"]
    assert able.missing(int(np.flatnonzero(able.mentored)[0])) == [line[0]]


def test_each_must_that_is_short_is_named() -> None:
    lines = (skill("sql", 2), skill("seo", 3), skill("ux", 1))
    able = eligibility_of(
        problem(person(skills={"sql": 1, "seo": 2, "ux": 4}), seats=(seat(skills=lines, mentoring=True),))
    )
    assert able.missing(0) == list(lines[:2])


def test_fixed_seat_wants_its_whole_window() -> None:
    gap = person("gap", capacity=(span(0, 4), span(5, 10)))
    joined = person("joined", capacity=(span(5, 10, 80), span(0, 5)))
    part = person("part", capacity=(span(fte=70),))
    late = candidate("late", earliest=1)
    able = eligibility_of(problem(gap, joined, part, late, seats=(seat(fte=80),)))
    assert people_of(able) == ["joined"]


def test_movable_phase_wants_some_start_that_suits() -> None:
    crew = (person("early", capacity=(span(0, 3),)), person("late", capacity=(span(2, 6),)))
    able = eligibility_of(problem(*crew, phases=(phase("build", seat(to=3), earliest=1, latest=4),)))
    assert people_of(able) == ["late"]
    assert able.starts(0) == [(2, 3)]


def test_starts_are_all_that_a_persons_time_allows() -> None:
    crew = person(capacity=(span(0, 3), span(4, 6), span(7, 20)))
    build = phase("build", seat(from_=1, to=3), duration=4, earliest=0, latest=9)
    able = eligibility_of(problem(crew, phases=(build,), calendar=Calendar(20)))
    assert able.starts(0) == [(0, 0), (3, 3), (6, 9)]


def test_calendar_of_a_billion_periods_costs_nothing() -> None:
    periods = 10**9
    crew = person(capacity=(span(0, periods),))
    asked = problem(
        crew, calendar=Calendar(periods), phases=(phase("build", seat(to=periods // 2), latest=periods // 2),)
    )
    able = eligibility_of(asked)
    assert able.starts(0) == [(0, periods // 2)]


def test_alike_seats_are_one_role() -> None:
    seats = (seat("a", title="Editor"), seat("b", title="Writer"), seat("c", fte=50))
    able = eligibility_of(problem(seats=seats))
    assert [[one.id for one in role.seats] for role in able.book.roles] == [["a", "b"], ["c"]]


def test_seat_that_a_pin_or_the_plan_in_force_names_stands_alone() -> None:
    seats = tuple(seat(name) for name in "abcde")
    asked = problem(seats=seats, pins=(pairing("a"),), current=(pairing("b"),), bans=(pairing("c"),))
    able = eligibility_of(asked)
    assert [[one.id for one in role.seats] for role in able.book.roles] == [["a"], ["b"], ["c"], ["d", "e"]]
    assert able.pinned == [0]
    assert able.current == [1]
    assert np.flatnonzero(able.banned).tolist() == [2]


def test_points_beyond_64_bits_are_exact() -> None:
    periods = 10**9
    huge = Weights(fill=10**6, fit=10**6, style=10**6, preference=0, money=0)
    who = person(capacity=(span(0, periods),), cost=10**9)
    asked = problem(who, calendar=Calendar(periods), phases=(phase("build", seat(to=periods)),), weights=huge)
    able = eligibility_of(asked)
    assert able.value.tolist() == [seat_score(asked, asked.phase_by_id["build"].seats[0], who).net]
    assert able.value[0] * 100_000 > 2**63
    assert able.money.tolist() == [10**18]


def test_wish_counts_for_its_project_alone() -> None:
    keen = person("keen", preferences={"b": 100})
    sites = tuple(project(name, phase(f"f{name}", seat(f"s{name}"))) for name in "ab")
    able = eligibility_of(problem(keen, person("bob"), projects=sites))
    by_name = {(able.seat(n).id, able.book.people[able.person[n]].id): int(able.value[n]) for n in range(len(able))}
    assert by_name["sb", "keen"] > by_name["sb", "bob"] == by_name["sa", "bob"] == by_name["sa", "keen"]


def test_nobody_and_nothing_make_no_pairs() -> None:
    empty = problem(person()).replace(people=())
    assert len(eligibility_of(empty)) == 0
    assert len(eligibility_of(problem(projects=(project(),)).replace(projects=()))) == 0


def test_holders_know_who_meets_each_must() -> None:
    crew = (person("a", styles={"wit": 3.0}, tags=("x",), cost=5), person("b", styles={"wit": 3.1}, tags=("y",)))
    holders = eligibility_of(problem(*crew)).holders
    assert holders.is_in_band(style("wit", min=3.1)).tolist() == [False, True]
    assert holders.is_in_band(style("calm")).tolist() == [False, False]
    assert holders.has_any_tag(("x", "z")).tolist() == [True, False]
    assert (holders.cost <= 4).tolist() == [False, True]
