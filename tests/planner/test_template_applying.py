"""Accepted ideas and accepted proposals come to team templates: each side names the other, the next need carries it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import rows
from flask import Flask
from pages import CheckedClient
from programs import Program, faults
from sqlalchemy import delete
from sqlalchemy.orm import Session

from planner.models import (
    CriterionProposal,
    Idea,
    IdeaState,
    OutcomeKind,
    ProposalState,
    RoleName,
    TeamTemplate,
    User,
    WorkStyle,
    now,
)
from planner.schemas.outcomes_templates import TemplateSaid
from planner.schemas.staffing_needs import MOST_LINES, NeedSaid
from planner.services.outcomes import template_applying, template_changes, template_using, templates
from planner.services.refused import Refused
from planner.wording import refusal_sentence

REASON = "Mistakes went to print in two campaigns."
WHY = "Outcomes suggest it: “Opens”"


@pytest.fixture
def world(session: Session) -> dict[str, Any]:
    """An accepted idea about a style, an accepted proposal of another, and a template of three role needs."""
    found = rows.world(session)
    detail = WorkStyle(key="detail", name="Attention to Detail")
    found["empty"] = rows.empty_phase(found["project"], duration=8)
    session.add_all([detail, found["empty"]])
    session.flush()
    idea: Idea = found["idea"]
    idea.style_id, idea.state, idea.state_reason, idea.state_by = detail.id, IdeaState.ACCEPTED, "It is cheap", "Bea"
    proposal: CriterionProposal = found["proposal"]
    proposal.role_title, proposal.state, proposal.reason = "Copywriter", ProposalState.ACCEPTED, "It is plain to see"
    proposal.decided_by, proposal.decided_at = "Bea", now()
    session.commit()
    return {**found, "detail": detail}


@pytest.fixture
def template(session: Session, world: dict[str, Any], omar: User) -> TeamTemplate:
    strict = {"style_id": world["style"].id, "min": 4.0, "reason": "Every price is read by a lawyer."}
    wanted = [
        {"said": {"title": "Copywriter"}},
        {"said": {"title": "Senior copywriter", "styles": [strict]}},
        {"said": {"title": "Account lead"}},
    ]
    said = TemplateSaid.model_validate({"name": "Campaign team", "duration": 8, "needs": wanted})
    made = templates.add_template(session, said, by=omar)
    session.commit()
    return made


def apply(session: Session, template: TeamTemplate, world: dict[str, Any], by: User, *items: str) -> Any:
    return template_applying.apply_proposal(
        session, template, world["proposal"], items, by=by, reason=REASON, because="Proposal", why=WHY
    )


def bands(template: TeamTemplate) -> list[list[tuple[int, float, float]]]:
    return [[(x["style_id"], x["min"], x["max"]) for x in one["said"]["styles"]] for one in template.needs]


def test_an_idea_is_named_by_the_version_and_notes_it(
    session: Session, world: dict[str, Any], template: TeamTemplate, omar: User
) -> None:
    idea: Idea = world["idea"]
    need = template_changes.need_at(template, "n3").model_copy(update={"fte_pct": 60})
    change = template_changes.with_need(template, need, "n3")
    version = template_applying.apply_idea(
        session,
        template,
        idea,
        change,
        by=omar,
        reason=REASON,
        because="Idea 1: x",
        address=lambda made: f"/v/{made.number}",
    )
    session.commit()
    assert (version.number, version.idea, version.proposal, version.reason) == (2, idea, None, REASON)
    [noted] = idea.outcomes
    assert (noted.kind, noted.text, noted.address) == (OutcomeKind.TEMPLATE, "Campaign team", "/v/2")
    made, _planned = template_using.use(session, template.newest, world["empty"], by=omar)
    assert [origin.need.fte_pct for origin in made.origins if origin.need is not None] == [100, 100, 60]
    session.commit()
    session.execute(delete(Idea).where(Idea.id == idea.id))
    session.commit()
    session.refresh(version)
    assert (version.idea_id, version.because) == (None, "Idea 1: x")


@pytest.mark.parametrize("state", [IdeaState.NEW, IdeaState.CONSIDERED, IdeaState.DECLINED])
def test_an_idea_that_nobody_said_yes_to_changes_nothing(
    session: Session, world: dict[str, Any], template: TeamTemplate, omar: User, state: IdeaState
) -> None:
    world["idea"].state = state
    change = template_changes.without(template, "n3")
    with pytest.raises(Refused, match="idea_is_not_accepted"):
        template_applying.apply_idea(
            session, template, world["idea"], change, by=omar, reason="", because="", address=lambda _made: ""
        )
    assert (template.number, world["idea"].outcomes) == (1, [])


def test_a_proposal_comes_to_the_role_needs_that_are_chosen(
    session: Session, world: dict[str, Any], template: TeamTemplate, omar: User
) -> None:
    proposal, style = world["proposal"], world["style"].id
    assert template_applying.meant(template, proposal) == ["n1", "n2"]
    version = apply(session, template, world, omar, "n1", "n2")
    session.commit()
    assert bands(template) == [[(style, 3.5, 5.0)], [(style, 4.0, 5.0)], []]  # what is stricter already stays
    assert template.needs[0]["said"]["styles"][0]["reason"] == WHY
    assert template_applying.versions_of(session, proposal) == [version]
    with pytest.raises(Refused, match="template_is_so_already"):
        apply(session, template, world, omar, "n1", "n2")
    for items in ((), ("n9",), ("n3", "n9")):
        with pytest.raises(Refused) as refused:
            apply(session, template, world, omar, *items)
        assert (refused.value.code, refused.value.field) == ("choice_is_not_there", "items")
    proposal.state = ProposalState.DECLINED
    with pytest.raises(Refused, match="proposal_is_not_accepted"):
        apply(session, template, world, omar, "n3")


def test_a_proposal_of_a_skill_raises_its_level_and_lowers_none(
    session: Session, world: dict[str, Any], template: TeamTemplate, omar: User
) -> None:
    proposal, skill = world["proposal"], world["skill"].id
    proposal.style_id = proposal.min = proposal.max = None
    proposal.skill_id, proposal.level = skill, 2
    session.commit()
    apply(session, template, world, omar, "n1")
    higher = template_changes.need_at(template, "n1").skills[0].model_copy(update={"level": 3, "is_must": True})
    need = template_changes.need_at(template, "n1").model_copy(update={"skills": [higher]})
    change = template_changes.with_need(template, need, "n1")
    templates.change_template(session, template, change, by=omar, reason="")
    apply(session, template, world, omar, "n1", "n3")
    asked = [[(x["skill_id"], x["level"], x["is_must"]) for x in one["said"]["skills"]] for one in template.needs]
    assert asked == [[(skill, 3, True)], [], [(skill, 2, False)]]


def test_what_a_role_need_asks_for_keeps_its_order(
    session: Session, world: dict[str, Any], template: TeamTemplate, omar: User
) -> None:
    """What is asked for already is raised where it stands; what is asked for as strictly makes no version."""
    proposal, style, detail = world["proposal"], world["style"].id, world["detail"].id
    asked = [{"style_id": ident, "min": 3.5, "reason": "It is read."} for ident in (style, detail)]
    need = template_changes.need_at(template, "n1")
    said = NeedSaid.model_validate({**need.model_dump(), "styles": asked})
    templates.change_template(session, template, template_changes.with_need(template, said, "n1"), by=omar, reason="")
    with pytest.raises(Refused, match="template_is_so_already"):
        apply(session, template, world, omar, "n1")
    proposal.min = 4.0
    apply(session, template, world, omar, "n1")
    assert bands(template)[0] == [(style, 4.0, 5.0), (detail, 3.5, 5.0)]


def test_a_full_role_need_takes_no_more(
    session: Session, world: dict[str, Any], template: TeamTemplate, omar: User, ops: CheckedClient, program: Program
) -> None:
    many = [WorkStyle(key=f"k{n}", name=f"Style {n}") for n in range(MOST_LINES)]
    session.add_all(many)
    session.flush()
    need = template_changes.need_at(template, "n1").model_dump()
    full = NeedSaid.model_validate({**need, "styles": [{"style_id": one.id, "reason": "It is read."} for one in many]})
    templates.change_template(session, template, template_changes.with_need(template, full, "n1"), by=omar, reason="")
    session.commit()
    path = f"/outcomes/proposals/{world['proposal'].id}/templates/{template.id}"
    refused = ops.post(path, data=ops.form(path))
    assert refused.status_code == 409
    assert "“Copywriter” asks for as many things as a role need can ask for." in refused.text
    wanted = {"proposal_id": world["proposal"].id, "items": ["n1"]}
    told = program.post(f"/templates/{template.id}/proposals", wanted, version=template.version)
    assert (told.status_code, faults(told)) == (409, {"items": "need_is_full"})
    assert ops.get(f"/templates/{template.id}").status_code == 200


def test_an_idea_changes_a_template_from_its_page(
    session: Session, world: dict[str, Any], template: TeamTemplate, ops: CheckedClient
) -> None:
    idea, home = world["idea"], f"/ideas/{world['idea'].id}"
    assert "Change a team template by it" in ops.get(home).text
    chosen = f"/templates/{template.id}/needs/n1/edit?idea={idea.id}"
    assert chosen in ops.get(f"{home}/templates").text
    filled = ops.form(chosen)
    assert filled["reason"] == f"{idea.title}. Bea said yes: It is cheap"
    assert (filled["styles-0-style_id"], filled["styles-0-min"]) == (str(world["detail"].id), "3.5")
    assert "because" not in filled
    assert ops.post(chosen, data=filled).status_code == 303
    shown = ops.get(home).text
    assert f"/templates/{template.id}/history#version-2" in shown
    told = ops.get(f"/templates/{template.id}/history").text
    assert f"Idea {idea.id}: {idea.title}" in told
    assert f'href="{home}"' in told
    assert (
        ops.send(f"/phases/{world['empty'].id}/templates/{template.id}", {"template_id": template.id}).status_code
        == 303
    )
    session.expire_all()
    carried = next(need for need in world["empty"].needs if need.title == "Copywriter")
    assert [(line.style_id, line.min) for line in carried.styles] == [(world["detail"].id, 3.5)]
    again = ops.post(chosen, data=ops.form(chosen))
    assert again.status_code == 409
    assert "The template asks for exactly this already." in again.text


def test_an_idea_adds_a_role_need_and_only_once_it_is_accepted(
    session: Session, world: dict[str, Any], template: TeamTemplate, ops: CheckedClient
) -> None:
    idea = world["idea"]
    path = f"/templates/{template.id}/needs/add?idea={idea.id}"
    assert ops.post(path, data={**ops.form(path), "title": "Proofreader"}).status_code == 303
    session.expire_all()
    assert [one["said"]["title"] for one in template.needs][-1] == "Proofreader"
    assert len(idea.outcomes) == 1
    typed = {**ops.form(path), "title": "Printer"}
    idea.state = IdeaState.CONSIDERED
    session.commit()
    late = ops.post(path, data=typed)
    assert late.status_code == 409
    assert "Nobody has said yes to this idea" in late.text
    assert 'value="Printer"' in late.text, "what was typed stays"
    assert ops.get(path).status_code == 404
    assert "Change a team template by it" not in ops.get(f"/ideas/{idea.id}").text
    assert "Nobody has said yes to this idea" in ops.get(f"/ideas/{idea.id}/templates").text
    for ident in ("99999999999999999999", "-99999999999999999999", "0"):
        assert ops.get(f"/templates/{template.id}/needs/add?idea={ident}").status_code == 404


def test_a_proposal_comes_to_a_template_from_its_page(
    session: Session, world: dict[str, Any], template: TeamTemplate, ops: CheckedClient
) -> None:
    home = f"/outcomes/proposals/{world['proposal'].id}"
    assert "Ask for it in a team template" in ops.get(home).text
    assert "2 role needs that it is meant for" in ops.get(f"{home}/templates").text
    path = f"{home}/templates/{template.id}"
    filled = ops.form(path)
    assert (filled.getlist("items"), filled["reason"]) == (["n1", "n2"], "It is plain to see")
    none = {name: value for name, value in filled.items() if name != "items"}
    assert ops.post(path, data=none).status_code == 422
    assert ops.post(path, data=filled).status_code == 303
    assert ops.post(path, data=filled).status_code == 409  # somebody was first: oneself
    assert "Campaign team, version 2" in ops.get(home).text
    assert f'href="{home}"' in ops.get(f"/templates/{template.id}/history").text
    world["proposal"].state = ProposalState.DECLINED
    session.commit()
    assert "once somebody has accepted it" in ops.get(f"{home}/templates").text
    assert ops.post(path, data=ops.form(path)).status_code == 409


def test_who_may_not_change_templates_is_not_led_to_them(
    world: dict[str, Any], template: TeamTemplate, client_of: Callable[..., CheckedClient]
) -> None:
    idea, proposal = f"/ideas/{world['idea'].id}", f"/outcomes/proposals/{world['proposal'].id}"
    for role in (RoleName.EXECUTIVE, RoleName.MEMBER):
        client = client_of(role)
        assert "Change a team template by it" not in client.get(idea).text
        for path in (f"{idea}/templates", f"{proposal}/templates", f"{proposal}/templates/{template.id}"):
            assert client.get(path).status_code in (403, 404), (role, path)


def test_a_program_applies_both(
    session: Session, world: dict[str, Any], template: TeamTemplate, program: Program
) -> None:
    home, idea, proposal = f"/templates/{template.id}", world["idea"].id, world["proposal"].id
    wanted = {"idea_id": idea, "item": "n3", "said": {"title": "Account lead", "fte_pct": 60}, "reason": REASON}
    changed = program.post(f"{home}/ideas", wanted, version=template.version)
    assert (changed.status_code, changed.json["number"]) == (200, 2), changed.json
    assert program.post(f"{home}/ideas", wanted, version=template.version).status_code == 412
    version, lost = changed.json["version"], {"skill_id": 987654, "level": 1}
    for wrong, field, code in (
        ({"idea_id": 987654}, "idea_id", "choice_is_not_there"),
        ({"item": "n9"}, "item", "choice_is_not_there"),
        ({"said": {"title": "x", "to_offset": 99}}, "said.to_offset", "beyond_the_phase"),
        ({"said": {"title": "x", "skills": [lost]}}, "said.skills.0.skill_id", "skill_unknown"),
    ):  # fmt: skip
        refused = program.post(f"{home}/ideas", {**wanted, **wrong}, version=version)
        assert (refused.status_code, faults(refused)) == (409, {field: code})
    applied = program.post(f"{home}/proposals", {"proposal_id": proposal, "items": ["n1"]}, version=version)
    assert (applied.status_code, applied.json["number"]) == (200, 3), applied.json
    gone = program.post(f"{home}/proposals", {"proposal_id": 987654, "items": ["n1"]}, version=applied.json["version"])
    assert faults(gone) == {"proposal_id": "choice_is_not_there"}
    history = program.get(f"{home}/versions").json["items"]
    assert [(one["idea_id"], one["proposal_id"]) for one in history] == [(None, proposal), (idea, None), (None, None)]
    assert program.get(f"/ideas/{idea}").json["outcomes"][0]["address"] == f"/templates/{template.id}/history#version-2"


def test_every_refusal_has_its_sentence(app: Flask) -> None:
    for code in ("idea_is_not_accepted", "proposal_is_not_accepted"):
        with app.test_request_context():
            assert refusal_sentence(Refused(code))
