"""The wall-clock moments of a calendar's periods."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from solver.problem import Calendar, Period

STEPS = {Period.WEEK: timedelta(weeks=1), Period.DAY: timedelta(days=1), Period.HOUR: timedelta(hours=1)}


class Moments:
    """When the periods of a calendar begin; there is no moment past the year 9999."""

    def __init__(self, calendar: Calendar) -> None:
        self._start = datetime.combine(calendar.start, time.min)
        self._step = STEPS[calendar.period]
        self._last = (datetime.combine(date.max, time.min) - self._start) // self._step

    def of(self, idx: int | None) -> datetime | None:
        """When a period begins; None where it is not known or there is no such moment."""
        return self._start + idx * self._step if idx is not None and idx <= self._last else None

    def clipped(self, idx: int) -> datetime:
        """When a period begins, or the last moment that there is."""
        return self._start + min(idx, self._last) * self._step
