"""What work took against what was planned: ratios by hand, roles that are one, the offer beside a role need."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from math import exp, log, sqrt

import pytest
import rows
from pages import CheckedClient
from programs import Program
from pydantic import ValidationError
from scipy import stats
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.models import ActualEffort, FinishedWork, PeriodKind, RoleName, RoleNeed, Task, User, today
from planner.schemas.outcomes_effort import ClosingSaid, EffortSaid
from planner.schemas.outcomes_estimates import LikenessSaid
from planner.services.outcomes import effort_sources, efforts, estimates, roles
from planner.services.outcomes.ratios import Ratio, drawn_together, ratio_of
from planner.services.outcomes.student_t import two_sided, within
from planner.services.refused import Refused

DAY = date(2026, 9, 7)  # a Monday
EXACT = 1e-9


def finished(session: Session, role: str, kind: str, *pairs: tuple[float, float]) -> None:
    """Finished work of a role: planned and actual full-time periods."""
    session.add_all(
        FinishedWork(role=role, kind=kind, planned_periods=planned, actual_periods=actual, ended_on=DAY)
        for planned, actual in pairs
    )
    session.commit()


def near(found: Ratio, middle: float, low: float, high: float) -> bool:
    return all(
        one == pytest.approx(other, abs=EXACT)
        for one, other in ((found.middle, middle), (found.low, low), (found.high, high))
    )


@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 7, 10, 29, 30, 120, 1000])
def test_quantiles_of_student_are_those_of_scipy(df: int) -> None:
    for confidence in (0.5, 0.9, 0.95, 0.99):
        t = two_sided(confidence, df)
        assert t == pytest.approx(stats.t.ppf((1 + confidence) / 2, df), rel=EXACT)
        assert within(t, df) == pytest.approx(confidence, abs=EXACT)


def test_quantiles_of_student_are_those_of_the_tables() -> None:
    """To the digits of any textbook: 12.706, 4.303, 3.182, 2.776, 2.228."""
    assert [round(two_sided(0.95, df), 3) for df in (1, 2, 3, 4, 10)] == [12.706, 4.303, 3.182, 2.776, 2.228]


def test_ratio_of_three_is_the_geometric_mean_with_students_interval() -> None:
    """By hand: logs of 1, 2 and 4 have mean ln 2 and deviation ln 2; t(2) = 4.302652729749464."""
    half = 4.302652729749464 * log(2) / sqrt(3)
    assert near(ratio_of([log(1), log(2), log(4)]), 2.0, exp(log(2) - half), exp(log(2) + half))


@pytest.mark.parametrize("logs", [[0.3], [0.1, 0.5]])
def test_ratio_of_fewer_than_three_has_no_interval(logs: list[float]) -> None:
    found = ratio_of(logs)
    assert (found.low, found.high, found.is_clear) == (None, None, False)


def test_means_are_drawn_together_as_by_hand() -> None:
    """Two groups, three and one: squares 0.02, s² = 0.02 ÷ 2 = 0.01 with N − k = 2 degrees of freedom.

    v = (1/300, 1/100); w = (300, 100); centre = (300 · 0.2 + 100 · 0.6) ÷ 400 = 0.3; Q = 300 · 0.01 + 100 · 0.09 = 12;
    between = (12 − 1) ÷ (400 − 100000 ÷ 400) = 11 ÷ 150; u = 1 ÷ (v + between).
    """
    found = drawn_together({"a": [0.1, 0.2, 0.3], "b": [0.6]})
    between = 11 / 150
    u = (1 / (1 / 300 + between), 1 / (1 / 100 + between))
    overall = (0.2 * u[0] + 0.6 * u[1]) / (u[0] + u[1])
    for key, mean, v, weight in (("a", 0.2, 1 / 300, u[0]), ("b", 0.6, 1 / 100, u[1])):
        drawn = v * weight
        middle = (1 - drawn) * mean + drawn * overall
        half = 4.302652729749464 * sqrt((1 - drawn) * v + drawn**2 / sum(u))
        assert near(found[key], exp(middle), exp(middle - half), exp(middle + half)), key
    assert found["b"].middle < exp(0.6)
    assert found["b"].num == 1


def test_groups_that_differ_by_no_more_than_chance_are_expected_alike() -> None:
    """Q = 2 · (0.01 ÷ 0.02) · … is below k − 1: nothing between, all are drawn to the one mean entirely."""
    found = drawn_together({"a": [0.0, 0.4], "b": [0.1, 0.5], "c": [0.05, 0.45]})
    middles = {round(one.middle, 12) for one in found.values()}
    assert middles == {round(exp(0.25), 12)}


@pytest.mark.parametrize("groups", [{"a": [0.1, 0.2, 0.3]}, {"a": [0.1], "b": [0.4]}, {"a": [0.2, 0.2], "b": [0.1]}])
def test_groups_stand_alone_where_nothing_can_draw_them(groups: dict[str, list[float]]) -> None:
    """One group only, one case in each, or no spread at all."""
    assert drawn_together(groups) == {key: ratio_of(logs) for key, logs in groups.items()}


def test_report_is_by_role_and_kind_with_the_worst_first(session: Session) -> None:
    rows.workspace(session)
    finished(session, "Copywriter", "Campaign", (4, 5), (4, 6), (10, 12))
    finished(session, "copywriter", "campaign", (5, 5))
    finished(session, "Developer", "website", (10, 20), (5, 10), (2, 4))
    finished(session, "Copywriter", "website", (2, 1))
    finished(session, "Nobody", "website", (2, 0))
    found = estimates.report(session)
    assert [(line.role, line.kind, line.ratio.num) for line in found.lines] == [
        ("Developer", "website", 3), ("Copywriter", "Campaign", 4), ("Copywriter", "website", 1)
    ]  # fmt: skip
    assert found.num_without_effort == 1
    assert (found.planned_periods, found.actual_periods) == (42, 63)
    assert found.overall is not None
    logs = [log(5 / 4), log(6 / 4), log(1.2), 0.0, *[log(2)] * 3, log(0.5)]
    assert found.overall == ratio_of(logs)
    assert found.lines[1].ratio == ratio_of(logs[:4])
    assert found.worst == found.lines[0]


def test_titles_are_one_role_without_case_and_accents_and_else_only_once_somebody_says_so(
    session: Session, user: Callable[..., User]
) -> None:
    rows.workspace(session)
    finished(session, "Rédacteur", "", (1, 2), (1, 2))
    finished(session, "redacteur ", "", (1, 2))
    finished(session, "Copywriter", "", (1, 2))
    finished(session, "Copy-writer", "", (1, 2))
    before = estimates.report(session)
    assert {line.role: line.ratio.num for line in before.lines} == {"Rédacteur": 3, "Copywriter": 1, "Copy-writer": 1}
    assert [(one.one, one.other) for one in before.doubts] == [("Copy-writer", "Copywriter")]
    said = LikenessSaid(one="Copywriter", other="Copy-writer", is_same=True)
    roles.answer(session, said, by=user(RoleName.OPERATIONS))
    after = estimates.report(session)
    assert sorted(line.ratio.num for line in after.lines) == [2, 3]
    assert after.doubts == []
    roles.answer(session, said.model_copy(update={"is_same": False}), by=user(RoleName.OPERATIONS))
    assert sorted(line.ratio.num for line in estimates.report(session).lines) == [1, 1, 3]
    assert estimates.report(session).doubts == []


def test_correction_is_silent_below_three_cases_and_says_from_how_many(session: Session) -> None:
    rows.workspace(session)
    finished(session, "Copywriter", "campaign", (4, 5), (4, 5.2))
    assert estimates.correction(session, "Copywriter", "campaign", 10, 50) is None
    finished(session, "Copywriter", "campaign", (10, 12.1))
    found = estimates.correction(session, "COPYWRITER", "Campaign", 10, 50)
    assert found is not None
    assert (found.num, found.is_of_kind, found.suggested_fte_pct) == (3, True, 65)  # 50 × 1.253, in steps of 5
    assert found.ratio == ratio_of([log(5 / 4), log(5.2 / 4), log(12.1 / 10)])
    assert found.expected_periods == pytest.approx(10 * found.ratio.middle, abs=EXACT)


def test_correction_takes_other_kinds_where_its_own_has_too_few(session: Session) -> None:
    rows.workspace(session)
    finished(session, "Copywriter", "campaign", (4, 5), (4, 5.1))
    finished(session, "Copywriter", "website", (4, 5))
    found = estimates.correction(session, "Copywriter", "website", 4, 100)
    assert found is not None
    assert (found.num, found.is_of_kind) == (3, False)
    assert found.wanted_pct > 100
    assert found.suggested_fte_pct is None


def test_correction_offers_nothing_where_plans_were_about_right(session: Session) -> None:
    rows.workspace(session)
    finished(session, "Copywriter", "campaign", (4, 3), (4, 5), (4, 4.4))
    found = estimates.correction(session, "Copywriter", "campaign", 4, 50)
    assert found is not None
    assert not found.ratio.is_clear
    assert found.suggested_fte_pct is None


@pytest.mark.parametrize(
    ("period", "first", "last", "periods"),
    [
        (PeriodKind.WEEK, DAY, date(2026, 9, 11), 1.0),
        (PeriodKind.WEEK, DAY, date(2026, 9, 13), 1.0),
        (PeriodKind.WEEK, date(2026, 9, 10), date(2026, 9, 15), 0.8),
        (PeriodKind.WEEK, date(2026, 9, 12), date(2026, 9, 13), 0.0),
        (PeriodKind.DAY, DAY, date(2026, 9, 11), 5.0),
        (PeriodKind.HOUR, DAY, DAY, 8.0),
    ],
)
def test_percent_counts_working_days(period: PeriodKind, first: date, last: date, periods: float) -> None:
    assert effort_sources.num_periods(first, last, period) == pytest.approx(periods, abs=EXACT)
    half = ActualEffort(from_on=first, to_on=last, fte_pct=50)
    assert effort_sources.periods_of(half, period) == pytest.approx(periods / 2, abs=EXACT)


def test_hours_are_full_time_weeks_of_forty(session: Session) -> None:
    world = rows.world(session)
    rows.workspace(session)
    need: RoleNeed = world["need"]
    efforts.add_effort(session, need, EffortSaid(from_on=DAY, to_on=DAY, hours=10))
    efforts.add_effort(session, need, EffortSaid(from_on=DAY, to_on=date(2026, 9, 11), fte_pct=50))
    assert effort_sources.known_periods(session, [need.id]) == {need.id: pytest.approx(20 / 40 + 10 / 40 + 0.5)}


def test_hours_of_tasks_count_where_nothing_was_entered_and_never_twice(session: Session) -> None:
    rows.workspace(session)
    world = rows.world(session)
    task, seat, need = world["task"], world["seat"], world["need"]
    again = Task(
        board_id=task.board_id, column_id=task.column_id, rank=9, title="The same", seat_id=seat.id, actual_h=12,
        merged_into_id=task.id,
    )  # fmt: skip
    beside = Task(board_id=task.board_id, column_id=task.column_id, rank=10, title="Of no seat", actual_h=50)
    more = Task(board_id=task.board_id, column_id=task.column_id, rank=11, title="More", seat_id=seat.id, actual_h=8)
    task.seat_id, task.actual_h = seat.id, 24
    session.add_all([again, beside, more])
    session.commit()
    assert effort_sources.known_periods(session, [need.id]) == {need.id: pytest.approx(20 / 40)}  # entered, alone
    session.execute(delete(ActualEffort))
    assert effort_sources.known_periods(session, [need.id]) == {need.id: pytest.approx((24 + 8) / 40)}
    session.execute(update(Task).values(actual_h=0))
    assert effort_sources.known_periods(session, [need.id]) == {}


def test_pages_say_where_the_hours_of_a_need_come_from(session: Session, ops: CheckedClient) -> None:
    rows.workspace(session)
    world = rows.world(session)
    need, task = world["need"].id, world["task"]
    task.seat_id, task.actual_h = world["seat"].id, 24
    session.commit()
    assert "These are the hours of its tasks." not in ops.get(f"/needs/{need}/edit").text
    session.execute(delete(ActualEffort))
    session.commit()
    assert "These are the hours of its tasks." in ops.get(f"/needs/{need}/edit").text
    assert "The hours of its tasks add up to <b>0.6 person-weeks</b>." in ops.get(f"/needs/{need}/close").text


def test_closing_freezes_what_was_planned_and_what_it_took(session: Session) -> None:
    rows.workspace(session)
    world = rows.world(session)
    need, project = world["need"], world["project"]
    project.kind = "campaign"
    session.commit()
    closed = efforts.close_need(session, need, ClosingSaid(ended_on=DAY))
    assert (closed.planned_periods, closed.actual_periods, closed.kind) == (4.0, 0.5, "campaign")
    need.fte_pct = 50
    session.commit()
    assert closed.planned_periods == 4.0
    with pytest.raises(Refused, match="need_is_closed"):
        efforts.add_effort(session, need, EffortSaid(from_on=DAY, to_on=DAY, hours=1))
    with pytest.raises(Refused, match="need_is_closed"):
        efforts.close_need(session, need, ClosingSaid(ended_on=DAY))
    efforts.reopen_need(session, need)
    assert efforts.finished_of(session, need) is None
    assert len(efforts.efforts_of(session, need)) == 1


def test_closing_wants_a_sum_where_nothing_is_known(session: Session) -> None:
    rows.workspace(session)
    world = rows.world(session)
    session.delete(world["effort"])
    session.commit()
    with pytest.raises(Refused, match="closing_wants_effort"):
        efforts.close_need(session, world["need"], ClosingSaid(ended_on=DAY))
    assert efforts.close_need(session, world["need"], ClosingSaid(ended_on=DAY, actual_periods=3)).actual_periods == 3


def test_finished_work_outlives_its_project(session: Session) -> None:
    rows.workspace(session)
    world = rows.world(session)
    closed = efforts.close_need(session, world["need"], ClosingSaid(ended_on=DAY, actual_periods=3))
    session.commit()
    session.delete(world["project"])
    session.commit()
    session.refresh(closed)
    assert (closed.need_id, closed.role, closed.actual_periods) == (None, "Writer", 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": -1.0},
        {"hours": None},
        {"fte_pct": 50},
        {"hours": None, "fte_pct": 101},
        {"to_on": date(2026, 9, 6)},
        {"to_on": date(2999, 1, 1)},
    ],
)
def test_the_tables_themselves_refuse_what_no_effort_can_be(session: Session, wrong: dict[str, object]) -> None:
    world = rows.world(session)
    said = {"from_on": DAY, "to_on": DAY, "hours": 1.0, "need_id": world["need"].id, "said_on": today()}
    session.add(ActualEffort(**{**said, **wrong}))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("wrong", [{"planned_periods": 0.0}, {"actual_periods": -1.0}, {"ended_on": date(2999, 1, 1)}])
def test_the_tables_themselves_refuse_what_no_finished_work_can_be(session: Session, wrong: dict[str, object]) -> None:
    said = {"role": "Writer", "planned_periods": 1.0, "actual_periods": 1.0, "ended_on": DAY}
    session.add(FinishedWork(**{**said, **wrong}))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"hours": -0.5}, "greater_than_equal"),
        ({"hours": float("nan")}, "finite_number"),
        ({"to_on": "2999-01-01"}, "in_the_future"),
        ({"hours": None}, "hours_or_percent"),
        ({"fte_pct": 10}, "hours_or_percent"),
    ],
)
def test_bad_effort_is_refused_at_its_field(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        EffortSaid.model_validate({"from_on": "2026-09-07", "to_on": "2026-09-07", "hours": 1, **wrong})
    assert [error["type"] for error in refused.value.errors()] == [code]


def test_entering_and_closing_through_the_page(session: Session, pm: CheckedClient) -> None:
    world = rows.world(session)
    need, project = world["need"].id, world["project"]
    project.pm_id = session.query(User).filter(User.granted.any(role=RoleName.PROJECT_MANAGER)).one().id
    session.commit()
    added = pm.send(f"/needs/{need}/efforts/add", {"from_on": "2026-09-14", "to_on": "2026-09-18", "fte_pct": "50"})
    assert added.status_code == 303
    page = pm.get(f"/needs/{need}/edit").text
    assert "So far 1 person-weeks of 4 person-weeks planned." in page
    refused = pm.send(f"/needs/{need}/efforts/add", {"from_on": "2999-01-01", "to_on": "2999-01-01", "hours": "1"})
    assert refused.status_code == 422
    assert "This day is still to come." in refused.text
    assert pm.send(f"/needs/{need}/close", {"ended_on": "2026-09-18"}).status_code == 303
    assert "it took 1 person-weeks" in pm.get(f"/needs/{need}/edit").text
    assert pm.send(f"/needs/{need}/reopen", {}).status_code == 303
    session.expire_all()
    assert session.query(FinishedWork).filter_by(need_id=need).count() == 0


def test_the_form_offers_what_work_like_it_took_and_a_button_fills_it_in(session: Session, ops: CheckedClient) -> None:
    world = rows.world(session)
    world["project"].kind = "campaign"
    finished(session, "Copywriter", "campaign", (4, 5), (4, 5.1), (10, 12.1))
    path = f"/needs/phases/{world['phase'].id}/add"
    asked = {"title": "copywriter", "fte_pct": "50", "count": "1"}
    shown = ops.send(path, {**asked, "add_row": "skills"})
    assert "3 role needs like it" in shown.text
    assert "Take 60 % instead of 50 %?" in shown.text
    taken = ops.send(path, {**asked, "take_effort": "60"})
    assert taken.status_code == 200
    assert 'name="fte_pct"' in taken.text
    assert 'value="60"' in taken.text
    assert session.query(RoleNeed).filter_by(title="copywriter").count() == 0
    living = ops.send(f"/needs/phases/{world['phase'].id}/answer", asked, page=path)
    assert 'hx-swap-oob="true"' in living.text
    assert "3 role needs like it" in living.text


def test_the_report_page_says_it_in_a_sentence_and_asks_about_titles(session: Session, ops: CheckedClient) -> None:
    session.query(FinishedWork).delete()
    assert "No role need is finished yet" in ops.get("/estimates").text
    finished(session, "Copywriter", "campaign", (4, 5), (4, 6), (10, 12))
    finished(session, "Copy-writer", "campaign", (4, 5))
    page = ops.get("/estimates").text
    assert "For 4 finished role needs plans said 22 person-weeks, and they took 28 person-weeks" in page
    assert "“Copy-writer” and “Copywriter” are" in page
    said = {"one": "Copy-writer", "other": "Copywriter", "is_same": "yes"}
    assert ops.send("/estimates/likeness", said).status_code == 303
    assert "are one role" in ops.get("/estimates").text


def test_the_table_leaves_as_an_inert_sheet(session: Session, ops: CheckedClient) -> None:
    finished(session, "=1+1", "@kind", (4, 5))
    answer = ops.get("/estimates/estimates.csv")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    line = next(one for one in lines if "1+1" in one[0])
    assert not line[0].startswith("=")
    assert not line[1].startswith("@")
    assert line[2:6] == ["1", "4.0000", "5.0000", "1.2500"]


def test_a_program_enters_closes_and_reads_estimates(session: Session, program: Program) -> None:
    world = rows.world(session)
    need = world["need"].id
    finished(session, "Writer", "", (4, 5), (4, 5.1))
    said = {"from_on": "2026-09-07", "to_on": "2026-09-11", "hours": 20}
    assert program.post(f"/needs/{need}/efforts", said).status_code == 201
    assert program.get(f"/needs/{need}/efforts").json["total"] == 2
    closed = program.post(f"/needs/{need}/close", {"ended_on": "2026-09-11"})
    assert (closed.status_code, closed.json["actual_periods"]) == (201, 1.0)
    assert program.post(f"/needs/{need}/close", {"ended_on": "2026-09-11"}).json["code"] == "need_is_closed"
    told = program.get("/estimates").json
    assert {line["role"] for line in told["lines"]} == {"Writer"}
    found = program.get(f"/needs/{need}/estimate")
    assert (found.status_code, found.json["num"]) == (200, 4)
    assert program.post(f"/needs/{need}/reopen", {}).status_code == 200


def test_what_nothing_like_it_took_is_refused_with_a_sentence(session: Session, program: Program) -> None:
    world = rows.world(session)
    answer = program.get(f"/needs/{world['need'].id}/estimate")
    assert (answer.status_code, answer.json["code"]) == (409, "too_few_are_finished")


def test_notes_beside_somebodys_work_go_with_them(session: Session) -> None:
    world = rows.world(session)
    effort = world["effort"]
    effort.person_id, effort.note = world["person"].id, "Ann was quick"
    session.commit()
    efforts.forget_person(session, world["person"])
    session.refresh(effort)
    assert (effort.note, effort.hours) == ("", 20)
