"""Plans from lists: outlines with the heads for them, where counting heads is all there is to it."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from solver.model import Counts, Headcount, Outline, Worth
from solver.search.lists import Bools, Ints, Lists, Use, Valued

MOST_KINDS = 7  # of roles in one phase, of which every choice is looked at
LEAST_TASTE, MOST_TASTE = 0.9, 1.1


class Team:
    """What one phase asks for: a number of heads for each role, and which choices of roles could be short of them.

    `choices` are rows by class, whether it could hold any of some roles; `demand` is what these roles ask for.
    """

    def __init__(self, headcount: Headcount, phase: int) -> None:
        book = headcount.book
        self.duration = book.phases[phase].duration
        self.roles = book.roles_of_phase[phase]
        self.num = {role: book.roles[role].count for role in self.roles}
        self.able = {
            role: [number for number, heads in enumerate(headcount.classes) if role in heads.pairs]
            for role in self.roles
        }
        self.classes = sorted({number for numbers in self.able.values() for number in numbers})
        self.may_hold = {number: [role for role in self.roles if number in self.able[role]] for number in self.classes}
        self.choices, self.demand = self._choices()

    def _choices(self) -> tuple[Ints, Ints]:
        asked: dict[frozenset[int], int] = {}
        for role in self.roles:
            kind = frozenset(self.able[role])
            asked[kind] = asked.get(kind, 0) + self.num[role]
        rows, demand = [], []
        for size in range(1, len(asked) + 1):
            for some in combinations(asked, size):
                who = frozenset().union(*some)
                rows.append([number in who for number in self.classes])
                demand.append(sum(asked[kind] for kind in some))
        return np.array(rows, dtype=np.int64).reshape(len(rows), -1), np.array(demand, dtype=np.int64)


class HeadLists(Lists):
    """Makes outlines together with the heads of each class that every role takes.

    Where heads of several classes would do, those go first who could do least of what is asked for elsewhere.
    """

    def __init__(self, headcount: Headcount, seed: int) -> None:
        super().__init__(headcount.demand, Worth(0, {}))
        self.headcount = headcount
        self.rng = Random(seed)  # noqa: S311 - chance, not secrecy
        self.teams = {phase: Team(headcount, phase) for phase in self.phases}
        self.size = np.array([len(heads.people) for heads in headcount.classes], dtype=np.int64)
        self.versatility = self._versatility()

    @staticmethod
    def may_list(headcount: Headcount) -> bool:
        """Whether heads are all there is to it, and phases ask for few enough kinds of them."""
        book = headcount.book
        return headcount.is_all and all(len(book.roles_of_phase[n]) <= MOST_KINDS for n in headcount.demand.phases)

    def use(self) -> Use:
        return HeadTime(self)

    def order(self) -> list[int]:
        """The classes, those first whose heads are needed least elsewhere, with some luck."""
        taste = [self.rng.uniform(LEAST_TASTE, MOST_TASTE) * worth for worth in self.versatility]
        return sorted(range(len(taste)), key=taste.__getitem__)

    def valued(self, outline: Outline, counts: Counts | None = None) -> Valued:
        """An outline with its points, those of the heads among them."""
        able, classes = self.headcount.able, self.headcount.classes
        worth = (
            num * int(able.value[classes[number].pairs[role][0]]) for (number, role), num in (counts or {}).items()
        )
        found = super().valued(outline, counts)
        return found._replace(points=found.points + sum(worth))

    def _versatility(self) -> list[float]:
        """For each class, how much work there is for each of those who could do it, over all that it could do."""
        found = [0.0] * len(self.size)
        for team in self.teams.values():
            for role, able in team.able.items():
                share = team.num[role] * team.duration / max(1, int(self.size[able].sum()))
                for number in able:
                    found[number] += share
        return found


class HeadTime:
    """Who is at work when, by class; a class is as busy as its size at most."""

    def __init__(self, lists: HeadLists) -> None:
        self.lists, self.teams, self.size = lists, lists.teams, lists.size
        self.busy = np.zeros((len(self.size), lists.demand.able.problem.calendar.periods), dtype=np.int64)
        self.taken: dict[int, dict[tuple[int, int], int]] = {}

    @property
    def counts(self) -> Counts:
        """The heads that have been taken, by class and role."""
        return {key: num for taken in self.taken.values() for key, num in taken.items()}

    def fits(self, phase: int, first: int, last: int) -> Bools:
        """For each start from `first` to `last`, whether heads are free for all roles (P. Hall, 1935)."""
        team = self.teams[phase]
        if last < first or not team.roles:
            return np.ones(max(0, last - first + 1), dtype=np.bool_)
        busy = sliding_window_view(self.busy[team.classes, first : last + team.duration], team.duration, axis=1)
        free = self.size[team.classes, None] - busy.max(axis=2)
        fits: Bools = (team.choices @ free >= team.demand[:, None]).all(axis=0)
        return fits

    def take(self, phase: int, start: int) -> None:
        team = self.teams[phase]
        free = self.size - self.busy[:, start : start + team.duration].max(axis=1, initial=0)
        self.taken[phase] = _Matching(team).fill(self.lists.order(), free.tolist())
        self._change(phase, start, 1)

    def give_back(self, phase: int, start: int) -> None:
        self._change(phase, start, -1)
        del self.taken[phase]

    def _change(self, phase: int, start: int, times: int) -> None:
        for (number, _), num in self.taken[phase].items():
            self.busy[number, start : start + self.teams[phase].duration] += times * num


class _Matching:
    """Heads for all seats of a team, of the first classes of an order that will do: the greedy way on a matroid."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.room = dict(team.num)
        self.held: dict[tuple[int, int], int] = {}

    def fill(self, order: list[int], free: list[int]) -> dict[tuple[int, int], int]:
        """The number of heads by class and role."""
        num_open = sum(self.room.values())
        for number in order:
            if not num_open:
                break
            if number in self.team.may_hold:
                num_open -= self._place(number, min(free[number], num_open))
        return self.held

    def _place(self, number: int, num: int) -> int:
        """How many of so many heads of a class have found a seat."""
        placed = 0
        while placed < num and self._find_seat(number, set()):
            placed += 1
        return placed

    def _find_seat(self, number: int, seen: set[int]) -> bool:
        """Whether there is a seat for one more head, if others move from role to role."""
        mine = [role for role in self.team.may_hold[number] if role not in seen]
        for role in mine:
            if self.room[role]:
                self.room[role] -= 1
                self._change(number, role, 1)
                return True
        for role in mine:
            seen.add(role)
            for other in [one for (one, at), held in self.held.items() if at == role and held and one != number]:
                if self._find_seat(other, seen):
                    self._change(other, role, -1)
                    self._change(number, role, 1)
                    return True
        return False

    def _change(self, number: int, role: int, num: int) -> None:
        self.held[number, role] = self.held.get((number, role), 0) + num
