"""solve(): from a problem to an answer that is true."""

from __future__ import annotations

from concurrent.futures import Executor

from solver.bound import generous_bound
from solver.eligible import Eligibility, eligibility_of
from solver.problem import Problem
from solver.search.canonical import canonical
from solver.search.changes import with_fewest_changes
from solver.search.conflict import OutOfTimeError, find_conflict
from solver.search.first import find_first
from solver.search.growing import grow
from solver.search.incumbent import Incumbent, OnProgress, OnSolution
from solver.search.options import Clock, Options, StopFlag
from solver.search.reasons import Gaps
from solver.search.strategy import search
from solver.solution import Reason, Result, Solution, Status


def solve(
    problem: Problem,
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    on_solution: OnSolution | None = None,
    stop: StopFlag | None = None,
    executor: Executor | None = None,
    started_at: float | None = None,
) -> Result:
    """The best plan that can be found in the time, how good any could be, and why seats stay open.

    Parameters
    ----------
    on_progress
        Called with every better plan or bound, from the thread that found it.
    on_solution
        Called with every better plan, just before its progress, so that it can be kept if this process is killed.
    stop
        Ends the search within half a second once it is set; the best plan so far is the answer.
    executor
        Runs the parts of the search; threads of this process by default.
    started_at
        `time.monotonic()` when the work began, so that the time limit covers reading the problem too.

    """
    options = options or Options()
    clock = Clock(options, stop or StopFlag(), started_at)
    able = eligibility_of(canonical(problem))
    incumbent = Incumbent(able, clock, options.gap, on_progress, on_solution)
    if not find_first(incumbent, clock, options):
        return _without_plan(problem, clock)
    if incumbent.plan is not None and not clock.is_over:
        (grow if problem.growth else search)(incumbent, options, executor)
    incumbent.settle()
    if incumbent.plan is not None and incumbent.bound is None:  # the time was up before any bound was looked for
        incumbent.offer_bound(generous_bound(problem), "roles")
    return _with_plan(problem, able, incumbent, clock)


def _with_plan(problem: Problem, able: Eligibility, incumbent: Incumbent, clock: Clock) -> Result:
    solution = incumbent.solution
    if solution is None:
        return Result(problem.name, Status.UNKNOWN, seconds=clock.seconds, trace=tuple(incumbent.trace))
    return Result(
        problem=problem.name,
        status=Status.OPTIMAL if incumbent.is_optimal else Status.FEASIBLE,
        solution=_in_order(problem, solution),
        objective=incumbent.objective,
        bound=incumbent.bound,
        unfilled=_unfilled(problem, Gaps(able, solution), clock),
        seconds=clock.seconds,
        trace=tuple(incumbent.trace),
    )


def _without_plan(problem: Problem, clock: Clock) -> Result:
    """Infeasible, with the demands to blame; where the time does not reach to find them, nothing is claimed."""
    try:
        demands = with_fewest_changes(problem, find_conflict(problem, clock), clock)
    except OutOfTimeError:
        return Result(problem.name, Status.UNKNOWN, seconds=clock.seconds)
    return Result(problem.name, Status.INFEASIBLE, conflict=demands, seconds=clock.seconds)


def _in_order(problem: Problem, solution: Solution) -> Solution:
    """The solution's rows in the order of the problem's."""
    starts = {phase: solution.starts[phase] for phase in problem.phase_by_id if phase in solution.starts}
    return Solution(starts, {seat: solution.holders[seat] for seat in problem.seat_by_id if seat in solution.holders})


def _unfilled(problem: Problem, gaps: Gaps, clock: Clock) -> dict[str, tuple[Reason, ...]]:
    """Each open seat's reasons; where the time is up, the seats alone."""
    open_seats = set(gaps.open_seats)
    in_order = [seat for seat in problem.seat_by_id if seat in open_seats]
    return {seat: gaps.reasons(seat) if clock.may_explain else () for seat in in_order}
