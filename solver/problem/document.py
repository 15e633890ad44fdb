"""The document `staffing-problem/1`: from JSON to a Problem and back, losing nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from solver.problem.law import LARGEST, N_, ProblemError, key_place, say, whole
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

SCHEMA = "staffing-problem/1"
LIMIT_BYTES = 256 * 2**20
_LONGEST_NUMBER = 100
_IS_MISSING = N_("it is missing")
_NOT_AN_OBJECT = N_("%(value)s is not an object")
_RULES_ON_PEOPLE = [RuleKind.TOGETHER, RuleKind.APART]

Part = TypeVar("Part")
Reader = Callable[[Any], Any]


def from_document(document: object) -> Problem:
    """The problem that a document says; a null is a missing field.

    Raises
    ------
    ProblemError
        Where the document is not a valid `staffing-problem/1`; its `path` names the place.
    """
    if not isinstance(document, dict):
        raise ProblemError("$", _NOT_AN_OBJECT, value=say(document))
    said = dict(_object(document))
    schema = said.pop("schema", None)
    if schema != SCHEMA:
        raise ProblemError("schema", N_("%(value)s is not %(schema)s"), value=say(schema), schema=SCHEMA)
    return _PROBLEM(said)


def to_document(problem: Problem) -> dict[str, Any]:
    """The document that says a problem; what has its default value is left out."""
    return {"schema": SCHEMA, **_plain_part(problem)}


def read(source: bytes | str | os.PathLike[str], limit_bytes: int = LIMIT_BYTES) -> Problem:
    """The problem in a document's bytes or text, or in the file at a path; each failure is a ProblemError."""
    if isinstance(source, os.PathLike):
        source = _file_bytes(Path(source), limit_bytes)
    if len(source) > limit_bytes:
        raise ProblemError("$", N_("the document is larger than %(limit)s bytes"), limit=limit_bytes)
    return from_document(_json(source))


# -- text to JSON


def _file_bytes(path: Path, limit_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit_bytes + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ProblemError(str(path), N_("it cannot be read: %(reason)s"), reason=reason) from None


def _json(source: bytes | str) -> object:
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source.removeprefix("\ufeff")
        return _parse(text)
    except UnicodeDecodeError as error:
        raise ProblemError("$", N_("byte %(byte)s is not UTF-8 text"), byte=error.start) from None
    except json.JSONDecodeError as error:
        sentence = N_("line %(line)s, column %(column)s is not JSON: %(reason)s")
        raise ProblemError("$", sentence, line=error.lineno, column=error.colno, reason=error.msg) from None
    except RecursionError:
        raise ProblemError("$", N_("it is nested too deeply")) from None
    except MemoryError:
        raise ProblemError("$", N_("it does not fit into memory")) from None


def _parse(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_distinct_keys)
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python reads no number of thousands of digits; let its place be named
        return json.loads(text, object_pairs_hook=_distinct_keys, parse_int=_bounded_int)


def _bounded_int(digits: str) -> int:
    return int(digits[:_LONGEST_NUMBER])


class _DoubledKey(dict[str, Any]):
    """An object that says one key twice; JSON allows it, and no two readers agree on what it means."""

    key = ""


def _distinct_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) == len(pairs):
        return said
    doubled = _DoubledKey(said)
    keys = [key for key, _ in pairs]
    doubled.key = next(key for key in keys if keys.count(key) > 1)
    return doubled


# -- JSON to parts


def _object(value: object) -> dict[str, Any]:
    if isinstance(value, _DoubledKey):
        raise ProblemError(key_place(value.key).removeprefix("."), N_("the key is there twice"))
    if not isinstance(value, dict):
        raise ProblemError("", _NOT_AN_OBJECT, value=say(value))
    return value


def _mapping(value: object) -> dict[str, Any]:
    return {key: item for key, item in _object(value).items() if item is not None}


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ProblemError("", N_("%(value)s is not a list"), value=say(value))
    return value


def _tuple(value: object) -> tuple[Any, ...]:
    return tuple(_list(value))


