"""Versions of plans: every change makes the next one, and the difference of two, applied to one, is the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ready import ready_plan, studio
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import Decision, Plan, PlanVersion, RoleName, User, VersionKind
from planner.schemas.planning_plans import AcceptSaid, ReasonSaid
from planner.services import removal
from planner.services.planning import by_hand, deciding
from planner.services.planning.by_hand import Assign, MovePhase, Swap, TakeOff
from planner.services.planning.differences import Standing, difference
from planner.services.planning.reading import solution_of
from planner.services.planning.versions import between, keep, latest, standing_of, version_of
from planner.services.refused import Refused, Stale
from solver.check import score, staff_cost


@pytest.fixture
def by(user: Callable[..., User]) -> User:
    return user(RoleName.ADMINISTRATOR, name="Inès")


@pytest.fixture
def plan(session: Session, by: User) -> Plan:
    """Ann develops, Bea writes, nobody edits."""
    plan = ready_plan(session, by)
    session.flush()
    return plan


def versions(session: Session, plan: Plan) -> list[PlanVersion]:
    kept = select(PlanVersion).where(PlanVersion.plan_id == plan.id).order_by(PlanVersion.number)
    return list(session.scalars(kept))


def test_answer_is_version_1_of_whoever_asked(session: Session, plan: Plan) -> None:
    [first] = versions(session, plan)
    assert (first.number, first.kind, first.made_by) == (1, VersionKind.ANSWER, "Inès")
    assert standing_of(first).holders == {"dev": "ann", "copy": "bea"}
    assert standing_of(first).bookings == {"dev": "soft", "copy": "soft"}
    assert (first.objective, first.cost, first.num_filled) == (plan.objective, plan.cost, plan.num_filled)


def test_plan_that_cannot_be_shown_has_no_version(session: Session, plan: Plan) -> None:
    waiting = Plan(number=9, title="Soon", request_token="soon", starts_on=plan.starts_on, num_periods=4)
    session.add(waiting)
    session.flush()
    assert latest(session, waiting) is None


def test_each_change_makes_the_next_version_with_author_and_reason(session: Session, plan: Plan, by: User) -> None:
    by_hand.apply(session, plan, Assign("dev", "ben"), "He asked.", plan.version, by=by)
    deciding.accept(session, plan, AcceptSaid(seats=["dev"], reason="Agreed by mail."), plan.version, by=by)
    deciding.release(session, plan, "dev", ReasonSaid(reason="He is ill."), plan.version, by=by)
    by_hand.restore(session, plan, 1, "Back to Ann.", plan.version, by=by)
    told = [(one.number, one.kind, one.made_by, one.reason) for one in versions(session, plan)[1:]]
    assert told == [
        (2, "by_hand", "Inès", "He asked."),
        (3, "agreed", "Inès", "Agreed by mail."),
        (4, "released", "Inès", "He is ill."),
        (5, "restored", "Inès", "Back to Ann."),
    ]
    assert standing_of(version_of(session, plan, 3)).bookings == {"dev": "hard", "copy": "soft"}
    assert standing_of(version_of(session, plan, 5)) == standing_of(version_of(session, plan, 1))


def test_change_that_is_undone_leaves_no_version(session: Session, plan: Plan, by: User) -> None:
    by_hand.apply(session, plan, Assign("dev", "ben"), "", plan.version, by=by)
    session.rollback()
    assert [one.number for one in versions(session, plan)] == [1]


def test_refused_and_stale_changes_make_no_version(session: Session, plan: Plan, by: User) -> None:
    with pytest.raises(Refused):
        by_hand.apply(session, plan, Assign("dev", "bea"), "", plan.version, by=by)
    with pytest.raises(Stale):
        by_hand.apply(session, plan, Assign("dev", "ben"), "", plan.version - 1, by=by)
    assert len(versions(session, plan)) == 1


def test_several_changes_are_one_version_and_a_decision_each(session: Session, plan: Plan, by: User) -> None:
    changes = [Assign("dev", "ben"), Assign("editor", "ann"), MovePhase("cut", 6), TakeOff("copy")]
    by_hand.apply_all(session, plan, changes, "After the meeting.", plan.version, by=by)
    assert [one.number for one in versions(session, plan)] == [1, 2]
    assert [row.reason for row in plan.decisions] == ["After the meeting."] * 4
    assert solution_of(plan).holders == {"dev": "ben", "editor": "ann"}
    assert solution_of(plan).starts["cut"] == 6


def test_several_changes_are_judged_together(session: Session, plan: Plan, by: User) -> None:
    """Bea's swap with Ann breaks a rule on the way, and none at the end."""
    by_hand.apply_all(session, plan, [Swap("dev", "copy"), Assign("dev", "ben")], "", plan.version, by=by)
    assert solution_of(plan).holders == {"dev": "ben", "copy": "ann"}


