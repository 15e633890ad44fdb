"""Objectives: whose they are, how far they are, what serves them; on track or not is computed, and said in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import rows
from hypothesis import given
from hypothesis import strategies as st
from pages import CheckedClient
from programs import Program, faults
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import (
    ColumnMeaning,
    MeasuredFrom,
    MetricPoint,
    Objective,
    ObjectiveLink,
    ObjectiveReading,
    ObjectiveSource,
    ObjectiveState,
    Project,
    RoleName,
    Task,
    TaskBoard,
    TaskColumn,
    User,
    now,
    today,
)
from planner.schemas.outcomes_objectives import ObjectiveSaid, ObjectiveStateSaid, ReadingSaid
from planner.services import removal
from planner.services.outcomes import objectives
from planner.services.outcomes.progress import (
    Reading,
    Standing,
    Trend,
    expected_share,
    progress_of,
    share_of,
)
from planner.services.refused import Refused, Stale

FIRST, LAST = date(2026, 9, 1), date(2026, 12, 10)  # a hundred days
MIDDLE = FIRST + timedelta(50)
RANK = list(Standing)


def way(from_value: float = 0, target_value: float = 100, **changes: Any) -> Objective:
    said = {"from_on": FIRST, "by_on": LAST, "state": ObjectiveState.OPEN}
    return Objective(from_value=from_value, target_value=target_value, **said | changes)


def said(**changes: Any) -> ObjectiveSaid:
    plain = {"title": "More bookings", "measure": "bookings", "from_value": 0, "target_value": 100,
             "from_on": FIRST, "by_on": LAST}  # fmt: skip
    return ObjectiveSaid.model_validate(plain | changes)


def standing(*values: float, on: date = MIDDLE, read_on: date | None = None, of: Objective | None = None) -> Standing:
    """Where an objective stands with these values, each read a day after the one before, the last on `read_on`."""
    last = read_on or on
    readings = [Reading(last - timedelta(len(values) - 1 - n), value) for n, value in enumerate(values)]
    return progress_of(of or way(), readings, on).standing


# How far it is


@pytest.mark.parametrize(
    ("value", "expected"),
    [(49.9, Standing.BEHIND), (50, Standing.ON_TRACK), (50.1, Standing.ON_TRACK), (100, Standing.MET)],
)
def test_half_the_way_is_expected_after_half_the_time(value: float, expected: Standing) -> None:
    assert standing(value) is expected
    assert standing(100 - value, of=way(100, 0)) is expected, "less is better"


def test_last_reading_counts_and_none_from_the_future() -> None:
    assert standing(80, 10) is Standing.BEHIND
    same_day = [Reading(MIDDLE, 10), Reading(MIDDLE, 60)]
    assert progress_of(way(), same_day, MIDDLE).value == 60
    later = [Reading(MIDDLE, 10), Reading(LAST, 100)]
    assert progress_of(way(), later, MIDDLE).value == 10


def test_old_reading_that_was_enough_then_asks_for_a_new_one() -> None:
    assert standing(30, read_on=FIRST + timedelta(30)) is Standing.READING_DUE
    assert standing(29, read_on=FIRST + timedelta(30)) is Standing.BEHIND


def test_day_after_the_last_is_late_unless_the_target_is_met() -> None:
    after = LAST + timedelta(1)
    assert standing(99, on=LAST) is Standing.BEHIND
    assert standing(99, on=after) is Standing.LATE
    assert standing(100, on=after) is Standing.MET
    assert progress_of(way(), [], after).standing is Standing.LATE


def test_what_nobody_has_read_is_said_so() -> None:
    assert progress_of(way(), [], FIRST).standing is Standing.NOT_BEGUN
    assert progress_of(way(), [], MIDDLE).standing is Standing.NOT_READ


def test_what_is_closed_is_neither_late_nor_on_track() -> None:
    assert standing(3, of=way(state=ObjectiveState.DROPPED), on=LAST + timedelta(9)) is Standing.CLOSED


@pytest.mark.parametrize(
    ("values", "up", "down"),
    [((), Trend.NOT_KNOWN, Trend.NOT_KNOWN), ((5,), Trend.NOT_KNOWN, Trend.NOT_KNOWN),
     ((5, 9), Trend.BETTER, Trend.WORSE), ((9, 5), Trend.WORSE, Trend.BETTER), ((5, 5), Trend.SAME, Trend.SAME)],
)  # fmt: skip
def test_trend_knows_which_way_is_better(values: tuple[float, ...], up: Trend, down: Trend) -> None:
    readings = [Reading(FIRST + timedelta(n), value) for n, value in enumerate(values)]
    assert progress_of(way(), readings, MIDDLE).trend is up
    assert progress_of(way(100, 0), readings, MIDDLE).trend is down


numbers = st.integers(-(10**6), 10**6).map(lambda thousandths: thousandths / 1000)
ends = st.tuples(numbers, numbers).filter(lambda both: both[0] != both[1])
days = st.integers(-30, 160).map(lambda num: FIRST + timedelta(num))


@given(ends, numbers, numbers, days)
def test_better_value_never_stands_worse(both: tuple[float, float], one: float, other: float, on: date) -> None:
    """Both directions: better is more where the target is above the beginning, and less where it is below."""
    objective = way(*both)
    worse, better = sorted((one, other), key=lambda value: share_of(objective, value))
    stands = [progress_of(objective, [Reading(on, value)], on) for value in (worse, better)]
    assert stands[0].share <= stands[1].share
    assert stands[0].bar_pct <= stands[1].bar_pct
    if on <= LAST:
        assert RANK.index(stands[0].standing) <= RANK.index(stands[1].standing)


@given(ends, days, days)
def test_expectation_only_grows_and_ends_at_the_target(both: tuple[float, float], one: date, other: date) -> None:
    objective = way(*both)
    early, late = sorted((one, other))
    assert 0 <= expected_share(objective, early) <= expected_share(objective, late) <= 1
    assert expected_share(objective, FIRST) == 0
    assert expected_share(objective, LAST) == 1
    assert progress_of(objective, [], LAST).expected == pytest.approx(both[1], rel=1e-9, abs=1e-6)


@given(ends, numbers)
def test_mirrored_objective_stands_alike(both: tuple[float, float], value: float) -> None:
    """Counting what is missing instead of what is there changes nothing."""
    plain, mirrored = way(*both), way(-both[0], -both[1])
    found = [progress_of(one, [Reading(MIDDLE, v)], MIDDLE) for one, v in ((plain, value), (mirrored, -value))]
    assert found[0].standing is found[1].standing
    assert found[0].share == found[1].share


# The verbs


def test_reading_moves_the_version_on_and_names_its_reader(session: Session, world: dict[str, Any]) -> None:
    objective, by = world["objective"], world["user"]
    reading = objectives.add_reading(session, objective, ReadingSaid(value=4, read_on=today()), by=by)
    assert (reading.by_name, objective.version) == (by.name, 2)
    assert objectives.line_of(session, objective).progress.value == 4


def test_count_is_never_below_zero(session: Session, world: dict[str, Any]) -> None:
    below = ReadingSaid(value=-1, read_on=today())
    with pytest.raises(Refused) as caught:
        objectives.add_reading(session, world["objective"], below, by=world["user"])
    assert (caught.value.code, caught.value.field) == ("count_is_negative", "value")
    free = said(measure_kind="number", from_value=-10, target_value=20)
    balance = objectives.add_objective(session, None, free)
    objectives.add_reading(session, balance, below, by=world["user"])
    with pytest.raises(Refused) as caught:
        objectives.edit_objective(session, balance, said(), balance.version)
    assert caught.value.code == "readings_are_negative"


def test_closed_objective_takes_no_reading_until_it_is_open_again(session: Session, world: dict[str, Any]) -> None:
    objective, by = world["objective"], world["user"]
    objectives.set_state(session, objective, ObjectiveStateSaid(state="missed", reason="too late"), 1, by=by)
    with pytest.raises(Refused) as caught:
        objectives.add_reading(session, objective, ReadingSaid(value=4, read_on=today()), by=by)
    assert caught.value.code == "objective_is_closed"
    objectives.set_state(session, objective, ObjectiveStateSaid(state="open"), objective.version, by=by)
    objectives.add_reading(session, objective, ReadingSaid(value=4, read_on=today()), by=by)
    with pytest.raises(Stale):
        objectives.set_state(session, objective, ObjectiveStateSaid(state="open"), 1, by=by)


def test_what_serves_it_is_kept_named_once_and_missing_is_told(session: Session, world: dict[str, Any]) -> None:
    phase, need = {"phase_id": world["phase"].id}, {"need_id": world["need"].id}
    made = objectives.add_objective(session, world["project"], said(links=[phase, need, phase]))
    kept = {link.id for link in made.links if link.phase_id}
    assert len(made.links) == 2
    idea = {"idea_id": world["idea"].id}
    objectives.edit_objective(session, made, said(links=[phase, idea]), made.version)
    assert {link.id for link in made.links if link.phase_id} == kept
    assert {link.idea_id for link in made.links} == {None, world["idea"].id}
    with pytest.raises(Refused) as caught:
        objectives.edit_objective(session, made, said(links=[phase, {"need_id": 98765}]), made.version)
    assert (caught.value.code, caught.value.field) == ("choice_is_not_there", "links.1.need_id")


def test_change_of_what_serves_it_alone_is_an_edit(session: Session, world: dict[str, Any]) -> None:
    made = objectives.add_objective(session, None, said())
    before = made.version
    objectives.edit_objective(session, made, said(links=[{"project_id": world["project"].id}]), before)
    assert made.version == before + 1


def test_removed_phase_takes_its_link_and_brings_it_back(session: Session, world: dict[str, Any]) -> None:
    made = objectives.add_objective(session, None, said(links=[{"phase_id": world["phase"].id}]))
    gone = removal.remove(session, world["phase"], title="phase", by_id=None)
    assert session.scalar(select(func.count(ObjectiveLink.id))) == 0
    removal.restore(session, gone)
    assert [link.phase_id for link in session.get_one(Objective, made.id).links] == [world["phase"].id]


def test_late_comes_first_and_the_project_shows_what_it_serves(session: Session, world: dict[str, Any]) -> None:
    session.delete(world["objective"])
    begun = today() - timedelta(20)
    calm = objectives.add_objective(session, None, said(from_on=begun, by_on=today() + timedelta(300)))
    objectives.add_reading(session, calm, ReadingSaid(value=90, read_on=today()), by=world["user"])
    behind = objectives.add_objective(session, world["project"], said(from_on=begun, by_on=today() + timedelta(20)))
    objectives.add_reading(session, behind, ReadingSaid(value=1, read_on=today()), by=world["user"])
    late = said(from_on=begun, by_on=today() - timedelta(1), links=[{"need_id": world["need"].id}])
    late_one = objectives.add_objective(session, None, late)
    order = [line.objective.id for line in objectives.measured(session, session.scalars(select(Objective)).all())]
    assert order == [late_one.id, behind.id, calm.id]
    mine = objectives.lines_of_project(session, world["project"])
    assert [line.objective.id for line in mine] == [late_one.id, behind.id]


# The pages


def typed(**changes: str) -> dict[str, str]:
    plain = {"title": "More bookings", "measure": "bookings", "measure_kind": "count", "from_value": "0"}
    days = {"from_on": str(today() - timedelta(10)), "by_on": str(today() + timedelta(10))}
    return {**plain, "target_value": "100", **days, **changes}


def test_pm_adds_reads_and_closes_on_the_pages(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    paula = session.get_one(User, world["project"].pm_id)
    client, project = client_of(as_user=paula), world["project"]
    serving = {"links-0-of": f"need_id-{world['need'].id}"}
    added = client.send(f"/objectives/of-project/{project.id}/add", typed(**serving))
    assert added.status_code == 303
    page = added.location
    assert "Nobody has entered a reading yet; 50 were expected by now" in client.get(page).text
    assert client.send(f"{page}/readings/add", {"value": "40", "read_on": str(today())}, page=page).status_code == 303
    shown = client.get(page).text
    assert "50 were expected by now" in shown
    assert "behind" in shown
    assert ">Writer</a>" in shown
    assert "More bookings" in client.get(f"/projects/{project.id}").text
    future = {"value": "40", "read_on": str(today() + timedelta(1))}
    refused = client.send(f"{page}/readings/add", future, page=page)
    assert refused.status_code == 422
    assert "This day is still to come." in refused.text
    version = session.scalars(select(Objective.version).where(Objective.title == "More bookings")).one()
    silent = client.send(f"{page}/state", {"state": "dropped", "version": str(version)}, page=page)
    assert silent.status_code == 422
    assert "Say why, in a few words at least." in silent.text
    closing = {"state": "dropped", "reason": "The client has left.", "version": str(version)}
    assert client.send(f"{page}/state", closing, page=page).status_code == 303
    assert "The client has left." in client.get(page).text


def test_reading_is_removed_and_comes_back(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    client = client_of(RoleName.ADMINISTRATOR)
    page = f"/objectives/{world['objective'].id}"
    path = f"/objectives/readings/{world['objective_reading'].id}/remove"
    assert client.send(path, page=page).status_code == 303
    assert session.scalar(select(func.count(ObjectiveReading.id))) == 0
    assert "was removed" in client.get(page).text


def test_seniors_see_all_and_the_department_its_own(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    objectives.add_objective(session, None, said(title="Answers in three days", target_value=3, from_value=8))
    session.commit()
    senior = client_of(RoleName.EXECUTIVE)
    whole = senior.get("/objectives").text
    assert world["objective"].title in whole
    assert "Answers in three days" in whole
    department = senior.get("/objectives/department").text
    assert "Answers in three days" in department
    assert world["objective"].title not in department
    assert "Answers in three days" not in senior.get("/objectives?of=projects").text
    assert world["objective"].title not in senior.get("/objectives?q=answers").text


def test_script_in_a_title_is_text(client_of: Callable[..., CheckedClient], world: dict[str, Any]) -> None:
    client = client_of(RoleName.OPERATIONS)
    added = client.send("/objectives/department/add", typed(title="<script>alert(1)</script>"))
    shown = client.get(added.location).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


@pytest.mark.parametrize(
    ("role", "status"),
    [(RoleName.PROJECT_MANAGER, 403), (RoleName.OPERATIONS, 303), (RoleName.EXECUTIVE, 403), (RoleName.MEMBER, 404)],
)
def test_objectives_of_the_department_are_for_operations_to_say(
    client_of: Callable[..., CheckedClient], role: RoleName, status: int
) -> None:
    client = client_of(role)
    data = {"csrf_token": client.token("/account"), **typed()}
    assert client.post("/objectives/department/add", data=data).status_code == status


def test_operations_edit_those_of_the_department_and_not_a_pms(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    own = objectives.add_objective(session, None, said())
    session.commit()
    client = client_of(RoleName.OPERATIONS)
    assert client.get(f"/objectives/{own.id}/edit").status_code == 200
    assert client.get(f"/objectives/{world['objective'].id}/edit").status_code == 403


# The API


def test_api_says_how_far_one_is_and_why(program: Program, program_of: Any, session: Session) -> None:
    pm = rows.user(session, RoleName.PROJECT_MANAGER)
    session.add(Project(key="own", name="Own", pm_id=pm.id))
    session.commit()
    project_id = session.scalars(select(Project.id)).one()
    hers = program_of(as_user=pm)
    plain = {"title": "Fewer calls", "measure": "calls", "from_value": 40, "target_value": 10}
    dated = {"from_on": str(today() - timedelta(10)), "by_on": str(today() + timedelta(10))}
    added = hers.post(f"/projects/{project_id}/objectives", plain | dated, Idempotency_Key="1")
    assert added.status_code == 201, added.text
    path = f"/objectives/{added.json['id']}"
    read = hers.post(f"{path}/readings", {"value": 24, "read_on": str(today())}, Idempotency_Key="2")
    assert read.status_code == 201
    told = program.get(f"{path}/progress").json
    assert (told["standing"], told["value"], told["expected"], told["expected_pct"]) == ("on_track", 24, 25, 50)
    assert "25 were expected by now, on the way to 10" in told["sentence"]
    version = program.get(path).json["version"]
    closing = {"state": "reached", "reason": "ten calls"}
    assert program.post(f"{path}/state", closing, version=version, Idempotency_Key="3").status_code == 403
    assert hers.post(f"{path}/state", closing, version=version, Idempotency_Key="4").status_code == 200
    assert hers.post(f"{path}/readings", {"value": 9, "read_on": str(today())}, Idempotency_Key="5").status_code == 409
    gone = hers.post(f"/readings/{read.json['id']}/remove", Idempotency_Key="6")
    assert gone.status_code == 200, gone.text
    assert program.get(path).json["readings"] == []


# Where the readings come from


def board_with(session: Session, world: dict[str, Any], *days: tuple[int, int | None]) -> TaskBoard:
    """A board with a task for each pair: added so many days ago, done so many days ago or not at all."""
    board = TaskBoard(name="Launch", own_project=world["project"])
    board.columns = [TaskColumn(name=str(one), meaning=one, position=n) for n, one in enumerate(ColumnMeaning)]
    session.add(board)
    session.flush()
    for n, (added, done) in enumerate(days):
        column = board.columns[0 if done is None else 2]
        at = now() - timedelta(added)
        done_on = None if done is None else today() - timedelta(done)
        session.add(
            Task(board_id=board.id, column_id=column.id, rank=n, title=f"Task {n}", created_at=at, done_on=done_on)
        )
    session.flush()
    return board


def from_board(board: TaskBoard, **changes: Any) -> ObjectiveSaid:
    dated = {"from_on": today() - timedelta(20), "by_on": today() + timedelta(20)}
    return said(source="tasks", board_id=board.id, **dated | changes)


def test_tasks_done_are_counted_week_by_week(session: Session, world: dict[str, Any]) -> None:
    board = board_with(session, world, (30, 10), (30, 9), (30, 1), (3, 0), (30, None))
    merged = session.scalars(select(Task).where(Task.title == "Task 3")).one()
    merged.merged_into_id = session.scalars(select(Task.id).where(Task.title == "Task 0")).one()
    made = objectives.add_objective(session, world["project"], from_board(board, target_value=4))
    line = objectives.line_of(session, made)
    assert [(one.read_on, one.value) for one in line.readings] == [
        (today() - timedelta(14), 0), (today() - timedelta(7), 2), (today(), 3),
    ]  # fmt: skip
    assert (line.progress.standing, line.progress.trend) == (Standing.ON_TRACK, Trend.BETTER)


def test_share_is_of_the_tasks_that_were_there_by_then(session: Session, world: dict[str, Any]) -> None:
    board = board_with(session, world, (30, 10), (30, None), (3, None), (3, 2))
    share = from_board(board, measure_kind="percent")
    made = objectives.add_objective(session, world["project"], share)
    found = objectives.line_of(session, made).readings
    assert [one.value for one in found] == [0, 50, 50]
    nothing = objectives.add_objective(session, None, from_board(board_with(session, world), measure_kind="percent"))
    line = objectives.line_of(session, nothing)
    assert (line.readings, line.progress.standing) == ([], Standing.NOT_READ)


def test_metric_is_read_day_by_day(session: Session, world: dict[str, Any]) -> None:
    metric = world["metric"]
    metric.points.append(MetricPoint(measured_on=today() - timedelta(9), trials=29, successes=29))
    metric.points.append(MetricPoint(measured_on=today() - timedelta(1), trials=200, successes=90))
    session.flush()
    dated = {"from_on": today() - timedelta(20), "by_on": today() + timedelta(20)}
    share = said(source="metric", metric_id=metric.id, measure_kind="percent", **dated)
    made = objectives.add_objective(session, world["project"], share)
    line = objectives.line_of(session, made)
    assert [round(one.value, 9) for one in line.readings] == [20, 45], "29 tries say nothing"
    assert line.progress.read_on == today() - timedelta(1)
    with pytest.raises(Refused) as caught:
        objectives.edit_objective(session, made, said(source="metric", metric_id=metric.id, **dated), made.version)
    assert (caught.value.code, caught.value.field) == ("metric_is_a_share", "measure_kind")


def test_closed_objective_stays_as_it_was_when_it_was_closed(session: Session, world: dict[str, Any]) -> None:
    board = board_with(session, world, (30, 10), (30, 1))
    made = objectives.add_objective(session, world["project"], from_board(board))
    objectives.set_state(session, made, ObjectiveStateSaid(state="dropped", reason="no more"), 1, by=world["user"])
    made.state_at = now() - timedelta(5)
    line = objectives.line_of(session, made)
    assert (line.progress.value, line.progress.read_on) == (1, made.state_at.date())


def test_nobody_enters_what_is_measured_and_what_was_entered_waits(session: Session, world: dict[str, Any]) -> None:
    objective, by = world["objective"], world["user"]
    board = board_with(session, world, (3, 1))
    reading = ReadingSaid(value=4, read_on=today())
    objectives.edit_objective(session, objective, from_board(board), objective.version)
    before = objective.version
    with pytest.raises(Refused) as caught:
        objectives.add_reading(session, objective, reading, by=by)
    assert caught.value.code == "objective_is_measured"
    assert objectives.line_of(session, objective).progress.value == 1
    metric = said(source="metric", metric_id=world["metric"].id, measure_kind="percent")
    objectives.edit_objective(session, objective, metric, before)
    assert objective.version == before + 1
    assert session.scalars(select(MeasuredFrom.metric_id)).all() == [world["metric"].id]
    objectives.edit_objective(session, objective, said(), objective.version)
    assert session.scalar(select(func.count(MeasuredFrom.id))) == 0
    assert objectives.line_of(session, objective).progress.value == 3


def test_removed_board_leaves_the_objective_and_comes_back_to_it(session: Session, world: dict[str, Any]) -> None:
    board = board_with(session, world, (3, 1))
    made = objectives.add_objective(session, world["project"], from_board(board))
    gone = removal.remove(session, board, title="board", by_id=None)
    session.expire_all()
    line = objectives.line_of(session, session.get_one(Objective, made.id))
    assert (line.readings, line.objective.source) == ([], ObjectiveSource.TASKS)
    removal.restore(session, gone)
    session.expire_all()
    assert objectives.line_of(session, session.get_one(Objective, made.id)).progress.value == 1


@pytest.mark.parametrize(
    ("changes", "place", "kind"),
    [
        ({"source": "tasks"}, "board_id", "source_is_wanted"),
        ({"source": "metric"}, "metric_id", "source_is_wanted"),
        ({"source": "metric", "metric_id": 1, "board_id": 1}, "board_id", "source_is_another"),
        ({"board_id": 1}, "board_id", "source_is_another"),
        ({"source": "tasks", "board_id": 1, "measure_kind": "number"}, "source", "tasks_are_counted"),
    ],
)
def test_source_and_what_it_names_belong_together(changes: dict[str, Any], place: str, kind: str) -> None:
    with pytest.raises(ValidationError) as caught:
        said(**changes)
    assert [(one["loc"], one["type"]) for one in caught.value.errors()] == [((place,), kind)]


def test_source_is_chosen_on_the_page_and_said_in_words(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any]
) -> None:
    board = board_with(session, world, (30, 10), (30, None))
    session.commit()
    client, project = client_of(as_user=session.get_one(User, world["project"].pm_id)), world["project"]
    form = f"/objectives/of-project/{project.id}/add"
    serving = {"links-0-of": f"need_id-{world['need'].id}"}
    wrong = client.send(form, typed(read_from=f"board_id-{board.id}", measure_kind="number"))
    assert "Tasks are counted, or are a percentage of all" in wrong.text
    page = client.send(form, typed(read_from=f"board_id-{board.id}", measure_kind="percent", **serving)).location
    shown = client.get(page).text
    assert "50\u00a0% were expected by now" in shown
    assert "Counted: which share of the tasks on the board Launch is done." in shown
    assert f'href="/boards/{board.id}"' in shown
    assert "Enter a reading" not in shown
    edit = client.get(f"{page}/edit").text
    assert f'<option selected value="board_id-{board.id}">' in edit
    assert f'<option selected value="need_id-{world["need"].id}">' in edit, "what serves it is there to be kept"
    assert "Counted: which share" in client.get(f"/projects/{project.id}").text
    version = str(session.scalars(select(Objective.version).where(Objective.title == "More bookings")).one())
    metric = typed(read_from=f"metric_id-{world['metric'].id}", version=version, **serving)
    refused = client.send(f"{page}/edit", metric)
    assert f"{world['metric'].name} is a share" in refused.text
    assert client.send(f"{page}/edit", metric | {"measure_kind": "percent"}).status_code == 303
    read = client.get(page).text
    assert "its share on each day with 30 tries or more" in read
    assert ">Writer</a>" in read
    session.commit()  # the pages have written since
    removal.remove(session, world["metric"], title="metric", by_id=None)
    session.commit()
    assert "What it was measured from was removed" in client.get(page).text
    silent = client.form(f"{page}/edit")
    assert silent["read_from"] == "", "nobody becomes who enters readings by editing a title"
    refused = client.post(f"{page}/edit", data=silent)
    assert refused.status_code == 422
    assert client.post(f"{page}/edit", data={**silent, "read_from": "readings"}).status_code == 303


def test_api_says_where_the_figure_comes_from(program_of: Any, session: Session, world: dict[str, Any]) -> None:
    board = board_with(session, world, (30, 10), (30, 1))
    made = objectives.add_objective(session, world["project"], from_board(board, target_value=3))
    pm = session.get_one(User, world["project"].pm_id)
    session.commit()
    program, path = program_of(as_user=pm), f"/objectives/{made.id}"
    seen = program.get(path).json
    assert (seen["source"], seen["board_id"], seen["metric_id"]) == ("tasks", board.id, None)
    told = program.get(f"{path}/progress").json
    assert (told["value"], told["source_sentence"]) == (2, "Counted: how many tasks on the board Launch are done.")
    wanted = {name: seen[name] for name in ("title", "measure", "from_value", "target_value", "from_on", "by_on")}
    away = program.put(path, wanted | {"source": "tasks", "board_id": 98765}, version=1)
    assert (away.status_code, faults(away)) == (409, {"board_id": "choice_is_not_there"})
    assert program.put(path, wanted, version=1).json["source"] == "readings"
