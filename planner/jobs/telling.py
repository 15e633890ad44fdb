"""Tells webhooks what is in the outbox: in threads beside the worker's jobs, until it is asked to stop."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from planner import posting
from planner.jobs.solving import writing
from planner.models import now
from planner.services.account.webhooks import tries

LOOK_EVERY_S = 1.0
AT_ONCE = 4
FORGET_EVERY = timedelta(hours=1)
log = structlog.get_logger(__name__)


class Telling(threading.Thread):
    """Looks for deliveries that are due, and sends some of them at once; any number of workers may do so."""

    def __init__(self, engine: Engine, stopping: threading.Event, *, is_private_allowed: bool) -> None:
        super().__init__(name="telling", daemon=True)
        self._engine, self._stopping = engine, stopping
        self._post = partial(posting.post, is_private_allowed=is_private_allowed)
        self._forget_at = now()

    def run(self) -> None:
        """Looks every second; a database that is busy or restarts is asked again the next time."""
        while not self._stopping.wait(LOOK_EVERY_S):
            try:
                while self.tell() and not self._stopping.is_set():
                    pass
                self._forget()
            except SQLAlchemyError:
                log.exception("webhooks_not_told")

    def tell(self) -> int:
        """Tries what is due, some at once; how many there were."""
        with Session(self._engine) as session:
            ids = tries.due(session, AT_ONCE)
        tries_now = [threading.Thread(target=self._try, args=(ident,), daemon=True) for ident in ids]
        for one in tries_now:
            one.start()
        for one in tries_now:
            one.join()
        return len(ids)

    def _try(self, delivery_id: int) -> None:
        """One try; the database is let go while the other side takes its time. What goes wrong is tried again."""
        try:
            self._try_once(delivery_id)
        except SQLAlchemyError:
            log.exception("webhook_not_tried", delivery=delivery_id)

    def _try_once(self, delivery_id: int) -> None:
        with writing(self._engine) as session:
            made = tries.take(session, delivery_id)
        if made is None:
            return
        outcome = self._post(made.url, made.body, made.headers)
        with writing(self._engine) as session:
            tries.keep(session, made, outcome)
        log.info("webhook_tried", delivery=delivery_id, number=made.number, status=outcome.status, why=outcome.failure)

    def _forget(self) -> None:
        if now() >= self._forget_at:
            self._forget_at = now() + FORGET_EVERY
            with writing(self._engine) as session:
                tries.forget_old(session)
