"""The forecast of the plan in force: who will have how much to do, period by period, and what has moved it.

The plan was made from what was known then. Since then absences are entered, role needs are estimated anew, people
leave, candidates say no. The forecast puts today's knowledge under the plan's people on its seats, and sums what is
otherwise: the moves of one person add up to what their load and their time have changed by, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from planner.models import PeriodKind, PersonKind, Plan, Workspace
from planner.services.staffing.free_time import Window, free_time
from planner.services.staffing.utilisation import present_idx
from planner.services.work.holdings import Holding, Present, Someone, present

PERIODS_AHEAD = {PeriodKind.WEEK: 26, PeriodKind.DAY: 60, PeriodKind.HOUR: 72}


class MoveKind(StrEnum):
    """What has moved the forecast since the plan was made; all but LESS_TIME and MORE_TIME are about a load."""

    LESS_TIME = "less_time"
    MORE_TIME = "more_time"
    RE_ESTIMATED = "re_estimated"
    GONE = "gone"
    DECLINED = "declined"
    SEAT_GONE = "seat_gone"
    ADDED = "added"

    @property
    def is_about_time(self) -> bool:
        """Whether it changes what somebody can give, rather than what they have to do."""
        return self in (MoveKind.LESS_TIME, MoveKind.MORE_TIME)


@dataclass(frozen=True)
class Move:
    """Something that is otherwise than the plan knew: `change` is in percent of full time, summed over periods."""

    kind: MoveKind
    person_key: str
    person_id: int | None
    change: int
    first_idx: int
    last_idx: int
    holding: Holding | None = None
    seat_key: str = ""


@dataclass(frozen=True)
class Line:
    """One person: what they can give and have to do in each period of the window, now and as the plan knew it."""

    person: Someone
    capacity: tuple[int, ...]
    load: tuple[int, ...]
    capacity_then: tuple[int, ...]
    load_then: tuple[int, ...]

    @property
    def over(self) -> tuple[int, ...]:
        """How much there is too much, period by period."""
        return tuple(max(0, load - give) for load, give in zip(self.load, self.capacity, strict=True))

    @property
    def bench(self) -> int:
        """What is left of their time, summed: what is too much in one week makes up for nothing in another."""
        return sum(max(0, give - load) for load, give in zip(self.load, self.capacity, strict=True))

    @property
    def used_pct(self) -> int | None:
        """Percent of their time that is allocated; None where they have none to give."""
        given = sum(self.capacity)
        return round(100 * sum(self.load) / given) if given else None

    @property
    def used_then_pct(self) -> int | None:
        """The same as the plan knew it."""
        given = sum(self.capacity_then)
        return round(100 * sum(self.load_then) / given) if given else None

    @property
    def num_over(self) -> int:
        """In how many periods there is too much."""
        return sum(1 for one in self.over if one)


@dataclass(frozen=True)
class Forecast:
    """The window [first_idx, last_idx) of everybody on staff, and of whoever else holds a seat in it."""

    workspace: Workspace
    plan: Plan | None
    first_idx: int
    last_idx: int
    lines: tuple[Line, ...]
    moves: tuple[Move, ...]
    open_seats: tuple[Holding, ...]

    @property
    def num_periods(self) -> int:
        return self.last_idx - self.first_idx

    @property
    def overloaded(self) -> list[Line]:
        """Those who have too much to do, the most first."""
        return sorted((one for one in self.lines if one.num_over), key=lambda one: -sum(one.over))

    def below(self, pct: int) -> list[Line]:
        """Those of whose time less than so many percent is allocated, the least first."""
        found = [one for one in self.lines if one.used_pct is not None and one.used_pct < pct]
        return sorted(found, key=lambda one: (one.used_pct or 0, one.person.name))

    @property
    def staff(self) -> list[Line]:
        """Those on staff."""
        return [one for one in self.lines if not one.person.kind.is_hire]

    def moves_of(self, person_id: int) -> list[Move]:
        """What has moved one person's forecast."""
        return [move for move in self.moves if move.person_id == person_id]


def forecast(session: Session, *, only: Iterable[int] | None = None, now: Present | None = None) -> Forecast:
    """The forecast of everybody, or of some people by their ids."""
    here = now or present(session)
    first = present_idx(here.workspace)
    last = min(here.workspace.num_periods, first + PERIODS_AHEAD[here.workspace.period])
    last = max(last, first + 1)
    wanted = set(only) if only is not None else None
    shown = [row for row in _shown(here, first, last) if wanted is None or row.id in wanted]
    window = Window(here.workspace, first, last, decided_idx=first)
    given = free_time(session, [row.id for row in shown], window)
    loads = loads_of(here, first, last)
    nothing = [0] * (last - first)
    lines = []
    for row in shown:
        load, capacity = loads.get(row.id, nothing), given[row.id]
        capacity_then, load_then = (
            _then(here, row, first, last, capacity) if here.before is not None else (capacity, load)
        )
        lines.append(Line(row, tuple(capacity), tuple(load), tuple(capacity_then), tuple(load_then)))
    moves = [*_moves_of_time(lines, first), *_moves_of_seats(here, first, last)]
    if wanted is not None:
        moves = [move for move in moves if move.person_id in wanted]
    open_seats = tuple(one for one in here.holdings if one.person_id is None and one.seat.effort(first, last))
    return Forecast(here.workspace, here.plan, first, last, tuple(lines), tuple(moves), open_seats)


