"""Team rules: all five kinds, hard or weighted, entered by their kind and shown in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pages import CheckedClient
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    CountKind,
    Person,
    PersonKind,
    Phase,
    Project,
    Removal,
    RoleName,
    RuleKind,
    Skill,
    TeamRule,
    Workspace,
    WorkStyle,
)
from planner.schemas.staffing_projects import TeamRuleSaid, TeamRuleSeen
from planner.services.refused import Refused, Stale
from planner.services.staffing import team_rules
from planner.words.staffing import rule_in_words


@pytest.fixture
def phase(session: Session) -> Phase:
    """A phase, a skill, two work styles (one off) and three people, two of one name."""
    start = session.get_one(Workspace, 1).moment_of(0)
    phase = Phase(key="f1", name="Build", duration=10, earliest_on=start, latest_on=start)
    phase.project = Project(key="j1", name="Launch film")
    session.add_all([phase, Skill(id=1, key="sql", name="SQL")])
    session.add_all(
        [WorkStyle(id=1, key="co", name="Cooperation"), WorkStyle(id=2, key="st", name="Calm", is_on=False)]
    )
    for n, name in enumerate(("Ann", "Ben", "Ben"), start=1):
        session.add(Person(id=n, key=f"p{n}", name=name, kind=PersonKind.EMPLOYEE))
    session.commit()
    return phase


@pytest.fixture
def admin(client_of: Callable[..., CheckedClient]) -> CheckedClient:
    return client_of(RoleName.ADMINISTRATOR)


SKILL = {"rule": "count", "of": "skill", "skill_id": 1, "level": 3, "at_least": 2}
STYLE = {"rule": "count", "of": "style", "style_id": 1, "min": 4.0, "at_least": 1}
TAG = {"rule": "count", "of": "tag", "tag": "lang:de", "at_least": 1, "at_most": 3}
KIND = {"rule": "count", "of": "kind", "kind": "contractor", "at_most": 0}
TOGETHER = {"rule": "together", "person_ids": [1, 2]}
APART = {"rule": "apart", "person_ids": [3, 1], "weight": 1}
MEAN = {"rule": "mean", "style_id": 1, "min": 3.2, "weight": 1300}
SPREAD = {"rule": "spread", "style_id": 1, "max": 1.5}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (SKILL, "At least 2 people with SQL at level 3 or more; this must hold"),
        (STYLE, "At least 1 person with Cooperation of 4 or more; this must hold"),
        (TAG, "Between 1 and 3 people who speak German; this must hold"),
        ({**TAG, "tag": "site:Lyon", "at_most": 1}, "Exactly 1 person at Lyon; this must hold"),
        (KIND, "Nobody who is a contractor; this must hold"),
        ({**KIND, "at_most": 2, "weight": 50},
         "At most 2 people who are contractors, 50 points for each person missing or too many"),
        (TOGETHER, "Ann and Ben: all of them or none; this must hold"),
        (APART, "Ben and Ann: at most one of them, 1 point for each one beyond the first"),
        (MEAN, "The team’s mean Cooperation is at least 3.2, 1,300 points for each tenth outside"),
        ({**MEAN, "max": 4, "weight": None}, "The team’s mean Cooperation is between 3.2 and 4; this must hold"),
        (SPREAD, "In Cooperation, the team’s highest and lowest are at most 1.5 apart; this must hold"),
    ],
)  # fmt: skip
def test_every_kind_is_kept_and_said_in_words(
    app: Flask, session: Session, phase: Phase, said: dict[str, Any], words: str
) -> None:
    rule = team_rules.add_rule(session, phase, TeamRuleSaid.model_validate(said))
    seen = TeamRuleSeen.model_validate(rule).model_dump()
    assert {name: seen[name] for name in said} == said
    with app.test_request_context():
        assert rule_in_words(rule) == words


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"rule": "count", "at_least": 1}, "of"), ({**SKILL, "skill_id": None}, "skill_id"),
        ({**SKILL, "level": ""}, "level"), ({**SKILL, "level": 101}, "level"),
        ({**STYLE, "style_id": None}, "style_id"),
        ({**STYLE, "min": None}, "min"), ({**TAG, "tag": " "}, "tag"), ({**KIND, "kind": "robot"}, "kind"),
        ({**SKILL, "at_least": None}, "at_most"), ({**SKILL, "at_most": 1}, "at_most"),
        ({**SKILL, "at_least": 1001}, "at_least"), ({**TOGETHER, "person_ids": [1, 1]}, "person_ids"),
        ({**MEAN, "style_id": None}, "style_id"), ({**MEAN, "min": None}, "max"), ({**MEAN, "max": 3.1}, "max"),
        ({**MEAN, "weight": 10**6 + 1}, "weight"), ({"rule": "vote"}, "rule"),
    ],
)  # fmt: skip
def test_what_a_kind_wants_is_missed_at_its_field(said: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TeamRuleSaid.model_validate(said)
    assert field in {error["loc"][0] for error in refused.value.errors() if error["loc"]}


@pytest.mark.parametrize(
    "said",
    [
        {**SKILL, "at_most": 2},
        {**SKILL, "level": 0},
        {**MEAN, "max": 3.2},
        {**MEAN, "weight": 10**6},
        {**APART, "weight": 0},
    ],
)
def test_edges_hold(said: dict[str, Any]) -> None:
    assert TeamRuleSaid.model_validate(said).model_dump().items() >= said.items()


def test_fields_of_other_kinds_are_dropped(session: Session, phase: Phase) -> None:
    said = TeamRuleSaid.model_validate({**MEAN, "of": "tag", "tag": "x", "person_ids": [1], "at_least": 2, "level": 3})
    rule = team_rules.add_rule(session, phase, said)
    assert (rule.of, rule.tag, rule.at_least, rule.level, rule.people) == (None, None, None, None, [])


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({**SKILL, "skill_id": 9}, "skill_unknown", "skill_id"),
        ({**SKILL, "level": 6}, "level_over_scale", "level"),
        ({**STYLE, "style_id": 2}, "style_unknown", "style_id"),
        ({**TOGETHER, "person_ids": [1, 9]}, "person_is_gone", "person_ids.1"),
    ],
)
def test_what_is_not_there_is_refused_at_its_field(
    session: Session, phase: Phase, said: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        team_rules.add_rule(session, phase, TeamRuleSaid.model_validate(said))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_rule_is_added_by_its_kind(admin: CheckedClient, session: Session, phase: Phase) -> None:
    path = f"/projects/phases/{phase.id}/rules/add"
    choose = admin.get(path).text
    for kind in ("rule=count&amp;of=style", "rule=together", "rule=apart", "rule=mean", "rule=spread"):
        assert kind in choose
    form = admin.get(f"{path}?rule=count&of=style").text
    assert 'name="min"' in form
    assert 'name="tag"' not in form
    said = {"rule": "count", "of": "style", "style_id": "1", "min": "4.0", "at_least": "1", "weight": ""}
    assert admin.send(f"{path}?rule=count&of=style", said).status_code == 303
    rule = session.scalars(select(TeamRule)).one()
    assert (rule.rule, rule.of, rule.min, rule.at_least, rule.weight) == (RuleKind.COUNT, CountKind.STYLE, 4.0, 1, None)
    assert "At least 1 person with Cooperation of 4 or more" in admin.get(f"/projects/{phase.project_id}").text


def test_people_are_named_in_rows(admin: CheckedClient, session: Session, phase: Phase) -> None:
    path = f"/projects/phases/{phase.id}/rules/add?rule=apart"
    assert 'value="Ben (p2)"' in admin.get(path).text, "namesakes are told apart"
    said = {"rule": "apart", "person_ids-0-person_id": "ann", "person_ids-1-person_id": "Ben (p3)"}
    assert 'name="person_ids-2-person_id"' in admin.send(path, {**said, "add_row": "person_ids"}).text
    unknown = admin.send(path, {**said, "person_ids-1-person_id": "Ben"})
    assert unknown.status_code == 422
    assert "Nobody here is called “Ben”" in unknown.text
    assert admin.send(path, said).status_code == 303
    rule = session.scalars(select(TeamRule)).one()
    assert [row.person_id for row in rule.people] == [1, 3]
    again = {**said, "person_ids-0-person_id": "Ben (p2)", "version": "1"}
    assert admin.send(f"/projects/rules/{rule.id}/edit", again).status_code == 303
    session.rollback()
    session.expire_all()
    assert [row.person_id for row in rule.people] == [2, 3]


def test_one_person_is_too_few(admin: CheckedClient, phase: Phase) -> None:
    path = f"/projects/phases/{phase.id}/rules/add?rule=together"
    refused = admin.send(path, {"rule": "together", "person_ids-0-person_id": "Ann"})
    assert refused.status_code == 422
    assert "Name at least two people." in refused.text


def test_stale_version_is_refused(admin: CheckedClient, session: Session, phase: Phase) -> None:
    rule = team_rules.add_rule(session, phase, TeamRuleSaid.model_validate(MEAN))
    session.commit()
    path = f"/projects/rules/{rule.id}/edit"
    said = {"rule": "mean", "style_id": "1", "min": "3.0", "weight": ""}
    assert admin.send(path, {**said, "version": "1"}).status_code == 303
    stale = admin.send(path, {**said, "min": "2.5", "version": "1"})
    assert stale.status_code == 409
    assert "2.5" in stale.text
    session.rollback()
    session.expire_all()
    assert (rule.min, rule.weight, rule.version) == (3.0, None, 2)
    with pytest.raises(Stale):
        team_rules.edit_rule(session, rule, TeamRuleSaid.model_validate(MEAN), 1)


def test_removed_rule_comes_back_with_its_people(admin: CheckedClient, session: Session, phase: Phase) -> None:
    rule = team_rules.add_rule(session, phase, TeamRuleSaid.model_validate(TOGETHER))
    session.commit()
    path = f"/projects/rules/{rule.id}/remove"
    assert "Ann and Ben: all of them or none" in admin.get(path).text
    admin.send(path)
    session.rollback()
    assert session.scalars(select(TeamRule)).all() == []
    removal = session.scalars(select(Removal)).one()
    admin.send(f"/account/removals/{removal.id}/restore", page="/projects")
    session.rollback()
    session.expunge_all()
    assert [row.person_id for row in session.scalars(select(TeamRule)).one().people] == [1, 2]


@pytest.mark.parametrize(
    ("role", "status"), [(RoleName.EXECUTIVE, 403), (RoleName.MEMBER, 404), (RoleName.PROJECT_MANAGER, 403)]
)
def test_who_may_not_edit(
    client_of: Callable[..., CheckedClient], session: Session, phase: Phase, role: RoleName, status: int
) -> None:
    rule = team_rules.add_rule(session, phase, TeamRuleSaid.model_validate(KIND))
    session.commit()
    client = client_of(role)
    assert client.get(f"/projects/rules/{rule.id}/edit").status_code == status
    assert client.get(f"/projects/rules/{rule.id}/remove").status_code == status
    assert client.get("/projects/rules/99/edit").status_code == 404
