"""Which way a series goes: the middle of the slopes between all pairs of its points, and their interval.

Theil and Sen's slope (Sen 1968) asks nothing of how the values scatter, and one odd week does not move it. The interval
is that of Kendall's test turned round: it holds as far as one point says nothing of the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import sqrt
from statistics import median

from planner.services.outcomes.two_groups import CONFIDENCE, quantile

LEAST = 8  # points, to speak of a trend
MOST = 180  # the newest ones: the pairs of more take too long, and the trend of long ago is none
DAYS = 7


@dataclass(frozen=True, slots=True)
class Trend:
    """How much a series gains in a week, and the interval of that; `num` points were looked at."""

    per_week: float
    low: float
    high: float
    num: int

    @property
    def is_clear(self) -> bool:
        """Whether it goes one way, whatever end of the interval holds."""
        return self.low > 0 or self.high < 0


def trend(points: Sequence[tuple[date, float]], confidence: float = CONFIDENCE) -> Trend | None:
    """The trend of a series of one value a day; None of too few."""
    newest = sorted(points)[-MOST:]
    if len(newest) < LEAST:
        return None
    slopes = sorted((b - a) / (late - early).days for (early, a), (late, b) in combinations(newest, 2))
    low, high = _ends(slopes, newest, confidence)
    return Trend(median(slopes) * DAYS, low * DAYS, high * DAYS, len(newest))


def _ends(slopes: Sequence[float], points: Sequence[tuple[date, float]], confidence: float) -> tuple[float, float]:
    """The slopes at which Kendall's test would begin to doubt."""
    num, pairs = len(points), len(slopes)
    ties: dict[float, int] = {}
    for _on, value in points:
        ties[value] = ties.get(value, 0) + 1
    tied = sum(many * (many - 1) * (2 * many + 5) for many in ties.values())
    sigma = sqrt((num * (num - 1) * (2 * num + 5) - tied) / 18)
    reach = quantile(confidence) * sigma
    below = max(0, round((pairs - reach) / 2) - 1)
    above = min(pairs - 1, round((pairs + reach) / 2))
    return slopes[below], slopes[above]
