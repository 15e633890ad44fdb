"""The best plan so far and the best bound, and how they came about."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.check import score, violations
from solver.eligible import Eligibility
from solver.model import Plan, plan_of, solution_of
from solver.search.options import Clock
from solver.search.valuing import Valuer, valuer_of
from solver.solution import Solution, TracePoint

FRESH_S = 0.1
PUBLISH_S = 1.0
TIMES_AT_THE_END = 4  # as long as judging a plan once takes judging it last, explaining and writing it
OnProgress = Callable[[TracePoint], None]
OnSolution = Callable[[Solution], object]


class Incumbent:
    """The best plan so far; it is only ever replaced by one that is feasible and better.

    Threads may offer plans and bounds at once. Plans are compared by numbers on the way; `solver.check` judges
    every plan that is not sure to be feasible, every plan that is published, and the last one.
    """

    def __init__(
        self,
        able: Eligibility,
        clock: Clock,
        gap: float,
        on_progress: OnProgress | None,
        on_solution: OnSolution | None = None,
        *,
        valuer: Valuer | None = None,
    ) -> None:
        self.able, self.clock, self.gap = able, clock, gap
        self.kept: NDArray[np.int64] | None = None  # the problem's pairs that are left, where some are not
        self.plan: Plan | None = None
        self.objective: int | None = None
        self.bound: int | None = None
        self.trace: list[TracePoint] = []
        self._valuer = valuer or valuer_of(able)
        self._on_progress, self._on_solution = on_progress, on_solution
        self._lock = threading.Lock()
        self._judged: tuple[Plan, Solution, int] | None = None
        self._published_s = -PUBLISH_S

    @property
    def solution(self) -> Solution | None:
        """The best plan that `solver.check` has judged."""
        return self._judged[1] if self._judged is not None else None

    def offer(self, plan: Plan, source: str, *, after: Plan | None = None) -> bool:
        """Whether a plan is feasible and better than the best so far, which it then replaces.

        A plan that an exact model made out of the best so far, `after`, is feasible without being judged.
        """
        if _is_crowded(self.able, plan):
            return False
        objective = self._valuer.objective(plan)
        with self._lock:
            if self.objective is not None and objective <= self.objective:
                return False
            is_sure = after is not None and after is self.plan
            if not is_sure and not self._judge(plan):
                return False
            self.plan, self.objective = (plan, objective) if is_sure or self._judged is None else self._judged[::2]
            self._publish()
            self._note(source)
            return True

    def offer_solution(self, solution: Solution, source: str) -> bool:
        """The same for a solution, which may have holders whom no pair is known for."""
        began_s = self.clock.seconds
        if violations(self.able.problem, solution):
            return False
        objective = score(self.able.problem, solution).objective
        self.clock.keep_back(TIMES_AT_THE_END * (self.clock.seconds - began_s))
        with self._lock:
            if self.objective is not None and objective <= self.objective:
                return False
            self.plan, self.objective = plan_of(self.able, solution), objective
            self._judged = (self.plan, solution, objective)
            self._publish()
            self._note(source)
            return True

    def narrow(self, pairs: NDArray[np.int64]) -> None:
        """Goes on with some of the pairs, ascending; those that are held are among them."""
        with self._lock:
            self.able = self.able.only(pairs)
            self.kept = pairs if self.kept is None else self.kept[pairs]
            self._valuer = valuer_of(self.able)
            if self.plan is not None:
                plan = Plan(self.plan.held[pairs], self.plan.starts)
                if self._judged is not None and self._judged[0] is self.plan:
                    self._judged = (plan, *self._judged[1:])
                self.plan = plan

    def trust(self, plan: Plan) -> None:
        """Begins with a plan that has been judged elsewhere."""
        self.plan, self.objective = plan, self._valuer.objective(plan)

    def settle(self) -> None:
        """Judges the best plan, and goes back to the last that was judged if it should be found wanting.

        Its points are the rulebook's from here on, whatever was counted on the way.
        """
        with self._lock:
            if self.plan is None:
                return
            if self._judged is None or self._judged[0] is not self.plan:
                if not self._judge(self.plan):
                    warnings.warn("An exact model of a part has made a plan that breaks a rule.", stacklevel=2)
                elif self._on_solution is not None and self._judged is not None:
                    self._on_solution(self._judged[1])
            self.plan, self.objective = (None, None) if self._judged is None else self._judged[::2]

    def _judge(self, plan: Plan) -> bool:
        """Whether the rulebook finds nothing wrong with a plan; if so, it is kept with its points."""
        began_s = self.clock.seconds
        solution = solution_of(self.able, plan)
        if violations(self.able.problem, solution):
            return False
        self._judged = (plan, solution, score(self.able.problem, solution).objective)
        self.clock.keep_back(TIMES_AT_THE_END * (self.clock.seconds - began_s))
        return True

    def _publish(self) -> None:
        """Hands over the best plan, judged, unless one was handed over a moment ago."""
        if self._on_solution is None or self.plan is None or self.clock.seconds - self._published_s < PUBLISH_S:
            return
        if (self._judged is not None and self._judged[0] is self.plan) or self._judge(self.plan):
            self._published_s = self.clock.seconds
            self._on_solution(self._judged[1] if self._judged is not None else Solution())

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
        filled = int(np.count_nonzero(self.plan.held)) if self.plan is not None else 0
        if self._judged is not None and self._judged[0] is self.plan:
            filled = len(self._judged[1].holders)
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
    taken = np.bincount(able.role[plan.held], minlength=len(able.book.roles))
    return bool((taken > able.book.num_seats).any())
