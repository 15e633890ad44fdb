"""What a person can give, period by period: their capacity, less absences and public holidays, from their first day.

A week has five working days, Monday to Friday, wherever it begins: a day away takes a fifth, and what falls on a
weekend takes nothing. In a calendar of days a day away takes that day, in one of hours every hour of it; there
weekends are days like others, since such a calendar may count working days only. A percentage is rounded down:
nobody is promised more than there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays as known_holidays

from planner.models import PeriodKind, Person, Site, Workspace

SATURDAY = 5
DAY = timedelta(days=1)
ALWAYS, FOR_EVER = datetime(1, 1, 1), datetime(9999, 12, 31, 23)  # noqa: DTZ001 -- moments carry no zone
Given = tuple[datetime, datetime, int]  # from, to (out), percent of full time
Working = tuple[datetime, date]


def holidays_of(site: Site | None, years: Iterable[int], language: str = "en") -> dict[date, str]:
    """The public holidays of a site's country and subdivision, by day; none where the site has no country."""
    if site is None or not is_known(site.country, site.subdivision):
        return {}
    return dict(_holidays(site.country or "", site.subdivision or None, tuple(sorted(set(years))), language))


def is_known(country: str | None, subdivision: str | None) -> bool:
    """Whether public holidays are known of a country, and of this part of it where one is said."""
    parts = countries().get(country or "")
    return parts is not None and (not subdivision or subdivision in parts)


@lru_cache(maxsize=1)
def countries() -> Mapping[str, tuple[str, ...]]:
    """The countries whose public holidays are known, by code, with the codes of their subdivisions."""
    listed = known_holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(parts) for country, parts in listed.items()}


@lru_cache(maxsize=64)
def subdivisions(country: str) -> Mapping[str, str]:
    """A country's subdivisions by code, each under the name that the holidays library has for it."""
    codes = countries().get(country, ())
    names: dict[str, str] = {}
    for alias, code in (known_holidays.country_holidays(country).subdivisions_aliases if codes else {}).items():
        names.setdefault(code, alias)
    return {code: names.get(code, code) for code in codes}


def horizon_years(workspace: Workspace, first_idx: int, last_idx: int) -> range:
    """The years that the periods from the first up to the last touch."""
    return range(workspace.moment_of(first_idx).year, workspace.moment_of(last_idx).year + 1)


def days_away(person: Person, workspace: Workspace, first_idx: int, last_idx: int) -> frozenset[date]:
    """Every day of these periods that is an absence of the person's or a public holiday of their site."""
    first, last = workspace.moment_of(first_idx).date(), workspace.moment_of(last_idx).date()
    away = set(holidays_of(person.site, horizon_years(workspace, first_idx, last_idx)))
    for absence in person.absences:
        begin, end = max(absence.from_on, first), min(absence.to_on, last)
        away.update(begin + n * DAY for n in range((end - begin).days + 1))
    return frozenset(away)


def num_away(person: Person, workspace: Workspace, first_idx: int, last_idx: int) -> list[int]:
    """How many working days of each of these periods the person is away."""
    away = days_away(person, workspace, first_idx, last_idx)
    periods = _moments(workspace.period, workspace.calendar_start_on, first_idx, last_idx)
    return [sum(day in away for _moment, day in moments) for moments in periods]


def earliest_idx(person: Person, workspace: Workspace, decided_idx: int = 0) -> int:
    """The first period in which someone to be hired can work: past their earliest day, and their notice counted from
    the period of the decision. Staff can work from the first period on."""
    if not person.kind.is_hire:
        return 0
    begin = workspace.idx_of(person.earliest_on) if person.earliest_on is not None else 0
    return max(0, begin, decided_idx + person.notice_periods if person.notice_periods else 0)


def weekly_capacity(
    person: Person, workspace: Workspace, first_idx: int, last_idx: int, *, decided_idx: int = 0
) -> list[int]:
    """Percent of full time that a person can give in each period from the first up to, not including, the last.

    Someone to be hired gives nothing before `earliest_idx`, and in the periods of their ramp-up only its percentage.
    """
    spans = _spans(person)
    away = days_away(person, workspace, first_idx, last_idx)
    begin = earliest_idx(person, workspace, decided_idx) if person.kind.is_hire else first_idx
    ramped = begin + person.ramp_up_periods if person.kind.is_hire else first_idx
    periods = _moments(workspace.period, workspace.calendar_start_on, first_idx, last_idx)
    out = []
    for idx, moments in enumerate(periods, start=first_idx):
        share = 0 if idx < begin else person.ramp_up_pct if idx < ramped else 100
        out.append(_percent(spans, moments, away, share) if share else 0)
    return out


def _spans(person: Person) -> list[Given]:
    """The capacity that was agreed; for someone to be hired none before their earliest day."""
    opening = person.earliest_on if person.kind.is_hire and person.earliest_on else ALWAYS
    return [
        (max(span.from_on or ALWAYS, opening), span.to_on or FOR_EVER, span.fte_pct) for span in person.capacity_spans
    ]


def _percent(spans: list[Given], moments: tuple[Working, ...], away: frozenset[date], share: int) -> int:
    """The mean over the moments of what is given at each, times a share in percent, rounded down."""
    present = [moment for moment, day in moments if day not in away]
    first, last = moments[0][0], moments[-1][0]
    total = 0
    for begin, end, fte in spans:
        is_throughout = begin <= first and last < end
        held = len(present) if is_throughout else sum(begin <= moment < end for moment in present)
        total += fte * held
    return total * share // (len(moments) * 100)


@lru_cache(maxsize=64)
def _moments(period: PeriodKind, start_on: date, first_idx: int, last_idx: int) -> tuple[tuple[Working, ...], ...]:
    """For each period the working days of its week, or the day or hour itself; each with its date."""
    calendar = Workspace(period=period, calendar_start_on=start_on)
    begins = [calendar.moment_of(idx) for idx in range(first_idx, last_idx)]
    if period is not PeriodKind.WEEK:
        return tuple(((begin, begin.date()),) for begin in begins)
    weeks = ((begin + n * DAY for n in range(7)) for begin in begins)
    return tuple(tuple((day, day.date()) for day in week if day.weekday() < SATURDAY) for week in weeks)


@lru_cache(maxsize=512)
def _holidays(country: str, subdivision: str | None, years: tuple[int, ...], language: str) -> Mapping[date, str]:
    entity = known_holidays.country_holidays(country, subdiv=subdivision)
    spoken = [tongue for tongue in entity.supported_languages if tongue.split("_")[0] == language]
    chosen = spoken[0] if spoken else entity.default_language
    found = known_holidays.country_holidays(country, subdiv=subdivision, years=years, language=chosen)
    return dict(sorted(found.items()))


def midnight(day: date) -> datetime:
    """The moment at which a day begins."""
    return datetime.combine(day, time.min)
