"""What a plan's report says is what the rulebook counts, and adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import build
import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.translate.report import Labels, PlanMeta, PlanReport, SkillState, StyleState, report
from planner.translate.tags import BAND, STAFF, Band, band_tag
from solver.check import score, violations
from solver.problem import Calendar, Limits, Period, Problem, Span, from_document
from solver.solution import Demand, Reason, Result, Solution, Status

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
META = PlanMeta(NOW, generated_by="Inès")


def made(problem: Problem, answer: Solution | Result, **meta: Any) -> PlanReport:
    return report(problem, answer, replace(META, **meta))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_all_figures_add_up(data: st.DataObject) -> None:
    problem = from_document(data.draw(strategies.documents()))
    known = data.draw(strategies.solutions(problem))
    holders = {seat: who for seat, who in known.holders.items() if who in problem.person_of}
    solution = Solution({phase: max(0, start) for phase, start in known.starts.items()}, holders)
    found, points = made(problem, solution), score(problem, solution)
    assert sum(found.terms.values()) == points.objective == found.objective
    assert sum(row.points or 0 for row in found.seats) == points.terms["seats"]
    assert sum(row.cost for row in found.people) == found.headline.cost == sum(row.cost for row in found.teams)
    assert sum(row.points for row in found.projects) == points.terms["seats"] + points.rewards
    assert found.headline.num_filled + len(found.gaps) == len(found.seats) == len(problem.seat_by_id)
    assert [violation.text for violation in found.violations] == [v.text for v in violations(problem, solution)]
    for row in found.seats:
        if row.score is not None:
            parts = row.score
            names = ("fill", "fit", "style", "preference", "money", "acceptance", "rounding")
            assert sum(getattr(parts, name) for name in names) == row.points


def test_holder_is_shown_with_what_they_have() -> None:
    seat = build.seat(
        "dev", skills=(build.skill("sql", 3), build.skill("seo", 2, must=False)),
        styles=(build.style(min=3.0), build.style("initiative", max=2.0)), tags=("lang:fr",),
    )  # fmt: skip
    ann = build.person(skills={"sql": 4, "seo": 1}, styles={"empathy": 2.5}, tags=("lang:fr", "site:Lyon"))
    row = made(build.problem(ann, seats=(seat,)), build.solution(dev="ann")).seats[0]
    assert [cell.state for cell in row.skills] == [SkillState.FULL, SkillState.PART]
    assert [cell.state for cell in row.styles] == [StyleState.OUTSIDE, StyleState.UNKNOWN]
    assert [(cell.tags, cell.has) for cell in row.tags] == [(("lang:fr",), True)]
    assert (row.person, row.site, row.is_hire) == ("Ann", "Lyon", False)


def test_mentor_is_named() -> None:
    need = (build.skill("sql", 3),)
    seats = (build.seat("junior", skills=need, mentoring=True), build.seat("senior", skills=need))
    people = (build.person("ann", skills={"sql": 2}), build.person("ben", skills={"sql": 3}))
    found = made(build.problem(*people, seats=seats), build.solution(junior="ann", senior="ben"))
    assert [(cell.state, cell.mentor) for row in found.seats for cell in row.skills] == [
        (SkillState.MENTORED, "Ben"),
        (SkillState.FULL, ""),
    ]
    bar = found.teams[0].skills[0]
    assert (bar.num_asked, bar.num_full, bar.num_mentored, bar.best) == (2, 1, 1, 3)


def test_open_seat_is_a_gap_with_its_reasons() -> None:
    reason = Reason("tag_missing", "Nobody has lang:fr.", {"tag": "lang:fr"})
    result = Result("test", Status.FEASIBLE, Solution(), 0, 10, unfilled={"dev": (reason,)})
    found = made(build.problem(), result)
    assert [(gap.seat.seat_id, gap.reasons) for gap in found.gaps] == [("dev", (reason,))]
    assert found.seats[0].skills == ()
    assert (found.headline.num_gaps, found.headline.better_pct) == (1, None)


def test_band_that_is_asked_as_a_tag_is_shown_as_a_band() -> None:
    line = build.style(min=4.0, weight=2)
    tag = band_tag(Band("empathy", 4.0, 5.0))
    seat = build.seat("dev", styles=(line,), tags=(tag, "lang:fr"))
    ann = build.person(tags=("lang:fr", STAFF, tag), styles={"empathy": 2.0})
    missing = Reason("tag_missing", "…", {"tag": tag})
    musts = Reason("nobody_has_all_musts", "…", {"num_per_must": {tag: 1, "lang:fr": 2}})
    result = Result("test", Status.FEASIBLE, Solution(), 0, unfilled={"dev": (missing, musts)})
    found = made(build.problem(ann, seats=(seat,)), result)
    assert [(cell.style, cell.must) for cell in found.seats[0].styles] == [("empathy", True)]
    assert [cell.tags for cell in found.seats[0].tags] == [("lang:fr",)]
    assert found.people[0].tags == ("lang:fr",)
    assert found.gaps[0].reasons[0].code == "style_outside"
    assert found.gaps[0].reasons[0].params == {"style": "empathy", "min": 4.0, "max": 5.0}
    assert found.gaps[0].reasons[1].params == {"num_per_must": {"empathy": 1, "lang:fr": 2}}
    assert BAND not in " ".join(reason.text for reason in found.gaps[0].reasons)


def test_load_and_capacity_are_said_period_by_period() -> None:
    seats = (build.seat("a", fte=60, from_=1, to=3), build.seat("b", fte=60, from_=2, to=4))
    phases = (build.phase("one", seats[0], duration=4), build.phase("two", seats[1], duration=4))
    problem = build.problem(build.person(capacity=(Span(0, 3, 100),)), phases=phases, calendar=Calendar(5))
    person = made(problem, build.solution(a="ann", b="ann")).people[0]
    assert person.load == (0, 60, 120, 60, 0)
    assert person.capacity == (100, 100, 100, 0, 0)
    assert person.over == (2, 3)
    assert (person.num_periods, person.num_free, person.utilisation_pct) == (2.4, 0.6, 80)


def test_hire_has_no_capacity_before_the_earliest_start() -> None:
    problem = build.problem(build.candidate(earliest=4, cost=5000, acceptance=50))
    found = made(problem, build.solution(dev="cy"))
    assert found.people[0].capacity == (0,) * 4 + (100,) * 6
    hire = found.hires[0]
    assert (hire.hire_cost, hire.earliest_idx, hire.acceptance) == (5000, 4, 50)
    assert hire.points == found.objective
    assert hire.hire_points == found.terms["hiring"] == -250


def test_long_calendar_is_shown_in_columns_of_several_periods() -> None:
    problem = build.problem(calendar=Calendar(1000, date(2027, 1, 4), Period.HOUR))
    found = made(problem, build.solution(dev="ann"))
    assert len(found.periods) == 334
    assert [(column.idx, column.to_idx) for column in found.periods][-1] == (999, 1000)
    assert found.people[0].load[:4] == (100, 100, 100, 33)
    assert len(found.people[0].load) == len(found.periods)


def test_calendar_past_the_year_9999_has_no_moments_there() -> None:
    problem = build.problem(calendar=Calendar(20, date(9999, 11, 1)))
    found = made(problem, build.solution(dev="ann"))
    assert found.periods[0].start == datetime(9999, 11, 1)  # noqa: DTZ001 -- moments carry no zone
    assert found.periods[-1].start is None
    assert found.seats[0].end is None


@pytest.mark.parametrize(
    ("period", "language", "label"),
    [
        (Period.WEEK, "en", "W01"),
        (Period.WEEK, "fr", "S01"),
        (Period.DAY, "en", "01-04"),
        (Period.HOUR, "en", "01-04 00h"),
    ],
)
def test_periods_have_short_names(period: Period, language: str, label: str) -> None:
    problem = build.problem(calendar=Calendar(build.PERIODS, date(2027, 1, 4), period))
    assert made(problem, Solution(), language=language).periods[0].label == label


def test_names_are_the_readers() -> None:
    seat = build.seat("dev", skills=(build.skill("sql"),))
    labels = Labels(skills={"sql": "Requêtes"}, phases={"build": "Réalisation"})
    found = made(build.problem(seats=(seat,)), Solution(), labels=labels)
    assert (found.seats[0].skills[0].label, found.teams[0].phase) == ("Requêtes", "Réalisation")


def test_what_is_agreed_and_put_by_hand_is_marked() -> None:
    seats = (build.seat("a", fte=50), build.seat("b", fte=50))
    people = (build.person("ann"), build.person("ben"))
    found = made(
        build.problem(*people, seats=seats), build.solution(a="ann", b="ben"),
        firm=frozenset({"a"}), by_hand=frozenset({"b"}),
    )  # fmt: skip
    assert [(row.is_agreed, row.is_by_hand) for row in found.seats] == [(True, False), (False, True)]
    assert (found.teams[0].num_agreed, found.headline.num_agreed) == (1, 1)


def test_phase_that_is_not_scheduled_has_no_dates() -> None:
    problem = build.problem(phases=(build.phase("build", build.seat(to=3), earliest=0, latest=5),))
    team = made(problem, Solution()).teams[0]
    assert (team.is_scheduled, team.is_movable, team.start, team.end_idx) == (False, True, None, None)


def test_project_that_ends_late_says_by_how_much() -> None:
    project = build.project(reward=1000, due=7, late_penalty=100)
    row = made(build.problem(projects=(project,)), build.solution(dev="ann")).projects[0]
    assert (row.is_complete, row.periods_late, row.lateness) == (True, 3, 300)


def test_infeasible_problem_shows_its_conflict() -> None:
    conflict = (Demand("pin", "Ann is pinned", seat="dev", person="ann"), Demand("ban", "Ann is banned"))
    pins = (build.pairing(),)
    problem = build.problem(pins=pins, bans=pins, limits=Limits(max_hires=0))
    found = made(problem, Result("test", Status.INFEASIBLE, conflict=conflict))
    assert (found.status, found.conflict, found.objective) == ("infeasible", conflict, None)
    assert (found.terms, found.violations) == ({}, ())


def test_level_that_a_plan_counts_on_is_said_to_be_learnt() -> None:
    lines = (build.skill("sql", 1),)
    phases = (
        build.phase("first", build.seat("seat0", to=1, skills=lines)),
        build.phase("second", build.seat("seat1", to=1, skills=(build.skill("sql", 2),)), earliest=1),
    )
    problem = build.problem(build.person(skills={"sql": 1}), phases=phases, growth=True)
    found = made(problem, build.solution(seat0="ann", seat1="ann"))
    cells = {row.seat_id: row.skills[0] for row in found.seats}
    assert (cells["seat0"].have, cells["seat0"].learnt) == (1, 0)
    assert (cells["seat1"].have, cells["seat1"].learnt) == (2, 1)
