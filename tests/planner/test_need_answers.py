"""A role need between a PM and operations: who may say what when, what an offer changes, how long each side took."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import rows
from pages import CheckedClient
from programs import Program
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Booking, NeedSkill, NeedState, NeedStep, NeedStepKind, RoleName, RoleNeed, User, now
from planner.schemas.staffing_answers import AnswerReasonSaid, CounterSaid
from planner.services.listing import Query
from planner.services.refused import Refused, Stale
from planner.services.staffing import answering_needs as verbs
from planner.services.staffing import needs

SAID = AnswerReasonSaid(reason="As we said.")


@pytest.fixture
def world(session: Session, user: Callable[..., User]) -> dict[str, Any]:
    rows.workspace(session)
    made = rows.world(session, user(RoleName.PROJECT_MANAGER, name="Inès"))
    made["need"].skills.append(NeedSkill(skill_id=made["skill"].id, level=4))
    session.commit()
    return made


@pytest.fixture
def need(world: dict[str, Any]) -> RoleNeed:
    found: RoleNeed = world["need"]
    return found


@pytest.fixture
def by(user: Callable[..., User]) -> User:
    return user(RoleName.OPERATIONS, name="Omar")


def test_offer_that_is_taken_changes_the_need(
    session: Session, world: dict[str, Any], need: RoleNeed, by: User
) -> None:
    verbs.say(session, need, NeedStepKind.ASKED, SAID, need.version, by=by)
    offer = {"fte_pct": 60, "to_offset": 3, "levels": [{"skill_id": world["skill"].id, "level": 3}]}
    said = CounterSaid(**offer, person_id=world["person"].id, reason="Nobody has more.")
    answer = verbs.counter(session, need, said, need.version, by=by)
    assert answer.state is NeedState.COUNTERED
    assert (need.fte_pct, need.to_offset) == (100, None)
    verbs.accept_counter(session, need, AnswerReasonSaid(), need.version, by=by)
    assert (need.fte_pct, need.to_offset, need.skills[0].level, answer.state) == (60, 3, 3, NeedState.ACCEPTED)
    booking = session.scalars(select(Booking)).one()
    assert (booking.person_id, str(booking.booking)) == (world["person"].id, "soft")


def test_each_side_speaks_in_its_turn(session: Session, need: RoleNeed, by: User) -> None:
    with pytest.raises(Refused) as refused:
        verbs.say(session, need, NeedStepKind.ACCEPTED, SAID, need.version, by=by)
    assert refused.value.code == "not_their_turn"
    verbs.say(session, need, NeedStepKind.ASKED, SAID, need.version, by=by)
    with pytest.raises(Refused):
        verbs.say(session, need, NeedStepKind.ASKED, SAID, need.version, by=by)
    verbs.say(session, need, NeedStepKind.DECLINED, SAID, need.version, by=by)
    verbs.say(session, need, NeedStepKind.INSISTED, SAID, need.version, by=by)
    verbs.say(session, need, NeedStepKind.ACCEPTED, SAID, need.version, by=by)
    with pytest.raises(Refused):
        verbs.accept_counter(session, need, SAID, need.version, by=by)


def test_no_and_insisting_want_a_reason(session: Session, need: RoleNeed, by: User) -> None:
    verbs.say(session, need, NeedStepKind.ASKED, AnswerReasonSaid(), need.version, by=by)
    with pytest.raises(Refused) as refused:
        verbs.say(session, need, NeedStepKind.DECLINED, AnswerReasonSaid(), need.version, by=by)
    assert refused.value.code == "say_why"


@pytest.mark.parametrize(
    ("offer", "code"),
    [
        ({}, "offers_nothing_else"),
        ({"fte_pct": 100}, "offers_nothing_else"),
        ({"from_offset": 4}, "need_begins_after_phase"),
        ({"to_offset": 5}, "need_ends_after_phase"),
        ({"levels": [{"skill_id": 987654, "level": 1}]}, "skill_unknown"),
        ({"person_id": 987654}, "person_unknown"),
    ],
)
def test_offer_that_does_not_fit_is_refused(
    session: Session, need: RoleNeed, by: User, offer: dict[str, Any], code: str
) -> None:
    verbs.say(session, need, NeedStepKind.ASKED, SAID, need.version, by=by)
    with pytest.raises(Refused) as refused:
        verbs.counter(session, need, CounterSaid(**offer, reason="Why not."), need.version, by=by)
    assert refused.value.code == code


def test_answer_to_a_need_that_was_changed_meanwhile_is_stale(session: Session, need: RoleNeed, by: User) -> None:
    read = need.version
    verbs.say(session, need, NeedStepKind.ASKED, SAID, read, by=by)
    with pytest.raises(Stale):
        verbs.say(session, need, NeedStepKind.ACCEPTED, SAID, read, by=by)


def test_how_long_each_side_took_is_kept(session: Session, need: RoleNeed, by: User) -> None:
    answer = verbs.say(session, need, NeedStepKind.ASKED, SAID, need.version, by=by)
    answer.steps[-1].at = now() - timedelta(hours=5)
    verbs.counter(session, need, CounterSaid(fte_pct=50, reason="Half a day."), need.version, by=by)
    answer.steps[-1].at = now() - timedelta(hours=2)
    verbs.accept_counter(session, need, SAID, need.version, by=by)
    waited = [round(step.waited_s / 3600) for step in session.scalars(select(NeedStep).order_by(NeedStep.id))]
    assert waited[1:] == [5, 2]
    assert [step.side for step in answer.steps] == ["project", "operations", "project"]


def test_list_is_narrowed_by_what_was_answered(session: Session, need: RoleNeed, by: User) -> None:
    def found(value: str) -> int:
        return needs.page_of_needs(session, Query.read("/needs", {"answer": value})).total

    assert found("waiting") == 0
    verbs.say(session, need, NeedStepKind.ASKED, SAID, need.version, by=by)
    assert (found("waiting"), found("declined")) == (1, 0)
    verbs.say(session, need, NeedStepKind.DECLINED, SAID, need.version, by=by)
    assert (found("waiting"), found("declined"), found("nonsense")) == (0, 1, 0)


def test_both_sides_come_to_terms_on_the_page(
    client_of: Callable[..., CheckedClient], session: Session, need: RoleNeed
) -> None:
    boss = client_of(RoleName.ADMINISTRATOR)
    page = f"/needs/{need.id}/answer"

    def said(verb: str, **more: str) -> int:
        session.expire_all()
        version = str(session.get_one(RoleNeed, need.id).version)
        session.rollback()
        return boss.send(f"{page}/{verb}", {"version": version, **more}, page=page).status_code

    assert "have not been asked" in boss.get(page).text
    assert said("ask") == 303
    assert said("decline") == 409
    assert said("counter", fte_pct="50", reason="Half a day is free.") == 303
    text = boss.get(page).text
    assert "50 % instead of 100 %" in text
    assert "Half a day is free." in text
    assert said("take") == 303
    session.expire_all()
    assert session.get_one(RoleNeed, need.id).fte_pct == 50
    assert "accepted" in boss.get("/needs").text


def test_both_sides_come_to_terms_through_the_api(program: Program, session: Session, need: RoleNeed) -> None:
    path = f"/needs/{need.id}/answer"
    assert program.send("GET", path).json == {"need_id": need.id, "state": None, "steps": []}
    asked = program.send("POST", f"{path}/counter", {"fte_pct": 50, "reason": "Half a day."}, version=need.version)
    assert (asked.status_code, asked.json["code"]) == (409, "not_their_turn")
