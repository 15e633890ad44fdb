"""The horizon of a plan, and what of a phase lies inside it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import NamedTuple

from planner.models import PeriodKind, Workspace
from solver.problem import Calendar, Period

DAY_HOURS = 24


class Window(NamedTuple):
    """What of a phase lies in the horizon: where it may start, how long it is, how much is cut off its front."""

    earliest: int
    latest: int
    duration: int
    cut: int


class Horizon(NamedTuple):
    """`periods` periods of the workspace's calendar, from its period `first_idx` on."""

    workspace: Workspace
    first_idx: int
    periods: int

    @property
    def last_idx(self) -> int:
        return self.first_idx + self.periods

    @property
    def calendar(self) -> Calendar:
        period = Period(str(self.workspace.period))
        return Calendar(self.periods, self.workspace.moment_of(self.first_idx).date(), period)

    def idx_of(self, moment: datetime) -> int:
        """The period of the horizon in which a moment lies; may be negative."""
        return self.workspace.idx_of(moment) - self.first_idx

    def is_start(self, moment: datetime) -> bool:
        """Whether a period begins at a moment."""
        return self.workspace.moment_of(self.workspace.idx_of(moment)) == moment

    def window(self, earliest: int, latest: int, duration: int, agreed: int | None = None) -> Window | None:
        """What of a phase lies inside, all in periods of the workspace's calendar; None where nothing does.

        A phase that must have begun before the horizon, or cannot end within it, is cut there, and fixed. A phase
        whose start is agreed starts then. One that could have begun before, but need not, starts within.
        """
        first, last = earliest - self.first_idx, latest - self.first_idx
        if agreed is not None and earliest <= agreed <= latest:
            first = last = agreed - self.first_idx
        if last < 0:
            first = last
        is_movable = first < last
        first = max(first, 0) if is_movable else first
        if is_movable and first + duration <= self.periods:
            return Window(first, min(last, self.periods - duration), duration, 0)
        begin, end = max(first, 0), min(first + duration, self.periods)
        return Window(begin, begin, end - begin, begin - first) if begin < end else None


def horizon_of(workspace: Workspace, starts_on: date | None = None, num_periods: int | None = None) -> Horizon:
    """The horizon from the period in which a day lies; a day's first hour where the calendar counts hours."""
    first = 0 if starts_on is None else workspace.idx_of(datetime.combine(starts_on, time.min))
    if workspace.period is PeriodKind.HOUR:
        first -= first % DAY_HOURS
    return Horizon(workspace, first, num_periods or workspace.num_periods)
