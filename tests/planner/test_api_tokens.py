"""Who speaks to the API: a token counts, nothing else does, and it reaches no further than its scopes and its user."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import rows
from conftest import settings_for
from flask import Flask
from pages import CheckedClient
from programs import API, Program
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import access, create_app
from planner.models import SCOPES, ApiToken, RoleName, User, now
from planner.services.account.tokens import revoke_token


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer é", "Token {text}", "{text}"]
)
def test_without_a_token_nobody_is_let_in(program: Program, said: str) -> None:
    header = said.format(text=program.text).encode().decode("latin-1")
    refused = program.get("/skills", Authorization=header)
    assert (refused.status_code, refused.json["code"]) == (401, "token_not_valid")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("ending", ["revoked", "expired", "user is off"])
def test_token_that_has_ended_is_none(program: Program, session: Session, ending: str) -> None:
    assert program.get("/skills").status_code == 200
    token = session.scalars(select(ApiToken)).one()
    if ending == "revoked":
        revoke_token(token)
    elif ending == "expired":
        token.expires_at = now() - timedelta(seconds=1)
    else:
        token.user.active = False
    session.commit()
    assert program.get("/skills").status_code == 401


def test_cookie_is_not_accepted(ops: CheckedClient) -> None:
    """Else another site could write in the name of whoever is logged in."""
    assert ops.get("/skills").status_code == 200
    assert ops.get(f"{API}/skills").status_code == 401
    assert ops.post(f"{API}/skills", json={"name": "x"}).status_code == 401


def test_token_opens_no_page(program: Program) -> None:
    answer = program.client.get("/skills", headers={"Authorization": f"Bearer {program.text}"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login")


def test_no_cookie_is_set(program: Program) -> None:
    assert "Set-Cookie" not in program.get("/skills").headers
    assert "Set-Cookie" not in program.post("/skills", {"name": "x"}).headers


def test_token_reads_or_writes_only_where_its_scopes_say(program_of: Callable[..., Program]) -> None:
    reader = program_of(scopes=("staffing:read",))
    assert reader.get("/skills").status_code == 200
    refused = reader.post("/skills", {"name": "SEO"})
    assert (refused.status_code, refused.json["code"]) == (403, "out_of_scope")
    assert "staffing:write" in refused.json["message"]
    assert reader.get("/requisitions").status_code == 403
    writer = program_of(scopes=("staffing:write",))
    assert writer.post("/skills", {"name": "SEO"}).status_code == 201
    assert writer.get("/skills").status_code == 403


def test_token_is_never_more_than_its_user(program_of: Callable[..., Program]) -> None:
    executive = program_of(RoleName.EXECUTIVE)
    assert executive.get("/skills").status_code == 200
    assert executive.post("/skills", {"name": "SEO"}).status_code == 403
    assert executive.get("/users").status_code == 404


def test_every_operation_needs_a_scope_that_a_token_can_have(app: Flask) -> None:
    told = [getattr(view, "api_operation", None) for view in app.view_functions.values()]
    assert all(access.scope_of(one.action) in SCOPES for one in told if one)


def test_use_is_noted_and_reading_stays_reading(program: Program, session: Session) -> None:
    """A long writer elsewhere holds up no reader whose token was used a moment ago."""
    token = session.scalars(select(ApiToken)).one()
    assert token.last_used_at is None
    session.rollback()
    program.get("/skills")
    session.refresh(token)
    first = token.last_used_at
    assert first is not None
    session.commit()
    with Session(session.get_bind()) as writer:
        writer.connection(execution_options={"planner_writes": True})
        assert program.get("/skills").status_code == 200
        writer.rollback()
    session.rollback()
    session.refresh(token)
    assert token.last_used_at == first


def test_tokens_are_not_made_through_tokens(app: Flask) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(API) and "token" in rule.rule]


@pytest.fixture
def limited(tmp_path: Path) -> Flask:
    app = create_app(settings_for(tmp_path, is_ratelimited=True))
    with app.extensions["planner_sessions"]() as session:
        rows.workspace(session)
        session.commit()
    return app


def test_trying_tokens_out_is_slowed_down(limited: Flask) -> None:
    client = limited.test_client()
    answers: list[Any] = [client.get(f"{API}/skills", headers={"Authorization": f"Bearer {n}"}) for n in range(31)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    assert answers[-1].json["code"] == "too_many_requests"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_valid_token_is_not_slowed_down_by_another_address(limited: Flask) -> None:
    with limited.extensions["planner_sessions"]() as session:
        me: User = rows.user(session, RoleName.OPERATIONS)
        session.commit()
    program = Program(limited, me)
    for n in range(31):
        program.client.get(
            f"{API}/skills", headers={"Authorization": f"Bearer {n}"}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
        )
    assert program.get("/skills").status_code == 200
    assert all(program.get("/skills").status_code == 200 for _n in range(40))
