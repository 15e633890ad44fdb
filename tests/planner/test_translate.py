"""What a request asks of the workspace as a question to the solver: horizon, people, money, what is agreed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import build
import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from planner.models import (
    Absence,
    Booking,
    BookingKind,
    Candidate,
    ExchangeRate,
    PeriodKind,
    Person,
    PersonKind,
    PersonStyle,
    Preset,
    Project,
    RatingSource,
    RoleNeed,
    Seat,
    Stage,
    Workspace,
)
from planner.services.staffing import calendars
from planner.translate import (
    Horizon,
    PlanRequest,
    Untranslatable,
    Window,
    horizon_of,
    load_rows,
    to_problem,
    weights_of,
)
from planner.translate.spans import less, merged
from planner.translate.tags import STAFF, Band, band_in, band_tag
from solver.check import violations
from solver.problem import Calendar, Pairing, Period, Problem, Span

START = date(2027, 1, 4)


def loaded(session: Session, *people: Any, **changes: Any) -> Problem:
    """The smallest problem with changes, as rows, on weeks from 4 January 2027."""
    problem = build.problem(*people, **{"calendar": Calendar(build.PERIODS, START), **changes})
    load_rows(session, problem)
    return problem


def asked(session: Session, **request: Any) -> Problem:
    session.flush()
    return to_problem(session, PlanRequest(**request), calendars)


def row(session: Session, table: type[Any], key: str) -> Any:
    return session.scalars(select(table).where(table.key == key)).one()


def book(session: Session, seat: str, person: str, **said: Any) -> None:
    place = {"seat_id": row(session, Seat, seat).id, "person_id": row(session, Person, person).id}
    session.add(Booking(**{"booking": BookingKind.HARD, **place, **said}))


# -- the horizon

WEEKS = Workspace(period=PeriodKind.WEEK, calendar_start_on=START, num_periods=26)


@pytest.mark.parametrize(
    ("first", "periods", "earliest", "latest", "duration", "expected"),
    [
        pytest.param(0, 10, 2, 2, 3, Window(2, 2, 3, 0), id="inside"),
        pytest.param(0, 10, 2, 5, 3, Window(2, 5, 3, 0), id="movable inside"),
        pytest.param(4, 10, 2, 2, 3, Window(0, 0, 1, 2), id="began before"),
        pytest.param(4, 10, 1, 1, 3, None, id="ended before"),
        pytest.param(5, 10, 1, 1, 4, None, id="ends where the horizon begins"),
        pytest.param(0, 10, 8, 8, 5, Window(8, 8, 2, 0), id="runs past the end"),
        pytest.param(0, 10, 10, 10, 5, None, id="begins at the end"),
        pytest.param(4, 3, 2, 2, 9, Window(0, 0, 3, 2), id="longer than the horizon"),
        pytest.param(4, 10, 2, 8, 3, Window(0, 4, 3, 0), id="may begin before or within"),
        pytest.param(4, 10, 1, 3, 3, Window(0, 0, 2, 1), id="has begun at the latest"),
        pytest.param(0, 10, 5, 12, 3, Window(5, 7, 3, 0), id="may end after the horizon"),
        pytest.param(0, 10, 8, 12, 3, Window(8, 8, 2, 0), id="cannot end within"),
    ],
)
def test_phase_is_cut_to_the_horizon(
    first: int, periods: int, earliest: int, latest: int, duration: int, expected: Window | None
) -> None:
    assert Horizon(WEEKS, first, periods).window(earliest, latest, duration) == expected


def test_phase_whose_start_is_agreed_starts_then() -> None:
    horizon = Horizon(WEEKS, 2, 10)
    assert horizon.window(3, 8, 2, agreed=5) == Window(3, 3, 2, 0)
    assert horizon.window(3, 8, 2, agreed=9) == Window(1, 6, 2, 0)  # outside: it was moved since


def test_horizon_begins_with_the_period_of_its_day() -> None:
    assert horizon_of(WEEKS, date(2027, 1, 20), 8)[1:] == (2, 8)
    assert horizon_of(WEEKS, date(2027, 1, 3)).first_idx == -1
    assert horizon_of(WEEKS, date(2027, 1, 20)).calendar == Calendar(26, date(2027, 1, 18), Period.WEEK)


def test_horizon_of_hours_begins_with_a_day() -> None:
    hours = Workspace(period=PeriodKind.HOUR, calendar_start_on=START, num_periods=48)
    assert horizon_of(hours, START + timedelta(days=1)).calendar == Calendar(48, date(2027, 1, 5), Period.HOUR)


def test_seats_are_cut_with_their_phase_and_those_that_are_over_are_left_out(session: Session) -> None:
    seats = (build.seat("over", to=3), build.seat("cut", from_=2, to=8), build.seat("whole", from_=6, to=8))
    loaded(session, phases=(build.phase("build", *seats),))
    problem = asked(session, starts_on=START + timedelta(weeks=4), num_periods=10)
    assert {seat.id: (seat.from_, seat.to) for seat in problem.seat_by_id.values()} == {"cut": (0, 4), "whole": (2, 4)}
    assert problem.phase_by_id["build"].duration == 4


def test_what_lies_outside_is_left_out_with_all_that_names_it(session: Session) -> None:
    early = build.phase("early", build.seat("e", to=2))
    late = build.phase("late", build.seat("l", to=2), earliest=6, latest=6, after=("early",))
    gone = build.project("gone", build.phase("old", build.seat("o", to=1)))
    ann = build.person(preferences={"site": 10, "gone": -10})
    pairs = (Pairing("e", "ann"), Pairing("l", "ann"))
    loaded(session, ann, projects=(build.project("site", early, late), gone), current=pairs, bans=pairs)
    problem = asked(session, starts_on=START + timedelta(weeks=4), num_periods=6)
    assert list(problem.project_by_id) == ["site"]
    assert problem.phase_by_id["late"].after == ()
    assert problem.phase_by_id["late"].earliest == 2
    assert problem.current == problem.bans == (Pairing("l", "ann"),)
    assert problem.person_of["ann"].preferences == {"site": 10}


def test_a_change_of_hours_within_a_week_is_what_the_person_s_page_shows(session: Session) -> None:
    loaded(session, build.person(), build.candidate("cy"))
    wednesday = row(session, Person, "ann").capacity_spans[0].to_on = calendars.midnight(date(2027, 1, 13))
    row(session, Person, "cy").earliest_on = wednesday
    people = asked(session).person_of
    assert people["ann"].capacity == (Span(0, 1, 100), Span(1, 2, 40))
    assert people["cy"].capacity == (Span(1, 2, 60), Span(2, build.PERIODS, 100))


def test_capacity_is_counted_from_the_horizon(session: Session) -> None:
    loaded(session, build.person(capacity=(Span(0, 3, 50), Span(3, 9, 100))))
    problem = asked(session, starts_on=START + timedelta(weeks=2), num_periods=4)
    assert problem.person_of["ann"].capacity == (Span(0, 1, 50), Span(1, 7, 100))


# -- people


def test_absence_takes_its_days_off(session: Session) -> None:
    loaded(session)
    ann = row(session, Person, "ann")
    session.add(Absence(person_id=ann.id, from_on=date(2027, 1, 12), to_on=date(2027, 1, 13)))
    spans = asked(session).person_of["ann"].capacity
    assert spans == (Span(0, 1, 100), Span(1, 2, 60), Span(2, build.PERIODS, 100))


def test_people_of_other_kinds_are_left_out_and_rules_say_nothing_about_them(session: Session) -> None:
    together = build.rule("together", people=("ann", "cy"))
    loaded(
        session, build.person("ann"), build.candidate("cy"),
        phases=(build.phase("build", build.seat(), team_rules=(together,)),),
    )  # fmt: skip
    problem = asked(session, kinds=frozenset({PersonKind.EMPLOYEE}))
    assert list(problem.person_of) == ["ann"]
    assert problem.phase_by_id["build"].team_rules[0].people == ("ann",)


def test_candidate_whose_stage_is_over_is_never_considered(session: Session) -> None:
    loaded(session, build.person("ann"), build.candidate("cy"))
    book(session, "dev", "cy")
    session.execute(update(Candidate).values(stage=Stage.DECLINED))
    problem = asked(session)
    assert list(problem.person_of) == ["ann"]
    assert problem.pins == ()


def test_whoever_is_agreed_is_considered(session: Session) -> None:
    loaded(session, build.person("ann"), build.person("ben"))
    book(session, "dev", "ben")
    ann = row(session, Person, "ann").id
    problem = asked(session, person_ids=frozenset({ann}))
    assert list(problem.person_of) == ["ann", "ben"]
    assert problem.pins == (Pairing("dev", "ben"),)


def test_self_reported_score_cuts_nobody(session: Session) -> None:
    band = build.style(min=4.0, max=5.0, must=True)
    people = (
        build.person("own", styles={"empathy": 2.0}),
        build.person("rated", styles={"empathy": 2.0}),
        build.person("good", styles={"empathy": 4.5}),
        build.person("unknown"),
    )
    loaded(session, *people, seats=(build.seat("dev", styles=(band,)),))
    own = row(session, Person, "own").id
    session.execute(update(PersonStyle).where(PersonStyle.person_id == own).values(source=RatingSource.SELF))
    problem = asked(session)
    may = {who for who in problem.person_of if not violations(problem, build.solution(dev=who))}
    assert may == {"own", "good"}
    assert problem.seat_by_id["dev"].styles[0] == replace(band, must=False)


def test_band_that_no_own_score_misses_stays_a_band(session: Session) -> None:
    band = build.style(min=4.0, max=5.0, must=True)
    loaded(session, build.person(styles={"empathy": 4.5}), seats=(build.seat("dev", styles=(band,)),))
    session.execute(update(PersonStyle).values(source=RatingSource.SELF))
    problem = asked(session)
    assert problem.seat_by_id["dev"].styles == (band,)
    assert problem.seat_by_id["dev"].tags == ()


def test_band_is_read_back_from_its_tag() -> None:
    band = Band("self:control", 3.5, 5.0)
    assert band_in(band_tag(band)) == band
    assert band_in("site:Lyon") is None


def test_role_need_without_hires_can_be_held_by_staff_alone(session: Session) -> None:
    people = (build.person("ann"), replace(build.candidate("cy"), tags=(STAFF,)), build.candidate("di"))
    loaded(session, *people)
    session.execute(update(RoleNeed).values(is_hire_allowed=False))
    problem = asked(session)
    may = {who for who in problem.person_of if not violations(problem, build.solution(dev=who))}
    assert may == {"ann"}


# -- money


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [(149, "", 1), (150, "", 2), (100_000, "CAD", 640), (100_000, "EUR", 1000), (0, "XXX", 0)],
)
def test_costs_are_whole_units_by_the_rate_of_the_day(
    session: Session, minor: int, currency: str, expected: int
) -> None:
    loaded(session)
    for on, rate in ((date(2026, 1, 1), 0.66), (date(2027, 1, 4), 0.64), (date(2027, 1, 5), 0.9)):
        session.add(ExchangeRate(currency="CAD", from_on=on, rate=rate))
    session.execute(update(Person).values(cost_minor=minor, cost_currency=currency))
    assert asked(session).person_of["ann"].cost == expected


def test_currency_without_a_rate_makes_no_question(session: Session) -> None:
    loaded(session)
    session.execute(update(Person).values(cost_minor=100, cost_currency="XXX"))
    with pytest.raises(Untranslatable) as refused:
        asked(session)
    assert (refused.value.code, refused.value.params) == ("rate_is_missing", {"currency": "XXX"})


def test_ceilings_are_rounded_down(session: Session) -> None:
    loaded(session)
    session.execute(update(Project).values(budget_minor=199))
    session.execute(update(RoleNeed).values(max_cost_minor=199))
    problem = asked(session)
    assert (problem.projects[0].budget, problem.seat_by_id["dev"].max_cost) == (1, 1)


# -- what is agreed


def test_agreed_allocations_are_kept_unless_asked_otherwise(session: Session) -> None:
    loaded(session)
    book(session, "dev", "ann", is_in_force=False)
    kept, free = asked(session), asked(session, keeps_bookings=False)
    assert (kept.pins, kept.current) == ((Pairing("dev", "ann"),), ())
    assert (free.pins, free.current) == ((), (Pairing("dev", "ann"),))


def test_agreed_team_fixes_its_phase(session: Session) -> None:
    loaded(session, phases=(build.phase("build", build.seat(to=4), earliest=0, latest=6),))
    book(session, "dev", "ann", start_idx=3)
    phase = asked(session, starts_on=START + timedelta(weeks=1), num_periods=9).phase_by_id["build"]
    assert (phase.earliest, phase.latest) == (2, 2)


def test_what_people_do_elsewhere_is_taken_off(session: Session) -> None:
    other = build.project("other", build.phase("there", build.seat("busy", fte=60, to=4), earliest=2, latest=2))
    loaded(session, projects=(build.project(), other))
    book(session, "busy", "ann", booking=BookingKind.SOFT, is_in_force=True)
    site = row(session, Project, "site").id
    problem = asked(session, project_ids=frozenset({site}))
    assert list(problem.seat_by_id) == ["dev"]
    assert problem.person_of["ann"].capacity == (Span(0, 2, 100), Span(2, 6, 40), Span(6, 10, 100))


def test_number_of_queries_does_not_grow_with_the_workspace(session: Session) -> None:
    def num_queries(action: Callable[[], object]) -> int:
        seen: list[str] = []
        engine = session.get_bind()
        assert isinstance(engine, Engine)

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        action()
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    phases = [build.phase(f"f{n}", build.seat(f"s{n}", skills=(build.skill(),)), earliest=0) for n in range(40)]
    people = [build.person(f"p{n}", skills={"sql": 2}, styles={"empathy": 3.0}) for n in range(40)]
    loaded(session, *people, projects=tuple(build.project(f"j{n}", phase) for n, phase in enumerate(phases)))
    session.commit()
    assert num_queries(lambda: asked(session)) < 25


# -- aims


def test_presets_weigh_what_they_say() -> None:
    usual = weights_of(Preset.FILL)
    teams, cost, changes = (weights_of(preset) for preset in (Preset.TEAMS, Preset.COST, Preset.CHANGES))
    assert (usual.fill, usual.fit, usual.style, usual.money) == (1000, 100, 100, 100)
    assert (teams.fit, teams.style, teams.fill) == (500, 500, 1000)
    assert (cost.fit, cost.style, cost.preference) == (0, 0, 0)
    best_of_a_period = (
        10 * 5 * (100 * usual.fill + 100 * usual.fit + 100 * usual.style + 100 * usual.preference) // 1000
    )
    assert changes.change > 5 * best_of_a_period


def test_presets_start_from_the_usual_weights_and_stay_within_bounds() -> None:
    assert weights_of(Preset.FILL, {"fill": 7}).fill == 7
    for preset in Preset:
        weights_of(preset, dict.fromkeys(("fill", "fit", "style", "preference", "money", "change"), 10**6))


def test_weights_that_are_said_stand_instead_of_the_presets(session: Session) -> None:
    loaded(session)
    weights = asked(session, preset=Preset.TEAMS, weights={"fit": 7}).weights
    assert (weights.fit, weights.style) == (7, 500)


def test_people_learn_where_the_request_says_so_and_else_where_the_workspace_does(session: Session) -> None:
    loaded(session)
    assert not asked(session).growth
    assert asked(session, is_growth=True).growth
    session.get_one(Workspace, 1).is_growth = True
    assert asked(session).growth
    assert not asked(session, is_growth=False).growth


def test_request_comes_back_from_json() -> None:
    request = PlanRequest(
        title="Spring", starts_on=START, num_periods=8, project_ids=frozenset({1, 2}), person_ids=None,
        kinds=frozenset({PersonKind.EMPLOYEE}), stages=frozenset({Stage.OFFER}), preset=Preset.COST,
        weights={"fit": 3}, limits={"budget": None, "max_hires": 2}, is_reproducible=True,
    )  # fmt: skip
    assert PlanRequest.from_json(request.as_json()) == request


# -- spans


def test_like_periods_become_spans() -> None:
    assert merged([0, 50, 50, 0, 100]) == (Span(1, 3, 50), Span(4, 5, 100))
    assert merged([]) == ()


def test_nothing_is_taken_off_below_nothing() -> None:
    taken = [Span(0, 2, 80), Span(1, 4, 40)]
    assert less([Span(0, 3, 100), Span(3, 6, 50)], taken) == (
        Span(0, 1, 20),
        Span(2, 3, 60),
        Span(3, 4, 10),
        Span(4, 6, 50),
    )
