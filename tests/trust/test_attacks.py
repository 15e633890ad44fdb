"""What attackers try first: scripts in texts, SQL in questions, bodies too large, addresses of elsewhere."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import rows
from conftest import settings_for
from crawling import crawl
from databases import on_both
from faults import faults
from flask.testing import FlaskClient
from markup import Form, Markup, parse
from pages import CheckedClient
from snapshots import differences, snapshot
from sqlalchemy import JSON, Column, Table, Text, UniqueConstraint, select
from sqlalchemy.orm import Session

from planner import create_app
from planner.models import (
    Base,
    CountKind,
    NeedSkill,
    NeedStyle,
    PersonSkill,
    PersonStyle,
    RoleName,
    RuleKind,
    Workspace,
    now,
    today,
)

MARKUP = (
    '"><script>alert(1)</script><img src=x onerror=alert(2)><svg/onload=alert(3)><evil-tag a=b>'
    "' onmouseover='alert(4)' \" autofocus onfocus=\"alert(5) </title></textarea></script></style></svg>--> "
    "<iframe src=javascript:alert(6)></iframe><a href=javascript:alert(7)>x</a><base href=//evil.example>"
    "{{ 31337 * 31337 }} ${31337*31337} <%= 31337*31337 %> &lt;script&gt; %(x)s %s {x} \\u003cscript\\u003e"
)
ADDRESSES = ("javascript:alert(1)", "//evil.example/x", "data:text/html,<script>alert(1)</script>")
EVIL_TAGS = ("evil-tag", "iframe", "base", "script")
SQL = (
    "' OR '1'='1",
    "' OR 1=1 --",
    '" OR ""="',
    "'; DROP TABLE skill; --",
    "1); DELETE FROM person; --",
    '\' UNION SELECT password FROM "user" --',
    "1 OR SLEEP(5)",
    "1; SELECT pg_sleep(5)",
    "\\'; --",
    "%27%20OR%201=1",
    "name DESC; DROP TABLE user",
    "(SELECT 1)",
    "\0",
    "\ud7ff\uffff",
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
)
WRITTEN_BY_OTHERS = frozenset({"key", "seat_key", "person_key", "phase_key", "request_token", "token_hash", "prefix"})
WRITTEN_BY_OTHERS |= {"chain", "apply_token"}
NOT_TYPED = WRITTEN_BY_OTHERS | {"fs_uniquifier", "password", "locale", "theme", "currency", "cost_currency", "country"}
NOT_TYPED |= {"kind", "status", "element_id", "time_zone"}
SEEN = frozenset({"plan_reading"})  # who has seen which version of a plan is written down as they read it


@pytest.fixture
def admin(client_of: Callable[..., CheckedClient]) -> CheckedClient:
    return client_of(RoleName.ADMINISTRATOR)


@pytest.mark.parametrize("text", [MARKUP, *ADDRESSES])
def test_text_in_the_database_stays_text_on_every_page(admin: CheckedClient, session: Session, text: str) -> None:
    """Every text column of every row says it; every page that a link leads to is read."""
    assert tell_everywhere(session, rows.world(session), text) > 25
    shown = 0
    for path, _answer, page in crawl(admin, most_alike=1):
        assert_inert(page, path)
        shown += text[:40] in page.root.text
    assert shown > 15


@on_both
@pytest.mark.parametrize("text", [MARKUP, "a\0b"])
def test_text_typed_into_every_form_stays_text(admin: CheckedClient, session: Session, text: str) -> None:
    """Every text field of every form says it; it is saved, or shown again in its field as it was typed."""
    rows.world(session)
    outcomes: dict[str, int] = {}
    for path, form in list(forms_of(admin)):
        typed = dict.fromkeys(text_fields(form), text)
        if typed:
            answer = admin.post(form.action, data={**form.values(), **typed})
            assert answer.status_code in (200, 303, 409, 422), (path, answer.status_code)
            outcomes[path] = answer.status_code
            if answer.mimetype == "text/html" and answer.status_code == 422:
                assert_inert(parse(answer.text), path)
                assert "\0" in text or shown_again(parse(answer.text), typed), path
    assert len(outcomes) > 15
    if "\0" not in text:
        for path, _answer, page in crawl(admin, most_alike=1):
            assert_inert(page, path)


@on_both
def test_sql_in_a_question_is_only_a_text(admin: CheckedClient, session: Session) -> None:
    """Search, sort, page, size and every filter of every list; what nobody is called finds nobody."""
    rows.world(session)
    engine = admin.application.extensions["planner_engine"]
    lists = dict(lists_of(admin))  # whoever opens alerts for the first time has them looked for
    assert len(lists) >= 10
    before = snapshot(engine, but=SEEN)
    for path, names in lists.items():
        asked = sorted({"q", "sort", "page", "size", *names})
        for text in SQL:
            assert admin.get(path, query_string=dict.fromkeys(asked, text)).status_code == 200, (path, text)
        for name in asked:
            for text in ("'", "9" * 400):
                assert admin.get(path, query_string={name: text}).status_code == 200, (path, name, text)
        assert admin.get(path, query_string={"plan": "9" * 400}).status_code in (200, 404), path
        nothing = num_rows(admin, path, "no such thing as this")
        assert [text for text in SQL[:8] if num_rows(admin, path, text) != nothing] == [], path
    assert differences(before, snapshot(engine, but=SEEN)) == {}


@on_both
def test_numbers_and_names_in_addresses_that_are_none_are_not_found(admin: CheckedClient, session: Session) -> None:
    world = rows.world(session)
    values: dict[str, list[Any]] = {
        "int": [0, 2**31 - 1, 2**31, 2**63, 2**64, 10**40],
        "text": [*SQL, "..", "%2e%2e/x"],
    }
    for rule in admin.application.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.arguments or rule.endpoint in ("static", "home.link_follow"):
            continue
        for odd in zip(*(values["int" if name.endswith("_id") else "text"] for name in rule.arguments), strict=False):
            said = dict(zip(rule.arguments, odd, strict=True))
            path = re.sub(
                r"<(?:[^<>:]+:)?(\w+)>", lambda found, said=said: quote(str(said[found[1]]), safe=""), rule.rule
            )
            status = admin.get(path).status_code
            assert status in ((401, 404) if rule.rule.startswith("/api/") else (302, 303, 404)), (path, status)
    assert world


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[FlaskClient]:
    """A planner that takes bodies of 100 kB, and nobody logged in."""
    app = create_app(settings_for(tmp_path, upload_limit=100_000))
    with app.extensions["planner_sessions"]() as session:
        session.add(Workspace(id=1, name="Test", calendar_start_on=today(), set_up_at=now()))
        user = rows.user(session, RoleName.ADMINISTRATOR)
        session.commit()
    app.test_client_class = CheckedClient
    client = app.test_client()
    client.log_in(user)  # type: ignore[attr-defined]
    yield client
    app.extensions["planner_engine"].dispose()


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_body_beyond_the_limit_is_refused_on_a_page_of_ours(narrow: FlaskClient, content_type: str) -> None:
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" if "multipart" in content_type else b"name="
    answer = narrow.post("/skills/add", data=body + b"a" * 200_000, content_type=content_type)
    assert answer.status_code == 413
    assert "Too large" in answer.text


def test_form_of_very_many_fields_is_answered_soon(admin: CheckedClient, session: Session) -> None:
    """Rows of rows of rows: each row costs something, so there is an end to how many are taken."""
    phase = rows.world(session)["phase"]
    path = f"/needs/phases/{phase.id}/add"
    said = {f"skills-{n}-skill_id": "1" for n in range(9_000)} | {f"skills-{10**n}-level": "1" for n in range(300)}
    began = time.process_time()
    answer = admin.send(path, {"title": "Many", **said})
    assert answer.status_code in (303, 409, 413, 422)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "referrer", ["http://localhost//evil.example/x", "http://localhost/\\evil.example", "http://evil.example/"]
)
def test_nobody_is_sent_elsewhere(admin: CheckedClient, referrer: str) -> None:
    answer = admin.send("/account/preferences", {"theme": "dark"}, page="/", headers={"Referer": referrer})
    assert answer.status_code == 303
    assert answer.location in ("/", "/evil.example/x", "/evil.example")


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"]
)
def test_login_leads_nowhere_else(admin: CheckedClient, there: str) -> None:
    answer = admin.get("/login", query_string={"next": there})
    assert "evil.example" not in (answer.location or "")
    assert "javascript" not in (answer.location or "")


def tell_everywhere(session: Session, world: dict[str, Any], text: str) -> int:
    """Writes a text into every column that holds what somebody typed; how many columns those are."""
    person, need, skill, style, rule = (world[name] for name in ("person", "need", "skill", "style", "rule"))
    rule.rule, rule.of, rule.kind, rule.at_least = RuleKind.COUNT, CountKind.TAG, None, 1
    world["comment"].resolved_at, world["comment"].resolved_by_name = now(), "x"
    session.add_all(
        [
            PersonSkill(person=person, skill=skill, level=3),
            PersonStyle(person=person, style=style, score=3.0),
            NeedSkill(need=need, skill=skill, level=3),
            NeedStyle(need=need, style=style, min=1.0, max=4.0, reason="x"),
        ]
    )
    session.flush()
    typed = [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if is_typed(column) and not table.name.startswith("audit_")
    ]
    for table, column in typed:
        write_all(session, table, column, text)
    session.commit()
    return len(typed)


def is_typed(column: Column[Any]) -> bool:
    is_text = isinstance(column.type, Text) and not column.primary_key and column.name not in NOT_TYPED
    return is_text or column.name in ("aliases", "tags", "languages")


def write_all(session: Session, table: Table, column: Column[Any], text: str) -> None:
    """Gives a column a text in every row; where each must have its own, with a number behind it."""
    keys = list(table.primary_key.columns)
    for number, key in enumerate(session.execute(select(*keys)).all()):
        is_own = column.unique or _is_in_a_key(column)
        said: Any = f"{text} {number}" if is_own else text
        found = [one == part for one, part in zip(keys, key, strict=True)]
        values = {column.name: [said] if isinstance(column.type, JSON) else said}
        session.execute(table.update().where(*found).values(values))


def forms_of(client: FlaskClient) -> Iterator[tuple[str, Form]]:
    """Every form that writes something that was typed, once for each kind of page."""
    for path, _answer, page in crawl(client, most_alike=1):
        for form in page.forms():
            if form.method == "POST" and form.action and "preferences" not in form.action:
                yield path, form


def lists_of(client: FlaskClient) -> Iterator[tuple[str, list[str]]]:
    """Every list that can be searched, and the names of its filters."""
    for _path, _answer, page in crawl(client, most_alike=1):
        for form in page.forms():
            if form.method == "GET" and form.node.get("role") == "search":
                yield form.action.partition("?")[0], list(form.values())


def text_fields(form: Form) -> list[str]:
    kinds = ("", "text", "search", "email", "url", "tel")
    inputs = [node for node in form.node.all("input") if node.get("type") in kinds]
    return [node.get("name") for node in (*inputs, *form.node.all("textarea")) if node.get("name")]


def shown_again(page: Markup, typed: dict[str, str]) -> bool:
    """Whether a page that refuses a form keeps what was typed, white space aside."""
    for form in page.forms():
        said = form.values()
        if typed.keys() <= said.keys():
            return all(loosely(said[name]) == loosely(text) for name, text in typed.items())
    return False


def loosely(text: str) -> str:
    """A text without what fields of several values change: the white space and commas between them."""
    return re.sub(r"[\s,;]+", " ", text).strip()


def num_rows(client: FlaskClient, path: str, text: str) -> int:
    page = parse(client.get(path, query_string={"q": text}).text)
    return len([row for body in page.root.all("tbody") for row in body.all("tr")])


def assert_inert(page: Markup, path: str) -> None:
    """Nothing of a text has become an element, an attribute, an address or a sum."""
    found = [str(node) for node in page.root.all(*EVIL_TAGS) if not (node.tag == "script" and is_ours(node.get("src")))]
    assert found == [], path
    assert faults(page) == [], path
    assert str(31337 * 31337) not in page.root.text, path


def is_ours(source: str) -> bool:
    return source.startswith("/static/")


def _is_in_a_key(column: Column[Any]) -> bool:
    """Whether no two rows may say the same in this column and some others."""
    return any(isinstance(one, UniqueConstraint) and column.name in one.columns for one in column.table.constraints)
