"""Every (role, person) that the rules allow by themselves, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.eligible.growth import Reach
from solver.eligible.holders import Bools, Candidates, Holders, Ints
from solver.eligible.roles import Rolebook
from solver.eligible.windows import Run, Windows, overlaps
from solver.eligible.worth import Worth
from solver.problem import Pairing, Phase, Problem, Seat, SkillLine

MOST_GROWN = 3_000_000  # pairs
BLOCK = 500  # roles whose pairs are found together: as many as a cache holds


class Eligibility:
    """The pairs of a problem, ordered by role and, within a role, by person.

    Attributes
    ----------
    role, person, phase, project : arrays of shape (n,)
        The pair's role, person, phase and project, by number in `book`.
    mentored : array of bool, shape (n,)
        One level short in a must: allowed only beside a teammate who holds the level.
    value : array of int, shape (n,)
        Points for the pair, `acceptance` counted in.
    money : array of int, shape (n,)
        Staff cost of the pair.
    has_all : bool
        Whether these are all pairs that a feasible plan can hold; false where people grow and there are too many.
    """

    def __init__(self, problem: Problem, reach: Reach | None = None) -> None:
        self.problem = problem
        self.has_all = reach is not None or not problem.growth
        self.book = book = Rolebook(problem)
        self.holders = Holders(problem.people, reach)
        self.windows = Windows(problem.people, problem.calendar.periods)
        self._shapes, self._worth = _shapes(book), Worth(book, self.holders.cost)
        starts = range(0, max(1, len(book.roles)), BLOCK)
        blocks = [self._found(range(low, min(low + BLOCK, len(book.roles)))) for low in starts]
        self.role, self.person, self.mentored, self.value, self.money = map(_joined, zip(*blocks, strict=True))
        self.phase = book.phase_of_role[self.role]
        self.project = np.array(book.project_of_phase, dtype=np.int64)[self.phase]
        self.first_of_role = np.searchsorted(self.role, np.arange(len(self.book.roles) + 1))

    def __len__(self) -> int:
        return len(self.role)

    def only(self, pairs: Ints) -> Eligibility:
        """The same with some of the pairs, ascending, which get new numbers in their order."""
        some = copy(self)
        for key in ("pinned", "current", "banned", "_by_person"):
            vars(some).pop(key, None)
        for key in ("role", "person", "mentored", "phase", "project", "value", "money"):
            setattr(some, key, getattr(self, key)[pairs])
        some.first_of_role = np.searchsorted(some.role, np.arange(len(self.book.roles) + 1))
        return some

    def seat_candidates(self, seat: Seat, phase: Phase) -> Candidates:
        """Who meets the musts of a seat of a phase, or, where people grow, may come to meet them."""
        return self.holders.seat_candidates(seat, phase.latest)

    def pairs_of_role(self, role: int) -> range:
        return range(int(self.first_of_role[role]), int(self.first_of_role[role + 1]))

    def pair(self, role: int, person: int) -> int | None:
        """The number of a pair, None where the person may not hold the role."""
        low, high = int(self.first_of_role[role]), int(self.first_of_role[role + 1])
        at = low + int(np.searchsorted(self.person[low:high], person))
        return at if at < high and self.person[at] == person else None

    def seat(self, pair: int) -> Seat:
        """Any of the seats that a pair may be held on."""
        return self.book.roles[self.role[pair]].seat

    def pairs_of_person(self, person: int) -> Ints:
        order, first = self._by_person
        return order[first[person] : first[person + 1]]

    def missing(self, pair: int) -> list[SkillLine]:
        """The musts in which a mentored pair is one level short."""
        person = self.book.people[self.person[pair]]
        lines = self.book.roles[self.role[pair]].seat.skills
        return [line for line in lines if line.must and person.skills.get(line.skill, 0) < line.level]

    def starts(self, pair: int) -> list[Run]:
        """Periods [first, last] in which the pair's phase may start as far as the person's time goes."""
        role = self.book.roles[self.role[pair]]
        phase, seat = self.book.phases[role.phase], role.seat
        runs = self.windows.runs_of(int(self.person[pair]), seat.fte)
        inside = overlaps(runs, phase.earliest + seat.from_, phase.latest + seat.to)
        length = seat.to - seat.from_
        return [(a - seat.from_, b - seat.to) for a, b in inside if b - a >= length]

    @cached_property
    def fee(self) -> Ints:
        """Points that hiring each person costs, by the chance of a yes; 0 for those who are there already."""
        money = self.problem.weights.money
        points = [money * p.hire.cost * p.hire.acceptance // 100_000 if p.is_hire else 0 for p in self.book.people]
        return np.array(points, dtype=np.int64)

    @cached_property
    def pinned(self) -> list[int | None]:
        """The pair of each pin; None where the rules forbid it by themselves."""
        return [self.named_pair(row) for row in self.problem.pins]

    @cached_property
    def current(self) -> list[int | None]:
        """The pair of each row of the plan in force; None where the rules forbid it by themselves."""
        return [self.named_pair(row) for row in self.problem.current]

    @cached_property
    def banned(self) -> Bools:
        """The pairs that a ban names."""
        mask = np.zeros(len(self), dtype=np.bool_)
        named = [self.named_pair(row) for row in self.problem.bans]
        mask[[pair for pair in named if pair is not None]] = True
        return mask

    def named_pair(self, row: Pairing) -> int | None:
        return self.pair(self.book.role_of_seat[row.seat], self.book.person_no[row.person])

    @cached_property
    def _by_person(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.person, kind="stable")
        return order, np.searchsorted(self.person[order], np.arange(len(self.book.people) + 1))

    def _found(self, roles: range) -> tuple[NDArray[Any], ...]:
        """Role, person, mentored, value and money of the pairs of some roles."""
        found = [
            self.seat_candidates(role.seat, self.book.phases[role.phase])
            for role in self.book.roles[roles.start : roles.stop]
        ]
        role = np.repeat(np.array(roles, dtype=np.int64), [len(c.people) for c in found])
        person = _joined([c.people for c in found])
        in_time = self._in_time(role, person)
        role, person = role[in_time], person[in_time]
        fits = (_joined([c.skill_fit for c in found])[in_time], _joined([c.style_fit for c in found])[in_time])
        mentored = _joined([c.mentored for c in found]).astype(np.bool_)[in_time]
        return role, person, mentored, *self._worth.of(role, person, *fits)

    def _in_time(self, role: Ints, person: Ints) -> Bools:
        """Which pairs fit the person's capacity for some start of the phase."""
        fte, begin, end, length = self._shapes
        fits = np.zeros(len(role), dtype=np.bool_)
        for percent in np.unique(fte).tolist():
            rows = np.flatnonzero(fte[role] == percent)
            of = role[rows]
            fits[rows] = self.windows.has_room(percent, person[rows], begin[of], end[of], length[of])
        return fits


