"""Who holds which seat by the plan in force, as things are today, and as they were when that plan was made.

The plan says who; today's role needs say how much and from when to when. Seats that the plan does not ask for are
their bookings': what was agreed on apart from it stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Booking,
    BookingKind,
    Candidate,
    Person,
    PersonKind,
    Phase,
    Plan,
    Project,
    RoleNeed,
    Seat,
    Stage,
    Workspace,
)
from planner.services.planning import in_force, versions
from planner.services.planning.in_force import InForce
from planner.services.planning.reading import question_of
from planner.translate import horizon_of

OVER = frozenset(stage for stage in Stage if not stage.is_considered and stage is not Stage.HIRED)


class Left(StrEnum):
    """Why somebody no longer holds a seat that the plan gives them."""

    GONE = "gone"
    DECLINED = "declined"


@dataclass(frozen=True)
class SeatAhead:
    """A seat as it is asked for today; its periods count from the calendar's start, the last one is out."""

    seat_id: int
    key: str
    need_id: int
    title: str
    phase_id: int
    phase: str
    project_id: int
    project: str
    client: str
    pm_id: int | None
    fte_pct: int
    first_idx: int
    last_idx: int

    def covers(self, idx: int) -> bool:
        """Whether somebody works on it in a period."""
        return self.first_idx <= idx < self.last_idx

    def effort(self, first_idx: int, last_idx: int) -> int:
        """What it takes of these periods, in percent of full time, summed."""
        return self.fte_pct * max(0, min(self.last_idx, last_idx) - max(self.first_idx, first_idx))


@dataclass(frozen=True)
class Holding:
    """A seat and who holds it; nobody where the plan leaves it open, or where whoever it names has left."""

    seat: SeatAhead
    person_id: int | None
    person_key: str | None
    is_agreed: bool
    left: Left | None = None


class Someone(NamedTuple):
    """A person, as a list names them."""

    id: int
    key: str
    name: str
    kind: PersonKind
    site_id: int | None


@dataclass(frozen=True)
class Before:
    """The plan in force as it was made: what each seat took of whom, and what its people had to give.

    Periods count from the workspace's calendar; `loads` are (person, percent, from, to) by seat.
    """

    first_idx: int
    last_idx: int
    loads: Mapping[str, tuple[str, int, int, int]]
    asked: frozenset[str]
    capacity: Mapping[str, tuple[tuple[int, int, int], ...]]

    def effort(self, key: str, first_idx: int, last_idx: int) -> int:
        """What a seat took of these periods."""
        _person, fte, begin, end = self.loads[key]
        return fte * max(0, min(end, last_idx) - max(begin, first_idx))


@dataclass(frozen=True)
class Present:
    """Everything at once: the plan in force, its seats as they are today, its people, and the plan as it was made."""

    workspace: Workspace
    found: InForce | None
    holdings: tuple[Holding, ...]
    people: Mapping[int, Someone]
    before: Before | None
    starts: Mapping[str, int]  # by a movable phase's key, the period in which the plan starts it

    @property
    def plan(self) -> Plan | None:
        return self.found.plan if self.found is not None else None

    @property
    def held(self) -> list[Holding]:
        """The seats that somebody holds."""
        return [one for one in self.holdings if one.person_id is not None]


def present(session: Session) -> Present:
    """Reads all of it; half a dozen queries, however many seats there are."""
    workspace = session.get_one(Workspace, 1)
    found = in_force.plan_in_force(session)
    standing = versions.standing_of(versions.version_of(session, found.plan, found.version_number)) if found else None
    people = {row.id: row for row in _people(session)}
    by_key = {row.key: row for row in people.values()}
    over = set(session.scalars(select(Candidate.person_id).where(Candidate.stage.in_(OVER))))
    booked = _booked(session)
    shift = horizon_of(workspace, found.plan.starts_on).first_idx if found else 0
    starts = {key: start + shift for key, start in standing.starts.items()} if standing else {}
    holders = standing.holders if standing else {}
    holdings = []
    for seat in _seats(session, workspace, starts, {ident: row.start_idx for ident, row in booked.items()}):
        row = booked.get(seat.seat_id)
        key = holders.get(seat.key)
        if key is not None and standing is not None:
            someone = by_key.get(key)
            is_agreed = standing.bookings.get(seat.key) == "hard" or (row is not None and row.is_agreed)
            left = Left.GONE if someone is None else Left.DECLINED if someone.id in over else None
            holdings.append(Holding(seat, someone.id if someone and left is None else None, key, is_agreed, left))
        elif row is not None:
            holdings.append(Holding(seat, row.person_id, people[row.person_id].key, row.is_agreed))
        else:
            holdings.append(Holding(seat, None, None, is_agreed=False))
    before = _before(found.plan, standing, shift) if found is not None and standing is not None else None
    return Present(workspace, found, tuple(holdings), people, before, starts)


