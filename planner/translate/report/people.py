"""The rows of a report about people: their time, period by period, and what hires would bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate

from planner.translate.moments import Moments
from planner.translate.report.asked import own_tags
from planner.translate.report.ground import Ground, site_of
from planner.translate.report.rows import HireRow, PeriodLabel, PersonRow, SeatRow
from solver.problem import Calendar, Period, Person

MOST_COLUMNS = 400  # a longer calendar is shown in columns of several periods
WEEK_LETTER = {"en": "W", "fr": "S"}


def period_labels(calendar: Calendar, moments: Moments, language: str) -> Iterator[PeriodLabel]:
    """The columns of time."""
    width = -(-calendar.periods // MOST_COLUMNS)
    for idx in range(0, calendar.periods, width):
        to_idx = min(idx + width, calendar.periods)
        yield PeriodLabel(idx, to_idx, moments.of(idx), _label(idx, calendar, moments, language))


def _label(idx: int, calendar: Calendar, moments: Moments, language: str) -> str:
    """A short name of a period: the ISO week, the day, or the hour."""
    start = moments.of(idx)
    if start is None:
        return f"#{idx}"
    if calendar.period is Period.WEEK:
        return f"{WEEK_LETTER.get(language, 'W')}{start.isocalendar().week:02}"
    return f"{start:%m-%d}" if calendar.period is Period.DAY else f"{start:%m-%d %H}h"


def person_rows(
    ground: Ground, columns: tuple[PeriodLabel, ...], seats_of: Mapping[str, list[SeatRow]]
) -> Iterator[PersonRow]:
    """Everyone, in the order of the problem, those without a seat among them."""
    for person in ground.problem.people:
        yield _person_row(ground, columns, person, seats_of.get(person.id, []))


def _person_row(ground: Ground, columns: tuple[PeriodLabel, ...], person: Person, seats: list[SeatRow]) -> PersonRow:
    periods = ground.problem.calendar.periods
    capacity = _profile(_given(person, periods), periods)
    work = [(r.from_idx, r.to_idx, r.fte) for r in seats if r.from_idx is not None and r.to_idx is not None]
    load = _profile(work, periods)
    busy, given = sum(load), sum(capacity)
    return PersonRow(
        person_id=person.id,
        name=person.label,
        kind=person.kind,
        is_hire=person.is_hire,
        site=site_of(person),
        tags=own_tags(person.tags),
        load=_means(load, columns),
        capacity=_means(capacity, columns),
        over=tuple(_over(load, capacity, columns)) if seats else (),
        seats=tuple(row.seat_id for row in seats),
        num_periods=busy / 100,
        num_free=max(0, given - busy) / 100,
        cost=sum(row.cost or 0 for row in seats),
        points=sum(row.points or 0 for row in seats),
    )


def _given(person: Person, periods: int) -> list[tuple[int, int, int]]:
    """The person's capacity within the calendar; a hire has none before the earliest start."""
    earliest = person.hire.earliest if person.is_hire else 0
    spans = ((max(span.from_, earliest), min(span.to, periods), span.fte) for span in person.capacity)
    return [span for span in spans if span[0] < span[1]]


def _profile(spans: list[tuple[int, int, int]], periods: int) -> list[int]:
    """Percent of full time in each period."""
    steps = [0] * (periods + 1)
    for begin, end, fte in spans:
        steps[min(begin, periods)] += fte
        steps[min(end, periods)] -= fte
    return list(accumulate(steps))[:periods]


def _means(profile: list[int], columns: tuple[PeriodLabel, ...]) -> tuple[int, ...]:
    if len(columns) == len(profile):
        return tuple(profile)
    return tuple(round(sum(profile[c.idx : c.to_idx]) / (c.to_idx - c.idx)) for c in columns)


def _over(load: list[int], capacity: list[int], columns: tuple[PeriodLabel, ...]) -> list[int]:
    """The columns in which the load is somewhere larger than the capacity."""
    width = columns[0].to_idx - columns[0].idx
    return sorted({idx // width for idx, (work, most) in enumerate(zip(load, capacity, strict=True)) if work > most})


def hire_rows(ground: Ground, seats_of: Mapping[str, list[SeatRow]]) -> Iterator[HireRow]:
    """Whom the plan would hire, the one who brings most first."""
    rows = [_hire_row(ground, person, seats_of[person.id]) for person in ground.staffed.hired]
    yield from sorted(rows, key=lambda row: (-row.points, row.person_id))


def _hire_row(ground: Ground, person: Person, seats: list[SeatRow]) -> HireRow:
    hire_points = ground.score.hires_by_person[person.id]
    return HireRow(
        person_id=person.id,
        name=person.label,
        kind=person.kind,
        site=site_of(person),
        seats=tuple(seats),
        num_periods=sum(row.size for row in seats) / 100,
        points=sum(row.points or 0 for row in seats) + hire_points,
        hire_points=hire_points,
        hire_cost=person.hire.cost,
        staff_cost=sum(row.cost or 0 for row in seats),
        earliest_idx=person.hire.earliest,
        earliest=ground.moments.of(person.hire.earliest),
        acceptance=person.hire.acceptance,
    )
