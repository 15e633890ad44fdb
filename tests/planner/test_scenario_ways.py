"""Ways out of an answer, tried in a scenario: by a button on its page, by whoever may begin one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from background import answer_waiting
from corridor import Corridor, corridor, gap
from flask import Flask
from markup import parse
from pages import CheckedClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from planner.models import Plan, RoleName, Scenario, User, Workspace
from planner.schemas.planning_scenarios import ScenarioBegun
from planner.services.planning import scenarios
from planner.services.planning.scenario_ways import changes_of

SEAT = "s1.1"


@pytest.fixture
def engine(app: Flask) -> Engine:
    return app.extensions["planner_engine"]  # type: ignore[no-any-return]


@pytest.fixture
def here(session: Session) -> Corridor:
    return corridor(session)


@pytest.fixture
def plan(session: Session, here: Corridor) -> Plan:
    """Its one seat asks for SEO at level 4, which nobody has."""
    return gap(session, here)


@pytest.fixture
def ops(client_of: Callable[..., CheckedClient], here: Corridor) -> CheckedClient:
    return client_of(as_user=here.ops)


def answered(ops: CheckedClient, engine: Engine, plan: Plan, **said: str) -> str:
    """Where a question that was asked has its answer."""
    sent = ops.send(f"/plans/{plan.id}/questions", said)
    assert sent.status_code == 303, sent.text
    answer_waiting(engine)
    return str(sent.location)


def offered(page: str) -> list[dict[str, str]]:
    """What the buttons of a page say that begin a scenario."""
    return [dict(form.values()) for form in parse(page).forms() if form.action == "/scenarios/add"]


def begun(session: Session, here: Corridor, changes: list[dict[str, Any]]) -> dict[str, Any]:
    """What a scenario that begins with these changes says, by kind and field."""
    said = ScenarioBegun.model_validate({"name": "Tried", "changes": json.loads(json.dumps(changes))})
    scenario = scenarios.begin(session, said, by=here.ops)
    found: dict[str, Any] = {}
    for one in scenario.subjects:
        found[str(one.kind)] = {row.field: row.value for row in one.changes} or one.said
    return found


def claim(**said: Any) -> dict[str, Any]:
    names = ("kind", "seat", "person", "phase", "project", "name", "what", "index", "value")
    return dict.fromkeys(names) | {"what": []} | said


@pytest.mark.parametrize("kind", ["nobody", "prices"])
def test_answer_offers_a_scenario_with_the_change(
    ops: CheckedClient, session: Session, engine: Engine, here: Corridor, plan: Plan, kind: str
) -> None:
    page = ops.get(answered(ops, engine, plan, kind=kind, **({"seat": SEAT} if kind == "nobody" else {}))).text
    way = next(one for one in offered(page) if "SEO" in one["changes"] or "is_must" in one["changes"])
    sent = ops.post("/scenarios/add", data=way)
    assert sent.status_code == 303, sent.text
    session.rollback()
    (subject,) = session.scalars(select(Scenario)).one().subjects
    (change,) = subject.changes
    assert (subject.subject_id, change.value["is_must"]) == (here.need.id, False)
    session.refresh(here.need)
    assert here.need.skills[0].is_must


def test_hire_is_tried_as_somebody_who_does_not_exist_yet(session: Session, here: Corridor, plan: Plan) -> None:
    workspace = session.get_one(Workspace, 1)
    workspace.limits = {"max_hires": 1, "hire_budget": 500, "budget": None}
    session.flush()
    profile = {"skills": {"seo": 4}, "styles": {}, "tags": ["lang:fr", "band:x:1-2"], "cost": 900, "hire_cost": 3000}
    changes = changes_of(session, plan, {"kind": "hire", "seat": SEAT, "profile": profile}, "Somebody new")
    found = begun(session, here, changes)
    person = found["person"]
    assert (person["name"], person["kind"], person["languages"]) == ("Somebody new", "hypothetical", ["fr"])
    assert (person["cost_minor"], person["hire_cost_minor"], person["tags"]) == (90_000, 300_000, [])
    assert [row["level"] for row in person["skills"]] == [4]
    assert found["workspace"] == {"limits.max_hires": 2, "limits.hire_budget": 3500}
    gone = {**profile, "skills": {"gone": 4}}
    assert changes_of(session, plan, {"kind": "hire", "seat": SEAT, "profile": gone}, "Somebody new") == []


def test_scenario_is_offered_to_those_who_may_begin_one(
    client_of: Callable[..., CheckedClient],
    ops: CheckedClient,
    engine: Engine,
    here: Corridor,
    plan: Plan,
    user: Callable[..., User],
) -> None:
    path = answered(ops, engine, plan, kind="nobody", seat=SEAT)
    assert offered(ops.get(path).text)
    assert offered(client_of(as_user=user(RoleName.EXECUTIVE)).get(path).text)
    assert not offered(client_of(as_user=user(RoleName.COMPLIANCE)).get(path).text)


def test_phase_starts_in_a_scenario_when_the_way_says(session: Session, here: Corridor, plan: Plan) -> None:
    changes = changes_of(session, plan, {"kind": "move", "seat": SEAT, "start": 5}, "")
    start = datetime.combine(plan.starts_on, time.min) + timedelta(weeks=5)
    said = begun(session, here, changes)["phase"]
    assert said["earliest_on"].startswith(start.date().isoformat())
    assert said["latest_on"] is None


def test_limit_and_budget_are_lifted_where_there_are_some(session: Session, here: Corridor, plan: Plan) -> None:
    project, workspace = here.need.phase.project, session.get_one(Workspace, 1)
    lifts: list[Any] = [
        {"kind": "lift", "claims": [claim(kind="budget", project=project.key, value=10)]},
        {"kind": "lift", "claims": [claim(kind="all_or_nothing", project=project.key)]},
        {"kind": "lift", "claims": [claim(kind="limit", name="max_hires", value=1)]},
    ]
    assert [changes_of(session, plan, one, "") for one in lifts] == [[], [], []]
    project.budget_minor, project.is_all_or_nothing = 1000, True
    workspace.limits = {"max_hires": 1, "hire_budget": None, "budget": None}
    session.flush()
    found = begun(session, here, [change for one in lifts for change in changes_of(session, plan, one, "")])
    assert found == {
        "project": {"budget_minor": None, "is_all_or_nothing": False},
        "workspace": {"limits.max_hires": None},
    }


def test_what_no_scenario_can_say_is_not_offered(session: Session, plan: Plan) -> None:
    for way in (
        {"kind": "free", "seat": SEAT},
        {"kind": "lift", "claims": [claim(kind="ban", seat=SEAT, person="p1")]},
        {"kind": "relax", "claims": [claim(kind="must", seat="gone", name="skill")], "eased": [claim()]},
    ):
        assert changes_of(session, plan, way, "") == []


def test_plan_of_a_scenario_has_no_scenario_beside_it(session: Session, here: Corridor, plan: Plan) -> None:
    way = {"kind": "move", "seat": SEAT, "start": 5}
    assert changes_of(session, plan, way, "")
    plan.scenario_id = 7
    assert changes_of(session, plan, way, "") == []