class _Booked(NamedTuple):
    person_id: int
    start_idx: int | None
    is_agreed: bool


def _booked(session: Session) -> dict[int, _Booked]:
    """The bookings that stand, by the seat's id; of two on one seat the one that is agreed."""
    stands = Booking.is_in_force | (Booking.booking == BookingKind.HARD)
    columns = (Booking.seat_id, Booking.person_id, Booking.start_idx, Booking.booking)
    found: dict[int, _Booked] = {}
    for seat_id, person_id, start_idx, booking in session.execute(select(*columns).where(stands).order_by(Booking.id)):
        row = _Booked(person_id, start_idx, booking is BookingKind.HARD)
        if seat_id not in found or (row.is_agreed and not found[seat_id].is_agreed):
            found[seat_id] = row
    return found


def _people(session: Session) -> list[Someone]:
    columns = (Person.id, Person.key, Person.name, Person.kind, Person.site_id)
    return [Someone(*row) for row in session.execute(select(*columns).order_by(Person.id))]


def _seats(
    session: Session, workspace: Workspace, starts: Mapping[str, int], booked: Mapping[int, int | None]
) -> list[SeatAhead]:
    """Every seat as it is asked for today, in the order of its project; a movable phase starts as the plan says."""
    columns = (Seat.id, Seat.key, RoleNeed.id, RoleNeed.title, Phase.id, Phase.name, Project.id, Project.name,
               Project.client, Project.pm_id, RoleNeed.fte_pct, Phase.key, Phase.earliest_on, Phase.latest_on,
               Phase.duration, RoleNeed.from_offset, RoleNeed.to_offset)  # fmt: skip
    statement = (
        select(*columns)
        .join(RoleNeed, RoleNeed.id == Seat.need_id)
        .join(Phase, Phase.id == RoleNeed.phase_id)
        .join(Project, Project.id == Phase.project_id)
        .order_by(Project.id, Phase.earliest_on, Phase.id, RoleNeed.position, RoleNeed.id, Seat.number)
    )
    idxs: dict[datetime, int] = {}
    seats = []
    for row in _rows(session, statement):
        *facts, phase_key, earliest, latest, duration, from_offset, to_offset = row
        if earliest not in idxs:
            idxs[earliest] = workspace.idx_of(earliest)
        start = idxs[earliest]
        if earliest != latest:
            said = starts.get(phase_key, booked.get(facts[0]))
            start = max(start, said) if said is not None else start
        end = duration if to_offset is None else to_offset
        values: Any = (*facts, start + from_offset, start + end)
        seats.append(SeatAhead(*values))
    return seats


def _before(plan: Plan, standing: Any, shift: int) -> Before:
    """The plan as it was made, from the question that it keeps."""
    question = question_of(plan)
    loads = {}
    for key, who in standing.holders.items():
        if key in question.seat_by_id:
            seat, phase = question.seat_by_id[key], question.phase_of_seat[key]
            start = standing.starts.get(phase.id, phase.earliest) + shift
            loads[key] = (who, seat.fte, start + seat.from_, start + seat.to)
    capacity = {
        person.id: tuple((span.from_ + shift, span.to + shift, span.fte) for span in person.capacity)
        for person in question.people
    }
    return Before(shift, shift + plan.num_periods, loads, frozenset(question.seat_by_id), capacity)


def _rows(session: Session, statement: Any) -> Any:
    """The rows of a statement, whatever their types."""
    return session.execute(statement).all()


def day_of(workspace: Workspace, idx: int) -> date:
    """The first day of a period."""
    return workspace.moment_of(idx).date()
