"""The life of a background job: claimed under a lease, alive by its heartbeat, retaken when its worker dies.

The row is the truth and the database's clock the only one, so that workers on any number of machines agree. Every
write of a worker is fenced by its lease: an orphan that lives on after its job was given to another changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Interval, Update, func, literal, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from planner.models import Job, JobState, Plan, PlanState
from planner.models.declarative import Instant
from planner.services.planning.causes import Cause, cause, columns_of

MOST_ATTEMPTS = 3
STALE_S = 15  # without a heartbeat for so long, a worker is taken for dead
WAITING = (JobState.QUEUED, JobState.RETRYING)
NO_HEARTBEAT = cause("no_heartbeat")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a job, and to write what comes of it."""

    job_id: int
    plan_id: int
    lease: str
    attempt: int
    inquiry_id: int | None = None


class Reaped(NamedTuple):
    """Jobs that go on: taken from dead workers, or waiting for so long that the queue may have lost them."""

    retaken: list[int]
    waiting: list[int]


def clock(session: Session, ago_s: int = 0) -> ColumnElement[datetime]:
    """The database's present instant, or one some seconds ago."""
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime("%Y-%m-%d %H:%M:%f000", "now", f"-{ago_s} seconds", type_=Instant())
    return type_coerce(func.clock_timestamp() - literal(timedelta(seconds=ago_s), Interval()), Instant())


def claim(session: Session, job_id: int) -> Claim | None:
    """Takes a waiting job; None where somebody else was first, or it waits no longer."""
    lease = uuid.uuid4().hex
    statement = (
        update(Job)
        .where(Job.id == job_id, Job.state.in_(WAITING), Job.attempts < MOST_ATTEMPTS)
        .values(
            state=JobState.RUNNING,
            lease=lease,
            attempts=Job.attempts + 1,
            started_at=clock(session),
            heartbeat_at=clock(session),
            progress={},
        )
        .returning(Job.plan_id, Job.attempts, Job.inquiry_id)
    )
    row = session.execute(statement, execution_options={"synchronize_session": False}).first()
    return Claim(job_id, row.plan_id, lease, row.attempts, row.inquiry_id) if row is not None else None


def beat(session: Session, held: Claim, progress: Mapping[str, Any]) -> bool | None:
    """Says that the worker lives and how far it is; whether it is asked to stop, None where the job is not its own."""
    statement = _fenced(held).values(heartbeat_at=clock(session), progress=dict(progress))
    return session.scalar(statement.returning(Job.is_cancel_asked), execution_options={"synchronize_session": False})


def finish(session: Session, held: Claim, state: JobState, failure: Cause | None = None) -> bool:
    """Ends a job; False, and nothing is written, where it is not the worker's own any more."""
    values = {"state": state, **columns_of(failure), "finished_at": clock(session)}
    return _is_written(session, _fenced(held).values(**values))


def give_back(session: Session, held: Claim, reason: Cause) -> bool:
    """Gives up an attempt that came to nothing; whether the job waits for another one. After three it has failed."""
    if held.attempt < MOST_ATTEMPTS:
        values = {"state": JobState.RETRYING, "lease": None, **columns_of(reason)}
        return _is_written(session, _fenced(held).values(**values))
    failure = _interrupted(held.attempt, reason)
    if finish(session, held, JobState.FAILED, failure):
        fail_plan(session, held.plan_id, failure)
    return False


def hand_back(session: Session, held: Claim) -> bool:
    """Puts a job back as if it had not been taken: its worker was asked to stop, which is no fault of the job's."""
    values = {"state": JobState.QUEUED, "lease": None, "attempts": Job.attempts - 1, "heartbeat_at": None}
    return _is_written(session, _fenced(held).values(**values))


def reap(session: Session, *, stale_s: int = STALE_S, waiting_s: int | None = None) -> Reaped:
    """Takes jobs from workers that gave no sign of life; a job that was interrupted three times has failed.

    With `waiting_s`, names waiting jobs as well that nobody has handed to the queue for so long.
    """
    dead = (Job.state == JobState.RUNNING, Job.heartbeat_at < clock(session, stale_s))
    retaken = update(Job).where(*dead, Job.attempts < MOST_ATTEMPTS)
    why = columns_of(NO_HEARTBEAT)
    values = {"state": JobState.RETRYING, "lease": None, **why, "heartbeat_at": clock(session)}
    again = _ids(session, retaken.values(**values))
    failure = _interrupted(MOST_ATTEMPTS, NO_HEARTBEAT)
    ended = {"state": JobState.FAILED, "lease": None, **columns_of(failure), "finished_at": clock(session)}
    failed = _ids(session, update(Job).where(*dead, Job.attempts >= MOST_ATTEMPTS).values(**ended))
    for plan_id in session.scalars(select(Job.plan_id).where(Job.id.in_(failed))).all():
        fail_plan(session, plan_id, failure)
    return Reaped(again, _forgotten(session, waiting_s) if waiting_s is not None else [])


def num_waiting(session: Session) -> int:
    """How many jobs wait for a worker."""
    return session.scalar(select(func.count()).select_from(Job).where(Job.state.in_(WAITING))) or 0


def fail_plan(session: Session, plan_id: int, failure: Cause) -> None:
    """A plan that did not come about: kept for the operator, shown to nobody."""
    statement = update(Plan).where(Plan.id == plan_id, Plan.state == PlanState.WAITING)
    values = {"state": PlanState.FAILED, **columns_of(failure)}
    session.execute(statement.values(**values), execution_options={"synchronize_session": False})


def _interrupted(attempts: int, reason: Cause) -> Cause:
    return cause("interrupted", attempts=attempts, reason=reason)


def _forgotten(session: Session, waiting_s: int) -> list[int]:
    """Jobs that wait, and were last handed to the queue so long ago; a waiting job's heartbeat is that instant."""
    handed = or_(Job.heartbeat_at < clock(session, waiting_s), Job.heartbeat_at.is_(None))
    statement = update(Job).where(Job.state.in_(WAITING), Job.created_at < clock(session, waiting_s), handed)
    return _ids(session, statement.values(heartbeat_at=clock(session)))


def _fenced(held: Claim) -> Update:
    return update(Job).where(Job.id == held.job_id, Job.lease == held.lease, Job.state == JobState.RUNNING)


def _is_written(session: Session, statement: Update) -> bool:
    return bool(_ids(session, statement))


def _ids(session: Session, statement: Update) -> list[int]:
    options = {"synchronize_session": False}
    return sorted(session.scalars(statement.returning(Job.id), execution_options=options))
