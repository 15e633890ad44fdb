"""Deciding about a plan: nobody is agreed on twice for the same time without somebody saying why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from ready import ready_plan
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.models import Booking, BookingKind, Person, Plan, RoleName, Seat, User, now
from planner.schemas.planning_plans import AcceptSaid
from planner.services.planning.deciding import accept
from planner.services.refused import Refused


@pytest.fixture
def pm_user(user: Callable[..., User]) -> User:
    return user(RoleName.PROJECT_MANAGER, name="Inès")


@pytest.fixture
def plan(session: Session, pm_user: User) -> Plan:
    """Ann develops; nobody edits, and the film may start when it likes."""
    plan = ready_plan(session, pm_user)
    session.flush()
    return plan


def agree_elsewhere(session: Session, plan: Plan, *, is_since: bool, start_idx: int = 0) -> None:
    """Ann is agreed on as editor of the film, which is no part of this plan's answer."""
    seat = session.scalars(select(Seat).where(Seat.key == "editor")).one()
    person = session.scalars(select(Person).where(Person.key == "ann")).one()
    then = plan.created_at + timedelta(minutes=5 if is_since else -5)
    session.add(Booking(seat=seat, person=person, booking=BookingKind.HARD, start_idx=start_idx, decided_at=then))
    session.flush()


def test_somebody_agreed_elsewhere_since_is_not_agreed_on_twice(session: Session, plan: Plan, pm_user: User) -> None:
    agree_elsewhere(session, plan, is_since=True)
    with pytest.raises(Refused) as refused:
        accept(session, plan, AcceptSaid(seats=["dev"]), plan.version, by=pm_user)
    assert (refused.value.code, refused.value.params) == (
        "person_is_booked",
        {"person": "Ann Lee", "seat": "Developer"},
    )


def test_reason_lets_somebody_be_agreed_on_twice(session: Session, plan: Plan, pm_user: User) -> None:
    agree_elsewhere(session, plan, is_since=True)
    accept(session, plan, AcceptSaid(seats=["dev"], reason="She asked for it."), plan.version, by=pm_user)
    assert plan.decisions[-1].reason == "She asked for it."


def test_work_at_another_time_is_no_double_booking(session: Session, plan: Plan, pm_user: User) -> None:
    agree_elsewhere(session, plan, is_since=True, start_idx=6)
    accept(session, plan, AcceptSaid(seats=["dev"]), plan.version, by=pm_user)
    assert [row.seat_key for row in plan.decisions] == ["dev"]


def test_what_the_question_knew_is_not_counted_twice(session: Session, plan: Plan, pm_user: User) -> None:
    agree_elsewhere(session, plan, is_since=False)
    accept(session, plan, AcceptSaid(seats=["dev"]), plan.version, by=pm_user)
    assert [row.seat_key for row in plan.decisions] == ["dev"]


def test_agreeing_on_more_of_the_same_plan_is_no_double_booking(session: Session, plan: Plan, pm_user: User) -> None:
    session.execute(update(Plan).values(created_at=now() - timedelta(hours=1)))
    session.refresh(plan)
    accept(session, plan, AcceptSaid(seats=["dev"]), plan.version, by=pm_user)
    accept(session, plan, AcceptSaid(seats=["copy"]), plan.version, by=pm_user)
    hard = select(Seat.key).join(Booking, Booking.seat_id == Seat.id).where(Booking.booking == BookingKind.HARD)
    assert set(session.scalars(hard)) == {"dev", "copy"}
