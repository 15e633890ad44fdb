"""Where the marks of a chart stand: lengths in the units of its own picture, for a template to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from planner.services.outcomes.metrics import Measured, Series

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 24
MOST_LINKED = 26  # marks that can be told apart by a finger; of more the table alone leads to the points
MOST_TICKS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a series in the picture; `low` and `high` are the ends of its interval."""

    measured: Measured
    x: float
    y: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A series as a picture: its marks, the line through them, what stands at the axes."""

    marks: Sequence[Mark]
    path: str
    levels: Sequence[tuple[float, float]]  # y, value
    days: Sequence[tuple[float, date, str]]  # x, day, how the text is anchored
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def is_linked(self) -> bool:
        """Whether each mark leads to its row."""
        return len(self.marks) <= MOST_LINKED

    @property
    def floor(self) -> int:
        """Where the lowest line is."""
        return HEIGHT - BOTTOM

    @property
    def left(self) -> int:
        """Where the lines begin."""
        return LEFT


def chart_of(series: Series) -> Chart | None:
    """The picture of a series; None of fewer than two points that say something."""
    drawn = [one for one in series.points if one.value is not None]
    if len(drawn) < 2:
        return None
    values = [value for one in drawn for value in (one.value, one.low, one.high) if value is not None]
    ticks = _ticks(min(values), max(values))
    first, last = drawn[0].point.measured_on, drawn[-1].point.measured_on

    def across(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / max(1, (last - first).days), 1)

    def up(value: float) -> float:
        share = (value - ticks[0]) / (ticks[-1] - ticks[0])
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)

    marks = [
        Mark(one, across(one.point.measured_on), up(one.value or 0.0), _maybe(up, one.low), _maybe(up, one.high))
        for one in drawn
    ]
    path = "M" + "L".join(f"{mark.x} {mark.y}" for mark in marks)
    middle = drawn[len(drawn) // 2].point.measured_on
    days = [(across(first), first, "start"), (across(middle), middle, "middle"), (across(last), last, "end")]
    return Chart(marks, path, [(up(tick), tick) for tick in ticks], days if len(drawn) > 2 else days[::2])


def _maybe(up, value: float | None) -> float | None:  # type: ignore[no-untyped-def]
    return up(value) if value is not None else None


def _ticks(low: float, high: float) -> list[float]:
    """Round values around all that is drawn."""
    span = (high - low) or abs(high) or 1.0
    rough = span / MOST_TICKS
    power = 10 ** floor(log10(rough))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [round(step * n, 12) for n in range(first, max(last, first + 1) + 1)]
