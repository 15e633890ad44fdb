"""No lost update: many who edit the same row at once through the API, and every edit that was acknowledged stands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
WAYS = ("none", "page", "digest", "mail")
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
    "boards": named("name"),
    "task-columns": named("name", meaning="doing"),
    "iterations": named("name", starts_on="2027-01-04", ends_on="2027-01-17"),
    "tasks": named("title"),
    "efforts": named("note", from_on="2026-09-07", to_on="2026-09-11", hours=5),
    "finished": named("note", role="Writer", planned_periods=2, actual_periods=3, ended_on="2026-09-11"),
    "templates": named("name"),
    "workspace": named("name", calendar_start_on="2027-01-04"),
    "scenarios": named("name"),
    "comments": named("text"),
    "objectives": named(
        "title", measure="bookings", from_value=0, target_value=9, from_on="2026-09-01", by_on="2027-09-01"
    ),
    "feedback": named("said_by", text="It came in time.", sentiment=4, said_on="2026-09-01"),
    "ideas": named("title"),
    "webhooks": named("note", url="https://example.com/hook", events=["skill.added"]),
    "notification-choices": (
        lambda row: (
            sum(24 * 4**n * WAYS.index(row["ways"][kind]) for n, kind in enumerate(("mention", "comment", "decision")))
            + row["digest_hour"]
        ),
        lambda count: {
            "ways": {kind: WAYS[count // 24 // 4**n % 4] for n, kind in enumerate(("mention", "comment", "decision"))},
            "digest_hour": count % 24,
        },
    ),
    "metrics": (
        lambda row: int(row["unit"]),
        lambda count: {"project_id": 1, "name": "Opens", "subject": "opens", "kind": "share", "unit": str(count)},
    ),
    "experiments": named(
        "name",
        project_id=1,
        measure="orders",
        kind="share",
        starts_on="2026-01-05",
        planned_num=100,
        arms=[{"name": "A"}, {"name": "B"}],
    ),
    "points": (
        lambda row: row["successes"],
        lambda count: {"measured_on": "2026-01-05", "trials": 10**6, "successes": count},
    ),
    "report-schedules": named("client", report="team", weekday=0),
    "imports": (
        lambda row: int(row["choices"]["removals"][0]),
        lambda count: {"removals": [count]},
    ),
}


@dataclass(frozen=True)
class Place:
    """Where a row is read, where it is edited, and which of what is read it is."""

    read: str
    put: str
    of: Callable[[Said], Said] = dict

    @classmethod
    def plain(cls, path: str) -> Place:
        """A row that is edited where it is read."""
        return cls(path, path)


def places(world: dict[str, Any]) -> dict[str, Place]:
    """The row of each noun that is edited."""
    edited = [resource for resource in RESOURCES if resource.edit is not None]
    found = {each.name: Place.plain(f"/{each.name}/{_row(world, each.model).id}") for each in edited}
    found["workspace"] = Place.plain("/workspace")
    for name in ("scenario", "webhook"):
        found[f"{name}s"] = Place.plain(f"/{name}s/{world[name].id}")
    found["report-schedules"] = Place.plain(f"/report-schedules/{world['report_schedule'].id}")
    sheet = f"/imports/{world['import'].id}"
    found["imports"] = Place(sheet, f"{sheet}/choices")
    found["comments"] = Place.plain(f"/comments/{world['comment'].id}")
    found["notification-choices"] = Place.plain("/notification-choices")
    return found


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
    world = rows.world(session, me)
    programs = [Program(app, me) for _n in range(num_editors)]
    placed = places(world)
    assert set(placed) == set(COUNTING)
    for name, place in placed.items():
        begun = place.of(programs[0].get(place.read).json)
        assert programs[0].put(place.put, COUNTING[name][1](1), version=begun["version"]).status_code == 200, name
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        with ThreadPoolExecutor(num_editors) as pool:
            for name, place in placed.items():
                tries = [(program, name, place) for program in programs for _n in range(num_edits)]
                num_done = sum(pool.map(lambda one: edit(*one), tries))
                assert num_done > 0
                assert COUNTING[name][0](place.of(programs[0].get(place.read).json)) == 1 + num_done, name
    finally:
        sys.setswitchinterval(switching)


def edit(program: Program, name: str, place: Place) -> bool:
    """Counts on from what it reads; whether that was acknowledged, or somebody else was first."""
    count_of, saying = COUNTING[name]
    read = place.of(program.get(place.read).json)
    answer = program.put(place.put, saying(count_of(read) + 1), version=read["version"])
    assert answer.status_code in (200, 412), answer.text
    return answer.status_code == 200


def _row(world: dict[str, Any], model: type) -> Any:
    return next(row for row in world.values() if isinstance(row, model))
