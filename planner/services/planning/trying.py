"""The workspace as a scenario would have it, for as long as somebody looks: the edits are really made, and undone.

A scenario is applied by the very verbs by which people edit what is there, inside a savepoint that is rolled back. So a
question asked in a scenario cannot differ from the one that the same edits would bring, no rule has to be written
twice, and merging back is the same code without the rolling back. What is there is never touched: the savepoint's end
is the only way out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from planner.models import (
    FIRST_NEW,
    Person,
    Phase,
    Project,
    Scenario,
    ScenarioSubject,
    Seat,
    SubjectKind,
    SubjectState,
    User,
)
from planner.schemas.hiring_candidates import CandidateSaid, CandidateSeen
from planner.services import removal
from planner.services.account.workspace import edit_workspace
from planner.services.hiring.candidates import edit_candidate
from planner.services.planning.scenario_documents import (
    KINDS,
    Flat,
    candidate_said,
    document_of,
    flat,
    overlaid,
    said_of,
    title_of,
)
from planner.services.refused import Refused
from planner.services.staffing import needs, people, phases, projects, team_rules
from planner.services.staffing.projects import free_key

EDITS: dict[SubjectKind, Callable[..., Any]] = {
    SubjectKind.WORKSPACE: edit_workspace,
    SubjectKind.PERSON: people.edit_person,
    SubjectKind.PROJECT: projects.edit_project,
    SubjectKind.PHASE: phases.edit_phase,
    SubjectKind.NEED: needs.edit_need,
    SubjectKind.RULE: team_rules.edit_rule,
}
ADDS: dict[SubjectKind, Callable[..., Any]] = {
    SubjectKind.PERSON: people.add_person,
    SubjectKind.PROJECT: projects.add_project,
    SubjectKind.PHASE: phases.add_phase,
    SubjectKind.NEED: needs.add_need,
    SubjectKind.RULE: team_rules.add_rule,
}
PARENTS: dict[SubjectKind, type] = {
    SubjectKind.PHASE: Project,
    SubjectKind.NEED: Phase,
    SubjectKind.RULE: Phase,
}
PARENT_KINDS = {
    SubjectKind.PHASE: SubjectKind.PROJECT,
    SubjectKind.NEED: SubjectKind.PHASE,
    SubjectKind.RULE: SubjectKind.PHASE,
}
ID_LISTS = ("after_ids", "person_ids")  # fields that name what a scenario may have added


@dataclass
class Applied:
    """What came of applying subjects: the rows' ids of what was new, by its id in the scenario; what was refused."""

    ids: dict[int, int] = field(default_factory=dict)
    refused: dict[int, Refused] = field(default_factory=dict)

    def real(self, ident: int) -> int:
        """The id of a row, of what is new as well."""
        return self.ids.get(ident, ident)


@contextmanager
def tried(session: Session, scenario: Scenario) -> Iterator[Applied]:
    """The workspace as a scenario would have it, until the block ends; then everything is as it was before."""
    session.flush()
    savepoint = session.begin_nested()
    try:
        yield apply(session, scenario.id, list(scenario.subjects))
    finally:
        savepoint.rollback()
        session.expire_all()


def apply(
    session: Session,
    scenario_id: int,
    subjects: Iterable[ScenarioSubject],
    *,
    by: User | None = None,
    documents: dict[int, Flat] | None = None,
) -> Applied:
    """Makes what subjects say true, each by its verb; `documents` say otherwise what becomes of those that are there.

    What one needs another may bring: whatever is refused is tried again as long as any of the others gets through.
    What goes, goes last, so that nothing that is said of it meets that it is gone.
    """
    said = [one for one in subjects if one.is_said]
    done, waiting = Applied(), sorted(said, key=lambda one: one.state is SubjectState.REMOVED)
    while waiting:
        done.refused = {}
        left = [one for one in waiting if not _is_applied(session, scenario_id, one, done, by, documents)]
        if len(left) == len(waiting):
            break
        waiting = left
    return done


