"""How the API answers: who speaks, what they said, and every error as {code, message, errors}."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from apiflask import APIBlueprint
from flask import Response, g, jsonify, request
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from planner import access, db
from planner.models import User
from planner.services.account.tokens import actor_of_token
from planner.services.refused import Refused, Stale
from planner.wording import STALE, refusal_sentence, schema_sentence

S = TypeVar("S", bound=BaseModel)
View = TypeVar("View", bound=Callable[..., Any])
READING = ("GET", "HEAD", "OPTIONS")


class Unauthorised(Exception):
    """There is no token, or not one that counts."""


class OutOfScope(Exception):
    """The token does not reach as far as its user may."""


def acts(action: str, *, is_checked_later: bool = False) -> Callable[[View], View]:
    """Marks what a view does, and asks whether the token's user may; `is_checked_later` once the subject is known."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            speaker = actor()
            if not is_checked_later:
                access.require(speaker, action)
            return view(*args, **kwargs)

        guarded.access_action = action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def actor() -> User:
    """The user whose token this request carries. Raises Unauthorised, or OutOfScope where the token only reads."""
    if "api_actor" not in g:
        kind, _sep, text = request.headers.get("Authorization", "").partition(" ")
        found = actor_of_token(db.session(), text.strip()) if kind.lower() == "bearer" else None
        if found is None:
            raise Unauthorised
        g.api_actor, scopes = found
        if ("read" if request.method in READING else "write") not in scopes:
            raise OutOfScope
    user: User = g.api_actor
    return user


def said(schema: type[S]) -> S:
    """What the request's body says, by the schema's law. Raises ValidationError."""
    return schema.model_validate_json(request.get_data() or b"null")


def read_version() -> int | None:
    """The version that the editor read, from If-Match; None where it is missing or not understood."""
    text = request.headers.get("If-Match", "").strip().strip('"')
    return int(text) if text.isdecimal() else None


def shown(row: Any, seen: type[BaseModel], status: int = 200) -> Response:
    """A row as JSON, with its version as its ETag."""
    answer = jsonify(seen.model_validate(row).model_dump(mode="json"))
    answer.status_code = status
    if hasattr(row, "version"):
        answer.headers["ETag"] = f'"{row.version}"'
    return answer


def init(pages: APIBlueprint) -> None:
    """Answers every error of the API's own routes."""

    @pages.errorhandler(Unauthorised)
    def unauthorised(_error: Unauthorised) -> Response:
        answer = failure(401, "unauthorised", "Send a token of yours: Authorization: Bearer …")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    @pages.errorhandler(OutOfScope)
    def out_of_scope(_error: OutOfScope) -> Response:
        return failure(403, "out_of_scope", "This token may only read.")

    @pages.errorhandler(access.Hidden)
    def hidden(_error: access.Hidden) -> Response:
        return failure(404, "not_found", "There is nothing here that you can see.")

    @pages.errorhandler(access.Forbidden)
    def forbidden(_error: access.Forbidden) -> Response:
        return failure(403, "forbidden", "You can see this, but not do that.")

    @pages.errorhandler(ValidationError)
    def not_understood(error: ValidationError) -> Response:
        errors = [
            {
                "loc": list(one["loc"]),
                "code": one["type"],
                "message": schema_sentence(one["type"], one.get("ctx", {})),
            }
            for one in error.errors(include_url=False, include_input=False)
        ]
        return failure(422, "not_understood", "Some of this was not understood.", errors=errors)

    @pages.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        db.session().rollback()
        return failure(409, error.code, refusal_sentence(error), field=error.field)

    @pages.errorhandler(Stale)
    def stale(error: Stale) -> Response:
        db.session().rollback()
        if read_version() is None:
            return failure(428, "version_missing", "Send the version that you read: If-Match.")
        db.session().refresh(error.row)
        return failure(412, "stale", str(STALE), version=error.row.version)

    @pages.errorhandler(StaleDataError)
    def overtaken(_error: StaleDataError) -> Response:
        db.session().rollback()
        return failure(412, "stale", str(STALE))

    @pages.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        return failure(error.code or 500, (error.name or "error").lower().replace(" ", "_"), error.description or "")


def failure(status: int, code: str, message: str, **more: Any) -> Response:
    """An error as JSON."""
    answer = jsonify({"code": code, "message": message, **more})
    answer.status_code = status
    return answer
