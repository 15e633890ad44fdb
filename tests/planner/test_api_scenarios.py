"""Scenarios through the API: begun with changes, edited by version, shared, planned, compared, merged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import scenes
from flask import Flask
from programs import Program, faults
from sqlalchemy.orm import Session

from planner.models import RoleName, User


@pytest.fixture
def here(session: Session) -> dict[str, Any]:
    return scenes.company(session)


@pytest.fixture
def ops(app: Flask, here: dict[str, Any]) -> Program:
    return Program(app, here["ops"])


@pytest.fixture
def begun(ops: Program, here: dict[str, Any]) -> dict[str, Any]:
    change = {"kind": "person", "id": here["ann"].id, "fields": {"cost_minor": 50_000}}
    answer = ops.post("/scenarios", {"name": "Spring", "changes": [change]})
    assert answer.status_code == 201
    return dict(answer.json)


def test_scenario_is_begun_with_changes(ops: Program, here: dict[str, Any], begun: dict[str, Any]) -> None:
    assert (begun["name"], begun["num_subjects"], begun["is_shared"]) == ("Spring", 1, False)
    shown = ops.get(f"/scenarios/{begun['id']}/changes").json
    (field,) = shown["subjects"][0]["fields"]
    assert (field["field"], field["then"], field["here"], field["now"]) == ("cost_minor", 100_000, 50_000, 100_000)
    assert ops.get(f"/people/{here['ann'].id}").json["cost_minor"] == 100_000


def test_faults_of_a_change_stand_at_their_place(ops: Program, here: dict[str, Any]) -> None:
    change = {
        "kind": "person",
        "id": here["ann"].id,
        "fields": {"cost_minor": -1, "skills": [{"skill_id": 1, "level": 0}]},
    }
    answer = ops.post("/scenarios", {"name": "Bad", "changes": [change]})
    assert answer.status_code == 422
    assert faults(answer) == {
        "changes.0.fields.cost_minor": "greater_than_equal",
        "changes.0.fields.skills.0.level": "greater_than_equal",
    }
    gone = ops.post("/scenarios", {"name": "Bad", "changes": [{"kind": "person", "id": 98765}]})
    assert gone.status_code == 404
    assert ops.post("/scenarios", {"name": "Bad", "changes": [{"kind": "person"}]}).status_code == 422
    kept = {"kind": "workspace", "state": "removed"}
    assert ops.post("/scenarios", {"name": "Bad", "changes": [kept]}).status_code == 422
    assert ops.get("/scenarios").json["total"] == 0


def test_subject_is_edited_by_the_version_that_was_read(
    ops: Program, here: dict[str, Any], begun: dict[str, Any]
) -> None:
    path = f"/scenarios/{begun['id']}/subjects/need/{here['need'].id}"
    read = ops.get(path)
    version = read.json["version"]
    assert read.headers["ETag"].startswith(f'"{version}-')
    done = ops.put(path, {"fields": {"count": 4}}, version=version)
    assert (done.status_code, done.json["here"]["count"], done.json["there"]["count"]) == (200, 4, 2)
    late = ops.put(path, {"fields": {"count": 5}}, version=version)
    assert (late.status_code, late.json["theirs"]["here"]["count"]) == (412, 4)
    assert ops.put(path, {"fields": {"count": 5}}).status_code == 428
    refused = ops.put(path, {"fields": {"to_offset": 99}}, version=done.json["version"])
    assert (refused.status_code, refused.json["code"]) == (409, "need_ends_after_phase")


def test_new_things_are_added_below_one_another_and_left_out(ops: Program, begun: dict[str, Any]) -> None:
    path = f"/scenarios/{begun['id']}/subjects"
    film = ops.post(f"{path}/project", {"fields": {"name": "Film"}})
    assert film.status_code == 201
    cut = ops.post(
        f"{path}/phase",
        {"parent_id": film.json["id"], "fields": {"name": "Cut", "duration": 3, "earliest_on": "2027-03-01"}},
    )
    assert cut.json["parent_id"] == film.json["id"]
    assert ops.post(f"{path}/need", {"fields": {"title": "Editor"}}).status_code == 422
    gone = ops.delete(f"{path}/project/{film.json['id']}", version=film.json["version"])
    assert gone.status_code == 200
    assert ops.get(f"{path}/phase/{cut.json['id']}").status_code == 404


def test_change_is_taken_back_by_its_part(ops: Program, begun: dict[str, Any]) -> None:
    path = f"/scenarios/{begun['id']}"
    part = ops.get(f"{path}/changes").json["subjects"][0]["fields"][0]["part"]
    assert ops.post(f"{path}/take-back", {"parts": [part]}).json["subjects"] == []


def test_scenario_is_merged_by_the_mark_that_was_read(
    ops: Program, here: dict[str, Any], begun: dict[str, Any]
) -> None:
    path = f"/scenarios/{begun['id']}"
    shown = ops.get(f"{path}/changes").json
    part = shown["subjects"][0]["fields"][0]["part"]
    other = ops.post(f"{path}/merge", {"seen": "x" * 32, "take": [part]})
    assert (other.status_code, other.json["code"]) == (409, "scenario_has_moved_on")
    done = ops.post(f"{path}/merge", {"seen": shown["seen"], "take": [part]})
    assert (done.status_code, done.json["subjects"]) == (200, [])
    assert ops.get(f"/people/{here['ann'].id}").json["cost_minor"] == 50_000


def test_sharing_reaches_the_api(
    ops: Program, app: Flask, user: Callable[..., User], here: dict[str, Any], begun: dict[str, Any]
) -> None:
    pm = user(RoleName.PROJECT_MANAGER)
    theirs, path = Program(app, pm), f"/scenarios/{begun['id']}"
    assert theirs.get(path).status_code == 404
    shared = ops.put(f"{path}/shares", {"see_user_ids": [pm.id]}, version=begun["version"])
    assert (shared.status_code, shared.json["see_user_ids"]) == (200, [pm.id])
    assert theirs.get(path).status_code == 200
    assert theirs.post(f"{path}/take-back", {"parts": ["c1"]}).status_code == 403
    assert theirs.get("/scenarios").json["total"] == 1


def test_plan_of_a_scenario_is_asked_for_and_compared(
    ops: Program, here: dict[str, Any], begun: dict[str, Any]
) -> None:
    said = {"title": "Plan", "starts_on": "2027-01-04", "num_periods": 12, "time_limit_s": 1}
    path = f"/scenarios/{begun['id']}"
    plan = ops.post(f"{path}/plans", said, Idempotency_Key="one")
    assert (plan.status_code, plan.json["scenario_id"]) == (201, begun["id"])
    assert ops.post(f"{path}/plans", said, Idempotency_Key="one").json["id"] == plan.json["id"]
    assert ops.post("/plans", said, Idempotency_Key="one").json["code"] == "key_used_before"
    assert ops.get("/plans").json["total"] == 0
    beside = ops.get(f"/scenarios/compare?of=0,{begun['id']}").json
    assert [column["plan_id"] for column in beside["columns"]] == [None, None]
    assert ops.get("/scenarios/compare?of=0,98765").status_code == 404
    assert ops.get("/scenarios/compare?of=a").status_code == 422


def test_scenario_is_removed_by_its_version(ops: Program, begun: dict[str, Any]) -> None:
    path = f"/scenarios/{begun['id']}"
    assert ops.delete(path, version=begun["version"] + 7).status_code == 412
    assert ops.delete(path, version=begun["version"]).status_code == 200
    assert ops.get(path).status_code == 404
