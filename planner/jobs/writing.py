"""Writes the e-mails that no request makes, daily digests above all, and sends them: in a thread beside the jobs.

The rows are the truth: what an e-mail tells is taken in the transaction that makes it, and an e-mail is taken before it
is sent. Any number of workers may look, and be ended at any moment: nobody is told twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from planner import mail
from planner.config import Settings
from planner.jobs.solving import writing
from planner.models import now
from planner.services.account import mails
from planner.services.work import digests

Write = Callable[[], object]  # makes what is due; it has the words and the addresses, which need the application
LOOK_EVERY_S = 5.0
LATE = timedelta(minutes=1)
log = structlog.get_logger(__name__)


class Writing(threading.Thread):
    """Looks for what is to be told by e-mail, has it written, and sends it."""

    def __init__(self, engine: Engine, settings: Settings, stopping: threading.Event, write: Write | None) -> None:
        super().__init__(name="writing", daemon=True)
        self._engine, self._settings, self._stopping, self._write = engine, settings, stopping, write

    def run(self) -> None:
        """Looks every few seconds; what goes wrong is tried again the next time."""
        while not self._stopping.wait(LOOK_EVERY_S):
            try:
                self.write()
                self.send()
            except SQLAlchemyError:
                log.exception("mails_not_written")

    def write(self) -> None:
        """Has what is due written."""
        with Session(self._engine) as session:
            is_due = digests.is_anything_due(session, now(), now() - LATE)
        if is_due and self._write is not None:
            self._write()

    def send(self) -> int:
        """Sends what is to be sent, each message once; how many there were."""
        with Session(self._engine) as session:
            ids = mails.due(session, now())
        for mail_id in ids:
            if self._stopping.is_set():
                break
            with writing(self._engine) as session:
                is_mine = mails.take(session, mail_id)
            if is_mine and not mail.deliver(sessionmaker(self._engine), self._settings, mail_id):
                with writing(self._engine) as session:
                    mails.put_back(session, mail_id)
        return len(ids)
