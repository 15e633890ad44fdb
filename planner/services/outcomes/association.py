"""What goes with what, over teams: rank correlations, tested all together, so that a report rarely proposes by chance.

Each criterion is held against the outcome by Spearman's rank correlation: it asks for neither straight lines nor normal
scatter, and one outstanding team does not decide it. The test lets chance itself speak: outcomes are dealt out anew
among the teams, thousands of times, for all criteria at once, and a criterion counts only where hardly any such deal
gives *any* criterion as strong a correlation (Westfall and Young 1993, step-down). So the chance that a report names
anything at all where there is nothing stays at the level, however the criteria hang together. It holds exactly where
outcomes could as well have fallen to other teams; whatever moves both the outcome and the team is not seen by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, ceil, sqrt, tanh
from statistics import NormalDist
from typing import Any

from planner.services.outcomes.two_groups import CONFIDENCE, quantile

LEAST = 16  # teams, to say anything of a criterion
ERROR_RATE = 0.05  # the chance that a report on nothing names something
STRONG = 0.6  # the correlation for which the report says how many teams it takes
DEALS = 9999
AT_ONCE = 1000
SAME = 1e-12

Known = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Association:
    """How a criterion goes with the outcome: correlation, its 95 % interval, how many teams, p for the whole family."""

    rho: float
    low: float
    high: float
    num: int
    p: float

    @property
    def is_found(self) -> bool:
        """Whether it stands out of what chance gives."""
        return self.p <= ERROR_RATE


def associations(outcomes: Sequence[float], criteria: Sequence[Known], *, seed: int = 1) -> list[Association | None]:
    """Each criterion's association; None where too few teams are known, or all are alike. The same seed, the same p."""
    judged = [idx for idx, values in enumerate(criteria) if is_judged(values)]
    found: list[Association | None] = [None] * len(criteria)
    if not judged or len(set(outcomes)) < 2:
        return found
    import numpy as np  # noqa: PLC0415 -- heavy, and only a report that says something wants it

    columns, weights = _columns([criteria[idx] for idx in judged])
    ranks = np.asarray(_ranks(outcomes))
    rhos = _correlations(ranks[None, :], columns, weights)[0]
    scale = np.sqrt(weights.sum(axis=0) - 1)
    ps = _step_down(ranks, np.abs(rhos) * scale, columns, weights, scale, seed)
    for place, idx in enumerate(judged):
        rho, num = float(rhos[place]), int(weights[:, place].sum())
        found[idx] = Association(rho, *interval(rho, num), num, ps[place])
    return found


def is_judged(values: Known) -> bool:
    """Whether enough teams are known, and not all alike."""
    said = [value for value in values if value is not None]
    return len(said) >= LEAST and len(set(said)) > 1


def interval(rho: float, num: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a rank correlation (Fisher's transform with Bonett and Wright's variance, 2000)."""
    bounded = max(-1 + SAME, min(1 - SAME, rho))
    half = quantile(confidence) * sqrt((1 + rho * rho / 2) / (num - 3))
    return tanh(atanh(bounded) - half), tanh(atanh(bounded) + half)


def teams_needed(num_criteria: int, rho: float = STRONG, power: float = 0.8) -> int:
    """About how many teams it takes to find a correlation this strong among so many criteria; never below the guard."""
    z = quantile(1 - ERROR_RATE / max(1, num_criteria)) + NormalDist().inv_cdf(power)
    return max(LEAST, ceil(3 + (1 + rho * rho / 2) * (z / atanh(rho)) ** 2))


def _columns(criteria: Sequence[Known]) -> tuple[Any, Any]:
    """Ranks of each criterion around their mean, 0 where it is not known; and where it is known, as 1 and 0."""
    import numpy as np  # noqa: PLC0415

    weights = np.array([[value is not None for value in values] for values in criteria], dtype=float).T
    columns = np.zeros_like(weights)
    for place, values in enumerate(criteria):
        known = weights[:, place] > 0
        ranks = np.asarray(_ranks([value for value in values if value is not None]))
        columns[known, place] = (ranks - ranks.mean()) / ranks.std()
    return columns, weights


def _correlations(deals: Any, columns: Any, weights: Any) -> Any:
    """For each deal of the outcomes its correlation with every criterion, over the teams where that is known."""
    import numpy as np  # noqa: PLC0415

    num = weights.sum(axis=0)
    mean = deals @ weights / num
    variance = np.maximum(deals**2 @ weights / num - mean**2, SAME)
    return deals @ columns / num / np.sqrt(variance)


def _step_down(ranks: Any, seen: Any, columns: Any, weights: Any, scale: Any, seed: int) -> list[float]:
    """For each criterion the share of deals in which it, or any that is weaker than it, is as strong as it was seen."""
    import numpy as np  # noqa: PLC0415

    order = np.argsort(-seen, kind="stable")
    random, reached = np.random.default_rng(seed), np.ones(len(seen))
    for begin in range(0, DEALS, AT_ONCE):
        num = min(AT_ONCE, DEALS - begin)
        deals = random.permuted(np.tile(ranks, (num, 1)), axis=1)
        dealt = np.abs(_correlations(deals, columns, weights)) * scale
        strongest = np.maximum.accumulate(dealt[:, order[::-1]], axis=1)[:, ::-1]
        reached += (strongest >= seen[order] - SAME).sum(axis=0)
    ps = np.maximum.accumulate(reached / (DEALS + 1))
    return [float(ps[place]) for place in np.argsort(order, kind="stable")]


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1 on; those that are alike share the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks, begin = [0.0] * len(values), 0
    while begin < len(order):
        end = begin
        while end < len(order) and values[order[end]] == values[order[begin]]:
            end += 1
        for idx in order[begin:end]:
            ranks[idx] = (begin + end + 1) / 2
        begin = end
    return ranks
