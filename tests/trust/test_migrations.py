"""The schema that migrations make is the models', on both databases, and a migration is whole or has not happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import crashing
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from databases import DATABASES, on_both
from sqlalchemy import Engine, MetaData, Table, insert, inspect, select
from sqlalchemy.engine.reflection import Inspector

from planner import db, migrating
from planner.config import Settings
from planner.models import Base
from planner.services.planning import reading

ASPECTS = ("columns", "pk_constraint", "foreign_keys", "unique_constraints", "indexes", "check_constraints")
NUM_STATEMENTS = len(Base.metadata.sorted_tables)  # a migration says more, but never less


@pytest.fixture
def empty(database: str, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table."""
    engine = engine_on(tmp_path)
    yield engine
    engine.dispose()


def engine_on(folder: Path) -> Engine:
    return db.make_engine(Settings(data_dir=folder, database_url=DATABASES.url_for(folder, is_empty=True)))


@on_both
def test_autogenerate_finds_nothing_to_do(empty: Engine) -> None:
    migrating.upgrade(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found = compare_metadata(context, Base.metadata)
    assert found == [], "the models have moved on: write a migration (planner.migrating.revise)"


@on_both
def test_migrated_schema_is_that_of_the_models_to_the_last_check(empty: Engine, tmp_path: Path) -> None:
    """Autogenerate compares no CHECK and no ON DELETE: here the whole schema is compared by name and text."""
    migrating.upgrade(empty)
    modelled = engine_on(tmp_path / "modelled")
    Base.metadata.create_all(modelled)
    migrated, wanted = schema_of(empty), schema_of(modelled)
    modelled.dispose()
    assert {key for key in migrated if migrated[key] != wanted.get(key)} == set()
    assert migrated == wanted


def test_every_check_has_a_name_that_says_what_holds() -> None:
    checks = [c for table in Base.metadata.sorted_tables for c in table.constraints if hasattr(c, "sqltext")]
    assert len(checks) > 40
    assert [str(check) for check in checks if not check.name] == []


@on_both
def test_down_and_up_again_is_the_same_schema(empty: Engine) -> None:
    migrating.upgrade(empty)
    before = schema_of(empty)
    with empty.begin() as connection:
        command.downgrade(migrating._config(connection), "base")
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    assert not migrating.is_current(empty)
    migrating.upgrade(empty)
    assert schema_of(empty) == before


@on_both
def test_failure_of_an_earlier_plan_keeps_its_text_and_what_hangs_on_it(empty: Engine) -> None:
    """Up to codes and down again: on SQLite a table that is built anew would take its children with it."""
    migrate_to(empty, "0001")
    before = earlier_rows(empty)
    migrating.upgrade(empty)
    after = contents_of(empty, *before)
    assert {row.pop("failure_code") for table in ("plan", "job") for row in after[table]} == {None}
    assert {row.pop("failure_values") for table in ("plan", "job") for row in after[table]} == {None}
    assert {row.pop("inquiry_id") for row in after["job"]} == {None}
    assert after == before
    migrate_to(empty, "0001", down=True)
    assert contents_of(empty, *before) == before


@on_both
def test_ready_plan_begins_with_its_standing_as_version_1(empty: Engine) -> None:
    migrate_to(empty, "0006")
    earlier_rows(empty, state="ready", objective=12, num_filled=1)
    migrating.upgrade(empty)
    [kept] = contents_of(empty, "plan_version")["plan_version"]
    told = (kept["plan_id"], kept["number"], kept["kind"], kept["objective"], kept["num_filled"])
    assert told == (7, 1, "existing", 12, 1)
    assert reading.thawed(kept["document"]) == {"holders": {"s": "p"}, "bookings": {"s": "soft"}, "starts": {}}


@on_both
def test_plan_that_failed_begins_without_a_version(empty: Engine) -> None:
    migrate_to(empty, "0006")
    earlier_rows(empty)
    migrating.upgrade(empty)
    with empty.connect() as connection:
        assert connection.execute(select(tables_of(empty)["plan_version"])).all() == []


@on_both
@pytest.mark.parametrize("num_said", [1, NUM_STATEMENTS // 2, NUM_STATEMENTS])
def test_killed_migration_leaves_nothing_and_can_be_repeated(empty: Engine, tmp_path: Path, num_said: int) -> None:
    killed = crashing.run(crashing.migrate, DATABASES.url_for(tmp_path, is_empty=True), num_said)
    assert killed.was_killed
    assert inspect(empty).get_table_names() == []
    migrating.upgrade(empty)
    assert migrating.is_current(empty)
    assert_whole(empty)


@on_both
def test_processes_that_upgrade_at_once_take_turns(empty: Engine, tmp_path: Path) -> None:
    url = DATABASES.url_for(tmp_path, is_empty=True)
    runs = crashing.run_together(4, crashing.migrate, url)
    assert [run.exit_code for run in runs] == [0, 0, 0, 0]
    assert migrating.is_current(empty)
    assert_whole(empty)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@on_both
@pytest.mark.parametrize("delay_ms", range(0, 500, 5))
def test_migration_killed_at_any_moment_is_whole_or_nothing(empty: Engine, tmp_path: Path, delay_ms: int) -> None:
    crashing.run_and_kill(delay_ms / 1000, crashing.migrate, DATABASES.url_for(tmp_path, is_empty=True))
    assert inspect(empty).get_table_names() == [] or migrating.is_current(empty)
    migrating.upgrade(empty)
    assert_whole(empty)


def migrate_to(engine: Engine, revision: str, *, down: bool = False) -> None:
    with engine.execution_options(planner_writes=True).begin() as connection:
        (command.downgrade if down else command.upgrade)(migrating._config(connection), revision)


def earlier_rows(engine: Engine, **changes: Any) -> dict[str, list[dict[str, Any]]]:
    """A failed plan as the first schema has it, with a job and an allocation that hang on it."""
    tables = tables_of(engine)
    plan = {
        "id": 7, "number": 7, "title": "Old", "request_token": "t", "state": "failed", "preset": "fill", "request": {},
        "created_at": datetime(2027, 1, 4, tzinfo=UTC), "starts_on": date(2027, 1, 4), "num_periods": 4, "trace": [],
        "num_seats": 1, "num_filled": 0, "num_people": 0, "num_hires": 0, "cost": 0, "failure": "It was interrupted.",
        "is_sample": False, "version": 1, **changes,
    }  # fmt: skip
    job = {
        "plan_id": 7, "state": "failed", "attempts": 3, "created_at": datetime(2027, 1, 4, tzinfo=UTC),
        "is_cancel_asked": False, "progress": {}, "failure": "It was interrupted, too.",
    }  # fmt: skip
    seat = {"plan_id": 7, "seat_key": "s", "person_key": "p", "booking": "soft", "origin": "solver"}
    with engine.begin() as connection:
        for name, row in (("plan", plan), ("job", job), ("allocation", seat)):
            connection.execute(insert(tables[name]), [row])
    return contents_of(engine, "plan", "job", "allocation")


def contents_of(engine: Engine, *names: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of some tables, as the database has them now."""
    tables = tables_of(engine)
    with engine.connect() as connection:
        found = {name: [dict(row) for row in connection.execute(select(tables[name])).mappings()] for name in names}
    assert all(found.values())
    return found


def tables_of(engine: Engine) -> dict[str, Table]:
    """The tables as they are in the database, whatever the models say."""
    metadata = MetaData()
    metadata.reflect(engine)
    return dict(metadata.tables)


def schema_of(engine: Engine) -> dict[str, Any]:
    """Every fact about every table, in an order of our own."""
    look = inspect(engine)
    tables = [name for name in look.get_table_names() if name != "alembic_version"]
    return {f"{table}.{aspect}": aspect_of(look, table, aspect) for table in tables for aspect in ASPECTS}


def aspect_of(look: Inspector, table: str, aspect: str) -> list[str]:
    found = getattr(look, f"get_{aspect}")(table)
    return sorted(
        repr(sorted((key, words_of(value)) for key, value in fact.items()))
        for fact in ([found] if isinstance(found, dict) else found)
    )


def words_of(value: Any) -> str:
    """A fact's value as it reads, the WHERE of a partial index by its text."""
    return str({key: str(inner) for key, inner in value.items()}) if isinstance(value, dict) else str(value)


def assert_whole(engine: Engine) -> None:
    """The file is not damaged, and all that the models know is there."""
    assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())
    assert crashing.damage_of(engine) == []
