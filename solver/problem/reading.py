"""How a document is read: text to JSON, JSON to frozen dataclasses, each refusal with its place."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from solver.problem.law import N_, ProblemError, key_place, say

LIMIT_BYTES = 256 * 2**20
_LONGEST_NUMBER = 100
IS_MISSING = N_("it is missing")
NOT_AN_OBJECT = N_("%(value)s is not an object")

Part = TypeVar("Part")
Reader = Callable[[Any], Any]


def read_json(source: bytes | str | os.PathLike[str], limit_bytes: int = LIMIT_BYTES) -> object:
    """The JSON in a document's bytes or text, or in the file at a path; each failure is a ProblemError."""
    if isinstance(source, os.PathLike):
        source = _file_bytes(Path(source), limit_bytes)
    if len(source) > limit_bytes:
        raise ProblemError("$", N_("the document is larger than %(limit)s bytes"), limit=limit_bytes)
    return _json(source)


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
    doubled.key = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return doubled


class _Slot(NamedTuple):
    key: str
    name: str
    default: Any


def _slots_of(kind: Any) -> tuple[_Slot, ...]:
    """What a document says of a kind of part: its key, the field that it fills, and the field's default."""
    return tuple(_Slot(f.name.rstrip("_"), f.name, _default(f)) for f in fields(kind) if f.init)


slots: Callable[[Any], tuple[_Slot, ...]] = cache(_slots_of)


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def an_object(value: object) -> dict[str, Any]:
    if isinstance(value, _DoubledKey):
        raise ProblemError(key_place(value.key).removeprefix("."), N_("the key is there twice"))
    if not isinstance(value, dict):
        raise ProblemError("", NOT_AN_OBJECT, value=say(value))
    return value


def a_mapping(value: object) -> dict[str, Any]:
    return {key: item for key, item in an_object(value).items() if item is not None}


def a_list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ProblemError("", N_("%(value)s is not a list"), value=say(value))
    return value


def a_tuple(value: object) -> tuple[Any, ...]:
    return tuple(a_list(value))


def a_word(words: type[StrEnum]) -> Reader:
    known = {str(word): word for word in words}

    def reader(value: object) -> StrEnum:
        if not isinstance(value, str) or value not in known:
            sentence = N_("%(value)s is none of %(words)s")
            raise ProblemError("", sentence, value=say(value), words=", ".join(known))
        return known[value]

    return reader


def a_day(value: object) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise ProblemError("", N_("%(value)s is not a date such as 2027-01-04"), value=say(value))
    return day


def many(reader: Reader) -> Reader:
    def read_all(value: object) -> tuple[Any, ...]:
        rows, parts = a_list(value), []
        try:
            for row in rows:
                parts.append(reader(row))  # noqa: PERF401 - how many there are says where the next one failed
        except ProblemError as error:
            raise error.inside(f"[{len(parts)}]") from None
        return tuple(parts)

    return read_all


def a_part(kind: type[Part], /, **readers: Reader) -> Callable[[object], Part]:
    """The reader of one kind of part: an object whose keys are the fields of its dataclass."""
    slot_of = {slot.key: slot for slot in slots(kind)}
    required = [slot for slot in slot_of.values() if slot.default is MISSING]

    def reader(value: object) -> Part:
        said: dict[str, Any] = {}
        for key, item in an_object(value).items():
            if item is None:
                continue
            if key not in slot_of:
                raise ProblemError(key_place(key).removeprefix("."), N_("the key is unknown"))
            said[slot_of[key].name] = read_at(key, readers[key], item) if key in readers else item
        for slot in required:
            if slot.name not in said:
                raise ProblemError(slot.key, IS_MISSING)
        return kind(**said)

    return reader


def read_at(place: str, reader: Reader, value: object) -> Any:
    try:
        return reader(value)
    except ProblemError as error:
        raise error.inside(place) from None
