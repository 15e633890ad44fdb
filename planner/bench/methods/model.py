"""One CP-SAT model of everything, with CP-SAT's own parameters and no plan to begin with."""

from __future__ import annotations

from planner.bench.methods import Terms
from solver.check import score
from solver.eligible import eligibility_of
from solver.model import Plan, StaffingModel, solution_of
from solver.problem import Problem
from solver.search.options import Clock, Options, StopFlag
from solver.search.running import Effort, Outcome, run
from solver.search.valuing import Valuer, valuer_of
from solver.solution import Result, Status, TracePoint


class _Trace:
    """What CP-SAT tells on the way."""

    def __init__(self, clock: Clock, valuer: Valuer) -> None:
        self.points: list[TracePoint] = []
        self._clock, self._valuer = clock, valuer
        self._objective: int | None = None
        self._bound: int | None = None
        self._filled = 0

    def note_plan(self, plan: Plan) -> None:
        objective = self._valuer.objective(plan)
        if self._objective is None or objective > self._objective:
            self._objective, self._filled = objective, int(plan.held.sum())
            self._note()

    def note_bound(self, bound: int) -> None:
        if self._bound is None or bound < self._bound:
            self._bound = bound
            self._note()

    def _note(self) -> None:
        point = TracePoint(self._clock.seconds, self._objective, self._bound, self._filled, "model")
        self.points.append(point)


def make_plan(problem: Problem, terms: Terms) -> Result:
    clock = Clock(Options(time_limit_s=terms.time_limit_s), StopFlag(), terms.began)
    able = eligibility_of(problem)
    trace = _Trace(clock, valuer_of(able))
    model = StaffingModel(able)
    effort = Effort(clock.left_s, terms.workers, terms.seed)
    outcome = run(model, clock, effort, on_plan=trace.note_plan, on_bound=trace.note_bound)
    if outcome.plan is None:
        return Result(problem.name, Status.UNKNOWN, seconds=clock.seconds)
    trace.note_plan(outcome.plan)
    solution = solution_of(able, outcome.plan)
    objective = score(problem, solution).objective
    bound = _bound(outcome, objective)
    return Result(
        problem=problem.name,
        status=Status.OPTIMAL if bound == objective else Status.FEASIBLE,
        solution=solution,
        objective=objective,
        bound=bound,
        seconds=clock.seconds,
        trace=tuple(trace.points),
    )


def _bound(outcome: Outcome[Plan], objective: int) -> int | None:
    """CP-SAT's bound; a proof is one even where its points are counted in larger units."""
    return objective if outcome.is_optimal else outcome.bound
