"""The OpenAPI document says what the API does: all of it, and nothing else."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from programs import API, ASKED_BY_BODY, Program
from sqlalchemy.orm import Session

from planner.api import RESOURCES
from planner.api.plans import PLANS
from planner.api.routes import Resource
from planner.models import CORRIDORS, User
from planner.services.listing import Query

METHODS = {"get", "post", "put", "delete"}
KINDS = {"string", "integer", "number", "boolean", "array", "object", "null"}
LISTED = [resource for resource in (*RESOURCES, PLANS) if resource.page is not None]


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/openapi.json").json
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield path, method, told


def every(value: Any, way: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a document, with the way to it."""
    if isinstance(value, dict):
        yield way, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from every(one, f"{way}/{str(key).replace('/', '~1')}")


def resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to. Raises KeyError where it leads nowhere."""
    here = document if "$ref" in value else value
    for step in value.get("$ref", "#").split("/")[1:]:
        here = here[step]
    return here


def test_anybody_may_read_it(app: Flask) -> None:
    answer = app.test_client().get("/api/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")


def test_every_route_stands_in_it_and_nothing_else(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(API)
    }
    assert {(path, method) for path, method, _told in operations(document)} == routes
    assert len(routes) > 80


def test_it_is_built_as_openapi_wants(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert {"title", "version"} <= set(document["info"])
    assert document["components"]["securitySchemes"]["token"] | {"description": ""} == {
        "type": "http",
        "scheme": "bearer",
        "description": "",
    }
    names = [told["operationId"] for _path, _method, told in operations(document)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[\w.-]+", name) for name in (*names, *document["components"]["schemas"]))
    tags = {tag["name"] for tag in document["tags"]}
    for path, method, told in operations(document):
        assert method in METHODS
        assert told["summary"], path
        assert set(told["tags"]) <= tags
        assert all(resolved(document, response)["description"] for response in told["responses"].values())
        assert all(re.fullmatch(r"[1-5]\d\d", status) for status in told["responses"])
        assert ("requestBody" in told) <= (method in {"post", "put"})


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = [value for _way, value in every(document) if "$ref" in value]
    assert len(found) > 500
    assert all(resolved(document, value) for value in found)


def test_every_schema_says_what_it_is(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("type") == "object" or "enum" in schema, name
        assert "$defs" not in schema
        for field, told in schema.get("properties", {}).items():
            is_said = {"type", "$ref", "anyOf", "allOf", "const", "enum"} & set(told)
            assert is_said or field == "yours", f"{name}.{field}"
            assert told.get("type", "string") in KINDS


def test_every_operation_stands_under_plain_words(document: dict[str, Any]) -> None:
    tags = {tag for _path, _method, told in operations(document) for tag in told["tags"]}
    assert {"Team templates", "Tasks", "Comments"} <= tags
    assert [tag for tag in tags if not re.fullmatch(r"[A-Z][A-Za-z’'’ ,-]{2,40}", tag)] == []


def test_every_argument_of_a_path_is_told_with_its_type(document: dict[str, Any]) -> None:
    for path, _method, told in operations(document):
        named = {one["name"]: one for one in told["parameters"] if one["in"] == "path"}
        assert set(named) == set(re.findall(r"\{(\w+)\}", path))
        for name, one in named.items():
            assert one["required"] is True
            assert one["schema"]["type"] == ("integer" if name.endswith("_id") else "string")


def test_every_operation_tells_its_errors_and_its_scope(document: dict[str, Any]) -> None:
    failure = {"$ref": "#/components/schemas/Failure"}
    for path, method, told in operations(document):
        (scope,) = told["security"][0]["token"]
        assert re.fullmatch(rf"({'|'.join(CORRIDORS)}):(read|write)", scope)
        is_reading = method == "get" or told["operationId"] in ASKED_BY_BODY
        assert is_reading == scope.endswith(":read"), (path, method)
        errors = {int(status): told["responses"][status] for status in told["responses"] if status >= "400"}
        assert {401, 403, 429} <= set(errors)
        assert (404 in errors) >= ("{" in path)
        assert ({400, 413, 415, 422} <= set(errors)) >= ("requestBody" in told)
        if method in {"put", "delete"} and path != f"{API}/problem":
            assert {"If-Match"} == {one["name"] for one in told["parameters"] if one["in"] == "header"}
            assert {412, 428} <= set(errors)
        for status, error in errors.items():
            schema = resolved(document, error)["content"]["application/json"]["schema"]
            assert schema == ({"$ref": "#/components/schemas/Conflict"} if status == 412 else failure)


@pytest.mark.parametrize("resource", LISTED, ids=lambda resource: resource.name)
def test_list_tells_exactly_how_it_can_be_sorted_and_filtered(
    resource: Resource, document: dict[str, Any], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told of a list stands beside it by hand; what its verb really takes is caught on the way."""
    told = {
        one["name"]: one
        for one in document["paths"][f"{API}/{resource.name}"]["get"]["parameters"]
        if one["in"] == "query"
    }
    known: dict[str, Any] = {}

    class Caught(Exception):
        pass

    def catch(*_args: Any, **kwargs: Any) -> Any:
        known.update(kwargs)
        raise Caught

    for name in list(sys.modules):
        if name.startswith("planner.services.") and hasattr(sys.modules[name], "paged"):
            monkeypatch.setattr(sys.modules[name], "paged", catch)
    assert resource.page is not None
    with pytest.raises(Caught):
        resource.page(session, Query("/"), User(id=1, granted=[]))
    assert set(told["sort"]["schema"]["enum"]) == {sign + name for name in known["sorts"] for sign in ("", "-")}
    told_filters = set(told) - {"q", "sort", "page", "size"}
    assert set(known.get("filters") or {}) | ({"level"} if resource.name == "people" else set()) == told_filters


def test_answers_are_as_told(program: Program, document: dict[str, Any]) -> None:
    """A row holds exactly the fields of its schema."""
    schemas = document["components"]["schemas"]
    added = program.post("/people", {"name": "Ann", "languages": ["fr"]}).json
    assert set(added) == set(schemas["PersonSeen"]["properties"])
    assert set(schemas["PersonSeen"]["required"]) == set(added)
    assert set(program.get("/people").json) == set(schemas["PersonPage"]["properties"])
    assert set(program.get("/people/987654").json) <= set(schemas["Failure"]["properties"])


def test_it_is_told_in_french_too(app: Flask, document: dict[str, Any]) -> None:
    french = app.test_client().get("/api/openapi.json", headers={"Accept-Language": "fr"}).json
    assert set(french["paths"]) == set(document["paths"])
    assert french["components"]["schemas"].keys() == document["components"]["schemas"].keys()


def test_administrator_alone_sees_users(program: Program, document: dict[str, Any], app: Flask) -> None:
    assert program.get("/users").status_code == 404
    told = {method for path, method, _told in operations(document) if "/users" in path}
    assert told == {"get"}
