"""Metrics: what is measured is what there is; too few say nothing, nothing is of tomorrow, a day is measured once."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import rows
from flask import Flask
from openpyxl import Workbook
from pages import CheckedClient
from programs import Program, faults
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.forms.outcomes_metrics import NumberPointForm
from planner.models import Metric, MetricKind, MetricPoint, MetricSubject, Project, Removal, RoleName, User, today
from planner.schemas.outcomes_metrics import MetricSaid, PointSaid
from planner.services.outcomes import metrics
from planner.services.outcomes.trend import LEAST as LEAST_POINTS
from planner.services.refused import Refused, Stale

FIRST = date(2026, 1, 5)


@pytest.fixture
def project(session: Session) -> Project:
    project = Project(key="j1", name="Relaunch")
    session.add(project)
    session.commit()
    return project


def said(project: Project, kind: MetricKind = MetricKind.SHARE, **changes: object) -> MetricSaid:
    plain = {"project_id": project.id, "name": "Orders", "subject": MetricSubject.CONVERSIONS, "kind": kind}
    return MetricSaid.model_validate({**plain, **changes})


def share(trials: int, successes: int, day: date = FIRST) -> PointSaid:
    return PointSaid(measured_on=day, trials=trials, successes=successes)


def refused(verb: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        verb()
    return caught.value.code, caught.value.field


def test_series_of_shares_has_its_intervals_and_all_together(session: Session, project: Project) -> None:
    metric = metrics.add_metric(session, said(project))
    for week, (trials, successes) in enumerate([(200, 20), (300, 45), (10, 9)]):
        metrics.add_point(session, metric, share(trials, successes, FIRST + timedelta(weeks=week)))
    session.commit()
    found = metrics.series_of(session, [metric])[metric.id]
    assert [one.value for one in found.points] == [0.1, 0.15, None]
    assert found.points[2].low is None  # ten tries are too few for a share
    assert found.whole == pytest.approx(74 / 510, abs=1e-12)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.whole < found.high


def test_means_weigh_by_their_number(session: Session, project: Project) -> None:
    metric = metrics.add_metric(session, said(project, MetricKind.MEAN))
    for week, (value, num, spread) in enumerate([(4.0, 10, 1.0), (8.0, 30, 2.0)]):
        day = FIRST + timedelta(weeks=week)
        metrics.add_point(session, metric, PointSaid(measured_on=day, value=value, num=num, spread=spread))
    found = metrics.series_of(session, [metric])[metric.id]
    assert found.whole == pytest.approx(7.0, abs=1e-12)
    half = 1.959963984540054 * (10 * 1 + 30 * 4) ** 0.5 / 40
    assert (found.low, found.high) == pytest.approx((7 - half, 7 + half), abs=1e-9)


@pytest.mark.parametrize(
    ("kind", "point", "code"),
    [
        (MetricKind.SHARE, {"value": 3}, "point_of_a_share"),
        (MetricKind.SHARE, {"trials": 3}, "point_of_a_share"),
        (MetricKind.SHARE, {"trials": 3, "successes": 1, "value": 2}, "point_of_a_share"),
        (MetricKind.MEAN, {"value": 3}, "point_of_a_mean"),
        (MetricKind.MEAN, {"value": 3, "num": 4}, "point_of_a_mean"),
        (MetricKind.NUMBER, {"trials": 3, "successes": 1}, "point_of_a_number"),
        (MetricKind.NUMBER, {"value": 3, "num": 4, "spread": 1}, "point_of_a_number"),
        (MetricKind.NUMBER, {"value": -1}, "count_below_none"),
    ],
)
def test_point_says_what_its_metric_wants(
    session: Session, project: Project, kind: MetricKind, point: dict[str, float], code: str
) -> None:
    metric = metrics.add_metric(session, said(project, kind))
    wrong = PointSaid.model_validate({"measured_on": FIRST, **point})
    assert refused(lambda: metrics.add_point(session, metric, wrong))[0] == code


def test_what_is_no_count_may_be_below_nothing(session: Session, project: Project) -> None:
    metric = metrics.add_metric(session, said(project, MetricKind.NUMBER, subject="satisfaction"))
    assert metrics.add_point(session, metric, PointSaid(measured_on=FIRST, value=-12)).value == -12


def test_nothing_is_measured_tomorrow_or_twice_a_day(session: Session, project: Project) -> None:
    metric = metrics.add_metric(session, said(project))
    metrics.add_point(session, metric, share(50, 5, today()))
    tomorrow = share(50, 5, today() + timedelta(days=1))
    assert refused(lambda: metrics.add_point(session, metric, tomorrow)) == ("day_is_to_come", "measured_on")
    again = share(60, 5, today())
    assert refused(lambda: metrics.add_point(session, metric, again)) == ("day_is_measured", "measured_on")


@pytest.mark.parametrize(
    "point",
    [
        {"trials": 10, "successes": 11},
        {"trials": 10, "successes": -1},
        {"trials": -10, "successes": -11},
        {"trials": 10},
        {"value": 1.0, "num": 0, "spread": 1.0},
        {"value": 1.0, "num": 3, "spread": -1.0},
        {"value": 1.0, "num": 3},
        {"value": 1.0, "trials": 10, "successes": 1},
        {},
    ],
)
def test_database_itself_refuses_what_cannot_be(session: Session, project: Project, point: dict[str, float]) -> None:
    metric = metrics.add_metric(session, said(project))
    session.add(MetricPoint(metric_id=metric.id, measured_on=FIRST, **point))
    with pytest.raises(IntegrityError):
        session.flush()


def test_two_metrics_of_one_place_have_two_names(session: Session, project: Project) -> None:
    metrics.add_metric(session, said(project))
    assert refused(lambda: metrics.add_metric(session, said(project))) == ("metric_is_there", "name")
    session.add(Metric(project_id=project.id, name="Orders", subject="opens", kind="share"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_metric_keeps_its_kind_while_it_has_points(session: Session, project: Project) -> None:
    metric = metrics.add_metric(session, said(project))
    metrics.edit_metric(session, metric, said(project, MetricKind.NUMBER), 1)
    metrics.edit_metric(session, metric, said(project), 2)
    metrics.add_point(session, metric, share(50, 5))
    other = said(project, MetricKind.MEAN)
    assert refused(lambda: metrics.edit_metric(session, metric, other, 3)) == ("metric_has_points", "kind")
    with pytest.raises(Stale):
        metrics.edit_metric(session, metric, said(project), 2)


def test_phase_is_one_of_the_project(session: Session, project: Project) -> None:
    phase = rows.world(session)["phase"]
    wrong = said(project, phase_id=phase.id)
    assert refused(lambda: metrics.add_metric(session, wrong)) == ("phase_of_another_project", "phase_id")


def test_page_says_it_in_a_sentence_and_draws_it_beside_its_table(
    ops: CheckedClient, session: Session, project: Project
) -> None:
    metric = metrics.add_metric(session, said(project))
    session.commit()
    assert "Nothing was measured yet." in ops.get(f"/metrics/{metric.id}").text
    for week in range(LEAST_POINTS):
        metrics.add_point(session, metric, share(1000, 50 + 5 * week, FIRST + timedelta(weeks=week)))
    session.commit()
    page = ops.get(f"/metrics/{metric.id}").text
    assert "<b>8.5\u00a0%</b>" in page
    assert "It goes up: a week adds +0.5 points" in page
    for point in session.scalars(select(MetricPoint)):
        assert f'href="#point-{point.id}"' in page
        assert f'<tr id="point-{point.id}">' in page
    assert "8.5\u00a0%" in ops.get(f"/projects/{project.id}").text
    assert "It goes up" in ops.get("/metrics").text


def test_metric_is_typed_corrected_removed_and_brought_back(
    ops: CheckedClient, session: Session, project: Project
) -> None:
    typed = {"name": "Orders", "project_id": str(project.id), "subject": "conversions", "kind": "share",
             "is_higher_better": "y"}  # fmt: skip
    assert ops.send("/metrics/add", typed).status_code == 303
    metric = session.scalars(select(Metric)).one()
    point = {"measured_on": "2026-01-05", "trials": "200", "successes": "20"}
    assert ops.send(f"/metrics/{metric.id}/points/add", point).status_code == 303
    session.rollback()
    row = session.scalars(select(MetricPoint)).one()
    again = ops.send(f"/metrics/points/{row.id}/edit", {**point, "successes": "30", "version": "1"})
    assert again.status_code == 303
    ops.send(f"/metrics/{metric.id}/remove")
    session.rollback()
    assert session.scalars(select(MetricPoint)).all() == []
    removal = session.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page="/metrics")
    session.rollback()
    assert session.scalars(select(MetricPoint)).one().successes == 30


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"trials": "-4"}, 422, "Enter 0 or more."),
        ({"successes": "201"}, 422, "There cannot be more of these than there were in all."),
        ({"measured_on": "2999-01-01"}, 409, "This day is still to come"),
        ({"measured_on": ""}, 422, "Fill this in."),
        ({"trials": ""}, 409, "This metric wants how many there were, and how many of them succeeded."),
        ({"trials": "1e3x"}, 422, "Enter a whole number."),
    ],
)
def test_fault_stands_at_its_field_and_nothing_is_written(
    ops: CheckedClient, session: Session, typed: dict[str, str], status: int, words: str
) -> None:
    metric = rows.world(session)["metric"]
    point = {"measured_on": "2026-01-12", "trials": "200", "successes": "20", **typed}
    answer = ops.send(f"/metrics/{metric.id}/points/add", point)
    assert answer.status_code == status
    assert words in answer.text
    assert len(session.scalars(select(MetricPoint)).all()) == 1


def test_csv_is_inert(ops: CheckedClient, session: Session) -> None:
    world = rows.world(session)
    world["metric"].name, world["metric"].unit = "=1+1", "@SUM(A1)"
    session.commit()
    answer = ops.get(f"/metrics/{world['metric'].id}/points.csv")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "'=1+1,'@SUM(A1)"
    assert lines[2].startswith("2026-01-05,20,100,0.2,")


def test_program_sends_a_day(program: Program, session: Session) -> None:
    metric = rows.world(session)["metric"]
    path = f"/metrics/{metric.id}/points"
    added = program.post(path, {"measured_on": "2026-01-12", "trials": 400, "successes": 90})
    assert (added.status_code, added.json["trials"]) == (201, 400)
    days = [row["measured_on"] for row in program.get(f"{path}?sort=-day").json["items"]]
    assert days == ["2026-01-12", "2026-01-05"]
    future = program.post(path, {"measured_on": "2999-01-12", "trials": 400, "successes": 90})
    assert (future.status_code, faults(future)) == (409, {"measured_on": "day_is_to_come"})
    said_as_text = program.post(path, {"measured_on": "2026-01-19", "trials": "400", "successes": 90})
    assert said_as_text.status_code == 422


def sheet(program: Program, table: list[list[str]]) -> dict[str, object]:
    said = {"kind": "measurements", "rows": table}
    answer = program.post("/imports", said)
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json
    return found


def test_sheet_of_measurements_is_looked_at_run_and_undone(
    program: Program, session: Session, project: Project
) -> None:
    metric = metrics.add_metric(session, said(project))
    metrics.add_point(session, metric, share(100, 10))
    session.commit()
    table = [["Metric", "Date", "Visitors", "Orders"], ["Orders", "2026-01-05", "100", "12"],
             ["Relaunch: Orders", "2026-01-12", "1200", "48"]]  # fmt: skip
    draft = sheet(program, table)
    lines = program.get(f"/imports/{draft['id']}/lines").json["items"]
    assert [line["state"] for line in lines] == ["changed", "new"]
    run = program.post(f"/imports/{draft['id']}/run", version=draft["version"])
    assert run.json["state"] == "imported", run.text
    session.rollback()
    found = {row.measured_on: row.successes for row in session.scalars(select(MetricPoint))}
    assert found == {date(2026, 1, 5): 12, date(2026, 1, 12): 48}
    undone = program.post(f"/imports/{draft['id']}/undo", version=run.json["version"])
    assert undone.json["state"] == "undone", undone.text
    session.rollback()
    assert [row.successes for row in session.scalars(select(MetricPoint))] == [10]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (["Orders", "2026-01-12", "100", "101"], "successes", "There cannot be more of these than there were in all."),
        (["Orders", "2026-01-12", "-100", "1"], "trials", "Enter 0 or more."),
        (["Orders", "2999-01-12", "100", "1"], "measured_on", "This day is still to come"),
        (["Nothing", "2026-01-12", "100", "1"], "metric_id", "is not known here"),
        (["Orders", "2026-01-12", "1;200", "48"], "trials", "is no number"),
    ],
)
def test_row_that_cannot_be_is_refused_at_its_cell(
    program: Program, session: Session, project: Project, row: list[str], column: str, words: str
) -> None:
    metrics.add_metric(session, said(project))
    session.commit()
    draft = sheet(program, [["Metric", "Day", "In all", "Successes"], row])
    (line,) = program.get(f"/imports/{draft['id']}/lines").json["items"]
    assert line["state"] == "refused"
    assert [(fault["column"], words in fault["message"]) for fault in line["faults"]] == [(column, True)]
    run = program.post(f"/imports/{draft['id']}/run", version=draft["version"])
    assert run.status_code == 409
    assert session.scalars(select(MetricPoint)).all() == []


@pytest.mark.parametrize(
    "text",
    [
        "Metric;Day;In all;Successes\nOrders;2026-01-12;100;10\nOrders,2026-01-19,100,10\n",
        "Metric,Day,In all,Successes\nOrders;2026-01-12;100;10\nOrders;2026-01-19;100;10\n",
    ],
    ids=["a row with commas among semicolons", "a head with commas over semicolons"],
)
def test_file_with_mixed_delimiters_writes_nothing(
    program: Program, session: Session, project: Project, text: str
) -> None:
    metrics.add_metric(session, said(project))
    session.commit()
    data = base64.b64encode(text.encode()).decode()
    answer = program.post("/imports", {"kind": "measurements", "data": data, "file_name": "orders.csv"})
    assert (answer.status_code, answer.json["code"]) == (422, "sheet_mixes_delimiters")
    assert session.scalars(select(MetricPoint)).all() == []


def test_spreadsheet_comes_in_as_text_does(program: Program, session: Session, project: Project) -> None:
    metrics.add_metric(session, said(project, MetricKind.MEAN, name="Satisfaction", subject="satisfaction"))
    session.commit()
    book, packed = Workbook(), io.BytesIO()
    for line in (["Metric", "Day", "Mean", "n", "SD"], ["Satisfaction", date(2026, 2, 2), 7.5, 12, 1.25]):
        book.active.append(line)
    book.save(packed)
    data = base64.b64encode(packed.getvalue()).decode()
    draft = program.post("/imports", {"kind": "measurements", "data": data, "file_name": "s.xlsx"}).json
    run = program.post(f"/imports/{draft['id']}/run", version=draft["version"])
    assert run.json["state"] == "imported", run.text
    row = session.scalars(select(MetricPoint)).one()
    assert (row.value, row.num, row.spread) == (7.5, 12, 1.25)


def test_manager_brings_measurements_of_their_own_projects_only(
    program_of: Callable[..., Program], session: Session, project: Project, user: Callable[..., User]
) -> None:
    me = user(RoleName.PROJECT_MANAGER)
    metrics.add_metric(session, said(project))
    session.commit()
    mine = program_of(as_user=me)
    draft = sheet(mine, [["Metric", "Day", "In all", "Successes"], ["Orders", "2026-01-12", "100", "1"]])
    (line,) = mine.get(f"/imports/{draft['id']}/lines").json["items"]
    assert [fault["code"] for fault in line["faults"]] == ["not_your_project"]
    project.pm_id = me.id
    session.commit()
    draft = sheet(mine, [["Metric", "Day", "In all", "Successes"], ["Orders", "2026-01-12", "101", "1"]])
    run = mine.post(f"/imports/{draft['id']}/run", version=draft["version"])
    assert run.json["state"] == "imported", run.text


def test_whole_numbers_are_shown_whole(app: Flask) -> None:
    with app.test_request_context():
        shown = {
            value: NumberPointForm(data={"value": value}).value._value() for value in (12.0, 0.5, -3.0, 1e300, None)
        }
    assert shown == {12.0: "12", 0.5: "0.5", -3.0: "-3", 1e300: "1e+300", None: ""}
