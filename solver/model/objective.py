"""A sum of points that CP-SAT can hold: in units of more than one point where points would overflow."""

from __future__ import annotations

from ortools.sat.python import cp_model

from solver.model.logic import Literal

LARGEST_SUM = 2**52  # up to here a double holds every integer, and CP-SAT says its bounds in doubles


class Objective:
    """Terms to maximise, each an expression that is never negative, times its points.

    With `scale` above 1 every term is rounded up to whole units, so that `scale` times a bound of the model
    is a bound of the points.
    """

    def __init__(self) -> None:
        self.constant = 0
        self.scale = 1
        self._terms: list[tuple[cp_model.LinearExprT, int]] = []
        self._magnitude = 0

    def add(self, term: Literal | cp_model.LinearExprT, points: int, most: int = 1) -> None:
        """Counts `points` for each unit of a term that is at most `most`."""
        if points and term is not False:
            self._terms.append((term, points))
            self._magnitude += abs(points) * most

    def maximise(self, cp: cp_model.CpModel, at_least: int | None = None) -> None:
        """Asks for the most, and for no less than so many points."""
        largest = max(self._magnitude, abs(self.constant))
        self.scale = max(1, -(-largest // LARGEST_SUM))
        terms = [term for term, _ in self._terms]
        points = [self._up(points) for _, points in self._terms]
        total = cp_model.LinearExpr.weighted_sum(terms, points) + self._up(self.constant)
        if at_least is not None:
            cp.add(total >= at_least // self.scale)
        cp.maximize(total)

    def points(self, units: int) -> int:
        return units * self.scale

    def _up(self, points: int) -> int:
        return -(-points // self.scale)
