"""Free capacity of many people in a stretch of periods: what they can give, less the seats that they hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Absence,
    Allocation,
    Booking,
    BookingKind,
    CapacitySpan,
    Person,
    PersonKind,
    Phase,
    PhaseStart,
    Plan,
    RoleNeed,
    Seat,
    Site,
    Workspace,
)
from planner.services.staffing.calendars import weekly_capacity


@dataclass(frozen=True)
class Window:
    """Periods of the workspace's calendar, from one up to another, and the period in which hiring is decided."""

    workspace: Workspace
    first_idx: int
    last_idx: int
    decided_idx: int = 0

    @property
    def length(self) -> int:
        return self.last_idx - self.first_idx


@dataclass(frozen=True)
class Taken:
    """A seat that takes a part of somebody's time; `person` is their id, `phase` that of the seat's phase."""

    person: int
    seat_key: str
    phase: int
    first_idx: int
    last_idx: int
    fte: int


def free_time(
    session: Session, ids: Iterable[int], window: Window, taken: Iterable[Taken] = ()
) -> dict[int, list[int]]:
    """By person, the percent of full time that is free in each period of a window; below 0 where too much is taken."""
    wanted = set(ids)
    free = _given(session, wanted, window)
    own: dict[int, list[int]] = {}
    for row in taken:
        begin, end = max(row.first_idx, window.first_idx), min(row.last_idx, window.last_idx)
        if begin < end and row.person in free:
            left = own.setdefault(row.person, list(free[row.person]))
            for idx in range(begin, end):
                left[idx - window.first_idx] -= row.fte
    return free | own


def taken_in_force(session: Session, workspace: Workspace, *, but: Collection[int] = ()) -> list[Taken]:
    """What the bookings that are agreed or in force take, but for the seats of some projects."""
    columns = (Booking.person_id, Seat.key, Booking.start_idx, *_WHEN)
    statement = (
        select(*columns)
        .join(Seat, Seat.id == Booking.seat_id)
        .join(RoleNeed, RoleNeed.id == Seat.need_id)
        .join(Phase, Phase.id == RoleNeed.phase_id)
        .where(Booking.is_in_force | (Booking.booking == BookingKind.HARD), Phase.project_id.not_in(but))
    )
    return [
        _taken(person, key, workspace.idx_of(earliest) if start is None else start, *when)
        for person, key, start, earliest, *when in _rows(session, statement)
    ]


def taken_by_plan(session: Session, plan: Plan, workspace: Workspace) -> list[Taken]:
    """What a plan's allocations take, as they stand."""
    first = workspace.idx_of(datetime.combine(plan.starts_on, datetime.min.time()))
    begins = select(PhaseStart.phase_key, PhaseStart.start_idx).where(PhaseStart.plan_id == plan.id)
    starts = {key: first + idx for key, idx in session.execute(begins)}
    statement = (
        select(Person.id, Seat.key, Phase.key, *_WHEN)
        .select_from(Allocation)
        .join(Person, Person.key == Allocation.person_key)
        .join(Seat, Seat.key == Allocation.seat_key)
        .join(RoleNeed, RoleNeed.id == Seat.need_id)
        .join(Phase, Phase.id == RoleNeed.phase_id)
        .where(Allocation.plan_id == plan.id)
    )
    return [
        _taken(person, key, starts.get(phase, workspace.idx_of(earliest)), *when)
        for person, key, phase, earliest, *when in _rows(session, statement)
    ]


_WHEN = (Phase.earliest_on, Phase.id, Phase.duration, RoleNeed.from_offset, RoleNeed.to_offset, RoleNeed.fte_pct)


def _taken(
    person: int, key: str, start: int, phase: int, duration: int, begin: int, end: int | None, fte: int
) -> Taken:
    return Taken(person, key, phase, start + begin, start + (duration if end is None else end), fte)


class _Span(NamedTuple):
    from_on: datetime | None
    to_on: datetime | None
    fte_pct: int


class _Days(NamedTuple):
    from_on: date
    to_on: date


def _given(session: Session, ids: set[int], window: Window) -> dict[int, list[int]]:
    """What people can give in a window; those who are alike in all that decides over it are worked out once."""
    sites = {site.id: site for site in session.scalars(select(Site))}
    percents: dict[_Profile, list[int]] = {}
    given: dict[int, list[int]] = {}
    for ident, profile in _profiles(session, ids, window):
        found = percents.get(profile)
        if found is None:
            person = _model(profile, sites)
            found = percents[profile] = weekly_capacity(
                person, window.workspace, window.first_idx, window.last_idx, decided_idx=window.decided_idx
            )
        given[ident] = found
    return given


def _model(profile: _Profile, sites: Mapping[int, Site]) -> Person:
    """A profile as the calendars read a person; making a row of the table for it would cost more than the rest."""
    site_id, terms, spans, days = profile
    site = sites[site_id] if site_id is not None else None
    return cast("Person", SimpleNamespace(**terms._asdict(), site=site, capacity_spans=spans, absences=days))


def _profiles(session: Session, ids: set[int], window: Window) -> Iterator[tuple[int, _Profile]]:
    """Each person's site, terms if they are to be hired, capacity spans, and absences in the window."""
    spans: dict[int, tuple[_Span, ...]] = {}
    columns = (CapacitySpan.person_id, CapacitySpan.from_on, CapacitySpan.to_on, CapacitySpan.fte_pct)
    for ident, *span in _rows(session, select(*columns).order_by(CapacitySpan.id)):
        spans[ident] = (*spans.get(ident, ()), _Span(*span))
    first, last = (window.workspace.moment_of(idx).date() for idx in (window.first_idx, window.last_idx))
    days: dict[int, tuple[_Days, ...]] = {}
    away = select(Absence.person_id, Absence.from_on, Absence.to_on)
    for ident, *pair in _rows(session, away.where(Absence.from_on <= last, Absence.to_on >= first)):
        days[ident] = (*days.get(ident, ()), _Days(*pair))
    terms = _hiring_terms(session)
    for ident, site_id in session.execute(select(Person.id, Person.site_id)):
        if ident in ids:
            yield ident, (site_id, terms.get(ident, _NO_TERMS), spans.get(ident, ()), days.get(ident, ()))


def _hiring_terms(session: Session) -> dict[int, _Terms]:
    columns = (Person.kind, Person.earliest_on, Person.notice_periods, Person.ramp_up_periods, Person.ramp_up_pct)
    hires = select(Person.id, *columns).where(Person.kind.in_([kind for kind in PersonKind if kind.is_hire]))
    return {ident: _Terms(*terms) for ident, *terms in _rows(session, hires)}


def _rows(session: Session, statement: Any) -> Sequence[Any]:
    """The rows of a statement, whatever their types: they are taken apart by position."""
    return session.execute(statement).all()


class _Terms(NamedTuple):
    """What decides over when someone to be hired can work, and how much at first; staff are as they are."""

    kind: PersonKind
    earliest_on: datetime | None
    notice_periods: int
    ramp_up_periods: int
    ramp_up_pct: int


_NO_TERMS = _Terms(PersonKind.EMPLOYEE, None, 0, 0, 100)
_Profile = tuple[int | None, _Terms, tuple[_Span, ...], tuple[_Days, ...]]