def _word(words: type[StrEnum]) -> Reader:
    known = {str(word): word for word in words}

    def reader(value: object) -> StrEnum:
        if not isinstance(value, str) or value not in known:
            sentence = N_("%(value)s is none of %(words)s")
            raise ProblemError("", sentence, value=say(value), words=", ".join(known))
        return known[value]

    return reader


def _day(value: object) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise ProblemError("", N_("%(value)s is not a date such as 2027-01-04"), value=say(value))
    return day


def _many(reader: Reader) -> Reader:
    def read_all(value: object) -> tuple[Any, ...]:
        parts = []
        for n, row in enumerate(_list(value)):
            try:
                parts.append(reader(row))
            except ProblemError as error:
                raise error.inside(f"[{n}]") from None
        return tuple(parts)

    return read_all


def _part(kind: type[Part], /, **readers: Reader) -> Callable[[object], Part]:
    """The reader of one kind of part: an object whose keys are the fields of its dataclass."""
    slots = {slot.key: slot for slot in _slots(kind)}
    required = [slot for slot in slots.values() if slot.default is MISSING]

    def reader(value: object) -> Part:
        said: dict[str, Any] = {}
        for key, item in _object(value).items():
            if item is None:
                continue
            if key not in slots:
                raise ProblemError(key_place(key).removeprefix("."), N_("the key is unknown"))
            said[slots[key].name] = _read_at(key, readers[key], item) if key in readers else item
        for slot in required:
            if slot.name not in said:
                raise ProblemError(slot.key, _IS_MISSING)
        return kind(**said)

    return reader


def _read_at(key: str, reader: Reader, value: object) -> object:
    try:
        return reader(value)
    except ProblemError as error:
        raise error.inside(key) from None


def _phase(value: object) -> Phase:
    """A seat that does not say when it ends lasts as long as its phase."""
    said = dict(_object(value))
    duration, seats = said.get("duration"), said.get("seats")
    if duration is None:
        raise ProblemError("duration", _IS_MISSING)
    whole(duration, 1, LARGEST, "duration")
    if isinstance(seats, list):
        said["seats"] = [
            {**seat, "to": duration} if type(seat) is dict and seat.get("to") is None else seat
            for seat in seats
        ]
    return _PHASE(said)


def _team_rule(value: object) -> TeamRule:
    """A rule on people says who, if only to say that it is nobody."""
    said = _object(value)
    if said.get("rule") in _RULES_ON_PEOPLE and said.get("people") is None:
        raise ProblemError("people", _IS_MISSING)
    return _TEAM_RULE(said)


# -- parts to JSON


class _Slot(NamedTuple):
    key: str
    name: str
    default: Any


def _slots_of(kind: Any) -> tuple[_Slot, ...]:
    """What a document says of a kind of part: its key, the field that it fills, and the field's default."""
    return tuple(_Slot(f.name.rstrip("_"), f.name, _default(f)) for f in fields(kind) if f.init)


_slots: Callable[[Any], tuple[_Slot, ...]] = cache(_slots_of)


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _plain_part(part: Any) -> dict[str, Any]:
    said = {slot.key: (getattr(part, slot.name), slot.default) for slot in _slots(type(part))}
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


_SEAT = _part(
    Seat,
    skills=_many(_part(SkillLine)),
    styles=_many(_part(StyleLine)),
    tags=_tuple,
    any_of=_many(_tuple),
)
_TEAM_RULE = _part(TeamRule, rule=_word(RuleKind), of=_part(CountOf, kind=_word(Kind)), people=_tuple)
_PHASE = _part(Phase, seats=_many(_SEAT), after=_tuple, team_rules=_many(_team_rule))
_PERSON = _part(
    Person,
    kind=_word(Kind),
    capacity=_many(_part(Span)),
    skills=_mapping,
    styles=_mapping,
    tags=_tuple,
    preferences=_mapping,
    hire=_part(Hire),
)
_PROBLEM = _part(
    Problem,
    calendar=_part(Calendar, start=_day, period=_word(Period)),
    people=_many(_PERSON),
    projects=_many(_part(Project, phases=_many(_phase))),
    weights=_part(Weights),
    limits=_part(Limits),
    current=_many(_part(Pairing)),
    pins=_many(_part(Pairing)),
    bans=_many(_part(Pairing)),
)
