"""Reports by e-mail: chosen, listed, and sent once each time that they are due."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from planner import access
from planner.models import (
    Every,
    OutgoingMail,
    Project,
    ReportKind,
    ReportSchedule,
    ReportSending,
    SentAs,
    StoppedBecause,
    User,
    now,
    today,
)
from planner.schemas.outcomes_reports import ScheduleSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.outcomes.reports import ACTIONS
from planner.services.outcomes.wanted import Wanted
from planner.services.refused import Refused

MOST_SCHEDULES = 20  # of one person
MOST_AT_ONCE = 20
KEPT = timedelta(days=400)


@dataclass(frozen=True)
class Due:
    """A report that is due, and the instant for which it is."""

    schedule_id: int
    due_at: datetime


def add_schedule(session: Session, said: ScheduleSaid, *, by: User) -> ReportSchedule:
    """Has a report sent. Raises Refused for one that they may not see, and where they have very many."""
    _require_allowed(session, said, by)
    mine = session.scalars(select(ReportSchedule.id).where(ReportSchedule.user_id == by.id)).all()
    if len(mine) >= MOST_SCHEDULES:
        raise Refused("too_many_schedules", most=MOST_SCHEDULES)
    schedule = fill(ReportSchedule(user_id=by.id), said)
    schedule.next_at = next_due(schedule, now()) if said.is_active else None
    session.add(schedule)
    session.flush()
    return schedule


def edit_schedule(
    session: Session, schedule: ReportSchedule, said: ScheduleSaid, version: int | None, *, by: User
) -> ReportSchedule:
    """Has it sent otherwise. Raises Stale; Refused for a report that they may not see."""
    require_version(schedule, version)
    _require_allowed(session, said, by)
    before = (schedule.every, schedule.weekday, schedule.month_day, schedule.hour, schedule.is_active)
    fill(schedule, said)
    if before != (schedule.every, schedule.weekday, schedule.month_day, schedule.hour, schedule.is_active):
        schedule.next_at = next_due(schedule, now()) if said.is_active else None
    if schedule.stopped_because is not None:
        schedule.stopped_because = None
        schedule.next_at = next_due(schedule, now()) if said.is_active else None
    session.flush()
    return schedule


def send_now(session: Session, schedule: ReportSchedule, version: int | None) -> ReportSchedule:
    """Has it sent within a minute, besides when it is due anyway. Raises Stale; Refused where it is switched off."""
    require_version(schedule, version)
    if not schedule.is_active:
        raise Refused("schedule_is_off")
    schedule.next_at, schedule.stopped_because = now().replace(microsecond=0), None
    session.flush()
    return schedule


def page_of_schedules(session: Session, query: Query, user: User) -> Page[ReportSchedule]:
    """One's own reports by e-mail, the next one first."""
    return paged(
        session,
        select(ReportSchedule)
        .where(ReportSchedule.user_id == user.id)
        .options(selectinload(ReportSchedule.sendings), selectinload(ReportSchedule.project)),
        query,
        sorts={"next": ReportSchedule.next_at, "report": ReportSchedule.report},
        default="next",
        filters={
            "report": lambda found, value: (
                found.where(ReportSchedule.report == value) if value in set(ReportKind) else found
            )
        },
    )


def due(session: Session, at: datetime) -> list[Due]:
    """What is due by now, the longest first."""
    statement = (
        select(ReportSchedule.id, ReportSchedule.next_at)
        .where(ReportSchedule.is_active, ReportSchedule.next_at <= at)
        .order_by(ReportSchedule.next_at, ReportSchedule.id)
        .limit(MOST_AT_ONCE)
    )
    return [Due(ident, next_at) for ident, next_at in session.execute(statement) if next_at is not None]


def take(session: Session, one: Due) -> ReportSchedule | None:
    """Takes what is due, in the transaction that keeps its message: None where another worker has.

    Whoever may not see the report any more gets none, and their schedule says why.
    """
    schedule = session.get(ReportSchedule, one.schedule_id, with_for_update=True, populate_existing=True)
    if schedule is None or not schedule.is_active or schedule.next_at != one.due_at:
        return None
    user = schedule.user
    stopped = None
    if not user.active:
        stopped = StoppedBecause.NOT_ACTIVE
    elif not access.allowed(user, ACTIONS[schedule.report]):
        stopped = StoppedBecause.MAY_NOT_SEE
    if stopped is not None:
        schedule.stopped_because, schedule.next_at = stopped, None
        session.flush()
        return None
    schedule.next_at = next_due(schedule, now())
    session.flush()
    return schedule


def note_sent(session: Session, schedule: ReportSchedule, due_at: datetime, mail_id: int) -> ReportSending:
    """Writes down that a report was sent for when it was due; the database takes that only once."""
    sending = ReportSending(schedule_id=schedule.id, due_at=due_at, mail_id=mail_id)
    session.add(sending)
    old = delete(ReportSending).where(ReportSending.schedule_id == schedule.id, ReportSending.made_at < now() - KEPT)
    session.execute(old)
    session.flush()
    return sending


def undelivered(session: Session) -> Sequence[int]:
    """The sendings whose message nobody has tried to hand over yet: a worker died before it could."""
    is_waiting = (ReportSending.tried_at.is_(None), ReportSending.mail_id.is_not(None))
    return list(session.scalars(select(ReportSending.id).where(*is_waiting).order_by(ReportSending.id)))


def forget_letters(session: Session) -> None:
    """Deletes the messages with reports that have not left yet: they may name somebody who must be forgotten."""
    waiting = select(ReportSending.mail_id).where(ReportSending.mail_id.is_not(None))
    unsent = delete(OutgoingMail).where(OutgoingMail.id.in_(waiting), OutgoingMail.sent_at.is_(None))
    session.execute(unsent.execution_options(synchronize_session=False))


def wanted_of(schedule: ReportSchedule) -> Wanted:
    """What a schedule's report is about, today."""
    begin, end = today() - timedelta(days=schedule.days_back), today() + timedelta(days=schedule.days_ahead)
    return Wanted(begin, end, schedule.project_id, schedule.client)


def next_due(schedule: ReportSchedule, after: datetime) -> datetime:
    """The first instant after another at which a report is due; a short month’s last day stands for a later one."""
    here = after.astimezone(UTC)
    for n in range(63):
        day = here.date() + timedelta(days=n)
        if schedule.every is Every.WEEK:
            is_day = day.weekday() == schedule.weekday
        else:
            last = calendar.monthrange(day.year, day.month)[1]
            is_day = day.day == min(schedule.month_day or 1, last)
        at = datetime(day.year, day.month, day.day, schedule.hour, tzinfo=UTC)
        if is_day and at > here:
            return at
    raise ValueError("no such day within two months")


def is_with_file(schedule: ReportSchedule) -> bool:
    """Whether the report itself goes out with its message."""
    return schedule.sent_as is not SentAs.LINK


def _require_allowed(session: Session, said: ScheduleSaid, by: User) -> None:
    if not access.allowed(by, ACTIONS[said.report]):
        raise Refused("report_is_not_yours", field="report")
    if said.project_id is not None and session.get(Project, said.project_id) is None:
        raise Refused("project_unknown", field="project_id")
