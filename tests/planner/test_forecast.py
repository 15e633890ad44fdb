"""The forecast: figures worked out by hand, what has moved it, and that the moves of everybody add up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import holding
import pytest
from holding import Company
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import CheckedClient
from programs import Program
from sqlalchemy.orm import Session

from planner.models import CapacitySpan, Person, PersonKind, RoleName
from planner.services.work import forecast as verbs
from planner.services.work.forecast import Forecast, MoveKind


@pytest.fixture
def here(session: Session) -> Company:
    return holding.working_company(session)


def seen(session: Session) -> Forecast:
    session.expire_all()
    return verbs.forecast(session)


def line_of(found: Forecast, name: str) -> Any:
    return next(line for line in found.lines if line.person.key == name)


def test_load_and_time_are_those_of_the_plan(session: Session, here: Company) -> None:
    found = seen(session)
    ann, cat = line_of(found, "ann"), line_of(found, "cat")
    assert (found.first_idx, found.last_idx, found.plan) == (0, 26, here.plan)
    assert ann.load == (0, *[100] * 8, *[0] * 17)
    assert (sum(cat.load), ann.used_pct, cat.used_pct, ann.num_over) == (400, 31, 15, 0)
    assert (found.moves, [one.seat.title for one in found.open_seats]) == ((), ["Lead"])
    assert {line.person.key for line in found.below(20)} == {"bob", "cat"}


def test_absence_that_was_entered_since_makes_too_much(session: Session, here: Company) -> None:
    here.away("ann", 3, num_days=2)
    found = seen(session)
    ann = line_of(found, "ann")
    assert (ann.capacity[3], ann.over[3], ann.num_over, ann.bench) == (60, 40, 1, 1800)
    [move] = found.moves
    assert (move.kind, move.person_key, move.change, move.first_idx, move.last_idx) == (
        MoveKind.LESS_TIME, "ann", -40, 3, 4,
    )  # fmt: skip


def test_estimate_that_was_changed_since_moves_the_load(session: Session, here: Company) -> None:
    need = here.needs["analyst"]
    need.fte_pct, need.to_offset = 80, 6
    session.commit()
    [move] = seen(session).moves
    assert (move.kind, move.change) == (MoveKind.RE_ESTIMATED, 80 * 6 - 100 * 8)


def test_whoever_left_holds_nothing_and_their_seat_is_open(session: Session, here: Company) -> None:
    session.delete(here.people["ann"])
    session.commit()
    found = seen(session)
    assert [(move.kind, move.change, move.person_id) for move in found.moves] == [(MoveKind.GONE, -800, None)]
    assert [one.seat.title for one in found.open_seats] == ["Analyst", "Lead"]


def test_seat_that_is_gone_frees_its_holder(session: Session, here: Company) -> None:
    session.delete(here.needs["writer"])
    session.commit()
    found = seen(session)
    assert [(move.kind, move.person_key, move.change) for move in found.moves] == [(MoveKind.SEAT_GONE, "cat", -400)]
    assert sum(line_of(found, "cat").load) == 0


def test_fewer_hours_and_more_are_told_apart(session: Session, here: Company) -> None:
    here.people["ann"].capacity_spans = [CapacitySpan(fte_pct=80)]
    session.commit()
    [move] = seen(session).moves
    assert (move.kind, move.change) == (MoveKind.LESS_TIME, -20 * 26)


def test_somebody_who_came_since_has_a_forecast_of_their_own(session: Session, here: Company) -> None:
    session.add(Person(key="dan", name="Dan", kind=PersonKind.EMPLOYEE, capacity_spans=[CapacitySpan(fte_pct=50)]))
    session.commit()
    found = seen(session)
    dan = line_of(found, "dan")
    assert (dan.used_pct, dan.capacity, dan.capacity_then, found.moves) == (0, (50,) * 26, (50,) * 26, ())


def test_without_a_plan_only_what_is_agreed_counts(session: Session) -> None:
    holding.company(session)
    found = seen(session)
    assert (found.plan, found.moves, len(found.open_seats)) == (None, (), 3)
    assert {sum(line.load) for line in found.lines} == {0}


CHANGES = st.fixed_dictionaries(
    {
        "absences": st.lists(
            st.tuples(st.sampled_from(["ann", "bob", "cat"]), st.integers(0, 25), st.integers(1, 5)),
            max_size=4, unique_by=lambda one: one[:2],
        ),
        "efforts": st.dictionaries(st.sampled_from(["analyst", "writer", "lead"]), st.integers(1, 100)),
        "offsets": st.dictionaries(st.sampled_from(["analyst", "writer"]), st.integers(1, 8)),
        "gone": st.sets(st.sampled_from(["ann", "bob"]), max_size=1),
        "removed": st.sets(st.sampled_from(["writer", "lead"]), max_size=1),
    }
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_moves_add_up_whatever_has_happened(app: Any, said: dict[str, Any]) -> None:
    """For everybody who is still there: load now − load then is what their seats moved by; time likewise."""
    with app.extensions["planner_sessions"]() as own:
        commit, own.commit = own.commit, own.flush  # what this example does is undone at its end
        here = holding.company(own)
        holding.work_by(here, {"analyst": "ann", "writer": "cat", "lead": "bob"})
        for name, period, num_days in said["absences"]:
            here.away(name, period, num_days)
        for name, effort in said["efforts"].items():
            here.needs[name].fte_pct = effort
        for name, end in said["offsets"].items():
            here.needs[name].to_offset = end
        own.flush()
        for name in said["removed"]:
            own.delete(here.needs[name])
        for name in said["gone"]:
            own.delete(here.people[name])
        own.flush()
        own.expire_all()
        found = verbs.forecast(own)
        for line in found.lines:
            mine = found.moves_of(line.person.id)
            loads = sum(move.change for move in mine if not move.kind.is_about_time)
            times = sum(move.change for move in mine if move.kind.is_about_time)
            assert sum(line.load) - sum(line.load_then) == loads
            assert sum(line.capacity) - sum(line.capacity_then) == times
            assert sum(line.over) + sum(line.capacity) == sum(line.load) + line.bench
        own.commit = commit
        own.rollback()


def test_page_says_who_and_what(client_of: Callable[..., CheckedClient], here: Company) -> None:
    here.away("ann", 3, num_days=2)
    page = client_of(as_user=here.pm).get("/forecast").text
    assert "1 person has more to do than time: Ann." in page
    assert "has less time: away, or fewer hours" in page


def test_member_sees_their_own_and_nobody_elses(
    client_of: Callable[..., CheckedClient], user: Callable[..., Any], here: Company
) -> None:
    me = user(RoleName.MEMBER, person_id=here.people["ann"].id)
    mine = client_of(as_user=me)
    page = mine.get("/forecast/mine").text
    assert "31" in page
    assert "Cat" not in page
    assert {mine.get(path).status_code for path in ("/forecast", "/alerts", "/reports", "/reports/team")} == {404}


def test_programs_read_the_same(program_of: Callable[..., Program], here: Company) -> None:
    told = program_of(RoleName.OPERATIONS).get("/forecast").json
    assert [row["name"] for row in told["people"]] == ["Ann", "Bob", "Cat"]
    assert told["people"][0]["load"] == [0, *[100] * 8, *[0] * 17]
    assert told["open_seats"] == [here.seat("lead")]
