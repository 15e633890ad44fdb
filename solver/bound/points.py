"""What pairs bring, and what a plan comes to at most if people had all the time in the world."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.bound.patterns import Ints, TooManyPatternsError
from solver.bound.timetable import reward_at
from solver.eligible import Eligibility
from solver.problem import Problem, Project

FINEST_UNIT = 1024
SAFE = 2**55


def gains(able: Eligibility) -> NDArray[Any]:
    """Points of each pair, with what it saves of the points for changes."""
    gain = able.value.copy()
    for row, pair in zip(able.problem.current, able.current, strict=True):
        if pair is not None:
            gain[pair] += able.problem.weights.change * able.problem.seat_by_id[row.seat].size // 100
    return gain


def unit_of(able: Eligibility, gain: NDArray[Any]) -> int:
    """Into how many parts a point may be divided so that all sums of the pairs' gains fit into 64 bits.

    Raises
    ------
    TooManyPatternsError
        Where not even whole points do, with room to spare.
    """
    num_seats = int(able.book.num_seats.sum())
    rewards = float(np.abs(gain.astype(np.float64)).sum()) + sum(p.reward for p in able.problem.projects)
    largest = 4 * (int(1.001 * rewards) + (dearest(able, gain) + 1) * (num_seats + 1))
    if largest > SAFE:
        raise TooManyPatternsError
    return max(1, min(FINEST_UNIT, SAFE // largest))


def dearest(able: Eligibility, gain: NDArray[Any]) -> int:
    """The most that any pair or project is worth."""
    rewards = max((project.reward for project in able.problem.projects), default=0)
    return max(int(np.abs(gain).max(initial=0)), rewards)


def constant(able: Eligibility, projects: list[Project]) -> int:
    """Points that no holder decides: all changes as if nobody stayed, and the projects' rewards at their earliest."""
    problem = able.problem
    changes = sum(problem.weights.change * problem.seat_by_id[row.seat].size // 100 for row in problem.current)
    return sum(best_reward(project) for project in projects) - changes


def rewarded_apart(able: Eligibility, is_whole: NDArray[np.bool_]) -> list[Project]:
    """The projects whose rewards are counted as if they were complete; those taken as a whole earn theirs."""
    return [project for project, whole in zip(able.book.projects, is_whole, strict=True) if not whole]


def best_reward(project: Project) -> int:
    if not project.reward or not project.seats:
        return 0
    return reward_at(project, max(phase.earliest + phase.duration for phase in project.phases))


def easy_bound(able: Eligibility, pairs: Ints) -> int:
    """Every role with its best holders, as if people had all the time in the world."""
    return constant(able, list(able.problem.projects)) + best_holders(able, pairs, gains(able))


def generous_bound(problem: Problem) -> int:
    """Every seat held, at no cost, by somebody whom nothing could fit better, and every project at its earliest."""
    weights = problem.weights
    best = 100 * (weights.fill + weights.fit + weights.style + weights.preference)
    seats = (
        10 * project.priority * best * seat.size // 100_000 for project in problem.projects for seat in project.seats
    )
    return sum(seats) + sum(map(best_reward, problem.projects))


def best_holders(able: Eligibility, pairs: Ints, gain: NDArray[Any]) -> int:
    """The sum of each role's best gains, as many as it has seats; pairs are ascending."""
    if not len(pairs):
        return 0
    first = np.flatnonzero(np.diff(able.role[pairs], prepend=-1))
    roles = able.role[pairs[first]]
    is_single = able.book.num_seats[roles] == 1
    best = np.maximum.reduceat(gain[pairs], first)[is_single]
    several = pairs[np.repeat(~is_single, np.diff(np.append(first, len(pairs))))]
    role = able.role[several]
    order = np.argsort(-gain[several], kind="stable")
    order = order[np.argsort(role[order], kind="stable")]
    rank = np.arange(len(several)) - np.searchsorted(role[order], role[order])
    more = gain[several][order][rank < able.book.num_seats[role[order]]]
    return int(best[best > 0].sum()) + int(more[more > 0].sum())
