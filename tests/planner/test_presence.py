"""Who else edits this: whoever may open the page is told, nobody else, and only as long as they are there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import rows
from databases import on_both
from markup import parse
from pages import CheckedClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.models import Person, Presence, RoleName, User, now
from planner.services.account import presence

Clients = Callable[..., CheckedClient]


@pytest.fixture
def anna(user: Callable[..., User]) -> User:
    return user(RoleName.OPERATIONS, name="Anna Berg")


@pytest.fixture
def ben(user: Callable[..., User]) -> User:
    return user(RoleName.OPERATIONS, name="Ben Ode")


@pytest.fixture
def world(session: Session) -> dict[str, Any]:
    return rows.world(session)


def note(client: CheckedClient, path: str) -> str:
    answer = client.send("/presence", {"path": path}, page="/account")
    assert answer.status_code == 200
    return parse(answer.text).root.text


@on_both
def test_second_editor_is_told_who_is_there_and_since_when(
    client_of: Clients, world: dict[str, Any], anna: User, ben: User
) -> None:
    path = f"/people/{world['person'].id}/edit"
    hers, his = client_of(as_user=anna), client_of(as_user=ben)
    assert note(hers, path) == ""
    assert note(his, path).startswith("Anna Berg is editing this, since")
    assert note(hers, path).startswith("Ben Ode is editing this, since")
    assert "Ben Ode is editing this" in hers.get(path).text, "without scripts the page says it when it is opened"
    assert "is editing this" not in hers.get(f"/skills/{world['skill'].id}/edit").text


def test_who_leaves_is_not_shown_any_more(client_of: Clients, world: dict[str, Any], anna: User, ben: User) -> None:
    path = f"/people/{world['person'].id}/edit"
    hers, his = client_of(as_user=anna), client_of(as_user=ben)
    note(hers, path)
    assert hers.send("/presence/leave", {"path": path}, page="/account").status_code == 204
    assert note(his, path) == ""


def test_who_is_silent_has_left_and_comes_anew(
    session: Session, client_of: Clients, world: dict[str, Any], anna: User, ben: User
) -> None:
    path = f"/people/{world['person'].id}/edit"
    hers, his = client_of(as_user=anna), client_of(as_user=ben)
    note(hers, path)
    began = session.scalars(select(Presence.since)).one()
    silent = now() - presence.SILENT_FOR - timedelta(seconds=1)
    session.execute(update(Presence).values(seen_at=silent, since=silent))
    session.commit()
    assert note(his, path) == ""
    note(hers, path)
    session.expire_all()
    mine = select(Presence.since).where(Presence.user_id == anna.id)
    assert session.scalars(mine).one() >= began, "the time away does not count"


def test_polling_is_no_edit(session: Session, client_of: Clients, world: dict[str, Any], anna: User) -> None:
    before = session.get_one(Person, world["person"].id).version
    client = client_of(as_user=anna)
    for _n in range(3):
        note(client, f"/people/{world['person'].id}/edit")
    session.expire_all()
    assert session.get_one(Person, world["person"].id).version == before


def test_seats_of_one_plan_are_places_of_their_own(
    client_of: Clients, world: dict[str, Any], anna: User, ben: User
) -> None:
    plan, seat = world["plan"].id, world["seat"].key
    hers, his = client_of(as_user=anna), client_of(as_user=ben)
    note(hers, f"/plans/{plan}/put/{seat}")
    assert "Anna Berg" in note(his, f"/plans/{plan}/swap/{seat}")
    assert "Anna Berg is editing this" in his.get(f"/plans/{plan}/seats/{seat}").text
    assert note(his, f"/plans/{plan}/move/{world['phase'].key}") == ""


@pytest.mark.parametrize(
    "path", ["", "/nowhere", "/account", "/people/987654/edit", "/people/99999999999999/edit", "//x", "/people"]
)
def test_page_that_edits_no_record_has_nobody_on_it(
    session: Session, client_of: Clients, anna: User, path: str
) -> None:
    assert note(client_of(as_user=anna), path) == ""
    assert session.scalars(select(Presence)).all() == []


def test_who_may_not_open_a_page_is_neither_told_nor_noted(
    session: Session, client_of: Clients, world: dict[str, Any], anna: User
) -> None:
    path = f"/people/{world['person'].id}/edit"
    note(client_of(as_user=anna), path)
    member = client_of(RoleName.MEMBER)
    assert note(member, path) == ""
    assert {row.user_id for row in session.scalars(select(Presence))} == {anna.id}


@on_both
def test_many_who_poll_at_once_wait_for_nobody(
    client_of: Clients, user: Callable[..., User], world: dict[str, Any], session: Session
) -> None:
    people = [user(RoleName.OPERATIONS) for _n in range(8)]
    path = f"/people/{world['person'].id}/edit"
    windows = [client_of(as_user=one) for one in (*people, *people)]  # each has it open twice

    def poll(client: CheckedClient) -> None:
        for _n in range(3):
            note(client, path)

    with ThreadPoolExecutor(len(windows)) as threads:
        list(threads.map(poll, windows))
    assert len(session.scalars(select(Presence)).all()) == len(people)
