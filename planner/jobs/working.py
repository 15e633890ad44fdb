"""The worker: takes jobs from the queue in threads, and from dead workers by itself, until it is asked to stop."""

from __future__ import annotations

import signal
from threading import Event

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from planner.config import Settings
from planner.db import make_engine
from planner.jobs.queue import Queue
from planner.jobs.reporting import Reporting
from planner.jobs.solving import Solving, writing
from planner.jobs.telling import Telling
from planner.jobs.watching import warm_up
from planner.jobs.writing import Write, Writing
from planner.services.planning import running

REAP_EVERY_S = 5
WAITING_S = 30  # a job that waits for longer may have been lost by the queue
TELLING_S = 1.5  # for a try that is under way; it is made again where it takes longer
SHUTDOWN_S = 8  # whoever started the worker kills it after 10
log = structlog.get_logger(__name__)


class Worker:
    """One worker process: `num_jobs` jobs at once, each solved by a child of its own; `write` makes e-mails."""

    def __init__(self, settings: Settings, *, num_jobs: int = 1, write: Write | None = None) -> None:
        self.engine = make_engine(settings)
        self.stopping = Event()
        self._solving = Solving(self.engine, workers=settings.num_workers, again=self._put, stopping=self.stopping)
        self.queue = Queue(settings, self._solving.run)
        self._telling = Telling(self.engine, self.stopping, is_private_allowed=settings.is_webhook_private_allowed)
        self._writing = Writing(self.engine, settings, self.stopping, write)
        self._reporting = Reporting(self.engine, settings, self.stopping)
        self._consumer = self.queue.huey.create_consumer(
            workers=num_jobs, periodic=False, initial_delay=0.1, max_delay=1.0, shutdown_timeout=SHUTDOWN_S
        )

    def run(self) -> None:
        """Works until a signal comes; what runs then is handed back to the queue."""
        warm_up()
        self._consumer.start()
        self._telling.start()
        self._writing.start()
        self._reporting.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._reap(waiting_s=0)
        try:
            while not self.stopping.wait(REAP_EVERY_S):
                self._consumer.check_worker_health()
                self._reap(waiting_s=WAITING_S)
        finally:
            self.stopping.set()
            self._consumer.stop(graceful=True)
            self._telling.join(TELLING_S)
            self._writing.join(TELLING_S)
            self._reporting.join(TELLING_S)
            self.engine.dispose()

    def _stop(self, _number: int, _frame: object) -> None:
        self.stopping.set()

    def _put(self, job_id: int) -> None:
        self.queue.put(job_id)

    def _reap(self, waiting_s: int) -> None:
        """Takes up what dead workers left, and hands over again what the queue may have lost."""
        try:
            for job_id in reaped(self.engine, self.queue, waiting_s):
                self.queue.put(job_id)
        except SQLAlchemyError:  # a database that restarts is there again the next time
            log.exception("dead_workers_not_looked_for")


def reaped(engine: Engine, queue: Queue, waiting_s: int) -> list[int]:
    """The jobs that must go to the queue: taken from dead workers; and waiting ones, where it holds fewer."""
    with Session(engine) as session:
        is_lost = len(queue) < running.num_waiting(session)
    with writing(engine) as session:
        found = running.reap(session, waiting_s=waiting_s if is_lost else None)
    if found.retaken:
        log.warning("taken_from_dead_workers", jobs=found.retaken)
    return [*found.retaken, *found.waiting]
