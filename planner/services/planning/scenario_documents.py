"""What a scenario changes, as flat documents: the fields under which a thing is said, one value to each.

A list of rows is flattened by what each row is about ("skills:12"), an object by its parts ("weights.fill"): two who
change different skills of one person have changed different fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from planner.models import (
    FIRST_NEW,
    Candidate,
    Person,
    PersonKind,
    Phase,
    Project,
    RoleNeed,
    Scenario,
    ScenarioSubject,
    SubjectKind,
    SubjectState,
    TeamRule,
    Workspace,
)
from planner.schemas.account import LimitsSaid, WorkspaceSaid, WorkspaceSeen
from planner.schemas.planning_plans import WeightsSaid
from planner.schemas.staffing_needs import NeedSaid, NeedSeen
from planner.schemas.staffing_people import AbsenceSaid, PersonPart, PersonSaid, PersonSeen
from planner.schemas.staffing_projects import (
    PhaseSaid,
    PhaseSeen,
    ProjectSaid,
    ProjectSeen,
    TeamRuleSaid,
    TeamRuleSeen,
)
from planner.services.refused import Refused
from planner.services.staffing.people import candidate_of

Flat = dict[str, Any]
WORKSPACE_ID = 1
MISSING = object()


@dataclass(frozen=True)
class Kind:
    """How a kind of subject is said.

    `rows` are the lists whose rows are matched, each with the field that a row is about; `closed` are the fields that
    a scenario never changes of what is there: who somebody is has nothing to do with what could be.
    """

    model: type
    said: type[BaseModel]
    seen: type[BaseModel]
    rows: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()


KINDS: Mapping[SubjectKind, Kind] = {
    SubjectKind.WORKSPACE: Kind(
        Workspace, WorkspaceSaid, WorkspaceSeen, closed=frozenset(WorkspaceSaid.model_fields) - {"weights", "limits"}
    ),
    SubjectKind.PERSON: Kind(
        Person,
        PersonSaid,
        PersonSeen,
        rows={"skills": "skill_id", "styles": "style_id", "wishes": "project_id", "absences": "from_on"},
        closed=frozenset({"name", "email"}),
    ),
    SubjectKind.PROJECT: Kind(Project, ProjectSaid, ProjectSeen),
    SubjectKind.PHASE: Kind(Phase, PhaseSaid, PhaseSeen),
    SubjectKind.NEED: Kind(RoleNeed, NeedSaid, NeedSeen, rows={"skills": "skill_id", "styles": "style_id"}),
    SubjectKind.RULE: Kind(TeamRule, TeamRuleSaid, TeamRuleSeen),
}


@dataclass(frozen=True)
class Subject:
    """Something as a scenario has it, beside the row that is there; `here` is None where the scenario leaves it out.

    `version` moves on with every edit of either: a form that carries it knows both.
    """

    scenario: Scenario
    kind: SubjectKind
    id: int
    row: Any
    record: ScenarioSubject | None
    there: Flat | None
    here: Flat | None

    @property
    def version(self) -> int:
        """What an editor has read."""
        return (self.row.version if self.row is not None else 0) + (self.record.version if self.record else 0)

    @property
    def title(self) -> str:
        """What it is called."""
        return title_of(self.row, self.record)

    @property
    def is_candidate(self) -> bool:
        """Whether it is somebody who is considered, and edited apart."""
        return isinstance(self.row, Person) and self.row.kind is PersonKind.CANDIDATE

    @property
    def is_new(self) -> bool:
        """Whether only the scenario has it."""
        return self.record is not None and self.record.is_new

    @property
    def changed(self) -> dict[str, Any]:
        """What is otherwise, by field, each with what is there."""
        if self.there is None or self.here is None:
            return {}
        return {name: self.there.get(name) for name in differing(self.there, self.here)}


def subject_of(session: Session, scenario: Scenario, kind: SubjectKind, ident: int) -> Subject:
    """A subject of a scenario. Raises LookupError where neither the scenario nor what is there has it."""
    kind = SubjectKind(kind)
    record = next((one for one in scenario.subjects if (one.kind, one.subject_id) == (kind, ident)), None)
    if ident >= FIRST_NEW:
        if record is None or not record.is_new:
            raise LookupError(f"{kind} {ident}")
        return Subject(scenario, kind, ident, None, record, None, flat(kind, record.said or {}))
    row = session.get(KINDS[kind].model, ident)
    if row is None:
        raise LookupError(f"{kind} {ident}")
    there = flat(kind, document_of(kind, row))
    return Subject(scenario, kind, ident, row, record, there, overlaid(there, record))


def overlaid(there: Flat, record: ScenarioSubject | None) -> Flat | None:
    """What is there with a scenario's changes; None where it is left out."""
    here = dict(there)
    if record is None:
        return here
    if record.state is SubjectState.REMOVED:
        return None
    for change in record.changes:
        put(here, change.field, change.value)
    return here


