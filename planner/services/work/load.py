"""What seats and tasks take of people's time, period by period, in one sum and without counting anything twice.

The law. In a period, a seat takes its effort of a full-time period. A task that is for a seat is work of that seat:
its hours are within the seat's, and only what all tasks of the seat take beyond its hours adds up. A task for no
seat, or for a seat that its owner does not hold, adds up whole. So for one person in one period:

    total = sum over the seats that they hold of max(hours of the seat, hours of their tasks for it)
          + hours of their other tasks

What is left of a task (estimate less hours spent) is spread evenly over the periods from today, or from its start
where that is later, up to its due date; what is late lies in the present period. A task without a due date lies in
none: its hours are told beside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import Booking, PeriodKind, Person, PersonKind, Seat, Task, Workspace, folded
from planner.services.staffing import utilisation
from planner.services.staffing.calendars import midnight
from planner.services.staffing.projects import workspace_of
from planner.services.staffing.utilisation import HeldSeat, present_idx
from planner.services.work.boards import IS_OPEN

K = TypeVar("K", bound=Hashable)
FULL_TIME_H = {PeriodKind.WEEK: 40.0, PeriodKind.DAY: 8.0, PeriodKind.HOUR: 1.0}
MOST_PERIODS = 26  # in one heatmap
STAFF = (PersonKind.EMPLOYEE, PersonKind.CONTRACTOR)
SLACK_H = 0.01  # sums of shares are not exact


class Left(NamedTuple):
    """What is left of a task: for which seat, by its key, and until when."""

    seat_key: str | None
    left_h: float
    starts_on: date | None
    due_on: date | None


@dataclass(frozen=True)
class PeriodLoad:
    """One period of somebody, in hours: what they give, what seats and tasks take; `beyond_h` tasks add to seats."""

    idx: int
    starts_at: datetime
    capacity_h: float
    agreed_h: float
    proposed_h: float
    tasks_h: float
    beyond_h: float
    days_away: int

    @property
    def seats_h(self) -> float:
        return self.agreed_h + self.proposed_h

    @property
    def total_h(self) -> float:
        return self.seats_h + self.beyond_h

    @property
    def is_over(self) -> bool:
        return self.total_h > self.capacity_h + SLACK_H

    @property
    def pct(self) -> int:
        """Percent of what they give; over 100 where they give nothing and something is to be done."""
        if not self.capacity_h:
            return 101 if self.total_h > SLACK_H else 0
        return round(100 * self.total_h / self.capacity_h)


@dataclass(frozen=True)
class PersonLoad:
    """Somebody's load over the periods that are looked at."""

    person: Person
    periods: Sequence[PeriodLoad]
    undated_h: float
    num_tasks: int

    @property
    def is_over(self) -> bool:
        return any(one.is_over for one in self.periods)

    @property
    def is_busy(self) -> bool:
        return self.undated_h > 0 or any(one.total_h for one in self.periods)

    def is_over_between(self, first: date | None, last: date | None) -> bool:
        """Whether there is a period with too much in it that lies between two days; open where a day is missing."""
        return any(
            one.is_over
            for n, one in enumerate(self.periods)
            if (last is None or one.starts_at.date() <= last)
            and (first is None or n + 1 == len(self.periods) or self.periods[n + 1].starts_at.date() > first)
        )


def total_of(seats: Mapping[K, float], tasks: Iterable[tuple[K | None, float]]) -> float:
    """The law for one person in one period: hours of seats by key, and of tasks, each with its seat or with none."""
    return sum(seats.values()) + beyond(seats, tasks)


def beyond(seats: Mapping[K, float], tasks: Iterable[tuple[K | None, float]]) -> float:
    """What tasks add to the hours of the seats."""
    within: dict[K, float] = defaultdict(float)
    other = 0.0
    for seat, hours in tasks:
        if seat is not None and seat in seats:
            within[seat] += hours
        else:
            other += hours
    return other + sum(max(0.0, hours - seats[seat]) for seat, hours in within.items())


