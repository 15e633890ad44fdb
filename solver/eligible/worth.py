"""What pairs are worth, and what they cost."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.eligible.roles import Ints, Rolebook

INT64_SAFE = 2**62
Money = NDArray[Any]  # int64, or Python's own integers where int64 is too narrow


class Worth:
    """Net points and staff cost of pairs, in Python's integers where 64 bits could overflow; `cost` is by person."""

    def __init__(self, book: Rolebook, cost: Ints) -> None:
        self._weights, self._stride = book.problem.weights, len(book.people)
        self._exact = np.dtype(np.int64) if _fits_int64(book) else np.dtype(object)
        self._cost = cost.astype(self._exact)
        self._size = np.array([role.seat.size for role in book.roles], dtype=self._exact)
        self._project = np.array([book.project_of_phase[role.phase] for role in book.roles], dtype=np.int64)
        priority = [book.project_of_role(n).priority for n in range(len(book.roles))]
        self._priority = np.array(priority, dtype=self._exact)
        chance = [person.hire.acceptance if person.is_hire else 100 for person in book.people]
        self._chance = np.array(chance, dtype=self._exact)
        self._wished, self._wishes = _wishes(book)

    def of(self, role: Ints, person: Ints, skill_fit: Ints, style_fit: Ints) -> tuple[Money, Money]:
        """Points, the chance of a yes counted in, and staff cost of pairs that fit so well."""
        weights, exact = self._weights, self._exact
        quality = (
            weights.fill * 100
            + weights.fit * skill_fit.astype(exact)
            + weights.style * style_fit.astype(exact)
            + weights.preference * self._wish(role, person).astype(exact)
        )
        size, cost = self._size[role], self._cost[person]
        net = size * (10 * self._priority[role] * quality - weights.money * cost) // 100_000
        return net * self._chance[person] // 100, cost * size // 100

    def _wish(self, role: Ints, person: Ints) -> Ints:
        """Each pair's preference, -100 to 100."""
        if not len(self._wished):
            return np.zeros(len(role), dtype=np.int64)
        asked = self._project[role] * self._stride + person
        at = np.minimum(np.searchsorted(self._wished, asked), len(self._wished) - 1)
        found: Ints = np.where(self._wished[at] == asked, self._wishes[at], 0)
        return found


def _fits_int64(book: Rolebook) -> bool:
    weights = book.problem.weights
    quality = 100 * (weights.fill + weights.fit + weights.style + weights.preference)
    dearest = max((person.cost for person in book.people), default=0)
    largest = max((role.seat.size for role in book.roles), default=0)
    return largest * (10 * 5 * quality + (weights.money + 1) * dearest) * 100 < INT64_SAFE


def _wishes(book: Rolebook) -> tuple[Ints, Ints]:
    """What people wish for or not, -100 to 100, by project and person in one number, ascending."""
    number = {project.id: n for n, project in enumerate(book.projects)}
    num_each = [len(person.preferences) for person in book.people]
    said = (project for person in book.people for project in person.preferences)
    project = np.fromiter(map(number.__getitem__, said), np.int64)
    key = project * len(book.people) + np.repeat(np.arange(len(book.people)), num_each)
    wishes = (wish for person in book.people for wish in person.preferences.values())
    order = np.argsort(key)
    return key[order], np.fromiter(wishes, np.int64)[order]
