from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import rows
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import ApiToken, RoleName, User, now
from planner.services.account.tokens import is_use_due, living_token, note_use, revoke_token

SAID = {"name": "Nightly figures", "scopes": ["staffing:read", "planning:read"], "num_days": "30"}


@pytest.fixture
def olga(user: Callable[..., User]) -> User:
    return user(RoleName.OPERATIONS, name="Olga")


@pytest.fixture
def browser(client_of: Callable[..., CheckedClient], olga: User) -> CheckedClient:
    return client_of(as_user=olga)


def made(browser: CheckedClient) -> str:
    answer = browser.send("/account/tokens/add", SAID)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    text = re.search(r'<p class="token">([^<]+)</p>', answer.text)
    assert text
    return text[1]


def test_token_is_shown_once_and_kept_as_a_hash(browser: CheckedClient, session: Session, olga: User) -> None:
    text = made(browser)
    token = session.scalars(select(ApiToken)).one()
    assert text not in str({column.name: getattr(token, column.name) for column in ApiToken.__table__.columns})
    assert text not in browser.get("/account/tokens").text
    assert token.prefix in browser.get("/account/tokens").text
    assert living_token(session, text) is token
    assert (token.user.id, token.scopes) == (olga.id, ["planning:read", "staffing:read"])


@pytest.mark.parametrize("wrong", [{"scopes": []}, {"scopes": ["everything"]}, {"num_days": "0"}, {"name": ""}])
def test_token_is_checked(browser: CheckedClient, session: Session, wrong: dict[str, object]) -> None:
    assert browser.send("/account/tokens/add", {**SAID, **wrong}).status_code == 422
    assert session.scalars(select(ApiToken)).all() == []


@pytest.mark.parametrize("text", ["", "planner_", "no such token", "planner_" + "x" * 43])
def test_unknown_text_opens_nothing(session: Session, text: str) -> None:
    assert living_token(session, text) is None


def test_hash_of_a_token_opens_nothing(session: Session, olga: User) -> None:
    token, _text = rows.token(session, olga)
    assert living_token(session, token.token_hash) is None


def test_revoked_expired_and_switched_off_open_nothing(session: Session, olga: User) -> None:
    token, text = rows.token(session, olga)
    assert living_token(session, text)
    revoke_token(token)
    assert living_token(session, text) is None
    _token, old = rows.token(session, olga, expires_at=now() - timedelta(seconds=1))
    assert living_token(session, old) is None
    _token, text = rows.token(session, olga)
    olga.active = False
    assert living_token(session, text) is None


def test_use_is_noted_once_a_minute(session: Session, olga: User) -> None:
    token, _text = rows.token(session, olga)
    assert is_use_due(token)
    note_use(session, token.id)
    session.refresh(token)
    assert not is_use_due(token)
    token.last_used_at = now() - timedelta(minutes=2)
    assert is_use_due(token)


def test_owner_revokes_their_token_and_nobody_elses(
    browser: CheckedClient, session: Session, user: Callable[..., User]
) -> None:
    made(browser)
    own = session.scalars(select(ApiToken)).one()
    other, _text = rows.token(session, user(RoleName.OPERATIONS))
    session.commit()
    browser.send(f"/account/tokens/{own.id}/revoke", page="/account/tokens")
    assert browser.send(f"/account/tokens/{other.id}/revoke", page="/account/tokens").status_code == 404
    session.refresh(own)
    session.refresh(other)
    assert own.revoked_at is not None
    assert other.revoked_at is None


def test_only_an_administrator_sees_the_tokens_of_others(
    browser: CheckedClient, client_of: Callable[..., CheckedClient]
) -> None:
    made(browser)
    assert "Nightly figures" in browser.get("/account/tokens").text
    assert "Nightly figures" in client_of(RoleName.ADMINISTRATOR).get("/account/tokens").text
    assert "Nightly figures" not in client_of(RoleName.OPERATIONS).get("/account/tokens").text
    assert client_of(RoleName.MEMBER).get("/account/tokens").status_code == 404
