"""Which part of a plan to look at next: people who compete for the same seats, and phases that may move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.eligible import Eligibility
from solver.model import Guide, Part, Plan
from solver.search.standing import Standing, Standings

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MOST_MOVING = 8
FEWEST_PEOPLE = 2
WIDER = 1.5
KINDS = ("person", "open_role", "project")
SHARES = (0.15, 0.25, 0.4, 0.65, 1.0)


class Neighbourhoods:
    """Draws parts of a problem that are small enough to be solved exactly.

    Parameters
    ----------
    pairs
        The pairs that are worth looking at.
    standings
        With a guide, parts are drawn where much is lost, and leave out pairs that would lose more than the whole part.
    """

    def __init__(self, able: Eligibility, pairs: Ints, standings: Standings | None = None) -> None:
        self.able, self.book, self.pairs, self.standings = able, able.book, pairs, standings
        self.role, self.person = able.role[pairs], able.person[pairs]
        self.by_role = _Rows(self.role, len(self.book.roles))
        self.by_person = _Rows(self.person, len(self.book.people))
        self.people = np.unique(self.person)
        self.count = self.book.num_seats
        self.is_movable = np.array([not phase.is_fixed for phase in self.book.phases], dtype=np.bool_)

    def draw(self, rng: Random, plan: Plan, kind: str, size: int) -> Part:
        """A part of about `size` pairs around a person, an open seat or a project: one of KINDS."""
        moment = _Moment(self, rng, plan)
        people, phases = getattr(moment, f"around_{kind}")()
        return moment.part(people, phases, size)

    def people_of_role(self, role: int) -> list[int]:
        """Who may hold a role."""
        found: list[int] = self.person[self.by_role.rows(role)].tolist()
        return found


class Views(Sequence[Neighbourhoods]):
    """A problem seen narrower and wider: with the pairs that lose least by a guide, with more of them, with all."""

    def __init__(self, able: Eligibility, pairs: Ints, guide: Guide | None = None) -> None:
        self.pairs, self.guide = pairs, guide
        standings = Standings(able, guide) if guide is not None else None
        shares = SHARES if guide is not None else (1.0,)
        loss = guide.pair_loss[pairs] if guide is not None else np.zeros(len(pairs))
        limits = np.quantile(loss, shares) if len(pairs) else np.zeros(len(shares))
        self._views = [Neighbourhoods(able, pairs[loss <= limit], standings) for limit in limits]

    def __len__(self) -> int:
        return len(self._views)

    def __getitem__(self, number: Any) -> Any:
        return self._views[number]


class _Moment:
    """One plan, looked at with one source of chance."""

    def __init__(self, near: Neighbourhoods, rng: Random, plan: Plan) -> None:
        self.near, self.able, self.book = near, near.able, near.book
        self.rng, self.plan = rng, plan
        self.held = np.flatnonzero(plan.held)
        self.room = near.count - np.bincount(self.able.role[self.held], minlength=len(near.count))
        self.standing: Standing | None = near.standings.of(plan) if near.standings is not None else None

    def person(self) -> int:
        """Anybody; rather somebody who loses much."""
        if self.standing is None:
            return int(self.rng.choice(self.near.people.tolist()))
        return self._one_of(self.near.people, self.standing.person[self.near.people])

    def around_person(self) -> tuple[Ints, set[int]]:
        """Somebody, and those who compete with them."""
        return self.rivals([self.person()]), set()

    def around_open_role(self) -> tuple[Ints, set[int]]:
        """An open role's candidates, and those who compete with them."""
        open_roles = np.flatnonzero((self.room > 0) & (self.near.by_role.counts > 0))
        if not len(open_roles):
            return self.around_person()
        role = self._one_of(open_roles, None if self.standing is None else self.standing.role[open_roles])
        candidates = self.near.people_of_role(role)
        seeds = self.rng.sample(candidates, min(len(candidates), 8))
        return self.rivals(seeds), {self.book.roles[role].phase}

    def around_project(self) -> tuple[Ints, set[int]]:
        """A project's team, and for each of its seats some who might join."""
        project = int(self.able.project[self.rng.choice(self.near.pairs.tolist())])
        phases = self.book.phases_of_project[project]
        people = set(self.able.person[self.held[self.able.project[self.held] == project]].tolist())
        for role in (role for phase in phases for role in self.book.roles_of_phase[phase]):
            candidates = self.near.people_of_role(role)
            people.update(self.rng.sample(candidates, min(3, len(candidates))))
        return self.rivals(sorted(people)), set(phases)

    def rivals(self, seeds: list[int]) -> Ints:
        """The seeds, then those who could hold most of what the seeds could, with some luck in the order."""
        near = self.near
        roles = np.unique(near.role[np.concatenate([near.by_person.rows(seed) for seed in seeds])])
        others = np.concatenate([near.person[near.by_role.rows(role)] for role in roles.tolist()] or [near.people])
        shared = np.bincount(others, minlength=len(self.book.people)).astype(np.float64)
        shared *= 0.3 + np.random.default_rng(self.rng.getrandbits(32)).random(len(shared))
        shared[seeds] = np.inf
        order = np.argsort(-shared, kind="stable")
        return order[shared[order] > 0]

    def part(self, people: Ints, phases: set[int], size: int) -> Part:
        """The part in which the first of the people may hold whatever is open or theirs, and worth a look."""
        num = self._num_people(people, size)
        free, is_chosen = self._worthy(people[:num], phases)
        while self.standing is not None and 2 * len(free) < size and num < len(people):
            num = min(len(people), int(WIDER * num) + 1)
            free, is_chosen = self._worthy(people[:num], phases)
        while len(free) > 2 * size and num > FEWEST_PEOPLE:
            num = max(FEWEST_PEOPLE, num * 2 // 3)
            free, is_chosen = self._worthy(people[:num], phases)
        return Part(self.plan, free, frozenset(self._moving(free, is_chosen, phases)))

    def _one_of(self, numbers: Ints, weight: Ints | None) -> int:
        """One of the numbers by chance, half of the time by weight."""
        if weight is None or self.rng.random() < 0.5 or not (weight > 0).any():
            return int(self.rng.choice(numbers.tolist()))
        return int(self.rng.choices(numbers.tolist(), np.maximum(weight, 0).tolist())[0])

    def _num_people(self, people: Ints, size: int) -> int:
        """How many of the people have about `size` pairs, as far as open seats and their own go."""
        is_open = self.room[self.near.role] > 0
        each = np.bincount(self.near.person[is_open], minlength=len(self.book.people))
        each += np.bincount(self.able.person[self.held], minlength=len(self.book.people))
        return max(FEWEST_PEOPLE, int(np.searchsorted(np.cumsum(each[people]), size)))

    def _worthy(self, people: Ints, phases: set[int]) -> tuple[Ints, Bools]:
        """The free pairs that would not alone lose more than is lost in the part; and who is in it."""
        free, is_chosen = self._free(people)
        if self.standing is None:
            return free, is_chosen
        lost = int(self.standing.person[people].sum())
        lost += int(self.standing.role[np.unique(self.able.role[free])].sum())
        lost += int(self.standing.phase[np.union1d(self.able.phase[free], sorted(phases)).astype(np.int64)].sum())
        worth_it = (self.standing.guide.pair_loss[free] <= lost) | self.plan.held[free]
        return free[worth_it], is_chosen

    def _free(self, people: Ints) -> tuple[Ints, Bools]:
        """The pairs of these people on seats that are open or theirs."""
        is_chosen = np.zeros(len(self.book.people), dtype=np.bool_)
        is_chosen[people] = True
        theirs = self.held[is_chosen[self.able.person[self.held]]]
        room = self.room + np.bincount(self.able.role[theirs], minlength=len(self.room))
        free = self.near.pairs[is_chosen[self.near.person] & (room[self.near.role] > 0)]
        return np.union1d(free, theirs), is_chosen

    def _moving(self, free: Ints, is_chosen: Bools, asked: Iterable[int]) -> set[int]:
        """The movable phases that were asked for, and some that only these people staff."""
        outside = self.able.phase[self.held[~is_chosen[self.able.person[self.held]]]]
        near = np.setdiff1d(self.able.phase[free], outside)
        mine = near[self.near.is_movable[near]].tolist()
        picked = self.rng.sample(mine, min(MOST_MOVING, len(mine)))
        return {*picked, *(phase for phase in asked if self.near.is_movable[phase])}


class _Rows:
    """Positions by number."""

    def __init__(self, numbers: Ints, size: int) -> None:
        self._order = np.argsort(numbers, kind="stable")
        self._first = np.searchsorted(numbers[self._order], np.arange(size + 1))
        self.counts = np.diff(self._first)

    def rows(self, number: int) -> Ints:
        found: Ints = self._order[self._first[number] : self._first[number + 1]]
        return found
