"""Candidates: add, edit, list, and how far each has come; the hired one becomes an employee, with the plan intact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from planner.models import (
    Candidate,
    CapacitySpan,
    Person,
    PersonKind,
    Requisition,
    RequisitionState,
    Stage,
    Workspace,
    folded,
    today,
)
from planner.schemas.hiring_candidates import CandidateSaid, StageSaid
from planner.services.editing import fill, require_version, touch
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing import calendars
from planner.services.staffing.calendars import FOR_EVER
from planner.services.staffing.people import WHOLE, put_on
from planner.services.staffing.projects import add_keyed, id_in, workspace_of
from planner.services.staffing.utilisation import present_idx

CONSIDERED = [stage for stage in Stage if stage.is_considered]
OPEN_TO_CANDIDATES = (RequisitionState.DRAFT, RequisitionState.OPEN)


def add_candidate(session: Session, said: CandidateSaid) -> Candidate:
    """Adds a candidate and the person that they are. Raises Refused like `people.add_person`."""
    _require_requisition(session, said, None)
    person = Person(kind=PersonKind.CANDIDATE)
    put_on(session, person, said)
    candidate = fill(Candidate(person=add_keyed(session, person, "p"), stage_since_on=today()), said)
    candidate.applied_on = candidate.applied_on or today()
    session.add(candidate)
    session.flush()
    return candidate


def edit_candidate(session: Session, candidate: Candidate, said: CandidateSaid, version: int | None) -> Candidate:
    """Edits a candidate and the person that they are. Raises Stale and Refused."""
    require_version(candidate, version)
    _require_requisition(session, said, candidate)
    put_on(session, candidate.person, said)
    touch(session, candidate.person)
    fill(candidate, said, leave=("stage",))
    _set_stage(session, candidate, said.stage)
    touch(session, candidate)
    return candidate


def move_candidate(session: Session, candidate: Candidate, said: StageSaid, version: int | None) -> Candidate:
    """Moves a candidate to another stage. Raises Stale."""
    require_version(candidate, version)
    _set_stage(session, candidate, said.stage)
    session.flush()
    return candidate


def page_of_candidates(session: Session, query: Query) -> Page[Candidate]:
    """The candidates, as the URL asks for them."""
    statement = (
        select(Candidate)
        .join(Person, Person.id == Candidate.person_id)
        .outerjoin(Requisition, Requisition.id == Candidate.requisition_id)
        .options(contains_eager(Candidate.requisition), contains_eager(Candidate.person).options(*WHOLE))
    )
    return paged(
        session,
        statement,
        query,
        sorts={
            "name": folded(Person.name),
            "stage": cast(Candidate.stage, String),
            "since": Candidate.stage_since_on,
            "requisition": Requisition.number,
            "earliest": Person.earliest_on,
            "acceptance": Person.acceptance_pct,
            "cost": Person.cost_minor,
            "id": Candidate.id,
        },
        default="id" if query.sort else "name",
        search=(Person.name, Candidate.source, Requisition.title),
        filters={"stage": _at_stage, "requisition": _for_requisition},
    )


def num_by_stage(session: Session) -> dict[Stage, int]:
    """How many candidates stand at each stage."""
    return dict(session.execute(select(Candidate.stage, func.count()).group_by(Candidate.stage)).all())


def candidates_of(session: Session, requisition: Requisition) -> list[Candidate]:
    """The candidates of a requisition with their skills and styles, the furthest first."""
    statement = (
        select(Candidate)
        .where(Candidate.requisition_id == requisition.id)
        .options(
            joinedload(Candidate.person).selectinload(Person.skills),
            joinedload(Candidate.person).selectinload(Person.styles),
            joinedload(Candidate.person).joinedload(Person.site),
        )
    )
    order = {stage: n for n, stage in enumerate((Stage.HIRED, *reversed(CONSIDERED), Stage.WITHDRAWN, Stage.DECLINED))}
    return sorted(session.scalars(statement), key=lambda one: (order[one.stage], one.person.name))


def people_to_consider(session: Session) -> Sequence[Person]:
    """The people whom a plan may propose to hire from among the candidates."""
    held = select(Candidate.person_id).where(Candidate.stage.in_(CONSIDERED))
    return session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.id)).all()


def _at_stage(found: Select[Any], value: str) -> Select[Any]:
    if value == "considered":
        return found.where(Candidate.stage.in_(CONSIDERED))
    return found.where(cast(Candidate.stage, String) == value)


def _for_requisition(found: Select[Any], value: str) -> Select[Any]:
    wanted = Candidate.requisition_id
    return found.where(wanted.is_(None) if value == "none" else wanted == id_in(value))


def _require_requisition(session: Session, said: CandidateSaid, candidate: Candidate | None) -> None:
    """A candidate is newly put only on a requisition that is there and still open to candidates."""
    if said.requisition_id is None or (candidate is not None and said.requisition_id == candidate.requisition_id):
        return
    requisition = session.get(Requisition, said.requisition_id)
    if requisition is None:
        raise Refused("choice_is_not_there", field="requisition_id")
    if requisition.state not in OPEN_TO_CANDIDATES:
        raise Refused("requisition_is_over", field="requisition_id", number=requisition.number)


def _set_stage(session: Session, candidate: Candidate, stage: Stage) -> None:
    if candidate.stage is stage:
        return
    candidate.stage, candidate.stage_since_on = stage, today()
    is_hired = stage is Stage.HIRED
    if is_hired and candidate.person.kind is PersonKind.CANDIDATE:
        _begin_work(candidate.person, workspace_of(session))
    candidate.person.kind = PersonKind.EMPLOYEE if is_hired else PersonKind.CANDIDATE


def _begin_work(person: Person, workspace: Workspace) -> None:
    """From now on an employee: earliest start, notice and ramp-up become rows of their capacity."""
    begin_idx = calendars.earliest_idx(person, workspace, present_idx(workspace))
    begin = max(workspace.moment_of(begin_idx), person.earliest_on or workspace.moment_of(begin_idx))
    ramped = workspace.moment_of(begin_idx + person.ramp_up_periods)
    spans = [row for span in person.capacity_spans for row in _ramped(span, begin, ramped, person.ramp_up_pct)]
    person.capacity_spans[:] = spans
    person.notice_periods = person.ramp_up_periods = 0
    person.ramp_up_pct = 100


def _ramped(span: CapacitySpan, begin: datetime, ramped: datetime, ramp_up_pct: int) -> list[CapacitySpan]:
    """A capacity row from the first day of work on, less in the ramp-up."""
    end = span.to_on or FOR_EVER
    parts = ((begin, min(ramped, end), ramp_up_pct), (max(begin, ramped), end, 100))
    rows = []
    for low, high, share in parts:
        first = max(low, span.from_on or low)
        if first < high:
            last = None if high == FOR_EVER else high
            rows.append(CapacitySpan(from_on=first, to_on=last, fte_pct=span.fte_pct * share // 100))
    return rows
