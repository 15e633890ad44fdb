"""The OpenAPI document, made of what each operation says of itself; its page stands with the other pages.

APIFlask's own generator writes a nested model once for each of its parents and leaves what pydantic points to behind,
so the components here are pydantic's, each once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import metadata
from typing import Any

from flask import Flask, Response, current_app, jsonify
from flask_babel import get_locale
from flask_babel import gettext as _
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from werkzeug.routing import Rule

from planner import access
from planner.api import once
from planner.api.answers import FAILURES, Conflict, Failure
from planner.api.operations import Operation
from planner.models import SCOPES

OPENAPI = "3.1.0"
REF = "#/components/schemas/{model}"
METHODS = ("GET", "POST", "PUT", "DELETE")
CONTRACTS = ("staffing-problem/1", "staffing-plan/1")
JSON = "application/json"
ETAG = r'^"\d{1,9}(-[0-9a-f]+)?"$'


def init_app(app: Flask) -> None:
    """Serves the document: it describes the API and holds no data, so anybody may read it."""

    def api_document() -> Response:
        return jsonify(openapi())

    api_document.access_action = None  # type: ignore[attr-defined]
    app.get("/api/openapi.json", endpoint="api_document")(api_document)
    app.extensions["planner_openapi"] = openapi  # for the page, which is another door
    app.extensions["planner_openapi_made"] = {}


def openapi() -> dict[str, Any]:
    """The document, in the reader's language; made once, since the routes of an application stay as they are."""
    made: dict[str, dict[str, Any]] = current_app.extensions["planner_openapi_made"]
    language = str(get_locale() or "en")
    if language not in made:
        made[language] = _made()
    return made[language]


def _made() -> dict[str, Any]:
    found = list(_operations(current_app))
    models = [*((model, mode) for _rule, _method, told in found for model, mode in _models(told))]
    refs, defined = models_json_schema(
        [*dict.fromkeys(models), (Failure, "serialization"), (Conflict, "serialization")], ref_template=REF
    )
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, told in found:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        paths.setdefault(path, {})[method.lower()] = _described(rule, told, refs)
    return {
        "openapi": OPENAPI,
        "info": _info(),
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(str(told.tag) for _rule, _method, told in found)],
        "paths": paths,
        "components": {
            "schemas": {**defined["$defs"], **{_component(name): _contract(name) for name in CONTRACTS}},
            "responses": _responses(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _about_tokens()}},
        },
    }


