"""Links for clients: one answer or many until a day, only a hash kept, of two at once one gets through."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import rows
from conftest import settings_for
from databases import on_both
from flask import Flask
from pages import CheckedClient
from programs import Program
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from planner import create_app
from planner.models import ClientLink, Feedback, FeedbackSource, RoleName, User, Workspace, now, today
from planner.schemas.outcomes_feedback import ClientLinkSaid
from planner.services.outcomes import client_links
from planner.services.refused import Refused

SAYS = {"sentiment": "2", "text": "We waited for a week."}


@pytest.fixture
def world(session: Session, user: Callable[..., User]) -> dict[str, Any]:
    world = rows.world(session, user(RoleName.PROJECT_MANAGER, name="Paula"))
    session.delete(world["feedback"])
    session.commit()
    return world


def link(session: Session, world: dict[str, Any], *, is_single_use: bool = True, **said: Any) -> tuple[ClientLink, str]:
    wanted = ClientLinkSaid.model_validate({"until": today(), "is_single_use": is_single_use, **said})
    made = client_links.make_link(session, world["project"], wanted, by=world["user"])
    session.commit()
    return made


def num_said(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Feedback.id))) or 0


def test_client_answers_without_a_login_and_it_stands_on_the_teams_page(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    pm = client_of(as_user=session.get_one(User, world["project"].pm_id))
    page = f"/feedback/links/of-project/{world['project'].id}"
    asked = {"until": str(today() + timedelta(3)), "is_single_use": "y", "phase_id": str(world["phase"].id)}
    made = pm.send(page, asked)
    assert made.status_code == 200
    path = urlsplit(made.text.partition('id="client-link">')[2].partition("<")[0]).path
    client = client_of()
    opened = client.get(path)
    assert world["project"].name in opened.text
    assert client.send(path, {**SAYS, "said_by": "Zoé"}).location == "/say/thanks"
    kept = session.scalars(select(Feedback)).one()
    assert (kept.source, kept.said_by, kept.said_on, kept.phase_id, kept.by_name) == (
        FeedbackSource.LINK, "Zoé", today(), world["phase"].id, "",
    )  # fmt: skip
    assert "We waited for a week." in pm.get(f"/projects/{world['project'].id}").text


def test_link_used_twice_gets_a_sentence_and_nothing_is_written(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    _row, secret = link(session, world)
    client, path = client_of(), f"/say/{secret}"
    token = client.token(path)
    assert client.post(path, data={"csrf_token": token, **SAYS}).status_code == 303
    for again in (client.get(path), client.post(path, data={"csrf_token": token, **SAYS})):
        assert again.status_code == 409
        assert "This link was used already" in again.text
    assert num_said(session) == 1


def test_link_for_many_takes_several_answers(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    row, secret = link(session, world, is_single_use=False)
    for _n in range(3):
        assert client_of().send(f"/say/{secret}", SAYS).status_code == 303
    session.rollback()
    assert session.get_one(ClientLink, row.id, populate_existing=True).num_used == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [({"expires_at": now() - timedelta(seconds=1)}, "The last day of this link is over"),
     ({"ended_at": now()}, "This link was ended"), ({"num_used": client_links.MOST_ANSWERS}, "used very often")],
)  # fmt: skip
def test_link_that_has_ended_says_why(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    row, secret = link(session, world, is_single_use=False)
    client, path = client_of(), f"/say/{secret}"
    token = client.token(path)
    for name, value in change.items():
        setattr(row, name, value)
    session.commit()
    for answer in (client.get(path), client.post(path, data={"csrf_token": token, **SAYS})):
        assert answer.status_code == 409
        assert words in answer.text
    assert num_said(session) == 0


def test_forged_link_opens_nothing(client_of: Callable[..., CheckedClient], world: dict[str, Any]) -> None:
    client = client_of()
    token = client.token("/login")
    for secret in ("x", "%00", "a" * 500, "../voices"):
        assert client.get(f"/say/{secret}").status_code == 404
        assert client.post(f"/say/{secret}", data={"csrf_token": token, **SAYS}).status_code in (404, 405)


def test_last_day_is_included(session: Session, world: dict[str, Any]) -> None:
    row, _secret = link(session, world)
    assert timedelta(0) < row.expires_at - now() <= timedelta(days=1)
    for day in (today() - timedelta(1), today() + timedelta(400)):
        with pytest.raises(ValueError, match="date_"):
            ClientLinkSaid(until=day)


def test_only_a_hash_is_kept(session: Session, world: dict[str, Any]) -> None:
    """The secret stands in no column of any table."""
    _row, secret = link(session, world)
    tables = inspect(session.connection()).get_table_names()
    for table in tables:
        for found in session.execute(text(f'SELECT * FROM "{table}"')):
            assert secret not in str(tuple(found)), table


def test_team_of_another_project_is_refused(session: Session, world: dict[str, Any]) -> None:
    other = rows.world(session)["phase"]
    with pytest.raises(Refused) as caught:
        link(session, world, phase_id=other.id)
    assert (caught.value.code, caught.value.field) == ("phase_is_elsewhere", "phase_id")


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"sentiment": ""}, "Fill this in."), ({"sentiment": "7"}, "Enter 5 or less."), ({"text": " "}, "Fill this in."),
     ({"text": "x" * 2001}, "Write at most 2000 characters."), ({"text": "a\u202eb c"}, "invisible control")],
)  # fmt: skip
def test_bad_answer_is_told_at_its_field_and_the_link_is_not_used(
    client_of: Callable[..., CheckedClient],
    session: Session,
    world: dict[str, Any],
    changes: dict[str, str],
    words: str,
) -> None:
    _row, secret = link(session, world)
    answer = client_of().send(f"/say/{secret}", {**SAYS, **changes})
    assert answer.status_code == 422
    assert words in answer.text
    assert num_said(session) == 0
    assert client_of().send(f"/say/{secret}", SAYS).status_code == 303


def test_program_that_fills_in_the_hidden_field_learns_nothing(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    row, secret = link(session, world)
    answer = client_of().send(f"/say/{secret}", {**SAYS, "website": "https://spam.example"})
    assert answer.location == "/say/thanks"
    assert num_said(session) == 0
    assert session.get_one(ClientLink, row.id).num_used == 0


def test_page_of_a_client_speaks_french(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    _row, secret = link(session, world)
    page = client_of().get(f"/say/{secret}", headers={"Accept-Language": "fr"}).text
    assert '<html lang="fr"' in page


@on_both
def test_of_two_answers_at_once_one_gets_through(app: Flask, session: Session, world: dict[str, Any]) -> None:
    row, secret = link(session, world)
    num_clients, path = 6, f"/say/{secret}"
    together = threading.Barrier(num_clients)
    clients = [app.test_client() for _n in range(num_clients)]
    tokens = [one.get(path).text.partition('name="csrf-token" content="')[2].partition('"')[0] for one in clients]

    def answer(number: int) -> int:
        together.wait()
        return clients[number].post(path, data={"csrf_token": tokens[number], **SAYS}).status_code

    with ThreadPoolExecutor(num_clients) as pool:
        assert Counter(pool.map(answer, range(num_clients))) == {303: 1, 409: num_clients - 1}
    assert num_said(session) == 1
    assert session.get_one(ClientLink, row.id, populate_existing=True).num_used == 1


def test_who_answers_too_often_waits(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, is_ratelimited=True))
    app.test_client_class = CheckedClient
    with app.extensions["planner_sessions"]() as session:
        session.add(Workspace(id=1, name="Test", calendar_start_on=today(), set_up_at=now()))
        session.commit()
        world = rows.world(session)
        wanted = ClientLinkSaid(until=today(), is_single_use=False)
        secret = client_links.make_link(session, world["project"], wanted, by=world["user"])[1]
        session.commit()
    client = app.test_client()
    token = client.token(f"/say/{secret}")
    statuses = [client.post(f"/say/{secret}", data={"csrf_token": token, **SAYS}).status_code for _n in range(11)]
    assert statuses == [303] * 10 + [429]
    guesses = [client.get(f"/say/guess{n}").status_code for n in range(11)]
    assert guesses == [404] * 10 + [429]


def test_link_is_ended_on_the_page(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    row, secret = link(session, world)
    pm = client_of(as_user=session.get_one(User, world["project"].pm_id))
    page = f"/feedback/links/of-project/{world['project'].id}"
    assert pm.send(f"/feedback/links/{row.id}/end", page=page).status_code == 303
    assert "Nobody comes in by this link any more." in pm.get(page).text
    assert client_of().get(f"/say/{secret}").status_code == 409


def test_api_makes_lists_and_ends_links(program: Program, world: dict[str, Any]) -> None:
    path = f"/projects/{world['project'].id}/client_links"
    made = program.post(path, {"until": str(today()), "is_single_use": True}, Idempotency_Key="1")
    assert made.status_code == 201, made.text
    assert "/say/" in made.json["url"]
    listed = program.get(path).json["items"]
    assert [row["id"] for row in listed] == [made.json["id"], world["client_link"].id]
    assert "url" not in listed[0]
    past = program.post(path, {"until": str(today() - timedelta(1))}, Idempotency_Key="2")
    assert past.status_code == 422
    ended = program.post(f"/client_links/{made.json['id']}/end", Idempotency_Key="3")
    assert ended.json["ended_at"]
    assert program.post(f"/client_links/{made.json['id']}/end", Idempotency_Key="4").status_code == 409
