"""What a program gets for what is no request: one shape of error, in its language, and nothing is changed."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask
from programs import Program

from planner.api.answers import FAILURES
from planner.api.asking import MOST_BYTES


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "body_not_json"),
        (b"{", 400, "body_not_json"),
        (b"{'name': 'SEO'}", 400, "body_not_json"),
        (b'{"name": "SEO"} trailing', 400, "body_not_json"),
        (b'{"name": "\xff\xfe"}', 400, "body_not_utf8"),
        ('{"name": "SEO"}'.encode("utf-16"), 400, "body_not_utf8"),
        (b'{"name": "\\ud800"}', 400, "body_not_utf8"),
        (b'{"\\ud800": 1}', 400, "body_not_utf8"),
        (b'{"name": "SEO", "name": "SEM"}', 400, "key_said_twice"),
        (b'{"name": "SEO", "aliases": [{"a": 1, "a": 2}]}', 400, "key_said_twice"),
        (b"[" * 100_000, 400, "body_too_deep"),
        (b'{"a":' * 100_000, 400, "body_too_deep"),
        (b'{"name": NaN}', 400, "number_not_known"),
        (b'{"name": -Infinity}', 400, "number_not_known"),
        (b'{"name": 1e999}', 400, "number_not_known"),
        (b'{"name": ' + b"9" * 5000 + b"}", 400, "number_not_known"),
        (b'{"name": "' + b"x" * MOST_BYTES + b'"}', 413, "too_large"),
        (b"null", 422, "not_valid"),
        (b"5", 422, "not_valid"),
        (b"[]", 422, "not_valid"),
        (b'"SEO"', 422, "not_valid"),
    ],
)
def test_body_that_is_none_is_refused(program: Program, body: bytes, status: int, code: str) -> None:
    refused = program.post("/skills", body)
    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert program.get("/skills").json["total"] == 0


def test_byte_order_mark_does_no_harm(program: Program) -> None:
    assert program.post("/skills", b'\xef\xbb\xbf{"name": "Caf\xc3\xa9"}').json["name"] == "Café"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "text/json"]
)
def test_body_that_is_not_called_json_is_refused(program: Program, kind: str) -> None:
    refused = program.post("/skills", b'{"name": "SEO"}', Content_Type=kind)
    assert (refused.status_code, refused.json["code"]) == (415, "not_json")


def test_packed_body_is_not_unpacked(program: Program) -> None:
    packed = gzip.compress(b'{"name": "' + b"x" * 1000 + b'"}')
    assert program.post("/skills", packed, Content_Encoding="gzip").status_code == 400


def test_unknown_field_is_named(program: Program) -> None:
    refused = program.post("/skills", {"name": "SEO", "colour": "red", "aliases": ["a", 5]})
    assert refused.status_code == 422
    assert [(fault["field"], fault["code"]) for fault in refused.json["errors"]] == [
        ("aliases.1", "string_type"),
        ("colour", "extra_forbidden"),
    ]


@pytest.mark.parametrize("path", ["/nothing", "/skills/x", "/skills/1/2", "/skills/-1", "/"])
def test_unknown_address_is_json_too(program: Program, path: str) -> None:
    refused = program.get(path)
    assert (refused.status_code, refused.json["code"]) == (404, "not_found")
    assert program.client.get("/api/nothing").json["code"] == "not_found"


def test_wrong_method_is_json_and_says_which_would_be_right(program: Program) -> None:
    refused = program.send("PATCH", "/skills", {})
    assert (refused.status_code, refused.json["code"]) == (405, "method_not_allowed")
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_defect_is_json_and_tells_nothing_of_itself(
    app: Flask, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr("planner.api.asking.tokens.living_token", broken)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    refused = program.get("/skills")
    assert (refused.status_code, refused.json["code"]) == (500, "broken")
    assert "42" not in refused.text


def test_errors_are_said_in_the_language_that_was_asked_for(program: Program) -> None:
    sayings = []
    for language in ("en", "fr", "fr-CA, de;q=0.5", "de", ""):
        missing = program.get("/nothing", Accept_Language=language).json["message"]
        (fault,) = program.post("/skills", {}, Accept_Language=language).json["errors"]
        sayings.append((missing, fault["message"]))
    english, french, canadian, german, nothing = sayings
    assert english == german == nothing == (str(FAILURES["not_found"][1]), "Fill this in.")
    assert french == canadian
    assert all(one != other for one, other in zip(english, french, strict=True))


def test_cookie_does_not_choose_the_language(program: Program, app: Flask) -> None:
    with_cookie = app.test_client()
    with_cookie.set_cookie("language", "fr")
    english = program.client.get("/api/v1/skills").json["message"]
    assert with_cookie.get("/api/v1/skills").json["message"] == english


def test_answers_are_kept_by_nobody(program: Program) -> None:
    for answer in (program.get("/skills"), program.get("/nothing"), program.post("/skills", {})):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
