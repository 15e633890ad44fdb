"""No lost update: many who edit the same row at once through the API, and every edit that was acknowledged stands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import rows
from databases import on_both
from flask import Flask
from programs import API, Program
from sqlalchemy.orm import Session

from planner.api import RESOURCES
from planner.models import RoleName, User

SIZES = [pytest.param(8, 4, id="8 x 4"), pytest.param(50, 20, id="50 x 20", marks=pytest.mark.soak)]
FIRST = date(2027, 2, 1)
Said = dict[str, Any]


def named(field: str, **rest: Any) -> tuple[Callable[[Said], int], Callable[[int], Said]]:
    """A count kept in a text field."""
    return lambda row: int(row[field]), lambda count: {field: str(count), **rest}


# How a count can be kept in a row of each noun that is edited: read it, say the next one.
COUNTING: dict[str, tuple[Callable[[Said], int], Callable[[int], Said]]] = {
    "skills": named("name"),
    "styles": named("name"),
    "sites": named("name"),
    "rates": (
        lambda row: round(row["rate"]),
        lambda count: {"currency": "CHF", "from_on": "2027-01-01", "rate": count},
    ),
    "people": named("name", absences=[{"from_on": "2027-02-01", "to_on": "2027-02-02"}]),
    "absences": (
        lambda row: (date.fromisoformat(row["to_on"]) - FIRST).days,
        lambda count: {"from_on": FIRST.isoformat(), "to_on": (FIRST + timedelta(count)).isoformat()},
    ),
    "projects": named("name"),
    "phases": named("name", duration=4, earliest_on="2027-01-04"),
    "needs": named("title"),
    "rules": (
        lambda row: row["at_least"],
        lambda count: {"rule": "count", "of": "kind", "kind": "employee", "at_least": count},
    ),
    "requisitions": named("title"),
    "candidates": named("name"),
    "columns": named("name", stage="interview"),
    "workspace": named("name", calendar_start_on="2027-01-04"),
}


def test_every_noun_that_is_edited_is_tried(app: Flask) -> None:
    """A new kind of record joins by one line in COUNTING, whether it is one of the resources or stands alone."""
    edited = {
        rule.rule.split("/")[3]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(API) and "PUT" in (rule.methods or ()) and _is_versioned(app, rule.endpoint)
    }
    assert edited == set(COUNTING) >= {resource.name for resource in RESOURCES if resource.edit is not None}


def _is_versioned(app: Flask, endpoint: str) -> bool:
    return bool(app.view_functions[endpoint].api_operation.is_versioned)  # type: ignore[attr-defined]


@on_both
@pytest.mark.parametrize(("num_editors", "num_edits"), SIZES)
def test_no_edit_that_was_acknowledged_is_lost(
    app: Flask, session: Session, user: Callable[..., User], num_editors: int, num_edits: int
) -> None:
    me = user(RoleName.ADMINISTRATOR, RoleName.OPERATIONS)
    world = rows.world(session)
    session.commit()
    programs = [Program(app, me) for _n in range(num_editors)]
    edited = [resource for resource in RESOURCES if resource.edit is not None]
    paths = {resource.name: f"/{resource.name}/{_row(world, resource.model).id}" for resource in edited}
    paths["workspace"] = "/workspace"
    for name, path in paths.items():
        begun = programs[0].get(path)
        assert programs[0].put(path, COUNTING[name][1](1), version=begun.json["version"]).status_code == 200
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        with ThreadPoolExecutor(num_editors) as pool:
            for name, path in paths.items():
                tries = [(program, name, path) for program in programs for _n in range(num_edits)]
                num_done = sum(pool.map(lambda one: edit(*one), tries))
                assert num_done > 0
                assert COUNTING[name][0](programs[0].get(path).json) == 1 + num_done, name
    finally:
        sys.setswitchinterval(switching)


def edit(program: Program, name: str, path: str) -> bool:
    """Counts on from what it reads; whether that was acknowledged, or somebody else was first."""
    count_of, saying = COUNTING[name]
    read = program.get(path).json
    answer = program.put(path, saying(count_of(read) + 1), version=read["version"])
    assert answer.status_code in (200, 412), answer.text
    return answer.status_code == 200


def _row(world: dict[str, Any], model: type) -> Any:
    return next(row for row in world.values() if isinstance(row, model))