def _operations(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    for rule in app.url_map.iter_rules():
        told: Operation | None = getattr(app.view_functions[rule.endpoint], "api_operation", None)
        if told is not None:
            yield from ((rule, method, told) for method in METHODS if method in (rule.methods or ()))


def _models(told: Operation) -> Iterator[tuple[type[BaseModel], JsonSchemaMode]]:
    if told.takes is not None:
        yield told.takes, "validation"
    if told.gives is not None:
        yield told.gives, "serialization"


def _info() -> dict[str, str]:
    about = _(
        "Everything that the pages can do, by the same rules. A row is edited and removed by the version that was "
        "read: send its ETag as If-Match. Texts are answered in the language of Accept-Language, English or French."
    )
    return {"title": _("Planner API"), "version": metadata.version("planner"), "description": about}


def _about_tokens() -> str:
    scopes = ", ".join(SCOPES)
    return _("A token, made under API tokens. Each operation names the scope that it needs: %(scopes)s.", scopes=scopes)


def _described(rule: Rule, told: Operation, refs: Mapping[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": rule.endpoint.rpartition(".")[2],
        "tags": [str(told.tag)],
        "summary": str(told.summary),
        "security": [{"token": [access.scope_of(told.action)]}],
        "parameters": list(_parameters(rule, told)),
        "responses": {str(told.status): _success(told, refs)}
        | ({"304": {"description": _("The copy is still right.")}} if "GET" in (rule.methods or ()) else {})
        | {str(s): r for s, r in _failures(rule, told)},
    }
    if told.about:
        described["description"] = str(told.about)
    if told.takes is not None:
        described["requestBody"] = {"required": True, **_content({JSON: refs[told.takes, "validation"]})}
    if told.contract_taken:
        described["requestBody"] = {"required": True, **_content({JSON: _contract_ref(told.contract_taken)})}
    return described


def _parameters(rule: Rule, told: Operation) -> Iterator[dict[str, Any]]:
    for name in sorted(rule.arguments):
        kind = {"type": "integer", "minimum": 1} if name.endswith("_id") else {"type": "string"}
        yield {"name": name, "in": "path", "required": True, "schema": kind}
    for name, (schema, sentence) in told.parameters.items():
        said = {"name": name, "in": "query", "schema": dict(schema), "description": str(sentence)}
        yield said | ({"required": True} if name in told.needed else {})
    if _takes_key(rule, told):
        sentence = _("A text of your own that names this request: sent again within a day, it is done once.")
        yield _header(once.KEY, sentence, is_required=told.is_key_wanted, pattern=once.WRITTEN, maxLength=once.MOST_KEY)
    if told.is_versioned:
        yield _header("If-Match", _("The ETag of the row as it was read."), is_required=True, pattern=ETAG)
    if "GET" in (rule.methods or ()):
        yield _header("If-None-Match", _("The ETag of a copy: where it is still right, the answer is 304 and empty."))


def _header(name: str, sentence: str, *, is_required: bool = False, **schema: Any) -> dict[str, Any]:
    told = {"schema": {"type": "string", **schema}, "description": sentence}
    return {"name": name, "in": "header", "required": is_required, **told}


def _takes_key(rule: Rule, told: Operation) -> bool:
    return "POST" in (rule.methods or ()) and told.changes


def _success(told: Operation, refs: Mapping[Any, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": _("Done.") if told.status != 200 else _("As asked.")}
    if told.gives is not None:
        success |= _content({JSON: refs[told.gives, "serialization"]})
    elif told.contract_given:
        success |= _content({JSON: _contract_ref(told.contract_given)})
    elif told.media:
        binary = {"type": "string", "format": "binary"}
        success |= _content({media: {"type": "object"} if media == JSON else binary for media in told.media})
    headers = {}
    if told.gives is not None or told.contract_given:
        headers["ETag"] = _("What was answered, by a name: its version first where it has one.")
    if told.is_list:
        headers["Link"] = _("The first, previous, next and last page, as RFC 8288 writes them.")
    if headers:
        success["headers"] = {
            name: {"schema": {"type": "string"}, "description": words} for name, words in headers.items()
        }
    return success


def _failures(rule: Rule, told: Operation) -> Iterator[tuple[int, dict[str, Any]]]:
    """The errors that an operation may answer, by status."""
    takes = told.takes is not None or bool(told.contract_taken)
    codes = ["token_not_valid", "out_of_scope", "too_many_requests"]
    codes += ["not_found"] if rule.arguments or told.can_be_hidden else []
    has_key = _takes_key(rule, told)
    codes += ["too_large", "not_json"] if takes else []
    codes += ["body_not_json"] if takes or has_key else []
    codes += ["not_valid"] if takes or has_key or told.parameters else []
    codes += ["taken_meanwhile"] if told.can_be_refused or has_key else []
    codes += ["version_missing", "stale"] if told.is_versioned else []
    yield from ((FAILURES[code][0], {"$ref": f"#/components/responses/{code}"}) for code in codes)


def _responses() -> dict[str, dict[str, Any]]:
    """Every error that an operation may answer, and what it means in general."""
    words = {
        "token_not_valid": _("There is no token, or not one that counts."),
        "out_of_scope": _("The token, or its user, may not do that."),
        "too_many_requests": _("Too many requests; Retry-After says how many seconds to wait."),
        "not_found": _("It is not there, or the token's user may not see it."),
        "body_not_json": _("The body is no JSON, or a header is not what it should be."),
        "too_large": _("The body is too large."),
        "not_json": _("The body is not called JSON."),
        "not_valid": _("Something was not understood; errors says what, field by field."),
        "taken_meanwhile": _("It cannot be done as things are; code and message say why."),
        "version_missing": _("If-Match is missing."),
        "stale": _("Somebody else was first: theirs is the row as it is now, yours what was sent."),
    }
    schemas = {code: Conflict if code == "stale" else Failure for code in words}
    return {
        code: {"description": words[code], **_content({JSON: {"$ref": REF.format(model=schema.__name__)}})}
        for code, schema in schemas.items()
    }


def _content(schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {media: {"schema": schema} for media, schema in schemas.items()}}


def _component(contract: str) -> str:
    return "".join(word.title() for word in re.findall(r"[a-z]+", contract))


def _contract_ref(contract: str) -> dict[str, str]:
    return {"$ref": REF.format(model=_component(contract))}


def _contract(name: str) -> dict[str, Any]:
    return {
        "type": "object",
        "title": name,
        "description": _("The open contract %(name)s.", name=name),
        "properties": {"schema": {"const": name}},
        "required": ["schema"],
    }
