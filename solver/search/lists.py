"""Outlines from lists: phase after phase, each as early as those before it and the crowds allow.

Serial schedule generation (Kolisch, European Journal of Operational Research 90, 1996): whoever is ready and first
on the list is placed next. An outline is then pushed to the end and back to the beginning, which often makes it
shorter (double justification; Valls, Ballestin and Quintanilla, European Journal of Operational Research 165, 2005).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bound import reward_at
from solver.model import Demand, Outline, Worth

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Priority = dict[int, float]  # phases with less go first
Starts = dict[int, int]
MOST_CELLS = 20_000_000
MOST_PUSHES = 6
FRESH_EVERY = 12
POOL = 8
SHIFT_CHANCE = 0.5
STEPS = (0.02, 0.05, 0.1, 0.2)  # of the outline's length
LEAST_STRETCH, MOST_STRETCH = 0.6, 1.4


class Load(NamedTuple):
    """What a phase takes of some crowds, from when to when after its start."""

    begin: int
    end: int
    crowds: Ints
    percent: Ints


class Valued(NamedTuple):
    """An outline, and its points."""

    points: int
    outline: Outline


class Lists:
    """Makes outlines of a demand.

    Parameters
    ----------
    thrift
        The share of their time up to which crowds are used, where a single phase does not take more.
    """

    def __init__(self, demand: Demand, worth: Worth, thrift: float = 1.0) -> None:
        self.demand, self.book, self.worth = demand, demand.book, worth
        self.phases, self.project = demand.phases, demand.book.project_of_phase
        self.capacity = self._capacities(thrift)
        self.rank = {phase: n for n, phase in enumerate(self.phases)}
        self.loads = {phase: self._loads(phase) for phase in self.phases}
        self.after = {phase: [n for n in self.book.behind[phase] if n in self.loads] for phase in self.phases}
        self.before = {phase: [n for n in self.book.before[phase] if n in self.loads] for phase in self.phases}

    @staticmethod
    def may_serve(demand: Demand) -> bool:
        """Whether the calendar is short enough to be looked at period by period."""
        return bool(demand.phases) and len(demand.crowds) * demand.able.problem.calendar.periods <= MOST_CELLS

    def usual(self, rng: Random | None = None) -> Priority:
        """For each phase, when it must start at the latest for its project to end when it is due.

        With chance, what is to be done until then may count for more or less, phase by phase.
        """
        tail: dict[int, int] = {}
        for phase in reversed(self.phases):
            tail[phase] = max((tail[n] for n in self.after[phase]), default=0) + self.book.phases[phase].duration
        stretch = {phase: rng.uniform(LEAST_STRETCH, MOST_STRETCH) if rng else 1.0 for phase in self.phases}
        dues = {n: self.book.projects[n].due or 0 for n in self.demand.projects}
        return {phase: dues[self.project[phase]] - stretch[phase] * tail[phase] for phase in self.phases}

    def make(self, priority: Mapping[int, float]) -> Valued:
        """The outline of a list, pushed back and forth as long as that makes it better."""
        best = self.valued(self._forward(priority))
        for _ in range(MOST_PUSHES):
            pushed = self._backward(best.outline.starts)
            if pushed is None:
                break
            again = self.valued(self._forward(pushed))
            if again.points <= best.points:
                break
            best = again
        return best

    def valued(self, starts: Starts) -> Valued:
        """An outline with its points."""
        ends = self._ends(starts).items()
        earned = (reward_at(self.book.projects[n], end) + self.worth.gain.get(n, 0) for n, end in ends)
        return Valued(self.worth.rest + sum(earned), Outline(starts))

    def _forward(self, priority: Mapping[int, float]) -> Starts:
        """Places all phases as early as they can be, those of projects that do not fit in excepted."""
        left, starts, out = self.capacity.copy(), Starts(), set[int]()
        waits = {phase: len(others) for phase, others in self.before.items()}
        ready: list[tuple[float, int]] = []
        for phase in self.phases:
            if not waits[phase]:
                heappush(ready, (priority.get(phase, 0.0), phase))
        while ready:
            _, phase = heappop(ready)
            if self.project[phase] in out:
                continue
            first, last = self.demand.windows[phase]
            floor = max([first, *(self._end(n, starts) for n in self.before[phase])])
            start = self._first(left, phase, floor, last)
            if start is None:
                self._leave_out(self.project[phase], left, starts, out)
                continue
            starts[phase] = start
            self._take(left, phase, start, 1)
            for other in self.after[phase]:
                waits[other] -= 1
                if not waits[other]:
                    heappush(ready, (priority.get(other, 0.0), other))
        return starts

    def _backward(self, starts: Mapping[int, int]) -> Priority | None:
        """Places the same phases as late as they can be without their projects ending later; None where they cannot."""
        left, late, ends = self.capacity.copy(), Starts(), self._ends(starts)
        for phase in sorted(starts, key=lambda n: (self._end(n, starts), starts[n], self.rank[n]), reverse=True):
            first, last = self.demand.windows[phase]
            follows = [late[n] for n in self.after[phase] if n in starts]
            end = min([ends[self.project[phase]], *follows])
            start = self._last(left, phase, first, min(end - self.book.phases[phase].duration, last))
            if start is None:
                return None
            late[phase] = start
            self._take(left, phase, start, 1)
        return {phase: float(start) for phase, start in late.items()}

    def _leave_out(self, project: int, left: Ints, starts: Starts, out: set[int]) -> None:
        """Takes back what was placed of a project, and of those that wait for it."""
        todo = [project]
        while todo:
            n = todo.pop()
            if n in out:
                continue
            out.add(n)
            for phase in self.book.phases_of_project[n]:
                if phase in starts:
                    self._take(left, phase, starts.pop(phase), -1)
                todo += [self.project[other] for other in self.after[phase]]

    def _ends(self, starts: Mapping[int, int]) -> dict[int, int]:
        """When each project ends."""
        ends: dict[int, int] = {}
        for phase in starts:
            ends[self.project[phase]] = max(ends.get(self.project[phase], 0), self._end(phase, starts))
        return ends

    def _end(self, phase: int, starts: Mapping[int, int]) -> int:
        return starts[phase] + self.book.phases[phase].duration

    def _first(self, left: Ints, phase: int, first: int, last: int) -> int | None:
        found = self._fits(left, phase, first, last).nonzero()[0]
        return first + int(found[0]) if len(found) else None

    def _last(self, left: Ints, phase: int, first: int, last: int) -> int | None:
        found = self._fits(left, phase, first, last).nonzero()[0]
        return first + int(found[-1]) if len(found) else None

    def _fits(self, left: Ints, phase: int, first: int, last: int) -> Bools:
        """For each start from `first` to `last`, whether the crowds have time."""
        fits = np.ones(max(0, last - first + 1), dtype=np.bool_)
        for load in self.loads[phase] if len(fits) else ():
            room = left[load.crowds, first + load.begin : last + load.end]
            num_short = np.zeros(room.shape[1] + 1, dtype=np.int64)  # up to each period
            np.cumsum((room < load.percent[:, None]).any(axis=0), out=num_short[1:])
            size = load.end - load.begin
            fits &= num_short[size:] == num_short[:-size]
        return fits

    def _take(self, left: Ints, phase: int, start: int, times: int) -> None:
        for load in self.loads[phase]:
            left[load.crowds, start + load.begin : start + load.end] -= times * load.percent[:, None]

    def _loads(self, phase: int) -> list[Load]:
        found: dict[tuple[int, int], dict[int, int]] = {}
        for number, crowd in enumerate(self.demand.crowds):
            for want in crowd.wants:
                if want.phase == phase:
                    found.setdefault((want.begin, want.end), {})[number] = want.percent
        return [
            Load(begin, end, np.array(list(wants), dtype=np.int64), np.array(list(wants.values()), dtype=np.int64))
            for (begin, end), wants in sorted(found.items())
        ]

    def _capacities(self, thrift: float) -> Ints:
        """What each crowd can give, period by period."""
        capacity = np.zeros((len(self.demand.crowds), self.demand.able.problem.calendar.periods), dtype=np.int64)
        for row, crowd in zip(capacity, self.demand.crowds, strict=True):
            for begin, left in self.demand.steps(crowd):
                row[begin:] = left
            most = max(want.percent for want in crowd.wants)
            row[:] = np.minimum(row, np.maximum((row * thrift).astype(np.int64), most))
        return capacity


class ListSearch:
    """Better and better outlines: lists are changed at random, from those that have led to the best."""

    def __init__(self, lists: Lists, seed: int) -> None:
        self.lists = lists
        self.rng = Random(seed)  # noqa: S311 - chance, not secrecy
        self.best: Valued | None = None
        self.pool: list[Valued] = []
        self._num_made = 0

    def go(self, rounds: int, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Makes so many outlines; whether one of them is better than all before."""
        before = self.best
        for _ in range(rounds):
            if is_over():
                break
            self.keep(self.lists.make(self._list()))
        return self.best is not before

    def keep(self, found: Valued) -> None:
        """Remembers an outline that is as good as the best."""
        if self.best is None or found.points > self.best.points:
            self.best, self.pool = found, []
        if found.points == self.best.points and found not in self.pool:
            self.pool = [*self.pool, found][-POOL:]

    def take(self, outline: Outline) -> None:
        """Remembers an outline that was found elsewhere."""
        self.keep(self.lists.valued(dict(outline.starts)))

    def _list(self) -> Priority:
        self._num_made += 1
        if self.best is None:
            return self.lists.usual()
        if self._num_made % FRESH_EVERY == 0:
            return self.lists.usual(self.rng)
        starts = self.rng.choice(self.pool).outline.starts
        length = _length(starts.values())
        width = self.rng.choice(STEPS) * length
        shift = dict.fromkeys(self.lists.demand.projects, 0.0)
        if len(shift) > 1 and self.rng.random() < SHIFT_CHANCE:
            shift = {n: self.rng.gauss(0, 1) * length for n in shift}
        place = {phase: starts.get(phase, 0) + shift[self.lists.project[phase]] for phase in self.lists.phases}
        return {phase: start + self.rng.gauss(0, 1) * width for phase, start in place.items()}


def _length(starts: Iterable[int]) -> int:
    every = list(starts)
    return max(every, default=0) - min(every, default=0) + 1
