"""Questions why about a plan: asked on its pages, answered by a worker, kept, and said in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from background import answer_waiting, claimed
from corridor import Corridor, corridor, gap, ready_plan
from flask import Flask
from pages import CheckedClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from planner.models import (
    Inquiry,
    InquiryKind,
    Job,
    JobState,
    Person,
    Plan,
    PlanState,
    RoleName,
    User,
    Workspace,
)
from planner.schemas.planning_explanations import ExplainKind, ExplainSaid
from planner.services.planning import explanations, inquiries
from planner.services.refused import Refused

SEAT = "s1.1"


@pytest.fixture
def engine(app: Flask) -> Engine:
    return app.extensions["planner_engine"]  # type: ignore[no-any-return]


@pytest.fixture
def here(session: Session) -> Corridor:
    return corridor(session)


@pytest.fixture
def ops(client_of: Callable[..., CheckedClient], here: Corridor) -> CheckedClient:
    return client_of(as_user=here.ops)


def asked(ops: CheckedClient, engine: Engine, plan: Plan, **said: object) -> str:
    """The page of a question that was asked and answered."""
    sent = ops.send(f"/plans/{plan.id}/questions", {name: str(value) for name, value in said.items()})
    assert sent.status_code == 303, sent.text
    assert "of the way" in ops.get(sent.location).text
    answer_waiting(engine)
    return ops.get(sent.location).text


def test_why_somebody_holds_a_seat_says_what_is_lost_without_them(
    ops: CheckedClient, engine: Engine, here: Corridor
) -> None:
    page = asked(ops, engine, here.plan, kind="why", seat=SEAT)
    for words in (
        "Why Cy Ngô on Search lead",
        "Without Cy Ngô there, the plan loses",
        "Nobody would hold it.",
        "Together",
    ):
        assert words in page, words


def test_why_not_somebody_names_the_rules_in_the_way(
    ops: CheckedClient, session: Session, engine: Engine, here: Corridor
) -> None:
    plan = gap(session, here)
    page = asked(ops, engine, plan, kind="why", seat=SEAT, person=here.candidate.person.key)
    for words in ("Why not Cy Ngô on Search lead", "Not as the rules stand", "SEO at level 4"):
        assert words in page, words


def test_why_nobody_names_the_demands_and_ways_out(
    ops: CheckedClient, session: Session, engine: Engine, here: Corridor
) -> None:
    page = asked(ops, engine, gap(session, here), kind="nobody", seat=SEAT)
    for words in (
        "Why does nobody hold Search lead",
        "One demand alone keeps it open; without it, somebody could hold it:",
        "Search lead · Launch: SEO at level 4",
        "Ask for less: SEO no longer a must",
        "Of everyone considered (1), 0 could hold it by itself.",
    ):
        assert words in page, words


def test_price_tags_begin_with_the_dearest(
    ops: CheckedClient, session: Session, engine: Engine, here: Corridor
) -> None:
    page = asked(ops, engine, gap(session, here), kind="prices")
    for words in (
        "What does each rule cost?",
        "What costs most: Search lead · Launch: SEO at level 4",
        "1 demand costs",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("others", "No other plan was found that differs so much"),
        ("weights", "A better plan was found with the weights as they are"),
        ("unknowns", "Nothing that is not known of people could matter"),
    ],
)
def test_question_about_the_whole_plan_is_answered(
    ops: CheckedClient, session: Session, engine: Engine, here: Corridor, kind: str, words: str
) -> None:
    empty = ready_plan(session, session.get_one(Workspace, 1), 4, {})
    session.commit()
    assert words in asked(ops, engine, empty, kind=kind)


def test_weights_of_the_best_plan_have_ranges(ops: CheckedClient, engine: Engine, here: Corridor) -> None:
    page = asked(ops, engine, here.plan, kind="weights")
    for words in ("Filling seats", "Holds down to", "and more"):
        assert words in page, words


def test_everyone_considered_adds_up(ops: CheckedClient, session: Session, here: Corridor) -> None:
    page = ops.get(f"/plans/{here.plan.id}/considered/{SEAT}").text
    assert "One person was considered: 0 are left out by rules, 1 could hold it." in page
    assert "holds it" in page
    page = ops.get(f"/plans/{gap(session, here).id}/considered/{SEAT}").text
    assert "One person was considered: 1 is left out by a rule, 0 could hold it." in page
    assert ops.get(f"/plans/{here.plan.id}/considered/nowhere").status_code == 404


def test_same_question_is_not_asked_twice(ops: CheckedClient, session: Session, engine: Engine, here: Corridor) -> None:
    said = {"kind": "why", "seat": SEAT, "time_limit_s": "10"}
    path = f"/plans/{here.plan.id}/questions"
    first = ops.send(path, said).location
    assert ops.send(path, said).location == first
    answer_waiting(engine)
    assert ops.send(path, said).location == first
    assert ops.send(path, {**said, "time_limit_s": "5"}).location == first
    assert ops.send(path, {**said, "time_limit_s": "60"}).location != first


def test_answer_is_kept_with_its_version(ops: CheckedClient, session: Session, engine: Engine, here: Corridor) -> None:
    said = {"kind": "why", "seat": SEAT}
    sent = ops.send(f"/plans/{here.plan.id}/questions", said)
    answer_waiting(engine)
    assert "This was asked about version" not in ops.get(sent.location).text
    session.rollback()
    session.get_one(Plan, here.plan.id).title = "Another"
    session.commit()
    assert "This was asked about version 1; the plan is at version 2 by now" in ops.get(sent.location).text
    assert "changed since" in ops.get(f"/plans/{here.plan.id}/questions").text
    assert ops.send(f"/plans/{here.plan.id}/questions", said).location != sent.location


def test_waiting_question_is_stopped_at_once(ops: CheckedClient, session: Session, here: Corridor) -> None:
    sent = ops.send(f"/plans/{here.plan.id}/questions", {"kind": "prices"})
    assert ops.send(f"{sent.location}/cancel", page=sent.location).status_code == 303
    session.rollback()
    assert session.scalars(select(Job.state).where(Job.inquiry_id.is_not(None))).one() is JobState.CANCELLED
    assert "Stopped before there was an answer" in ops.get(sent.location).text


def test_running_question_is_asked_to_stop(session: Session, engine: Engine, here: Corridor) -> None:
    _inquiry, job = explanations.ask(session, here.plan, ExplainSaid(kind=ExplainKind.PRICES), by=here.ops)
    session.commit()
    claimed(engine, job.id)
    session.refresh(job)
    explanations.ask_to_stop(session, job)
    session.commit()
    session.refresh(job)
    assert (job.state, job.is_cancel_asked) == (JobState.RUNNING, True)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "why"}, "seat"),
        ({"kind": "nobody"}, "seat"),
        ({"kind": "others", "differ": "0"}, "differ"),
        ({"kind": "prices", "time_limit_s": "3"}, "time_limit_s"),
    ],
)
def test_odd_question_is_refused(
    ops: CheckedClient, session: Session, here: Corridor, said: dict[str, str], field: str
) -> None:
    refused = ops.send(f"/plans/{here.plan.id}/questions", said)
    assert refused.status_code == 422
    assert session.scalars(select(Inquiry)).all() == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "why", "seat": "nowhere"}, "no_such_seat"),
        ({"kind": "why", "seat": SEAT, "person": "nobody"}, "no_such_person"),
        ({"kind": "unknowns", "person": "nobody"}, "no_such_person"),
        ({"kind": "nobody", "seat": SEAT}, "seat_is_held"),
    ],
)
def test_question_about_what_is_not_there_is_refused(
    session: Session, here: Corridor, said: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as caught:
        explanations.ask(session, here.plan, ExplainSaid.model_validate(said), by=here.ops)
    assert caught.value.code == code


def test_why_of_an_open_seat_names_somebody(session: Session, here: Corridor) -> None:
    plan = gap(session, here)
    with pytest.raises(Refused) as caught:
        explanations.ask(session, plan, ExplainSaid(kind=ExplainKind.WHY, seat=SEAT), by=here.ops)
    assert caught.value.code == "nobody_on_seat"


def test_running_plan_is_not_asked_about(session: Session, here: Corridor) -> None:
    here.plan.state = PlanState.WAITING
    with pytest.raises(Refused) as caught:
        explanations.ask(session, here.plan, ExplainSaid(kind=ExplainKind.PRICES), by=here.ops)
    assert caught.value.code == "plan_is_running"


def test_answer_keeps_no_name(session: Session, engine: Engine, here: Corridor) -> None:
    for said in (ExplainSaid(kind=ExplainKind.WHY, seat=SEAT), ExplainSaid(kind=ExplainKind.PRICES)):
        inquiry, _job = explanations.ask(session, here.plan, said, by=here.ops)
        session.commit()
        answer_waiting(engine)
        session.refresh(inquiry)
        assert "Cy" not in str(inquiries.answer_of(inquiry))
        assert inquiry.kind in (InquiryKind.WHY, InquiryKind.PRICES)


def test_executive_reads_answers_and_asks_nothing(
    client_of: Callable[..., CheckedClient], session: Session, engine: Engine, here: Corridor, user: Callable[..., User]
) -> None:
    inquiry, _job = explanations.ask(session, here.plan, ExplainSaid(kind=ExplainKind.WHY, seat=SEAT), by=here.ops)
    session.commit()
    answer_waiting(engine)
    reader = client_of(as_user=user(RoleName.EXECUTIVE))
    page = reader.get(f"/plans/{here.plan.id}/questions/{inquiry.id}")
    assert page.status_code == 200
    assert "Ask again" not in page.text
    assert reader.send(f"/plans/{here.plan.id}/questions", {"kind": "prices"}).status_code == 403


def test_question_of_another_plan_is_not_there(ops: CheckedClient, session: Session, here: Corridor) -> None:
    inquiry, _job = explanations.ask(session, here.plan, ExplainSaid(kind=ExplainKind.PRICES), by=here.ops)
    other = ready_plan(session, session.get_one(Workspace, 1), 4, {})
    session.commit()
    assert ops.get(f"/plans/{other.id}/questions/{inquiry.id}").status_code == 404


def test_seat_and_plan_lead_to_their_questions(ops: CheckedClient, session: Session, here: Corridor) -> None:
    seat = ops.get(f"/plans/{here.plan.id}/seats/{SEAT}").text
    assert "Why Cy Ngô?" in seat
    assert f"/plans/{here.plan.id}/considered/{SEAT}" in seat
    assert f"/plans/{here.plan.id}/questions" in ops.get(f"/plans/{here.plan.id}").text
    session.rollback()  # the pages have written who reads them
    assert "Why nobody?" in ops.get(f"/plans/{gap(session, here).id}/seats/{SEAT}").text


def test_person_key_is_all_that_is_known_of_them(session: Session, here: Corridor) -> None:
    """An erased person's key means nobody: the question goes on being readable."""
    inquiry, _job = explanations.ask(session, here.plan, ExplainSaid(kind=ExplainKind.WHY, seat=SEAT), by=here.ops)
    key = session.get_one(Person, here.candidate.person_id).key
    assert inquiry.subject == f"{SEAT}\n{key}"
