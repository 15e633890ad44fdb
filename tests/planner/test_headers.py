from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from conftest import settings_for
from markupsafe import escape
from pages import CheckedClient
from sqlalchemy.orm import Session

from planner import create_app, logs
from planner.models import Skill

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Each would do something if a page took it for more than text.
CORPUS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "{{ 7 * 7 }}",
    "${7*7}",
    "javascript:alert(1)",
    "</title><script src=//evil.example></script>",
    "<a href=//evil.example>click</a>",
    "' onmouseover='alert(1)",
    "<!--",
    "]]>",
    "&lt;script&gt;",
]


@pytest.mark.parametrize("path", ["/login", "/skills", "/nothing/here", "/static/app.css", "/health", "/welcome"])
def test_every_answer_carries_the_headers(ops: CheckedClient, path: str) -> None:
    with ops.get(path) as answer:
        answer.get_data()
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    policy = {line.split()[0]: line.split()[1:] for line in answer.headers["Content-Security-Policy"].split("; ")}
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == ["'none'"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Server" not in answer.headers


def test_pages_are_kept_by_no_cache_and_files_are(ops: CheckedClient) -> None:
    assert ops.get("/skills").headers["Cache-Control"] == "no-store"
    with ops.get("/static/app.css") as answer:
        answer.get_data()
    assert "no-store" not in answer.headers["Cache-Control"]


def test_production_asks_browsers_to_stay_with_https(tmp_path: Path) -> None:
    production = create_app(settings_for(tmp_path, is_production=True))
    answer = production.test_client().get("/login", base_url="https://localhost")
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]


def test_plain_http_at_home_is_not_told_to_change(ops: CheckedClient) -> None:
    assert "Strict-Transport-Security" not in ops.get("/login").headers


@pytest.mark.parametrize("evil", CORPUS)
def test_name_stays_text_on_every_page_that_shows_it(ops: CheckedClient, session: Session, evil: str) -> None:
    """`CheckedClient` refuses inline scripts and handlers; here, what was typed is also shown as it was typed."""
    added = ops.send("/skills/add", {"name": evil, "name_fr": evil, "category": evil, "aliases": evil})
    assert added.status_code == 303
    skill = session.query(Skill).one()
    for path in ("/skills", f"/skills/{skill.id}/edit", f"/skills/{skill.id}/remove", f"/skills?q={evil[:5]}"):
        page = ops.get(path).text
        assert str(escape(evil)) in page
        assert evil not in page or evil == str(escape(evil))
    assert skill.name == evil


def test_page_of_an_error_shows_nothing_of_the_address(ops: CheckedClient) -> None:
    assert "evil" not in ops.get("/<script>evil</script>").text


def test_health_is_known_without_a_login(client_of: Callable[..., CheckedClient]) -> None:
    answer = client_of().get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_upload_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    small = create_app(settings_for(tmp_path, upload_limit=1000))
    client = small.test_client()
    assert client.post("/login", data={"email": "a" * 5000}).status_code == 413


def test_broken_page_says_so_and_gives_nothing_away(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, is_testing=False))

    def broken() -> str:
        raise RuntimeError("the password is hunter2")

    app.add_url_rule("/broken", "broken", broken)
    logging.disable(logging.CRITICAL)
    try:
        answer = app.test_client().get("/broken")
    finally:
        logging.disable(logging.NOTSET)
    assert answer.status_code == 500
    assert "Nothing of yours was changed" in answer.text
    assert "hunter2" not in answer.text
    assert answer.headers["Content-Security-Policy"]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Callable[[], list[dict[str, object]]]]:
    """What is logged from now on."""
    root = logging.getLogger()
    before = (root.handlers, root.level)
    logs.set_up(settings_for(tmp_path, log_level="INFO"))
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers, root.level = before


def test_logs_name_the_rule_and_never_a_secret(
    lines: Callable[[], list[dict[str, object]]], client_of: Callable[..., CheckedClient], ops: CheckedClient
) -> None:
    browser = client_of()
    browser.get("/reset/the-secret-of-a-link")
    browser.get("/enter/the-secret-of-another")
    browser.send("/login", {"email": "ada@example.com", "password": "the-secret-of-ada"})
    structlog.get_logger("test").info("told", password="the-secret-of-ada", api_token="the-secret-of-ada", port=1)
    found = lines()
    assert {line.get("rule") for line in found} >= {"/reset/<token>", "/enter/<text>", "/login"}
    assert "the-secret" not in json.dumps(found)
    assert found[-1]["port"] == 1