def _shapes(book: Rolebook) -> tuple[Ints, Ints, Ints, Ints]:
    """Each role's effort, where in time its seats lie at the widest, and how long they are."""
    rows = [
        (r.seat.fte, phase.earliest + r.seat.from_, phase.latest + r.seat.to, r.seat.to - r.seat.from_)
        for r in book.roles
        for phase in (book.phases[r.phase],)
    ]
    fte, begin, end, length = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return fte, begin, end, length


def eligibility_of(problem: Problem) -> Eligibility:
    """Who may hold what in a problem, found without ever walking over people × seats.

    Where people grow, that is whoever may come to hold it, at the best value that may come of it; where that is
    too many, those who hold it from the start, and `has_all` is false.
    """
    if not problem.growth:
        return Eligibility(problem)
    reach = Reach(problem)
    return Eligibility(problem, reach if _num_grown(problem, reach) <= MOST_GROWN else None)


def _num_grown(problem: Problem, reach: Reach) -> int:
    """About how many pairs there are once everybody has grown as far as possible; no more than is worth knowing."""
    holders, num = Holders(problem.people, reach), 0
    for phase in problem.phase_by_id.values():
        for seat in phase.seats:
            grace = 1 if seat.mentoring else 0
            lines = [line for line in seat.skills if line.must]
            able = [int((holders.highest(x.skill, phase.latest) >= x.level - grace).sum()) for x in lines]
            num += min(able, default=len(problem.people))
            if num > MOST_GROWN:
                return num
    return num


def _joined(rows: Sequence[Any]) -> NDArray[Any]:
    return np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
