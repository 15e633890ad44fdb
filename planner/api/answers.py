"""How the API answers: rows with their version, and every error in one shape, in the reader's language."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, jsonify
from flask_babel import lazy_gettext as _
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from planner import access, db, throttling
from planner.schemas.said import Seen
from planner.services.refused import Refused
from planner.wording import STALE, failure_sentence, refusal_sentence, schema_sentence

FAILURES: dict[str, tuple[int, Any]] = {
    "body_not_json": (400, _("The body is not valid JSON: line %(line)s, column %(column)s.")),
    "body_not_utf8": (400, _("The body is not UTF-8, or holds half a letter.")),
    "body_too_deep": (400, _("The body is nested too deeply.")),
    "key_said_twice": (400, _("“%(key)s” stands twice in one object.")),
    "number_not_known": (400, _("The body holds a number that is none, or too long.")),
    "key_missing": (400, _("Send a text of your own, of at most %(most)s characters: Idempotency-Key.")),
    "not_understood_at_all": (400, _("The request was not understood.")),
    "token_not_valid": (401, _("Send a token that is valid: Authorization: Bearer …")),
    "forbidden": (403, _("You can see this, but not do that. Ask an administrator.")),
    "out_of_scope": (403, _("This token does not have the scope %(scope)s.")),
    "not_found": (404, _("There is nothing here that you can see.")),
    "method_not_allowed": (405, _("This address does not do that.")),
    "taken_meanwhile": (409, _("Somebody else changed this at the same time. Reload and try again.")),
    "still_running": (409, _("A request with this Idempotency-Key is still being done. Wait a little and ask again.")),
    "done_unanswered": (409, _("This was done under this Idempotency-Key, and its answer is no longer here. Look.")),
    "stale": (412, STALE),
    "too_large": (413, _("The body is larger than this planner accepts.")),
    "not_json": (415, _("Send JSON: Content-Type: application/json.")),
    "not_valid": (422, _("Something was not understood; each fault stands at its field.")),
    "key_used_before": (422, _("This Idempotency-Key named another request before.")),
    "version_missing": (428, _("Send the version that you read: If-Match with its ETag.")),
    "too_many_requests": (429, _("Wait a little and try again; each wrong try makes the wait longer.")),
    "broken": (500, _("Nothing of yours was changed. Go back and try again; if it stays, tell an administrator.")),
}
BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "not_json", 429: "too_many_requests"}
CHARACTERS_OF_CONTENT = 12  # of an ETag


class Fault(Seen):
    """What is wrong with one field; its name leads through lists by position: skills.0.level."""

    field: str
    code: str
    message: str


class Failure(Seen):
    """Why something was not done; `errors` says it field by field where fields are at fault."""

    code: str
    message: str
    errors: list[Fault] = []


class Conflict(Failure):
    """Somebody else was first: the row as it is now, its version, and what was sent."""

    version: int
    theirs: dict[str, Any]
    yours: Any


class Failed(Exception):
    """What the API cannot answer, by its code in FAILURES."""

    def __init__(self, code: str, *, errors: list[Fault] | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code, self.errors, self.params = code, errors or [], params


def shown(row: Any, seen: type[BaseModel], status: int = 200) -> Response:
    """A row as JSON, with its version as its ETag."""
    answer = jsonify(told(row, seen))
    answer.status_code = status
    return with_version(answer, row)


def told(row: Any, seen: type[BaseModel]) -> dict[str, Any]:
    """A row by its schema; where it says why something failed, in the reader's language."""
    found = seen.model_validate(row).model_dump(mode="json")
    return found | {"failure": failure_sentence(row)} if "failure" in found else found


def with_version(answer: Response, row: Any) -> Response:
    """An answer that carries a row's version and what it says of it as its ETag, and that nobody on the way keeps.

    The version decides whether an edit is too late; the rest tells a copy from one in which something beside the row
    itself has changed, such as a name that it shows.
    """
    version = getattr(row, "version", None)
    content = hashlib.sha256(answer.get_data()).hexdigest()[:CHARACTERS_OF_CONTENT]
    answer.headers["ETag"] = f'"{content}"' if version is None else f'"{version}-{content}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def conflict(row: Any, seen: type[BaseModel], yours: Any) -> Response:
    """Both values: the row as it is now, and what was sent."""
    message = str(FAILURES["stale"][1])
    failed = Conflict(code="stale", message=message, version=row.version, theirs=told(row, seen), yours=yours)
    return with_version(_failed(412, failed), row)


def failure(code: str, *, errors: list[Fault] | None = None, **params: Any) -> Response:
    """An error by its code in FAILURES; whatever was begun is undone."""
    status, sentence = FAILURES[code]
    answer = _failed(status, Failure(code=code, message=str(sentence) % params, errors=errors or []))
    if code == "still_running":
        answer.headers["Retry-After"] = "1"
    return answer


def init(pages: Blueprint) -> None:
    """Answers every error of the API's own routes."""
    pages.register_error_handler(Failed, lambda error: failure(error.code, errors=error.errors, **error.params))
    pages.register_error_handler(access.Hidden, lambda _error: failure("not_found"))
    pages.register_error_handler(access.Forbidden, lambda _error: failure("forbidden"))
    for race in (IntegrityError, StaleDataError):
        pages.register_error_handler(race, lambda _error: failure("taken_meanwhile"))
    pages.register_error_handler(ValidationError, _not_valid)
    pages.register_error_handler(Refused, _refused)
    pages.register_error_handler(HTTPException, answer_http)


def answer_http(error: HTTPException) -> Response:
    """An error of the web itself: no such address, too large, too often, broken."""
    status = error.code or 500
    answer = failure(BY_STATUS.get(status, "not_understood_at_all" if status < 500 else "broken"))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if status == 429:
        answer.headers["Retry-After"] = str(throttling.seconds_to_wait())
    return answer


def _not_valid(error: ValidationError) -> Response:
    errors = [
        Fault(
            field=".".join(str(part) for part in one["loc"]),
            code=one["type"],
            message=schema_sentence(one["type"], one.get("ctx", {})),
        )
        for one in error.errors(include_url=False, include_input=False)
    ]
    return failure("not_valid", errors=errors)


def _refused(error: Refused) -> Response:
    """What the world does not allow (409); a file that is not what it should be was not understood (422)."""
    message = refusal_sentence(error)
    field = error.params.get("place", error.field) or ""
    fault = Fault(field=field, code=error.code, message=message)
    status = 422 if "place" in error.params else 409
    return _failed(status, Failure(code=error.code, message=message, errors=[fault] if field else []))


def _failed(status: int, failed: Failure) -> Response:
    db.session().rollback()
    answer = jsonify(failed.model_dump(mode="json"))
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="planner"'
    return answer
