"""A staffing problem is brought into the workspace and comes back as it was."""

from __future__ import annotations

import importlib.util
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import build
import pytest
import strategies
from databases import on_both
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import Booking, BookingKind, Candidate, NeedSkill, Person, RoleNeed, Seat, Site, Workspace
from planner.services.staffing import calendars
from planner.translate import Untranslatable, load_rows, workspace_problem
from solver.problem import Calendar, Hire, Kind, Period, Problem, Span, from_document, to_document

BENCH = Path(__file__).parents[2].parent / "shared" / "bench"
needs_bench = pytest.mark.skipif(not BENCH.is_dir(), reason="needs the instances in ../shared/bench")


def as_written(problem: Problem) -> dict[str, Any]:
    """The document, with tags in one order and a row of a list of pairings once."""
    document = to_document(problem)
    for person in document["people"]:
        person["tags"] = sorted(person.get("tags", []))
    for key in ("current", "pins", "bans"):
        rows = {(row["seat"], row["person"]) for row in document.get(key, [])}
        document[key] = sorted(rows)
    for project in document["projects"]:
        for phase in project["phases"]:
            phase["after"] = list(dict.fromkeys(phase.get("after", [])))
    return document


def comes_back(session: Session, problem: Problem) -> bool:
    load_rows(session, problem)
    session.flush()
    return as_written(workspace_problem(session, calendars)) == as_written(problem)


@on_both
@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.differing_executors],
)  # fmt: skip
@given(document=strategies.documents())
def test_drawn_problems_come_back(session: Session, document: dict[str, Any]) -> None:
    session.rollback()
    assert comes_back(session, from_document(document))


def bench_module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def first_of(folder: str, pattern: str, number: int) -> list[Path]:
    return sorted((BENCH / folder).glob(pattern))[:number] if BENCH.is_dir() else []


@needs_bench
@on_both
@pytest.mark.parametrize("variant", ["plain", "teams", "full"])
def test_generated_companies_come_back(session: Session, variant: str) -> None:
    document = bench_module("generate").make(40, 1.0, 1, variant)
    assert comes_back(session, from_document(document))


@needs_bench
@pytest.mark.parametrize(
    "path", first_of("mspsp", "*.dzn", 2) + first_of("smptsp", "*.dat", 2), ids=lambda path: path.name
)
def test_public_instances_come_back(session: Session, path: Path) -> None:
    module = "mspsp" if path.suffix == ".dzn" else "smptsp"
    assert comes_back(session, from_document(bench_module(module).problem(str(path))))


@needs_bench
@pytest.mark.parametrize("path", first_of("hashcode2022", "[ab]_*.txt", 2), ids=lambda path: path.name)
def test_contest_inputs_come_back(session: Session, path: Path) -> None:
    assert comes_back(session, from_document(bench_module("hashcode").problem(str(path))))


@pytest.mark.parametrize("period", list(Period))
def test_each_kind_of_calendar_comes_back(session: Session, period: Period) -> None:
    assert comes_back(session, build.problem(calendar=Calendar(build.PERIODS, date(2027, 2, 3), period)))


def test_seats_that_are_alike_are_one_role_need(session: Session) -> None:
    alike = [build.seat(f"dev{n}", skills=(build.skill("sql", 2),)) for n in range(3)]
    problem = build.problem(seats=(*alike, build.seat("lead", fte=50), replace(alike[0], id="dev3")))
    assert comes_back(session, problem)
    assert [need.count for need in session.scalars(select(RoleNeed).order_by(RoleNeed.position))] == [3, 1, 1]
    assert session.scalar(select(func.count()).select_from(NeedSkill)) == 2


def test_pins_are_agreed_and_the_plan_in_force_is_in_force(session: Session) -> None:
    seats = tuple(build.seat(ident) for ident in ("both", "pinned", "current"))
    pins = (build.pairing("both"), build.pairing("pinned"))
    current = (build.pairing("both"), build.pairing("current"))
    problem = build.problem(seats=seats, pins=pins, current=current)
    assert comes_back(session, problem)
    rows = session.execute(select(Seat.key, Booking.booking, Booking.is_in_force).join(Booking.seat))
    assert {tuple(row) for row in rows} == {
        ("both", BookingKind.HARD, True),
        ("pinned", BookingKind.HARD, False),
        ("current", BookingKind.SOFT, True),
    }


def test_candidates_are_candidates(session: Session) -> None:
    problem = build.problem(build.candidate("cy", cost=900, earliest=3, acceptance=40), build.person("ann"))
    assert comes_back(session, problem)
    assert session.scalars(select(Person.key).join(Candidate)).all() == ["cy"]


def test_site_with_holidays_takes_nothing_off_a_second_time(session: Session) -> None:
    session.add(Site(name="Lyon", country="FR"))
    problem = build.problem(build.person(tags=("site:Lyon", "site:Paris", "lang:fr", "senior")))
    assert comes_back(session, problem)


def test_what_lies_beyond_the_last_year_is_open(session: Session) -> None:
    far = Span(0, 10**9, 100)
    problem = build.problem(
        build.person(capacity=(far,)), build.candidate("cy", earliest=10**9), projects=(build.project(due=10**9),)
    )
    load_rows(session, problem)
    found = workspace_problem(session, calendars)
    assert found.person_of["ann"].capacity == (Span(0, build.PERIODS, 100),)
    assert found.person_of["cy"].hire.earliest >= build.PERIODS
    assert (found.projects[0].due or 0) >= build.PERIODS


def test_calendar_past_the_last_year_is_refused_and_nothing_is_changed(session: Session) -> None:
    problem = build.problem(calendar=Calendar(500_000, date(2027, 1, 4)))
    with pytest.raises(Untranslatable) as refused:
        load_rows(session, problem)
    assert refused.value.code == "calendar_is_too_long"
    assert session.get_one(Workspace, 1).name == "Test"
    assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_longest_calendar_that_has_a_last_day_is_taken(session: Session) -> None:
    longest = (date.max - date(2027, 1, 4)).days
    assert comes_back(session, build.problem(calendar=Calendar(longest, date(2027, 1, 4), Period.DAY)))


def test_hire_figures_of_staff_come_back(session: Session) -> None:
    ann = replace(build.person(), kind=Kind.CONTRACTOR, hire=Hire(7, 3, 50))
    assert comes_back(session, build.problem(ann))


@pytest.mark.seconds
@needs_bench
@pytest.mark.slow
def test_five_hundred_people_are_loaded_in_five_seconds_and_read_in_two(session: Session) -> None:
    problem = from_document(bench_module("generate").make(500, 1.0, 1, "full"))
    began = time.perf_counter()
    load_rows(session, problem)
    session.commit()
    loaded = time.perf_counter()
    workspace_problem(session, calendars)
    assert loaded - began < 5
    assert time.perf_counter() - loaded < 2
