"""Drawn agencies: the same again, valid, and of the size that was asked for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from planner.bench.agency import VARIANTS, draw_agency
from planner.bench.agency.crafts import CRAFTS, STYLES
from solver.eligible import eligibility_of
from solver.problem import Kind, Problem, from_document, to_document

SAMPLE = Path(__file__).parents[2] / "planner" / "sample"


@pytest.fixture(scope="module")
def agencies() -> dict[str, Problem]:
    return {variant: draw_agency(200, variant, 1) for variant in VARIANTS}


def test_same_arguments_draw_the_same_agency(agencies: dict[str, Problem]) -> None:
    for variant in VARIANTS:
        assert draw_agency(200, variant, 1) == agencies[variant]
        assert draw_agency(200, variant, 2) != agencies[variant]


def test_drawn_agency_comes_back_from_its_document(agencies: dict[str, Problem]) -> None:
    for problem in agencies.values():
        assert from_document(to_document(problem)) == problem


@pytest.mark.parametrize(("people", "variant"), [(1, "plain"), (10, "odd")])
def test_agency_that_cannot_be_is_refused(people: int, variant: str) -> None:
    with pytest.raises(ValueError, match="There is no agency"):
        draw_agency(people, variant, 1)


def test_seats_ask_for_four_fifths_of_the_time(agencies: dict[str, Problem]) -> None:
    for problem in agencies.values():
        supply = sum(span.fte * (span.to - span.from_) for person in problem.people for span in person.capacity)
        demand = sum(seat.size for seat in problem.seat_by_id.values())
        assert 0.8 <= demand / supply < 0.85


def test_each_has_as_many_seats_and_choices_as_such_agencies_have() -> None:
    for seed in (1, 2, 3):
        problem = draw_agency(500, "plain", seed)
        assert 3.9 <= len(problem.seat_by_id) / 500 <= 4.9
        assert 26 <= len(eligibility_of(problem)) / 500 <= 44


def test_variants_ask_for_what_they_are_named_after(agencies: dict[str, Problem]) -> None:
    plain, teams, full = (agencies[variant] for variant in VARIANTS)
    phases = {variant: list(problem.phase_by_id.values()) for variant, problem in agencies.items()}
    assert not any(phase.team_rules or not phase.is_fixed for phase in phases["plain"])
    assert not plain.current
    assert any(phase.team_rules for phase in phases["teams"])
    assert all(phase.is_fixed for phase in phases["teams"])
    assert teams.current
    assert any(seat.mentoring for seat in teams.seat_by_id.values())
    assert any(person.preferences for person in teams.people)
    assert any(not phase.is_fixed for phase in phases["full"])
    assert any(phase.after for phase in phases["full"])
    assert any(project.all_or_nothing and project.reward for project in full.projects)
    assert any(project.budget for project in full.projects)
    assert full.bans
    assert full.limits.max_hires == 200 // 12
    assert {person.kind for person in plain.people} == {Kind.EMPLOYEE, Kind.CONTRACTOR, Kind.CANDIDATE}


def test_crafts_and_styles_are_those_of_the_products_own_catalogue() -> None:
    skills = tomllib.loads((SAMPLE / "skills.toml").read_text(encoding="utf-8"))
    known = {row["key"] for category in skills["category"] for row in category["skills"]}
    assert {skill for craft in CRAFTS for skill in craft.skills} <= known
    assert all(len(set(craft.skills)) == 6 for craft in CRAFTS)
    styles = tomllib.loads((SAMPLE / "work_styles.toml").read_text(encoding="utf-8"))
    assert set(STYLES) <= {row["key"] for row in styles["style"]}
