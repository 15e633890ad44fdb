"""Whatever a program sends: the API understands it or says what is wrong, and never breaks."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import pytest
import rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs import API, Program
from walking import app, path_of, routes
from werkzeug.routing import Rule

from planner.api import RESOURCES, matching
from planner.api.operations import Operation, name_of
from planner.models import RoleName, Workspace
from planner.models.declarative import Versioned

KNOWN = {200, 201, 202, 400, 404, 409, 412, 413, 415, 422, 428}
FUZZ = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([-1, 0, 2**31, 2**63, 2**64, 10**30, 1e300, -0.0, 0.5, "", " ", "\0", "é", "9" * 400]),
    st.sampled_from(["0001-01-01", "9999-12-31", "2027-13-01", "2027-01-04T10:00:00+02:00", "2027-02-29", "12:00"]),
    st.text(max_size=30),
    st.floats(allow_nan=False, allow_infinity=False),
)
ANYTHING = st.recursive(
    JUNK,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def taking() -> list[Any]:
    """Every operation that takes a body, by its name."""
    found = []
    for rule, method in routes():
        told: Operation | None = getattr(app().view_functions[rule.endpoint], "api_operation", None)
        if told is not None and told.takes is not None:
            found.append(pytest.param(rule, method, told, id=rule.endpoint))
    return found


def good(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A body that is understood, for the schemas in which chance alone would seldom get past the first field."""
    skill, style, project = (world[name].id for name in ("skill", "style", "project"))
    part = {
        "name": "Zoé", "email": "z@example.com", "site_id": world["site"].id, "languages": ["fr"], "tags": ["a"],
        "cost_minor": 5, "cost_currency": "CHF", "hire_cost_minor": 1, "earliest_on": "2027-01-05",
        "notice_periods": 1, "ramp_up_periods": 2, "ramp_up_pct": 50, "acceptance_pct": 80,
        "capacity_spans": [{"fte_pct": 80, "from_on": "2027-01-04", "to_on": "2027-06-01"}],
        "absences": [{"from_on": "2027-01-05", "to_on": "2027-01-06"}],
        "skills": [{"skill_id": skill, "level": 3, "rated_on": "2026-01-01"}],
        "styles": [{"style_id": style, "score": 3.5, "rater": "me"}],
        "wishes": [{"project_id": project, "wish": -5}],
    }  # fmt: skip
    return {
        "PersonSaid": {**part, "kind": "hypothetical"},
        "CandidateSaid": {**part, "requisition_id": world["requisition"].id, "stage": "offer", "source": "x"},
        "AbsenceSaid": {"from_on": "2027-03-01", "to_on": "2027-03-02", "kind": "other"},
        "ProjectSaid": {"name": "P", "pm_id": None, "priority": 5, "due_on": "2027-05-05", "budget_minor": 7},
        "PhaseSaid": {
            "name": "F", "duration": 3, "earliest_on": "2027-01-06", "latest_on": "2027-03-01",
            "after_ids": [world["phase"].id],
        },
        "NeedSaid": {
            "title": "N", "count": 2, "fte_pct": 50, "from_offset": 1, "to_offset": 3, "tags": ["a"],
            "any_of": [["b", "c"]], "max_cost_minor": 5,
            "skills": [{"skill_id": skill, "level": 2, "weight": 3}],
            "styles": [{"style_id": style, "min": 2, "max": 4, "reason": "speaks to clients"}],
        },
        "TeamRuleSaid": {"rule": "count", "of": "skill", "skill_id": skill, "level": 2, "at_least": 1, "weight": 5},
        "RateSaid": {"currency": "USD", "from_on": "2027-01-01", "rate": 1.1},
        "SiteSaid": {"name": "Ghent", "country": "BE", "subdivision": ""},
        "RequisitionSaid": {"title": "R", "need_id": world["need"].id, "starts_on": "2027-01-01"},
        "GapSaid": {"plan_id": world["plan"].id, "seat_key": world["seat"].key},
        "PlanSaid": {"title": "L", "starts_on": "2027-01-04", "num_periods": 10, "projects": [project]},
        "AcceptSaid": {"seats": [world["seat"].key], "reason": "fits"},
        "AssignSaid": {"person": world["person"].key, "reason": "fits"},
        "SwapSaid": {"other": world["seat"].key},
        "MoveSaid": {"start_idx": 0},
        "WorkspaceSaid": {"name": "W", "currency": "EUR", "calendar_start_on": "2027-01-04"},
    }  # fmt: skip


