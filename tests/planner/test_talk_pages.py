"""Pages on which people talk: the same at every record, without scripts and with them; bad input changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from markup import parse
from pages import CheckedClient
from programs import Program
from snapshots import differences, snapshot
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import AuditEntry, Comment, RoleName, User
from planner.services.work.kinds import KINDS, Kind

PM, MEMBER = RoleName.PROJECT_MANAGER, RoleName.MEMBER
XSS = "<script>alert(1)</script> [x](javascript:alert(1)) **bold**"


def path_of(kind: Kind, world: dict[str, Any]) -> str:
    return f"/talk/{kind.path}/{world[kind.name].id}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_something_is_said_at_every_kind_of_record(ops: CheckedClient, world: dict[str, Any], kind: Kind) -> None:
    path = path_of(kind, world)
    answer = ops.send(f"{path}/comments", {"text": "**When?**"}, page=path)
    assert answer.status_code == 303
    assert answer.location.startswith(path)
    assert "<strong>When?</strong>" in ops.get(path).text


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("project", "/projects/{project}"), ("need", "/needs/{need}/answer"), ("plan", "/plans/{plan}/review"),
        ("requisition", "/requisitions/{requisition}"), ("candidate", "/candidates/{candidate}"),
        ("seat", "/seats/{seat_key}/people"),
    ],
)  # fmt: skip
def test_own_page_of_a_record_shows_what_is_said_and_takes_more(
    ops: CheckedClient, world: dict[str, Any], name: str, path: str
) -> None:
    page = path.format(**{key: row.id for key, row in world.items()}, seat_key=world["seat"].key)
    [kind] = [kind for kind in KINDS if kind.name == name]
    answer = ops.send(f"{path_of(kind, world)}/comments", {"text": "Here it is.", "back": page}, page=page)
    assert answer.location.startswith(f"{page}#comment-")
    assert "Here it is." in ops.get(page).text


def test_form_leads_nowhere_else(ops: CheckedClient, world: dict[str, Any]) -> None:
    path = f"/talk/projects/{world['project'].id}"
    for back in ("//evil.example", "https://evil.example", "/account/log-out", "/\\evil"):
        answer = ops.send(f"{path}/comments", {"text": "Hm.", "back": back}, page=path)
        assert answer.location.startswith(path), back


def test_script_is_text(ops: CheckedClient, world: dict[str, Any]) -> None:
    path = f"/talk/projects/{world['project'].id}"
    ops.send(f"{path}/comments", {"text": XSS}, page=path)
    for page in (path, f"/projects/{world['project'].id}"):
        text = ops.get(page).text
        assert "<script>alert" not in text
        assert 'href="javascript' not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert "<strong>bold</strong>" in text


@pytest.mark.parametrize("has_scripts", [True, False])
def test_writer_sees_how_it_will_look_before_it_is_said(
    ops: CheckedClient, session: Session, world: dict[str, Any], has_scripts: bool
) -> None:
    path = f"/talk/projects/{world['project'].id}"
    headers = {"HX-Request": "true"} if has_scripts else {}
    before = snapshot(session.get_bind())
    said = {"text": f"{XSS} @Inès Roux", "preview": "1"}
    answer = ops.send(f"{path}/comments", said, page=path, headers=headers)
    assert answer.status_code == 200
    assert "<strong>bold</strong>" in answer.text
    assert '<span class="named">@Inès Roux</span>' in answer.text
    assert "This tells Inès Roux." in answer.text
    assert "<script>alert" not in answer.text
    assert ("<h1>" in answer.text) != has_scripts
    assert differences(before, snapshot(session.get_bind())) == {}


def test_preview_says_whom_it_cannot_tell(ops: CheckedClient, world: dict[str, Any], user: Callable[..., User]) -> None:
    user(MEMBER, name="Max Mill")
    path = f"/talk/projects/{world['project'].id}"
    said = {"text": "@Max Mill", "preview": "1"}
    assert "Max Mill may not see this" in ops.send(f"{path}/comments", said, page=path).text


BAD: list[tuple[dict[str, str], int, str, str]] = [
    ({"text": " "}, 422, "text", "Fill this in."),
    ({"text": "x" * 10_001}, 422, "text", "at most 10000"),
    ({"text": "a\u202eb"}, 422, "text", "invisible"),
    ({"text": "@Max Mill, look"}, 409, "text", "Max Mill may not see this"),
    ({"text": "Look", "mention": "Max Mill"}, 409, "mention", "Max Mill may not see this"),
    ({"text": "Look", "mention": "Nobody at all"}, 409, "mention", "Nobody who may see this is called"),
    ({"text": "Look", "mention": "Ann Lee"}, 409, "mention", "Several people are called Ann Lee"),
]


@pytest.mark.parametrize(("said", "status", "field", "sentence"), BAD)
def test_bad_input_gets_a_sentence_at_its_field_and_nothing_is_written(
    ops: CheckedClient, session: Session, world: dict[str, Any], user: Callable[..., User], said: dict[str, str],
    status: int, field: str, sentence: str,
) -> None:  # fmt: skip
    user(MEMBER, name="Max Mill")
    user(PM, name="Ann Lee")
    user(PM, name="Ann Lee")
    path = f"/talk/projects/{world['project'].id}"
    token = ops.token(path)
    before = snapshot(session.get_bind())
    answer = ops.post(f"{path}/comments", data={**said, "csrf_token": token})
    assert answer.status_code == status
    [error] = [one for one in parse(answer.text).root.all("span") if one.get("id") == f"comment-{field}-error"]
    assert sentence in error.text
    assert differences(before, snapshot(session.get_bind())) == {}


@pytest.mark.parametrize("said", [{"text": "Look", "parent_id": "987654"}, {"text": "Look", "seat_key": "nowhere"}])
def test_answer_to_nothing_and_a_seat_that_is_not_there_are_refused(
    ops: CheckedClient, session: Session, world: dict[str, Any], said: dict[str, str]
) -> None:
    path = f"/talk/plans/{world['plan'].id}"
    token, before = ops.token(path), snapshot(session.get_bind())
    assert ops.post(f"{path}/comments", data={**said, "csrf_token": token}).status_code == 409
    assert differences(before, snapshot(session.get_bind())) == {}


def test_comment_is_answered_settled_changed_and_removed_in_the_page(
    pm: CheckedClient, ops: CheckedClient, session: Session, world: dict[str, Any]
) -> None:
    path = f"/talk/projects/{world['project'].id}"
    ops.send(f"{path}/comments", {"text": "When?"}, page=path)
    first = session.scalars(select(Comment).where(Comment.project_id.is_not(None))).one()
    assert pm.send(f"{path}/comments", {"text": "In May.", "parent_id": str(first.id)}, page=path).status_code == 303
    page = parse(pm.get(path).text)
    [answers] = [one for one in page.root.all("ol") if one.get("class") == "answers"]
    assert "In May." in answers.text
    settle = {"is_resolved": "true", "version": "1"}
    assert pm.send(f"/talk/comments/{first.id}/settle", settle, page=path).status_code == 303
    assert "settled" in pm.get(path).text
    assert pm.send(f"/talk/comments/{first.id}/settle", settle, page=path).status_code == 409
    edit = f"/talk/comments/{first.id}/edit"
    assert pm.get(edit).status_code == 403
    preview = ops.save(edit, text="When **then**?", preview="1")
    assert (preview.status_code, "<strong>then</strong>" in preview.text) == (200, True)
    assert ops.save(edit, text="When then?").status_code == 303
    remove = f"/talk/comments/{first.id}/remove"
    assert "the answers to it" in ops.get(remove).text
    assert ops.send(remove).status_code == 303
    assert "Nobody has said anything yet" in pm.get(path).text


def test_member_takes_back_own_comment_and_no_other(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], session: Session, world: dict[str, Any]
) -> None:
    max_, path = user(MEMBER, name="Max"), f"/talk/styles/{world['style'].id}"
    client = client_of(as_user=max_)
    client.send(f"{path}/comments", {"text": "Mine."}, page=path)
    mine = session.scalars(select(Comment).where(Comment.by_id == max_.id)).one()
    assert client.get(f"/talk/comments/{world['comment'].id}/remove").status_code == 403
    answer = client.send(f"/talk/comments/{mine.id}/remove")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "was removed" in page
    assert "/removals/" not in page, "who may not bring back is not offered to"
    assert client.get(f"/talk/projects/{world['project'].id}").status_code == 404


def test_following_is_a_button_that_says_who_follows(
    ops: CheckedClient, client_of: Callable[..., CheckedClient], user: Callable[..., User], world: dict[str, Any]
) -> None:
    path = f"/talk/projects/{world['project'].id}"
    client = client_of(as_user=user(PM, name="Ann Lee"))
    assert "1 person follows this: Inès Roux." in parse(client.get(path).text).root.text
    assert client.send(f"{path}/follow", page=path).status_code == 303
    assert "2 people follow this: Ann Lee and Inès Roux." in parse(client.get(path).text).root.text
    assert client.send(f"{path}/unfollow", page=path).status_code == 303
    assert "1 person follows this" in client.get(path).text


def test_people_to_name_are_those_who_may_see_it(
    ops: CheckedClient, user: Callable[..., User], world: dict[str, Any]
) -> None:
    user(MEMBER, name="Max Mill")
    for path, is_there in (
        (f"/talk/projects/{world['project'].id}", False),
        (f"/talk/styles/{world['style'].id}", True),
    ):
        offered = [one.get("value") for one in parse(ops.get(path).text).root.all("option")]
        assert ("Inès Roux" in offered, "Max Mill" in offered) == (True, is_there)


# The API


def test_talk_at_the_api_is_the_same(
    program_of: Callable[..., Program], session: Session, world: dict[str, Any], user: Callable[..., User]
) -> None:
    program, pm = program_of(), program_of(PM)
    path = f"/needs/{world['need'].id}"
    made = program.post(f"{path}/comments", {"text": "@Inès Roux, when?"})
    assert made.status_code == 201
    assert [one["name"] for one in made.json["mentions"]] == ["Inès Roux"]
    answer = pm.post(f"{path}/comments", {"text": "May.", "parent_id": made.json["id"]})
    assert answer.json["parent_id"] == made.json["id"]
    assert [one["text"] for one in pm.get(f"{path}/comments").json["items"]] == ["@Inès Roux, when?", "May."]
    one = f"/comments/{made.json['id']}"
    assert pm.put(one, {"text": "Mine"}, version=1).status_code == 403
    assert program.put(one, {"text": "When then?"}, version=1).json["text"] == "When then?"
    assert program.put(one, {"text": "Lost"}, version=1).status_code == 412
    settled = pm.post(f"{one}/settle", {"is_resolved": True}, version=2)
    assert settled.json["resolved_by_name"]
    assert program.get(f"{path}/followers").json["is_following"] is True
    assert program.post(f"{path}/follow", {"is_following": False}).json["is_following"] is False
    gone = program.delete(one, version=3)
    assert gone.status_code == 200, gone.text
    assert program.get(one).status_code == 404
    assert program.get(f"{path}/comments").json["items"] == []
    assert program.get("/needs/987654/comments").status_code == 404
    assert program.post("/needs/987654/comments", {"text": "?"}).status_code == 404


@pytest.mark.parametrize(
    ("said", "status", "field", "code"),
    [
        ({"text": ""}, 422, "text", "string_too_short"),
        ({"text": "x" * 10_001}, 422, "text", "string_too_long"),
        ({}, 422, "text", "missing"),
        ({"text": "@Max Mill"}, 409, "text", "mention_may_not_see"),
        ({"text": "Look", "parent_id": 987654}, 409, "parent_id", "comment_is_gone"),
        ({"text": "Look", "seat_key": "x"}, 409, "seat_key", "no_such_seat"),
        ({"text": "Look", "html": "<b>"}, 422, "html", "extra_forbidden"),
    ],
)
def test_bad_input_at_the_api_is_named_by_field(
    program: Program, session: Session, world: dict[str, Any], user: Callable[..., User], said: dict[str, Any],
    status: int, field: str, code: str,
) -> None:  # fmt: skip
    user(MEMBER, name="Max Mill")
    answer = program.post(f"/projects/{world['project'].id}/comments", said)
    assert answer.status_code == status
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [(field, code)]
    assert session.scalars(select(Comment).where(Comment.project_id.is_not(None))).all() == []


def test_trail_knows_that_something_was_said_and_not_what(
    ops: CheckedClient, session: Session, world: dict[str, Any]
) -> None:
    path = f"/talk/plans/{world['plan'].id}"
    ops.send(f"{path}/comments", {"text": "Secret words"}, page=path)
    entries = list(session.scalars(select(AuditEntry).where(AuditEntry.noun == "comment").order_by(AuditEntry.id)))
    assert entries[-1].owner_id == world["plan"].id
    whole = " ".join(str(vars(entry)) for entry in session.scalars(select(AuditEntry)))
    assert "Secret" not in whole
