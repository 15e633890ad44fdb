"""The best plan so far and the best bound, and how they came about."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from solver.check import score, violations
from solver.eligible import Eligibility
from solver.model import Plan, solution_of
from solver.search.options import Clock
from solver.solution import Solution, TracePoint

FRESH_S = 0.1
OnProgress = Callable[[TracePoint], None]
OnSolution = Callable[[Solution], None]


class Incumbent:
    """The best plan so far; it is only ever replaced by one that `solver.check` accepts and finds better.

    Threads may offer plans and bounds at once.
    """

    def __init__(
        self,
        able: Eligibility,
        clock: Clock,
        gap: float,
        on_progress: OnProgress | None,
        on_solution: OnSolution | None = None,
    ) -> None:
        self.able, self.clock, self.gap = able, clock, gap
        self.solution: Solution | None = None
        self.plan: Plan | None = None
        self.objective: int | None = None
        self.bound: int | None = None
        self.trace: list[TracePoint] = []
        self._on_progress, self._on_solution = on_progress, on_solution
        self._lock = threading.Lock()

    def offer(self, plan: Plan, source: str) -> bool:
        """Whether a plan is feasible and better than the best so far, which it then replaces."""
        if _is_crowded(self.able, plan):
            return False
        solution = solution_of(self.able, plan)
        objective = score(self.able.problem, solution).objective
        with self._lock:
            if self.objective is not None and objective <= self.objective:
                return False
            if violations(self.able.problem, solution):
                return False
            self.solution, self.plan, self.objective = solution, plan, objective
            if self._on_solution is not None:
                self._on_solution(solution)
            self._note(source)
            return True

    def offer_bound(self, bound: int, source: str) -> None:
        """Notes a proven upper bound where it is better than the best so far."""
        with self._lock:
            if self.bound is None or bound < self.bound:
                self.bound = bound
                self._note(source)

    def _is_fresh(self, last: TracePoint) -> bool:
        """Whether the last point says the same plan and is so young that the new one can stand for it."""
        return last.objective == self.objective and self.clock.seconds - last.seconds < FRESH_S

    @property
    def is_optimal(self) -> bool:
        return self.objective is not None and self.objective == self.bound

    def _note(self, source: str) -> None:
        """Records what is known now, and ends the search where it is as good as was asked for."""
        filled = len(self.solution.holders) if self.solution else 0
        point = TracePoint(self.clock.seconds, self.objective, self.bound, filled, source)
        if self.trace and self._is_fresh(self.trace[-1]):
            self.trace.pop()
        self.trace.append(point)
        if self.objective is not None and self.bound is not None:
            room = self.bound - self.objective
            self.clock.is_done |= room <= self.gap * max(self.objective, 0)
        if self._on_progress is not None:
            self._on_progress(point)


def _is_crowded(able: Eligibility, plan: Plan) -> bool:
    """Whether a role has more holders than seats, which no solution could even say."""
    roles, taken = np.unique(able.role[plan.held], return_counts=True)
    return any(num > able.book.roles[role].count for role, num in zip(roles.tolist(), taken.tolist(), strict=True))
