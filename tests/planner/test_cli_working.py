"""`planner load`: a staffing problem comes into the workspace whole or not at all, and says so by its exit status."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import build
import pytest
from click.testing import CliRunner, Result
from conftest import settings_for
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from planner import db
from planner.cli import main
from planner.config import Settings
from planner.models import Person, Plan, Site, Workspace, today
from planner.services.staffing import calendars
from planner.translate import workspace_problem
from solver.problem import Problem, to_document

Load = Callable[..., Result]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = db.make_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def load(settings: Settings, tmp_path: Path) -> Load:
    """Writes a document to a file and loads it."""

    def run(document: Any, *options: str) -> Result:
        path = tmp_path / "problem.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        env = {
            "PLANNER_DATA_DIR": str(settings.data_dir),
            "PLANNER_DATABASE_URL": settings.database_url,
            "PLANNER_SECRET_KEY": settings.secret_key,
        }
        return CliRunner().invoke(main, ["load", str(path), *options], env=env)

    return run


def present(engine: Engine) -> Problem:
    with Session(engine) as session:
        return workspace_problem(session, calendars)


def test_problem_is_loaded_into_a_new_database(load: Load, engine: Engine) -> None:
    problem = build.problem(seats=(build.seat("a"), build.seat("b")))
    found = load(to_document(problem))
    assert (found.exit_code, found.output) == (0, "Loaded 1 people and 1 projects with 2 seats.\n")
    assert present(engine) == problem


def test_workspace_that_is_not_empty_stays_unless_it_is_to_be_replaced(load: Load, engine: Engine) -> None:
    assert load(to_document(build.problem())).exit_code == 0
    other = build.problem(build.person("bo", tags=("site:Lyon",)), name="other")
    refused = load(to_document(other))
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert present(engine).name == "test"
    assert load(to_document(other), "--replace").exit_code == 0
    assert present(engine) == other


def test_replacing_removes_what_belonged_to_the_old(load: Load, engine: Engine) -> None:
    with Session(engine) as session:
        session.add_all([
            Workspace(id=1, calendar_start_on=today()), Site(name="Lyon", country="FR"),
            Plan(number=1, title="Old", request_token="t", starts_on=today(), num_periods=4),
        ])  # fmt: skip
        session.commit()
    assert load(to_document(build.problem())).exit_code == 1
    assert load(to_document(build.problem()), "--replace").exit_code == 0
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 0
        assert session.scalar(select(func.count()).select_from(Site)) == 0


@pytest.mark.parametrize(
    "document", ["{", '{"schema": "staffing-problem/2"}', '{"schema": "staffing-problem/1"}', "[" * 10_000]
)
def test_what_is_no_problem_ends_with_2_and_no_trace(load: Load, document: str) -> None:
    found = load(document)
    assert (found.exit_code, found.exception.__class__) == (2, SystemExit)
    assert "problem.json" in found.output


def test_text_with_a_zero_byte_is_named_and_leaves_nothing(load: Load, engine: Engine) -> None:
    found = load(to_document(build.problem(build.person("ann", name="a\0b"))))
    assert found.exit_code == 1
    assert "people[0].name: a text holds a zero byte" in found.output
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_problem_of_which_one_row_cannot_be_kept_leaves_nothing(load: Load, engine: Engine) -> None:
    found = load({**to_document(build.problem()), "calendar": {"start": "2027-01-04", "periods": 500_000}})
    assert found.exit_code == 1
    assert "9999" in found.output
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_missing_file_ends_with_2(settings: Settings, tmp_path: Path) -> None:
    env = {"PLANNER_DATA_DIR": str(settings.data_dir), "PLANNER_DATABASE_URL": settings.database_url}
    found = CliRunner().invoke(main, ["load", str(tmp_path / "nothing.json")], env=env)
    assert found.exit_code == 2
    assert "cannot be read" in found.output


def test_settings_that_are_wrong_are_said() -> None:
    for command in (["worker"], ["load", "problem.json"]):
        found = CliRunner().invoke(main, command, env={"PLANNER_QUEUE": "carrier pigeon"})
        assert found.exit_code == 2
        assert "PLANNER_QUEUE" in found.output
