"""Merging a scenario back: each difference beside what it was made from and what is there by now, and those chosen.

A part is the smallest thing that can be merged: a field that is otherwise ("c12"), something new, or something left out
("s4"). What is taken goes through the same verbs as every other edit, all of it or nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from planner import access
from planner.models import (
    FIRST_NEW,
    Person,
    PersonKind,
    Scenario,
    ScenarioChange,
    ScenarioSubject,
    SubjectKind,
    SubjectState,
    User,
)
from planner.schemas.planning_scenarios import MergeSaid
from planner.services.editing import touch
from planner.services.planning.scenario_changes import move_on
from planner.services.planning.scenario_documents import (
    KINDS,
    Flat,
    document_of,
    flat,
    overlaid,
    put,
    title_of,
)
from planner.services.planning.trying import ID_LISTS, PARENT_KINDS, PARENTS, Applied, apply, tried
from planner.services.refused import Refused


class Standing(StrEnum):
    """How a part stands to what is there by now."""

    CLEAN = "clean"
    SAME = "same"
    CONFLICT = "conflict"
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True)
class FieldPart:
    """A field that is otherwise: then, here, and now."""

    change: ScenarioChange
    now: Any
    standing: Standing

    @property
    def part(self) -> str:
        """What names it in a merge."""
        return f"c{self.change.id}"


@dataclass(frozen=True)
class SubjectPart:
    """What a scenario says of something, beside what is there by now; `why` where its verb would refuse it."""

    record: ScenarioSubject
    row: Any
    title: str
    standing: Standing
    fields: tuple[FieldPart, ...]
    why: Refused | None
    is_allowed: bool

    @property
    def part(self) -> str:
        """What names it in a merge."""
        return f"s{self.record.id}"

    @property
    def here(self) -> Flat | None:
        """All that the scenario says of it, or that is there of what it leaves out; None where nothing is known."""
        if self.row is None:
            return flat(self.record.kind, self.record.said) if self.record.said is not None else None
        there = flat(self.record.kind, document_of(self.record.kind, self.row))
        return overlaid(there, self.record) or there

    @property
    def is_conflict(self) -> bool:
        """Whether somebody must choose."""
        return self.standing in (Standing.CONFLICT, Standing.GONE) or any(
            one.standing is Standing.CONFLICT for one in self.fields
        )


@dataclass(frozen=True)
class Comparison:
    """All that a scenario says, beside what is there by now."""

    parts: tuple[SubjectPart, ...]

    @property
    def conflicts(self) -> list[SubjectPart]:
        """What has changed on both sides."""
        return [one for one in self.parts if one.is_conflict]

    @property
    def num_conflicts(self) -> int:
        """How many choices there are to make."""
        fields = sum(one.standing is Standing.CONFLICT for part in self.parts for one in part.fields)
        return fields + sum(one.standing in (Standing.CONFLICT, Standing.GONE) for one in self.parts if not one.fields)

    @property
    def seen(self) -> str:
        """A mark of all that stands here: a merge that carries another one was read from something older."""
        said = [
            [part.part, part.standing, part.record.version, [[f.part, f.change.value, f.now] for f in part.fields]]
            for part in self.parts
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:32]


def compared(session: Session, scenario: Scenario, *, by: User, is_tried: bool = False) -> Comparison:
    """A scenario beside what is there. `is_tried` asks the verbs as well, which takes the right to write."""
    refused: dict[int, Refused] = {}
    if is_tried:
        with tried(session, scenario) as applied:
            refused = dict(applied.refused)
    said = [one for one in scenario.subjects if one.is_said]
    return Comparison(tuple(_part(session, one, refused.get(one.id), by) for one in said))


def merge(session: Session, scenario: Scenario, said: MergeSaid, *, by: User) -> Applied:
    """Makes the chosen parts true, and drops those where what is there shall stay. All or nothing.

    Raises Refused where anything has moved on since the comparison was read, where a part may not be changed by whoever
    merges, or where a verb refuses one.
    """
    comparison = compared(session, scenario, by=by)
    if comparison.seen != said.seen:
        raise Refused("scenario_has_moved_on")
    take, drop = set(said.take) - set(said.drop), set(said.drop)
    taken = [part for part in comparison.parts if _is_chosen(part, take)]
    for part in taken:
        if not part.is_allowed:
            raise Refused("merge_is_not_allowed", title=part.title)
    documents = {part.record.id: _document(part, take) for part in taken if part.fields}
    applied = apply(session, scenario.id, [part.record for part in taken], by=by, documents=documents)
    for part in taken:
        if part.record.id in applied.refused:
            raise applied.refused[part.record.id]
    _settle(session, scenario, comparison, take, drop, applied)
    return applied


def _part(session: Session, record: ScenarioSubject, why: Refused | None, by: User) -> SubjectPart:
    row = session.get(KINDS[record.kind].model, record.subject_id) if record.subject_id < FIRST_NEW else None
    fields: tuple[FieldPart, ...] = ()
    if record.state is SubjectState.ADDED:
        standing = Standing.CLEAN if _has_parent(session, record) else Standing.GONE
    elif record.state is SubjectState.REMOVED:
        standing = _standing_of_removal(record, row)
    else:
        fields = tuple(_fields(record, row))
        standing = Standing.CLEAN if row is not None else Standing.GONE
    if why is not None and standing is Standing.CLEAN:
        standing = Standing.REFUSED
    title = title_of(row, record)
    return SubjectPart(record, row, title, standing, fields, why, _is_allowed(session, by, record, row))


def _standing_of_removal(record: ScenarioSubject, row: Any) -> Standing:
    if row is None:
        return Standing.SAME
    return Standing.CLEAN if row.version == record.base_version else Standing.CONFLICT


def _fields(record: ScenarioSubject, row: Any) -> Iterator[FieldPart]:
    there: Flat | None = flat(record.kind, document_of(record.kind, row)) if row is not None else None
    for change in record.changes:
        if there is None:
            yield FieldPart(change, None, Standing.GONE)
            continue
        now = there.get(change.field)
        is_same, is_clean = now == change.value, now == change.base
        yield FieldPart(change, now, Standing.SAME if is_same else Standing.CLEAN if is_clean else Standing.CONFLICT)


def _has_parent(session: Session, record: ScenarioSubject) -> bool:
    parent_id = record.parent_id or 0
    if record.kind not in PARENTS:
        return True
    if parent_id >= FIRST_NEW:
        above = (PARENT_KINDS[record.kind], parent_id)
        return any((one.kind, one.subject_id) == above for one in record.scenario.subjects)
    return session.get(PARENTS[record.kind], parent_id) is not None


def _is_allowed(session: Session, by: User, record: ScenarioSubject, row: Any) -> bool:
    """Whether somebody may do to what is there what a part would."""
    verb = {SubjectState.ADDED: "add", SubjectState.REMOVED: "remove"}.get(record.state, "edit")
    noun = "need" if record.kind in (SubjectKind.PHASE, SubjectKind.RULE) else str(record.kind)
    if isinstance(row, Person) and row.kind is PersonKind.CANDIDATE:
        noun = "candidate"
    subject = row
    if record.state is SubjectState.ADDED and record.kind in PARENTS:
        subject = (
            session.get(PARENTS[record.kind], record.parent_id or 0) if (record.parent_id or 0) < FIRST_NEW else None
        )
    return access.allowed(by, f"{noun}.{verb}", subject if noun != "candidate" else None)


def _is_chosen(part: SubjectPart, chosen: Collection[str]) -> bool:
    return part.part in chosen or any(one.part in chosen for one in part.fields)


def _document(part: SubjectPart, take: Collection[str]) -> Flat:
    """What is there, with the fields that were chosen."""
    if part.row is None:
        raise Refused("scenario_subject_is_gone", title=part.title)
    document = flat(part.record.kind, document_of(part.record.kind, part.row))
    for one in part.fields:
        if one.part in take or part.part in take:
            put(document, one.change.field, one.change.value)
    return document


def _settle(
    session: Session, scenario: Scenario, comparison: Comparison, take: set[str], drop: set[str], applied: Applied
) -> None:
    """Takes out what is true now, or was dropped; what stood below something new stands below its row."""
    settled = take | drop
    for part in comparison.parts:
        record = part.record
        gone = {one.change.id for one in part.fields if one.part in settled or part.part in settled}
        if gone:
            record.changes[:] = [one for one in record.changes if one.id not in gone]
            touch(session, record)
        elif part.part in settled and record.state is SubjectState.REMOVED:
            record.state, record.base_version = SubjectState.CHANGED, None
        elif part.part in settled and record in scenario.subjects:
            _take_out(scenario, record, applied)
    for record in scenario.subjects:
        _repoint(record, applied)
    move_on(session, scenario)


def _take_out(scenario: Scenario, record: ScenarioSubject, applied: Applied) -> None:
    """Something new that is there now, or was dropped, with what stood below it."""
    if record.subject_id not in applied.ids:
        for one in [one for one in scenario.subjects if one.is_new and one.parent_id == record.subject_id]:
            _take_out(scenario, one, applied)
    if record in scenario.subjects:
        scenario.subjects.remove(record)


def _repoint(record: ScenarioSubject, applied: Applied) -> None:
    """Names rows where what is left of a scenario named what only it had."""
    if record.parent_id in applied.ids:
        record.parent_id = applied.ids[record.parent_id]
    if record.said is not None:
        record.said = _renamed(record.said, applied)
    for change in record.changes:
        if change.field in ID_LISTS:
            change.value = [applied.real(ident) for ident in change.value]
        elif change.field.startswith("wishes:") and change.value and change.value["project_id"] in applied.ids:
            project_id = applied.ids[change.value["project_id"]]
            change.field, change.value = f"wishes:{project_id}", {**change.value, "project_id": project_id}


def _renamed(said: dict[str, Any], applied: Applied) -> dict[str, Any]:
    renamed = dict(said)
    for name in renamed.keys() & set(ID_LISTS):
        renamed[name] = [applied.real(ident) for ident in renamed[name]]
    if "wishes" in renamed:
        renamed["wishes"] = [{**row, "project_id": applied.real(row["project_id"])} for row in renamed["wishes"]]
    return renamed
