"""A process that is killed leaves whole or nothing: what was acknowledged is there, what was not is nowhere."""

from __future__ import annotations

import json
import random
from pathlib import Path

import build
import crashing
import pytest
import rows
from databases import on_both
from flask import Flask
from snapshots import Rows, differences, snapshot
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from planner import translate
from planner.config import Settings
from planner.models import Person, RoleName, Skill
from solver import problem as asked

SMALL, SOAK = 3, 100
FILE_BYTES = 4 * 2**20


def company(name: str, num_people: int) -> bytes:
    """A file with people, each with a seat of their own."""
    people = [build.person(f"{name}{n}", skills={f"skill {n}": 3}, preferences={"site": 5}) for n in range(num_people)]
    seats = [build.seat(f"{name}.{n}", skills=(build.skill(f"skill {n}"),)) for n in range(num_people)]
    pins = tuple(build.pairing(f"{name}.{n}", f"{name}{n}") for n in range(num_people))
    problem = build.problem(*people, name=name, seats=seats, pins=pins)
    return json.dumps(asked.to_document(problem)).encode()


@pytest.fixture
def engine(app: Flask) -> Engine:
    """A workspace that a file was loaded into."""
    engine: Engine = app.extensions["planner_engine"]
    with Session(engine) as session:
        rows.user(session, RoleName.OPERATIONS)
        translate.load_rows(session, asked.read(company("old", 5)))
        session.commit()
    return engine


@on_both
@pytest.mark.parametrize("num_said", [1, 4, 10, 16])
def test_killed_import_has_changed_nothing(engine: Engine, settings: Settings, num_said: int) -> None:
    before = snapshot(engine)
    killed = crashing.run(crashing.load, settings.database_url, company("new", 10), num_said)
    assert killed.was_killed
    assert killed.said == ("begins",)
    assert differences(before, snapshot(engine)) == {}
    assert_goes_on(engine, settings)


@on_both
def test_import_killed_before_its_commit_has_changed_nothing(engine: Engine, settings: Settings) -> None:
    before = snapshot(engine)
    killed = crashing.run(crashing.load_and_die_at_the_commit, settings.database_url, company("new", 10))
    assert killed.was_killed
    assert differences(before, snapshot(engine)) == {}
    assert_goes_on(engine, settings)


@on_both
def test_import_killed_at_some_moment_is_there_or_is_not(engine: Engine, settings: Settings) -> None:
    assert_import_is_there_or_is_not(engine, settings, SMALL)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@on_both
def test_import_killed_a_hundred_times_is_there_or_is_not(engine: Engine, settings: Settings) -> None:
    assert_import_is_there_or_is_not(engine, settings, SOAK)


@on_both
def test_what_a_killed_server_acknowledged_is_there(app: Flask, session: Session, settings: Settings) -> None:
    assert_acknowledged_is_there(app, session, settings, SMALL)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@on_both
def test_what_a_server_acknowledged_is_there_after_a_hundred_kills(
    app: Flask, session: Session, settings: Settings
) -> None:
    assert_acknowledged_is_there(app, session, settings, SOAK)


@pytest.mark.parametrize("is_there", [True, False])
def test_killed_export_leaves_the_file_as_it_was(tmp_path: Path, is_there: bool) -> None:
    path = tmp_path / "plan.xlsx"
    if is_there:
        path.write_bytes(b"the last one")
    assert crashing.run(crashing.write_file_and_die, path, b"x" * FILE_BYTES).was_killed
    assert (path.read_bytes() if path.exists() else None) == (b"the last one" if is_there else None)
    assert crashing.run(crashing.write_file, path, b"whole").exit_code == 0
    assert path.read_bytes() == b"whole"


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_export_killed_a_hundred_times_is_whole_or_not_there(tmp_path: Path) -> None:
    rng = random.Random(1)
    for number in range(SOAK):
        path = tmp_path / f"{number}.xlsx"
        crashing.run_and_kill(rng.uniform(0, 0.05), crashing.write_file, path, b"x" * FILE_BYTES)
        assert not path.exists() or path.stat().st_size == FILE_BYTES


def assert_import_is_there_or_is_not(engine: Engine, settings: Settings, num_kills: int) -> None:
    """Loads one of two files again and again, killed at moments spread over the time that loading takes."""
    rng = random.Random(1)
    files = [company("even", 40), company("odd", 40)]
    states = [state_after(engine, settings, data) for data in (*files, files[0])]
    assert differences(names(states[0]), names(states[2])) == {}
    for number in range(num_kills):
        run = crashing.run_and_kill(rng.uniform(0, 0.6), crashing.load, settings.database_url, files[number % 2])
        present = names(snapshot(engine))
        assert present in (names(states[0]), names(states[1]))
        if run.said[-1:] == ("loaded",):
            assert present == names(states[number % 2])
        assert crashing.damage_of(engine) == []


def assert_acknowledged_is_there(app: Flask, session: Session, settings: Settings, num_kills: int) -> None:
    rng = random.Random(1)
    login = rows.user(session, RoleName.OPERATIONS).fs_uniquifier
    session.commit()
    acknowledged: list[str] = []
    for number in range(num_kills):
        work = (crashing.add_skills, settings, login, f"Skill {number}")
        run = crashing.run_and_kill(rng.uniform(0, 0.3), *work, heard=2)
        assert run.was_killed
        acknowledged += run.said[1:]
    session.rollback()
    present = {skill.name: skill.aliases for skill in session.scalars(select(Skill))}
    assert acknowledged
    assert set(acknowledged) <= set(present)
    assert len(present) <= len(acknowledged) + num_kills, "of each process one more at most was under way"
    assert all(aliases == ["a", "b"] for aliases in present.values())
    assert crashing.damage_of(app.extensions["planner_engine"]) == []


def state_after(engine: Engine, settings: Settings, data: bytes) -> Rows:
    assert crashing.run(crashing.load, settings.database_url, data).exit_code == 0
    return snapshot(engine)


def names(state: Rows) -> Rows:
    """What a file says of the workspace: its tables without the numbers that rows are given."""
    said = ("person", "project", "phase", "seat", "booking", "wish", "person_skill", "need_skill")
    kept = [(table, row) for (table, _key), row in state.items() if table in said]
    return {(table, (row.get("key", ""), number)): {} for number, (table, row) in enumerate(sorted(kept, key=order))}


def order(one: tuple[str, dict[str, object]]) -> tuple[str, str]:
    table, row = one
    return table, str(row.get("key", ""))


def assert_goes_on(engine: Engine, settings: Settings) -> None:
    """Nothing is damaged, no lock is left, and the same import can be repeated."""
    assert crashing.damage_of(engine) == []
    again = crashing.run(crashing.load, settings.database_url, company("new", 10))
    assert again.said == ("begins", "loaded")
    with Session(engine) as session:
        assert set(session.scalars(select(Person.key))) == {f"new{n}" for n in range(10)}
