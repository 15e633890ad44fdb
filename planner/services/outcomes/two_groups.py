"""Two groups compared: shares and means, the interval of their difference, and how likely chance alone makes as much.

Shares: Newcombe's hybrid score interval (1998, method 10), whose coverage holds for small counts and shares near 0,
where the textbook interval's does not. The p is Fisher's exact one while a count that chance alone would give is below
five (Cochran's rule), else that of the pooled z-test, which is quick for any number. Means: Welch's test (1947), since
nothing says that two groups scatter alike. Only figures come in here; SciPy is loaded where its distributions are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import erfc, hypot, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
COCHRAN = 5  # a smaller expected count wants the exact test


class Method(StrEnum):
    """How a p was found."""

    FISHER = "fisher"
    Z = "z"
    WELCH = "welch"


@dataclass(frozen=True, slots=True)
class Share:
    """Successes out of so many. Both must be whole, 0 <= successes <= num, num >= 1."""

    successes: int
    num: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.num or self.num < 1:
            raise ValueError(f"{self.successes} of {self.num} not understood.")

    @property
    def rate(self) -> float:
        """The share itself."""
        return self.successes / self.num


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of so many values, and their standard deviation. num >= 2, spread >= 0."""

    mean: float
    spread: float
    num: int

    def __post_init__(self) -> None:
        if self.num < 2 or self.spread < 0:
            raise ValueError(f"A mean of {self.num} with spread {self.spread} not understood.")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a group has more than the control, in the measure's own unit; `low` and `high` are its interval.

    `relative` is the difference ÷ the control's value; None where that is 0. `df` are Welch's degrees of freedom.
    """

    value: float
    relative: float | None
    low: float
    high: float
    p: float
    method: Method
    df: float | None = None


def share_interval(share: Share, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval of a share (1927)."""
    z, num, rate = quantile(confidence), share.num, share.rate
    middle = rate + z * z / (2 * num)
    half = z * sqrt(rate * (1 - rate) / num + z * z / (4 * num * num))
    whole = 1 + z * z / num
    low, high = (middle - half) / whole, (middle + half) / whole
    return (0.0 if share.successes == 0 else max(0.0, low), 1.0 if share.successes == num else min(1.0, high))


def mean_interval(mean: Mean, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Student's interval of a mean."""
    half = t_quantile(mean.num - 1, confidence) * mean.spread / sqrt(mean.num)
    return mean.mean - half, mean.mean + half


def compare_shares(group: Share, control: Share, confidence: float = CONFIDENCE) -> Difference:
    """A group's share beside the control's."""
    p, method = _p_of_shares(group, control)
    low, high = newcombe(group, control, confidence)
    value = group.rate - control.rate
    return Difference(value, value / control.rate if control.successes else None, low, high, p, method)


def compare_means(group: Mean, control: Mean, confidence: float = CONFIDENCE) -> Difference:
    """A group's mean beside the control's, by Welch. Raises ValueError where nothing scatters in either."""
    from scipy.special import stdtr  # noqa: PLC0415 -- heavy, and only a page of an experiment wants it

    variances = [one.spread**2 / one.num for one in (group, control)]
    error = sqrt(sum(variances))
    if error == 0:
        raise ValueError("Nothing scatters: there is no chance to compare with.")
    shares = [variance / sum(variances) for variance in variances]
    df = 1 / sum(share**2 / (one.num - 1) for share, one in zip(shares, (group, control), strict=True))
    value = group.mean - control.mean
    half = t_quantile(df, confidence) * error
    p = min(1.0, 2 * float(stdtr(df, -abs(value) / error)))
    return Difference(value, value / control.mean if control.mean else None, value - half, value + half, p,
                      Method.WELCH, df)  # fmt: skip


def newcombe(group: Share, control: Share, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The hybrid score interval of a difference of shares: each side's own interval, joined as right angles are."""
    (low, high), (low_c, high_c) = share_interval(group, confidence), share_interval(control, confidence)
    value = group.rate - control.rate
    down = hypot(group.rate - low, high_c - control.rate)
    up = hypot(high - group.rate, control.rate - low_c)
    return value - down, value + up


def holm(ps: Sequence[float]) -> list[float]:
    """Each p for the whole family (Holm 1979): the chance of any false alarm among them stays what it is for one."""
    order = sorted(range(len(ps)), key=lambda idx: ps[idx])
    adjusted, highest = [1.0] * len(ps), 0.0
    for place, idx in enumerate(order):
        highest = max(highest, min(1.0, (len(ps) - place) * ps[idx]))
        adjusted[idx] = highest
    return adjusted


def quantile(confidence: float) -> float:
    """How many standard deviations hold this share of a normal distribution around its middle."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


@cache
def t_quantile(df: float, confidence: float) -> float:
    """The same of Student's distribution."""
    from scipy.special import stdtrit  # noqa: PLC0415 -- heavy, and only statistics want it

    return float(stdtrit(df, 0.5 + confidence / 2))


def z_p(z: float) -> float:
    """The two-sided p of a standard normal."""
    return erfc(abs(z) / sqrt(2))


def _p_of_shares(group: Share, control: Share) -> tuple[float, Method]:
    num, successes = group.num + control.num, group.successes + control.successes
    fewest = min(group.num, control.num) * min(successes, num - successes)
    if fewest == 0:
        return 1.0, Method.FISHER  # nobody, or everybody: there is nothing to tell apart
    if fewest < COCHRAN * num:
        return _exact_p(group, control), Method.FISHER
    pooled = successes / num
    error = sqrt(pooled * (1 - pooled) * (1 / group.num + 1 / control.num))
    return z_p((group.rate - control.rate) / error), Method.Z


def _exact_p(group: Share, control: Share) -> float:
    """Fisher's exact test, two-sided."""
    from scipy.stats import fisher_exact  # noqa: PLC0415 -- heavy, and only small counts want it

    return float(fisher_exact([[one.successes, one.num - one.successes] for one in (group, control)]).pvalue)
