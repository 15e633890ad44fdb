"""What a request to the API says: whose token it carries, its body, the version that was read, a list's question."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, TypeVar

from flask import g, request
from pydantic import BaseModel

from planner import access, db
from planner.api.answers import Failed, Fault
from planner.models import ApiToken, Door, User
from planner.services.account import tokens
from planner.services.account.audit import capture
from planner.services.hiring import anonymity
from planner.services.listing import PAGE_SIZES, Query
from planner.wording import schema_sentence
from planner.words.hiring import alias_of

S = TypeVar("S", bound=BaseModel)
MOST_BYTES = 4 * 2**20  # of a body, unless it is a whole problem
OF_LISTS = ("q", "sort", "page", "size")


def speaker(action: str) -> User:
    """The user whose token this request carries. Raises Failed where there is none, or it does not reach so far."""
    if "api_token" not in g:
        g.api_token = _token()
        capture.act(db.session(), Door.API, user_id=g.api_token.user_id, token_id=g.api_token.id)
        sees_all = access.allowed(g.api_token.user, "candidate.identify")
        anonymity.hide_from(db.session(), sees_all=sees_all, alias=alias_of)
    token: ApiToken = g.api_token
    scope = access.scope_of(action)
    if scope not in token.scopes:
        raise Failed("out_of_scope", scope=scope)
    return token.user


def token() -> ApiToken:
    """The token that was let in."""
    found: ApiToken = g.api_token
    return found


def actor() -> User:
    """The user who was let in."""
    return token().user


def said(schema: type[S]) -> S:
    """What the body says, by the schema's law, each value of the kind that it must be: "5" is no number here.

    Raises Failed, and ValidationError.
    """
    return schema.model_validate_json(json.dumps(document()), strict=True)


def document(most_bytes: int | None = MOST_BYTES) -> Any:
    """The JSON of the body: no key twice, no NaN, no half letters, nothing nested out of all measure. Raises Failed."""
    text = _text(most_bytes)
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
        if "\\ud" in text.lower():
            json.dumps(found, ensure_ascii=False).encode()  # half of a pair is no letter, and no database keeps it
    except UnicodeEncodeError as error:
        raise Failed("body_not_utf8") from error
    except json.JSONDecodeError as error:
        raise Failed("body_not_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise Failed("body_too_deep") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise Failed("number_not_known") from error
    return found


def asked(schema: type[S]) -> S:
    """What the arguments of the address say, by the schema's law. Raises ValidationError."""
    return schema.model_validate(request.args.to_dict())


def body(most_bytes: int | None = MOST_BYTES) -> bytes:
    """The bytes of a JSON body. Raises Failed where they are called something else."""
    if not (request.mimetype == "application/json" or request.mimetype.endswith("+json")):
        raise Failed("not_json")
    if most_bytes is not None:
        request.max_content_length = most_bytes
    return request.get_data()


def version() -> int:
    """The version that was read, from If-Match; -1 where it is none of ours. Raises Failed where it is missing."""
    text = request.headers.get("If-Match", "").strip()
    if text in ("", "*"):
        raise Failed("version_missing")
    number = text.removeprefix('"').removesuffix('"').partition("-")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else -1


def query(sorts: Sequence[str], filters: Sequence[str]) -> Query:
    """What the address of a list asks. Raises Failed where it asks what this list does not know."""
    args = request.args
    unknown = [(name, "extra_forbidden") for name in args if name not in (*OF_LISTS, *filters)]
    wrong = [(name, code) for name, code in _faults_of_list(sorts) if name in args]
    faults = [Fault(field=name, code=code, message=schema_sentence(code, {})) for name, code in (*unknown, *wrong)]
    if faults:
        raise Failed("not_valid", errors=faults)
    return Query.read(request.path, args)


def _faults_of_list(sorts: Sequence[str]) -> list[tuple[str, str]]:
    args = request.args
    page = args.get("page", "1")
    faults = []
    if args.get("sort", "").removeprefix("-") not in ("", *sorts):
        faults.append(("sort", "literal_error"))
    if args.get("size", "") not in ("", *map(str, PAGE_SIZES)):
        faults.append(("size", "literal_error"))
    if not (page.isascii() and page.isdecimal() and 0 < int(page[:8]) < 10**6):
        faults.append(("page", "int_parsing"))
    return faults


def _token() -> ApiToken:
    """The living token of this request; that it was used is noted now and then."""
    kind, _sep, text = request.headers.get("Authorization", "").partition(" ")
    token = tokens.living_token(db.session(), text.strip()) if kind.lower() == "bearer" else None
    if token is None:
        raise Failed("token_not_valid")
    if tokens.is_use_due(token):
        _note_use(token)
    return token


def _note_use(token: ApiToken) -> None:
    """Writes that a token was used, before all else: a reader's reads may not turn to writes, a refusal undoes none.

    It never asks for a second connection: as many requests as there are connections would wait for one another.
    """
    session = db.session()
    session.commit()
    session.connection(execution_options={"planner_writes": True})
    tokens.note_use(session, token.id)
    session.commit()


def _text(most_bytes: int | None) -> str:
    try:
        return body(most_bytes).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failed("body_not_utf8") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Failed("key_said_twice", key=name[:100])
        found[name] = value
    return found


def _no_number(_text: str) -> float:
    raise Failed("number_not_known")


def _finite(text: str) -> float:
    """A number; JSON knows one kind only, so that 5.0 is the whole number 5."""
    number = float(text)
    if not math.isfinite(number):
        raise Failed("number_not_known")
    return int(number) if number.is_integer() else number
