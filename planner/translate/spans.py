"""Capacity as spans: from a number for each period, and less what is taken off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from solver.problem import Span


def merged(percents: Sequence[int]) -> tuple[Span, ...]:
    """Spans of like periods; what is 0 is left out."""
    spans = []
    for fte, run in groupby(range(len(percents)), key=percents.__getitem__):
        idxs = list(run)
        if fte:
            spans.append(Span(idxs[0], idxs[-1] + 1, fte))
    return tuple(spans)


def less(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """Spans less what is taken off them, never below 0."""
    steps: dict[int, int] = defaultdict(int)
    for sign, rows in ((1, spans), (-1, taken)):
        for span in rows:
            steps[span.from_] += sign * span.fte
            steps[span.to] -= sign * span.fte
    places, left, out = sorted(steps), 0, []
    for place, following in pairwise(places):
        left += steps[place]
        if left > 0:
            out.append(Span(place, following, left))
    return tuple(out)
