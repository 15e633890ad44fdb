"""What it does to look at a result before it is due: the chance of a false alarm, and an interval that holds always.

Looking often at a test that is meant for one look finds something in the end, even where there is nothing (Armitage,
McPherson and Rowe 1969). `false_alarm` counts by how much, by their recursion. `always_valid` is the interval of the
mixture sequential probability ratio test (Robbins 1970; Johari, Pekelis and Walsh 2017): whenever somebody looks, and
however often, it misses the truth at most as often as it says, as far as the difference is normal around the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log, pi, sqrt

from planner.services.outcomes.two_groups import CONFIDENCE, quantile

NODES = 160  # of the quadrature; more change the seventh digit
NEARLY_THE_SAME = 1.005  # a look at half a percent more tells nothing new, and is none


def false_alarm(nums: Sequence[int], confidence: float = CONFIDENCE) -> float:
    """The chance that any of some looks, each at so much collected, calls significant what is chance alone."""
    import numpy as np  # noqa: PLC0415 -- heavy, and only an experiment that was looked at wants it

    points, weights = np.polynomial.legendre.leggauss(NODES)
    z, looks = quantile(confidence), _distinct(nums)
    if not looks:
        return 0.0
    before, at, mass = 0.0, np.zeros(1), np.ones(1)
    for num in looks:
        step, edge = num - before, z * sqrt(num)
        here = points * edge
        density = np.exp(-((here[:, None] - at[None, :]) ** 2) / (2 * step)) / sqrt(2 * pi * step) @ mass
        before, at, mass = float(num), here, density * weights * edge
    return float(min(1.0, max(1 - confidence, 1 - mass.sum())))


def always_valid(value: float, error: float, smallest: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval around a difference with this standard error that holds however often one has looked.

    `smallest` is the smallest effect that matters, fixed before anybody looked: the mixture's own scatter. The interval
    is narrowest where the standard error comes near it.
    """
    own, mixed = error * error, smallest * smallest
    both = own + mixed
    half = sqrt(2 * own * both / mixed * log(sqrt(both / own) / (1 - confidence))) if error else 0.0
    return value - half, value + half


def _distinct(nums: Sequence[int]) -> list[int]:
    found: list[int] = []
    for num in sorted(nums):
        if num > 0 and (not found or num >= found[-1] * NEARLY_THE_SAME):
            found.append(num)
    return found
