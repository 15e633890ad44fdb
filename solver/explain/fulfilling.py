"""Whether demands can hold together, and from which of them nothing can be left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ortools.sat.python import cp_model

from solver.check import violations
from solver.eligible import eligibility_of
from solver.explain.claims import Claim, ClaimKind, without
from solver.model import StaffingModel, UnfinishedModelError, solution_of, whole
from solver.problem import Problem
from solver.search.conflict import OutOfTimeError, needed
from solver.search.options import Clock
from solver.search.running import Effort, run
from solver.solution import Solution

MOST_PAIRS = 200_000


class Fulfilling:
    """A question whose demands are given up one by one.

    Parameters
    ----------
    filled
        Seats that somebody must hold, whatever is given up.
    """

    def __init__(self, problem: Problem, clock: Clock, workers: int = 1, filled: Iterable[str] = ()) -> None:
        self._problem, self._clock, self._workers = problem, clock, workers
        self._filled = tuple(filled)
        self.is_hopeless = False  # set where no plan exists whatever is given up
        self._found: list[Solution] = []  # a plan that was found for some demands often keeps others too

    def is_possible(self, problem: Problem, filled: Iterable[str] = ()) -> bool:
        """Whether any plan fills the seats. Raises OutOfTimeError where that is not known."""
        wanted = (*self._filled, *filled)
        if any(_keeps(problem, solution, wanted) for solution in self._found):
            return True
        able = eligibility_of(problem)
        if self._clock.is_over or len(able) > MOST_PAIRS or not able.has_all:
            raise OutOfTimeError
        try:
            model = StaffingModel(able, whole(able), has_goals=False, is_over=lambda: self._clock.is_over)
        except UnfinishedModelError:
            raise OutOfTimeError from None
        roles = Counter(able.book.role_of_seat[seat] for seat in wanted)
        for role, num in roles.items():
            literals = [model.vars.holds[pair] for pair in model.vars.by_role.get(role, ())]
            model.cp.add(cp_model.LinearExpr.sum(literals) >= num)
        outcome = run(model, self._clock, Effort(self._clock.left_s, self._workers))
        if outcome.plan is None and not outcome.is_infeasible:
            raise OutOfTimeError
        if outcome.plan is not None:
            self._found.append(solution_of(able, outcome.plan))
        return outcome.plan is not None

    def conflict(self, groups: Sequence[list[Claim]]) -> tuple[Claim, ...] | None:
        """Demands that cannot hold together with the rest, and from which none can be left out.

        Every set named was found impossible by solving it, and every set without one of its members possible. It is
        empty where all can hold together, None where the time ended before this was known, and where it takes none of
        these demands.
        """
        everything = [claim for group in groups for claim in group]
        impossible: list[set[Claim]] = []

        def is_feasible(kept: Sequence[Claim]) -> bool:
            stay = set(kept)
            if any(known <= stay for known in impossible):
                return False
            left = without(self._problem, (claim for claim in everything if claim not in stay))
            filled = (claim.seat for claim in kept if claim.kind is ClaimKind.FILLED and claim.seat is not None)
            if not self.is_possible(left, filled):
                impossible.append(stay)
                return False
            return True

        try:
            if is_feasible(everything):
                return ()
            if not is_feasible([]):
                self.is_hopeless = True
                return None
            return tuple(needed([list(group) for group in groups], is_feasible))
        except OutOfTimeError:
            return None


def _keeps(problem: Problem, solution: Solution, filled: Iterable[str]) -> bool:
    """Whether a plan keeps every demand of a question, with the seats filled."""
    return all(seat in solution.holders for seat in filled) and not violations(problem, solution)
