"""Who could sit here: everyone ranked for one seat, with the points and their parts, free time, and what is missing.

The points are the solver's: `solver.check.seat_score`, with the workspace's weights, or a plan's. Who holds every
must-have is ranked; who lacks some is counted under it. What nobody rated counts as the solver counts it and is shown
with the points that it could be at worst and at best.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, NamedTuple

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from planner.models import (
    Booking,
    BookingKind,
    Person,
    PersonKind,
    Phase,
    PhaseStart,
    Plan,
    Project,
    RoleNeed,
    Seat,
    Site,
    Wish,
)
from planner.services.listing import Page, Query
from planner.services.planning.seat_points import LineState, SeatPoints
from planner.services.staffing import matching
from planner.services.staffing.free_time import Taken, Window, free_time, taken_by_plan, taken_in_force
from planner.services.staffing.matching import HELD, LACKED, Asked, Line, Removed
from planner.services.staffing.projects import workspace_of
from planner.services.staffing.utilisation import present_idx
from planner.translate.request import PlanRequest
from solver.check import SeatScore

MOST_BARS = 52
SEVERAL = "several"  # those who lack more than one must-have


class Run(NamedTuple):
    """Like periods in a row, counted from the seat's first one: from, up to, and what is free in percent."""

    from_idx: int
    to_idx: int
    free_pct: int


