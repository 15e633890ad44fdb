"""The document `staffing-problem/1`: from JSON to a Problem and back, losing nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from solver.problem.law import LARGEST, N_, ProblemError, say, whole
from solver.problem.parts import (
    CountOf,
    Hire,
    Kind,
    Person,
    Phase,
    Project,
    RuleKind,
    Seat,
    SkillLine,
    Span,
    StyleLine,
    TeamRule,
)
from solver.problem.question import Calendar, Limits, Pairing, Period, Problem, Weights
from solver.problem.reading import (
    IS_MISSING,
    LIMIT_BYTES,
    NOT_AN_OBJECT,
    a_day,
    a_mapping,
    a_part,
    a_tuple,
    a_word,
    an_object,
    many,
    read_json,
    slots,
)

SCHEMA = "staffing-problem/1"
_RULES_ON_PEOPLE = [RuleKind.TOGETHER, RuleKind.APART]


def from_document(document: object) -> Problem:
    """The problem that a document says; a null is a missing field.

    Raises
    ------
    ProblemError
        Where the document is not a valid `staffing-problem/1`; its `path` names the place.
    """
    if not isinstance(document, dict):
        raise ProblemError("$", NOT_AN_OBJECT, value=say(document))
    said = dict(an_object(document))
    schema = said.pop("schema", None)
    if schema != SCHEMA:
        raise ProblemError("schema", N_("%(value)s is not %(schema)s"), value=say(schema), schema=SCHEMA)
    return _PROBLEM(said)


def to_document(problem: Problem) -> dict[str, Any]:
    """The document that says a problem; what has its default value is left out."""
    return {"schema": SCHEMA, **_plain_part(problem)}


def read(source: bytes | str | os.PathLike[str], limit_bytes: int = LIMIT_BYTES) -> Problem:
    """The problem in a document's bytes or text, or in the file at a path; each failure is a ProblemError."""
    return from_document(read_json(source, limit_bytes))


def _phase(value: object) -> Phase:
    """A seat that does not say when it ends lasts as long as its phase."""
    said = dict(an_object(value))
    duration, seats = said.get("duration"), said.get("seats")
    if duration is None:
        raise ProblemError("duration", IS_MISSING)
    whole(duration, 1, LARGEST, "duration")
    if isinstance(seats, list):
        said["seats"] = [
            {**seat, "to": duration} if type(seat) is dict and seat.get("to") is None else seat for seat in seats
        ]
    return _PHASE(said)


def _team_rule(value: object) -> TeamRule:
    """A rule on people says who, if only to say that it is nobody."""
    said = an_object(value)
    if said.get("rule") in _RULES_ON_PEOPLE and said.get("people") is None:
        raise ProblemError("people", IS_MISSING)
    return _TEAM_RULE(said)


# -- parts to JSON


def _plain_part(part: Any) -> dict[str, Any]:
    said = {slot.key: (getattr(part, slot.name), slot.default) for slot in slots(type(part))}
    plain = {key: _plain(value) for key, (value, default) in said.items() if value != default}
    if isinstance(part, TeamRule) and part.rule in _RULES_ON_PEOPLE:
        plain["people"] = list(part.people)
    return plain


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _plain_part(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


_SEAT = a_part(
    Seat,
    skills=many(a_part(SkillLine)),
    styles=many(a_part(StyleLine)),
    tags=a_tuple,
    any_of=many(a_tuple),
)
_TEAM_RULE = a_part(TeamRule, rule=a_word(RuleKind), of=a_part(CountOf, kind=a_word(Kind)), people=a_tuple)
_PHASE = a_part(Phase, seats=many(_SEAT), after=a_tuple, team_rules=many(_team_rule))
_PERSON = a_part(
    Person,
    kind=a_word(Kind),
    capacity=many(a_part(Span)),
    skills=a_mapping,
    styles=a_mapping,
    tags=a_tuple,
    preferences=a_mapping,
    hire=a_part(Hire),
)
_PROBLEM = a_part(
    Problem,
    calendar=a_part(Calendar, start=a_day, period=a_word(Period)),
    people=many(_PERSON),
    projects=many(a_part(Project, phases=many(_phase))),
    weights=a_part(Weights),
    limits=a_part(Limits),
    current=many(a_part(Pairing)),
    pins=many(a_part(Pairing)),
    bans=many(a_part(Pairing)),
)
