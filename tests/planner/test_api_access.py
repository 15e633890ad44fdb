"""Every operation × role × (own, other, missing): a token may do what its user may, and not a bit more."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
import rows
from programs import API, ASKED_BY_BODY, Program
from snapshots import differences, snapshot
from walking import action_of, app, is_api, new_world, path_of, routes, standing_world, subject_of
from werkzeug.routing import Rule

from planner.models import (
    CORRIDORS,
    RoleName,
    User,
)
from planner.rights import ANY, OWN, RULES

GUARDED = [(rule, method) for rule, method in routes() if is_api(rule) and action_of(rule)]
WRITING = [one for one in GUARDED if one[1] != "GET" and one[0].endpoint.rpartition(".")[2] not in ASKED_BY_BODY]
IDS = [f"{method} {rule.rule.removeprefix(API)}" for rule, method in GUARDED]
ABSENT = 987_654_321
# What may answer to whoever may: done, or not understood, since the request says nothing more.
ALLOWED = {200, 201, 202, 400, 409, 412, 422, 428}


@cache
def program_of(user_id: int) -> Program:
    with app().extensions["planner_sessions"]() as session:
        return Program(app(), session.get_one(User, user_id))


def expected(action: str, role: RoleName, *, is_own: bool) -> int:
    """200 for all that is allowed, 403 for what may be seen only, 404 for the rest; written here once more."""

    def may(asked: str) -> bool:
        reach = RULES[asked].get(role)
        return reach is ANY or (reach is OWN and is_own)

    if may(action):
        return 200
    see = f"{action.split('.', maxsplit=1)[0]}.see"
    return 403 if see in RULES and may(see) else 404


def sent(program: Program, method: str, path: str) -> Any:
    body = json.dumps({"nothing": "known"}).encode() if method in ("POST", "PUT") else None
    return program.send(method, path.removeprefix(API), body, version=0, Idempotency_Key=uuid4().hex)


@pytest.mark.parametrize("role", list(RoleName))
@pytest.mark.parametrize(("rule", "method"), GUARDED, ids=IDS)
def test_operation_obeys_the_table(rule: Rule, method: str, role: RoleName) -> None:
    """No row is changed on the way to the next test: the body is not understood, and the version never was."""
    action, subject = action_of(rule), subject_of(rule)
    assert action
    for whose in ("own", "other") if rule.arguments else ("own",):
        me, world = standing_world(role, whose)
        is_own = whose == "own" and (subject is None or subject in rows.OWNED)
        got = sent(program_of(me.id), method, path_of(rule, world))
        status = 200 if got.status_code in ALLOWED else got.status_code
        assert status == expected(action, role, is_own=is_own), (
            f"{method} {rule.rule} ({action}) as {role}, {whose}: {got.status_code} {got.text}"
        )


@pytest.mark.parametrize(
    ("rule", "method"), [one for one in GUARDED if subject_of(one[0])],
    ids=[ident for one, ident in zip(GUARDED, IDS, strict=True) if subject_of(one[0])],
)  # fmt: skip
def test_what_is_missing_is_not_found(rule: Rule, method: str) -> None:
    me, world = standing_world(RoleName.ADMINISTRATOR, "own")
    ids = {name: ABSENT for name in rule.arguments if name.endswith("_id")}
    got = sent(program_of(me.id), method, path_of(rule, world, **ids))
    assert (got.status_code, got.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(("rule", "method"), GUARDED, ids=IDS)
def test_nobody_gets_in_without_a_token(rule: Rule, method: str) -> None:
    path = path_of(rule, standing_world(RoleName.ADMINISTRATOR, "own")[1])
    assert app().test_client().open(path, method=method).status_code == 401


@pytest.mark.parametrize(("rule", "method"), WRITING)
def test_token_that_only_reads_changes_nothing(rule: Rule, method: str) -> None:
    me, world = standing_world(RoleName.ADMINISTRATOR, "own")
    scopes = [f"{corridor}:read" for corridor in CORRIDORS]
    got = sent(Program(app(), me, *scopes), method, path_of(rule, world))
    assert (got.status_code, got.json["code"]) == (403, "out_of_scope")


def test_refused_operations_leave_every_table_as_it_was() -> None:
    me, world = new_world(RoleName.MEMBER, "other")
    engine = app().extensions["planner_engine"]
    aside = frozenset({"api_token", "audit_entry", "audit_head"})  # the token that asks, and the entry that says so
    before = snapshot(engine, but=aside)
    program = Program(app(), me)
    for rule, method in GUARDED:
        reach = RULES[action_of(rule) or ""].get(RoleName.MEMBER)
        if method != "GET" and (
            reach is None or (reach is OWN and subject_of(rule))
        ):  # one's own all at once is allowed
            got = sent(program, method, path_of(rule, world))
            assert got.status_code >= 400, (method, rule)
    assert differences(before, snapshot(engine, but=aside)) == {}
