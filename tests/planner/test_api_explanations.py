"""Questions why through the API: asked, found again, listed, stopped, and everyone who was considered."""

from __future__ import annotations

from typing import Any

import pytest
from corridor import Corridor, corridor
from flask import Flask
from flask.testing import FlaskClient
from rows import token
from sqlalchemy.orm import Session

from planner.models import SCOPES


@pytest.fixture
def here(session: Session) -> Corridor:
    return corridor(session)


@pytest.fixture
def api(app: Flask, session: Session, here: Corridor) -> Any:
    _row, text = token(session, here.ops, *SCOPES)
    session.commit()
    client: FlaskClient = app.test_client()

    def call(method: str, path: str, said: object = None) -> Any:
        headers = {"Authorization": f"Bearer {text}"}
        return client.open(f"/api/v1{path}", method=method, json=said, headers=headers)

    return call


def test_question_is_asked_found_listed_and_stopped(api: Any, here: Corridor) -> None:
    plan = here.plan.id
    sent = api("POST", f"/plans/{plan}/questions", {"kind": "why", "seat": "s1.1"})
    assert sent.status_code == 202
    told = sent.json
    assert sent.headers["Location"].endswith(f"/plans/{plan}/questions/{told['id']}")
    assert (told["kind"], told["state"], told["answer"], told["is_old"]) == ("why", "queued", None, False)
    assert told["asked"]["person"] == here.candidate.person.key
    again = api("POST", f"/plans/{plan}/questions", {"kind": "why", "seat": "s1.1"}).json
    assert again["id"] == told["id"]
    assert [row["id"] for row in api("GET", f"/plans/{plan}/questions").json["items"]] == [told["id"]]
    stopped = api("POST", f"/plans/{plan}/questions/{told['id']}/cancel")
    assert (stopped.status_code, stopped.json["state"]) == (200, "cancelled")
    assert api("GET", f"/plans/{plan}/questions/{told['id']}").json["state"] == "cancelled"


def test_everyone_considered_adds_up(api: Any, here: Corridor) -> None:
    told = api("GET", f"/plans/{here.plan.id}/considered/s1.1").json
    assert told["num_people"] == told["num_removed"] + len(told["scored"]) == 1
    assert [row["person"] for row in told["scored"]] == [here.candidate.person.key]
    assert sum(row["num_first"] for row in told["sieves"]) == told["num_removed"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"kind": "why"}, 422),
        ({"kind": "when"}, 422),
        ({"kind": "prices", "color": "red"}, 422),
        ({"kind": "nobody", "seat": "s1.1"}, 409),
        ({"kind": "why", "seat": "nowhere"}, 409),
    ],
)
def test_odd_question_is_refused(api: Any, here: Corridor, said: dict[str, object], status: int) -> None:
    assert api("POST", f"/plans/{here.plan.id}/questions", said).status_code == status


def test_question_that_is_not_there_is_hidden(api: Any, here: Corridor) -> None:
    assert api("GET", f"/plans/{here.plan.id}/questions/99").status_code == 404
    assert api("GET", f"/plans/{here.plan.id}/considered/nowhere").status_code == 409