def _is_applied(
    session: Session,
    scenario_id: int,
    subject: ScenarioSubject,
    done: Applied,
    by: User | None,
    documents: dict[int, Flat] | None,
) -> bool:
    """Makes what one subject says true; False, and nothing of it stays, where its verb refuses."""
    step = session.begin_nested()
    try:
        if subject.state is SubjectState.ADDED:
            done.ids[subject.subject_id] = _add(session, scenario_id, subject, done)
        elif subject.state is SubjectState.REMOVED:
            _remove(session, subject, by)
        else:
            _edit(session, subject, done, by, (documents or {}).get(subject.id))
        session.flush()
    except Refused as refused:
        step.rollback()
        done.refused[subject.id] = refused
        return False
    step.commit()
    return True


def _add(session: Session, scenario_id: int, subject: ScenarioSubject, done: Applied) -> int:
    kind = subject.kind
    parents = []
    if kind in PARENTS:
        parents = [session.get(PARENTS[kind], done.real(subject.parent_id or 0))]
        if parents[0] is None:
            raise Refused("scenario_parent_is_gone", title=title_of(None, subject))
    said = said_of(kind, _renumbered(flat(kind, subject.said or {}), done))
    row = ADDS[kind](session, *parents, said)
    _name(session, scenario_id, subject, row)
    ident: int = row.id
    return ident


def _edit(session: Session, subject: ScenarioSubject, done: Applied, by: User | None, document: Flat | None) -> None:
    row = session.get(KINDS[subject.kind].model, subject.subject_id)
    if row is None:
        raise Refused("scenario_subject_is_gone", title=title_of(None, subject))
    there = flat(subject.kind, document_of(subject.kind, row))
    document = document if document is not None else overlaid(there, subject)
    document = _renumbered(document or {}, done)
    candidate = candidate_said(session, row) if isinstance(row, Person) else None
    said = said_of(subject.kind, document, is_candidate=candidate is not None)
    if candidate is None:
        EDITS[subject.kind](session, row, said, row.version)
        return
    known = CandidateSeen.model_validate(candidate).model_dump(mode="json")
    theirs = {name: known[name] for name in CandidateSaid.model_fields if name not in type(said).model_fields}
    whole_said = CandidateSaid.model_validate({**said.model_dump(mode="json"), **theirs})
    edit_candidate(session, candidate, whole_said, candidate.version, by=by)


def _remove(session: Session, subject: ScenarioSubject, by: User | None) -> None:
    row = session.get(KINDS[subject.kind].model, subject.subject_id)
    if row is not None:
        title = title_of(row, subject)
        removal.remove(session, row, title=title, by_id=by.id if by is not None else None)


def _renumbered(document: Flat, done: Applied) -> Flat:
    """A document that names rows where it named what only the scenario had."""
    found: Flat = {}
    for name, value in document.items():
        if name.startswith("wishes:") and value["project_id"] >= FIRST_NEW:
            project_id = done.real(value["project_id"])
            found[f"wishes:{project_id}"] = {**value, "project_id": project_id}
        elif name in ID_LISTS:
            found[name] = [done.real(ident) for ident in value]
        else:
            found[name] = value
    return found


def _name(session: Session, scenario_id: int, subject: ScenarioSubject, row: Any) -> None:
    """Gives what is new the key that it has in every plan of the scenario, and keeps once it is merged."""
    key = f"x{scenario_id}.{subject.subject_id - FIRST_NEW}"
    if subject.kind is SubjectKind.NEED:
        for seat in row.seats:
            _rekey(session, seat, Seat.key, f"{key}.{seat.number}")
    elif subject.kind is not SubjectKind.RULE:  # a rule has no key
        _rekey(session, row, type(row).key, key)


def _rekey(session: Session, row: Any, column: Any, wanted: str) -> None:
    key, table = free_key(session, column, wanted), row.__table__
    session.execute(update(table).where(table.c.id == row.id).values(key=key))
    set_committed_value(row, "key", key)
