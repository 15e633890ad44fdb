"""Erasing a candidate's data: everything by which somebody could be known goes, the totals stay right.

Plans are frozen records: a plan that knew the candidate keeps their number and loses their name. Decisions name people
by number only. Files, ratings, notes, events, answers and removed copies are deleted.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from planner.models import (
    Allocation,
    Candidate,
    Erasure,
    Intake,
    Person,
    Plan,
    Removal,
    ScenarioSubject,
    Stage,
    SubjectKind,
    User,
)
from planner.schemas.hiring_rights import ErasedSaid
from planner.services import removal
from planner.services.account import answers
from planner.services.hiring import protected
from planner.services.outcomes import efforts, schedules
from planner.services.planning import reading
from planner.services.sheets import copies, forgetting
from planner.services.work.forgetting import forget_candidate, forget_in_talk


def erase(session: Session, candidate: Candidate, said: ErasedSaid, *, by: User | None) -> Erasure:
    """Erases a candidate; of somebody who was hired only what their process left, since they work here."""
    person, is_hired = candidate.person, candidate.stage is Stage.HIRED
    record = _record(session, candidate, said, by)
    protected.count_and_forget(session, candidate)
    answers.forget(session)
    session.execute(delete(Intake).where(Intake.candidate_id == candidate.id))
    if not is_hired:
        _forget_in_plans(session, person.key)
        _forget_removals(session, person)
        forgetting.forget_person(session, person)
        copies.forget_person(session, person.key, person.name)
        _forget_in_scenarios(session, person)
        forget_in_talk(session, person.name)
        efforts.forget_person(session, person)
        schedules.forget_letters(session)
    forget_candidate(session, candidate)
    session.flush()
    session.execute(delete(Candidate).where(Candidate.id == candidate.id))
    if not is_hired:
        session.execute(delete(Person).where(Person.id == person.id))
    session.add(record)
    session.flush()
    session.expire_all()
    return record


def _record(session: Session, candidate: Candidate, said: ErasedSaid, by: User | None) -> Erasure:
    """What the totals need, and nothing by which to know who it was."""
    requisition = candidate.requisition
    held = select(func.count(Allocation.id)).where(Allocation.person_key == candidate.person.key)
    return Erasure(
        erased_by=by.name if by is not None else "",
        why=said.reason,
        requisition_number=requisition.number if requisition is not None else None,
        source=candidate.source if not _names(candidate.source, candidate.person) else "",
        applied_on=candidate.applied_on,
        last_stage=str(candidate.stage),
        was_shortlisted=candidate.is_shortlisted,
        was_suggested=bool(session.scalar(held)),
        was_hired=candidate.stage is Stage.HIRED,
    )


def _names(text: str, person: Person) -> bool:
    """Whether a text holds part of somebody's name."""
    return any(part.lower() in text.lower() for part in person.name.split() if len(part) > 1)


def _forget_in_plans(session: Session, key: str) -> None:
    """Takes the name out of the questions of plans that knew the person; their number stays, and means nobody."""
    for plan in session.scalars(select(Plan).where(Plan.question.is_not(None))):
        document = reading.thawed(plan.question or b"")
        mine = [row for row in document["people"] if row["id"] == key and row.get("name")]
        for row in mine:
            row["name"] = ""
        if mine:
            anew = {"question": reading.frozen(document), "request_token": secrets.token_urlsafe(16)}  # no cache has it
            session.execute(update(Plan).where(Plan.id == plan.id).values(anew))


def _forget_in_scenarios(session: Session, person: Person) -> None:
    """Deletes what scenarios say of the person; nothing below it outlives it."""
    about = (ScenarioSubject.kind == SubjectKind.PERSON, ScenarioSubject.subject_id == person.id)
    session.execute(delete(ScenarioSubject).where(*about))


def _forget_removals(session: Session, person: Person) -> None:
    """Deletes the copies of what was removed where they hold the person."""
    for ident in list(_removals_with(session, person.id)):
        session.execute(delete(Removal).where(Removal.id == ident))


def _removals_with(session: Session, person_id: int) -> Iterator[int]:
    for row in session.scalars(select(Removal)):
        kept = removal.rows_of(row)
        if any(values.get("id") == person_id for name, rows in kept if name == "person" for values in rows):
            yield row.id
