"""Student's t for whole degrees of freedom, in plain Python: pages ask for it while somebody types.

For whole degrees of freedom the probability between −t and t is a finite sum of powers of a cosine (M. Abramowitz and
I. Stegun, *Handbook of Mathematical Functions*, 26.7.3 and 26.7.4); the quantile is where it is wanted, by halving.
"""

from __future__ import annotations

from functools import lru_cache
from math import atan, cos, pi, sin, sqrt, tan

HALVINGS = 200  # more than a float can tell apart


def within(t: float, df: int) -> float:
    """The probability that Student's t with `df` degrees of freedom lies between −t and t."""
    return _within(atan(abs(t) / sqrt(df)), df)


@lru_cache(maxsize=1024)
def two_sided(confidence: float, df: int) -> float:
    """The t between whose negative and itself a share of `confidence` lies."""
    low, high = 0.0, pi / 2
    for _round in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _within(middle, df) < confidence else (low, middle)
    return sqrt(df) * tan(low)


def _within(angle: float, df: int) -> float:
    """The same by the angle whose tangent is t ÷ √df."""
    sine, cosine = sin(angle), cos(angle)
    if df == 1:
        return 2 * angle / pi
    is_odd = df % 2 == 1
    term = cosine if is_odd else 1.0
    total = term
    for k in range(3 if is_odd else 2, df - 1, 2):
        term *= (k - 1) / k * cosine * cosine
        total += term
    return 2 / pi * (angle + sine * total) if is_odd else sine * total
