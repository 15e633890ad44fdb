"""Anonymous review: who it is stays hidden from reviewers, in pages, lists, searches, exports, files and the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from background import solving
from corridor import Corridor, corridor
from flask import Flask
from pages import CheckedClient
from programs import Program
from sqlalchemy.orm import Session

from planner.models import Attachment, Person, RoleName, Stage
from planner.schemas.planning_explanations import ExplainKind, ExplainSaid
from planner.services.planning import explanations

SECRETS = ("Cy Ngô", "cy@example.com", "Léa’s cousin", "Studied at Lyon", "cy-ngo-cv.pdf")


@pytest.fixture
def here(session: Session) -> Corridor:
    """Cy is interviewed for a requisition that is reviewed anonymously."""
    here = corridor(session)
    here.candidate.stage = Stage.INTERVIEW
    here.candidate.person.email, here.candidate.source, here.candidate.note = SECRETS[1:4]
    here.requisition.is_anonymous = True
    session.add(Attachment(candidate_id=here.candidate.id, name=SECRETS[4], text=SECRETS[3], data=b"%PDF"))
    session.commit()
    return here


def paths(here: Corridor) -> list[str]:
    ident = here.candidate.id
    return [
        "/candidates", f"/candidates/{ident}", f"/candidates/{ident}/hire", f"/candidates/{ident}/scorecard",
        f"/candidates/{ident}/scorecards", "/board", f"/requisitions/{here.requisition.id}", "/people",
        "/seats/s1.1/people", f"/chains/{here.requisition.chain}", "/candidates?q=ngo", "/board?q=cy", "/people?q=cy",
    ]  # fmt: skip


@pytest.mark.parametrize("role", [RoleName.PROJECT_MANAGER, RoleName.EXECUTIVE])
def test_reviewer_sees_nobody_by_name(client_of: Callable[..., CheckedClient], here: Corridor, role: RoleName) -> None:
    client = client_of(role)
    for path in paths(here):
        answer = client.get(path)
        if answer.status_code == 404:
            continue
        assert not [secret for secret in SECRETS if secret in answer.text], path
    assert f"Candidate {here.candidate.id}" in client.get("/candidates").text
    assert f"Candidate {here.candidate.id}" not in client.get("/candidates?q=ngo").text


def test_answers_why_say_no_name(
    app: Flask, client_of: Callable[..., CheckedClient], session: Session, here: Corridor
) -> None:
    inquiry, job = explanations.ask(session, here.plan, ExplainSaid(kind=ExplainKind.WHY, seat="s1.1"), by=here.ops)
    session.commit()
    solving(app.extensions["planner_engine"]).run(job.id)
    path = f"/plans/{here.plan.id}/questions/{inquiry.id}"
    for asked in (path, f"/plans/{here.plan.id}/questions", f"/plans/{here.plan.id}/considered/s1.1"):
        assert "Cy Ngô" not in client_of(as_user=here.pm).get(asked).text
        assert "Cy Ngô" in client_of(as_user=here.ops).get(asked).text


@pytest.mark.parametrize("role", [RoleName.OPERATIONS, RoleName.COMPLIANCE])
def test_who_runs_the_hiring_sees_all(client_of: Callable[..., CheckedClient], here: Corridor, role: RoleName) -> None:
    page = client_of(role).get(f"/candidates/{here.candidate.id}").text
    assert not [secret for secret in SECRETS if secret not in page]


def test_files_are_withheld(client_of: Callable[..., CheckedClient], session: Session, here: Corridor) -> None:
    path = f"/candidates/{here.candidate.id}/files/1"
    assert client_of(as_user=here.pm).get(path).status_code == 404
    assert client_of(as_user=here.ops).get(path).status_code == 200


def test_program_of_a_reviewer_is_told_no_more(program_of: Callable[..., Program], here: Corridor) -> None:
    reviewer = program_of(RoleName.PROJECT_MANAGER)
    told = reviewer.get(f"/candidates/{here.candidate.id}")
    assert not [secret for secret in SECRETS if secret in told.text]
    assert told.json["applied_on"] is None
    assert program_of(RoleName.OPERATIONS).get(f"/candidates/{here.candidate.id}").json["name"] == "Cy Ngô"


def test_offer_ends_the_anonymity(client_of: Callable[..., CheckedClient], session: Session, here: Corridor) -> None:
    here.candidate.stage = Stage.OFFER
    session.commit()
    assert "Cy Ngô" in client_of(as_user=here.pm).get(f"/candidates/{here.candidate.id}").text


def test_one_readers_blindness_is_not_the_next_ones(client_of: Callable[..., CheckedClient], here: Corridor) -> None:
    pm, ops = client_of(as_user=here.pm), client_of(as_user=here.ops)
    for _turn in range(2):
        assert "Cy Ngô" not in pm.get("/candidates").text
        assert "Cy Ngô" in ops.get("/candidates").text


def test_nothing_that_was_hidden_is_written(
    client_of: Callable[..., CheckedClient], session: Session, here: Corridor
) -> None:
    """A rating by a reviewer touches the candidate; the name and note that they did not see stay."""
    client_of(as_user=here.pm).send(f"/candidates/{here.candidate.id}/scorecard", {"note": "Good.", "is_submitted": ""})
    session.rollback()
    session.expire_all()
    person = session.get_one(Person, here.candidate.person_id)
    assert (person.name, here.candidate.note) == ("Cy Ngô", SECRETS[3])
