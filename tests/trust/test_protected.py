"""Protected data stays out: no field holds it, and a name, which a plan must show, moves nobody onto or off a seat."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import build
import pytest
from pydantic import BaseModel

from planner.models import Base
from planner.schemas import hiring_candidates, staffing_matching, staffing_needs, staffing_people
from solver import problem as asked
from solver.problem import Problem
from solver.search import Options, solve

PROTECTED = re.compile(
    r"(^|_)(age|birth|born|sex|gender|origin|ethnic|race|national|religion|health|disab|family|marital|pregnan|photo|"
    r"picture|postcode|zip|school|graduat)"
)
ABOUT_PEOPLE = ("person", "person_skill", "person_style", "capacity_span", "absence", "wish", "candidate", "role_need",
                "need_skill", "need_style", "team_rule")  # fmt: skip


@pytest.mark.parametrize("table", ABOUT_PEOPLE)
def test_no_column_about_people_holds_protected_data(table: str) -> None:
    assert [c.name for c in Base.metadata.tables[table].columns if PROTECTED.search(c.name)] == []


@pytest.mark.parametrize("module", [staffing_people, staffing_needs, staffing_matching, hiring_candidates])
def test_no_schema_asks_for_protected_data(module: object) -> None:
    schemas = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, BaseModel)]
    assert schemas
    assert [(s.__name__, name) for s in schemas for name in s.model_fields if PROTECTED.search(name)] == []


@pytest.mark.parametrize("kind", [asked.Person, asked.Seat, asked.Hire, asked.TeamRule])
def test_no_field_of_the_question_holds_protected_data(kind: type) -> None:
    assert [field.name for field in fields(kind) if PROTECTED.search(field.name)] == []


def company() -> Problem:
    people = [
        build.person(f"p{n}", name=name, skills={"sql": 1 + n % 3}, cost=900 + 70 * n)
        for n, name in enumerate(("Ann Lee", "Aïcha Benali", "Zoltán Kiss", "Mary O’Neil", "Bo Xu"))
    ]
    seats = [build.seat(f"s{n}", fte=50, skills=(build.skill("sql", 1 + n % 2),)) for n in range(4)]
    return build.problem(*people, seats=seats)


def test_names_move_nobody() -> None:
    problem, options = company(), Options(deterministic=True, time_limit_s=20, workers=1)
    names = [person.name for person in problem.people]
    first = solve(problem, options).solution
    assert first is not None
    assert first.holders
    for shift in (1, 3):
        renamed = [replace(p, name=names[(n + shift) % len(names)]) for n, p in enumerate(problem.people)]
        again = solve(problem.replace(people=tuple(renamed)), options).solution
        assert again is not None
        assert dict(again.holders) == dict(first.holders)