def test_one_impossible_change_undoes_all(session: Session, plan: Plan, by: User) -> None:
    with pytest.raises(Refused):
        by_hand.apply_all(session, plan, [Assign("dev", "ben"), Assign("nowhere", "ann")], "", plan.version, by=by)
    assert solution_of(plan).holders == {"dev": "ann", "copy": "bea"}


def test_broken_rule_is_written_at_the_change_that_it_names(session: Session, plan: Plan, by: User) -> None:
    by_hand.apply_all(session, plan, [Assign("dev", "bea"), TakeOff("copy")], "She learns.", plan.version, by=by)
    kinds = {row.seat_key: (row.kind, bool(row.broken_rules)) for row in session.scalars(select(Decision))}
    assert kinds == {"dev": ("override", True), "copy": ("take_off", False)}


def test_restoring_does_not_touch_who_is_agreed(session: Session, plan: Plan, by: User) -> None:
    by_hand.apply(session, plan, Assign("dev", "ben"), "", plan.version, by=by)
    deciding.accept(session, plan, AcceptSaid(seats=["dev"]), plan.version, by=by)
    with pytest.raises(Refused) as refused:
        by_hand.restore(session, plan, 1, "", plan.version, by=by)
    assert (refused.value.code, refused.value.params) == ("seat_is_agreed", {"seat": "Developer"})


def test_unknown_version_is_refused(session: Session, plan: Plan, by: User) -> None:
    with pytest.raises(Refused) as refused:
        by_hand.restore(session, plan, 7, "", plan.version, by=by)
    assert refused.value.code == "no_such_version"


def test_restoring_unschedules_what_was_not_scheduled(session: Session, plan: Plan, by: User) -> None:
    by_hand.apply(session, plan, Assign("editor", "ben"), "", plan.version, by=by)
    assert "cut" in solution_of(plan).starts
    by_hand.restore(session, plan, 1, "", plan.version, by=by)
    assert "cut" not in solution_of(plan).starts


def test_versions_go_and_come_back_with_their_plan(session: Session, plan: Plan, by: User) -> None:
    by_hand.apply(session, plan, Assign("dev", "ben"), "", plan.version, by=by)
    before = [(one.number, standing_of(one)) for one in versions(session, plan)]
    kept = removal.remove(session, plan, title="Plan 1", by_id=by.id)
    assert session.scalar(select(func.count()).select_from(PlanVersion)) == 0
    removal.restore(session, kept)
    assert [(one.number, standing_of(one)) for one in session.scalars(select(PlanVersion))] == before


def test_two_plans_are_compared_in_the_periods_of_the_later_one(session: Session, plan: Plan, by: User) -> None:
    """A plan that begins two weeks later counts the same week as two less."""
    early = keep(session, plan, by=by)
    later = ready_plan(
        session, by, number=2, holders={"dev": "ann", "editor": "ben"}, starts={"cut": 0},
        starts_on=plan.starts_on.replace(day=18),
    )  # fmt: skip
    found = between(session, early, latest(session, later) or early)
    assert {(one.seat, one.before, one.after) for one in found.seats} == {
        ("copy", "bea", None), ("editor", None, "ben"),
    }  # fmt: skip
    assert found.shift == -2
    assert found.applied_to(standing_of(early)) == standing_of(latest(session, later) or early)


PEOPLE = ("ann", "ben", "bea", "cy")


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    holders = draw(st.dictionaries(st.sampled_from(("dev", "copy", "editor")), st.sampled_from(PEOPLE)))
    bookings = {seat: draw(st.sampled_from(("soft", "hard"))) for seat in holders}
    starts: dict[str, Any] = {"build": 0, **draw(st.dictionaries(st.just("cut"), st.integers(0, 6)))}
    return Standing(holders, bookings, starts)


@settings(max_examples=300, deadline=None)
@given(standings(), standings())
def test_difference_applied_to_one_standing_is_the_other_and_adds_up(before: Standing, after: Standing) -> None:
    problem = studio()
    found = difference(problem, before, after)
    old, new = score(problem, before.solution), score(problem, after.solution)
    assert found.applied_to(before) == after
    assert found.is_empty == (before == after)
    assert found.points_change == sum(found.terms_change.values()) == new.objective - old.objective
    assert sum(one.points_change for one in found.seats) + found.points_elsewhere == found.points_change
    assert sum(one.cost_change for one in found.seats) == found.cost_change
    assert found.cost_change == cost(after) - cost(before)
    assert found.filled_change == len(after.holders) - len(before.holders)
    assert found.hires_change == len(found.hires_added) - len(found.hires_dropped)


def cost(standing: Standing) -> int:
    problem = studio()
    return sum(staff_cost(problem.seat_by_id[seat], problem.person_of[who]) for seat, who in standing.holders.items())
