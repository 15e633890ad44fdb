"""Outlines from lists: phase after phase, each as early as those before it and the crowds allow.

Serial schedule generation (Kolisch, European Journal of Operational Research 90, 1996): whoever is ready and first
on the list is placed next. An outline is then pushed to the end and back to the beginning, which often makes it
shorter (double justification; Valls, Ballestin and Quintanilla, European Journal of Operational Research 165, 2005).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from solver.bound import reward_at
from solver.model import Counts, Demand, Outline, Worth

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Priority = dict[int, float]  # phases with less go first
Starts = dict[int, int]
MOST_CELLS = 20_000_000
MOST_PUSHES = 6
FRESH_EVERY = 12
POOL = 8
SHIFT_CHANCE = 0.5
STRIDE = 64  # starts that are looked at at once
PUT_OFF = 0.3  # of the outline's length
STEPS = (0.02, 0.05, 0.1, 0.2)  # of the outline's length
LEAST_STRETCH, MOST_STRETCH = 0.6, 1.4


class Load(NamedTuple):
    """What a phase takes of some crowds, from when to when after its start."""

    begin: int
    end: int
    crowds: Ints
    percent: Ints


class Valued(NamedTuple):
    """An outline, its points, and, where they are known, the heads at work by class and role."""

    points: int
    outline: Outline
    counts: Counts | None = None


class Use(Protocol):
    """What is taken of people's time while an outline is made."""

    def fits(self, phase: int, first: int, last: int) -> Bools:
        """For each start from `first` to `last`, whether there is time for a phase."""

    def take(self, phase: int, start: int) -> None:
        """Takes the time of a phase."""

    def give_back(self, phase: int, start: int) -> None:
        """Gives it back."""

    @property
    def counts(self) -> Counts | None:
        """The heads that have been taken, where heads are counted."""


class CrowdTime:
    """What is left of the time of crowds."""

    counts: Counts | None = None

    def __init__(self, capacity: Ints, loads: Mapping[int, list[Load]]) -> None:
        self.left, self.loads = capacity.copy(), loads

    def fits(self, phase: int, first: int, last: int) -> Bools:
        fits = np.ones(max(0, last - first + 1), dtype=np.bool_)
        for load in self.loads[phase] if len(fits) else ():
            room = self.left[load.crowds, first + load.begin : last + load.end]
            num_short = np.zeros(room.shape[1] + 1, dtype=np.int64)  # up to each period
            np.cumsum((room < load.percent[:, None]).any(axis=0), out=num_short[1:])
            size = load.end - load.begin
            fits &= num_short[size:] == num_short[:-size]
        return fits

    def take(self, phase: int, start: int) -> None:
        self._change(phase, start, -1)

    def give_back(self, phase: int, start: int) -> None:
        self._change(phase, start, 1)

    def _change(self, phase: int, start: int, times: int) -> None:
        for load in self.loads[phase]:
            self.left[load.crowds, start + load.begin : start + load.end] += times * load.percent[:, None]


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
        best = self._forward(priority)
        for _ in range(MOST_PUSHES):
            pushed = self._backward(best.outline.starts)
            if pushed is None:
                break
            again = self._forward(pushed)
            if again.points <= best.points:
                break
            best = again
        return best

    def valued(self, outline: Outline, counts: Counts | None = None) -> Valued:
        """An outline with its points."""
        ends = self._ends(outline.starts).items()
        earned = (reward_at(self.book.projects[n], end) + self.worth.gain.get(n, 0) for n, end in ends)
        return Valued(self.worth.rest + sum(earned), outline, counts)

    def use(self) -> Use:
        """Nobody's time taken as yet."""
        return CrowdTime(self.capacity, self.loads)

    def _forward(self, priority: Mapping[int, float]) -> Valued:
        """Places all phases as early as they can be, those of projects that do not fit in excepted."""
        use, starts, out = self.use(), Starts(), set[int]()
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
            start = _first(use, phase, floor, last)
            if start is None:
                self._leave_out(self.project[phase], use, starts, out)
                continue
            starts[phase] = start
            use.take(phase, start)
            for other in self.after[phase]:
                waits[other] -= 1
                if not waits[other]:
                    heappush(ready, (priority.get(other, 0.0), other))
        return self.valued(Outline(starts), use.counts)

    def _backward(self, starts: Mapping[int, int]) -> Priority | None:
        """Places the same phases as late as they can be, by the end of their projects or a little after that.

        All ends are put off by as much, because the same phases may need a little longer this way round. None where
        that is not enough.
        """
        use, late, ends = self.use(), Starts(), self._ends(starts)
        latest = max(ends.values(), default=0)
        more = min(self.demand.able.problem.calendar.periods - latest, int(latest * PUT_OFF))
        for phase in sorted(starts, key=lambda n: (self._end(n, starts), starts[n], self.rank[n]), reverse=True):
            first, last = self.demand.windows[phase]
            follows = [late[n] for n in self.after[phase] if n in starts]
            end = min([ends[self.project[phase]] + more, *follows])
            start = _last(use, phase, first, min(end - self.book.phases[phase].duration, last))
            if start is None:
                return None
            late[phase] = start
            use.take(phase, start)
        return {phase: float(start) for phase, start in late.items()}

    def _leave_out(self, project: int, use: Use, starts: Starts, out: set[int]) -> None:
        """Takes back what was placed of a project, and of those that wait for it."""
        todo = [project]
        while todo:
            n = todo.pop()
            if n in out:
                continue
            out.add(n)
            for phase in self.book.phases_of_project[n]:
                if phase in starts:
                    use.give_back(phase, starts.pop(phase))
                todo += [self.project[other] for other in self.after[phase]]

    def _ends(self, starts: Mapping[int, int]) -> dict[int, int]:
        """When each project ends."""
        ends: dict[int, int] = {}
        for phase in starts:
            ends[self.project[phase]] = max(ends.get(self.project[phase], 0), self._end(phase, starts))
        return ends

    def _end(self, phase: int, starts: Mapping[int, int]) -> int:
        return starts[phase] + self.book.phases[phase].duration

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
        self.keep(self.lists.valued(Outline(dict(outline.starts))))

    def begin_anew(self) -> None:
        """Forgets what has been found; other outlines come next."""
        self.best, self.pool = None, []

    def _list(self) -> Priority:
        self._num_made += 1
        if self.best is None:
            return self.lists.usual(self.rng if self._num_made > 1 else None)
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


def _first(use: Use, phase: int, first: int, last: int) -> int | None:
    for low in range(first, last + 1, STRIDE):
        found = use.fits(phase, low, min(low + STRIDE - 1, last)).nonzero()[0]
        if len(found):
            return low + int(found[0])
    return None


def _last(use: Use, phase: int, first: int, last: int) -> int | None:
    for high in range(last, first - 1, -STRIDE):
        low = max(high - STRIDE + 1, first)
        found = use.fits(phase, low, high).nonzero()[0]
        if len(found):
            return low + int(found[-1])
    return None


def _length(starts: Iterable[int]) -> int:
    every = list(starts)
    return max(every, default=0) - min(every, default=0) + 1
