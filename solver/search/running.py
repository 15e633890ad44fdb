"""One run of CP-SAT that stops when it is asked to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ortools.sat.python import cp_model

from solver.model.objective import Objective
from solver.search.options import Clock, Options

POLL_S = 0.05
Found_co = TypeVar("Found_co", covariant=True)


class ModelError(RuntimeError):
    """CP-SAT refuses a model: a fault of ours, which must not be taken for a problem without a plan."""


class Model(Protocol[Found_co]):
    """What can be run: a CP-SAT model, its objective, and how to read what it has found."""

    cp: cp_model.CpModel
    objective: Objective
    has_goals: bool

    def plan(self, values: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Found_co: ...


@dataclass(frozen=True, slots=True)
class Effort:
    """What one run may use: seconds of the wall and of CP-SAT's own clock.

    `is_part` is for a small part, which the linear relaxation solves almost alone: there, presolving costs more
    than it saves. `is_timetable` is for phases that roam in time, where that relaxation says nothing; `way` is then
    one of CP-SAT's own strategies by name.
    """

    seconds: float
    workers: int = 1
    seed: int = 1
    deterministic_s: float | None = None
    is_part: bool = False
    is_timetable: bool = False
    way: str | None = None


def effort_of(options: Options, clock: Clock, share: float, work_s: float) -> Effort:
    """A share of the time that is left; where a search is deterministic, so much of CP-SAT's work instead."""
    if options.deterministic:
        return Effort(clock.left_s, 1, options.seed, work_s * options.effort)
    return Effort(share * clock.left_s, options.workers, options.seed)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Found_co]):
    """What a run came to.

    `plan` is the best found, `bound` proven, in points of the model's part; `work_s` is CP-SAT's own count of
    seconds, the same on every machine.
    """

    status: cp_model.CpSolverStatus
    plan: Found_co | None
    bound: int | None
    work_s: float

    @property
    def is_optimal(self) -> bool:
        return self.status == cp_model.OPTIMAL

    @property
    def is_infeasible(self) -> bool:
        return self.status == cp_model.INFEASIBLE


class _Listener(cp_model.CpSolverSolutionCallback, Generic[Found_co]):
    def __init__(self, model: Model[Found_co], on_plan: Callable[[Found_co], object]) -> None:
        super().__init__()
        self._model, self._on_plan = model, on_plan

    def on_solution_callback(self) -> None:
        self._on_plan(self._model.plan(self))


def run(
    model: Model[Found_co],
    clock: Clock,
    effort: Effort,
    *,
    on_plan: Callable[[Found_co], object] | None = None,
    on_bound: Callable[[int], None] | None = None,
) -> Outcome[Found_co]:
    """Solves a model until it is proven, its effort is spent or the clock says stop."""
    solver = _solver(effort, clock)
    if on_bound is not None:
        solver.best_bound_callback = lambda bound: on_bound(_points(model, bound))
    listener = _Listener(model, on_plan) if on_plan is not None else None
    with _stopped_by(clock, solver):
        status = solver.solve(model.cp, listener)
    if status == cp_model.MODEL_INVALID:
        raise ModelError(model.cp.validate())
    is_found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    bound = _points(model, solver.best_objective_bound) if is_found and model.has_goals else None
    work_s = solver.response_proto.deterministic_time
    return Outcome(status, model.plan(solver) if is_found else None, bound, work_s)


def _solver(effort: Effort, clock: Clock) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.max_time_in_seconds = max(0.01, min(effort.seconds, clock.left_s))
    parameters.num_workers = effort.workers
    parameters.random_seed = effort.seed % 2**31
    parameters.catch_sigint_signal = False  # CP-SAT does not give the signal back to whoever listened before
    if effort.deterministic_s is not None:
        parameters.max_deterministic_time = effort.deterministic_s
    if effort.is_part:
        parameters.linearization_level = 2
        parameters.add_lp_constraints_lazily = False
        parameters.max_presolve_iterations = 1
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
    if effort.is_timetable:
        parameters.linearization_level = 0
    if effort.way is not None:
        parameters.subsolvers.append(effort.way)
    return solver


def _points(model: Model[Found_co], bound: float) -> int:
    """A bound of CP-SAT in points: sums are kept below 2**53, so that its floating number is a whole one."""
    return model.objective.points(round(bound))


@contextmanager
def _stopped_by(clock: Clock, solver: cp_model.CpSolver) -> Iterator[None]:
    """Asks the solver to stop as soon as the clock is over, again and again until it has."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(POLL_S):
            if clock.is_over:
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