@dataclass(frozen=True)
class Sitting:
    """Someone on the seat, as it would be: the points, what they could be, and the free time of the seat's periods."""

    id: int
    key: str
    name: str
    kind: PersonKind
    site: str
    score: SeatScore
    worst: int
    best: int
    lines: tuple[LineState, ...]
    lacking: tuple[Line, ...]
    free: tuple[int, ...]
    fte: int
    is_free: bool
    is_on_phase: bool
    is_holder: bool
    is_mentored: bool
    is_unconfirmed: bool
    is_cost_known: bool
    cost: int

    @property
    def num_free(self) -> int:
        """In how many periods all of the seat's effort is free."""
        return sum(pct >= self.fte for pct in self.free)

    @property
    def runs(self) -> list[Run]:
        """The free time as runs of like periods."""
        ends = [n for n in range(1, len(self.free) + 1) if n == len(self.free) or self.free[n] != self.free[n - 1]]
        return [Run(begin, end, self.free[begin]) for begin, end in zip([0, *ends], ends, strict=False)]

    @property
    def strip(self) -> list[int]:
        """The free time in as many bars as a row has room for; each says the least of its stretch."""
        step = -(-len(self.free) // MOST_BARS)
        return [max(0, min(self.free[n : n + step])) for n in range(0, len(self.free), step)]

    @property
    def is_certain(self) -> bool:
        """Whether nothing that counts is unknown."""
        return self.worst == self.best


@dataclass(frozen=True)
class Seating:
    """A seat and everyone considered for it."""

    seat: Seat
    window: Window
    plan: Plan | None
    page: Page[Sitting]
    asked: Asked
    num_people: int
    num_could: int
    num_free: int
    num_several: int
    removed: tuple[Removed, ...]
    holders: tuple[tuple[str, bool], ...]


def find_seat(session: Session, key: str) -> Seat | None:
    """The seat with a key."""
    return session.scalar(select(Seat).where(Seat.key == key))


def seating(session: Session, seat: Seat, query: Query, plan: Plan | None = None) -> Seating:
    """Everyone for a seat, as the URL asks: ranked, or those whom `removed` names a must-have for."""
    return _Table(session, seat, plan).seating(query)


class _Table:
    """The seat, what it asks, and everyone laid out beside it."""

    def __init__(self, session: Session, seat: Seat, plan: Plan | None) -> None:
        self._session, self._seat, self._plan = session, seat, plan
        self._need, self._phase = seat.need, seat.need.phase
        self._asked = matching.asked_of(self._need)
        self._window = _window(session, self._need, self._phase, plan)
        self._points = SeatPoints(session, seat, self._asked, plan)
        self._rows = _everyone(session, self._asked, self._phase.project)
        self._taken = _taken(session, self._window, plan)

    def seating(self, query: Query) -> Seating:
        groups = Counter(row.lacks for row in self._rows)
        could = [row for row in self._rows if LACKED not in row.lacks]
        removed = query.value("removed")
        chosen = [row for row in self._rows if self._is_chosen(row.lacks, removed) and _is_asked_for(row, query)]
        others = [taken for taken in self._taken if taken.seat_key != self._seat.key]
        free = free_time(self._session, {row.id for row in (*could, *chosen)}, self._window, others)
        if query.value("free"):
            chosen = [row for row in chosen if self._is_free(free[row.id])]
        return Seating(
            seat=self._seat,
            window=self._window,
            plan=self._plan,
            page=self._page(chosen, query, free),
            asked=self._asked,
            num_people=len(self._rows),
            num_could=len(could),
            num_free=sum(self._is_free(free[row.id]) for row in could),
            num_several=sum(num for lacks, num in groups.items() if lacks.count(LACKED) > 1),
            removed=tuple(_removed(line, n, groups) for n, line in enumerate(self._asked.musts)),
            holders=self._holders(),
        )

    def _page(self, rows: list[Any], query: Query, free: Mapping[int, Sequence[int]]) -> Page[Sitting]:
        """The rows in order, and of one page everything that it shows."""
        ranked = sorted(rows, key=self._order(query.sort), reverse=query.sort == "-name")
        number = min(query.page, max(1, -(-len(ranked) // query.size)))
        shown = ranked[(number - 1) * query.size : number * query.size]
        details = _details(self._session, self._asked, [row.id for row in shown])
        items = [self._sitting(row, details[row.id], tuple(free[row.id])) for row in shown]
        return Page(items, number, query.size, len(ranked), query)

    def _order(self, sort: str) -> Callable[[Any], Any]:
        """By points, the most first, unless the URL asks for something else; who lacks the least comes first anyway."""
        if sort.removeprefix("-") == "name":
            return lambda row: (row.name.casefold(), row.id)
        net = self._points.net
        if sort.removeprefix("-") == "cost":
            dear = -1 if sort.startswith("-") else 1
            return lambda row: (dear * self._points.cost(row)[0], -net(row), row.id)
        sign = 1 if sort == "points" else -1
        return lambda row: (row.lacks.count(LACKED), sign * net(row), row.name, row.id)

    def _sitting(self, row: Any, detail: Any, free: tuple[int, ...]) -> Sitting:
        points, musts = self._points, self._asked.musts
        cost, is_known = points.cost(row)
        phase, key = self._phase.id, self._seat.key
        mine = [taken for taken in self._taken if taken.person == row.id and taken.phase == phase]
        return Sitting(
            id=row.id, key=detail.key, name=row.name, kind=PersonKind(row.kind), site=detail.site or "",
            score=points.score(row), worst=points.worst(row).net, best=points.best(row).net,
            lines=tuple(points.state(line, detail) for line in matching.rated(self._asked)),
            lacking=tuple(line for n, line in enumerate(musts) if row.lacks[n] == LACKED),
            free=free, fte=self._need.fte_pct, is_free=self._is_free(free),
            is_on_phase=any(taken.seat_key != key for taken in mine),
            is_holder=any(taken.seat_key == key for taken in mine),
            is_mentored=bool(detail.num_mentored), is_unconfirmed=bool(detail.num_unconfirmed),
            is_cost_known=is_known, cost=cost,
        )  # fmt: skip

    def _is_free(self, free: Sequence[int]) -> bool:
        return bool(free) and min(free) >= self._need.fte_pct

    def _is_chosen(self, lacks: str, removed: str) -> bool:
        """Whether someone is of those who could, or of those whom one must-have alone, or several, removed."""
        if removed == SEVERAL:
            return lacks.count(LACKED) > 1
        at = next((n for n, line in enumerate(self._asked.musts) if line.name == removed), None)
        return LACKED not in lacks if at is None else lacks[at] == LACKED and lacks.count(LACKED) == 1

    def _holders(self) -> tuple[tuple[str, bool], ...]:
        """Who holds the seat in force, and whether that is agreed."""
        statement = (
            select(Person.name, Booking.booking)
            .join(Person, Person.id == Booking.person_id)
            .where(Booking.seat_id == self._seat.id, Booking.is_in_force)
        )
        return tuple((name, booking is BookingKind.HARD) for name, booking in self._session.execute(statement))


def _everyone(session: Session, asked: Asked, project: Project) -> list[Any]:
    """Everyone considered: what they have on each rated line, the musts that they lack, their wish and cost."""
    wish = select(Wish.person_id, Wish.wish).where(Wish.project_id == project.id).subquery()
    kind = type_coerce(Person.kind, String).label("kind")  # 5000 texts are read sooner than 5000 members of an enum
    costs = (Person.cost_minor, Person.cost_currency, Person.acceptance_pct)
    statement = matching.laid_out(session, asked, is_brief=True)
    statement = statement.add_columns(Person.name, kind, *costs, Person.site_id, wish.c.wish)
    return list(session.execute(statement.outerjoin(wish, wish.c.person_id == Person.id)).all())


def _details(session: Session, asked: Asked, ids: Sequence[int]) -> dict[int, Any]:
    """What only the people of one page are shown with."""
    statement = matching.laid_out(session, asked).add_columns(Person.key, Site.name.label("site"))
    statement = statement.outerjoin(Site, Site.id == Person.site_id).where(Person.id.in_(ids))
    return {row.id: row for row in session.execute(statement)}


def _is_asked_for(row: Any, query: Query) -> bool:
    """Whether someone passes the search and the filters of the list."""
    kind, site = query.value("kind"), query.value("site")
    return (
        (not query.q or query.q.casefold() in row.name.casefold())
        and (not kind or kind == row.kind)
        and (not site or site == str(row.site_id))
    )


def _removed(line: Line, at: int, groups: Mapping[str, int]) -> Removed:
    """What a must-have does, from how many people lack which musts."""
    holding = sum(num for lacks, num in groups.items() if lacks[at] == HELD)
    alone = sum(num for lacks, num in groups.items() if lacks[at] == LACKED and lacks.count(LACKED) == 1)
    return Removed(line, holding, alone)


def _window(session: Session, need: RoleNeed, phase: Phase, plan: Plan | None) -> Window:
    """When the seat would be held: by the plan, by what is agreed of its phase, else as early as may be."""
    workspace = workspace_of(session)
    start, decided = _agreed_start(session, phase), present_idx(workspace)
    if plan is not None:
        decided = workspace.idx_of(datetime.combine(plan.starts_on, time.min))
        planned = session.get(PhaseStart, (plan.id, phase.key))
        start = decided + planned.start_idx if planned is not None else start
    begin = workspace.idx_of(phase.earliest_on) if start is None else start
    return Window(workspace, begin + need.from_offset, begin + (need.to_offset or phase.duration), decided)


def _agreed_start(session: Session, phase: Phase) -> int | None:
    statement = (
        select(Booking.start_idx)
        .join(Seat, Seat.id == Booking.seat_id)
        .join(RoleNeed, RoleNeed.id == Seat.need_id)
        .where(RoleNeed.phase_id == phase.id, Booking.booking == BookingKind.HARD, Booking.start_idx.is_not(None))
        .order_by(Booking.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def _taken(session: Session, window: Window, plan: Plan | None) -> list[Taken]:
    """What is taken of people's time: by what is in force, or by a plan and by what is in force beside it."""
    if plan is None:
        return taken_in_force(session, window.workspace)
    ids = PlanRequest.from_json(plan.request).project_ids
    planned = ids if ids is not None else set(session.scalars(select(Project.id)))
    return [*taken_by_plan(session, plan, window.workspace), *taken_in_force(session, window.workspace, but=planned)]
