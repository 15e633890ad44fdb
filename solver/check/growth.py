"""Levels over time: who gains what by holding seats, where a problem's people grow."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from copy import copy

from solver.problem import Person, Problem, Seat


class Growth:
    """The levels that people have gained, as seats ended.

    Seats have to be noted in the order in which their phases start: what a seat gives depends on the levels that
    its holder has when the phase starts, and nothing that starts later can have ended by then.
    """

    def __init__(self, problem: Problem) -> None:
        self._people = problem.person_of
        self._gains: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._grown: dict[tuple[str, tuple[tuple[str, int], ...]], Person] = {}

    def person_at(self, person_id: str, period: int) -> Person:
        """The person with the levels that count for a phase that starts in this period."""
        person = self._people[person_id]
        more = {skill: bisect_right(ends, period) for skill, ends in self._gains.get(person_id, {}).items()}
        gained = tuple(sorted((skill, num) for skill, num in more.items() if num))
        if not gained:
            return person
        key = (person_id, gained)
        if key not in self._grown:
            self._grown[key] = grown(person, dict(gained))
        return self._grown[key]

    def note(self, seat: Seat, holder: Person, start: int) -> None:
        """Counts what `holder`, with the levels of the phase's start, gains by a seat of it."""
        for skill in gained_skills(seat, holder):
            ends = self._gains[holder.id][skill]
            ends.append(start + seat.to)
            ends.sort()


def gained_skills(seat: Seat, holder: Person) -> list[str]:
    """The must skills in which the holder is at or below what the seat asks for: each gains one level."""
    return [line.skill for line in seat.skills if line.must and holder.skills.get(line.skill, 0) <= line.level]


def grown(person: Person, gained: Mapping[str, int]) -> Person:
    """The person with more levels; they may pass 100, which no person of a problem can have from the start."""
    levels = dict(person.skills)
    for skill, num in gained.items():
        levels[skill] = levels.get(skill, 0) + num
    changed = copy(person)
    object.__setattr__(changed, "skills", levels)
    return changed
