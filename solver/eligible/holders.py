"""Who holds a skill, a style, a tag: for each a row of numbers over all people, made when first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from solver.eligible.growth import Reach, best_level
from solver.problem import Person, Seat, SkillLine, StyleLine

UNKNOWN = -1
MENTORED_POINTS = 60
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
NOBODY = np.zeros(0, dtype=np.int64)
Rows = dict[str, tuple[Ints, Ints]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who meets a seat's musts, whatever their calendar: numbers of people, ascending, and how well they fit.

    `mentored` marks those who are one level short somewhere and need a teammate who is not. Where people grow,
    they are those who may meet the musts by the time, at the best fit that may come of it, and none is marked.
    """

    people: Ints
    mentored: Bools
    skill_fit: Ints
    style_fit: Ints


class Holders:
    """The people as an inverted index; every row has one entry for each person."""

    def __init__(self, people: tuple[Person, ...], reach: Reach | None = None) -> None:
        self.num_people = len(people)
        self.reach = reach
        self.cost = np.array([person.cost for person in people], dtype=np.int64)
        self._skills = _indexed(person.skills.items() for person in people)
        self._styles = _indexed(person.style_tenths.items() for person in people)
        self._tags = _indexed([(tag, 1) for tag in dict.fromkeys(person.tags)] for person in people)
        self.levels = cache(self._levels)
        self.tenths = cache(self._tenths)
        self.has_tag = cache(self._has_tag)
        self.candidates = cache(self._candidates)
        self._highest = cache(self._highest_row)

    def _levels(self, skill: str) -> Ints:
        """Each person's level in a skill; 0 is not held."""
        return self._row(self._skills, skill, 0)

    def _tenths(self, style: str) -> Ints:
        """Each person's score in a style, in tenths; -1 is unknown."""
        return self._row(self._styles, style, UNKNOWN)

    def _has_tag(self, tag: str) -> Bools:
        return self._row(self._tags, tag, 0) > 0

    def has_any_tag(self, tags: tuple[str, ...]) -> Bools:
        found = np.zeros(self.num_people, dtype=np.bool_)
        for tag in tags:
            found |= self.has_tag(tag)
        return found

    def is_in_band(self, line: StyleLine) -> Bools:
        """Who is known to be inside a style line's band."""
        tenths = self.tenths(line.style)
        return (tenths >= max(line.min_tenths, 0)) & (tenths <= line.max_tenths)

    def seat_candidates(self, seat: Seat, latest: int) -> Candidates:
        """Those for a seat of a phase that starts in period `latest` at the latest."""
        asks = (seat.skills, seat.styles, seat.tags, seat.any_of, seat.max_cost, seat.mentoring)
        return self.candidates(*asks, 0 if self.reach is None else latest)

    def highest(self, skill: str, period: int) -> Ints:
        """Each person's highest possible level by the start of this period."""
        return self.levels(skill) if self.reach is None else self._highest(skill, period)

    def _candidates(
        self,
        skills: tuple[SkillLine, ...],
        styles: tuple[StyleLine, ...],
        tags: tuple[str, ...],
        any_of: tuple[tuple[str, ...], ...],
        max_cost: int | None,
        mentoring: bool,
        latest: int,
    ) -> Candidates:
        musts = [line for line in skills if line.must]
        people = self._first_cut(musts, tags, 1 if mentoring else 0, latest)
        for line in musts:
            people = people[self.highest(line.skill, latest)[people] >= line.level - (1 if mentoring else 0)]
        for style in styles:
            people = people[self.is_in_band(style)[people]] if style.must else people
        for tag in tags:
            people = people[self.has_tag(tag)[people]]
        for group in any_of:
            people = people[self.has_any_tag(group)[people]]
        if max_cost is not None:
            people = people[self.cost[people] <= max_cost]
        short = np.zeros(len(people), dtype=np.bool_)
        for line in musts if self.reach is None else ():
            short |= self.levels(line.skill)[people] < line.level
        return Candidates(people, short, self.skill_fit(skills, people, latest), self.style_fit(styles, people))

    def _first_cut(self, musts: list[SkillLine], tags: tuple[str, ...], grace: int, latest: int) -> Ints:
        """Those who hold the rarest of what must be held: everything else is looked up for them alone."""
        reach = self.reach
        from_nothing = {line: 0 if reach is None else reach.level(line.skill, 0, latest) for line in musts}
        held = [self._skills.get(line.skill) for line in musts if line.level > grace + from_nothing[line]]
        held += [self._tags.get(tag) for tag in tags]
        rows = [NOBODY if row is None else row[0] for row in held]
        return min(rows, key=len) if rows else np.arange(self.num_people, dtype=np.int64)

    def skill_fit(self, lines: Iterable[SkillLine], people: Ints, latest: int = 0) -> Ints:
        """0 to 100 for each of the people: the weighted mean over the lines, rounded down."""
        total, weight = np.zeros(len(people), dtype=np.int64), 0
        for line in lines:
            have = self.levels(line.skill)[people]
            if self.reach is not None:
                have = best_level(line, have, self.highest(line.skill, latest)[people])
            held = np.maximum(80, 100 - 5 * (have - line.level))
            short = MENTORED_POINTS if line.must else 100 * have // line.level
            total += line.weight * np.where(have >= line.level, held, short)
            weight += line.weight
        return total // weight if weight else np.full(len(people), 100, dtype=np.int64)

    def style_fit(self, lines: Iterable[StyleLine], people: Ints) -> Ints:
        """0 to 100 for each of the people: 5 less for each tenth outside a band, 50 where unknown."""
        total, weight = np.zeros(len(people), dtype=np.int64), 0
        for line in lines:
            have = self.tenths(line.style)[people]
            off = np.maximum(np.maximum(line.min_tenths - have, have - line.max_tenths), 0)
            total += line.weight * np.where(have == UNKNOWN, 50, np.maximum(0, 100 - 5 * off))
            weight += line.weight
        return total // weight if weight else np.full(len(people), 100, dtype=np.int64)

    def _highest_row(self, skill: str, period: int) -> Ints:
        return self.reach.levels(skill, self.levels(skill), period) if self.reach is not None else self.levels(skill)

    def _row(self, rows: Rows, key: str, default: int) -> Ints:
        row = np.full(self.num_people, default, dtype=np.int64)
        if key in rows:
            people, values = rows[key]
            row[people] = values
        return row


def _indexed(people: Iterable[Iterable[tuple[str, int]]]) -> Rows:
    """For each key, who has it, ascending, and what they have of it; nobody has a key twice."""
    rows: defaultdict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for person, items in enumerate(people):
        for key, value in items:
            numbers, values = rows[key]
            numbers.append(person)
            values.append(value)
    return {key: (np.array(numbers, dtype=np.int64), np.array(values)) for key, (numbers, values) in rows.items()}
