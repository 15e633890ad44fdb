"""Every route × role × (own, other, missing): what each may is read off `rights.RULES`, and from nowhere else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import rows
from conftest import settings_for
from sqlalchemy.orm import Session
from walking import action_of, answer, app, is_api, leave, path_of, routes, standing_world, subject_of
from werkzeug.routing import Rule

from planner import access, create_app
from planner.models import (
    SCOPES,
    ApiToken,
    RoleName,
    Seat,
)
from planner.rights import ANY, OWN, RULES

PUBLIC = {
    "account.log_out",
    "account.preferences_save",
    "api_document",
    "hiring_intake.application_add",
    "hiring_intake.application_sent",
    "hiring_sheets.sheet_ask",
    "hiring_sheets.sheet_say",
    "hiring_sheets.sheet_show",
    "home.administrator_add",
    "home.health",
    "home.link_follow",
    "home.start",
    "outcomes_client.client_say",
    "outcomes_client.client_show",
    "outcomes_client.client_thanks",
    "security.forgot_password",
    "security.login",
    "security.mf_recovery",
    "security.reset_password",
    "security.tf_select",
    "security.two_factor_rescue",
    "security.two_factor_token_validation",
    "static",
}
CAN_BE_OWNED = (*rows.OWNED, Seat, ApiToken)
ABSENT = 987_654_321
REFUSED_LATER = (400, 409, 412, 413, 422)  # by the form, the schema or the verb: the door was open
TEACH = (
    "{endpoint} says nobody what it does: put @acts('<noun>.<verb>', …) on it, with a row in rights.RULES, or @public"
)

GUARDED = [(rule, method) for rule, method in routes() if action_of(rule)]
IDS = [f"{method} {rule.rule}" for rule, method in GUARDED]
PAGES = [one for one in GUARDED if not is_api(one[0])]  # the API's are tried with tokens, in test_api_access


@pytest.fixture
def session() -> Iterator[Session]:
    with app().extensions["planner_sessions"]() as current:
        yield current


def expected(action: str, role: RoleName, *, is_own: bool) -> int:
    """200 for all that is allowed, 403 for what may be seen only, 404 for the rest; written here once more."""

    def may(asked: str) -> bool:
        reach = RULES[asked].get(role)
        return reach is ANY or (reach is OWN and is_own)

    if may(action):
        return 200
    see = f"{action.partition('.')[0]}.see"
    return 403 if see in RULES and may(see) else 404


def judged(status: int, method: str) -> int:
    """An answer as `expected` counts it: whoever may and said too little is still somebody who may."""
    is_allowed = 200 <= status < 400 or (method != "GET" and status in REFUSED_LATER)
    return 200 if is_allowed else status


@pytest.mark.parametrize("endpoint", sorted(app().view_functions))
def test_every_route_says_what_it_does(endpoint: str) -> None:
    view = app().view_functions[endpoint]
    assert endpoint == "static" or hasattr(view, "access_action"), TEACH.format(endpoint=endpoint)
    action = getattr(view, "access_action", None)
    assert action is None or action in RULES, f"{endpoint} does {action!r}: rights.RULES has no row for it"
    assert (action is None) == (endpoint in PUBLIC), (
        f"{endpoint} is {'public' if action is None else 'guarded'}: is that meant? Then change PUBLIC here"
    )


def test_every_noun_belongs_to_a_corridor_of_the_api() -> None:
    for action in RULES:
        assert access.scope_of(action) in SCOPES


@pytest.mark.parametrize("role", list(RoleName))
@pytest.mark.parametrize(("rule", "method"), PAGES, ids=[i for r, i in zip(GUARDED, IDS, strict=True) if r in PAGES])
def test_route_obeys_the_table(rule: Rule, method: str, role: RoleName) -> None:
    action, subject = action_of(rule), subject_of(rule)
    assert action
    for whose in ("own", "other") if rule.arguments else ("own",):
        me, world = standing_world(role, whose)
        is_own = whose == "own" and (subject is None or subject in CAN_BE_OWNED)
        got = answer(me, method, rule, world)
        if method != "GET" and got.status_code < 400:
            leave(role, whose)
        assert judged(got.status_code, method) == expected(action, role, is_own=is_own), (
            f"{method} {got.request.path} ({action}) as {role}, {whose}: {got.status_code}"
        )


@pytest.mark.parametrize(
    ("rule", "method"), [r for r in GUARDED if r[0].arguments and subject_of(r[0])],
    ids=[i for r, i in zip(GUARDED, IDS, strict=True) if r[0].arguments and subject_of(r[0])],
)  # fmt: skip
def test_what_is_missing_is_not_found(rule: Rule, method: str) -> None:
    me, world = standing_world(RoleName.ADMINISTRATOR, "own")
    ids = {name: ABSENT for name in rule.arguments if name.endswith("_id")}
    assert answer(me, method, rule, world, **ids).status_code == 404


@pytest.mark.parametrize(("rule", "method"), GUARDED, ids=IDS)
def test_nobody_gets_in_without_a_login(rule: Rule, method: str) -> None:
    client = app().test_client()
    token = client.get("/login").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    path = path_of(rule, standing_world(RoleName.ADMINISTRATOR, "own")[1])
    got = client.open(path, method=method, data={"csrf_token": token} if method != "GET" else None)
    if is_api(rule):
        assert got.status_code == 401
        return
    assert got.status_code == 303
    assert got.location.startswith("/login")


def test_unmarked_route_is_found() -> None:
    """The test above catches what it is there for."""
    planted = create_app(settings_for(Path(tempfile.mkdtemp())))
    planted.add_url_rule("/planted", "planted", lambda: "open to all")
    assert not hasattr(planted.view_functions["planted"], "access_action")


def test_user_without_a_role_sees_nothing(session: Session) -> None:
    nobody = rows.user(session)
    session.commit()
    client = app().test_client()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": nobody.fs_uniquifier, "_fresh": True})
    assert {client.get(path).status_code for path in ("/", "/account", "/skills", "/account/users")} == {404}