def spread(workspace: Workspace, task: Left, present: int) -> dict[int, float]:
    """The hours that are left of a task by period; nothing where it has no due date."""
    if task.due_on is None:
        return {}
    last = max(present, workspace.idx_of(midnight(task.due_on)))
    first = max(present, workspace.idx_of(midnight(task.starts_on))) if task.starts_on is not None else present
    first = min(first, last)
    share = task.left_h / (last - first + 1)
    return dict.fromkeys(range(first, last + 1), share)


def load_of(
    session: Session, people: Sequence[Person], first_idx: int | None = None, num: int = MOST_PERIODS
) -> list[PersonLoad]:
    """The load of some people from a period on (the present one, where none is said), in their order."""
    workspace = workspace_of(session)
    first = present_idx(workspace) if first_idx is None else max(0, min(first_idx, workspace.num_periods - 1))
    last = min(first + num, workspace.num_periods)
    seats = utilisation.seats_of(session, people, workspace)
    tasks = tasks_of(session, [person.id for person in people])
    return [_load(workspace, one, seats[one.id], tasks.get(one.id, []), first, last) for one in people]


def staff(session: Session, ids: Iterable[int] | None = None) -> list[Person]:
    """Those who have time to give, by name, with what their calendars need."""
    statement = select(Person).where(Person.kind.in_(STAFF)).order_by(folded(Person.name), Person.id)
    if ids is not None:
        statement = statement.where(Person.id.in_(list(ids)))
    parts = (joinedload(Person.site), selectinload(Person.capacity_spans), selectinload(Person.absences))
    return list(session.scalars(statement.options(*parts)).unique())


def overloaded(session: Session, ids: Iterable[int]) -> dict[int, PersonLoad]:
    """Of some people those who have too much in a period to come, by their id."""
    found = load_of(session, staff(session, set(ids)))
    return {one.person.id: one for one in found if one.is_over}


def tasks_of(session: Session, person_ids: Sequence[int]) -> dict[int, list[Left]]:
    """What is left of the tasks of some people by their id: of those they own, and of nobody's for their seats."""
    if not person_ids:
        return {}
    held = select(Booking.seat_id, Booking.person_id).where(Booking.is_in_force, Booking.person_id.in_(person_ids))
    holder = {seat_id: person_id for seat_id, person_id in session.execute(held)}  # noqa: C416 -- rows are no pairs
    is_for_seat = Task.owner_id.is_(None) & Task.seat_id.in_(list(holder))
    statement = (
        select(Task.owner_id, Task.seat_id, Seat.key, Task.estimate_h - Task.actual_h, Task.starts_on, Task.due_on)
        .outerjoin(Seat, Seat.id == Task.seat_id)
        .where(IS_OPEN, Task.estimate_h > Task.actual_h, Task.owner_id.in_(person_ids) | is_for_seat)
    )
    found: dict[int, list[Left]] = defaultdict(list)
    for owner_id, seat_id, key, left_h, starts_on, due_on in session.execute(statement):
        whose = owner_id if owner_id is not None else holder[seat_id or 0]
        found[whose].append(Left(key, left_h or 0.0, starts_on, due_on))
    return found


def _load(
    workspace: Workspace, person: Person, seats: Sequence[HeldSeat], tasks: Sequence[Left], first: int, last: int
) -> PersonLoad:
    full, present = FULL_TIME_H[workspace.period], present_idx(workspace)
    by_period: dict[int, list[tuple[str | None, float]]] = defaultdict(list)
    for task in tasks:
        for idx, hours in spread(workspace, task, present).items():
            by_period[idx].append((task.seat_key, hours))
    held = [seat for seat in seats if seat.first_idx < last and first < seat.last_idx]
    periods = []
    for use in utilisation.use_of(person, workspace, seats, first, last):
        of_seats = {seat.key: seat.pct_at(use.idx) * full / 100 for seat in held if seat.pct_at(use.idx)}
        here = by_period.get(use.idx, [])
        periods.append(
            PeriodLoad(
                use.idx,
                workspace.moment_of(use.idx),
                use.capacity * full / 100,
                use.agreed * full / 100,
                use.proposed * full / 100,
                sum(hours for _seat, hours in here),
                beyond(of_seats, here),
                use.days_away,
            )
        )
    undated = sum(task.left_h for task in tasks if task.due_on is None)
    return PersonLoad(person, periods, undated, len(tasks))
