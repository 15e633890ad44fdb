"""How far people can grow: for every skill and level to begin with, when which level can be reached at the soonest.

It is a relaxation: what else a seat asks for, who is free and who could teach is left out, so that nobody ever
holds a level sooner than is said here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from heapq import nsmallest
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.problem import Phase, Problem, SkillLine

Ints = NDArray[np.int64]


class Lesson(NamedTuple):
    """A phase with seats that teach a skill: `lowest` is the least level at which one of them can be held."""

    lowest: int
    most: int  # the highest level asked for; whoever is above it gains nothing
    earliest: int
    latest: int
    to: int  # the soonest end of such a seat, counted from the phase's start


class Reach:
    """The highest levels that are possible by the start of a phase."""

    def __init__(self, problem: Problem) -> None:
        self._lessons: defaultdict[str, list[Lesson]] = defaultdict(list)
        self._asked: defaultdict[str, int] = defaultdict(int)
        for phase in problem.phase_by_id.values():
            for skill, lesson in _lessons_of(phase).items():
                self._lessons[skill].append(lesson)
            for skill, level in _levels_asked(phase):
                self._asked[skill] = max(self._asked[skill], level)
        self._times: dict[tuple[str, int], Ints] = {}

    def levels(self, skill: str, now: Ints, period: int) -> Ints:
        """The highest level by the start of this period, for each of the levels that people begin with."""
        highest = now.copy()
        for level in np.unique(now).tolist():
            highest[now == level] = level + int(np.searchsorted(self.times(skill, level), period, side="right"))
        return highest

    def level(self, skill: str, now: int, period: int) -> int:
        return now + int(np.searchsorted(self.times(skill, now), period, side="right"))

    def times(self, skill: str, now: int) -> Ints:
        """The soonest periods at which one level more, two more, ... than `now` can be held, ascending.

        Levels above all that is asked for are left out.
        """
        if (skill, now) not in self._times:
            self._times[skill, now] = self._soonest(skill, now)
        return self._times[skill, now]

    def _soonest(self, skill: str, now: int) -> Ints:
        """Level `now` + n takes n lessons that have ended, none of which began before its lowest level was held.

        A lesson of a phase is had once, since nobody holds two seats of a phase.
        """
        lessons = [lesson for lesson in self._lessons.get(skill, []) if lesson.most >= now]
        soonest: list[int] = []
        while len(soonest) < min(len(lessons), self._asked[skill] - now):
            ends = nsmallest(len(soonest) + 1, _ends(lessons, now, soonest))
            if len(ends) <= len(soonest):
                break
            soonest.append(max([ends[-1], *soonest[-1:]]))
        return np.array(soonest, dtype=np.int64)


def _ends(lessons: list[Lesson], now: int, soonest: list[int]) -> list[int]:
    """When each lesson that the levels reached so far allow can have ended at the soonest."""
    ends = []
    for lesson in lessons:
        missing = lesson.lowest - now
        if missing <= len(soonest):
            begin = max(lesson.earliest, soonest[missing - 1] if missing > 0 else 0)
            if begin <= lesson.latest:
                ends.append(begin + lesson.to)
    return ends


def _lessons_of(phase: Phase) -> dict[str, Lesson]:
    lessons: dict[str, Lesson] = {}
    for seat in phase.seats:
        for line in seat.skills:
            if line.must:
                lowest = line.level - 1 if seat.mentoring else line.level
                new = Lesson(lowest, line.level, phase.earliest, phase.latest, seat.to)
                old = lessons.get(line.skill, new)
                lessons[line.skill] = Lesson(
                    min(old.lowest, new.lowest), max(old.most, new.most), *new[2:4], min(old.to, new.to)
                )
    return lessons


def _levels_asked(phase: Phase) -> Iterator[tuple[str, int]]:
    yield from ((line.skill, line.level) for seat in phase.seats for line in seat.skills)
    for rule in phase.team_rules:
        if rule.of is not None and rule.of.skill is not None:
            yield rule.of.skill, int(rule.of.min or 0)


def best_level(line: SkillLine, now: Ints, highest: Ints) -> Ints:
    """Of the levels from `now` to `highest`, the one that fits a line best: what it asks for, or what is nearest."""
    return np.clip(line.level, now, highest)
