"""Both doors to one thing, the page and the API: payloads as each takes them, and where the answers differ."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from programs import faults
from werkzeug.test import TestResponse

World = dict[str, Any]
NOT_SAID = object()  # a field that is left out
OWN = {
    "id",
    "key",
    "version",
    "number",
    "person_id",
    "seats",
    "created_at",
    "changed_at",
    "at",
}  # of a row, whoever makes it


@dataclass(frozen=True)
class Bad:
    """A change to a good payload, and how both doors answer: the status, the field, the code."""

    changes: dict[str, Any]
    field: str
    code: str
    status: int = 422


def differing(bad: Bad, told: TestResponse, form: TestResponse, ident: str | None = None) -> Iterator[str]:
    """Where the API's answer and the form's are not as they should be, or not alike.

    `ident` is the field's name on the page, where that is another.
    """
    at = bad.field if ident is None else ident
    if (told.status_code, form.status_code) != (bad.status, bad.status):
        yield f"{bad}: the API answers {told.status_code}, the form {form.status_code}"
        return
    found = {fault["field"]: fault for fault in told.json["errors"]} or {"": told.json}
    if bad.field not in found or found[bad.field]["code"] != bad.code:
        yield f"{bad}: the API says {faults(told)}"
    elif found[bad.field]["message"] not in shown_at(form.text, at):
        yield f"{bad}: the form says {shown_at(form.text, at)!r}, not {found[bad.field]['message']!r}"


def shown_at(page: str, name: str) -> str:
    """What a page says at a field; all that it says at the top where no field is named."""
    ident = re.escape(name.replace(".", "-"))
    found = re.search(rf'id="{ident}(?:-\d+)?-error">([^<]*)<', page) if name else None
    return html.unescape(found[1] if found else "" if name else page)


def changed(said: World, changes: World, *, left_out: Any = NOT_SAID) -> World:
    """A payload with some fields, named by their way in, said otherwise; a browser sends what is left out as ""."""
    for name, value in changes.items():
        here: Any = said
        *way, last = name.split(".")
        for step in way:
            here = here[int(step)] if step.isdecimal() else here[step]
        if value is NOT_SAID and left_out is NOT_SAID:
            here.pop(last)
        else:
            here[last] = left_out if value is NOT_SAID else value
    return said


def typed(said: World, names: dict[str, str], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """A payload as a browser sends it: flat names, money in units, skills and people by name, lists as text."""
    for key, value in said.items():
        name = prefix + key
        if key == "person_ids":
            rows_said = [{"person_id": ident} for ident in value]
            yield from typed_rows(name, rows_said, names)
        elif key == "columns":
            yield from ((f"{name}-{n}", one) for n, one in enumerate(value))
        elif key == "any_of":
            yield from ((f"{name}-{n}-tags-more", ", ".join(group)) for n, group in enumerate(value))
        elif isinstance(value, dict):
            yield from typed(value, names, f"{name}-")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from typed_rows(name, value, names)
        elif key == "tags" and "fte_pct" in said:
            yield f"{name}-more", ", ".join(value)
        elif isinstance(value, list):
            several = {"aliases": "\n".join, "languages": ", ".join, "tags": ", ".join}
            yield name, several[key](value) if key in several else [str(one) for one in value]
        elif isinstance(value, bool):
            yield from [(name, "y")] if value else []
        elif key.endswith("_minor") or key in ("budget", "hire_budget"):
            yield name, f"{value / 100:.2f}"
        else:
            yield name, names.get(f"{key}={value}", str(value))


def typed_rows(name: str, said: list[World], names: dict[str, str]) -> Iterator[tuple[str, Any]]:
    for n, row in enumerate(said):
        yield from typed(row, names, f"{name}-{n}-")


def plain(row: Any, own: Collection[str] = OWN) -> Any:
    """A row without what is its own: ids, keys and versions, on every level."""
    if isinstance(row, dict):
        return {key: plain(value, own) for key, value in row.items() if key not in own}
    return [plain(value, own) for value in row] if isinstance(row, list) else row
