"""Re-planning: what of the plan in force no longer holds is found, and the next plan changes no more than it may."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import build
import pytest
from background import ask, small_workspace, solving
from conftest import settings_for
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from planner import translate
from planner.jobs.solving import writing
from planner.models import Absence, AbsenceKind, Job, Person, Plan, Project, RoleName, User, UserRole, Workspace
from planner.schemas.planning_plans import AcceptSaid, ReasonSaid
from planner.schemas.planning_versions import ReplanSaid
from planner.services.planning import agreeing, deciding, queueing, reading, replanning
from planner.services.refused import Refused
from solver.problem import Calendar, Period, Problem
from solver.solution import Status

START = date(2027, 1, 4)


def crew() -> Problem:
    """Three seats of three weeks, one after the other, that Ann, Bob or Cat can hold; Ann and Bob are cheap."""
    people = [
        build.person("ann", skills={"sql": 3}),
        build.person("bob", skills={"sql": 3}),
        build.person("cat", cost=900, skills={"sql": 3}),
    ]
    phases = [
        build.phase(
            f"p{n}", build.seat(f"s{n}", title=f"Seat {n}", skills=(build.skill("sql", 3),), to=3), earliest=3 * n
        )
        for n in range(3)
    ]
    return Problem(
        name="Crew", calendar=Calendar(9, START, Period.WEEK), people=tuple(people),
        projects=(build.project("site", *phases),),
    )  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """The crew planned, and the plan in force."""
    engine = small_workspace(settings_for(tmp_path))
    with writing(engine) as session:
        for table in (Person, Project):
            session.execute(delete(table))
        session.execute(update(Workspace).values(calendar_start_on=START, num_periods=9))
        translate.load_rows(session, crew())
        user = session.scalars(select(User)).one()
        user.granted = [UserRole(role=RoleName.ADMINISTRATOR)]
    solving(engine).run(ask(engine, uuid.uuid4().hex, starts_on=START.isoformat(), num_periods=9, is_reproducible=True))
    with writing(engine) as session:
        plan = session.scalars(select(Plan)).one()
        agreeing.put_in_force(session, plan, ReasonSaid(), plan.version, by=session.scalars(select(User)).one())
    yield engine
    engine.dispose()


def holders(session: Session, number: int = 1) -> dict[str, str]:
    return dict(reading.solution_of(session.scalars(select(Plan).where(Plan.number == number)).one()).holders)


def away(session: Session, who: str, *, from_on: date, to_on: date) -> None:
    person = session.scalars(select(Person).where(Person.key == who)).one()
    session.add(Absence(person=person, from_on=from_on, to_on=to_on, kind=AbsenceKind.LEAVE))
    session.flush()


def replanned(engine: Engine, most: int) -> Plan:
    with writing(engine) as session:
        by = session.scalars(select(User)).one()
        plan = replanning.ask(session, ReplanSaid(max_changes=most, time_limit_s=5), by=by, token=uuid.uuid4().hex)
        job = queueing.job_of(session, plan)
        assert job is not None
        job_id = job.id
    solving(engine).run(job_id)
    with Session(engine) as session:
        return session.get_one(Plan, session.get_one(Job, job_id).plan_id)


def test_plan_in_force_holds_while_nothing_happens(engine: Engine) -> None:
    with Session(engine) as session:
        state = replanning.state_of(session)
        assert state is not None
        assert (state.breaks, state.num_seats, state.num_at_least, state.new_seats) == ((), 0, 0, ())


def test_leave_breaks_the_seats_of_its_weeks(engine: Engine) -> None:
    with writing(engine) as session:
        who = holders(session)["s1"]
        away(session, who, from_on=date(2027, 2, 1), to_on=date(2027, 2, 5))
    with Session(engine) as session:
        state = replanning.state_of(session)
        assert state is not None
        [found] = state.breaks
        assert (found.seats, found.person, found.num_at_least) == (("s1",), who, 1)
        assert found.violation is not None
        assert found.violation.rule == "within_capacity"
        assert (state.num_seats, state.num_at_least) == (1, 1)


def test_person_who_is_gone_breaks_all_their_seats(engine: Engine) -> None:
    with writing(engine) as session:
        mine = [seat for seat, who in holders(session).items() if who == "ann"]
        session.execute(delete(Person).where(Person.key == "ann"))
    with Session(engine) as session:
        state = replanning.state_of(session)
        assert state is not None
        assert sorted(seat for one in state.breaks for seat in one.seats) == sorted(mine)
        assert {one.person_name for one in state.breaks} == {"Ann"} if mine else set()
        assert state.num_at_least == len(mine)


def test_no_more_seats_change_hands_than_may(engine: Engine) -> None:
    with writing(engine) as session:
        before = holders(session)
        away(session, before["s1"], from_on=date(2027, 2, 1), to_on=date(2027, 2, 5))
    plan = replanned(engine, 1)
    with Session(engine) as session:
        after = holders(session, plan.number)
        assert [seat for seat in before if before[seat] != after.get(seat)] == ["s1"]
        assert after["s1"] != before["s1"]
        found = replanning.what_changes(session, session.get_one(Plan, plan.id))
        assert found is not None
        _before, _after, what, causes = found
        assert [change.seat for change in what.seats if change.changes_hands] == ["s1"]
        assert [one.seats for one in causes] == [("s1",)]
        state = replanning.state_of(session)
        assert state is not None
        assert [one.id for one in replanning.proposals(session, state.version)] == [plan.id]


def test_too_few_changes_say_how_many_it_takes(engine: Engine) -> None:
    with writing(engine) as session:
        away(session, holders(session)["s1"], from_on=date(2027, 2, 1), to_on=date(2027, 2, 5))
    plan = replanned(engine, 0)
    with Session(engine) as session:
        result = reading.answer_of(session.get_one(Plan, plan.id))
    assert result.status is Status.INFEASIBLE
    assert [demand.text for demand in result.conflict] == [
        "At most 0 seats of the plan in force may change hands; at least 1 must."
    ]


def test_agreed_seat_that_no_longer_holds_is_free_to_change(engine: Engine) -> None:
    with writing(engine) as session:
        plan, by = session.scalars(select(Plan)).one(), session.scalars(select(User)).one()
        deciding.accept(session, plan, AcceptSaid(seats=["s0", "s1"]), plan.version, by=by)
        before = holders(session)
        away(session, before["s1"], from_on=date(2027, 2, 1), to_on=date(2027, 2, 5))
    plan = replanned(engine, 3)
    with Session(engine) as session:
        problem = reading.question_of(session.get_one(Plan, plan.id))
        assert [pin.seat for pin in problem.pins] == ["s0"]
        after = holders(session, plan.number)
        assert after["s0"] == before["s0"]
        assert after["s1"] != before["s1"]


def test_seat_of_somebody_who_is_gone_counts_as_a_change(engine: Engine) -> None:
    with writing(engine) as session:
        before = holders(session)
        gone = before["s0"]
        session.execute(delete(Person).where(Person.key == gone))
    most = sum(who == gone for who in before.values())
    plan = replanned(engine, most)
    with Session(engine) as session:
        assert reading.question_of(session.get_one(Plan, plan.id)).limits.max_changes == 0
        after = holders(session, plan.number)
    assert {seat for seat in before if before[seat] != after.get(seat)} == {
        s for s, who in before.items() if who == gone
    }
    assert len(after) == 3


def test_nothing_is_mended_where_no_plan_is_in_force(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(delete(Plan))
        assert replanning.state_of(session) is None
        by = session.scalars(select(User)).one()
        with pytest.raises(Refused) as refused:
            replanning.ask(session, ReplanSaid(max_changes=1), by=by, token="t")
        assert refused.value.code == "nothing_is_in_force"
