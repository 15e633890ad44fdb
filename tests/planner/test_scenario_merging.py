"""Scenarios merged back: what nobody else touched, what somebody did, all of it or nothing, by those who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import scenes
from databases import on_both
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import FIRST_NEW, Person, PersonKind, Phase, Project, RoleName, Scenario, User
from planner.schemas.planning_scenarios import MergeSaid
from planner.services.planning import scenario_merging
from planner.services.planning.scenario_merging import Comparison, Standing, compared
from planner.services.refused import Refused


@pytest.fixture
def here(session: Session) -> dict[str, Any]:
    return scenes.company(session)


@pytest.fixture
def spring(session: Session, here: dict[str, Any]) -> Scenario:
    return scenes.scenario(session, here["ops"])


def merge(session: Session, scene: Scenario, by: User, *, drop: list[str] | None = None, **chosen: Any) -> Comparison:
    comparison = compared(session, scene, by=by)
    take = chosen.get("take")
    if take is None:
        fields = [one.part for part in comparison.parts for one in part.fields]
        take = [*fields, *(part.part for part in comparison.parts if not part.fields)]
    said = MergeSaid(seen=comparison.seen, take=[one for one in take if one not in (drop or [])], drop=drop or [])
    scenario_merging.merge(session, scene, said, by=by)
    session.flush()
    return comparison


@on_both
def test_all_of_a_scenario_becomes_true_as_it_was_asked(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    """The question before the merge, in the scenario, is to the last byte the one after it, of what is there."""
    by, start = here["ops"], here["workspace"].moment_of(2)
    scenes.changed(session, spring, by, "person", here["ann"].id, cost_minor=50_000, skills=[])
    scenes.changed(session, spring, by, "person", here["cy"].person_id, acceptance_pct=100)
    scenes.changed(session, spring, by, "workspace", None, weights={"fill": 700})
    project = scenes.added(session, spring, by, "project", name="Film")
    phase = scenes.added(session, spring, by, "phase", project.id, name="Cut", duration=4, earliest_on=start)
    scenes.added(session, spring, by, "need", phase.id, title="Editor", count=2)
    scenes.added(
        session, spring, by, "person", name="Somebody", kind="hypothetical",
        wishes=[{"project_id": project.id, "wish": 10}],
    )  # fmt: skip
    scenes.left_out(session, spring, by, "person", here["ben"].id)
    session.commit()
    asked = scenes.question_in(session, spring)
    merge(session, spring, by)
    session.commit()
    assert scenes.question(session) == asked
    assert [one for one in spring.subjects if one.is_said] == []
    assert session.scalars(select(Person).where(Person.kind == PersonKind.HYPOTHETICAL)).one().name == "Somebody"


def test_field_that_both_changed_is_shown_three_times(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    by, ann = here["ops"], here["ann"]
    scenes.changed(session, spring, by, "person", ann.id, cost_minor=50_000, notice_periods=4, acceptance_pct=3)
    ann.cost_minor, ann.acceptance_pct = 70_000, 3
    session.commit()
    comparison = compared(session, spring, by=by)
    (part,) = comparison.parts
    found = {one.change.field: (one.change.base, one.change.value, one.now, one.standing) for one in part.fields}
    assert found == {
        "cost_minor": (100_000, 50_000, 70_000, Standing.CONFLICT),
        "notice_periods": (0, 4, 0, Standing.CLEAN),
        "acceptance_pct": (100, 3, 3, Standing.SAME),
    }
    assert comparison.num_conflicts == 1


def test_two_who_change_two_skills_of_one_person_are_no_conflict(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    by, ann = here["ops"], here["ann"]
    seo, sql = here["seo"], here["sql"]
    scenes.changed(
        session, spring, by, "person", ann.id,
        skills=[{"skill_id": seo.id, "level": 5}, {"skill_id": sql.id, "level": 2}],
    )  # fmt: skip
    next(row for row in ann.skills if row.skill_id == sql.id).level = 4
    session.commit()
    assert merge(session, spring, by).num_conflicts == 0
    assert {row.skill_id: row.level for row in ann.skills} == {seo.id: 5, sql.id: 4}


def test_only_what_was_chosen_becomes_true(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    by, ann = here["ops"], here["ann"]
    scenes.changed(session, spring, by, "person", ann.id, cost_minor=1, notice_periods=4, ramp_up_periods=2)
    parts = {one.change.field: one.part for one in compared(session, spring, by=by).parts[0].fields}
    merge(session, spring, by, take=[parts["cost_minor"]], drop=[parts["notice_periods"]])
    assert (ann.cost_minor, ann.notice_periods, ann.ramp_up_periods) == (1, 0, 0)
    assert [row.field for row in spring.subjects[0].changes] == ["ramp_up_periods"]


def test_new_phase_of_a_merged_project_stands_below_it(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    by, start = here["ops"], here["workspace"].moment_of(2)
    project = scenes.added(session, spring, by, "project", name="Film")
    scenes.added(session, spring, by, "phase", project.id, name="Cut", duration=4, earliest_on=start)
    parts = compared(session, spring, by=by).parts
    merge(session, spring, by, take=[parts[0].part])
    session.commit()
    film = session.scalars(select(Project).where(Project.name == "Film")).one()
    assert [(one.parent_id, one.subject_id >= FIRST_NEW) for one in spring.subjects] == [(film.id, True)]
    merge(session, spring, by)
    assert session.scalars(select(Phase).where(Phase.project_id == film.id)).one().name == "Cut"


def test_merge_that_was_read_from_something_older_is_refused(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    by, ann = here["ops"], here["ann"]
    scenes.changed(session, spring, by, "person", ann.id, cost_minor=1)
    comparison = compared(session, spring, by=by)
    ann.cost_minor = 2
    session.commit()
    said = MergeSaid(seen=comparison.seen, take=[comparison.parts[0].fields[0].part])
    with pytest.raises(Refused) as refused:
        scenario_merging.merge(session, spring, said, by=by)
    assert refused.value.code == "scenario_has_moved_on"
    assert ann.cost_minor == 2


def test_merge_is_whole_or_nothing(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    """The phase became shorter meanwhile: the need's longer stay is refused, and Ann stays as she is."""
    by = here["ops"]
    scenes.changed(session, spring, by, "person", here["ann"].id, cost_minor=1)
    scenes.changed(session, spring, by, "need", here["need"].id, to_offset=8)
    here["phase"].duration = 6
    session.commit()
    with pytest.raises(Refused) as refused:
        merge(session, spring, by)
    session.rollback()
    assert refused.value.code == "need_ends_after_phase"
    assert here["ann"].cost_minor == 100_000
    assert compared(session, spring, by=by, is_tried=True).parts[1].standing is Standing.REFUSED


