"""Every plan of a tiny problem, one after the other: slow, obvious, and right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import draw

from solver.check import score, violations
from solver.problem import Person, Phase, Problem, Seat
from solver.solution import Solution

MOST_PLANS = 4000


def all_plans(problem: Problem) -> Iterator[Solution]:
    """Every solution whose holders come near enough to the musts, feasible or not."""
    phases = [phase for phase in problem.phase_by_id.values() if not phase.is_fixed]
    seats = list(problem.seat_by_id.values())
    people = [[None, *(person for person in problem.people if _comes_near(problem, person, seat))] for seat in seats]
    for starts in product(*[[None, *range(phase.earliest, phase.latest + 1)] for phase in phases]):
        scheduled = {phase.id: start for phase, start in zip(phases, starts, strict=True) if start is not None}
        for holders in product(*people):
            rows = zip(seats, holders, strict=True)
            yield Solution(scheduled, {seat.id: person.id for seat, person in rows if person is not None})


def feasible_plans(problem: Problem) -> Iterator[Solution]:
    for plan in all_plans(problem):
        if not _is_doubled(problem, plan) and not violations(problem, plan):
            yield plan


def best_objective(problem: Problem) -> int | None:
    """None where no plan is feasible."""
    return max((score(problem, plan).objective for plan in feasible_plans(problem)), default=None)


def has_plan(problem: Problem) -> bool:
    return next(feasible_plans(problem), None) is not None


def tiny_problems(batch: int, size: int = 10, drawn: Callable[[int], Problem] = draw.tiny) -> Iterator[Problem]:
    """The first `size` draws of a batch that can be tried in full."""
    seed, found = batch * 10_000, 0
    while found < size:
        problem = drawn(seed)
        seed += 1
        if num_plans(problem) <= MOST_PLANS:
            found += 1
            yield problem


def num_plans(problem: Problem) -> int:
    num = 1
    for phase in problem.phase_by_id.values():
        num *= 1 if phase.is_fixed else phase.latest - phase.earliest + 2
        for seat in phase.seats:
            num *= 1 + sum(_comes_near(problem, person, seat) for person in problem.people)
    return num


def _comes_near(problem: Problem, person: Person, seat: Seat) -> bool:
    """Where people grow, anybody may come near, by as many levels as there are other seats."""
    grace = 1 if seat.mentoring else 0
    grace += len(problem.seat_by_id) - 1 if problem.growth else 0
    return all(person.skills.get(line.skill, 0) >= line.level - grace for line in seat.skills if line.must)


def _is_doubled(problem: Problem, plan: Solution) -> bool:
    """Whether somebody holds two seats of a phase: seen here before the rulebook has to look."""
    return any(_has_double(phase, plan) for phase in problem.phase_by_id.values())


def _has_double(phase: Phase, plan: Solution) -> bool:
    team = [plan.holders[seat.id] for seat in phase.seats if seat.id in plan.holders]
    return len(set(team)) < len(team)
