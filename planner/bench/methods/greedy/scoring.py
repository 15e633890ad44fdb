"""The weighted score of such tools: how much of what is asked somebody brings, whatever it costs."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np
from numpy.typing import NDArray

from solver.problem import Problem, Project, Seat

Row = NDArray[np.int64]  # one entry for each person
Mask = NDArray[np.bool_]


class Scores:
    """People's levels, work styles and tags in rows, and what they make of a seat."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.cost: Row = np.array([person.cost for person in problem.people], dtype=np.int64)
        self.level = cache(self._level)
        self.tenths = cache(self._tenths)
        self.has_tag = cache(self._has_tag)
        self._wishes = self._wishes_by_project()
        self._banned: dict[str, list[int]] = defaultdict(list)
        number = {person.id: n for n, person in enumerate(problem.people)}
        for row in problem.bans:
            self._banned[row.seat].append(number[row.person])

    def _level(self, skill: str) -> Row:
        return np.array([person.skills.get(skill, 0) for person in self.problem.people], dtype=np.int64)

    def _tenths(self, style: str) -> Row:
        return np.array([person.style_tenths.get(style, -1) for person in self.problem.people], dtype=np.int64)

    def _has_tag(self, tag: str) -> Mask:
        return np.array([tag in person.tags for person in self.problem.people], dtype=np.bool_)

    def _wishes_by_project(self) -> dict[str, dict[int, int]]:
        wishes: dict[str, dict[int, int]] = defaultdict(dict)
        for n, person in enumerate(self.problem.people):
            for project, wish in person.preferences.items():
                wishes[project][n] = wish
        return wishes

    def ranking(self, seat: Seat, project: Project) -> Row:
        """The numbers of those who may hold a seat by themselves, the best first; ties in the problem's order."""
        people = np.flatnonzero(self._is_able(seat))
        score = sum(
            (line.weight * np.minimum(self.level(line.skill)[people], line.level) * 100 // line.level
             for line in seat.skills), np.zeros(len(people), dtype=np.int64)
        )  # fmt: skip
        for style in seat.styles:
            tenths = self.tenths(style.style)[people]
            score += 100 * style.weight * ((tenths >= style.min_tenths) & (tenths <= style.max_tenths))
        wishes = self._wishes.get(project.id, {})
        score += np.array([wishes.get(n, 0) for n in people.tolist()], dtype=np.int64) if wishes else 0
        ranked: Row = people[np.argsort(-score, kind="stable")]
        return ranked

    def _is_able(self, seat: Seat) -> Mask:
        able: Mask = np.ones(len(self.problem.people), dtype=np.bool_)
        able[self._banned.get(seat.id, [])] = False
        for line in seat.skills:
            able &= (self.level(line.skill) >= line.level) | (not line.must)
        for style in seat.styles:
            tenths = self.tenths(style.style)
            able &= ((tenths >= style.min_tenths) & (tenths <= style.max_tenths)) | (not style.must)
        for tag in seat.tags:
            able &= self.has_tag(tag)
        for group in seat.any_of:
            able &= np.any([self.has_tag(tag) for tag in group], axis=0)
        if seat.max_cost is not None:
            able &= self.cost <= seat.max_cost
        return able