def test_what_is_gone_is_told_and_can_only_be_dropped(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    by = here["ops"]
    scenes.changed(session, spring, by, "person", here["ben"].id, cost_minor=1)
    session.delete(here["ben"])
    session.commit()
    (part,) = compared(session, spring, by=by).parts
    assert (part.standing, part.title) == (Standing.GONE, "")
    with pytest.raises(Refused):
        merge(session, spring, by)
    session.rollback()
    merge(session, spring, by, drop=[part.fields[0].part])
    assert compared(session, spring, by=by).parts == ()


def test_nobody_merges_what_they_may_not_change(
    session: Session, here: dict[str, Any], user: Callable[..., User]
) -> None:
    pm = user(RoleName.PROJECT_MANAGER)
    scene = scenes.scenario(session, pm, "Mine")
    scenes.changed(session, scene, pm, "person", here["ann"].id, cost_minor=1)
    (part,) = compared(session, scene, by=pm).parts
    assert not part.is_allowed
    with pytest.raises(Refused) as refused:
        merge(session, scene, pm)
    assert refused.value.code == "merge_is_not_allowed"


def test_merge_page_asks_for_true_conflicts_only(
    client_of: Callable[..., CheckedClient], session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    by, ann = here["ops"], here["ann"]
    scenes.changed(session, spring, by, "person", ann.id, cost_minor=50_000, notice_periods=4)
    ann.cost_minor = 70_000
    session.commit()
    ops, path = client_of(as_user=by), f"/scenarios/{spring.id}/merge"
    page = ops.get(path).text
    assert "Changed on both sides" in page
    assert "1 change that nobody else touched" in page
    said = ops.form(path)
    conflict = next(row.id for row in spring.subjects[0].changes if row.field == "cost_minor")
    assert said[f"p-c{conflict}"] == "leave"
    said[f"p-c{conflict}"] = "take"
    assert ops.post(path, data=said).status_code == 303
    session.commit()
    session.expire_all()
    assert (ann.cost_minor, ann.notice_periods) == (50_000, 4)
    assert ops.post(path, data=said).status_code == 409
