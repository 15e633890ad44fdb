"""Changing things in a scenario: what is said is judged like what is said elsewhere, and kept as differences."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError
from sqlalchemy import update
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from planner.models import (
    FIRST_NEW,
    Scenario,
    ScenarioChange,
    ScenarioSubject,
    SubjectKind,
    SubjectState,
    User,
    now,
)
from planner.schemas.planning_scenarios import ChangeSaid
from planner.services.editing import touch
from planner.services.planning.scenario_documents import (
    KINDS,
    WORKSPACE_ID,
    Flat,
    Subject,
    differing,
    flat,
    said_schema,
    subject_of,
    whole,
)
from planner.services.planning.trying import PARENT_KINDS, tried
from planner.services.refused import Refused, Stale


def change(
    session: Session, scenario: Scenario, said: ChangeSaid, *, by: User, place: str = "fields"
) -> Subject | None:
    """Changes, adds or leaves out something. Raises ValidationError, LookupError, and Refused.

    What is left out and was only here is None from then on.
    """
    if said.state is SubjectState.ADDED:
        document = _judged(said_schema(said.kind), said.fields, place)
        return add(session, scenario, said.kind, document, parent_id=said.parent_id, by=by)
    ident = WORKSPACE_ID if said.kind is SubjectKind.WORKSPACE else said.id or 0
    subject = subject_of(session, scenario, said.kind, ident)
    if said.state is SubjectState.REMOVED:
        return leave_out(session, subject, by=by)
    if subject.here is None:
        raise Refused("scenario_leaves_it_out", title=subject.title)
    closed = KINDS[said.kind].closed if not subject.is_new else frozenset()
    schema = said_schema(said.kind, is_candidate=subject.is_candidate)
    present = whole(said.kind, subject.here)
    whole_said = {**present, **{n: _with(present.get(n), v) for n, v in said.fields.items() if n not in closed}}
    if subject.is_candidate:
        whole_said.pop("kind", None)
    return edit(session, subject, _judged(schema, whole_said, place), subject.version, by=by)


def edit(session: Session, subject: Subject, said: BaseModel, version: int | None, *, by: User) -> Subject:
    """Makes a subject in its scenario what is said. Raises Stale, and Refused where its verb would not allow it."""
    _read_whole(session, subject)
    if version != subject.version:
        raise Stale(subject.record or subject.row)
    wanted = flat(subject.kind, said.model_dump(mode="json"))
    record = _record_of(session, subject, by)
    if record.is_new:
        record.said = whole(subject.kind, wanted)
    else:
        _keep_differences(record, _open(subject, wanted), by)
    return _kept(session, subject.scenario, record, by)


def _read_whole(session: Session, subject: Subject) -> None:
    """Reads a record once more, under a lock: its version and its changes may be of before and after another's edit."""
    record = subject.record
    if record is not None and record.id is not None:
        session.flush()
        session.expire(record)
        try:
            session.refresh(record, with_for_update=True)
        except InvalidRequestError as error:
            raise Refused("scenario_subject_is_gone", title=subject.title) from error


def add(
    session: Session, scenario: Scenario, kind: SubjectKind, said: BaseModel, *, parent_id: int | None, by: User
) -> Subject:
    """Adds something that only the scenario has. Raises Refused where its verb would not allow it."""
    label = ""
    if kind in PARENT_KINDS:
        above = subject_of(session, scenario, PARENT_KINDS[kind], parent_id or 0)
        if above.here is None:
            raise Refused("scenario_leaves_it_out", title=above.title)
        label = above.title if kind is SubjectKind.RULE else ""  # a rule has no name of its own
    record = ScenarioSubject(
        scenario=scenario,
        kind=kind,
        subject_id=FIRST_NEW + _next_number(session, scenario),
        state=SubjectState.ADDED,
        parent_id=parent_id if kind in PARENT_KINDS else None,
        label=label,
        said=said.model_dump(mode="json"),
        by_name=by.name,
    )
    session.add(record)
    return _kept(session, scenario, record, by)


def leave_out(session: Session, subject: Subject, *, by: User) -> Subject | None:
    """Leaves something out of the scenario, with all that it says of it; what only the scenario had is gone."""
    scenario = subject.scenario
    if subject.is_new and subject.record is not None:
        _drop_new(scenario, subject.record)
        move_on(session, scenario)
        return None
    record = _record_of(session, subject, by)
    record.state, record.base_version = SubjectState.REMOVED, subject.row.version
    record.changes.clear()
    for one in [one for one in scenario.subjects if one.is_new and one.parent_id == subject.id]:
        if PARENT_KINDS.get(one.kind) is subject.kind:
            _drop_new(scenario, one)
    return _kept(session, scenario, record, by)


