"""A hire takes two different people, each with a reason, of the suggestion that they read; the database insists."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from corridor import REASON, Corridor, corridor, ready_plan, sign
from databases import on_both
from pages import CheckedClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.models import (
    Candidate,
    EventKind,
    HireDecision,
    Person,
    PersonKind,
    RequisitionState,
    RoleName,
    Side,
    Stage,
    Workspace,
    now,
)
from planner.schemas.hiring_candidates import ApprovalSaid, CandidateSaid, MovesSaid, StageSaid, UndoSaid
from planner.schemas.hiring_requisitions import CriteriaSaid
from planner.services.hiring import candidates, decisions, requisitions
from planner.services.refused import Refused, Stale


@pytest.fixture
def here(session: Session) -> Corridor:
    return corridor(session)


def hire(session: Session, here: Corridor) -> Candidate:
    """Both approve."""
    for side, by in ((Side.PROJECT, here.pm), (Side.OPERATIONS, here.ops)):
        decisions.approve(session, here.candidate, side, here.approval(), here.candidate.version, by=by)
    session.commit()
    return here.candidate


def refusal(session: Session, here: Corridor, side: Side, by: object, **changes: object) -> str:
    """The code with which an approval is refused."""
    with pytest.raises(Refused) as caught:
        decisions.approve(session, here.candidate, side, here.approval(**changes), here.candidate.version, by=by)
    session.rollback()
    return caught.value.code


def test_two_people_hire_somebody(session: Session, here: Corridor) -> None:
    hired = hire(session, here)
    session.expire_all()
    assert (hired.stage, hired.person.kind, hired.person_kind) == (
        Stage.HIRED,
        PersonKind.EMPLOYEE,
        PersonKind.EMPLOYEE,
    )
    decision = hired.decision
    assert decision is not None
    assert (decision.pm_name, decision.ops_name) == (here.pm.name, here.ops.name)
    assert (decision.pm_reason, decision.ops_plan, decision.seat_keys) == (REASON, 3, ["s1.1"])
    assert decision.chain == here.requisition.chain == f"N{here.need.id}"
    assert here.requisition.state is RequisitionState.FILLED
    kinds = [event.kind for event in hired.events]
    assert kinds == [EventKind.ADDED, EventKind.APPROVED, EventKind.APPROVED, EventKind.HIRED]


def test_one_approval_hires_nobody(session: Session, here: Corridor) -> None:
    decisions.approve(session, here.candidate, Side.PROJECT, here.approval(), here.candidate.version, by=here.pm)
    session.commit()
    assert (here.candidate.stage, here.candidate.person.kind) == (Stage.OFFER, PersonKind.CANDIDATE)
    assert here.candidate.approvals[0].is_suggested


def test_operations_do_not_approve_first(session: Session, here: Corridor) -> None:
    assert refusal(session, here, Side.OPERATIONS, here.ops) == "pm_approves_first"


def test_one_person_does_not_approve_twice(session: Session, here: Corridor) -> None:
    decisions.approve(session, here.candidate, Side.PROJECT, here.approval(), here.candidate.version, by=here.pm)
    session.commit()
    assert refusal(session, here, Side.OPERATIONS, here.pm) == "two_people_decide"


def test_suggestion_of_another_version_is_read_again(session: Session, here: Corridor) -> None:
    assert refusal(session, here, Side.PROJECT, here.pm, plan_version=2) == "suggestion_has_changed"
    ready_plan(session, session.get_one(Workspace, 1), 4, {})
    session.commit()
    assert refusal(session, here, Side.PROJECT, here.pm) == "suggestion_has_changed"


def test_pm_approves_again_where_the_newest_plan_says_something_else(session: Session, here: Corridor) -> None:
    decisions.approve(session, here.candidate, Side.PROJECT, here.approval(), here.candidate.version, by=here.pm)
    ready_plan(session, session.get_one(Workspace, 1), 4, {})
    session.commit()
    assert refusal(session, here, Side.OPERATIONS, here.ops, plan_number=4) == "pm_approves_again"
    again = here.approval(plan_number=4, reason="All the same: nobody else knows search.")
    decisions.approve(session, here.candidate, Side.PROJECT, again, here.candidate.version, by=here.pm)
    decisions.approve(session, here.candidate, Side.OPERATIONS, again, here.candidate.version, by=here.ops)
    session.commit()
    assert here.candidate.stage is Stage.HIRED
    assert [one.is_suggested for one in here.candidate.approvals] == [False, False]


def test_newer_plan_that_says_the_same_leaves_an_approval_good(session: Session, here: Corridor) -> None:
    decisions.approve(session, here.candidate, Side.PROJECT, here.approval(), here.candidate.version, by=here.pm)
    ready_plan(session, session.get_one(Workspace, 1), 4, {"s1.1": here.candidate.person.key})
    session.commit()
    said = here.approval(plan_number=4)
    decisions.approve(session, here.candidate, Side.OPERATIONS, said, here.candidate.version, by=here.ops)
    assert here.candidate.stage is Stage.HIRED


def test_unsigned_criteria_hire_nobody(session: Session, here: Corridor) -> None:
    changed = CriteriaSaid(tags=["lang:fr"], change_reason="The client speaks French.")
    requisitions.edit_criteria(session, here.requisition, changed, here.requisition.version, by=here.pm)
    session.commit()
    assert refusal(session, here, Side.PROJECT, here.pm) == "terms_want_signatures"
    sign(session, here.requisition, here.pm, here.ops)
    session.commit()
    assert hire(session, here).stage is Stage.HIRED


@pytest.mark.parametrize(
    ("stage", "code"), [("declined", "candidate_is_not_considered"), ("withdrawn", "candidate_is_not_considered")]
)
def test_who_is_not_considered_is_not_hired(session: Session, here: Corridor, stage: str, code: str) -> None:
    moved = StageSaid(stage=stage, reason="Took another job.")
    candidates.move_candidate(session, here.candidate, moved, here.candidate.version, by=here.ops)
    session.commit()
    assert refusal(session, here, Side.PROJECT, here.pm) == code


def test_nobody_decides_on_themselves(session: Session, here: Corridor) -> None:
    here.pm.person_id = here.candidate.person_id
    session.commit()
    assert refusal(session, here, Side.PROJECT, here.pm) == "nobody_decides_on_themselves"


def test_without_a_plan_there_is_nothing_to_decide_on(session: Session, here: Corridor) -> None:
    session.delete(here.plan)
    session.commit()
    said = ApprovalSaid(reason=REASON, plan_number=3, plan_version=1)
    with pytest.raises(Refused) as caught:
        decisions.approve(session, here.candidate, Side.PROJECT, said, here.candidate.version, by=here.pm)
    assert caught.value.code == "no_plan_to_decide_on"


def test_stale_version_of_a_candidate_is_refused(session: Session, here: Corridor) -> None:
    with pytest.raises(Stale):
        decisions.approve(session, here.candidate, Side.PROJECT, here.approval(), None, by=here.pm)


def test_approval_is_taken_back_with_a_reason(session: Session, here: Corridor) -> None:
    decisions.approve(session, here.candidate, Side.PROJECT, here.approval(), here.candidate.version, by=here.pm)
    session.commit()
    said = UndoSaid(reason="A reference was not good.")
    decisions.withdraw(session, here.candidate, Side.PROJECT, said, here.candidate.version, by=here.pm)
    session.commit()
    assert here.candidate.approvals == []
    assert here.candidate.events[-1].reason == "A reference was not good."


def test_hire_is_undone_and_must_be_decided_anew(session: Session, here: Corridor) -> None:
    candidate = hire(session, here)
    said = UndoSaid(reason="Took another offer.")
    decisions.undo_hire(session, candidate, said, candidate.version, by=here.ops)
    session.commit()
    session.expire_all()
    assert (candidate.stage, candidate.person.kind, candidate.decision) == (Stage.OFFER, PersonKind.CANDIDATE, None)
    decision = session.scalars(select(HireDecision)).one()
    assert (decision.person_id, decision.undone_reason) == (None, "Took another offer.")
    assert candidate.approvals == []


# No door but this one


def test_no_move_hires_somebody(session: Session, here: Corridor) -> None:
    candidate = here.candidate
    lines = [{"id": candidate.id, "version": candidate.version}]
    for verb in (
        lambda: candidates.move_candidate(session, candidate, StageSaid(stage="hired"), candidate.version, by=here.ops),
        lambda: candidates.move_candidates(
            session, MovesSaid.model_validate({"candidates": lines, "stage": "hired"}), by=here.ops
        ),
    ):
        with pytest.raises(Refused) as caught:
            verb()
        assert caught.value.code == "hire_wants_two_people"


def test_no_move_undoes_a_hire(session: Session, here: Corridor) -> None:
    candidate = hire(session, here)
    with pytest.raises(Refused) as caught:
        candidates.move_candidate(session, candidate, StageSaid(stage="offer"), candidate.version, by=here.ops)
    assert caught.value.code == "hire_is_undone_apart"


@on_both
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE candidate SET stage = 'hired'",
        "UPDATE person SET kind = 'employee' WHERE id = (SELECT person_id FROM candidate)",
        "UPDATE person SET kind = 'contractor' WHERE id = (SELECT person_id FROM candidate)",
        "UPDATE candidate SET person_kind = 'employee'",
    ],
)
def test_database_refuses_a_hire_without_a_decision(session: Session, here: Corridor, statement: str) -> None:
    with pytest.raises(IntegrityError):
        session.execute(text(statement))
    session.rollback()
    assert session.scalars(select(Candidate.stage)).one() is Stage.OFFER


@on_both
@pytest.mark.parametrize(
    "changes",
    [
        {"ops_id": 1, "pm_id": 1},
        {"pm_reason": "  "},
        {"ops_reason": "ok"},
        {"ops_name": ""},
        {"pm_at": "2999-01-01"},
    ],
)
def test_database_refuses_a_decision_of_one_or_without_a_reason(
    session: Session, here: Corridor, changes: dict[str, object]
) -> None:
    at = now()
    said: dict[str, object] = {
        "person_id": here.candidate.person_id, "chain": "N1", "requisition_number": 1, "person_key": "p1",
        "seat_keys": [],
        "pm_id": 1, "pm_name": "A", "pm_reason": REASON, "pm_at": at, "pm_plan": 3, "pm_plan_version": 1,
        "ops_id": 2, "ops_name": "B", "ops_reason": REASON, "ops_at": at, "ops_plan": 3, "ops_plan_version": 1,
    }  # fmt: skip
    if "pm_at" in changes:
        changes = {"pm_at": at.replace(year=2999)}
    session.add(HireDecision(**(said | changes)))
    with pytest.raises(IntegrityError):
        session.flush()


@on_both
def test_database_refuses_to_hire_two_by_one_decision(session: Session, here: Corridor) -> None:
    hired = hire(session, here)
    other = candidates.add_candidate(session, CandidateSaid(name="Di"), by=here.ops)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(
            update(Candidate).where(Candidate.id == other.id).values(decision_id=hired.decision_id, stage=Stage.HIRED)
        )


@on_both
def test_kind_of_a_candidate_follows_the_person(session: Session, here: Corridor) -> None:
    hire(session, here)
    session.execute(update(Person).where(Person.id == here.candidate.person_id).values(kind=PersonKind.CONTRACTOR))
    session.commit()
    assert session.scalars(select(Candidate.person_kind)).one() is PersonKind.CONTRACTOR


# The pages


def test_two_people_hire_on_the_page(client_of: Callable[..., CheckedClient], session: Session, here: Corridor) -> None:
    path = f"/candidates/{here.candidate.id}"
    pm, ops = client_of(as_user=here.pm), client_of(as_user=here.ops)
    seen = {"plan_number": "3", "plan_version": "1"}
    page = pm.get(f"{path}/hire").text
    for words in ("Decides after the PM.", "Approve the hire", "Search lead"):
        assert words in page, words
    missing = pm.send(f"{path}/approve-project", {**seen, "version": "1", "reason": ""}, page=f"{path}/hire")
    assert missing.status_code == 422
    said = {**seen, "reason": REASON}
    assert pm.send(f"{path}/approve-project", {**said, "version": "1"}, page=f"{path}/hire").status_code == 303
    assert pm.send(f"{path}/approve-operations", {**said, "version": "2"}, page=f"{path}/hire").status_code == 403
    stale = ops.send(f"{path}/approve-operations", {**said, "version": "1"}, page=f"{path}/hire")
    assert stale.status_code == 409
    assert ops.send(f"{path}/approve-operations", {**said, "version": "2"}, page=f"{path}/hire").status_code == 303
    session.rollback()
    session.expire_all()
    assert session.scalars(select(Candidate.stage)).one() is Stage.HIRED
    assert "Cy Ngô is hired" in ops.get(f"{path}/hire").text


@pytest.mark.parametrize(
    ("role", "status"),
    [(RoleName.PROJECT_MANAGER, 403), (RoleName.COMPLIANCE, 403), (RoleName.MEMBER, 404), (RoleName.EXECUTIVE, 303)],
)
def test_who_may_approve_for_the_project(
    client_of: Callable[..., CheckedClient], here: Corridor, role: RoleName, status: int
) -> None:
    client = client_of(role)
    path = f"/candidates/{here.candidate.id}"
    said = {"version": "1", "plan_number": "3", "plan_version": "1", "reason": REASON}
    assert client.send(f"{path}/approve-project", said, page="/").status_code == status
