"""Sends reports that are due, and looks for alerts: in a thread beside the worker's jobs, until it is asked to stop."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from planner import access, mail
from planner.config import Settings
from planner.jobs.solving import writing
from planner.models import ReportSchedule, ReportSending, now
from planner.services.outcomes import report_mails, schedules
from planner.services.outcomes.reports import ACTIONS
from planner.services.outcomes.schedules import Due
from planner.services.work import alerts

LOOK_EVERY_S = 20.0
log = structlog.get_logger(__name__)


class Reporting(threading.Thread):
    """Looks every few seconds; any number of workers may do so, and each report still goes out once."""

    def __init__(self, engine: Engine, settings: Settings, stopping: threading.Event) -> None:
        super().__init__(name="reporting", daemon=True)
        self._engine, self._settings, self._stopping = engine, settings, stopping
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    def run(self) -> None:
        """A database that is busy or restarts is asked again the next time."""
        while not self._stopping.wait(LOOK_EVERY_S):
            for step in (self.send_due, self.deliver_left, self.look):
                try:
                    step()
                except SQLAlchemyError:
                    log.exception("not_reported", step=step.__name__)

    def send_due(self) -> int:
        """Sends what is due; how many messages were kept. One that cannot be written is left for the next time."""
        with Session(self._engine) as session:
            found = schedules.due(session, now())
        num = 0
        for one in found:
            if self._stopping.is_set():
                break
            try:
                num += self._send(one)
            except (IntegrityError, StaleDataError):  # another worker was first
                log.info("report_sent_elsewhere", schedule=one.schedule_id)
            except Exception:
                log.exception("report_not_written", schedule=one.schedule_id)
        return num

    def _send(self, one: Due) -> int:
        """Writes a message while nobody waits, then keeps it and that it is sent at once, then hands it over."""
        with Session(self._engine) as session:
            schedule = session.get(ReportSchedule, one.schedule_id)
            if schedule is None:
                return 0
            may = schedule.user.active and access.allowed(schedule.user, ACTIONS[schedule.report])
            letter = (
                report_mails.written(session, schedule, self._settings.base_url)
                if may
                else report_mails.Letter("", "", "", None)
            )
        with writing(self._engine) as session:
            mail_id = report_mails.kept(session, one, letter)
        if mail_id is None:
            return 0
        self.deliver_left()
        log.info("report_sent", schedule=one.schedule_id)
        return 1

    def deliver_left(self) -> None:
        """Hands messages over that nobody has tried to: each is tried once, and then waits for the administrator."""
        with Session(self._engine) as session:
            left = schedules.undelivered(session)
        for ident in left:
            with writing(self._engine) as session:
                sending = session.get(ReportSending, ident, with_for_update=True)
                mine = sending is not None and sending.tried_at is None
                mail_id = sending.mail_id if sending is not None else None
                if sending is not None and mine:
                    sending.tried_at = now()
            if mine and mail_id is not None:
                mail.deliver(self._sessions, self._settings, mail_id)

    def look(self) -> None:
        """Looks for alerts where anything has changed; what is found is kept in a moment."""
        with Session(self._engine) as session:
            if not alerts.is_stale(session):
                return
            seen = alerts.looked(session)
        try:
            with writing(self._engine) as session:
                alerts.look(session, seen)
        except (IntegrityError, StaleDataError):  # somebody else looked, or decided, at the same moment
            log.info("alerts_looked_for_elsewhere")
