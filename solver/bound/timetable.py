"""When projects take place at best, at prices on their seats: each project's own problem.

A phase earns what its seats are sold for, less what its team rules charge. Of the order between phases, what is
inside a project, from one phase before each, is kept (a forest); everything else is left out, which can only
make the bound larger.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import NamedTuple

import numpy as np

from solver.bound.items import Slots
from solver.bound.patterns import Bools, Ints
from solver.eligible import Eligibility
from solver.problem import Project

NONE = -1
IMPOSSIBLE = -(2**52)


class Schedule(NamedTuple):
    """What the projects earn together at most, and the place of each phase's start, -1 where it is not staffed."""

    worth: int
    place: Ints


class Timetable:
    """The projects' own problems, all at once: rows are phases, columns the places of their starts.

    A project that is all or nothing and has all its seats for sale is taken as a whole: its reward is part of
    what it earns, and it may be charged for seats that it must fill. `is_whole` says which, by project.
    """

    def __init__(self, able: Eligibility, slots: Slots, *, has_starts: bool) -> None:
        self.book, self.slots = able.book, slots
        num_phases = len(self.book.phases)
        self._width = int(slots.place.max(initial=0)) + 1
        self._num_starts = np.zeros(num_phases, dtype=np.int64)
        np.maximum.at(self._num_starts, slots.phase, slots.place + 1)
        self._exists = np.arange(self._width) < self._num_starts[:, None]
        cell = slots.phase * self._width + slots.place
        self._order = np.argsort(cell, kind="stable")
        self._cells, self._first = np.unique(cell[self._order], return_index=True)
        self._project = np.array(self.book.project_of_phase, dtype=np.int64)
        self.is_whole = self._whole_projects()
        self._is_whole_phase = self.is_whole[self._project]
        self._before = self._parents() if has_starts else np.full(num_phases, NONE)
        self._levels = self._by_depth()
        self._soonest = self._soonest_after()
        self._reward = self._rewards(has_starts)

    def look(self, price: Ints, charge: Ints, unit: int = 1) -> Schedule:
        """The best starts at the slots' prices and the phases' charges, in `unit`-ths of a point."""
        own = self._own(price, charge) + self._reward * unit
        earns = np.where(self._is_whole_phase[:, None], own, np.maximum(own, 0))
        best = np.zeros((len(own), self._width + 1), dtype=np.int64)
        best[self._is_whole_phase] = IMPOSSIBLE
        place = np.full(best.shape, NONE)
        behind = np.zeros_like(own)
        for phases in reversed(self._levels):
            self._look_ahead(phases, earns[phases] + behind[phases], best, place)
            children = phases[self._before[phases] != NONE]
            np.add.at(behind, self._before[children], best[children[:, None], self._soonest[children]])
            np.maximum(behind, IMPOSSIBLE, out=behind)
        earned = np.zeros(len(self.is_whole), dtype=np.int64)
        roots = self._levels[0] if self._levels else np.zeros(0, dtype=np.int64)
        np.add.at(earned, self._project[roots], best[roots, 0])
        takes_place = ~self.is_whole | (earned > 0)
        return Schedule(int(earned[takes_place].sum()), self._staffed_places(place, own, takes_place))

    def _own(self, price: Ints, charge: Ints) -> Ints:
        """What each phase earns at each start if it is staffed."""
        own = np.zeros(self._exists.size, dtype=np.int64)
        if len(self._order):
            own[self._cells] = np.add.reduceat((price * self.slots.count)[self._order], self._first)
        return own.reshape(self._exists.shape) - charge[:, None]

    def apart(self, price: Ints, charge: Ints) -> int:
        """What phases, and projects that are taken as a whole, earn at most if each may start when it likes."""
        own = np.where(self._exists, self._own(price, charge), IMPOSSIBLE)
        best = own.max(axis=1)
        alone = int(np.maximum(best, 0)[(self._num_starts > 0) & ~self._is_whole_phase].sum())
        is_in = self._is_whole_phase & (self._num_starts > 0)
        together = np.array([project.reward for project in self.book.projects], dtype=np.int64)
        np.add.at(together, self._project[is_in], best[is_in])
        return alone + int(np.maximum(together, 0)[self.is_whole].sum())

    def _look_ahead(self, phases: Ints, total: Ints, best: Ints, place: Ints) -> None:
        """The best that phases and those behind them earn from each place on, and at which place that is."""
        for column in range(self._width - 1, -1, -1):
            later = best[phases, column + 1]
            is_better = self._exists[phases, column] & (total[:, column] >= later)
            best[phases, column] = np.where(is_better, total[:, column], later)
            place[phases, column] = np.where(is_better, column, place[phases, column + 1])

    def _staffed_places(self, place: Ints, own: Ints, takes_place: Bools) -> Ints:
        """Each phase's best place after that of the phase before it, where it is staffed there."""
        chosen = np.full(len(own), NONE)
        for phases in self._levels:
            before = self._before[phases]
            soonest = np.where(before == NONE, 0, self._soonest[phases, np.maximum(chosen[before], 0)])
            is_out = (before != NONE) & (chosen[before] == NONE)
            chosen[phases] = np.where(is_out, NONE, place[phases, soonest])
        pays = own[np.arange(len(own)), np.maximum(chosen, 0)] >= 0
        is_staffed = takes_place[self._project] & (self._is_whole_phase | pays)
        return np.where(is_staffed, chosen, NONE)

    def _whole_projects(self) -> Bools:
        is_for_sale = np.zeros(len(self.book.roles), dtype=np.bool_)
        is_for_sale[self.slots.role] = True
        return np.array(
            [
                project.all_or_nothing
                and bool(project.seats)
                and all(is_for_sale[role] for phase in phases for role in self.book.roles_of_phase[phase])
                for project, phases in zip(self.book.projects, self.book.phases_of_project, strict=True)
            ],
            dtype=np.bool_,
        )

    def _parents(self) -> Ints:
        """For each phase, one phase of its project that it comes after, if both are for sale."""
        parent = np.full(len(self.book.phases), NONE)
        for phase, others in enumerate(self.book.before):
            mine = [n for n in others if self._project[n] == self._project[phase] and self._num_starts[n]]
            if mine and self._num_starts[phase]:
                parent[phase] = max(mine, key=lambda n: self.book.phases[n].earliest + self.book.phases[n].duration)
        return parent

    def _by_depth(self) -> list[Ints]:
        """The phases for sale: those without a parent, their children, the children of these, and so on."""
        levels = []
        here = np.flatnonzero((self._before == NONE) & (self._num_starts > 0))
        while len(here):
            levels.append(here)
            here = np.flatnonzero(np.isin(self._before, here))
        return levels

    def _soonest_after(self) -> Ints:
        """For each phase and place of its parent, the first place that is late enough."""
        phases = self.book.phases
        earliest = np.array([phase.earliest for phase in phases], dtype=np.int64)
        duration = np.array([phase.duration for phase in phases], dtype=np.int64)
        end = (earliest + duration)[self._before][:, None] + np.arange(self._width)
        return np.clip(end - earliest[:, None], 0, self._width)

    def _soonest_ends(self) -> list[int]:
        """When each phase of a whole project can have ended if the project is complete.

        Its phases with seats then have teams, and follow those before them; of all others only their own windows
        are sure.
        """
        phases, project = self.book.phases, self._project
        alone = [phase.earliest + phase.duration for phase in phases]
        ends = list(alone)
        for n in TopologicalSorter(dict(enumerate(self.book.before))).static_order():
            if self._is_whole_phase[n] and phases[n].seats:
                before = (ends[o] if project[o] == project[n] else alone[o] for o in self.book.before[n])
                ends[n] = max(phases[n].earliest, *before, 0) + phases[n].duration
        return ends

    def _rewards(self, has_starts: bool) -> Ints:
        """What a whole project earns for being complete, at the last of its phases with seats, by its start."""
        reward = np.zeros(self._exists.shape, dtype=np.int64)
        soonest = self._soonest_ends()
        for project in np.flatnonzero(self.is_whole).tolist():
            phases = self.book.phases_of_project[project]
            last = max((n for n in phases if self._num_starts[n]), key=soonest.__getitem__)
            first = max(soonest[n] for n in phases)
            end = self.book.phases[last].earliest + self.book.phases[last].duration
            late = range(self._width) if has_starts else [0] * self._width
            reward[last] = [reward_at(self.book.projects[project], max(first, end + n)) for n in late]
        return reward


def reward_at(project: Project, end: int) -> int:
    """A complete project's reward if its last phase ends then."""
    late = 0 if project.due is None else max(0, end - project.due)
    return max(0, project.reward - project.late_penalty * late)
