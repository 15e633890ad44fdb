"""Changes by hand: what the preview says is what the rulebook counts, and what is then written down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ready import ready_plan, studio
from sqlalchemy.orm import Session

from planner.models import BookingKind, DecisionKind, Origin, Plan, RoleName, User
from planner.services.planning.by_hand import Assign, Change, MovePhase, Swap, TakeOff, apply, preview
from planner.services.planning.reading import result_of, solution_of
from planner.services.refused import Refused, Stale
from solver.check import score, violations


@pytest.fixture
def by(user: Callable[..., User]) -> User:
    return user(RoleName.PROJECT_MANAGER, name="Inès")


@pytest.fixture
def plan(session: Session, by: User) -> Plan:
    """Ann develops, Bea writes, nobody edits."""
    plan = ready_plan(session, by)
    session.flush()
    return plan


CHANGES = [
    Assign("editor", "ben"),
    Assign("dev", "bea"),
    Assign("dev", "ann"),
    Assign("editor", "cy"),
    TakeOff("copy"),
    TakeOff("editor"),
    Swap("dev", "copy"),
    Swap("editor", "copy"),
    MovePhase("cut", 4),
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_preview_says_what_the_rulebook_counts(session: Session, plan: Plan, by: User, change: Change) -> None:
    problem, before = studio(), solution_of(plan)
    seen = preview(plan, change)
    apply(session, plan, change, "Because.", plan.version, by=by)
    after = solution_of(plan)
    assert after == seen.solution
    assert seen.points_change == score(problem, after).objective - score(problem, before).objective
    assert sum(seen.terms_change.values()) == seen.points_change
    broken = {violation.text for violation in violations(problem, after)}
    assert {violation.text for violation in seen.new_violations} == broken
    assert plan.objective == result_of(plan).objective == score(problem, after).objective
    assert plan.num_filled == len(after.holders)


def test_broken_rule_wants_a_reason_and_is_written_down(session: Session, plan: Plan, by: User) -> None:
    with pytest.raises(Refused) as refused:
        apply(session, plan, Assign("dev", "bea"), "", plan.version, by=by)
    assert refused.value.code == "broken_rule_needs_reason"
    apply(session, plan, Assign("dev", "bea"), "She learns fast.", plan.version, by=by)
    decision = plan.decisions[-1]
    assert (decision.kind, decision.person_key, decision.before) == (DecisionKind.OVERRIDE, "bea", "ann")
    assert (decision.reason, decision.decided_by) == ("She learns fast.", "Inès")
    assert decision.broken_rules


def test_allowed_change_wants_no_reason(session: Session, plan: Plan, by: User) -> None:
    apply(session, plan, Assign("dev", "ben"), "", plan.version, by=by)
    row = next(row for row in plan.allocations if row.seat_key == "dev")
    assert (row.person_key, row.origin, plan.decisions[-1].kind) == ("ben", Origin.HAND, DecisionKind.ASSIGN)


def test_change_of_a_plan_that_somebody_else_changed_is_stale(session: Session, plan: Plan, by: User) -> None:
    read = plan.version
    apply(session, plan, Assign("dev", "ben"), "", read, by=by)
    for version in (read, None):
        with pytest.raises(Stale):
            apply(session, plan, TakeOff("copy"), "", version, by=by)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Assign("nowhere", "ann"), "no_such_seat"),
        (Assign("dev", "nobody"), "no_such_person"),
        (Swap("dev", "nowhere"), "no_such_seat"),
        (MovePhase("cut", 7), "phase_cannot_start_there"),
        (MovePhase("nowhere", 0), "phase_cannot_start_there"),
    ],
    ids=str,
)
def test_what_the_plan_does_not_have_is_refused(plan: Plan, change: Change, code: str) -> None:
    with pytest.raises(Refused) as refused:
        preview(plan, change)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "change", [Assign("dev", "ben"), TakeOff("dev"), Swap("copy", "dev"), MovePhase("build", 0)], ids=str
)
def test_agreed_seat_is_not_changed(session: Session, plan: Plan, change: Change) -> None:
    next(row for row in plan.allocations if row.seat_key == "dev").booking = BookingKind.HARD
    with pytest.raises(Refused) as refused:
        preview(plan, change)
    assert refused.value.code in ("seat_is_agreed", "phase_is_agreed")


def test_preview_names_who_gets_how_full(plan: Plan) -> None:
    loads = preview(plan, Assign("copy", "ann")).loads
    assert [(load.person, load.load, load.capacity) for load in loads] == [("ann", 150, 100), ("bea", 0, 0)]


def test_phase_that_is_not_scheduled_is_scheduled_by_its_first_holder(session: Session, plan: Plan, by: User) -> None:
    assert "cut" not in solution_of(plan).starts
    apply(session, plan, Assign("editor", "ben"), "", plan.version, by=by)
    assert solution_of(plan).starts["cut"] == 0
