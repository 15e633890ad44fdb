"""Scenarios: differences over what is there, which they never touch, and the plans that answer them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import scenes
from background import claimed, solving
from databases import on_both
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from planner.models import (
    FIRST_NEW,
    AuditEntry,
    Job,
    Person,
    PersonKind,
    Plan,
    PlanState,
    Scenario,
    ScenarioSubject,
)
from planner.schemas.planning_plans import AcceptSaid
from planner.services.planning import deciding, plans, queueing, reading, scenario_changes, scenarios
from planner.services.planning.scenario_documents import subject_of
from planner.services.planning.trying import tried
from planner.services.refused import Refused, Stale


@pytest.fixture
def here(session: Session) -> dict[str, Any]:
    return scenes.company(session)


@pytest.fixture
def spring(session: Session, here: dict[str, Any]) -> Scenario:
    return scenes.scenario(session, here["ops"])


def contents(session: Session) -> dict[str, list[Any]]:
    """Every row of what is there; what scenarios say aside, and the trail of who said it."""
    session.flush()
    tables = [t for t in Scenario.metadata.sorted_tables if not t.name.startswith(("scenario", "audit"))]
    return {t.name: sorted(map(repr, session.execute(select(t)).all())) for t in tables}


@on_both
def test_nothing_that_is_there_changes_with_a_scenario(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    before, asked = contents(session), scenes.question(session)
    last = session.scalar(select(func.max(AuditEntry.id)))
    by = here["ops"]
    scenes.changed(session, spring, by, "person", here["ann"].id, cost_minor=50_000, acceptance_pct=10)
    scenes.changed(session, spring, by, "person", here["cy"].person_id, acceptance_pct=100)
    scenes.changed(session, spring, by, "project", here["project"].id, priority=5, budget_minor=900_000)
    scenes.changed(session, spring, by, "phase", here["phase"].id, duration=10)
    scenes.changed(session, spring, by, "need", here["need"].id, count=3, fte_pct=50)
    scenes.changed(session, spring, by, "workspace", None, weights={"fill": 500})
    scenes.added(session, spring, by, "person", name="Somebody", kind="hypothetical", cost_minor=1)
    scenes.left_out(session, spring, by, "person", here["ben"].id)
    assert scenes.question_in(session, spring) != asked
    session.commit()
    assert contents(session) == before
    nouns = set(session.scalars(select(AuditEntry.noun).where(AuditEntry.id > last)))
    assert nouns <= {"scenario", "scenario_subject", "scenario_change", "scenario_share"}
    assert scenes.question(session) == asked


@on_both
def test_question_of_a_scenario_is_that_of_the_same_edits(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    from planner.models import SubjectKind
    from planner.schemas.staffing_needs import NeedSaid
    from planner.services.planning.scenario_documents import document_of, flat, said_of
    from planner.services.staffing import needs, people

    by = here["ops"]
    scenes.changed(session, spring, by, "person", here["ann"].id, cost_minor=50_000,
                   skills=[{"skill_id": here["sql"].id, "level": 5}])  # fmt: skip
    scenes.changed(session, spring, by, "need", here["need"].id, count=3, fte_pct=50)
    in_scenario = scenes.question_in(session, spring)
    ann, need = here["ann"], here["need"]
    said = said_of(SubjectKind.PERSON, flat(SubjectKind.PERSON, document_of(SubjectKind.PERSON, ann)))
    line = {"skill_id": here["sql"].id, "level": 5}
    edited = type(said).model_validate(said.model_dump() | {"cost_minor": 50_000, "skills": [line]})
    people.edit_person(session, ann, edited, ann.version)
    said = NeedSaid.model_validate(document_of(SubjectKind.NEED, need) | {"count": 3, "fte_pct": 50})
    needs.edit_need(session, need, said, need.version)
    assert in_scenario == scenes.question(session)


def test_only_differences_are_kept_each_with_what_was_there(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    ann, sql = here["ann"], here["sql"]
    skills = [{"skill_id": here["seo"].id, "level": 4, "source": "manager", "rated_on": None},
              {"skill_id": sql.id, "level": 5, "source": "manager", "rated_on": None}]  # fmt: skip
    subject = scenes.changed(session, spring, here["ops"], "person", ann.id, cost_minor=50_000, skills=skills)
    assert subject.record is not None
    kept = {row.field: (row.base, row.value) for row in subject.record.changes}
    assert set(kept) == {"cost_minor", f"skills:{sql.id}"}
    assert kept["cost_minor"] == (100_000, 50_000)
    assert kept[f"skills:{sql.id}"][0]["level"] == 2


def test_name_and_address_of_somebody_never_enter(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    subject = scenes.changed(session, spring, here["ops"], "person", here["ann"].id, name="Anna", email="a@b.c")
    assert subject.changed == {}
    rows = session.scalars(select(ScenarioSubject)).all()
    assert [(row.label, row.said, row.changes) for row in rows] == [("", None, [])]


def test_change_that_is_taken_back_is_no_difference(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    by, ann = here["ops"], here["ann"]
    scenes.changed(session, spring, by, "person", ann.id, cost_minor=1, notice_periods=3)
    subject = subject_of(session, spring, "person", ann.id)
    assert subject.record is not None
    scenario_changes.take_back(session, spring, subject.record, "cost_minor")
    assert list(subject_of(session, spring, "person", ann.id).changed) == ["notice_periods"]
    subject = scenes.changed(session, spring, by, "person", ann.id, notice_periods=0)
    assert subject.changed == {}


def test_what_a_verb_refuses_is_refused_in_a_scenario(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    by = here["ops"]
    with pytest.raises(Refused) as refused:
        scenes.changed(session, spring, by, "need", here["need"].id, to_offset=9)
    assert (refused.value.code, refused.value.field) == ("need_ends_after_phase", "to_offset")


def test_edits_that_need_one_another_go_in_any_order(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    """The phase grows, the need with it; then the need shrinks, the phase with it: kept in the first order."""
    by, phase, need = here["ops"], here["phase"].id, here["need"].id
    for duration, end in ((10, 10), (6, 6)):
        order = [("phase", phase, {"duration": duration}), ("need", need, {"to_offset": end})]
        for kind, ident, fields in order if duration == 10 else reversed(order):
            scenes.changed(session, spring, by, kind, ident, **fields)
    with tried(session, spring) as applied:
        assert applied.refused == {}


def test_new_project_with_phase_and_need_is_planned(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    by, start = here["ops"], here["workspace"].moment_of(2)
    project = scenes.added(session, spring, by, "project", name="Film")
    phase = scenes.added(session, spring, by, "phase", project.id, name="Cut", duration=4, earliest_on=start)
    after = scenes.added(
        session, spring, by, "phase", project.id, name="Show", duration=1, earliest_on=here["workspace"].moment_of(8),
        after_ids=[phase.id],
    )  # fmt: skip
    scenes.added(session, spring, by, "need", phase.id, title="Editor", count=2)
    assert project.id > FIRST_NEW
    first, again = scenes.question_in(session, spring), scenes.question_in(session, spring)
    assert first == again
    assert f"x{spring.id}.4.2" in first
    scenario_changes.leave_out(session, subject_of(session, spring, "project", project.id), by=by)
    assert [one.kind for one in spring.subjects] == []
    assert after.id == FIRST_NEW + 3


def test_second_editor_of_one_subject_is_told(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    by, ann = here["ops"], here["ann"]
    read = subject_of(session, spring, "person", ann.id)
    scenes.changed(session, spring, by, "person", ann.id, cost_minor=1)
    from planner.services.planning.scenario_documents import said_of

    assert read.here is not None
    said = said_of(read.kind, read.here)
    with pytest.raises(Stale):
        scenario_changes.edit(session, subject_of(session, spring, "person", ann.id), said, read.version, by=by)
    now = subject_of(session, spring, "person", ann.id).version
    ann.cost_minor = 5
    session.flush()
    with pytest.raises(Stale):
        scenario_changes.edit(session, subject_of(session, spring, "person", ann.id), said, now, by=by)


def asked(session: Session, here: dict[str, Any], scene: Scenario | None, engine: Engine) -> Plan:
    """A plan, made by a worker."""
    said = scenes.plan_said(here["workspace"], is_reproducible=True)
    plan = plans.request_plan(session, said, by=here["ops"], token=uuid.uuid4().hex, scenario=scene)
    session.commit()
    job = queueing.job_of(session, plan)
    assert job is not None
    session.commit()
    solving(engine).run(job.id)
    session.expire_all()
    return plan


@on_both
def test_plan_of_a_scenario_answers_it_and_no_page_takes_it_for_the_newest(
    session: Session, here: dict[str, Any], spring: Scenario, app: Any
) -> None:
    engine = app.extensions["planner_engine"]
    scenes.changed(session, spring, here["ops"], "need", here["need"].id, count=5)
    true = asked(session, here, None, engine)
    plan = asked(session, here, spring, engine)
    assert (true.state, plan.state) == (PlanState.READY, PlanState.READY), plan.failure_code
    assert (true.num_seats, plan.num_seats) == (3, 6)
    assert plan.number > true.number
    assert plans.newest_plan(session) is true
    assert plans.newest_plan(session, spring) is plan
    assert plans.plan_to_show(session, "") is true
    from planner.services.account.waiting import latest_plan
    from planner.services.hiring.decisions import suggestion_for
    from planner.services.listing import Query

    assert latest_plan(session) is true
    suggestion = suggestion_for(session, here["cy"])
    assert suggestion is not None
    assert suggestion.plan is true
    assert plans.page_of_plans(session, Query("/plans")).items == [true]
    assert json_of(plan) == scenes.question_in(session, spring, plans.to_request(plan))


def json_of(plan: Plan) -> str:
    return scenes.written(reading.question_of(plan))


def test_plan_of_a_scenario_is_never_put_in_force(
    session: Session, here: dict[str, Any], spring: Scenario, app: Any
) -> None:
    plan = asked(session, here, spring, app.extensions["planner_engine"])
    seats = [row.seat_key for row in plan.allocations]
    with pytest.raises(Refused) as refused:
        deciding.accept(session, plan, AcceptSaid(seats=seats), plan.version, by=here["ops"])
    assert refused.value.code == "plan_is_of_a_scenario"
    assert plans.plan_in_force(session) is None


def test_plans_go_with_their_scenario(session: Session, here: dict[str, Any], spring: Scenario, app: Any) -> None:
    plan_id = asked(session, here, spring, app.extensions["planner_engine"]).id
    scenarios.remove(session, spring, title="Spring", by=here["ops"])
    session.commit()
    assert session.get(Plan, plan_id) is None
    assert session.scalars(select(Scenario)).all() == []
    assert session.scalars(select(ScenarioSubject)).all() == []


def test_hypothetical_hire_of_a_scenario_is_nobody_elsewhere(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    scenes.added(session, spring, here["ops"], "person", name="Somebody", kind="hypothetical")
    session.commit()
    assert session.scalars(select(Person).where(Person.kind == PersonKind.HYPOTHETICAL)).all() == []
    assert "Somebody" in scenes.question_in(session, spring)
    assert "Somebody" not in scenes.question(session)


def test_erasing_somebody_takes_what_scenarios_say_of_them(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    from planner.schemas.hiring_rights import ErasedSaid
    from planner.services.hiring import erasing

    scenes.changed(session, spring, here["ops"], "person", here["cy"].person_id, acceptance_pct=5)
    erasing.erase(session, here["cy"], ErasedSaid(reason="They asked for it."), by=here["ops"])
    session.commit()
    assert session.scalars(select(ScenarioSubject)).all() == []
    assert session.scalar(text("SELECT count(*) FROM scenario_change")) == 0


__all__ = ["Job", "claimed"]
