"""What breaks a rule is undone."""

from __future__ import annotations

from solver.check import Violation, violations
from solver.problem import Problem
from solver.solution import Solution


def without_breaches(problem: Problem, solution: Solution) -> Solution | None:
    """What is left of a solution when all that breaks a rule is undone; None where something must stay that does."""
    pinned = {pin.seat for pin in problem.pins}
    while broken := violations(problem, solution):
        undone = {seat for breach in broken for seat in _undone(problem, solution, breach)} - pinned
        phases = {breach.phase for breach in broken if breach.phase is not None}
        empty = {phase for phase in phases if not any(_is_of(problem, seat, phase) for seat in solution.holders)}
        if not undone and not empty & solution.starts.keys():
            return None
        holders = {seat: person for seat, person in solution.holders.items() if seat not in undone}
        starts = {phase: start for phase, start in solution.starts.items() if phase not in empty}
        solution = Solution(starts, holders)
    return solution


def _undone(problem: Problem, solution: Solution, breach: Violation) -> list[str]:
    """The seats that a breach empties: what was filled last goes first, an incomplete project as a whole."""
    held = [seat for seat in solution.holders if _is_touched(problem, solution, seat, breach)]
    is_whole = breach.rule in ("all_or_nothing", "phases_in_order", "phase_inside_window")
    return held if is_whole else held[-1:]


def _is_touched(problem: Problem, solution: Solution, seat: str, breach: Violation) -> bool:
    if breach.seat is not None:
        return seat == breach.seat
    if breach.phase is not None:
        return _is_of(problem, seat, breach.phase)
    if breach.project is not None:
        return problem.project_of_phase[problem.phase_of_seat[seat].id].id == breach.project
    return breach.person in (None, solution.holders[seat])


def _is_of(problem: Problem, seat: str, phase: str) -> bool:
    return problem.phase_of_seat[seat].id == phase
