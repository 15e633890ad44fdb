"""A solution in numbers, and the part of it that a model may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.eligible import Eligibility
from solver.solution import Solution

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which pairs are held (a mask over the pairs), and when the movable phases that are scheduled start."""

    held: Bools
    starts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """What a model may change: these pairs, and the starts of these phases; the rest stays as in `plan`."""

    plan: Plan
    pairs: Ints
    phases: frozenset[int]


def empty_plan(able: Eligibility) -> Plan:
    return Plan(np.zeros(len(able), dtype=np.bool_), {})


def movable_phases(able: Eligibility) -> frozenset[int]:
    return frozenset(n for n, phase in enumerate(able.book.phases) if not phase.is_fixed)


def whole(able: Eligibility) -> Part:
    """Everything may change."""
    return Part(empty_plan(able), np.arange(len(able)), movable_phases(able))


def plan_of(able: Eligibility, solution: Solution) -> Plan:
    """A solution's plan; rows that nobody could ever hold are left out."""
    book, plan = able.book, empty_plan(able)
    for seat, person in solution.holders.items():
        pair = able.pair(book.role_of_seat[seat], book.person_no[person])
        if pair is not None:
            plan.held[pair] = True
    numbers = {book.phase_no[phase]: start for phase, start in solution.starts.items()}
    return Plan(plan.held, {n: start for n, start in numbers.items() if not book.phases[n].is_fixed})


def solution_of(able: Eligibility, plan: Plan) -> Solution:
    """A plan's solution; alike seats go to their holders in order."""
    book, taken = able.book, dict.fromkeys(range(len(able.book.roles)), 0)
    holders: dict[str, str] = {}
    for pair in np.flatnonzero(plan.held).tolist():
        role = int(able.role[pair])
        holders[book.roles[role].seats[taken[role]].id] = book.people[able.person[pair]].id
        taken[role] += 1
    return Solution({book.phases[n].id: start for n, start in sorted(plan.starts.items())}, holders)


def needed_starts(able: Eligibility, held: Bools, starts: Mapping[int, int]) -> dict[int, int]:
    """The starts of phases that something needs: staffed, before a staffed one, in a complete project."""
    if not starts:
        return {}
    book = able.book
    filled = np.bincount(able.role[held], minlength=len(book.roles))
    staffed = set(np.unique(able.phase[held]).tolist())
    needed = staffed | {other for phase in staffed for other in book.before[phase]}
    for project in {book.project_of_phase[phase] for phase in starts} & {book.project_of_phase[n] for n in staffed}:
        phases = book.phases_of_project[project]
        if all(filled[role] == book.roles[role].count for phase in phases for role in book.roles_of_phase[phase]):
            needed.update(phases)
    return {phase: start for phase, start in starts.items() if phase in needed}
