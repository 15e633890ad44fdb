"""Questions about a plan that take solving again: asked on its page, answered by a worker, read and put to use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

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
    Person,
    PersonKind,
    Plan,
    PlanState,
    Requisition,
    RequisitionState,
    RoleName,
    User,
    Workspace,
)
from planner.schemas.hiring_candidates import CandidateSaid
from planner.schemas.planning_inquiries import DeclinesSaid, OpeningsSaid
from planner.services.hiring import candidates
from planner.services.planning import inquiries
from planner.services.refused import Refused

SAID = {"max_hires": "1", "hire_cost_minor": "500", "earliest_periods": "0", "fte_pct": "100", "time_limit_s": "30"}


@pytest.fixture
def engine(app: Flask) -> Engine:
    return app.extensions["planner_engine"]  # type: ignore[no-any-return]


@pytest.fixture
def here(session: Session) -> Corridor:
    return corridor(session)


@pytest.fixture
def ops(client_of: Callable[..., CheckedClient], here: Corridor) -> CheckedClient:
    return client_of(as_user=here.ops)


def test_profile_is_found_drafted_and_kept(
    ops: CheckedClient, session: Session, engine: Engine, here: Corridor
) -> None:
    plan = gap(session, here)
    path = f"/plans/{plan.id}/openings"
    assert "Not asked yet" in ops.get(path).text
    assert ops.send(path, SAID).status_code == 303
    assert "of the way" in ops.get(path).text
    answer_waiting(engine)
    page = ops.get(path).text
    for words in ("Hire <b>1 person</b>", "SEO 4", "Search lead", "1 seat more is filled"):
        assert words in page, words
    drafted = ops.send(f"{path}/0/requisition", page=path)
    assert drafted.status_code == 303
    session.rollback()
    requisition = session.scalars(select(Requisition).order_by(Requisition.id.desc())).first()
    assert requisition is not None
    assert (requisition.state, requisition.seat_key, requisition.plan_number) == (RequisitionState.DRAFT, "s1.1", 4)
    assert {"skill": "seo", "level": 4, "must": True, "weight": 2} in requisition.criteria
    assert ops.send(f"{path}/0/person", page=path).status_code == 303
    session.rollback()
    person = session.scalars(select(Person).where(Person.kind == PersonKind.HYPOTHETICAL)).one()
    assert [(row.skill.key, row.level) for row in person.skills] == [("seo", 4)]
    assert ops.send(f"{path}/1/person", page=path).status_code == 404


def test_profile_that_the_money_does_not_reach_is_not_proposed(
    ops: CheckedClient, session: Session, engine: Engine, here: Corridor
) -> None:
    plan = gap(session, here)
    path = f"/plans/{plan.id}/openings"
    assert ops.send(path, {**SAID, "hire_budget_minor": "499"}).status_code == 303
    answer_waiting(engine)
    assert "Nobody: what can be filled is filled better by those who are there." in ops.get(path).text


def test_no_of_a_hire_is_planned_without_them(
    ops: CheckedClient, session: Session, engine: Engine, here: Corridor
) -> None:
    here.candidate.person.notice_periods = 1
    said = CandidateSaid(name="Di Back-Up", requisition_id=here.requisition.id, stage="offer")
    candidates.add_candidate(session, said, by=here.ops)
    plan = ready_plan(session, session.get_one(Workspace, 1), 4, {"s1.1": here.candidate.person.key})
    session.commit()
    path = f"/plans/{plan.id}/declines"
    assert ops.send(path, {"time_limit_s": "30"}).status_code == 303
    answer_waiting(engine)
    page = ops.get(path).text
    for words in ("Cy Ngô", "Search lead", "Di Back-Up"):
        assert words in page, words
    session.rollback()
    answer = inquiries.answer_of(session.scalars(select(Inquiry)).one())
    assert answer is not None
    [one] = answer["declines"]
    assert (one["person"], [seat for seat, _who in one["seats"]]) == (here.candidate.person.key, ["s1.1"])
    assert one["loss"] == 0  # the other does as well
    plan = session.get_one(Plan, plan.id)
    workspace = session.get_one(Workspace, 1)
    begins = plan.starts_on + one["first"] * timedelta(weeks=1)
    last = inquiries.last_day(workspace, plan, one["first"], here.candidate.person, date(2000, 1, 1))
    assert (last.on, last.is_past) == (begins - timedelta(weeks=1, days=1), False)
    assert inquiries.last_day(workspace, plan, 0, None, date(9999, 1, 1)).is_past


def test_question_whose_child_was_ended_has_failed_and_says_so(
    ops: CheckedClient, session: Session, engine: Engine, here: Corridor
) -> None:
    inquiry, job = inquiries.ask(session, here.plan, DeclinesSaid(), by=here.ops)
    session.commit()
    held = claimed(engine, job.id)
    assert inquiries.store(session, held, inquiry.id, None)
    session.commit()
    assert "No answer came of it" in ops.get(f"/plans/{here.plan.id}/declines").text
    assert session.get_one(Plan, here.plan.id).state is PlanState.READY


def test_plan_without_an_answer_cannot_be_asked_about(session: Session, here: Corridor) -> None:
    here.plan.state = PlanState.WAITING
    with pytest.raises(Refused) as caught:
        inquiries.ask(session, here.plan, OpeningsSaid(), by=here.ops)
    assert caught.value.code == "plan_is_running"


def test_answer_about_an_older_version_says_so(
    ops: CheckedClient, session: Session, engine: Engine, here: Corridor
) -> None:
    _inquiry, _job = inquiries.ask(session, here.plan, DeclinesSaid(time_limit_s=30), by=here.ops)
    session.commit()
    answer_waiting(engine)
    session.rollback()
    session.get_one(Plan, here.plan.id).title = "Another"
    session.commit()
    assert "The plan was changed since this was asked" in ops.get(f"/plans/{here.plan.id}/declines").text


@pytest.mark.parametrize(
    "said", [{"time_limit_s": "3"}, {"fte_pct": "0"}, {"max_hires": "-1"}, {"hire_cost_minor": "x"}]
)
def test_odd_question_is_refused_at_its_field(
    ops: CheckedClient, session: Session, here: Corridor, said: dict[str, str]
) -> None:
    refused = ops.send(f"/plans/{here.plan.id}/openings", SAID | said)
    assert refused.status_code == 422
    assert f'id="{next(iter(said))}-error"' in refused.text
    assert session.scalars(select(Inquiry)).all() == []


def test_latest_question_of_its_kind_is_shown(session: Session, here: Corridor, user: Callable[..., User]) -> None:
    by = user(RoleName.OPERATIONS)
    first, _job = inquiries.ask(session, here.plan, OpeningsSaid(), by=by)
    second, _job = inquiries.ask(session, here.plan, OpeningsSaid(max_hires=1), by=by)
    found = inquiries.latest(session, here.plan, InquiryKind.OPENINGS)
    assert found is not None
    assert (found[0].id, first.id < second.id) == (second.id, True)
    assert inquiries.latest(session, here.plan, InquiryKind.DECLINES) is None
