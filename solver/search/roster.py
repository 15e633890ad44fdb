"""Who holds which seats, for seats that may change hands while nothing moves in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from solver.eligible import Eligibility
from solver.model import Plan
from solver.model.guide import Bools, Ints

NOBODY = -1


class Place(NamedTuple):
    """A seat at its time, and the pair of everybody who may hold it, by person."""

    begin: int
    end: int
    pairs: dict[int, int]


class Roster:
    """A plan's seats in numbers, so that it is told at once who is free for what.

    A person holds one seat at a time. What each holds is kept in the bits of one integer, and so is, for each seat,
    what cannot be held beside it. Seats that must stay where they are (pinned, in the plan in force, bound by a rule on
    teams, money or mentors) are here only to be in the way.
    """

    def __init__(self, able: Eligibility, pairs: Ints, plan: Plan) -> None:
        self.able, self.book, self.plan = able, able.book, plan
        self.places: list[Place] = []
        self.holder: list[int] = []
        self.work = [0] * len(self.book.people)
        self._add_places(pairs)
        self.num_moving = len(self.places)
        self._add_stuck()
        self.clash = _clashes(self.places)
        self.stuck = ~((1 << self.num_moving) - 1)

    def put(self, seat: int, person: int) -> None:
        """Gives a seat that nobody holds to a person."""
        self.work[person] |= 1 << seat
        self.holder[seat] = person

    def take(self, seat: int) -> None:
        """Takes a seat from whoever holds it."""
        self.work[self.holder[seat]] &= ~(1 << seat)
        self.holder[seat] = NOBODY

    def in_the_way(self, person: int, seat: int) -> int:
        """The bits of what a person holds that cannot be held beside a seat."""
        return self.work[person] & self.clash[seat]

    @property
    def open_seats(self) -> list[int]:
        return [seat for seat in range(self.num_moving) if self.holder[seat] == NOBODY]

    def state(self) -> tuple[list[int], list[int]]:
        """What `restore` takes back to."""
        return self.holder.copy(), self.work.copy()

    def restore(self, state: tuple[list[int], list[int]]) -> None:
        self.holder, self.work = state[0].copy(), state[1].copy()

    def as_plan(self) -> Plan:
        held = self.plan.held.copy()
        for place in self.places[: self.num_moving]:
            held[list(place.pairs.values())] = False
        moving = zip(self.places[: self.num_moving], self.holder, strict=False)
        held[[place.pairs[person] for place, person in moving if person != NOBODY]] = True
        return Plan(held, self.plan.starts)

    def _add_places(self, pairs: Ints) -> None:
        """A place for every seat, held or not, that may change hands."""
        may_move = self._roles_that_may_move()
        holders = _by_role(self.able, np.flatnonzero(self.plan.held))
        for role, mine in _by_role(self.able, pairs).items():
            if not may_move[role]:
                continue
            begin, end = self._window(role)
            candidates = {int(self.able.person[pair]): pair for pair in mine if self._has_time(pair)}
            there = [int(self.able.person[pair]) for pair in holders.get(role, [])]
            candidates |= {int(self.able.person[pair]): pair for pair in holders.get(role, [])}
            for person in [*there, *[NOBODY] * (self.book.roles[role].count - len(there))]:
                self.places.append(Place(begin, end, candidates))
                self.holder.append(NOBODY)
                if person != NOBODY:
                    self.put(len(self.places) - 1, person)

    def _add_stuck(self) -> None:
        """A place for every seat that is held and must stay, with nobody else to hold it."""
        moving = {pair for place in self.places for pair in place.pairs.values()}
        for pair in np.flatnonzero(self.plan.held).tolist():
            if pair not in moving:
                begin, end = self._window(int(self.able.role[pair]))
                self.places.append(Place(begin, end, {}))
                self.holder.append(NOBODY)
                self.put(len(self.places) - 1, int(self.able.person[pair]))

    def _roles_that_may_move(self) -> Bools:
        able, book = self.able, self.book
        held = np.flatnonzero(self.plan.held)
        is_staffed = np.zeros(len(book.phases), dtype=np.bool_)
        is_staffed[able.phase[held]] = True
        may_move = np.zeros(len(book.roles), dtype=np.bool_)
        named = {row.seat for row in (*able.problem.pins, *able.problem.current)}
        num_held = np.bincount(able.project[held], minlength=len(book.projects))
        taught = np.zeros(len(book.phases), dtype=np.bool_)
        taught[able.phase[held[able.mentored[held]]]] = True
        for n, role in enumerate(book.roles):
            phase, project = book.phases[role.phase], book.projects[book.project_of_phase[role.phase]]
            is_timed = (phase.is_fixed or role.phase in self.plan.starts) and not taught[role.phase]
            is_ready = bool(is_staffed[role.phase]) or not book.before[role.phase]
            is_ruled = bool(phase.team_rules) or project.budget is not None or role.seat.id in named
            is_torn = project.all_or_nothing and num_held[book.project_of_phase[role.phase]] < len(project.seats)
            may_move[n] = is_timed and is_ready and not is_ruled and not is_torn
        return may_move

    def _window(self, role: int) -> tuple[int, int]:
        asked = self.book.roles[role]
        start = self.plan.starts.get(asked.phase, self.book.phases[asked.phase].earliest)
        return start + asked.seat.from_, start + asked.seat.to

    def _has_time(self, pair: int) -> bool:
        """Whether a pair that earns something, without a mentor, is possible when its phase starts."""
        if self.able.value[pair] <= 0 or self.able.mentored[pair] or self.able.banned[pair]:
            return False
        phase = int(self.able.phase[pair])
        if self.book.phases[phase].is_fixed:
            return True
        start = self.plan.starts[phase]
        return any(first <= start <= last for first, last in self.able.starts(pair))


def bits(number: int) -> Iterator[int]:
    """The positions of the ones."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _by_role(able: Eligibility, pairs: Ints) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for pair, role in zip(pairs.tolist(), able.role[pairs].tolist(), strict=True):
        found.setdefault(role, []).append(pair)
    return found


def _clashes(places: list[Place]) -> list[int]:
    """For each place, the bits of those that are on at the same time, without its own."""
    events = sorted({place.begin for place in places} | {place.end for place in places})
    begun, ended = _up_to(events, [place.begin for place in places]), _up_to(events, [place.end for place in places])
    at = {period: n for n, period in enumerate(events)}
    return [begun[at[place.end]] & ~ended[at[place.begin] + 1] & ~(1 << seat) for seat, place in enumerate(places)]


def _up_to(events: list[int], periods: list[int]) -> list[int]:
    """For each event, the bits of what comes before it; and of everything, at the end."""
    at: dict[int, int] = {}
    for seat, period in enumerate(periods):
        at[period] = at.get(period, 0) | 1 << seat
    total, found = 0, []
    for event in events:
        found.append(total)
        total |= at.get(event, 0)
    return [*found, total]
