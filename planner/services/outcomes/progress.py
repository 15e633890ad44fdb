"""How far an objective is, and whether that is far enough by now: computed from its readings, never said by anybody.

Share 0 is where it began and share 1 the target, whichever is the larger number: so less can be better. What is
expected lies on the straight line from the beginning to the target, between the two days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from planner.models import ObjectiveState


class Standing(StrEnum):
    """Where an objective stands; the order is how much it wants somebody's eye."""

    LATE = "late"
    BEHIND = "behind"
    READING_DUE = "reading_due"
    NOT_READ = "not_read"
    ON_TRACK = "on_track"
    NOT_BEGUN = "not_begun"
    MET = "met"
    CLOSED = "closed"


class Trend(StrEnum):
    """Which way the last two readings point."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    NOT_KNOWN = "not_known"


class Way(Protocol):
    """From where to where, and between which days: an objective, or what is said of one."""

    @property
    def from_value(self) -> float: ...
    @property
    def target_value(self) -> float: ...
    @property
    def from_on(self) -> date: ...
    @property
    def by_on(self) -> date: ...
    @property
    def state(self) -> ObjectiveState: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A value on a day, wherever it comes from."""

    read_on: date
    value: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an objective is on a day."""

    standing: Standing
    trend: Trend
    value: float | None
    read_on: date | None
    share: float
    expected: float
    expected_share: float

    @property
    def bar_pct(self) -> float:
        """The share as a bar shows it: from nothing to all of it."""
        return round(100 * min(max(self.share, 0.0), 1.0), 1)


def progress_of(way: Way, readings: Sequence[Reading], on: date) -> Progress:
    """How far an objective is; the last reading of the latest day counts, and none that is later than `on`."""
    known = [reading for reading in readings if reading.read_on <= on]
    last = max(enumerate(known), key=lambda one: (one[1].read_on, one[0]))[1] if known else None
    share = share_of(way, last.value) if last is not None else 0.0
    expected = expected_share(way, on)
    return Progress(
        standing=_standing(way, last, share, on),
        trend=trend_of(way, known),
        value=last.value if last is not None else None,
        read_on=last.read_on if last is not None else None,
        share=share,
        expected=way.from_value + expected * (way.target_value - way.from_value),
        expected_share=expected,
    )


def share_of(way: Way, value: float) -> float:
    """Which part of the way a value has come: 0 at the beginning, 1 at the target, less or more beyond them."""
    return (value - way.from_value) / (way.target_value - way.from_value)


def expected_share(way: Way, on: date) -> float:
    """Which part of the way is expected by a day."""
    gone = (on - way.from_on).days / (way.by_on - way.from_on).days
    return min(max(gone, 0.0), 1.0)


def trend_of(way: Way, readings: Sequence[Reading]) -> Trend:
    """Whether the last reading is better than the one before."""
    last = sorted(readings, key=lambda one: one.read_on)[-2:]
    if len(last) < 2:
        return Trend.NOT_KNOWN
    before, after = (share_of(way, reading.value) for reading in last)
    if after == before:
        return Trend.SAME
    return Trend.BETTER if after > before else Trend.WORSE


def rank(progress: Progress, by_on: date) -> tuple[int, date]:
    """What a list of objectives is sorted by: late first, then by the day that they are to be reached."""
    return list(Standing).index(progress.standing), by_on


def _standing(way: Way, last: Reading | None, share: float, on: date) -> Standing:
    if way.state is not ObjectiveState.OPEN:
        return Standing.CLOSED
    if last is not None and share >= 1:
        return Standing.MET
    if on > way.by_on:
        return Standing.LATE
    if last is None:
        return Standing.NOT_BEGUN if on <= way.from_on else Standing.NOT_READ
    if share >= expected_share(way, on):
        return Standing.ON_TRACK
    return Standing.READING_DUE if share >= expected_share(way, last.read_on) else Standing.BEHIND
