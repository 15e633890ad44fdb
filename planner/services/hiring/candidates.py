"""Candidates: add, edit, list, and how far each has come. Nobody is hired here: that takes two people (`decisions`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from planner.models import (
    Candidate,
    CandidateEvent,
    CapacitySpan,
    EventKind,
    Person,
    PersonKind,
    PipelineColumn,
    Requisition,
    RequisitionState,
    Stage,
    User,
    Workspace,
    folded,
    hidden,
    today,
)
from planner.schemas.hiring_candidates import CandidateSaid, MovesSaid, ShortlistSaid, StageSaid
from planner.services.editing import fill, require_version, touch
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing import calendars
from planner.services.staffing.calendars import FOR_EVER
from planner.services.staffing.people import WHOLE, put_on
from planner.services.staffing.projects import add_keyed, id_in
from planner.services.staffing.utilisation import present_idx

CONSIDERED = [stage for stage in Stage if stage.is_considered]
OPEN_TO_CANDIDATES = (RequisitionState.DRAFT, RequisitionState.OPEN)


def add_candidate(session: Session, said: CandidateSaid, *, by: User | None = None) -> Candidate:
    """Adds a candidate and the person that they are. Raises Refused like `people.add_person`, and for *hired*."""
    _require_requisition(session, said, None)
    if said.stage is Stage.HIRED:
        raise Refused("hire_wants_two_people", field="stage")
    person = Person(kind=PersonKind.CANDIDATE)
    put_on(session, person, said)
    candidate = fill(Candidate(person=add_keyed(session, person, "p"), stage_since_on=today()), said)
    candidate.applied_on = candidate.applied_on or today()
    session.add(candidate)
    session.flush()
    note(candidate, EventKind.ADDED, by=by, to_stage=candidate.stage)
    session.flush()
    return candidate


def edit_candidate(
    session: Session, candidate: Candidate, said: CandidateSaid, version: int | None, *, by: User | None = None
) -> Candidate:
    """Edits a candidate and the person that they are. Raises Stale and Refused."""
    require_version(candidate, version)
    _require_requisition(session, said, candidate)
    put_on(session, candidate.person, said)
    touch(session, candidate.person)
    if said.requisition_id != candidate.requisition_id:
        note(candidate, EventKind.REASSIGNED, by=by)
    fill(candidate, said, leave=("stage",))
    _set_stage(session, candidate, StageSaid(stage=said.stage, column_id=_column_kept(candidate, said.stage)), by)
    touch(session, candidate)
    return candidate


def move_candidate(
    session: Session, candidate: Candidate, said: StageSaid, version: int | None, *, by: User | None = None
) -> Candidate:
    """Moves a candidate to another stage. Raises Stale; Refused where that takes two people, a reason or a column."""
    require_version(candidate, version)
    _set_stage(session, candidate, said, by)
    session.flush()
    return candidate


def move_candidates(session: Session, said: MovesSaid, *, by: User | None = None) -> list[Candidate]:
    """Moves several candidates to one stage: all, or none. Raises Refused, also where one was edited meanwhile."""
    rows = {row.id: row for row in session.scalars(select(Candidate).where(Candidate.id.in_(_ids(said))))}
    for line in said.candidates:
        if line.id not in rows:
            raise Refused("candidate_is_gone")
        if rows[line.id].version != line.version:
            raise Refused("candidate_has_changed", name=rows[line.id].person.name)
        _set_stage(session, rows[line.id], said, by)
    session.flush()
    return [rows[line.id] for line in said.candidates]


def shortlist(
    session: Session, candidate: Candidate, said: ShortlistSaid, version: int | None, *, by: User | None = None
) -> Candidate:
    """Puts a candidate on the shortlist, or takes them off it, with a reason. Raises Stale."""
    require_version(candidate, version)
    if candidate.is_shortlisted is not said.is_shortlisted:
        candidate.is_shortlisted = said.is_shortlisted
        kind = EventKind.SHORTLISTED if said.is_shortlisted else EventKind.UNLISTED
        note(candidate, kind, by=by, reason=said.reason)
    touch(session, candidate)
    return candidate


def note(candidate: Candidate, kind: EventKind, *, by: User | None, reason: str = "", **what: Any) -> None:
    """Writes down what happened to a candidate, for whichever requisition they are considered then."""
    event = CandidateEvent(kind=kind, by_name=by.name if by is not None else "", reason=reason, **what)
    event.requisition_id = candidate.requisition_id
    candidate.events.append(event)


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
        search=(Requisition.title,) if hidden.get().names else (Person.name, Candidate.source, Requisition.title),
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


def neighbours_of(session: Session, candidate: Candidate) -> tuple[int | None, int | None]:
    """The ids of the candidates before and after this one: same requisition, those in the process the longest first."""
    statement = (
        select(Candidate.id)
        .where(Candidate.requisition_id == candidate.requisition_id, Candidate.stage.in_(CONSIDERED))
        .order_by(Candidate.stage_since_on, Candidate.id)
    )
    idents = list(session.scalars(statement))
    if candidate.id not in idents:
        return None, None
    here = idents.index(candidate.id)
    return (idents[here - 1] if here else None), (idents[here + 1] if here + 1 < len(idents) else None)


def candidates_among(session: Session, person_ids: Sequence[int]) -> list[Candidate]:
    """The candidates among some people."""
    return list(session.scalars(select(Candidate).where(Candidate.person_id.in_(person_ids))))


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


def _ids(said: MovesSaid) -> list[int]:
    return [line.id for line in said.candidates]


def _column_kept(candidate: Candidate, stage: Stage) -> int | None:
    """The column of the board that the candidate stands in, unless they leave its stage."""
    return candidate.column_id if stage is candidate.stage else None


def _set_stage(session: Session, candidate: Candidate, said: StageSaid, by: User | None) -> None:
    """To another stage or column. Nobody is hired, and no hire is undone, by moving a card."""
    _require_column(session, said)
    if said.stage is candidate.stage:
        candidate.column_id = said.column_id
        return
    if Stage.HIRED in (said.stage, candidate.stage):
        code = "hire_wants_two_people" if said.stage is Stage.HIRED else "hire_is_undone_apart"
        raise Refused(code, field="stage", name=candidate.person.name)
    if said.stage is Stage.DECLINED and not said.reason.strip():
        raise Refused("declining_wants_a_reason", field="reason")
    put_at(candidate, said.stage, EventKind.MOVED, by=by, reason=said.reason, column_id=said.column_id)


def put_at(
    candidate: Candidate,
    stage: Stage,
    kind: EventKind,
    *,
    by: User | None,
    reason: str = "",
    column_id: int | None = None,
    plan_number: int | None = None,
) -> None:
    """Puts a candidate at a stage from today on, and writes down what that was."""
    before = candidate.stage
    candidate.stage, candidate.column_id, candidate.stage_since_on = stage, column_id, today()
    note(candidate, kind, by=by, reason=reason, from_stage=before, to_stage=stage, plan_number=plan_number)


def _require_column(session: Session, said: StageSaid) -> None:
    """A column must be there, and be one of the stage."""
    if said.column_id is None:
        return
    column = session.get(PipelineColumn, said.column_id)
    if column is None or column.stage is not said.stage:
        raise Refused("stage_is_gone", field="column_id")


def begin_work(person: Person, workspace: Workspace) -> None:
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
