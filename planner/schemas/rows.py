"""What holds between the rows of a list: each fault stands at the row that brings it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import AfterValidator, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Row = TypeVar("Row")


def distinct(field: str) -> AfterValidator:
    """No two rows say the same in this field; the later one is at fault."""

    def faults(rows: list[Any]) -> Iterator[int]:
        seen: set[Any] = set()
        for n, row in enumerate(rows):
            value = getattr(row, field)
            if value in seen:
                yield n
            seen.add(value)

    return _at_rows(faults, field, "said_twice", "This stands in another row already.")


def without_overlap(*, ends_included: bool) -> AfterValidator:
    """No two rows share a moment of their `from_on` to `to_on`, open where empty; the later one typed is at fault."""

    def faults(rows: list[Any]) -> Iterator[int]:
        for n, row in enumerate(rows):
            if any(_overlap(row, earlier, ends_included=ends_included) for earlier in rows[:n]):
                yield n

    return _at_rows(faults, "from_on", "rows_overlap", "This overlaps with another row.")


def _overlap(one: Any, other: Any, *, ends_included: bool) -> bool:
    return _begins_in_time(one, other, ends_included) and _begins_in_time(other, one, ends_included)


def _begins_in_time(one: Any, other: Any, ends_included: bool) -> bool:
    """Whether a row begins before the other one is over."""
    begin: date | datetime | None = one.from_on
    end: date | datetime | None = other.to_on
    if begin is None or end is None:
        return True
    return begin <= end if ends_included else begin < end


def _at_rows(faults: Callable[[list[Row]], Iterator[int]], field: str, code: str, words: str) -> AfterValidator:
    def judge(rows: list[Row]) -> list[Row]:
        errors: list[InitErrorDetails] = [
            {"type": PydanticCustomError(code, words), "loc": (n, field), "input": None} for n in faults(rows)
        ]
        if errors:
            raise ValidationError.from_exception_data("rows", errors)
        return rows

    return AfterValidator(judge)
