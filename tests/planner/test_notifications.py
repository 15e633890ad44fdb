"""What somebody is told, in the page: by their own choice, as much as they may see today, read and unread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from markup import parse
from pages import CheckedClient
from programs import Program
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Notification, NotificationChoice, NotificationKind, RoleName, Scenario, User, UserRole, Way
from planner.schemas.work_talk import ChoicesSaid, CommentSaid
from planner.services.refused import Stale
from planner.services.work import choices, notifying, talking


@pytest.fixture
def world(session: Session, world: dict[str, Any]) -> dict[str, Any]:
    session.delete(world["notification"])
    session.commit()
    return world


def say(session: Session, row: Any, text: str, by: User) -> None:
    talking.say(session, row, CommentSaid(text=text), by=by)
    session.commit()


def of(session: Session, user: User) -> list[Notification]:
    session.rollback()
    found = select(Notification).where(Notification.user_id == user.id).order_by(Notification.id)
    return list(session.scalars(found))


@pytest.mark.parametrize("way", list(Way))
def test_everybody_is_told_in_the_way_that_they_chose(
    session: Session, world: dict[str, Any], ines: User, omar: User, way: Way
) -> None:
    row = choices.to_edit(session, ines)
    choices.choose(session, row, ChoicesSaid.model_validate({"ways": {"mention": way}}), row.version)
    say(session, world["project"], "@Inès Roux", omar)
    assert [one.way for one in of(session, ines)] == ([] if way is Way.NONE else [way])


def test_who_has_chosen_nothing_is_told_as_usual(session: Session, ines: User) -> None:
    assert choices.ways_of(session, ines) == dict(choices.USUAL)
    assert ChoicesSaid().ways.model_dump() == choices.USUAL
    assert session.scalars(select(NotificationChoice)).all() == []


def test_choice_on_another_version_than_was_read_is_refused(session: Session, ines: User) -> None:
    row = choices.to_edit(session, ines)
    choices.choose(session, row, ChoicesSaid(digest_hour=7), 1)
    with pytest.raises(Stale):
        choices.choose(session, row, ChoicesSaid(digest_hour=9), 1)


def test_choices_page_is_filled_saved_and_merged(
    client_of: Callable[..., CheckedClient], session: Session, ines: User
) -> None:
    client = client_of(as_user=ines)
    first = client.form("/notifications/choices")
    assert (first["ways-mention"], first["digest_hour"]) == ("mail", "8")
    assert client.save("/notifications/choices", **{"ways-mention": "page"}).status_code == 303
    first["digest_hour"] = "6"
    assert client.post("/notifications/choices", data=first).status_code == 303, "two changes that do not meet"
    kept = session.scalars(select(NotificationChoice)).one()
    assert (kept.ways["mention"], kept.digest_hour) == ("page", 6)
    for wrong in ({"digest_hour": "24"}, {"digest_hour": ""}, {"ways-comment": "telegram"}):
        answer = client.save("/notifications/choices", **wrong)
        assert (answer.status_code == 422) != (wrong == {"digest_hour": ""}), wrong


def test_choices_at_the_api_are_the_same(program_of: Callable[..., Program], ines: User) -> None:
    program = program_of(as_user=ines)
    read = program.get("/notification-choices").json
    assert (read["ways"]["mention"], read["digest_hour"], read["version"]) == ("mail", 8, 1)
    answer = program.put("/notification-choices", {"ways": {"mention": "none"}, "digest_hour": 5}, version=1)
    assert (answer.status_code, answer.json["ways"]["mention"]) == (200, "none")
    assert program.put("/notification-choices", {"digest_hour": 6}, version=1).status_code == 412
    bad = program.put("/notification-choices", {"ways": {"mention": "fax"}}, version=2)
    assert [one["field"] for one in bad.json["errors"]] == ["ways.mention"]


# The list and the bell


def test_list_shows_what_is_unread_and_each_is_marked(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    say(session, world["project"], "@Inès Roux, when?", omar)
    say(session, world["project"], "In May.", omar)
    client = client_of(as_user=ines)
    page = parse(client.get("/notifications").text).root.text
    assert "2 notifications are unread" in page
    assert f"Omar Diop mentions you: {world['project'].name}" in page
    assert f"Omar Diop says something: {world['project'].name}" in page
    first, second = of(session, ines)
    assert client.send(f"/notifications/{first.id}/read", page="/notifications").status_code == 303
    unread = parse(client.get("/notifications?state=unread").text).root.text
    assert "mentions you" not in unread
    assert "says something" in unread
    assert client.send(f"/notifications/{first.id}/unread", page="/notifications").status_code == 303
    assert client.send("/notifications/read", page="/notifications").status_code == 303
    assert "You have read everything" in client.get("/notifications?state=unread").text
    assert all(one.read_at is not None for one in of(session, ines))
    assert second.user_id == ines.id


def test_notification_leads_to_the_comment_and_is_read_by_that(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    say(session, world["need"], "@Inès Roux, when?", omar)
    [row] = of(session, ines)
    client = client_of(as_user=ines)
    answer = client.get(f"/notifications/{row.id}/open")
    assert answer.status_code == 303
    assert f"/talk/needs/{world['need'].id}?comment={row.comment_id}" in answer.location
    assert "when?" in client.get(answer.location).text
    assert [one.read_at is not None for one in of(session, ines)] == [True]
    stranger = client_of(RoleName.OPERATIONS)
    assert stranger.get(f"/notifications/{row.id}/open").status_code == 404


def test_bell_counts_on_every_page_and_in_its_fragment(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    client = client_of(as_user=ines)
    say(session, world["project"], "@Inès Roux", omar)
    for path in ("/skills", "/notifications/count"):
        [bell] = [one for one in parse(client.get(path).text).root.all("a") if one.get("class") == "bell"]
        assert bell.text == "Notifications 1 unread", path
    client.send("/notifications/read", page="/notifications")
    assert "unread</span>" not in client.get("/notifications/count").text


def test_what_may_not_be_seen_any_more_is_neither_shown_nor_counted(
    client_of: Callable[..., CheckedClient], program_of: Callable[..., Program], session: Session,
    world: dict[str, Any], ines: User, omar: User,
) -> None:  # fmt: skip
    say(session, world["plan"], "@Inès Roux, secret", omar)
    [row] = of(session, ines)
    scenario = Scenario(name="Omar's", owner_id=omar.id)
    session.add(scenario)
    session.flush()
    world["plan"].scenario_id = scenario.id
    session.commit()
    client, program = client_of(as_user=ines), program_of(as_user=ines)
    text = client.get("/notifications").text
    assert "secret" not in text
    assert "Nothing yet" in text
    assert "unread</span>" not in client.get("/notifications/count").text
    assert client.get(f"/notifications/{row.id}/open").location == "/notifications"
    assert client.get(f"/talk/plans/{world['plan'].id}").status_code == 404
    assert program.get("/notifications").json["items"] == []
    assert program.get(f"/notifications/{row.id}").status_code == 404
    assert program.get(f"/comments/{row.comment_id}").status_code == 404


def test_who_loses_a_role_is_shown_no_more_than_it_allowed(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    say(session, world["project"], "@Inès Roux, secret", omar)
    ines.granted = [UserRole(role=RoleName.MEMBER)]
    session.commit()
    assert "secret" not in client_of(as_user=ines).get("/notifications").text


def test_candidate_has_no_name_for_whoever_may_not_know_it(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    candidate = world["candidate"]
    name = candidate.person.name
    say(session, candidate, "@Inès Roux", omar)
    text = client_of(as_user=ines).get("/notifications").text
    assert name not in text
    assert f"Candidate {candidate.id}" in text
    say(session, candidate, "@Omar Diop", ines)
    assert name in client_of(as_user=omar).get("/notifications").text


def test_anonymous_candidate_has_no_name_in_what_is_said(
    client_of: Callable[..., CheckedClient], program_of: Callable[..., Program], session: Session,
    world: dict[str, Any], ines: User, omar: User,
) -> None:  # fmt: skip
    candidate = world["candidate"]
    name = candidate.person.name
    world["requisition"].is_anonymous = True
    say(session, world["project"], f"@Inès Roux, is {name.upper()} free?", omar)
    path = f"/talk/projects/{world['project'].id}"
    client, program = client_of(as_user=ines), program_of(as_user=ines)
    for text in (client.get(path).text, client.get("/notifications").text):
        assert name.upper() not in text
        assert f"is Candidate {candidate.id} free?" in text
    assert name.upper() not in program.get(f"/projects/{world['project'].id}/comments").text
    assert name.upper() in client_of(as_user=omar).get(path).text


def test_notifications_at_the_api(
    program_of: Callable[..., Program], session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    say(session, world["project"], "@Inès Roux", omar)
    program, other = program_of(as_user=ines), program_of(as_user=omar)
    [row] = program.get("/notifications?state=unread").json["items"]
    assert (row["kind"], row["about_kind"], row["title"]) == ("mention", "project", world["project"].name)
    assert row["path"].startswith(f"/talk/projects/{world['project'].id}?comment=")
    assert other.get(f"/notifications/{row['id']}").status_code == 404
    assert program.post(f"/notifications/{row['id']}/read", {"is_read": True}).json["read_at"] is not None
    assert program.get("/notifications?state=unread").json["items"] == []
    assert program.post(f"/notifications/{row['id']}/read", {"is_read": False}).json["read_at"] is None
    assert program.post("/notifications/read", {}).json == {"num_read": 1}
    assert program.get("/notifications?state=new").status_code == 200
    assert program.get("/notifications?kind=mention").status_code == 422


def test_marking_all_leaves_what_came_later(session: Session, world: dict[str, Any], ines: User, omar: User) -> None:
    say(session, world["project"], "@Inès Roux", omar)
    assert notifying.mark_all(session, ines, until=datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert notifying.num_unread(session, ines) == 1


# Decisions


def test_decisions_are_told_to_those_whom_they_concern(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    need, plan = world["need"], world["plan"]
    pm, ops = client_of(as_user=ines), client_of(as_user=omar)
    page = f"/needs/{need.id}/answer"
    assert pm.send(f"{page}/ask", {"version": need.version, "reason": "Two?"}, page=page).status_code == 303
    assert [(one.kind, one.detail["step"]) for one in of(session, omar)] == [(NotificationKind.DECISION, "need_asked")]
    session.refresh(need)
    assert ops.send(f"{page}/accept", {"version": need.version, "reason": ""}, page=page).status_code == 303
    assert [one.detail["step"] for one in of(session, ines)] == ["need_accepted"]
    review = f"/plans/{plan.id}/review"
    assert pm.send(f"{review}/propose", {"version": plan.version, "reason": ""}, page=review).status_code == 303
    assert [one.detail["step"] for one in of(session, omar)] == ["need_asked", "plan_proposed"]
    text = ops.get("/notifications").text
    assert "has proposed plan" in text
    assert ops.get(f"/notifications/{of(session, omar)[-1].id}/open").location == review
