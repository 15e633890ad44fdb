"""The pages of scenarios: begun, changed, shared, planned, compared and merged, by those who may."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import rows
import scenes
from flask import Flask
from markup import parse
from pages import CheckedClient, editing_form
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from planner.models import Person, PersonKind, Plan, PlanState, RoleName, Scenario, ScenarioSubject, User
from planner.schemas.planning_scenarios import SharesSaid
from planner.services.planning import plans, queueing, scenarios
from planner.services.planning.scenario_documents import subject_of

KINDS = ("project", "phase", "need")


def again(session: Session) -> None:
    """Sees what others have written meanwhile."""
    session.commit()
    session.expire_all()


@pytest.fixture
def here(session: Session) -> dict[str, Any]:
    return scenes.company(session)


@pytest.fixture
def spring(session: Session, here: dict[str, Any]) -> Scenario:
    return scenes.scenario(session, here["ops"])


@pytest.fixture
def ops(client_of: Callable[..., CheckedClient], here: dict[str, Any]) -> CheckedClient:
    return client_of(as_user=here["ops"])


def test_scenario_is_begun_changed_and_put_back(ops: CheckedClient, session: Session, here: dict[str, Any]) -> None:
    assert "No scenario here" in ops.get("/scenarios").text
    answer = ops.save("/scenarios/add", name="Spring", note="What if Ann left?")
    assert answer.status_code == 303
    path = answer.location
    assert "Nothing is otherwise yet" in ops.get(path).text
    edit = f"{path}/person/{here['ann'].id}/edit"
    assert "nothing here changes what is there" in ops.get(edit).text
    assert ops.save(edit, cost_minor="500", acceptance_pct="40").status_code == 303
    shown = ops.get(path).text
    assert "Ann Lee" in shown
    assert "Put back" in shown
    assert "1,000" in shown
    again(session)
    assert session.get_one(Person, here["ann"].id).cost_minor == 100_000
    subject = session.scalars(select(ScenarioSubject)).one()
    ops.send(f"{path}/take-back", {"subject": str(subject.id), "field": "cost_minor"}, page=path)
    again(session)
    assert [row.field for row in session.scalars(select(ScenarioSubject)).one().changes] == ["acceptance_pct"]


def test_every_form_of_what_is_there_is_one_of_a_scenario(
    ops: CheckedClient, session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    path = f"/scenarios/{spring.id}"
    for kind, row, changes in (
        ("project", here["project"], {"priority": "5", "budget_minor": "9000"}),
        ("phase", here["phase"], {"duration": "9"}),
        ("need", here["need"], {"count": "3"}),
        ("person", here["cy"].person, {"acceptance_pct": "100"}),
    ):
        assert ops.save(f"{path}/{kind}/{row.id}/edit", **changes).status_code == 303, kind
    assert ops.save(f"{path}/rules", **{"weights-fill": "2000", "limits-max_hires": "1"}).status_code == 303
    again(session)
    found = {str(one.kind): {row.field for row in one.changes} for one in session.get_one(Scenario, spring.id).subjects}
    assert found == {
        "project": {"priority", "budget_minor"},
        "phase": {"duration"},
        "need": {"count"},
        "person": {"acceptance_pct"},
        "workspace": {"weights.fill", "limits.max_hires"},
    }
    assert ops.get(path).status_code == 200


def test_new_things_are_added_and_left_out_by_pages(
    ops: CheckedClient, session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    path = f"/scenarios/{spring.id}"
    assert ops.save(f"{path}/person/add", name="Somebody", cost_minor="10").status_code == 303
    assert ops.save(f"{path}/project/add", name="Film").status_code == 303
    again(session)
    film = next(one for one in session.get_one(Scenario, spring.id).subjects if str(one.kind) == "project")
    start = here["workspace"].moment_of(2).date().isoformat()
    added = ops.save(f"{path}/phase/add?below={film.subject_id}", name="Cut", duration="3", earliest_on=start)
    assert added.status_code == 303
    again(session)
    cut = next(one for one in session.get_one(Scenario, spring.id).subjects if str(one.kind) == "phase")
    assert ops.save(f"{path}/need/add?below={cut.subject_id}", title="Editor").status_code == 303
    assert ops.save(f"{path}/phase/{cut.subject_id}/edit", duration="4").status_code == 303
    ops.send(f"{path}/person/{here['ben'].id}/leave-out", page=f"{path}/people")
    shown = ops.get(path).text
    for words in ("Somebody", "Film", "Cut", "Editor", "left out", "only here"):
        assert words in shown, words
    assert ops.get(f"{path}/work").status_code == 200
    assert "left out" in ops.get(f"{path}/people").text


def test_bad_input_stands_at_its_field_and_nothing_is_kept(
    ops: CheckedClient, session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    edit = f"/scenarios/{spring.id}/need/{here['need'].id}/edit"
    answer = ops.save(edit, count="0")
    assert answer.status_code == 422
    answer = ops.save(edit, to_offset="99")
    assert answer.status_code == 409
    assert "this ends after it" in answer.text
    assert session.scalars(select(ScenarioSubject)).all() == []


def test_second_editor_chooses_between_both_side_by_side(
    ops: CheckedClient, session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    edit = f"/scenarios/{spring.id}/person/{here['ann'].id}/edit"
    said = ops.form(edit)
    ops.save(edit, cost_minor="700")
    said["cost_minor"], said["acceptance_pct"] = "600", "50"
    answer = ops.post(edit, data=said)
    assert answer.status_code == 409
    for words in ("Somebody else was first", "600", "700"):
        assert words in answer.text, words
    again(session)
    assert here_of(session, spring, "person", here["ann"].id)["cost_minor"] == 70_000
    chosen = editing_form(parse(answer.text)).values()
    chosen["all"] = "yours"
    assert ops.post(edit, data=chosen).status_code == 303
    again(session)
    found = here_of(session, spring, "person", here["ann"].id)
    assert (found["cost_minor"], found["acceptance_pct"]) == (60_000, 50)


def here_of(session: Session, scene: Scenario, kind: str, ident: int) -> dict[str, Any]:
    """Something as a scenario has it."""
    found = subject_of(session, scene, kind, ident).here
    assert found is not None
    return found


APART = [  # what two change of one thing, each in a window of their own
    ("person/{ann}/edit", {"cost_minor": "700"}, {"acceptance_pct": "40"}),
    ("phase/{phase}/edit", {"duration": "9"}, {"name": "Build it"}),
    ("project/{project}/edit", {"priority": "5"}, {"reward": "20"}),
    ("need/{need}/edit", {"title": "Lead"}, {"fte_pct": "50"}),
    ("rules", {"limits-hire_budget": "900"}, {"limits-max_hires": "4"}),
]


@pytest.mark.parametrize(("place", "theirs", "mine"), APART)
def test_two_editors_merge_in_a_scenario_as_elsewhere(
    ops: CheckedClient,
    here: dict[str, Any],
    spring: Scenario,
    place: str,
    theirs: dict[str, str],
    mine: dict[str, str],
) -> None:
    path = f"/scenarios/{spring.id}/" + place.format(ann=here["ann"].id, **{name: here[name].id for name in KINDS})
    early, late = ops.form(path), ops.form(path)
    assert ops.save(path, **theirs).status_code == 303
    for name, text in mine.items():
        early[name] = text
    assert ops.post(path, data=early).status_code == 303, "what each changed alone needs no question"
    assert {name: ops.form(path)[name] for name in (*theirs, *mine)} == {**theirs, **mine}
    [field] = theirs
    late[field] = mine_too = "4" if field != "title" else "Chief"
    asked = ops.post(path, data=late)
    assert asked.status_code == 409
    assert "Changed by both" in asked.text
    assert ops.form(path)[field] == theirs[field]
    merging = editing_form(parse(asked.text)).values()
    assert ops.post(path, data=merging | MultiDict({f"choose:{field}": "yours"})).status_code == 303
    assert {name: ops.form(path)[name] for name in (field, *mine)} == {field: mine_too, **mine}


def test_private_scenario_is_not_there_for_others(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], session: Session, spring: Scenario
) -> None:
    boss, pm = user(RoleName.ADMINISTRATOR), user(RoleName.PROJECT_MANAGER)
    member = user(RoleName.MEMBER)
    path = f"/scenarios/{spring.id}"
    assert {client_of(as_user=who).get(path).status_code for who in (boss, pm, member)} == {404}
    assert "Spring" not in client_of(as_user=boss).get("/scenarios").text
    scenarios.share(session, spring, SharesSaid(see_roles=[RoleName.PROJECT_MANAGER]), spring.version)
    again(session)
    assert client_of(as_user=pm).get(path).status_code == 200
    assert client_of(as_user=boss).get(path).status_code == 404
    assert client_of(as_user=pm).get(f"{path}/edit").status_code == 403
    scenarios.share(session, spring, SharesSaid(edit_user_ids=[pm.id]), spring.version)
    again(session)
    assert client_of(as_user=pm).get(f"{path}/edit").status_code == 200
    assert client_of(as_user=pm).get(f"{path}/share").status_code == 403
    assert client_of(as_user=pm).get(f"{path}/remove").status_code == 403


def test_plan_of_a_private_scenario_is_not_there_for_others(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], session: Session, here: dict[str, Any],
    spring: Scenario, app: Flask,
) -> None:  # fmt: skip
    plan = ready(session, here, spring, app)
    plan.title = "Quite private"
    again(session)
    boss = client_of(as_user=user(RoleName.ADMINISTRATOR))
    for path in (f"/plans/{plan.id}", f"/timeline?plan={plan.id}", f"/plans/add?like={plan.id}"):
        assert boss.get(path).status_code == 404, path
    for path in ("/plans", "/jobs", "/"):
        assert "Quite private" not in boss.get(path).text


def test_sharing_by_the_page(ops: CheckedClient, user: Callable[..., User], session: Session, spring: Scenario) -> None:
    pm = user(RoleName.PROJECT_MANAGER, name="Pam")
    path = f"/scenarios/{spring.id}"
    said = ops.form(f"{path}/share")
    said.setlist("see_roles", ["executive"])
    said.setlist("edit_user_ids", [str(pm.id)])
    assert ops.post(f"{path}/share", data=said).status_code == 303
    shown = ops.get(path).text
    assert "Pam" in shown
    assert "executive" in shown
    again(session)
    assert len(session.get_one(Scenario, spring.id).shares) == 2
    stale = ops.post(f"{path}/share", data=said)
    assert stale.status_code == 409


def test_removing_can_be_undone_and_tells_no_private_name(
    ops: CheckedClient, client_of: Callable[..., CheckedClient], session: Session, here: dict[str, Any],
    spring: Scenario,
) -> None:  # fmt: skip
    scenes.changed(session, spring, here["ops"], "person", here["ann"].id, cost_minor=1)
    again(session)
    path = f"/scenarios/{spring.id}"
    others = client_of(RoleName.OPERATIONS)
    assert ops.send(f"{path}/remove").status_code == 303
    assert ops.get(path).status_code == 404
    assert "Spring" not in others.get("/account/removals").text
    from planner.models import Removal

    removal = session.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page="/account/removals")
    assert ops.get(path).status_code == 200


def test_scenario_is_begun_with_changes_from_another_page(
    ops: CheckedClient, session: Session, here: dict[str, Any]
) -> None:
    import json

    changes = [{"kind": "person", "id": here["ann"].id, "fields": {"cost_minor": 1}}]
    said = {"name": "Try it", "changes": json.dumps(changes)}
    answer = ops.send("/scenarios/add", said)
    assert answer.status_code == 303
    assert [row.field for row in session.scalars(select(ScenarioSubject)).one().changes] == ["cost_minor"]
    assert ops.send("/scenarios/add", said | {"changes": "[1]"}).status_code == 409


def ready(session: Session, here: dict[str, Any], scene: Scenario | None, app: Flask) -> Plan:
    from background import solving

    said = scenes.plan_said(here["workspace"], is_reproducible=True)
    plan = plans.request_plan(session, said, by=here["ops"], token=uuid.uuid4().hex, scenario=scene)
    again(session)
    job = queueing.job_of(session, plan)
    assert job is not None
    again(session)
    solving(app.extensions["planner_engine"]).run(job.id)
    again(session)
    assert plan.state is PlanState.READY
    return plan


def test_scenarios_stand_side_by_side_with_what_is_there(
    ops: CheckedClient, session: Session, here: dict[str, Any], spring: Scenario, app: Flask
) -> None:
    autumn = scenes.scenario(session, here["ops"], "Autumn")
    scenes.changed(session, spring, here["ops"], "need", here["need"].id, count=3)
    scenes.left_out(session, autumn, here["ops"], "person", here["ann"].id)
    again(session)
    page = ops.get(f"/scenarios/compare?of=0&of={spring.id}&of={autumn.id}").text
    assert page.count("has no plan yet") == 3
    for scene in (None, spring, autumn):
        ready(session, here, scene, app)
    page = ops.get(f"/scenarios/compare?of=0&of={spring.id}&of={autumn.id}").text
    for words in ("What differs", "What is there", "Autumn", "Seats that differ", "not asked for", "Who is on what"):
        assert words in page, words


def test_plan_page_of_a_scenario_offers_nothing_that_is_true(
    ops: CheckedClient, session: Session, here: dict[str, Any], spring: Scenario, app: Flask
) -> None:
    plan = ready(session, here, spring, app)
    page = ops.get(f"/plans/{plan.id}").text
    assert "nothing of this plan is in force" in page
    assert "Accept teams" not in page
    assert "Open requisition" not in page
    assert ops.get(f"/plans/{plan.id}/accept").status_code == 200
    seats = [row.seat_key for row in plan.allocations] or ["s1.1"]
    said = {"seats": seats, "version": str(plan.version), "reason": "All the same."}
    answer = ops.send(f"/plans/{plan.id}/accept", said)
    assert answer.status_code == 409
    assert "answers a scenario" in answer.text


def test_profile_that_pays_is_kept_in_a_scenario(
    client_of: Callable[..., CheckedClient], session: Session, user: Callable[..., User]
) -> None:
    rows.workspace(session)
    pm = user(RoleName.PROJECT_MANAGER)
    plan_id = rows.world(session)["plan"].id
    again(session)
    client = client_of(as_user=pm)
    answer = client.send(f"/plans/{plan_id}/openings/0/scenario", page=f"/plans/{plan_id}/openings")
    assert answer.status_code == 303
    assert "only here" in client.get(answer.location).text
    again(session)
    (record,) = session.scalars(select(ScenarioSubject)).all()
    assert (record.said or {})["kind"] == "hypothetical"
    assert session.scalars(select(Person).where(Person.kind == PersonKind.HYPOTHETICAL)).all() == []


def test_what_a_scenario_cannot_change_any_more_is_said_with_its_reason(
    ops: CheckedClient, session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    scenes.changed(session, spring, here["ops"], "need", here["need"].id, to_offset=8)
    here["phase"].duration = 6
    again(session)
    answer = ops.save(f"/scenarios/{spring.id}/plans/add")
    assert answer.status_code == 409
    assert "Search lead: The phase lasts 6 periods; this ends after it." in answer.text
    again(session)
    assert session.scalars(select(Plan)).all() == []
