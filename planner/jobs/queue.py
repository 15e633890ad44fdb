"""The queue: in SQLite by default, in PostgreSQL or Redis by one setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from flask import current_app
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.exceptions import HueyException

from planner.config import Settings

NAME = "planner"
SOLVE = "solve"
log = structlog.get_logger(__name__)


class Queue:
    """Ids of jobs on their way to a worker.

    A message may come twice or get lost: the claim of the row decides who works, and a row that waits for too long
    is handed over again.
    """

    def __init__(self, settings: Settings, run: Callable[[int], None] | None = None) -> None:
        self.huey = _huey(settings)

        def solve(job_id: int) -> None:
            (run or _nobody)(job_id)

        self._solve = self.huey.task(name=SOLVE)(solve)  # huey adds its module's name: the same in every process

    def put(self, job_id: int) -> None:
        """Hands a job over; where the queue cannot be reached, a worker finds the row by itself, a little later."""
        try:
            self._solve(job_id)
        except (HueyException, OSError, *_storage_errors()):
            log.warning("queue_not_reached", job=job_id, exc_info=True)  # a worker will find the row

    def __len__(self) -> int:
        return int(self.huey.pending_count())

    def close(self) -> None:
        """Lets go of this thread's connection."""
        self.huey.storage.close()


def enqueue(job_id: int) -> None:
    """Hands a job to the queue of this application; to be called after the commit that made its row."""
    app = current_app
    queue: Queue | None = app.extensions.get("planner_queue")
    if queue is None:
        queue = app.extensions["planner_queue"] = Queue(app.extensions["planner_settings"])
    queue.put(job_id)


def _huey(settings: Settings) -> Huey:
    common: dict[str, Any] = {"results": False, "utc": True}
    if settings.queue == "sqlite":
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(NAME, filename=settings.queue_url, timeout=30, strict_fifo=True, **common)
    if settings.queue == "postgres":
        return PostgresHuey(NAME, dsn=settings.queue_url, **common)
    return RedisHuey(NAME, url=settings.queue_url, **common)


def _nobody(job_id: int) -> None:
    """What a web process would do with a job: nothing, since it only ever hands jobs over."""
    raise RuntimeError(f"job {job_id} came to a process that runs none")


def _storage_errors() -> tuple[type[Exception], ...]:
    """What the storages raise where they cannot be reached."""
    import sqlite3  # noqa: PLC0415

    import psycopg  # noqa: PLC0415
    import redis  # noqa: PLC0415

    return sqlite3.Error, psycopg.Error, redis.RedisError
