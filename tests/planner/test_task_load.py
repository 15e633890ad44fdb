"""The load of people: seats and tasks in one sum, and nothing counted twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import rows
from boards import add, employee, in_days, move, team
from hypothesis import given
from hypothesis import strategies as st
from pages import CheckedClient
from sqlalchemy.orm import Session

from planner.models import Absence, PeriodKind, RoleName, Workspace, today
from planner.services.work import load

HOURS = st.integers(0, 60).map(float)  # whole hours: their sums are exact, in whatever order
SEATS = st.dictionaries(st.sampled_from("abc"), HOURS, max_size=3)
TASKS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", "d", None]), HOURS), max_size=8)


def by_hand(seats: dict[str, float], tasks: list[tuple[str | None, float]]) -> float:
    """The law as it is written: the larger of each seat and of its tasks, and all other tasks."""
    of_seats = [max(hours, sum(h for seat, h in tasks if seat == key)) for key, hours in seats.items()]
    return sum(of_seats) + sum(hours for seat, hours in tasks if seat not in seats)


@given(seats=SEATS, tasks=TASKS)
def test_load_is_the_larger_of_each_seat_and_its_tasks(
    seats: dict[str, float], tasks: list[tuple[str | None, float]]
) -> None:
    assert load.total_of(seats, tasks) == by_hand(seats, tasks)


@given(seats=SEATS, tasks=TASKS, turn=st.randoms())
def test_nothing_is_counted_twice_and_nothing_is_forgotten(
    seats: dict[str, float], tasks: list[tuple[str | None, float]], turn: st.DataObject
) -> None:
    of_seats, of_tasks = sum(seats.values()), sum(hours for _seat, hours in tasks)
    total = load.total_of(seats, tasks)
    assert max(of_seats, of_tasks) <= total <= of_seats + of_tasks
    shuffled = sorted(tasks, key=lambda _task: turn.random())  # type: ignore[attr-defined]
    assert load.total_of(seats, shuffled) == total


@given(seats=SEATS, tasks=TASKS, hours=HOURS, seat=st.sampled_from("abc"))
def test_work_of_a_seat_never_weighs_more_than_work_beside_it(
    seats: dict[str, float], tasks: list[tuple[str | None, float]], hours: float, seat: str
) -> None:
    within, beside = load.total_of(seats, [*tasks, (seat, hours)]), load.total_of(seats, [*tasks, (None, hours)])
    assert load.total_of(seats, tasks) <= within <= beside
    assert beside == load.total_of(seats, tasks) + hours


@given(hours=st.floats(0.25, 500), begins=st.integers(-40, 60), lasts=st.integers(0, 90))
def test_hours_that_are_left_are_spread_whole(hours: float, begins: int, lasts: int) -> None:
    calendar = Workspace(period=PeriodKind.WEEK, calendar_start_on=today(), num_periods=26)
    shares = load.spread(calendar, load.Left(None, hours, in_days(begins), in_days(begins + lasts)), 0)
    assert sum(shares.values()) == pytest.approx(hours)
    assert min(shares) >= 0
    assert max(shares) == max(0, (begins + lasts) // 7)


def test_task_of_a_seat_is_within_its_hours_until_it_is_more(session: Session) -> None:
    """Half of full time is 20 hours a week; four weeks lie between today and the due date."""
    here = team(session, fte_pct=50)
    add(session, here.board, "Within", seat_id=here.seat.id, estimate_h=40, due_on=in_days(27))
    (found,) = load.load_of(session, load.staff(session, [here.ann.id]))
    assert [round(one.total_h) for one in found.periods[:5]] == [20, 20, 20, 20, 20]
    assert found.periods[0].tasks_h == 10
    add(session, here.board, "More", seat_id=here.seat.id, estimate_h=80, due_on=in_days(27))
    (found,) = load.load_of(session, load.staff(session, [here.ann.id]))
    assert [round(one.total_h) for one in found.periods[:5]] == [30, 30, 30, 30, 20]
    add(session, here.board, "Beside", owner_id=here.ann.id, estimate_h=60, due_on=in_days(27))
    (found,) = load.load_of(session, load.staff(session, [here.ann.id]))
    assert [round(one.total_h) for one in found.periods[:5]] == [45, 45, 45, 45, 20]
    assert [one.is_over for one in found.periods[:5]] == [True, True, True, True, False]


def test_task_for_a_seat_that_its_owner_does_not_hold_adds_up_whole(session: Session) -> None:
    here = team(session)
    bo = employee(session)
    add(session, here.board, "Help", seat_id=here.seat.id, owner_id=bo.id, estimate_h=10, due_on=in_days(0))
    ann, other = load.load_of(session, load.staff(session, [here.ann.id, bo.id]))
    assert (ann.periods[0].total_h, other.periods[0].total_h) == (20, 10)


def test_late_task_lies_in_the_present_and_done_one_nowhere(session: Session) -> None:
    here = team(session)
    bo = employee(session)
    late = add(session, here.board, "Late", owner_id=bo.id, estimate_h=10, actual_h=4, due_on=in_days(-20))
    add(session, here.board, "No date", owner_id=bo.id, estimate_h=7)
    (found,) = load.load_of(session, load.staff(session, [bo.id]))
    assert [one.total_h for one in found.periods[:2]] == [6, 0]
    assert (found.undated_h, found.num_tasks) == (7, 2)
    move(session, here.board, [late], here.done)
    (found,) = load.load_of(session, load.staff(session, [bo.id]))
    assert found.periods[0].total_h == 0


def test_who_is_away_has_too_much_with_anything(session: Session) -> None:
    here = team(session)
    bo = employee(session)
    bo.absences = [Absence(from_on=in_days(0), to_on=in_days(13))]
    add(session, here.board, "Now", owner_id=bo.id, estimate_h=1, due_on=in_days(0))
    (found,) = load.load_of(session, load.staff(session, [bo.id]))
    assert (found.periods[0].capacity_h, found.periods[0].pct, found.is_over) == (0, 101, True)
    assert load.overloaded(session, [bo.id, here.ann.id]).keys() == {bo.id}


def test_page_shows_who_has_too_much_first_and_narrows(
    client_of: Callable[..., CheckedClient], session: Session
) -> None:
    here = team(session)
    busy = employee(session, "Zoe Busy")
    employee(session, "Free Person")
    add(session, here.board, "Huge", owner_id=busy.id, estimate_h=200, due_on=in_days(6))
    ops = client_of(RoleName.OPERATIONS)
    page = ops.get("/load").text
    assert page.index("Zoe Busy") < page.index(here.ann.name)
    assert "Free Person" not in page
    assert "Free Person" in ops.get("/load?show=all").text
    assert here.ann.name not in ops.get("/load?show=over").text
    assert "Zoe Busy" in ops.get(f"/load?project={here.project.id}").text
    assert "Zoe Busy" not in ops.get("/load?team=999").text
    assert ops.get("/load?first=99999999").status_code == 200
    assert client_of(RoleName.MEMBER).get("/load").status_code == 404


def test_card_tells_that_its_owner_has_too_much(client_of: Callable[..., CheckedClient], session: Session) -> None:
    here = team(session)
    task = add(session, here.board, "Huge", seat_id=here.seat.id, estimate_h=200, due_on=in_days(6))
    pm = client_of(as_user=here.pm)
    told = f"{here.ann.name} has more to do than time"
    assert told in pm.get(f"/boards/{here.board.id}").text
    assert told in pm.get(f"/tasks/{task.id}").text
    assert "tell your project manager" in client_of(as_user=here.member).get("/my-work").text


def test_workspace_of_days_counts_days(session: Session) -> None:
    rows.workspace(session).period = PeriodKind.DAY
    here = team(session)
    bo = employee(session)
    add(session, here.board, "Two days", owner_id=bo.id, estimate_h=10, due_on=in_days(1))
    (found,) = load.load_of(session, load.staff(session, [bo.id]))
    assert [one.total_h for one in found.periods[:3]] == [5, 5, 0]
    assert found.periods[0].capacity_h == 8
