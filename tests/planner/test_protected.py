"""What candidates say of themselves: kept apart, counted for one report, and unknown to every plan."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import fields

import pytest
from corridor import Corridor, corridor
from markup import parse
from pages import CheckedClient
from programs import Program
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Candidate, Erasure, RoleName, Stage
from planner.models.hiring_protected import ProtectedAnswer, ProtectedCount
from planner.schemas.hiring_candidates import CandidateSaid
from planner.schemas.hiring_rights import ErasedSaid
from planner.services.hiring import candidates, compliance, protected, sheets
from planner.services.hiring.erasing import erase
from planner.services.hiring.protected import QUESTIONS, Step
from planner.services.planning.reading import frozen
from planner.services.staffing import calendars
from planner.translate import PlanRequest, to_problem
from solver import problem as asked
from solver.problem import Person

FORBIDDEN = ("gender", "sex", "age", "birth", "origin", "ethnic", "disab", "health", "family", "religion", "photo")


@pytest.fixture
def here(session: Session) -> Corridor:
    return corridor(session)


def crowd(session: Session, here: Corridor, num: int = 12) -> list[Candidate]:
    found = [
        candidates.add_candidate(session, CandidateSaid(name=f"P{n}", requisition_id=here.requisition.id), by=here.ops)
        for n in range(num)
    ]
    session.commit()
    return found


def document(session: Session) -> bytes:
    """The whole workspace as the solver is asked it."""
    problem = to_problem(session, PlanRequest(), calendars)
    return json.dumps(asked.to_document(problem), sort_keys=True).encode()


def test_permuting_every_answer_leaves_the_question_byte_for_byte(session: Session, here: Corridor) -> None:
    people, draw = crowd(session, here), random.Random(7)
    before = document(session)
    for _turn in range(5):
        for candidate in people:
            protected.answer(session, candidate, {q: draw.choice(("", *choices)) for q, choices in QUESTIONS.items()})
        session.commit()
        assert document(session) == before
        assert frozen(json.loads(document(session))) == frozen(json.loads(before))


def test_solver_has_no_place_for_what_is_protected() -> None:
    names = {slot.name for slot in fields(Person)}
    assert not [name for name in names for word in FORBIDDEN if word in name]


def test_answer_changes_nothing_about_the_candidate(session: Session, here: Corridor) -> None:
    version = here.candidate.version
    protected.answer(session, here.candidate, {"gender": "woman", "age": "nonsense", "planet": "mars"})
    session.commit()
    session.refresh(here.candidate)
    assert here.candidate.version == version
    assert [(row.question, row.answer) for row in session.scalars(select(ProtectedAnswer))] == [("gender", "woman")]


def test_answer_is_taken_back(session: Session, here: Corridor) -> None:
    protected.answer(session, here.candidate, {"gender": "woman"})
    protected.answer(session, here.candidate, {"gender": ""})
    assert session.scalars(select(ProtectedAnswer)).all() == []


def test_report_counts_groups_steps_and_those_who_did_not_say(session: Session, here: Corridor) -> None:
    women, men = crowd(session, here, 40)[:20], session.scalars(select(Candidate).offset(21)).all()
    for some, group in ((women, "woman"), (men, "man")):
        for candidate in some:
            protected.answer(session, candidate, {"gender": group})
    for candidate in women[:5]:
        candidate.is_shortlisted = True
    session.commit()
    report = next(one for one in compliance.report(session, here.requisition) if one.question == "gender")
    assert (report.num, report.num_unknown) == (41, 1)
    step = next(one for one in report.steps if one.step is Step.SHORTLISTED)
    assert [(one.group.num, one.group.selected) for one in step.groups] == [(20, 5), (20, 0), (0, 0)]
    assert step.unknown.selected == 1  # Cy, whom a plan suggests


def test_erasure_leaves_the_counts_right(session: Session, here: Corridor) -> None:
    people = crowd(session, here, 3)
    for candidate in people:
        protected.answer(session, candidate, {"gender": "woman"})
    session.commit()
    before = protected.counts(session, here.requisition)
    erase(session, people[0], ErasedSaid(reason="Asked for it."), by=here.ops)
    session.commit()
    assert protected.counts(session, here.requisition) == before
    assert len(session.scalars(select(ProtectedAnswer)).all()) == 2
    assert sum(row.num for row in session.scalars(select(ProtectedCount)) if row.question == "gender") == 1
    assert session.scalars(select(Erasure.was_hired)).all() == [False]


# The pages


@pytest.mark.parametrize("role", [role for role in RoleName if role is not RoleName.COMPLIANCE])
def test_report_is_the_compliance_officers_alone(
    client_of: Callable[..., CheckedClient], here: Corridor, role: RoleName
) -> None:
    assert client_of(role).get("/privacy/impact").status_code == 404
    assert client_of(RoleName.COMPLIANCE).get("/privacy/impact").status_code == 200


def test_report_shows_counts_and_nobody(
    client_of: Callable[..., CheckedClient], session: Session, here: Corridor
) -> None:
    protected.answer(session, here.candidate, {"gender": "woman"})
    session.commit()
    page = client_of(RoleName.COMPLIANCE).get(f"/privacy/impact?requisition={here.requisition.id}").text
    assert "too few to judge" in page
    assert "Cy Ngô" not in page
    at = {link.attrs["href"] for link in parse(page).root.all("a") if link.attrs.get("aria-current")}
    assert at == {"/privacy/impact"}  # and not "Candidates' data" above it


def test_programs_are_told_counts_and_nobody(
    program_of: Callable[..., Program], session: Session, here: Corridor
) -> None:
    protected.answer(session, here.candidate, {"gender": "woman"})
    session.commit()
    told = program_of(RoleName.COMPLIANCE).get(f"/requisitions/{here.requisition.id}/impact")
    groups = [group for one in told.json["questions"] for step in one["steps"] for group in step["groups"]]
    assert {(row["num"], row["finding"]) for row in groups if row["name"] == "woman"} == {(1, "too_few")}
    assert "Cy Ng" not in told.text


def test_candidate_says_it_on_their_own_sheet(
    app: object, client_of: Callable[..., CheckedClient], session: Session, here: Corridor
) -> None:
    text = sheets.make_link(session, here.candidate, by=here.ops)
    session.commit()
    anybody = client_of()
    assert "voluntary" in anybody.get(f"/sheet/{text}").text
    assert anybody.send(f"/sheet/{text}/say", {"gender": "woman"}, page=f"/sheet/{text}").status_code == 200
    session.rollback()
    assert session.scalars(select(ProtectedAnswer.answer)).all() == ["woman"]
    assert anybody.get(f"/sheet/{text}").status_code == 404


def test_no_page_of_a_candidate_shows_an_answer(
    client_of: Callable[..., CheckedClient], session: Session, here: Corridor
) -> None:
    protected.answer(session, here.candidate, {"gender": "another", "disability": "yes"})
    session.commit()
    here.candidate.stage = Stage.INTERVIEW
    session.commit()
    for role in (RoleName.OPERATIONS, RoleName.COMPLIANCE, RoleName.ADMINISTRATOR):
        client, path = client_of(role), f"/candidates/{here.candidate.id}"
        for page in (path, f"{path}/hire", f"{path}/rights", "/board"):
            text = client.get(page).text
            assert "disability" not in text, page
            assert "another gender" not in text, page
