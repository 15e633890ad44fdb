"""Adverse impact: whether a group gets through a stage less often than the group that gets through most often.

The rule of four fifths (Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D) beside an exact test
(Fisher) and a score interval of the ratio (Miettinen and Nurminen 1985), so that small numbers do not look like proof.
Only counts come in here; nobody's own data does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

LEAST = 30  # people in a group, to judge it
FIFTHS = 4  # of five: a lower ratio is flagged
CHANCE = 0.05  # a difference that is less likely by chance is told apart
CHI_SQUARED = 3.841458820694124  # the 95 % quantile, one degree of freedom


class Finding(StrEnum):
    """What can be said of a group."""

    HIGHEST = "highest"
    CLOSE = "close"
    FLAGGED = "flagged"
    FLAGGED_MAYBE_CHANCE = "flagged_maybe_chance"
    TOO_FEW = "too_few"
    NOBODY = "nobody"
    NOT_COMPUTABLE = "not_computable"

    @property
    def is_flagged(self) -> bool:
        """Whether somebody must look into it."""
        return self in (Finding.FLAGGED, Finding.FLAGGED_MAYBE_CHANCE)


@dataclass(frozen=True, slots=True)
class Group:
    """How many of a group there were, and how many of them got through. Both must be whole, 0 <= selected <= num."""

    name: str
    num: int
    selected: int

    def __post_init__(self) -> None:
        if not 0 <= self.selected <= self.num:
            raise ValueError(f"{self.selected} of {self.num} not understood.")

    @property
    def rate(self) -> float | None:
        """The share that got through; None of nobody."""
        return self.selected / self.num if self.num else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A group beside the one that got through most often.

    `ratio` is this group's rate ÷ the highest rate, `low` and `high` its 95 % interval, `p` the two-sided exact
    probability of a difference as large by chance. All are None where nothing can be said.
    """

    group: Group
    finding: Finding
    ratio: float | None = None
    p: float | None = None
    low: float | None = None
    high: float | None = None


def compared(groups: Iterable[Group]) -> list[Compared]:
    """Each group beside the one with the highest rate among those that are large enough to be judged."""
    groups = list(groups)
    judged = [group for group in groups if group.num >= LEAST]
    highest = _highest(judged)
    return [_beside(group, highest, len(judged)) for group in groups]


def interval_of_ratio(group: Group, highest: Group) -> tuple[float, float]:
    """The 95 % score interval of a group's rate ÷ the highest rate, which must not be 0.

    The interval holds the ratios that the counts do not speak against: at its ends the statistic reaches the quantile.
    """
    ratio = (group.selected * highest.num) / (group.num * highest.selected)
    low = 0.0 if group.selected == 0 else _crossing(group, highest, ratio, 0.5)
    return low, _crossing(group, highest, ratio or 1e-6, 2.0)


def exact_p(group: Group, other: Group) -> float:
    """Fisher's exact test, two-sided."""
    from scipy.stats import fisher_exact  # noqa: PLC0415 -- heavy, and only this report wants it

    table = [[side.selected, side.num - side.selected] for side in (group, other)]
    return float(fisher_exact(table).pvalue)


def _highest(judged: Sequence[Group]) -> Group | None:
    """The group to compare with; None where there are fewer than two, or all have the same rate."""
    if len(judged) < 2:
        return None
    best = max(judged, key=lambda group: group.selected / group.num)
    is_tied = all(group.selected * best.num == best.selected * group.num for group in judged)
    return None if is_tied else best


def _beside(group: Group, highest: Group | None, num_judged: int) -> Compared:
    if group.num == 0:
        return Compared(group, Finding.NOBODY)
    if group.num < LEAST or num_judged < 2:
        return Compared(group, Finding.TOO_FEW)
    if highest is None:
        return Compared(group, Finding.NOT_COMPUTABLE)
    ratio = (group.selected * highest.num) / (group.num * highest.selected)
    if group.selected * highest.num == highest.selected * group.num:
        return Compared(group, Finding.HIGHEST, ratio)
    p, (low, high) = exact_p(group, highest), interval_of_ratio(group, highest)
    return Compared(group, _finding(group, highest, p), ratio, p, low, high)


def _finding(group: Group, highest: Group, p: float) -> Finding:
    """Whether the ratio is below four fifths, decided in whole numbers."""
    if 5 * group.selected * highest.num >= FIFTHS * highest.selected * group.num:
        return Finding.CLOSE
    return Finding.FLAGGED if p < CHANCE else Finding.FLAGGED_MAYBE_CHANCE


def _crossing(group: Group, highest: Group, inside: float, step: float) -> float:
    """Where the statistic reaches the quantile, going from a ratio inside the interval by factors of `step`."""
    from scipy.optimize import brentq  # noqa: PLC0415 -- heavy, and only this report wants it

    outside = inside
    while _statistic(group, highest, outside) < CHI_SQUARED:
        outside *= step
    return float(brentq(lambda ratio: _statistic(group, highest, ratio) - CHI_SQUARED, inside, outside, xtol=1e-12))


def _statistic(group: Group, highest: Group, ratio: float) -> float:
    """How strongly the counts speak against a ratio: the squared difference over its variance at that ratio."""
    num, other = group.num, highest.num
    whole = num + other
    # the most likely rate of the highest group, were the ratio so: the smaller root of a quadratic
    b = num * ratio + group.selected + other + highest.selected * ratio
    root = sqrt(max(0.0, b * b - 4 * whole * ratio * (group.selected + highest.selected)))
    theirs = (b - root) / (2 * whole * ratio)
    ours = min(1.0, theirs * ratio)
    variance = ours * (1 - ours) / num + ratio * ratio * theirs * (1 - theirs) / other
    difference = group.selected / num - ratio * highest.selected / other
    if variance <= 0.0:
        return 0.0 if difference == 0.0 else float("inf")
    return difference * difference / (variance * whole / (whole - 1))
