"""No other site can write in a user's name: with the cookie alone, every route that writes is refused."""

from __future__ import annotations

import pytest
from walking import app, is_api, path_of, routes, standing_world
from werkzeug.routing import Rule

from planner.models import RoleName

WRITING = [(rule, method) for rule, method in routes() if method not in ("GET", "HEAD", "OPTIONS")]
IDS = [f"{method} {rule.rule}" for rule, method in WRITING]


@pytest.mark.parametrize(("rule", "method"), WRITING, ids=IDS)
@pytest.mark.parametrize("token", [None, "not the token"])
def test_write_without_the_token_of_a_page_of_ours_is_refused(rule: Rule, method: str, token: str | None) -> None:
    me, world = standing_world(RoleName.ADMINISTRATOR, "own")
    client = app().test_client()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": me.fs_uniquifier, "_fresh": True})
    said = {"csrf_token": token} if token else {}
    got = client.open(path_of(rule, world), method=method, data=said, headers={"Origin": "https://evil.example"})
    assert got.status_code == (401 if is_api(rule) else 400)


def test_there_are_writes_to_walk() -> None:
    assert len(WRITING) > 20
