"""What projects that count only as a whole are worth beside their rewards, and what all else is worth, at most."""

from __future__ import annotations

import numpy as np

from solver.bound.patterns import Ints
from solver.bound.points import best_holders, constant, gains
from solver.eligible import Eligibility
from solver.model import Demand, Worth


def worth_of(able: Eligibility, pairs: Ints, demand: Demand) -> Worth:
    """Every role with its best holders; those of all-or-nothing projects only where the project is complete.

    A project that is all or nothing, or has a reward, and could never be complete earns nothing, or no reward.
    """
    gain = gains(able)
    project = able.project[pairs]
    is_whole = np.array([p.all_or_nothing and bool(p.seats) for p in able.book.projects], dtype=np.bool_)
    free = [p for p in able.book.projects if not (p.seats and (p.all_or_nothing or p.reward))]
    rest = constant(able, free) + best_holders(able, pairs[~is_whole[project]], gain)
    mine = [n for n in demand.projects if is_whole[n]]
    return Worth(rest, {n: best_holders(able, pairs[project == n], gain) for n in mine})
