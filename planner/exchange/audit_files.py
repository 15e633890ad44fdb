"""The audit trail as a file, line by line, with all that is needed to check it elsewhere.

To check an entry: of the JSON file take the keys in `covered`, write them as JSON with keys in order, without blanks
and in ASCII; put the entry's `before` and a line break in front; its SHA-256 in hexadecimal is the `digest`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from planner.models import COVERED

FORMAT = "planner-audit/1"
RULE = "digest = sha256(before + newline + JSON of the covered keys, sorted, without blanks, in ASCII)"
COLUMNS = (*COVERED, "before", "digest")
MEDIA_TYPES = {"csv": "text/csv", "json": "application/json"}


def write_csv(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A row for each entry: numbers, instants, names of tables and columns, and no text of anybody."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    for entry in entries:
        said = _plain(entry)
        writer.writerow(
            [*(said[name] for name in COLUMNS[:-3]), ";".join(said["fields"]), *(said[name] for name in COLUMNS[-2:])]
        )
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def write_json(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One document: how to check it, and the entries, one a line."""
    about = {"format": FORMAT, "rule": RULE, "covered": COVERED}
    yield json.dumps(about)[:-1] + ', "entries": ['
    mark = "\n"
    for entry in entries:
        yield mark + json.dumps({name: _plain(entry)[name] for name in COLUMNS})
        mark = ",\n"
    yield "\n]}\n"


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    at: datetime = entry["at"]
    return {**entry, "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}


WRITERS: dict[str, Callable[[Iterable[Mapping[str, Any]]], Iterator[str]]] = {"csv": write_csv, "json": write_json}
