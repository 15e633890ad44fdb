"""How long, how hard and from where to search; and the way to stop."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace

from solver.solution import Solution

LONGEST_S = 86_400
MOST_KEPT_BACK = 0.1


@dataclass(frozen=True, slots=True)
class Options:
    """What a search may use.

    Parameters
    ----------
    time_limit_s
        Seconds from `started_at` to the answer, in [1, 86 400].
    workers
        Threads at work, at least 1; a deterministic search takes one.
    seed
        Where chance begins.
    deterministic
        The same problem, seed and effort give the same plan, whatever the order of rows; the time limit is
        then only a guard, and `effort` says how long the search is.
    effort
        How much work a deterministic search does, at least 1.
    gap
        The search ends where (bound - objective) / objective is no more than this.
    start
        A solution to begin with; what of it breaks no rule is where the search begins.
    """

    time_limit_s: float = 20
    workers: int = 2
    seed: int = 1
    deterministic: bool = False
    effort: int = 1
    gap: float = 0.0
    start: Solution | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.time_limit_s <= LONGEST_S:
            raise ValueError(f"time_limit_s {self.time_limit_s} is not in 1 to {LONGEST_S}.")
        if self.workers < 1 or self.effort < 1:
            raise ValueError("workers and effort are at least 1.")
        if not self.gap >= 0:
            raise ValueError(f"gap {self.gap} is negative.")


class StopFlag:
    """Asks a search to stop; any thread may set it, and the best plan so far is kept."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()


class Clock:
    """What is left of the time, and whether to go on."""

    def __init__(self, options: Options, stop: StopFlag, started_at: float | None) -> None:
        self._began = time.monotonic() if started_at is None else started_at
        self._options, self._limit_s = options, options.time_limit_s
        self._stop = stop
        self._kept_back_s = 0.0
        self.is_done = False  # set where no better plan is possible or asked for

    def within(self, share: float) -> Clock:
        """Another clock, for a share of the time that is left on this one; a stop ends both."""
        return Clock(replace(self._options, time_limit_s=max(1.0, share * self.left_s)), self._stop, None)

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._began

    @property
    def left_s(self) -> float:
        """Until the limit, less what judging and explaining the plan take; never negative."""
        return max(0.0, self._limit_s - self._reserve_s - self.seconds)

    def keep_back(self, seconds: float) -> None:
        """Ends the search so much earlier, as far as a part of the limit goes: that is what judging a plan takes."""
        self._kept_back_s = min(max(self._kept_back_s, seconds), MOST_KEPT_BACK * self._limit_s)

    @property
    def _reserve_s(self) -> float:
        return min(0.5, 0.1 * self._limit_s) + self._kept_back_s

    @property
    def may_explain(self) -> bool:
        """Whether what is kept back for judging and explaining lasts; a second is never too much to ask."""
        return self.seconds < self._limit_s + 1

    @property
    def is_stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()

    @property
    def is_over(self) -> bool:
        return self.is_done or self.is_stopped or self.left_s <= 0
