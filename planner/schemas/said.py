"""The parent of every schema, and the types that several of them share."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime, time
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from planner.models import IDENT_LARGEST, LARGEST, MINOR

T = TypeVar("T")
D = TypeVar("D", bound=date)
FIRST_YEAR = 1900
MOMENT = r"^(19\d{2}|[2-9]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$"
WRITTEN_MOMENT = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?"
SOMETHING, SOMETHING_LONG = r"\S", r"\S[\s\S]+\S"  # what is left when blanks around it are taken off
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


class Said(BaseModel):
    """Something said through a form or the API: unknown keys are refused, text is trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, from_attributes=True)


class Seen(BaseModel):
    """Something shown through the API, read from a row."""

    model_config = ConfigDict(from_attributes=True)


def _plain_text(text: str) -> str:
    """Refuses control characters (line breaks and tabs aside): they hide in names and break exports."""
    if any(unicodedata.category(c) in INVISIBLE and c not in "\n\t\r\u200d\u200c" for c in text):
        raise PydanticCustomError("invisible_characters", "The text holds invisible control characters.")
    return unicodedata.normalize("NFC", text)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def not_before_from(end: date, info: ValidationInfo) -> date:
    """Refuses a last day that lies before the field `from_on`."""
    if "from_on" in info.data and info.data["from_on"] > end:
        raise PydanticCustomError("ends_before_it_begins", "The end is not after the beginning.")
    return end


def _empty_is_none(value: Any, info: ValidationInfo) -> Any:
    """Forms say nothing by an empty text; JSON has a word of its own for it."""
    return None if info.mode == "python" and isinstance(value, str) and not value.strip() else value


def _moment(value: Any) -> Any:
    """A date or a wall-clock time without a zone, as a datetime."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    if isinstance(value, str) and re.fullmatch(WRITTEN_MOMENT, value.strip()):
        with suppress(ValueError):
            return datetime.fromisoformat(value.strip())
    return value


def _day(value: Any) -> Any:
    """A date as JSON writes it; whatever else it may be is not judged here."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        with suppress(ValueError):
            return date.fromisoformat(value.strip())
    return value


def _without_zone(value: datetime) -> datetime:
    if value.tzinfo is not None:
        raise PydanticCustomError("moment_with_zone", "Give the local date and time, without a time zone.")
    return value


def within_calendars(value: D) -> D:
    """Refuses a date at the beginning of time: whoever counts periods back from it would fall off."""
    if value.year < FIRST_YEAR:
        raise PydanticCustomError("year_too_early", "Give a year from {first} on.", {"first": FIRST_YEAR})
    return value


def _shown_moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time.min else value.isoformat()


LastDay = Annotated[date, AfterValidator(not_before_from)]  # after a field `from_on`; both days included
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    Field(json_schema_extra={"pattern": SOMETHING}),
    AfterValidator(_plain_text),
    AfterValidator(_one_line),
]
ShortText = Annotated[str, StringConstraints(max_length=200), AfterValidator(_plain_text), AfterValidator(_one_line)]
LongText = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_plain_text)]
Spoken = Annotated[
    str,
    StringConstraints(min_length=1, max_length=10_000),
    Field(json_schema_extra={"pattern": SOMETHING}),
    AfterValidator(_plain_text),
]
Meaning = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(_plain_text)]
Reason = Annotated[
    str,
    StringConstraints(min_length=3, max_length=2_000),
    Field(json_schema_extra={"pattern": SOMETHING_LONG}),
    AfterValidator(_plain_text),
]
Tag = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    Field(json_schema_extra={"pattern": SOMETHING}),
    AfterValidator(_plain_text),
    AfterValidator(_one_line),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    AfterValidator(_without_zone),
    AfterValidator(within_calendars),
    PlainSerializer(_shown_moment, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": MOMENT}),
]
Day = Annotated[date, BeforeValidator(_day)]  # where it may also be nothing
Percent = Annotated[int, Field(ge=0, le=100)]
Effort = Annotated[int, Field(ge=1, le=100)]
Minor = Annotated[int, Field(ge=0, le=LARGEST * MINOR)]
Whole = Annotated[int, Field(ge=0, le=LARGEST)]
Id = Annotated[int, Field(ge=1, le=IDENT_LARGEST)]  # of a row that may be there
Currency = Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$", to_upper=True)]
Maybe = Annotated[T | None, BeforeValidator(_empty_is_none)]  # the type, or nothing where an empty text was given
Version = Annotated[int | None, BeforeValidator(_empty_is_none)]


def optional(kind: Any) -> Any:
    """The type, or nothing where an empty text was given."""
    return Annotated[kind | None, BeforeValidator(_empty_is_none)]
