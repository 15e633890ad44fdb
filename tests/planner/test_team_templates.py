"""Team templates: versions with reasons, kept from phases, added to them and taken back, and where a need came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import rows
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pages import CheckedClient
from programs import Program
from pydantic import ValidationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from planner.models import (
    Booking,
    FromTemplate,
    Person,
    Phase,
    Removal,
    RoleNeed,
    RuleKind,
    Skill,
    TeamRule,
    TeamRulePerson,
    TeamTemplate,
    TemplateUse,
    User,
)
from planner.schemas.outcomes_effort import ClosingSaid
from planner.schemas.outcomes_templates import BegunProjectSaid, TakingSaid, TemplateContent, TemplateSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.services import catalogue, removal
from planner.services.outcomes import (
    efforts,
    shipped,
    template_changes,
    template_differences,
    template_origins,
    template_projects,
    template_taking,
    template_using,
    templates,
)
from planner.services.outcomes.template_windows import scaled
from planner.services.refused import Refused, Stale
from planner.services.staffing import needs
from planner.wording import refusal_sentence

REASON = "Clients noticed mistakes in three campaigns."


@pytest.fixture
def world(session: Session) -> dict[str, Any]:
    """A world with one more phase, of six weeks and empty; its need comes from no template."""
    found = rows.world(session)
    session.execute(delete(FromTemplate))
    found["empty"] = rows.empty_phase(found["project"], duration=6)
    session.add(found["empty"])
    session.commit()
    return found


def said_of(world: dict[str, Any], **changes: Any) -> TemplateSaid:
    """A template of two role needs and two team rules over eight weeks."""
    skill, style = world["skill"].id, world["style"].id
    writer = {
        "title": "Copywriter",
        "count": 2,
        "fte_pct": 50,
        "from_offset": 2,
        "to_offset": 6,
        "skills": [{"skill_id": skill, "level": 3}],
        "styles": [{"style_id": style, "min": 3.0, "weight": 2, "reason": "Every price is read by a lawyer."}],
        "tags": ["lang:fr"],
        "any_of": [["site:Lyon", "remote"]],
        "max_cost_minor": 250_000,
        "is_mentoring_allowed": True,
        "is_hire_allowed": False,
    }
    rules = [
        {"said": {"rule": "mean", "style_id": style, "min": 3.2, "weight": 100}},
        {"said": {"rule": "count", "of": "skill", "skill_id": skill, "level": 2, "at_least": 1}},
    ]
    said = {"name": "Campaign team", "purpose": "A campaign.", "duration": 8, "rules": rules}
    wanted = [{"said": writer}, {"said": {"title": "Account lead", "fte_pct": 40}}]
    return TemplateSaid.model_validate({**said, "needs": wanted, **changes})


def made(session: Session, world: dict[str, Any], by: User, **changes: Any) -> TeamTemplate:
    template = templates.add_template(session, said_of(world, **changes), by=by)
    session.commit()
    return template


def content(template: TeamTemplate) -> dict[str, Any]:
    """What a template asks for, without the items by which it knows it."""
    document = template_changes.content_of(template).model_dump()
    for one in (*document["needs"], *document["rules"]):
        one.pop("item")
    return document


windows = st.integers(1, 60).flatmap(
    lambda duration: st.tuples(
        st.just(duration), st.integers(0, duration - 1), st.none() | st.integers(1, duration), st.integers(1, 60)
    )
)


@given(windows)
def test_a_scaled_window_stays_inside_its_phase(window: tuple[int, int, int | None, int]) -> None:
    duration, begin, end, wanted = window
    end = end if end is None or end > begin else None
    found = scaled(NeedSaid(title="x", from_offset=begin, to_offset=end), duration, wanted)
    assert 0 <= found.from_offset < wanted
    assert (found.to_offset is None) == (end is None)
    assert found.to_offset is None or found.from_offset < found.to_offset <= wanted


@given(st.integers(2, 40), st.integers(1, 39), st.integers(2, 80))
def test_windows_that_met_still_meet(duration: int, at: int, wanted: int) -> None:
    at = min(at, duration - 1)
    first = scaled(NeedSaid(title="x", to_offset=at), duration, wanted)
    second = scaled(NeedSaid(title="x", from_offset=at), duration, wanted)
    assert first.to_offset is not None
    assert first.to_offset - second.from_offset in (0, 1)  # one period of both where there is room for one only


@given(windows)
def test_a_window_on_a_phase_of_its_own_length_is_as_it_was(window: tuple[int, int, int | None, int]) -> None:
    duration, begin, end, _wanted = window
    need = NeedSaid(title="x", from_offset=begin, to_offset=end if end and end > begin else None)
    assert scaled(need, duration, duration) == need


def test_the_first_version_says_all_of_it_and_who_made_it(session: Session, world: Any, omar: User) -> None:
    template = made(session, world, omar, reason="It worked twice", because="idea 12")
    newest = template.newest
    assert (newest.number, newest.by_name, newest.reason, newest.because) == (
        1,
        "Omar Diop",
        "It worked twice",
        "idea 12",
    )
    assert [one["item"] for one in newest.needs] == ["n1", "n2"]
    assert [one["item"] for one in newest.rules] == ["r3", "r4"]
    assert newest.names["skills"] == {str(world["skill"].id): world["skill"].name}


def test_a_change_makes_a_version_with_its_reason_and_rewrites_none(session: Session, world: Any, omar: User) -> None:
    template = made(session, world, omar)
    before = template.newest.needs
    need = template_changes.need_at(template, "n1").model_copy(update={"fte_pct": 60})
    change = template_changes.with_need(template, need, "n1")
    version = templates.change_template(session, template, change, by=omar, reason=REASON, because="/ideas/12")
    session.commit()
    assert (version.number, version.reason, version.because) == (2, REASON, "/ideas/12")
    assert template.versions[0].needs == before
    found = template_differences.between(*template.versions)
    assert [(one.item, one.changed) for one in found] == [("n1", {"fte_pct": (50, 60)})]
    with pytest.raises(Refused, match="template_is_so_already"):
        templates.change_template(session, template, change, by=omar, reason=REASON)


def test_an_item_is_never_given_twice(session: Session, world: Any, omar: User) -> None:
    template = made(session, world, omar)
    gone = template_changes.without(template, "n2")
    templates.change_template(session, template, gone, by=omar, reason="")
    more = template_changes.with_need(template, NeedSaid(title="Account lead"))
    templates.change_template(session, template, more, by=omar, reason="")
    assert [one["item"] for one in template.needs] == ["n1", "n5"]
    states = [one.state for version in zip(template.versions, template.versions[1:], strict=False)
              for one in template_differences.between(*version)]  # fmt: skip
    assert states == ["removed", "added"]


@pytest.mark.parametrize(
    ("wrong", "place", "code"),
    [
        ({"duration": 5}, ("needs", 0, "said", "to_offset"), "beyond_the_phase"),
        ({"name": " "}, ("name",), "string_too_short"),
        ({"rules": [{"said": {"rule": "apart", "person_ids": [1, 2]}}]}, ("rules", 0, "said"), "template_names_nobody"),
        ({"needs": [{"item": "n1", "said": {"title": "x"}}] * 2}, ("needs", 1, "item"), "said_twice"),
        ({"needs": [{"item": "r1", "said": {"title": "x"}}]}, ("needs", 0, "item"), "said_twice"),
        ({"needs": [{"item": "x", "said": {"title": "x"}}]}, ("needs", 0, "item"), "string_pattern_mismatch"),
    ],
)
def test_bad_templates_are_refused_at_their_place(
    session: Session, world: Any, wrong: dict[str, Any], place: tuple[Any, ...], code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        said_of(world, **wrong)
    assert [(error["loc"], error["type"]) for error in refused.value.errors()] == [(place, code)]


def test_what_is_not_there_cannot_be_asked_for(session: Session, world: Any, omar: User) -> None:
    lost = {"title": "x", "skills": [{"skill_id": 987654, "level": 1}]}
    with pytest.raises(Refused) as refused:
        made(session, world, omar, needs=[{"said": lost}])
    assert (refused.value.code, refused.value.field) == ("skill_unknown", "needs.0.said.skills.0.skill_id")


def test_preview_scales_to_the_phase_and_writes_nothing(session: Session, world: Any, omar: User) -> None:
    template = made(session, world, omar)
    before = session.scalar(select(func.count()).select_from(RoleNeed))
    found = template_using.preview(session, template.newest, world["empty"])
    assert [(need.from_offset, need.to_offset) for _item, need in found.needs] == [(2, 5), (0, None)]
    assert (found.num_seats, len(found.rules), found.gone) == (3, 2, [])
    assert session.scalar(select(func.count()).select_from(RoleNeed)) == before


def test_used_and_kept_again_it_is_the_same_template(session: Session, world: Any, omar: User) -> None:
    template = made(session, world, omar)
    world["empty"].duration = 8
    session.commit()
    template_using.use(session, template.newest, world["empty"], by=omar)
    session.commit()
    again = template_taking.take(session, world["empty"], TakingSaid(name="Again"), by=omar)
    assert content(again) == content(template)


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(1, 10), st.integers(1, 4)), max_size=4))
def test_any_windows_come_back_from_a_phase_as_they_went(several: list[tuple[int, int | None, int]]) -> None:
    """The whole round, use and keep, on rows that are made and read as the verbs do."""
    said = [
        NeedSaid(title=f"Role {n}", count=count, from_offset=begin, to_offset=end if end and end > begin else None)
        for n, (begin, end, count) in enumerate(several)
    ]
    phase = Phase(name="x", duration=10, needs=[], team_rules=[])
    for one in said:
        kept = scaled(one, 10, phase.duration).model_dump(exclude={"skills", "styles"})
        phase.needs.append(RoleNeed(**kept))
    found = template_taking.content_of_phase(phase)
    assert [one.said for one in found.needs] == said


def test_needs_know_the_version_that_they_came_from(session: Session, world: Any, omar: User) -> None:
    template = made(session, world, omar)
    template_using.use(session, template.newest, world["empty"], by=omar)
    session.commit()
    need = next(one for one in world["empty"].needs if one.title == "Copywriter")
    origin = template_origins.origin_of(session, need)
    assert origin is not None
    assert (origin.template.name, origin.number, origin.newest, dict(origin.changed)) == ("Campaign team", 1, 1, {})
    assert template_origins.origin_of(session, world["need"]) is None


def test_a_changed_template_is_told_at_the_need_and_changes_it_only_when_taken_over(
    session: Session, world: Any, omar: User
) -> None:
    template = made(session, world, omar)
    template_using.use(session, template.newest, world["empty"], by=omar)
    session.commit()
    need = next(one for one in world["empty"].needs if one.title == "Copywriter")
    said = NeedSaid.model_validate(need).model_copy(update={"tags": ["lang:de"]})
    needs.edit_need(session, need, said, need.version)
    wanted = template_changes.need_at(template, "n1").model_copy(update={"fte_pct": 70, "skills": []})
    change = template_changes.with_need(template, wanted, "n1")
    templates.change_template(session, template, change, by=omar, reason=REASON)
    session.commit()
    origin = template_origins.origin_of(session, need)
    assert origin is not None
    assert (origin.number, origin.newest, [version.reason for version in origin.why]) == (1, 2, [REASON])
    assert origin.changed["fte_pct"] == (50, 70)
    assert set(origin.changed) == {"fte_pct", f"skills:{world['skill'].id}"}
    assert need.fte_pct == 50
    with pytest.raises(Stale):
        template_origins.take_over(session, need, need.version + 1)
    template_origins.take_over(session, need, need.version)
    session.commit()
    assert (need.fte_pct, need.tags, need.skills) == (70, ["lang:de"], [])
    after = template_origins.origin_of(session, need)
    assert after is not None
    assert (after.number, dict(after.changed)) == (2, {})
    with pytest.raises(Refused, match="template_says_nothing_new"):
        template_origins.take_over(session, need, need.version)


def test_a_need_that_its_template_does_not_ask_for_any_more_says_so(session: Session, world: Any, omar: User) -> None:
    template = made(session, world, omar)
    template_using.use(session, template.newest, world["empty"], by=omar)
    templates.change_template(session, template, template_changes.without(template, "n2"), by=omar, reason="")
    session.commit()
    need = next(one for one in world["empty"].needs if one.title == "Account lead")
    origin = template_origins.origin_of(session, need)
    assert origin is not None
    assert origin.is_gone


def test_to_use_one_twice_is_asked_first(session: Session, world: Any, omar: User) -> None:
    template = made(session, world, omar)
    template_using.use(session, template.newest, world["empty"], by=omar)
    with pytest.raises(Refused, match="template_is_used_already"):
        template_using.use(session, template.newest, world["empty"], by=omar)
    template_using.use(session, template.newest, world["empty"], by=omar, is_again=True)
    session.commit()
    session.refresh(world["empty"])
    assert len(world["empty"].needs) == 4


def test_an_empty_template_adds_nothing_and_says_so(session: Session, world: Any, omar: User) -> None:
    template = made(session, world, omar, needs=[], rules=[])
    with pytest.raises(Refused, match="template_is_empty"):
        template_using.use(session, template.newest, world["empty"], by=omar)
    assert session.scalar(select(func.count()).select_from(FromTemplate)) == 0


def test_a_use_is_taken_back_as_one_step_and_comes_back_by_its_removals(
    session: Session, world: Any, omar: User
) -> None:
    template = made(session, world, omar)
    use, _planned = template_using.use(session, template.newest, world["empty"], by=omar)
    session.commit()
    with pytest.raises(Stale):
        template_using.undo(session, use, 99, by=omar)
    undone = template_using.undo(session, use, use.version, by=omar)
    session.commit()
    session.refresh(world["empty"])
    assert (undone.num_gone, list(undone.stayed)) == (4, [])
    assert (world["empty"].needs, world["empty"].team_rules) == ([], [])
    assert template_using.uses_of(session, world["empty"]) == []
    with pytest.raises(Refused, match="template_use_is_undone"):
        template_using.undo(session, use, use.version, by=omar)
    for one in session.scalars(select(Removal).where(Removal.title == "Campaign team")).all():
        removal.restore(session, one)
    session.commit()
    session.refresh(world["empty"])
    assert len(world["empty"].needs) == 2
    assert template_origins.origin_of(session, world["empty"].needs[0]) is not None


def test_what_was_changed_or_used_since_stays_and_is_named(session: Session, world: Any, omar: User) -> None:
    template = made(session, world, omar)
    use, _planned = template_using.use(session, template.newest, world["empty"], by=omar)
    session.commit()
    writer, lead = sorted(world["empty"].needs, key=lambda need: need.position)
    session.add(Booking(seat_id=writer.seats[0].id, person_id=world["person"].id))
    needs.edit_need(session, lead, NeedSaid(title="Account lead", fte_pct=20), lead.version)
    session.commit()
    undone = template_using.undo(session, use, use.version, by=omar)
    session.commit()
    assert (undone.num_gone, sorted(undone.stayed)) == (2, ["Account lead", "Copywriter"])


def test_skills_and_styles_that_are_gone_are_told_by_their_names(session: Session, world: Any, omar: User) -> None:
    skill = Skill(key="fax", name="Fax marketing")
    session.add(skill)
    session.flush()
    asked = {"title": "Copywriter", "skills": [{"skill_id": skill.id, "level": 2}],
             "styles": [{"style_id": world["style"].id, "reason": "The work needs it."}]}  # fmt: skip
    rule = {"rule": "count", "of": "skill", "skill_id": skill.id, "level": 2, "at_least": 1}
    template = made(session, world, omar, needs=[{"said": asked}], rules=[{"said": rule}])
    session.delete(skill)
    world["style"].is_on = False
    session.commit()
    found = template_using.preview(session, template.newest, world["empty"])
    assert [(one.code, one.name) for one in found.gone] == [
        ("skill_is_gone", "Fax marketing"), ("style_is_gone", world["style"].name), ("rule_is_gone", "Fax marketing")
    ]  # fmt: skip
    template_using.use(session, template.newest, world["empty"], by=omar)
    assert world["empty"].needs[0].skills == []
    kept = template_changes.with_need(template, NeedSaid(title="Editor"))
    templates.change_template(session, template, kept, by=omar, reason="")  # what is gone may stay in it
    assert template.newest.names["skills"] == {str(skill.id): "Fax marketing"}


def test_names_of_people_stay_behind_and_the_achievement_is_frozen(session: Session, world: Any, omar: User) -> None:
    phase, person = world["phase"], world["person"]
    other = Person(key="o", name="Secret Name", kind=person.kind, cost_minor=100_000)
    person.cost_minor = 200_000
    apart = TeamRule(phase=phase, rule=RuleKind.APART, people=[
        TeamRulePerson(position=0, person=person), TeamRulePerson(position=1, person=other)])  # fmt: skip
    session.add_all([other, apart, Booking(seat_id=world["seat"].id, person_id=person.id)])
    world["project"].client = "Kastrel"
    session.commit()
    efforts.close_need(session, world["need"], ClosingSaid(ended_on=date(2026, 9, 7), actual_periods=5))
    said = TakingSaid(name="Writers", achieved="Doubled the visits.")
    template = template_taking.take(session, phase, said, by=omar)
    session.commit()
    assert [one["said"]["rule"] for one in template.rules] == ["count"]
    assert "Secret Name" not in str([template.newest.needs, template.newest.rules, template.newest.names])
    [fact] = template.facts
    assert (fact.client, fact.num_seats, fact.num_filled, fact.achieved) == ("Kastrel", 1, 1, "Doubled the visits.")
    assert (fact.planned_periods, fact.actual_periods) == (4.0, 5.0)
    assert (fact.planned_cost_minor, fact.cost_minor) == (800_000, 1_000_000)
    assert (fact.starts_on, fact.ends_on) == (date(2027, 1, 4), date(2027, 1, 31))
    session.delete(world["project"])
    session.commit()
    session.refresh(fact)
    assert (fact.phase_id, fact.project) == (None, world["project"].name)


def test_a_project_begins_with_phases_one_after_the_other(session: Session, world: Any, omar: User) -> None:
    rows.workspace(session).calendar_start_on = rows.MIDNIGHT.date()
    template = made(session, world, omar)
    said = {"name": "Autumn", "kind": "campaign", "starts_on": "2027-02-01",
            "phases": [{"template_id": template.id, "name": "Idea", "duration": 4}, {"template_id": template.id}],
            }  # fmt: skip
    project, gone = template_projects.begin_project(session, BegunProjectSaid.model_validate(said), by=omar)
    session.commit()
    idea, whole = project.phases
    assert (idea.name, idea.duration, whole.name, whole.duration) == ("Idea", 4, "Campaign team", 8)
    assert whole.earliest_on == idea.earliest_on + timedelta(weeks=4)
    assert [row.before_id for row in whole.after] == [idea.id]
    assert [len(phase.needs) for phase in project.phases] == [2, 2]
    assert (project.kind, gone) == ("campaign", [])
    lost = BegunProjectSaid.model_validate({**said, "phases": [{"template_id": 987654}]})
    with pytest.raises(Refused) as refused:
        template_projects.begin_project(session, lost, by=omar)
    assert (refused.value.code, refused.value.field) == ("template_is_gone", "phases.0.template_id")


def test_four_templates_come_along_once_and_can_all_be_used(session: Session, world: Any, omar: User) -> None:
    catalogue.load_skills(session)
    catalogue.load_work_styles(session)
    found = shipped.load_templates(session)
    assert [one.name for one in found] == ["Campaign team", "Website launch", "Brand refresh", "Market research"]
    assert shipped.load_templates(session) == []
    for template in found:
        reasons = [band["reason"] for one in template.needs for band in one["said"]["styles"]]
        assert reasons
        assert all(len(reason.split()) > 4 for reason in reasons)
        assert template.rules
        planned = template_using.preview(session, template.newest, world["empty"])
        assert planned.gone == []
        template_using.use(session, template.newest, world["empty"], by=omar)
    session.commit()


def test_a_template_is_written_used_and_changed_through_its_pages(session: Session, ops: CheckedClient) -> None:
    world = rows.world(session)
    added = ops.send("/templates/add", {"name": "Launch team", "purpose": "A launch", "duration": "8"})
    assert added.status_code == 303
    home = added.location
    need = {"title": "Presenter", "count": "1", "fte_pct": "50", "from_offset": "2", "to_offset": "6"}
    first = ops.form(f"{home}/needs/add")
    assert ops.post(f"{home}/needs/add", data={**first, **need}).status_code == 303
    assert "Presenter" in ops.get(home).text
    beyond = ops.post(f"{home}/needs/add", data={**ops.form(f"{home}/needs/add"), **need, "to_offset": "99"})
    assert beyond.status_code == 409
    assert "The phase of the template is shorter than this." in beyond.text
    wrong = ops.save(f"{home}/needs/n1/edit", title="")
    assert (wrong.status_code, "Fill this in." in wrong.text) == (422, True)
    rule = f"{home}/rules/add?rule=count&of=kind"
    assert ops.post(rule, data={**ops.form(rule), "kind": "employee", "at_least": "1"}).status_code == 303
    phase = world["phase"].id
    path = f"/phases/{phase}/templates/{home.rpartition('/')[2]}"
    shown = ops.get(path).text
    assert "It would add <b>1 role need</b>" in shown
    template_id = home.rpartition("/")[2]
    assert ops.send(path, {"template_id": template_id}).status_code == 303
    twice = ops.send(path, {"template_id": template_id})
    assert twice.status_code == 409
    assert "was added to this phase already" in twice.text
    page = ops.get(f"/projects/{world['project'].id}").text
    assert "From Launch team, version 3" in page
    assert ops.save(f"{home}/needs/n1/edit", fte_pct="60", reason=REASON, because="idea 12").status_code == 303
    history = ops.get(f"{home}/history").text
    assert REASON in history
    assert "idea 12" in history
    made_need = session.scalars(select(RoleNeed).where(RoleNeed.title == "Presenter")).one()
    told = ops.get(f"/needs/{made_need.id}/edit").text
    assert "The template is at version 4, and says now:" in told
    taken = ops.send(f"/needs/{made_need.id}/take-over", {"version": "1"}, page=f"/needs/{made_need.id}/edit")
    assert taken.status_code == 303
    session.rollback()
    assert made_need.fte_pct == 60
    use = session.scalars(select(TemplateUse).order_by(TemplateUse.id.desc())).first()
    assert use is not None
    undone = ops.send(f"/templates/uses/{use.id}/undo", {"version": "1"}, page=home)
    assert undone.status_code == 303
    session.rollback()
    assert session.scalar(select(RoleNeed.id).where(RoleNeed.title == "Presenter")) is None


def test_a_phase_is_kept_and_a_project_begun_through_pages(session: Session, pm: CheckedClient) -> None:
    world = rows.world(session)
    phase = world["phase"].id
    kept = pm.send(f"/phases/{phase}/keep", {"name": "Writers", "achieved": "Doubled the visits."})
    assert kept.status_code == 303
    page = pm.get(kept.location).text
    assert "Doubled the visits." in page
    said = {"name": "Autumn", "starts_on": "2027-03-01", "phases-0-template_id": kept.location.rpartition("/")[2]}
    begun = pm.send("/projects/begin", said)
    assert begun.status_code == 303, begun.text
    assert "From Writers, version 1" in pm.get(begun.location).text
    assert pm.send("/projects/begin", {**said, "name": ""}).status_code == 422


def test_a_program_does_all_of_it(session: Session, program: Program, world: dict[str, Any]) -> None:
    said = said_of(world).model_dump(mode="json")
    added = program.post("/templates", said)
    assert (added.status_code, added.json["number"]) == (201, 1)
    ident, version = added.json["id"], added.json["version"]
    changed = {**said, "needs": [*added.json["needs"], {"said": {"title": "Editor"}}], "reason": REASON}
    edited = program.put(f"/templates/{ident}", changed, version=version)
    assert (edited.status_code, edited.json["number"], len(edited.json["needs"])) == (200, 2, 3)
    assert program.put(f"/templates/{ident}", changed, version=version).status_code == 412
    history = program.get(f"/templates/{ident}/versions").json["items"]
    assert [(one["number"], one["reason"]) for one in history] == [(2, REASON), (1, "")]
    phase = world["phase"].id
    used = program.post(f"/phases/{phase}/templates", {"template_id": ident})
    assert (used.status_code, len(used.json["need_ids"])) == (201, 3)
    assert program.post(f"/phases/{phase}/templates", {"template_id": ident}).json["code"] == "template_is_used_already"
    assert program.post(f"/phases/{phase}/templates", {"template_id": 987654}).json["code"] == "template_is_gone"
    origin = program.get(f"/needs/{used.json['need_ids'][0]}/origin").json
    assert (origin["template"], origin["number"]) == ("Campaign team", 2)
    undone = program.post(f"/template-uses/{used.json['id']}/undo", {}, version=used.json["version"])
    assert (undone.status_code, undone.json["need_ids"]) == (200, [])
    kept = program.post(f"/phases/{phase}/keep", {"name": "Kept"})
    assert (kept.status_code, kept.json["facts"][0]["num_seats"]) == (201, 1)
    begun = program.post(
        "/projects/begin", {"name": "P", "starts_on": "2027-02-01", "phases": [{"template_id": ident}]}
    )
    assert begun.status_code == 201
    assert program.get(f"/needs/{world['need'].id}/origin").status_code == 404


def test_every_refusal_has_its_sentence(app: Flask) -> None:
    for code, params in (
        ("need_is_full", {"title": "x"}),
        ("template_is_empty", {"name": "x"}),
        ("template_is_gone", {}),
        ("template_is_so_already", {}),
        ("template_is_used_already", {"name": "x"}),
        ("template_needs_more_time", {"least": 3}),
        ("template_says_nothing_new", {}),
        ("template_use_is_undone", {"name": "x"}),
        ("too_few_are_finished", {"least": 3}),
        ("effort_stays_with_need", {}),
    ):
        with app.test_request_context():
            assert refusal_sentence(Refused(code, **params))


def test_what_a_template_becomes_is_judged_like_what_it_was() -> None:
    """The seam of other parts hands over the same schema."""
    assert TemplateContent.model_validate({"needs": [{"said": {"title": "x"}}]}).needs[0].item is None


def test_history_names_skills_and_styles_in_the_language_of_its_reader(
    session: Session, world: Any, omar: User, client_of: Callable[..., CheckedClient]
) -> None:
    world["style"].name_fr = "Souci du détail"
    template = made(session, world, omar)
    session.commit()
    omar.locale = "fr"
    session.commit()
    page = client_of(as_user=omar).get(f"/templates/{template.id}/history").text
    assert "Souci du détail" in page
