"""Team rules in a scenario: asked for otherwise, added, left out, merged back, and offered as a way out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import scenes
from corridor import corridor, gap
from databases import on_both
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import FIRST_NEW, Person, PersonKind, RuleKind, Scenario, Skill, TeamRule
from planner.schemas.planning_scenarios import MergeSaid, ScenarioBegun
from planner.schemas.staffing_projects import TeamRuleSaid
from planner.services.planning import scenario_merging, scenarios
from planner.services.planning.scenario_changes import take_back
from planner.services.planning.scenario_documents import subject_of
from planner.services.planning.scenario_merging import compared
from planner.services.planning.scenario_ways import changes_of
from planner.services.refused import Refused
from planner.services.staffing import team_rules


@pytest.fixture
def here(session: Session) -> dict[str, Any]:
    """The company, with a rule that its first team must keep."""
    found = scenes.company(session)
    said = TeamRuleSaid(rule="count", of="skill", skill_id=found["seo"].id, level=3, at_least=1)
    found["rule"] = team_rules.add_rule(session, found["phase"], said)
    session.commit()
    return found


@pytest.fixture
def spring(session: Session, here: dict[str, Any]) -> Scenario:
    return scenes.scenario(session, here["ops"])


def merge_all(session: Session, scene: Scenario, here: dict[str, Any]) -> None:
    comparison = compared(session, scene, by=here["ops"])
    take = [one.part for part in comparison.parts for one in (part.fields or (part,))]
    scenario_merging.merge(session, scene, MergeSaid(seen=comparison.seen, take=take), by=here["ops"])
    session.commit()


@on_both
def test_rules_of_a_scenario_are_asked_as_they_are_once_merged(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    """One changed, one added that names somebody who is only there, one below a phase that is only there."""
    by, before = here["ops"], scenes.question(session)
    scenes.changed(session, spring, by, "rule", here["rule"].id, at_least=2, weight=500)
    somebody = scenes.added(session, spring, by, "person", name="Somebody", kind="hypothetical")
    ids = [here["ann"].id, somebody.id]
    scenes.added(session, spring, by, "rule", here["phase"].id, rule="together", person_ids=ids)
    phase = scenes.added(
        session, spring, by, "phase", here["project"].id, name="Cut", duration=4,
        earliest_on=here["workspace"].moment_of(2),
    )  # fmt: skip
    scenes.added(session, spring, by, "rule", phase.id, rule="count", of="kind", kind="contractor", at_most=0)
    session.commit()
    asked = scenes.question_in(session, spring)
    assert scenes.question(session) == before != asked
    merge_all(session, spring, here)
    assert scenes.question(session) == asked
    assert [one for one in spring.subjects if one.is_said] == []
    somebody_now = session.scalars(select(Person).where(Person.kind == PersonKind.HYPOTHETICAL)).one()
    together = session.scalars(select(TeamRule).where(TeamRule.rule == RuleKind.TOGETHER)).one()
    assert [row.person_id for row in together.people] == [here["ann"].id, somebody_now.id]


def test_rule_that_names_somebody_new_still_does_when_only_they_are_merged(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    by = here["ops"]
    somebody = scenes.added(session, spring, by, "person", name="Somebody", kind="hypothetical")
    ids = [here["ann"].id, somebody.id]
    scenes.added(session, spring, by, "rule", here["phase"].id, rule="apart", person_ids=ids)
    comparison = compared(session, spring, by=by)
    said = MergeSaid(seen=comparison.seen, take=[comparison.parts[0].part])
    scenario_merging.merge(session, spring, said, by=by)
    session.commit()
    there = session.scalars(select(Person).where(Person.kind == PersonKind.HYPOTHETICAL)).one()
    (record,) = [one for one in spring.subjects if one.is_said]
    assert (record.said or {})["person_ids"] == [here["ann"].id, there.id]
    merge_all(session, spring, here)
    assert len(here["phase"].team_rules) == 2


def rules_asked(question: str) -> int:
    return sum(len(phase.get("team_rules", ())) for one in json.loads(question)["projects"] for phase in one["phases"])


def test_rule_is_left_out_and_taken_in_again(session: Session, here: dict[str, Any], spring: Scenario) -> None:
    before = scenes.question(session)
    scenes.left_out(session, spring, here["ops"], "rule", here["rule"].id)
    assert rules_asked(before) == 1
    assert rules_asked(scenes.question_in(session, spring)) == 0
    record = subject_of(session, spring, "rule", here["rule"].id).record
    assert record is not None
    take_back(session, spring, record)
    assert scenes.question_in(session, spring) == before


def test_what_the_verb_refuses_is_refused_at_its_field(
    session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    with pytest.raises(Refused) as refused:
        scenes.changed(session, spring, here["ops"], "rule", here["rule"].id, level=here["workspace"].level_max + 1)
    assert (refused.value.code, refused.value.field) == ("level_over_scale", "level")
    with pytest.raises(Refused) as refused:
        scenes.added(session, spring, here["ops"], "rule", here["phase"].id, rule="apart", person_ids=[1, FIRST_NEW])
    assert refused.value.code == "person_is_gone"


def test_pages_say_a_rule_in_a_sentence(
    client_of: Callable[..., CheckedClient], session: Session, here: dict[str, Any], spring: Scenario
) -> None:
    ops, path = client_of(as_user=here["ops"]), f"/scenarios/{spring.id}"
    sentence = "At least 1 person with SEO at level 3 or more"
    assert sentence in ops.get(f"{path}/work").text
    edit = f"{path}/rule/{here['rule'].id}/edit"
    assert f"Now: {sentence}" in ops.get(edit).text
    assert ops.save(edit, at_least="2", weight="300").status_code == 303
    kinds = ops.get(f"{path}/rule/add?below={here['phase'].id}").text
    assert "What shall it look at?" in kinds
    assert f"/scenarios/{spring.id}/rule/add?below={here['phase'].id}&amp;rule=together" in kinds
    adding = f"{path}/rule/add?below={here['phase'].id}&rule=together"
    said = ops.form(adding)
    said["person_ids-0-person_id"], said["person_ids-1-person_id"] = "Ann Lee", "Ben Ode"
    assert ops.post(adding, data=said).status_code == 303
    shown = ops.get(path).text
    for words in (
        "Build: At least 2 people with SEO at level 3 or more",
        "Build: Ann Lee and Ben Ode: all of them or none",
        "it must hold",
        "Team rules",
    ):
        assert words in shown, words
    merging = ops.get(f"{path}/merge").text
    assert "all of them or none" in merging
    assert ops.post(f"{path}/merge", data=ops.form(f"{path}/merge")).status_code == 303
    session.rollback()
    session.expire_all()
    assert (here["rule"].at_least, here["rule"].weight) == (2, 300)
    assert len(here["phase"].team_rules) == 2


def test_two_editors_of_a_rule_merge_what_each_changed_alone(
    client_of: Callable[..., CheckedClient], here: dict[str, Any], spring: Scenario
) -> None:
    ops, edit = client_of(as_user=here["ops"]), f"/scenarios/{spring.id}/rule/{here['rule'].id}/edit"
    early = ops.form(edit)
    assert ops.save(edit, at_least="2").status_code == 303
    early["weight"] = "40"
    assert ops.post(edit, data=early).status_code == 303
    now = ops.form(edit)
    assert (now["at_least"], now["weight"]) == ("2", "40")


@pytest.mark.parametrize(
    "said",
    [
        {"rule": "count", "of": "kind", "kind": "contractor", "at_most": 0},
        {"rule": "count", "of": "tag", "tag": "lang:de", "at_least": 1},
        {"rule": "count", "of": "skill", "skill_id": 1, "level": 2, "at_least": 1},
    ],
    ids=["kind", "tag", "skill"],
)
def test_way_out_of_a_rule_leaves_it_out(session: Session, said: dict[str, Any]) -> None:
    """As long as the rule still says what it said when the plan was made."""
    here = corridor(session)
    session.add(Skill(id=1, key="sql", name="SQL"))
    session.flush()
    rule = team_rules.add_rule(session, here.need.phase, TeamRuleSaid(**said))
    plan = gap(session, here)
    claim = {"kind": "team_rule", "phase": here.need.phase.key, "index": 0, "name": "count", "what": []}
    way = {"kind": "lift", "claims": [claim]}
    (change,) = changes_of(session, plan, way, "")
    begun = ScenarioBegun.model_validate({"name": "Tried", "changes": [change]})
    (subject,) = scenarios.begin(session, begun, by=here.ops).subjects
    assert (str(subject.kind), subject.subject_id, str(subject.state)) == ("rule", rule.id, "removed")
    for otherwise in ({"at_most": 5}, {"weight": 9}, {"level": 3} if "level" in said else {"weight": 8}):
        team_rules.edit_rule(session, rule, TeamRuleSaid(**said | otherwise), rule.version)
        assert changes_of(session, plan, way, "") == [], otherwise