def take_back(session: Session, scenario: Scenario, record: ScenarioSubject, field: str | None = None) -> Scenario:
    """Makes a field, or all of a subject, again what is there; what only the scenario had is gone."""
    if record.is_new:
        _drop_new(scenario, record)
    elif field is not None:
        record.changes[:] = [one for one in record.changes if one.field != field]
    else:
        record.changes.clear()
        record.state, record.base_version = SubjectState.CHANGED, None
    if record in scenario.subjects:
        touch(session, record)
    move_on(session, scenario)
    return scenario


def move_on(session: Session, scenario: Scenario) -> None:
    """Dates a change below a scenario. Its version stays: two may change two things of it at once."""
    statement = update(Scenario).where(Scenario.id == scenario.id).values(changed_at=now())
    session.execute(statement, execution_options={"synchronize_session": False})
    session.flush()


def _next_number(session: Session, scenario: Scenario) -> int:
    """A number that nothing new of this scenario has had."""
    counted = update(Scenario).where(Scenario.id == scenario.id).values(num_added=Scenario.num_added + 1)
    options = {"synchronize_session": False}
    return session.execute(counted.returning(Scenario.num_added), execution_options=options).scalar_one()


def _record_of(session: Session, subject: Subject, by: User) -> ScenarioSubject:
    if subject.record is not None:
        return subject.record
    label = "" if subject.kind is SubjectKind.PERSON else subject.title
    record = ScenarioSubject(
        scenario=subject.scenario, kind=subject.kind, subject_id=subject.id, label=label, by_name=by.name
    )
    session.add(record)
    return record


def _open(subject: Subject, wanted: Flat) -> dict[str, tuple[Any, Any]]:
    """The differences from what is there, by field: (there, wanted). What a scenario does not change is passed over."""
    there, closed = subject.there or {}, KINDS[subject.kind].closed
    names = [name for name in differing(there, wanted) if name not in closed]
    names = [name for name in names if name in wanted or ":" in name]
    return {name: (there.get(name), wanted.get(name)) for name in names}


def _keep_differences(record: ScenarioSubject, wanted: dict[str, tuple[Any, Any]], by: User) -> None:
    """The rows of a subject become its differences; one that says the same as before keeps what it was made from."""
    record.state, record.base_version = SubjectState.CHANGED, None
    present = {row.field: row for row in record.changes}
    for name, row in present.items():
        if name not in wanted:
            record.changes.remove(row)
    for name, (there, value) in wanted.items():
        if name not in present:
            record.changes.append(ScenarioChange(field=name, base=there, value=value, by_name=by.name))
        elif present[name].value != value:
            row = present[name]
            row.base, row.value, row.by_name, row.at = there, value, by.name, now()


def _is_otherwise(session: Session, record: ScenarioSubject) -> bool:
    """Whether something is said that was not said before: whoever saves it unchanged has not changed it."""
    return session.is_modified(record) or any(session.is_modified(row) for row in record.changes)


def _kept(session: Session, scenario: Scenario, record: ScenarioSubject, by: User) -> Subject:
    """Writes a subject down, once it has been seen that its verb allows it. Raises Refused."""
    if _is_otherwise(session, record):
        record.by_name, record.at = by.name, now()
    session.flush()
    move_on(session, scenario)
    with tried(session, scenario) as applied:
        refused = applied.refused.get(record.id)
    if refused is not None:
        raise refused
    return subject_of(session, scenario, record.kind, record.subject_id)


def _drop_new(scenario: Scenario, record: ScenarioSubject) -> None:
    """Takes out what only the scenario had, and what stood below it."""
    below = [one for one in scenario.subjects if one.parent_id == record.subject_id and one.is_new]
    for one in below:
        _drop_new(scenario, one)
    if record in scenario.subjects:
        scenario.subjects.remove(record)


def _with(present: Any, said: Any) -> Any:
    """What is said in place of what is there; parts of an object that are not named stay."""
    return {**present, **said} if isinstance(present, dict) and isinstance(said, dict) else said


def _judged(schema: type[BaseModel], document: dict[str, Any], place: str) -> BaseModel:
    """What a document says, by its schema. Raises ValidationError, each fault at its place in what was said."""
    try:
        return schema.model_validate(document)
    except ValidationError as error:
        above = tuple(place.split("."))
        faults: list[InitErrorDetails] = [
            {
                "type": PydanticCustomError(one["type"], "{why}", {"why": one["msg"], **one.get("ctx", {})}),
                "loc": (*above, *one["loc"]),
                "input": None,
            }
            for one in error.errors(include_url=False)
        ]
        raise ValidationError.from_exception_data("fields", faults) from error
