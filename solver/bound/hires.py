"""Whom the limits on hires allow at best: the linear bound of a knapsack with two rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.bound.patterns import Bools, Ints
from solver.problem import Limits

HALVINGS = 30
SAFE_BITS, MOST_SHIFT = 61, 30


class Hires(NamedTuple):
    """What the limits are worth, and what each hire takes of that: together, hires bring no more than `worth` and
    what each of them brings beyond their toll.
    """

    worth: int
    toll: Ints


def best_hires(value: Ints, cost: Ints, limits: Limits) -> Hires:
    """The bound from a price for each hire and one for each unit of money, both at their best.

    Any prices prove a bound (Lagrangian relaxation); the bound is convex in the price of money, for which the
    best price of a hire is known. Everything that counts is summed in integers.
    """
    cheapest = 0.0
    if limits.hire_budget is not None:
        cheapest = _money_price(value.astype(np.float64), cost.astype(np.float64), limits)
    return _at(value, cost, limits, cheapest)


def hires_and_tolls(best: Ints, is_hire: Bools, cost: Ints, limits: Limits) -> tuple[Hires, Ints]:
    """What the limits on hires are worth, and everybody's toll, where people bring so much at best."""
    hires = best_hires(np.maximum(best[is_hire], 0), cost[is_hire], limits)
    toll = np.zeros(len(best), dtype=np.int64)
    toll[is_hire] = hires.toll
    return hires, toll


def _money_price(value: np.ndarray, cost: np.ndarray, limits: Limits) -> float:
    """By bisection on how much the chosen cost together; the dearest price is one at which nobody is hired."""
    low, high = 0.0, float((value / np.maximum(cost, 1)).max(initial=0.0)) + 1.0
    budget = limits.hire_budget or 0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        left = value - middle * cost
        chosen = left > max(_hire_price(left, limits.max_hires), 0.0)
        if cost[chosen].sum() > budget:
            low = middle
        else:
            high = middle
    return high


def _hire_price(left: np.ndarray, max_hires: int | None) -> float:
    """What the first who is not among the best so many brings."""
    if max_hires is None or max_hires >= len(left):
        return 0.0
    return max(0.0, float(np.partition(left, len(left) - max_hires - 1)[len(left) - max_hires - 1]))


def _at(value: Ints, cost: Ints, limits: Limits, money_price: float) -> Hires:
    """The bound at a price of money, which is taken as a whole number of 2^-shift-ths of a unit."""
    dearest, budget = int(cost.max(initial=1)), limits.hire_budget or 0
    shift = max(0, min(MOST_SHIFT, SAFE_BITS - int(money_price * max(dearest, budget)).bit_length()))
    whole_price = min(int(money_price * 2**shift), 2**SAFE_BITS // max(dearest, 1))
    charge = (whole_price * cost) >> shift
    hire = int(_hire_price((value - charge).astype(np.float64), limits.max_hires))
    toll = charge + hire
    return Hires(hire * (limits.max_hires or 0) + (whole_price * budget >> shift), toll)
