"""What a person can give, period by period."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import holidays as library
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.models import Absence, CapacitySpan, PeriodKind, Person, PersonKind, Site, Workspace
from planner.services.staffing import calendars
from planner.services.staffing.calendars import earliest_idx, holidays_of, num_away, weekly_capacity

MONDAY = date(2027, 1, 4)
NEW_YEAR_WEEKS = date(2026, 12, 28)


def workspace(period: PeriodKind = PeriodKind.WEEK, start: date = MONDAY) -> Workspace:
    return Workspace(period=period, calendar_start_on=start, num_periods=26)


def person(*spans: CapacitySpan, **said: Any) -> Person:
    plain: dict[str, Any] = {
        "kind": PersonKind.EMPLOYEE, "capacity_spans": list(spans) or [CapacitySpan(fte_pct=100)], "absences": [],
        "notice_periods": 0, "ramp_up_periods": 0, "ramp_up_pct": 100,
    }  # fmt: skip
    return Person(**plain | said)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def span(fte: int, begin: datetime | None = None, end: datetime | None = None) -> CapacitySpan:
    return CapacitySpan(fte_pct=fte, from_on=begin, to_on=end)


def away(first: date, last: date | None = None) -> Absence:
    return Absence(from_on=first, to_on=last or first)


def test_nothing_takes_anything_off_somebody_without_site_and_absence() -> None:
    assert weekly_capacity(person(span(80)), workspace(), 0, 3) == [80, 80, 80]


def test_nobody_gives_anything_without_a_capacity_row() -> None:
    assert weekly_capacity(person(capacity_spans=[]), workspace(), 0, 2) == [0, 0]


def test_a_day_away_takes_a_fifth_of_the_week() -> None:
    assert weekly_capacity(person(absences=[away(date(2027, 1, 6))]), workspace(), 0, 2) == [80, 100]


def test_a_weekend_away_takes_nothing() -> None:
    assert weekly_capacity(person(absences=[away(date(2027, 1, 9), date(2027, 1, 10))]), workspace(), 0, 2) == [
        100,
        100,
    ]


def test_an_absence_over_a_weekend_takes_the_working_days_of_both_weeks() -> None:
    friday_to_monday = [away(date(2027, 1, 8), date(2027, 1, 11))]
    assert weekly_capacity(person(absences=friday_to_monday), workspace(), 0, 2) == [80, 80]
    assert num_away(person(absences=friday_to_monday), workspace(), 0, 2) == [1, 1]


def test_a_percentage_is_rounded_down() -> None:
    assert weekly_capacity(person(span(33), absences=[away(MONDAY)]), workspace(), 0, 1) == [26]  # 26.4


def test_a_public_holiday_of_the_site_is_a_day_away_and_once_only() -> None:
    paris = Site(name="Paris", country="FR")
    easter_monday = date(2027, 3, 29)
    idx = (easter_monday - MONDAY).days // 7
    assert weekly_capacity(person(site=paris), workspace(), idx, idx + 1) == [80]
    also_on_leave = person(site=paris, absences=[away(easter_monday)])
    assert weekly_capacity(also_on_leave, workspace(), idx, idx + 1) == [80]


def test_a_week_may_begin_on_any_day() -> None:
    thursday = workspace(start=date(2027, 1, 7))
    assert weekly_capacity(person(absences=[away(date(2027, 1, 13))]), thursday, 0, 2) == [80, 100]
    assert weekly_capacity(person(absences=[away(date(2027, 1, 14))]), thursday, 0, 2) == [100, 80]


def test_hours_that_change_within_a_week_are_averaged_over_its_working_days() -> None:
    wednesday = moment("2027-01-06")
    changing = person(span(100, None, wednesday), span(50, wednesday, None))
    assert weekly_capacity(changing, workspace(), 0, 2) == [(2 * 100 + 3 * 50) // 5, 50]


def test_a_capacity_row_ends_before_its_last_moment() -> None:
    second_week = moment("2027-01-11")
    assert weekly_capacity(person(span(100, None, second_week)), workspace(), 0, 3) == [100, 0, 0]
    assert weekly_capacity(person(span(100, second_week, None)), workspace(), 0, 3) == [0, 100, 100]


def test_in_a_calendar_of_days_a_day_away_takes_that_day_and_weekends_are_days() -> None:
    days = workspace(PeriodKind.DAY)
    assert weekly_capacity(person(absences=[away(date(2027, 1, 5))]), days, 0, 7) == [100, 0, 100, 100, 100, 100, 100]


def test_in_a_calendar_of_hours_a_day_away_takes_its_every_hour() -> None:
    hours = workspace(PeriodKind.HOUR)
    capacity = weekly_capacity(person(absences=[away(date(2027, 1, 5))]), hours, 0, 72)
    assert capacity == [100] * 24 + [0] * 24 + [100] * 24


def test_in_a_calendar_of_hours_a_capacity_row_counts_by_the_hour() -> None:
    shift = person(span(100, moment("2027-01-04 09:00"), moment("2027-01-04 12:00")))
    assert weekly_capacity(shift, workspace(PeriodKind.HOUR), 8, 13) == [0, 100, 100, 100, 0]


def test_a_candidate_gives_nothing_before_the_earliest_day_and_part_of_its_week() -> None:
    candidate = person(kind=PersonKind.CANDIDATE, earliest_on=moment("2027-01-13"))
    assert weekly_capacity(candidate, workspace(), 0, 3) == [0, 60, 100]
    assert earliest_idx(candidate, workspace()) == 1


@pytest.mark.parametrize(("decided", "first"), [(0, 3), (2, 5)])
def test_notice_counts_from_the_period_of_the_decision(decided: int, first: int) -> None:
    candidate = person(kind=PersonKind.CANDIDATE, earliest_on=moment("2027-01-11"), notice_periods=3)
    assert earliest_idx(candidate, workspace(), decided) == first
    assert weekly_capacity(candidate, workspace(), 0, 7, decided_idx=decided) == [0] * first + [100] * (7 - first)


def test_the_later_of_earliest_day_and_notice_counts() -> None:
    candidate = person(kind=PersonKind.CANDIDATE, earliest_on=moment("2027-02-01"), notice_periods=2)
    assert earliest_idx(candidate, workspace()) == 4


def test_ramp_up_lowers_the_first_periods_only() -> None:
    candidate = person(
        span(80), kind=PersonKind.CANDIDATE, earliest_on=moment("2027-01-11"), ramp_up_periods=2, ramp_up_pct=60
    )
    assert weekly_capacity(candidate, workspace(), 0, 5) == [0, 48, 48, 80, 80]


def test_what_is_said_of_hiring_means_nothing_for_staff() -> None:
    staff = person(earliest_on=moment("2027-03-01"), notice_periods=9, ramp_up_periods=9, ramp_up_pct=10)
    assert earliest_idx(staff, workspace()) == 0
    assert weekly_capacity(staff, workspace(), 0, 3) == [100, 100, 100]


def test_holidays_are_those_of_the_part_of_the_country() -> None:
    quebec = holidays_of(Site(name="Montréal", country="CA", subdivision="QC"), [2027], "fr")
    ontario = holidays_of(Site(name="Toronto", country="CA", subdivision="ON"), [2027], "fr")
    assert quebec[date(2027, 6, 24)] == "Fête nationale du Québec"
    assert date(2027, 6, 24) not in ontario


@pytest.mark.parametrize(
    "site", [None, Site(name="Remote"), Site(name="X", country="XX"), Site(name="Y", country="FR", subdivision="QC")]
)
def test_a_site_whose_holidays_are_not_known_has_none(site: Site | None) -> None:
    assert holidays_of(site, [2027]) == {}


def test_every_country_that_is_offered_has_its_holidays_in_both_languages() -> None:
    for country in calendars.countries():
        for language in ("en", "fr"):
            assert isinstance(holidays_of(Site(name="S", country=country), [2027], language), dict)


@st.composite
def people(draw: st.DrawFn) -> Person:
    """Someone with any rows of capacity, absences, site and terms of hiring."""
    moments = st.integers(-400, 2500).map(lambda hours: moment("2026-12-28") + timedelta(hours=hours))
    cuts = sorted(draw(st.lists(moments, min_size=2, max_size=6, unique=True)))
    bounds: list[datetime | None] = [None, *cuts, None]
    pairs = [pair for pair in pairwise(bounds) if draw(st.booleans())]
    days = st.integers(-20, 110).map(lambda n: NEW_YEAR_WEEKS + timedelta(days=n))
    sites = (None, ("FR", None), ("CA", "QC"), ("DE", "BY"))
    where = draw(st.sampled_from(sites))
    return person(
        capacity_spans=[span(draw(st.integers(0, 100)), begin, end) for begin, end in pairs],
        absences=[
            away(first, first + timedelta(days=draw(st.integers(0, 20)))) for first in draw(st.lists(days, max_size=4))
        ],
        site=Site(name="S", country=where[0], subdivision=where[1]) if where else None,
        kind=draw(st.sampled_from(PersonKind)),
        earliest_on=draw(st.none() | moments),
        notice_periods=draw(st.integers(0, 8)),
        ramp_up_periods=draw(st.integers(0, 8)),
        ramp_up_pct=draw(st.integers(0, 100)),
    )


def day_by_day(who: Person, calendar: Workspace, idx: int, decided: int) -> int:
    """The same by looking at each working day, or at the one hour, on its own."""
    begin = calendar.moment_of(idx)
    moments = [begin]
    if calendar.period is PeriodKind.WEEK:
        moments = [day for n in range(7) if (day := begin + timedelta(days=n)).isoweekday() <= 5]
    begins_at = 0
    if who.kind.is_hire:
        if who.earliest_on is not None:
            while calendar.moment_of(begins_at + 1) <= who.earliest_on:
                begins_at += 1
        if who.notice_periods:
            begins_at = max(begins_at, decided + who.notice_periods)
        if idx < begins_at:
            return 0
    share = who.ramp_up_pct if who.kind.is_hire and idx < begins_at + who.ramp_up_periods else 100
    return sum(given_at(who, moment) for moment in moments) * share // (100 * len(moments))


def given_at(who: Person, at: datetime) -> int:
    day = at.date()
    if any(row.from_on <= day <= row.to_on for row in who.absences):
        return 0
    if who.site and day in library.country_holidays(who.site.country or "", subdiv=who.site.subdivision):
        return 0
    if who.kind.is_hire and who.earliest_on and at < who.earliest_on:
        return 0
    for row in who.capacity_spans:
        if (row.from_on is None or row.from_on <= at) and (row.to_on is None or at < row.to_on):
            return row.fte_pct
    return 0


@given(people(), st.sampled_from(PeriodKind), st.integers(0, 6), st.integers(0, 9), st.integers(0, 5))
def test_capacity_is_what_looking_at_each_day_gives(
    who: Person, period: PeriodKind, shift: int, first: int, decided: int
) -> None:
    calendar = workspace(period, NEW_YEAR_WEEKS + timedelta(days=shift))
    capacity = weekly_capacity(who, calendar, first, first + 6, decided_idx=decided)
    assert all(0 <= pct <= 100 for pct in capacity)
    assert capacity == [day_by_day(who, calendar, idx, decided) for idx in range(first, first + 6)]
