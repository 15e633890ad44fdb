"""The page of the API: every operation with its schemas, for whoever may have a token."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from pages import CheckedClient

from planner.models import RoleName


def test_page_lists_every_operation_and_every_schema(pm: CheckedClient, app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").json
    page = pm.get("/account/api")
    assert page.status_code == 200
    for path, methods in document["paths"].items():
        assert page.text.count(f"<code>{path}</code>") == len(methods)
        for told in methods.values():
            assert told["summary"] in page.text
    for name in document["components"]["schemas"]:
        assert f'id="schema-{name}"' in page.text


def test_links_of_the_page_lead_to_what_is_there(pm: CheckedClient) -> None:
    text = pm.get("/account/api").text
    ids = set(re.findall(r'id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= ids
    assert pm.get("/api/openapi.json").status_code == 200


def test_page_says_what_an_operation_takes(pm: CheckedClient) -> None:
    text = " ".join(pm.get("/account/api").text.split())
    assert "0 … 100" in text
    assert "1 … 200 characters" in text
    assert 'href="#schema-NeedSkillSaid"' in text
    assert "staffing:write" in text


def test_page_stands_beside_the_tokens_for_whoever_may_have_one(
    pm: CheckedClient, client_of: Callable[..., CheckedClient]
) -> None:
    assert 'href="/account/api"' in pm.get("/account/tokens").text
    member = client_of(RoleName.MEMBER)
    assert member.get("/account/api").status_code == 404
    assert 'href="/account/api"' not in member.get("/account").text
