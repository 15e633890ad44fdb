"""The exchange format in and out: a staffing problem opened and downloaded, a plan file opened on what it answers."""

from __future__ import annotations

import json
import secrets
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner import translate
from planner.exchange import bounded
from planner.models import (
    Booking,
    Candidate,
    Job,
    JobState,
    Person,
    Plan,
    Project,
    Removal,
    Requisition,
    Scenario,
    Site,
    User,
    VersionKind,
    Workspace,
    today,
)
from planner.services.editing import next_number
from planner.services.planning import answering
from planner.services.planning.reading import frozen
from planner.services.refused import Refused
from planner.services.staffing import calendars
from planner.translate import Counts, Untranslatable
from solver import problem as asked
from solver import solution as answered
from solver.problem import Problem
from solver.solution import Result

PROBLEM_READER = "planner.services.planning.documents:problem_said"
PLAN_READER = "planner.services.planning.documents:plan_said"


def is_empty(session: Session) -> bool:
    """Whether a staffing problem can be brought in without replacing anything."""
    return all(session.scalar(select(table.id).limit(1)) is None for table in (Person, Project, Plan))


def read_problem(data: bytes) -> Problem:
    """The staffing problem in a file of anybody's; it may take seconds, so no lock should be held meanwhile.

    Raises Refused where the file is not a staffing problem (`place` and `reason` say where and why), and where it
    cannot be read within bounds.
    """
    return asked.from_document(_document("not_a_problem", PROBLEM_READER, data))


def load_problem(session: Session, problem: Problem, *, is_replacing: bool, by: str = "") -> Counts:
    """Brings a staffing problem into the workspace, all of it or nothing: the caller commits.

    Raises Refused where the workspace is not empty and nobody said that it may be replaced, and where the calendar
    cannot be shown or a text cannot be kept.
    """
    if not is_empty(session):
        if not is_replacing:
            raise Refused("workspace_is_not_empty", field="is_replacing")
        _clear(session)
    if session.get(Workspace, 1) is None:
        session.add(Workspace(id=1, calendar_start_on=today()))
    try:
        return translate.load_rows(session, problem, by=by)
    except Untranslatable as error:
        raise Refused(error.code, field="file", **error.params) from error


def workspace_problem(session: Session) -> Problem:
    """The whole workspace as a staffing problem. Raises Refused where a currency has no rate."""
    try:
        return translate.workspace_problem(session, calendars)
    except Untranslatable as error:
        raise Refused(error.code, **error.params) from error


def workspace_document(session: Session) -> dict[str, Any]:
    """The whole workspace as a staffing-problem/1 document. Raises Refused where a currency has no rate."""
    return asked.to_document(workspace_problem(session))


def read_plan(problem: Problem, data: bytes) -> Result:
    """The plan of a problem in a file of anybody's; it may take seconds, so no lock should be held meanwhile.

    Raises Refused where the file is no plan of the problem, and where it cannot be read within bounds.
    """
    question = json.dumps(asked.to_document(problem)).encode()
    return answered.from_document(problem, _document("not_a_plan", PLAN_READER, question, data))


def keep_plan(session: Session, problem: Problem, result: Result, *, title: str, by: User) -> Plan:
    """A plan made elsewhere, as a ready plan. Raises Refused where the rulebook does not accept it."""
    verdict = answering.judge(problem, result, result.trace, is_stopped=False)
    if verdict.failure:
        raise Refused("plan_breaks_rules", field="file", why=verdict.failure)
    plan = Plan(
        number=next_number(session, Plan.number),
        title=title,
        request_token=secrets.token_urlsafe(16),
        created_by_id=by.id,
        starts_on=problem.calendar.start,
        num_periods=problem.calendar.periods,
        num_seats=len(problem.seat_by_id),
        question=frozen(asked.to_document(problem)),
    )
    session.add(plan)
    session.flush()
    answering.write(session, plan, verdict, kind=VersionKind.FILE)
    return plan


def _document(code: str, reader: str, *parts: bytes) -> Any:
    """What a reader of files finds in one. Raises Refused, by the code that is given where it is something else."""
    try:
        found = bounded.read(reader, *parts)
    except bounded.Unread as error:
        raise Refused(error.code, field="file", place="$") from error
    if "document" not in found:
        raise Refused(code, field="file", **found)
    return found["document"]


def _clear(session: Session) -> None:
    """Removes what a staffing problem is about, and all that hangs on it; the catalogues and the users stay.

    Raises Refused while a plan is being made: its worker would lose the rows under its hands.
    """
    busy = select(Job.id).where(Job.state.in_((JobState.RUNNING, JobState.RETRYING))).limit(1)
    if session.scalar(busy) is not None:
        raise Refused("plan_is_running", field="is_replacing")
    session.flush()
    for table in (Removal, Plan, Scenario, Booking, Requisition, Candidate, Project, Person, Site):
        session.execute(delete(table).execution_options(synchronize_session=False))
    session.get_one(Workspace, 1).is_sample = False
    session.flush()
    session.expire_all()
