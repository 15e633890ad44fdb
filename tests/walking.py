"""Walks the application's routes: every rule, the rows that its path names, and who asks for it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import rows
from conftest import settings_for
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from planner import create_app
from planner.models import SCOPES, RoleName, User
from planner.services.planning import in_force

TEACH_VALUE = "{endpoint} takes {name!r}: say in VALUES of this file what a test puts there"

# What a test puts into an argument of a URL that is no row's id: from the rows of the world that it runs in.
VALUES: dict[str, Any] = {
    "token": lambda world: "not-a-token",
    "text": lambda world: "not-a-link",
    "key": lambda world: world["seat"].key,
    "seat_key": lambda world: world["seat"].key,
    "phase_key": lambda world: world["phase"].key,
    "person_key": lambda world: world["person"].key,
    "chain_key": lambda world: world["requisition"].chain,
    "apply_key": lambda world: "not-a-page",
    "client_key": lambda world: "not-a-link",
    "sheet_key": lambda world: "not-a-link",
    "place": lambda world: 0,
    "item": lambda world: "n1",
    "need_item": lambda world: world["template"].versions[-1].needs[0]["item"],
    "rule_item": lambda world: world["template"].versions[-1].rules[0]["item"],
    "version_number": lambda world: 1,
    "kind_name": lambda world: "needs",
    "file_format": lambda world: "csv",
    "kind": lambda world: "person",
    "subject_id": lambda world: world["person"].id,
}
# What routes must be told, besides their path, by whoever may.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, str]]] = {
    "hiring_requisitions.requisition_open_from_gap": lambda world: {
        "plan_id": world["plan"].id,
        "seat_key": world["seat"].key,
    },
}


@cache
def app() -> Flask:
    """One application for all of it; what a test writes stands beside what the others have."""
    made = create_app(settings_for(Path(tempfile.mkdtemp())))
    with made.extensions["planner_sessions"]() as session:
        rows.workspace(session)
        session.commit()
    return made


def routes() -> list[tuple[Rule, str]]:
    """Every (rule, method) that a browser may send."""
    found = sorted(app().url_map.iter_rules(), key=str)
    return [(rule, method) for rule in found for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]


def action_of(rule: Rule) -> str | None:
    return getattr(app().view_functions[rule.endpoint], "access_action", None)


def is_api(rule: Rule) -> bool:
    return rule.rule.startswith("/api/")


def new_world(role: RoleName, whose: str) -> tuple[User, dict[str, Any]]:
    """A user of this role, and rows that are theirs or nobody's."""
    with app().extensions["planner_sessions"]() as session:
        me = rows.user(session, role)
        world = rows.world(session, me if whose == "own" else None)
        in_force.name(session, world["plan"])
        session.commit()
        return me, world


def standing_world(role: RoleName, whose: str) -> tuple[User, dict[str, Any]]:
    """The same, which stands until something is done in it: what is only looked at may be looked at again."""
    if (role, whose) not in _standing:
        _standing[role, whose] = new_world(role, whose)
    return _standing[role, whose]


def leave(role: RoleName, whose: str) -> None:
    """Leaves a world in which something was done: the next who asks gets another one."""
    _standing.pop((role, whose), None)


_standing: dict[tuple[RoleName, str], tuple[User, dict[str, Any]]] = {}


def subject_of(rule: Rule) -> type | None:
    """The kind of row that the action is done to, if any."""
    subjects = getattr(app().view_functions[rule.endpoint], "access_subjects", ())
    return subjects[-1] if subjects else None


def path_of(rule: Rule, world: dict[str, Any], **instead: Any) -> str:
    """The rule's path in a world."""
    values = {}
    for name in rule.arguments:
        row = world.get(name.removesuffix("_id"))
        if name.endswith("_id") and row is not None:
            values[name] = row.id
        else:
            assert name in VALUES, TEACH_VALUE.format(endpoint=rule.endpoint, name=name)
            values[name] = VALUES[name](world)
    adapter = app().url_map.bind("localhost")
    return adapter.build(rule.endpoint, {**values, **instead})


def answer(user: User, method: str, rule: Rule, world: dict[str, Any], **instead: Any) -> TestResponse:
    """What a browser gets that is logged in as this user, or another program that has a token of theirs."""
    client = app().test_client()
    if is_api(rule):
        read = {} if method == "GET" else {"If-Match": '"1"'}
        headers = {**speaks_for(user), **read}
        return client.open(path_of(rule, world, **instead), method=method, json={}, headers=headers)
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": user.fs_uniquifier, "_fresh": True})
    path, said = path_of(rule, world, **instead), ARGUMENTS.get(rule.endpoint, lambda _world: {})(world)
    if method == "GET":
        return client.get(path, query_string=said)
    token = client.get("/account").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    return client.open(path, method=method, data={"csrf_token": token, **said})


def speaks_for(user: User) -> dict[str, str]:
    """The header of a token with every scope."""
    with app().extensions["planner_sessions"]() as session:
        _row, text = rows.token(session, user, *SCOPES)
        session.commit()
    return {"Authorization": f"Bearer {text}"}