@pytest.mark.parametrize(("rule", "method", "told"), taking())
@FUZZ
@given(said=ANYTHING, chance=st.randoms(use_true_random=False))
def test_no_body_breaks_it(rule: Rule, method: str, told: Operation, said: Any, chance: random.Random) -> None:
    world, program = standing()
    known = good(world).get(told.takes.__name__ if told.takes else "", {})
    if known and chance.random() < 0.8:
        said = bent(known, said, chance)
    path = path_of(rule, world).removeprefix(API)
    version = version_of(world, told.subjects) if told.is_versioned else None
    answer = program.send(
        method, path, json.dumps(said).encode(), version=version, Idempotency_Key=str(chance.random())
    )
    assert answer.status_code in KNOWN, answer.text
    if answer.status_code < 400:
        assert answer.mimetype in (told.media or ("application/json",))
        return
    assert answer.json["message"]
    assert all(fault["message"] for fault in answer.json["errors"])


def version_of(world: dict[str, Any], subjects: Iterable[type]) -> int:
    """The version that the last row of an address with one has by now; of the workspace, where it names none."""
    known = [kind for kind in subjects if issubclass(kind, Versioned)]
    kind, ident = (known[-1], world[name_of(known[-1])].id) if known else (Workspace, 1)
    with app().extensions["planner_sessions"]() as session:
        return session.get_one(kind, ident).version


OF_A_SEAT = "people of a seat"
LISTS = [
    *((one.name, one.sorts, tuple(one.filters)) for one in RESOURCES if one.page is not None),
    (OF_A_SEAT, matching.SORTS, tuple(matching.FILTERS)),
]


@pytest.mark.parametrize(("name", "sorts", "filters"), LISTS, ids=[name for name, *_rest in LISTS])
@FUZZ
@given(asked=st.dictionaries(st.text(max_size=6), st.text(max_size=20), max_size=3), data=st.data())
def test_no_question_breaks_a_list(
    name: str, sorts: tuple[str, ...], filters: tuple[str, ...], asked: dict[str, str], data: st.DataObject
) -> None:
    world, program = standing()
    known = ["q", "page", "size", *filters]
    values = st.text(max_size=20) | st.sampled_from(
        ["0", "1", "none", "2" * 30, "%", "_", "\\", "'", "\0", "25", "off"]
    )
    asked |= data.draw(st.dictionaries(st.sampled_from(known), values, max_size=4))
    if sorts:
        asked["sort"] = data.draw(st.sampled_from(["", "-", *sorts, *(f"-{sort}" for sort in sorts)]))
    path = f"seats/{world['seat'].key}/people" if name == OF_A_SEAT else name
    answer = program.get(f"/{path}?{urlencode(asked, errors='replace')}")
    missing = {404} if asked.get("plan") else set()  # the plan that is named may be none
    assert answer.status_code in {200, 422} | missing, answer.text


def bent(known: dict[str, Any], junk: Any, chance: random.Random) -> dict[str, Any]:
    """A good body with one thing in it replaced, left out or added."""
    said = copy.deepcopy(known)
    here: Any = said
    while True:
        key = chance.choice(list(here) if isinstance(here, dict) else range(len(here)))
        if not isinstance(here[key], dict | list) or not here[key] or chance.random() < 0.3:
            break
        here = here[key]
    if chance.random() < 0.15 and isinstance(here, dict):
        del here[key]
    else:
        here[key] = junk
    return said


STANDING: list[tuple[dict[str, Any], Program]] = []


def standing() -> tuple[dict[str, Any], Program]:
    """One world for all of it, and a program that may do everything there."""
    if not STANDING:
        with app().extensions["planner_sessions"]() as session:
            me = rows.user(session, RoleName.ADMINISTRATOR, RoleName.OPERATIONS)
            STANDING.append((rows.world(session, me), Program(app(), me)))
    return STANDING[0]
