"""The page of the JSON API: every operation with what it takes and gives, read from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _

from planner.views.account import pages
from planner.views.door import Answer, acts

JSON = "application/json"


@dataclass(frozen=True)
class Kind:
    """What a value is: a type by its name in JSON, or a schema of this page; several of them, or perhaps nothing."""

    name: str
    schema: str = ""
    is_list: bool = False
    is_nullable: bool = False


@dataclass(frozen=True)
class Field:
    """A field of a schema, or an argument of an operation; `place` is empty, or where an argument stands."""

    name: str
    kind: Kind
    is_required: bool
    limits: str
    about: str = ""
    place: str = ""


@dataclass(frozen=True)
class Shown:
    """An operation as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    about: str
    scope: str
    arguments: tuple[Field, ...]
    takes: Kind | None
    gives: tuple[tuple[str, Kind | None], ...]
    errors: tuple[str, ...]


@pages.get("/api")
@acts("token.see")
def api_show() -> Answer:
    document = current_app.extensions["planner_openapi"]()
    shown = [(tag["name"], list(_operations(document, tag["name"]))) for tag in document["tags"]]
    schemas = {name: (schema, list(_fields(schema))) for name, schema in document["components"]["schemas"].items()}
    return render_template("account/api.html", document=document, groups=shown, schemas=schemas)


def _operations(document: dict[str, Any], tag: str) -> Iterator[Shown]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            if tag in told["tags"]:
                yield _shown(path, method, told, document["components"]["responses"])


def _shown(path: str, method: str, told: dict[str, Any], errors: dict[str, Any]) -> Shown:
    body = told.get("requestBody", {}).get("content", {}).get(JSON)
    contents = next(response for status, response in told["responses"].items() if status < "4").get("content", {})
    return Shown(
        told["operationId"],
        method.upper(),
        path,
        told["summary"],
        told.get("description", ""),
        told["security"][0]["token"][0],
        tuple(_argument(one) for one in told["parameters"]),
        _kind(body["schema"]) if body else None,
        tuple((media, _kind(content["schema"]) if media == JSON else None) for media, content in contents.items()),
        tuple(f"{status}: {errors[name]['description']}" for status, name in _error_names(told)),
    )


def _error_names(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for status, response in sorted(told["responses"].items()):
        if "$ref" in response:
            yield status, response["$ref"].rpartition("/")[2]


def _argument(told: dict[str, Any]) -> Field:
    places = {"path": _("in the path"), "query": _("in the address"), "header": _("as a header")}
    schema = told["schema"]
    is_required = told.get("required", False)
    about = told.get("description", "")
    return Field(told["name"], _kind(schema), is_required, _limits(schema), about, places[told["in"]])


def _fields(schema: dict[str, Any]) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, told in schema.get("properties", {}).items():
        yield Field(name, _kind(told), name in required, _limits(_inner(told)), told.get("description", ""))


def _kind(schema: dict[str, Any]) -> Kind:
    """What a schema says in a word. What may be nothing is said with its other kind."""
    is_nullable = any(one.get("type") == "null" for one in schema.get("anyOf", ()))
    inner = _inner(schema)
    is_list = inner.get("type") == "array"
    if is_list:
        inner = inner.get("items", {})
    name = inner.get("$ref", "").rpartition("/")[2]
    plain = inner.get("format") or inner.get("type") or "…"
    return Kind(name or plain, name, is_list, is_nullable or ("default" in schema and schema["default"] is None))


def _inner(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without the choice of saying nothing."""
    for choices in (schema.get("anyOf", ()), schema.get("allOf", ())):
        said = [one for one in choices if one.get("type") != "null"]
        if said:
            found: dict[str, Any] = said[0]
            return found
    return schema


def _limits(schema: dict[str, Any]) -> str:
    """What a value must keep within, in few words."""
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    above = f"> {schema['exclusiveMinimum']}" if "exclusiveMinimum" in schema else ""
    said = (
        above,
        _between(schema, "minimum", "maximum", ""),
        _between(schema, "minLength", "maxLength", _("characters")),
        _between(schema, "minItems", "maxItems", _("items")),
        schema.get("pattern", ""),
    )
    return ", ".join(words for words in said if words)


def _between(schema: dict[str, Any], low: str, high: str, unit: str) -> str:
    if low not in schema and high not in schema:
        return ""
    return f"{schema.get(low, 0)} … {schema.get(high, '∞')} {unit}".strip()
