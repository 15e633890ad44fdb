"""The engine and one session for each request; known to the doors only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from planner.config import Settings
from planner.models import IDENT_LARGEST, Door, fold_of_sqlite
from planner.services.account.audit import capture

Row = TypeVar("Row")
BUSY_TIMEOUT_MS = 30_000  # the lock goes to whoever asks next, not to whoever has waited longest
capture.listen()


def make_engine(settings: Settings) -> Engine:
    """An engine on the settings' database; SQLite with a write-ahead log and foreign keys on."""
    if not settings.database_url.startswith("sqlite"):
        return create_engine(settings.database_url, pool_pre_ping=True, json_serializer=_json)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = create_engine(settings.database_url, json_serializer=_json)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _json(value: Any) -> str:
    """JSON with its letters as they are, so that lists of texts can be searched like texts."""
    return json.dumps(value, ensure_ascii=False)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: `_begin_immediate` does
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "synchronous=NORMAL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("SELECT 1")
    cursor.close()
    connection.create_function("planner_fold", 1, fold_of_sqlite, deterministic=True)


def _begin_immediate(connection: Any) -> None:
    """A reader that later writes would meet SQLITE_BUSY at once; who may write asks for the lock at the start."""
    mode = "IMMEDIATE" if connection.get_execution_options().get("planner_writes", False) else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


def init_app(app: Flask, settings: Settings) -> None:
    """Gives the app its engine, and closes each request's session when the request ends."""
    engine = make_engine(settings)
    app.extensions["planner_engine"] = engine
    app.extensions["planner_sessions"] = sessionmaker(engine, expire_on_commit=False)
    app.teardown_appcontext(_close)


def session() -> Session:
    """The session of this request, or of this app context; one that writes locks SQLite first."""
    if "session" not in g:
        engine: Engine = current_app.extensions["planner_engine"]
        bind = engine.execution_options(planner_writes=True) if _will_write() else engine
        g.session = current_app.extensions["planner_sessions"](bind=bind)
        capture.act(g.session, Door.PAGE if has_request_context() else Door.CLI)  # who it is, a door says
    found: Session = g.session
    return found


def row_at(model: type[Row], ident: int | None) -> Row | None:
    """The row that an address names; None where it names none, however large a number stands there."""
    return session().get(model, ident) if ident is not None and 0 < ident <= IDENT_LARGEST else None


def begin_again() -> None:
    """Undoes what this request began; what it does next stands in a transaction of its own."""
    session().rollback()


def let_go() -> None:
    """Ends the transaction that this request has read in so far: nobody shall wait for what takes it seconds."""
    g.is_letting_go = True
    session().commit()
    g.is_letting_go = False


def is_letting_go() -> bool:
    """Whether what ends now is a transaction that has only read."""
    return bool(g.get("is_letting_go"))


@contextmanager
def fresh_session(app: Flask) -> Iterator[Session]:
    """A session of its own, for background work: rolled back unless committed."""
    with app.extensions["planner_sessions"]() as current:
        yield current


def _will_write() -> bool:
    """Whether a request is one that changes something; a reader turned writer could meet a lock."""
    return has_request_context() and request.method not in ("GET", "HEAD", "OPTIONS")


def _close(_error: BaseException | None) -> None:
    current = g.pop("session", None)
    if current is not None:
        current.close()
