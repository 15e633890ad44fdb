"""Processes that write and are killed while they do: what each does, and how to start, kill and await it.

They run in children of a fork server that has the planner loaded, so that a hundred of them take seconds.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from planner import create_app, db, migrating
from planner.config import Settings

PATIENCE_S = 60.0
CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["crashing", "planner.wiring", "planner.services.planning.files", "alembic.command"])


@dataclass(frozen=True)
class Run:
    """How a child ended, and what it had said that was done."""

    exit_code: int | None
    said: tuple[Any, ...]

    @property
    def was_killed(self) -> bool:
        return self.exit_code == -signal.SIGKILL


Work = Callable[..., None]


def run(work: Work, *args: Any) -> Run:
    """Does some work in a child, to its end."""
    return _awaited(*_started(work, *args))


def run_and_kill(after_s: float, work: Work, *args: Any, heard: int = 1) -> Run:
    """Does some work in a child, and kills it so many seconds after it has said so much, if it has not ended."""
    child, said = _started(work, *args)
    early = [said.recv() for _n in range(heard)]
    child.join(after_s)
    child.kill()
    end = _awaited(child, said)
    return Run(end.exit_code, (*early, *end.said))


def run_together(number: int, work: Work, *args: Any) -> list[Run]:
    """Does the same in several children at once."""
    return [_awaited(*one) for one in [_started(work, *args) for _n in range(number)]]


def engine_of(url: str) -> Engine:
    """An engine as the product makes it."""
    return db.make_engine(Settings(data_dir=Path(tempfile.gettempdir()), database_url=url))


def damage_of(engine: Engine) -> list[str]:
    """What SQLite finds damaged, or pointing nowhere; PostgreSQL's own checks cannot be asked for."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        return found + [str(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]


def migrate(say: Connection, url: str, num_said: int = 0) -> None:
    """Brings a database to the newest schema; dies after so many statements that change it."""
    engine = engine_of(url)
    die_after(engine, num_said)
    migrating.upgrade(engine)


def load(say: Connection, url: str, data: bytes, num_said: int = 0) -> None:
    """Replaces what is in a workspace by the staffing problem in a file."""
    from planner.services.planning import files
    from solver import problem as asked

    engine = engine_of(url)
    die_after(engine, num_said)
    with Session(engine) as session:
        session.connection(execution_options={"planner_writes": True})
        files.load_problem(session, asked.read(data), is_replacing=True)
        session.commit()
    say.send("loaded")


def load_and_die_at_the_commit(say: Connection, url: str, data: bytes) -> None:
    """As `load`, but dies when all is said and nothing is committed."""
    event.listen(Session, "before_commit", lambda _session: os.kill(os.getpid(), signal.SIGKILL))
    load(say, url, data)


def add_skills(say: Connection, settings: Settings, login: str, mark: str) -> None:
    """Adds skills through the form, one after the other for ever, and says each name that was acknowledged."""
    app = create_app(settings)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": login, "_fresh": True})
    token = client.get("/skills/add").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    for number in itertools.count():
        name = f"{mark} {number}"
        answer = client.post("/skills/add", data={"name": name, "aliases": "a\nb", "csrf_token": token})
        say.send(name if answer.status_code == 303 else answer.text)


def write_file(_say: Connection, path: Path, data: bytes) -> None:
    """Writes a file as the commands do."""
    from planner.cli import files

    files.write_whole(path, data)


def write_file_and_die(say: Connection, path: Path, data: bytes) -> None:
    """As `write_file`, but dies when all is written and nothing has its name yet."""
    Path.replace = lambda _self, _target: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign,assignment]
    write_file(say, path, data)


def die_after(engine: Engine, num_said: int) -> None:
    """Makes this process kill itself once it has sent so many writing statements; never where that is 0."""
    left = num_said

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal left
        left -= statement.lstrip().split(" ", 1)[0].upper() in ("CREATE", "INSERT", "UPDATE", "DELETE", "ALTER")
        if num_said and left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "after_cursor_execute", count)


def _started(work: Work, *args: Any) -> tuple[ForkServerProcess, Connection]:
    heard, say = CHILDREN.Pipe(duplex=False)
    child = CHILDREN.Process(target=_work, args=(say, work, *args))
    child.start()
    say.close()
    return child, heard


def _work(say: Connection, work: Work, *args: Any) -> None:
    say.send("begins")
    work(say, *args)


def _awaited(child: ForkServerProcess, said: Connection) -> Run:
    """The end of a child; what it says is heard until it is silent for good."""
    heard = []
    deadline = time.monotonic() + PATIENCE_S
    with closing(said):
        while said.poll(max(deadline - time.monotonic(), 0)):
            try:
                heard.append(said.recv())
            except EOFError:
                break
    child.join(1)
    if child.exitcode is None:
        child.kill()
        raise TimeoutError(f"{child} does not end")
    return Run(child.exitcode, tuple(heard))
