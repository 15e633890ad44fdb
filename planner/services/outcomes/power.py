"""How likely an effect would have been found, and how many it takes: for shares (Fleiss) and for means (noncentral t).

Finding means finding it in the direction that was asked for, at the two-sided level. Equal groups, unless said.
"""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist

from planner.services.outcomes.two_groups import CONFIDENCE, t_quantile

POWER = 0.8
MOST = 10**9  # a sample that nobody will ever collect


def power_of_shares(rate: float, effect: float, num: int, num_control: int, confidence: float = CONFIDENCE) -> float:
    """The chance to find a share that is `effect` away from the control's `rate`; both shares within 0 and 1."""
    other = _moved(rate, effect)
    pooled = (rate * num_control + other * num) / (num + num_control)
    null = sqrt(pooled * (1 - pooled) * (1 / num + 1 / num_control))
    own = sqrt(rate * (1 - rate) / num_control + other * (1 - other) / num)
    reach = abs(effect) - _z(confidence) * null
    if own == 0:
        return 1.0 if reach > 0 else 0.0
    return NormalDist().cdf(reach / own)


def sample_for_shares(rate: float, effect: float, confidence: float = CONFIDENCE, power: float = POWER) -> int:
    """How many each group needs, so that such an effect is found as often as `power` says."""
    other = _moved(rate, effect)
    middle = (rate + other) / 2
    null = _z(confidence) * sqrt(2 * middle * (1 - middle))
    own = NormalDist().inv_cdf(power) * sqrt(rate * (1 - rate) + other * (1 - other))
    return max(2, ceil(((null + own) / effect) ** 2))


def power_of_means(
    spread: float, spread_control: float, effect: float, num: int, num_control: int, confidence: float = CONFIDENCE
) -> float:
    """The chance to find a difference of means of this size, where groups scatter so."""
    from scipy.special import nctdtr  # noqa: PLC0415 -- heavy, and only a page of an experiment wants it

    variances = spread**2 / num, spread_control**2 / num_control
    error = sqrt(sum(variances))
    if error == 0:
        return 1.0
    parts = [v / sum(variances) for v in variances]
    df = 1 / (parts[0] ** 2 / (num - 1) + parts[1] ** 2 / (num_control - 1))
    return float(1 - nctdtr(df, abs(effect) / error, t_quantile(df, confidence)))


def sample_for_means(
    spread: float, spread_control: float, effect: float, confidence: float = CONFIDENCE, power: float = POWER
) -> int:
    """How many each group needs, so that such a difference is found as often as `power` says."""

    def is_enough(num: int) -> bool:
        return power_of_means(spread, spread_control, effect, num, num, confidence) >= power

    low, high = 1, 2
    while not is_enough(high):
        low, high = high, 2 * high
        if high > MOST:
            return MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _moved(rate: float, effect: float) -> float:
    """The other share. Raises ValueError where there is none such."""
    other = rate + effect
    if not 0 <= other <= 1 or effect == 0:
        raise ValueError(f"No share is {effect} away from {rate}.")
    return other


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)