def loads_of(here: Present, first_idx: int, last_idx: int) -> dict[int, list[int]]:
    """By person, what their seats take of each period of a window."""
    loads: dict[int, list[int]] = {}
    for one in here.held:
        begin, end = max(one.seat.first_idx, first_idx), min(one.seat.last_idx, last_idx)
        if begin < end and one.person_id is not None:
            row = loads.setdefault(one.person_id, [0] * (last_idx - first_idx))
            for idx in range(begin - first_idx, end - first_idx):
                row[idx] += one.seat.fte_pct
    return loads


def _shown(here: Present, first_idx: int, last_idx: int) -> list[Someone]:
    """Staff, and those to be hired who hold a seat in the window, by name."""
    holding = {one.person_id for one in here.held if one.seat.effort(first_idx, last_idx)}
    rows = [row for row in here.people.values() if not row.kind.is_hire or row.id in holding]
    return sorted(rows, key=lambda row: (row.kind is not PersonKind.EMPLOYEE, row.name.casefold(), row.id))


def _then(
    here: Present, row: Someone, first_idx: int, last_idx: int, capacity: list[int]
) -> tuple[list[int], list[int]]:
    """What the plan knew of a person. What lies outside its question, or its horizon, is taken to be as it is now."""
    before = here.before
    load = [0] * (last_idx - first_idx)
    if before is None or row.key not in before.capacity:
        return list(capacity), load
    beside = [0] * (last_idx - first_idx)
    for one in here.held:
        if one.person_id == row.id and one.seat.key not in before.asked:
            for idx in range(max(one.seat.first_idx, first_idx), min(one.seat.last_idx, last_idx)):
                beside[idx - first_idx] += one.seat.fte_pct
    given = list(capacity)
    known = range(max(first_idx, before.first_idx), min(last_idx, before.last_idx))
    for idx in known:
        given[idx - first_idx] = beside[idx - first_idx]
    for begin, end, fte in before.capacity[row.key]:
        for idx in range(max(begin, known.start), min(end, known.stop)):
            given[idx - first_idx] += fte
    for who, fte, begin, end in before.loads.values():
        if who == row.key:
            for idx in range(max(begin, first_idx), min(end, last_idx)):
                load[idx - first_idx] += fte
    return given, [own + extra for own, extra in zip(load, beside, strict=True)]


def _moves_of_time(lines: Iterable[Line], first_idx: int) -> Iterator[Move]:
    """Stretches of periods in which people have less to give than the plan knew, or more."""
    for line in lines:
        changes = [now - then for now, then in zip(line.capacity, line.capacity_then, strict=True)]
        for kind, sign in ((MoveKind.LESS_TIME, -1), (MoveKind.MORE_TIME, 1)):
            for begin, end in stretches(change * sign > 0 for change in changes):
                yield Move(
                    kind, line.person.key, line.person.id, sum(changes[begin:end]), first_idx + begin, first_idx + end
                )


def _moves_of_seats(here: Present, first_idx: int, last_idx: int) -> Iterator[Move]:
    """Seats that take more or less of somebody than the plan knew."""
    before = here.before
    if before is None:
        return
    by_key: dict[str, Holding] = {one.seat.key: one for one in here.holdings}
    ids = {row.key: row.id for row in here.people.values()}
    for one in here.held:
        is_beside = one.seat.key not in before.asked and one.person_key in before.capacity
        effort = one.seat.effort(first_idx, last_idx)
        if effort and one.seat.key not in before.loads and not is_beside and one.person_key is not None:
            span = _within(one, first_idx, last_idx)
            yield Move(MoveKind.ADDED, one.person_key, one.person_id, effort, *span, one, one.seat.key)
    for key, (who, _fte, begin, end) in before.loads.items():
        found, then = by_key.get(key), before.effort(key, first_idx, last_idx)
        if found is None or found.left is not None:
            kind = MoveKind.SEAT_GONE if found is None else MoveKind(str(found.left))
            if then:
                yield Move(kind, who, ids.get(who), -then, max(begin, first_idx), min(end, last_idx), found, key)
            continue
        change, span = found.seat.effort(first_idx, last_idx) - then, _within(found, first_idx, last_idx)
        if change or (then and span != (max(begin, first_idx), min(end, last_idx))):
            yield Move(MoveKind.RE_ESTIMATED, who, ids.get(who), change, *span, found, key)


def _within(one: Holding, first_idx: int, last_idx: int) -> tuple[int, int]:
    begin, end = max(one.seat.first_idx, first_idx), min(one.seat.last_idx, last_idx)
    return begin, max(begin, end)


def stretches(marks: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """The runs of what holds, as [from, to)."""
    begin = None
    n = -1
    for n, mark in enumerate(marks):
        if mark and begin is None:
            begin = n
        elif not mark and begin is not None:
            yield begin, n
            begin = None
    if begin is not None:
        yield begin, n + 1


def by_period(lines: Iterable[Line], num_periods: int) -> list[tuple[int, int, int]]:
    """Of some people together, in each period: what they can give, what is allocated of it, what is left (bench)."""
    totals = [[0, 0, 0] for _ in range(num_periods)]
    for line in lines:
        for n, (give, load) in enumerate(zip(line.capacity, line.load, strict=True)):
            totals[n][0] += give
            totals[n][1] += load
            totals[n][2] += max(0, give - load)
    return [(give, load, bench) for give, load, bench in totals]