def put(document: Flat, name: str, value: Any) -> None:
    """Sets a field; a row that is nothing goes."""
    if value is None and ":" in name:
        document.pop(name, None)
    else:
        document[name] = value


def differing(one: Flat, other: Flat) -> list[str]:
    """The fields in which two documents say something else, in the order in which the second one says them."""
    names = dict.fromkeys((*other, *one))
    return [name for name in names if one.get(name) != other.get(name)]


def document_of(kind: SubjectKind, row: Any) -> dict[str, Any]:
    """What is said of a row, as plain JSON under the names under which it is said."""
    seen = KINDS[kind].seen.model_validate(row).model_dump(mode="json")
    document = {name: seen[name] for name in KINDS[kind].said.model_fields if name in seen}
    if kind is SubjectKind.PERSON:
        document["absences"] = [{n: one[n] for n in AbsenceSaid.model_fields} for one in document["absences"]]
    if kind is SubjectKind.WORKSPACE:
        for name, known in (("weights", WeightsSaid()), ("limits", LimitsSaid())):
            document[name] = known.model_dump(mode="json") | _known(document[name], type(known))
    return document


def flat(kind: SubjectKind, document: Mapping[str, Any]) -> Flat:
    """A document with one value to each field."""
    found: Flat = {}
    for name, value in document.items():
        about = KINDS[kind].rows.get(name)
        if about is not None:
            found.update({f"{name}:{row[about]}": row for row in value})
        elif isinstance(value, dict):
            found.update({f"{name}.{part}": one for part, one in value.items()})
        else:
            found[name] = value
    if kind is SubjectKind.PHASE and found.get("latest_on") == found.get("earliest_on"):
        found["latest_on"] = None  # a fixed start is said once
    return found


def whole(kind: SubjectKind, flattened: Flat) -> dict[str, Any]:
    """The document of its fields, as its schema takes it."""
    found: dict[str, Any] = {name: [] for name in KINDS[kind].rows}
    for name, value in flattened.items():
        rows, is_row, _about = name.partition(":")
        part_of, is_part, part = name.partition(".")
        if is_row:
            found[rows].append(value)
        elif is_part:
            found.setdefault(part_of, {})[part] = value
        else:
            found[name] = value
    return found


def said_of(kind: SubjectKind, flattened: Flat, *, is_candidate: bool = False) -> Any:
    """What a document says, as its schema takes it. Raises Refused where it would not be taken in any more."""
    try:
        return said_schema(kind, is_candidate=is_candidate).model_validate(
            _sayable(whole(kind, flattened), is_candidate=is_candidate)
        )
    except ValidationError as error:
        raise Refused("scenario_says_too_much", field=".".join(map(str, error.errors()[0]["loc"]))) from error


def said_schema(kind: SubjectKind, *, is_candidate: bool = False) -> type[BaseModel]:
    """The schema under which a subject is said."""
    return PersonPart if is_candidate else KINDS[kind].said


def title_of(row: Any, record: ScenarioSubject | None) -> str:
    """What a subject is called, a team rule by its phase; nothing where nobody knows any more."""
    if isinstance(row, TeamRule):
        return row.phase.name
    if row is not None:
        return str(getattr(row, "title", None) or row.name)
    said = (record.said if record is not None else None) or {}
    return str(said.get("title") or said.get("name") or (record.label if record is not None else ""))


def candidate_said(session: Session, person: Person) -> Candidate | None:
    """The candidate that a person is, who is edited as one."""
    return candidate_of(session, person) if person.kind is PersonKind.CANDIDATE else None


def _sayable(document: dict[str, Any], *, is_candidate: bool) -> dict[str, Any]:
    """A document as its schema takes it: a candidate is always of one kind, and does not say so."""
    return {name: value for name, value in document.items() if not (is_candidate and name == "kind")}


def _known(values: Mapping[str, Any], schema: type[BaseModel]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in schema.model_fields}
