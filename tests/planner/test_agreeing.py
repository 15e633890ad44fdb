"""Agreeing on a plan: each step by a named person, about a version; one plan is in force, and the database holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rows
from databases import DATABASES, on_both
from ready import ready_plan
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner import db
from planner.config import Settings
from planner.models import (
    Agreement,
    AgreementState,
    Base,
    Booking,
    BookingKind,
    Person,
    Plan,
    PlanStep,
    RoleName,
    Seat,
    StepKind,
    User,
    Workspace,
    now,
)
from planner.schemas.planning_plans import AcceptSaid, ReasonSaid
from planner.schemas.work_talk import CommentSaid, TextSaid
from planner.services.planning import agreeing, by_hand, deciding, in_force, looks
from planner.services.planning.by_hand import Assign
from planner.services.refused import Refused, Stale
from planner.services.work import talking

SAID = ReasonSaid(reason="As we said.")


@pytest.fixture
def pm(user: Callable[..., User]) -> User:
    return user(RoleName.PROJECT_MANAGER, name="Inès")


@pytest.fixture
def ops(user: Callable[..., User]) -> User:
    return user(RoleName.OPERATIONS, name="Omar")


@pytest.fixture
def plan(session: Session, pm: User) -> Plan:
    """Ann develops, Bea writes, nobody edits."""
    plan = ready_plan(session, pm)
    session.flush()
    return plan


def two(session: Session) -> None:
    session.get_one(Workspace, 1).is_agreed_by_two = True
    session.flush()


def state(session: Session, plan: Plan) -> AgreementState:
    return agreeing.standpoint(session, plan).state


def held(session: Session) -> dict[str, tuple[str, str]]:
    found = select(Seat.key, Person.key, Booking.booking).join(Booking.seat).join(Booking.person)
    return {seat: (person, str(booking)) for seat, person, booking in session.execute(found)}


def test_plan_is_proposed_approved_and_put_in_force(session: Session, plan: Plan, pm: User, ops: User) -> None:
    agreeing.propose(session, plan, SAID, plan.version, by=pm)
    assert state(session, plan) is AgreementState.PROPOSED
    agreeing.approve(session, plan, SAID, plan.version, by=ops)
    agreeing.put_in_force(session, plan, SAID, plan.version, by=ops)
    found = in_force.plan_in_force(session)
    assert found is not None
    assert (found.plan.id, found.version_number) == (plan.id, 1)
    assert held(session) == {"dev": ("ann", "soft"), "copy": ("bea", "soft")}
    told = [(step.kind, step.by_name) for step in agreeing.steps_of(session, plan)]
    assert told == [("proposed", "Inès"), ("approved", "Omar"), ("put_in_force", "Omar")]
    assert {step.reason for step in agreeing.steps_of(session, plan)} == {"As we said."}


def test_nobody_approves_their_own_proposal(session: Session, plan: Plan, pm: User) -> None:
    agreeing.propose(session, plan, SAID, plan.version, by=pm)
    with pytest.raises(Refused) as refused:
        agreeing.approve(session, plan, SAID, plan.version, by=pm)
    assert refused.value.code == "somebody_else_approves"


def test_whoever_stands_for_both_sides_may_agree_alone(session: Session, plan: Plan, user: Callable[..., User]) -> None:
    both = user(RoleName.PROJECT_MANAGER, RoleName.OPERATIONS, name="Ada")
    agreeing.put_in_force(session, plan, SAID, plan.version, by=both)
    assert [step.kind for step in agreeing.steps_of(session, plan)] == ["proposed", "approved", "put_in_force"]
    assert agreeing.standpoint(session, plan).is_in_force


def test_where_two_agree_nobody_agrees_alone(session: Session, plan: Plan, user: Callable[..., User]) -> None:
    two(session)
    both = user(RoleName.ADMINISTRATOR, name="Ada")
    with pytest.raises(Refused):
        agreeing.put_in_force(session, plan, SAID, plan.version, by=both)
    agreeing.propose(session, plan, SAID, plan.version, by=both)
    with pytest.raises(Refused):
        agreeing.approve(session, plan, SAID, plan.version, by=both)
    with pytest.raises(Refused):
        deciding.accept(session, plan, AcceptSaid(seats=["dev"]), plan.version, by=both)


def test_plan_that_is_not_approved_is_not_put_in_force(session: Session, plan: Plan, pm: User, ops: User) -> None:
    for begin in (None, agreeing.propose):
        if begin is not None:
            begin(session, plan, SAID, plan.version, by=pm)
        with pytest.raises(Refused) as refused:
            agreeing.put_in_force(session, plan, SAID, plan.version, by=ops)
        assert refused.value.code == "plan_is_not_approved"


def test_change_takes_the_approval_away(session: Session, plan: Plan, pm: User, ops: User) -> None:
    agreeing.propose(session, plan, SAID, plan.version, by=pm)
    agreeing.approve(session, plan, SAID, plan.version, by=ops)
    by_hand.apply(session, plan, Assign("dev", "ben"), "", plan.version, by=pm)
    assert state(session, plan) is AgreementState.DRAFT
    with pytest.raises(Refused):
        agreeing.put_in_force(session, plan, SAID, plan.version, by=ops)


def test_what_was_changed_since_is_not_in_force(session: Session, plan: Plan, pm: User, ops: User) -> None:
    agreeing.propose(session, plan, SAID, plan.version, by=pm)
    agreeing.approve(session, plan, SAID, plan.version, by=ops)
    agreeing.put_in_force(session, plan, SAID, plan.version, by=ops)
    by_hand.apply(session, plan, Assign("dev", "ben"), "", plan.version, by=pm)
    found = agreeing.standpoint(session, plan)
    assert (found.is_in_force, found.is_changed_since, found.in_force_version) == (False, True, 1)
    assert held(session)["dev"] == ("ann", "soft")


def test_changes_that_are_asked_for_stand_in_the_way(session: Session, plan: Plan, pm: User, ops: User) -> None:
    agreeing.propose(session, plan, SAID, plan.version, by=pm)
    with pytest.raises(Refused) as refused:
        agreeing.ask_changes(session, plan, ReasonSaid(), plan.version, by=ops)
    assert refused.value.code == "say_what_should_change"
    agreeing.ask_changes(session, plan, SAID, plan.version, by=ops)
    with pytest.raises(Refused):
        agreeing.approve(session, plan, SAID, plan.version, by=ops)
    agreeing.propose(session, plan, SAID, plan.version, by=pm)
    assert state(session, plan) is AgreementState.PROPOSED


def test_proposal_can_be_taken_back(session: Session, plan: Plan, pm: User) -> None:
    with pytest.raises(Refused):
        agreeing.withdraw(session, plan, SAID, plan.version, by=pm)
    agreeing.propose(session, plan, SAID, plan.version, by=pm)
    agreeing.withdraw(session, plan, SAID, plan.version, by=pm)
    assert state(session, plan) is AgreementState.DRAFT


def test_step_about_a_plan_that_was_changed_is_stale(session: Session, plan: Plan, pm: User, ops: User) -> None:
    read = plan.version
    agreeing.propose(session, plan, SAID, read, by=pm)
    with pytest.raises(Stale):
        agreeing.approve(session, plan, SAID, read, by=ops)


def test_seats_of_a_plan_under_review_are_not_agreed_on(session: Session, plan: Plan, pm: User, ops: User) -> None:
    agreeing.propose(session, plan, SAID, plan.version, by=pm)
    with pytest.raises(Refused) as refused:
        deciding.accept(session, plan, AcceptSaid(seats=["dev"]), plan.version, by=pm)
    assert refused.value.code == "plan_is_not_approved"
    agreeing.approve(session, plan, SAID, plan.version, by=ops)
    deciding.accept(session, plan, AcceptSaid(seats=["dev"]), plan.version, by=pm)
    found = agreeing.standpoint(session, plan)
    assert (found.state, found.is_in_force, found.latest_number) == (AgreementState.APPROVED, True, 2)


def test_agreeing_on_a_seat_puts_a_plan_in_force_that_nobody_reviews(session: Session, plan: Plan, pm: User) -> None:
    deciding.accept(session, plan, AcceptSaid(seats=["dev"]), plan.version, by=pm)
    assert agreeing.standpoint(session, plan).is_in_force
    assert [step.kind for step in agreeing.steps_of(session, plan)] == ["put_in_force"]
    deciding.release(session, plan, "dev", SAID, plan.version, by=pm)
    assert agreeing.standpoint(session, plan).in_force_version == 3


def test_next_plan_in_force_frees_what_it_leaves_open(session: Session, plan: Plan, pm: User, ops: User) -> None:
    agreeing.put_in_force(session, plan, SAID, plan.version, by=ops_and_pm(session))
    next_plan = ready_plan(session, pm, number=2, holders={"dev": "ben"})
    agreeing.put_in_force(session, next_plan, SAID, next_plan.version, by=ops_and_pm(session))
    assert held(session) == {"dev": ("ben", "soft")}
    session.refresh(plan)
    assert plan.in_force_since is None
    found = in_force.plan_in_force(session)
    assert found is not None
    assert found.plan.number == 2


def ops_and_pm(session: Session) -> User:
    return rows.user(session, RoleName.ADMINISTRATOR)


def test_who_is_agreed_on_elsewhere_keeps_the_seat(session: Session, plan: Plan, pm: User) -> None:
    deciding.accept(session, plan, AcceptSaid(seats=["dev"]), plan.version, by=pm)
    other = ready_plan(session, pm, number=2, holders={"dev": "ben"})
    with pytest.raises(Refused) as refused:
        agreeing.put_in_force(session, other, SAID, other.version, by=ops_and_pm(session))
    assert refused.value.code == "somebody_else_is_agreed"


def test_comment_stands_at_its_seat_and_is_edited_by_who_said_it(
    session: Session, plan: Plan, pm: User, ops: User
) -> None:
    at_seat = talking.say(session, plan, CommentSaid(text="Is Ann back by then?", seat_key="dev"), by=ops)
    talking.say(session, plan, CommentSaid(text="Looks good."), by=pm)
    assert [one.text for one in talking.comments_of(session, plan, "dev")] == ["Is Ann back by then?"]
    assert len(talking.comments_of(session, plan)) == 2
    with pytest.raises(Refused):
        talking.edit(session, at_seat, TextSaid(text="No."), at_seat.version, by=pm)
    read = at_seat.version
    talking.edit(session, at_seat, TextSaid(text="Is Ann back in May?"), read, by=ops)
    with pytest.raises(Stale):
        talking.edit(session, at_seat, TextSaid(text="Lost?"), read, by=ops)
    with pytest.raises(Refused):
        talking.say(session, plan, CommentSaid(text="Where?", seat_key="nowhere"), by=ops)


def test_second_look_within_a_quarter_of_an_hour_writes_nothing(session: Session, plan: Plan, pm: User) -> None:
    assert looks.is_look_due(session, plan, pm, 1)
    looks.note_look(session, plan.id, pm.id, 1)
    assert not looks.is_look_due(session, plan, pm, 1)
    by_hand.apply(session, plan, Assign("dev", "ben"), "", plan.version, by=pm)
    assert looks.number_seen_before(session, plan, pm) == 1
    assert looks.is_look_due(session, plan, pm, 2)
    looks.note_look(session, plan.id, pm.id, 2)
    assert looks.number_seen_before(session, plan, pm) is None
    assert [(one.name, one.version_number) for one in looks.seen_by(session, plan)] == [("Inès", 2)]


@pytest.fixture
def both(database: str, tmp_path: Path) -> Iterator[Engine]:
    """A database of either kind with the tables, and two plans."""
    engine = db.make_engine(Settings(data_dir=tmp_path, database_url=DATABASES.url_for(tmp_path, is_empty=True)))
    engine = engine.execution_options(planner_writes=True)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        rows.workspace(session)
        me = rows.user(session, RoleName.PROJECT_MANAGER)
        ready_plan(session, me)
        ready_plan(session, me, number=2)
        session.commit()
    yield engine
    engine.dispose()


@on_both
def test_database_has_one_plan_in_force_at_most(both: Engine) -> None:
    with Session(both) as session:
        first, second = session.scalars(select(Plan).order_by(Plan.number)).all()
        first.in_force_since = now()
        session.flush()
        second.in_force_since = now()
        with pytest.raises(IntegrityError):
            session.flush()


@on_both
def test_database_refuses_an_approval_of_ones_own(both: Engine) -> None:
    with Session(both) as session:
        plan_id = session.scalar(select(func.min(Plan.id)))
        said = {"plan_id": plan_id, "version_number": 1, "kind": StepKind.APPROVED, "by_id": 3, "by_name": "Ann"}
        session.add(PlanStep(**said, proposed_by_id=4))
        session.flush()
        session.add(PlanStep(**said, proposed_by_id=3))
        with pytest.raises(IntegrityError):
            session.flush()


@on_both
def test_plan_is_put_in_force_on_either_database(both: Engine) -> None:
    with Session(both) as session:
        first, second = session.scalars(select(Plan).order_by(Plan.number)).all()
        for plan in (first, second):
            agreeing.put_in_force(session, plan, SAID, plan.version, by=rows.user(session, RoleName.ADMINISTRATOR))
            session.commit()
            session.expire_all()
        assert [row.in_force_version for row in session.scalars(select(Agreement).order_by(Agreement.plan_id))] == [
            1,
            1,
        ]
        assert session.scalar(select(func.count()).where(Plan.in_force_since.is_not(None))) == 1
        assert {row.booking for row in session.scalars(select(Booking))} == {BookingKind.SOFT}
