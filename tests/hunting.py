"""Hunts for better plans, by a guide that a few rounds of prices make."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from solver.bound import Prices
from solver.eligible import Eligibility
from solver.model import Guide, Hunt, Part, StaffingModel, whole


def guide_of(able: Eligibility, target: int, rounds: int) -> Guide | None:
    """None where some phases have too many starts to tell them apart."""
    prices = Prices(able, np.arange(len(able)))
    for _ in range(rounds):
        prices.move(prices.look(), target, step=0.7)
    return prices.guide()


def hunted(able: Eligibility, hunt: Hunt, part: Part | None = None) -> tuple[str, int]:
    """The status, and the best objective where there is one; without a part, everything is looked at."""
    model = StaffingModel(able, part or whole(able), hunt=hunt)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model.cp)
    return solver.status_name(status), round(solver.objective_value) if status == cp_model.OPTIMAL else 0
