"""How far work went beyond what was planned: ratios of actual to planned effort, with intervals, also where few.

Ratios are compared by their logarithms: twice as much and half as much are equally far from right, and overruns of
software and of other projects are close to lognormal (T. Little, *IEEE Software* 23, 2006). Of three cases and more a
group has an interval of its own, by Student's t.

A group of few says little by itself, and yet it is one of many like it. So its mean is drawn towards that of all
groups by as much as its own spread leaves open (normal-normal empirical Bayes; C. Morris, *Journal of the American
Statistical Association* 78, 1983). The spread within groups is pooled, since three logarithms cannot tell their own;
the spread between groups is that of the moments (R. DerSimonian and N. Laird, *Controlled Clinical Trials* 7, 1986),
and never below nothing. With groups j of n_j cases, means m_j, pooled variance s², and v_j = s² ÷ n_j:

    between     = max(0, (Q − (k − 1)) ÷ (Σw − Σw² ÷ Σw)),  w_j = 1 ÷ v_j,  Q = Σ w_j (m_j − Σ w_j m_j ÷ Σ w_j)²
    overall     = Σ m_j u_j ÷ Σ u_j,  u_j = 1 ÷ (v_j + between)
    drawn by    b_j = v_j ÷ (v_j + between)
    expected_j  = (1 − b_j) m_j + b_j overall,  with variance (1 − b_j) v_j + b_j² ÷ Σ u_j

The interval around it takes Student's t with the N − k degrees of freedom by which s² is known.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, sqrt
from statistics import fmean
from typing import TypeVar

from planner.services.outcomes.student_t import two_sided

LEAST = 3  # cases below which nothing is said of a group
CONFIDENCE = 0.95
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Ratio:
    """Actual ÷ planned, in the geometric mean of `num` cases; no interval where there are too few for one."""

    num: int
    middle: float
    low: float | None = None
    high: float | None = None

    @property
    def is_clear(self) -> bool:
        """Whether the interval says in which direction plans are wrong."""
        return self.low is not None and self.high is not None and (self.low > 1 or self.high < 1)


def ratio_of(logs: Sequence[float]) -> Ratio:
    """The ratio of one group by itself, with its own interval from three cases on."""
    mean = fmean(logs)
    if len(logs) < LEAST:
        return Ratio(len(logs), exp(mean))
    spread = sqrt(_squares(logs) / (len(logs) - 1))
    half = two_sided(CONFIDENCE, len(logs) - 1) * spread / sqrt(len(logs))
    return Ratio(len(logs), exp(mean), exp(mean - half), exp(mean + half))


def drawn_together(groups: Mapping[K, Sequence[float]]) -> dict[K, Ratio]:
    """What the next case of each group is expected to take: its own mean, drawn towards all by what it leaves open.

    Where the spread cannot be known, or nothing spreads, or there is nothing to be drawn to, each group stands alone.
    """
    degrees = sum(map(len, groups.values())) - len(groups)
    squares = fsum(_squares(logs) for logs in groups.values())
    if len(groups) < 2 or degrees < 1 or squares <= 0.0:
        return {key: ratio_of(logs) for key, logs in groups.items()}
    variance = squares / degrees
    means = {key: fmean(logs) for key, logs in groups.items()}
    open_by = {key: variance / len(logs) for key, logs in groups.items()}
    between = _between(list(means.values()), list(open_by.values()))
    weights = {key: 1 / (one + between) for key, one in open_by.items()}
    whole = fsum(weights.values())
    overall = fsum(weights[key] * means[key] for key in groups) / whole
    t = two_sided(CONFIDENCE, degrees)
    found = {}
    for key, logs in groups.items():
        drawn = open_by[key] * weights[key]
        mean = (1 - drawn) * means[key] + drawn * overall
        half = t * sqrt((1 - drawn) * open_by[key] + drawn * drawn / whole)
        found[key] = Ratio(len(logs), exp(mean), exp(mean - half), exp(mean + half))
    return found


def _between(means: Sequence[float], open_by: Sequence[float]) -> float:
    """How far groups differ beyond what chance within them explains, as a variance."""
    weights = [1 / one for one in open_by]
    whole = fsum(weights)
    centre = fsum(w * m for w, m in zip(weights, means, strict=True)) / whole
    apart = fsum(w * (m - centre) ** 2 for w, m in zip(weights, means, strict=True))
    return max(0.0, (apart - (len(means) - 1)) / (whole - fsum(w * w for w in weights) / whole))


def _squares(logs: Sequence[float]) -> float:
    mean = fmean(logs)
    return fsum((one - mean) ** 2 for one in logs)
