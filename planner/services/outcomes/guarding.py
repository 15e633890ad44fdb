"""Small groups: what people think of people, or score of them, is never shown of so few that one could be told."""

from __future__ import annotations

from collections.abc import Collection
from statistics import fmean

FEWEST = 5


def guarded(ratings: Collection[float]) -> float | None:
    """The mean of personal ratings (work styles, scorecards, feedback); None for a group under five, whatever it is."""
    return fmean(ratings) if len(ratings) >= FEWEST else None
