"""Better plans, part by part: each part is solved exactly, and what comes out is judged before it counts."""

from __future__ import annotations

from random import Random

import numpy as np

from solver.model import Plan, StaffingModel
from solver.search.incumbent import Incumbent
from solver.search.neighbourhoods import Neighbourhoods
from solver.search.options import Options
from solver.search.running import Effort, Outcome, run

PART_S = 0.4  # a part gives up after this, so that a stop is answered in time
QUICK_S = 0.06
SMALLEST, LARGEST = 30.0, 5000.0


class Improver:
    """One worker's walk from part to part; parts grow while they are solved quickly, and shrink when they are not."""

    def __init__(self, incumbent: Incumbent, near: Neighbourhoods, options: Options, number: int) -> None:
        self.incumbent, self.near, self.clock = incumbent, near, incumbent.clock
        self.is_deterministic = options.deterministic
        seed = 1000 * options.seed + number
        self.rng = Random(seed)  # noqa: S311 - chance, not secrecy
        self.seed = seed
        self.size = 300.0
        self.num_rounds = 0

    def step(self, plan: Plan) -> bool:
        """Solves one part of the best plan; whether a better plan came of it."""
        part = self.near.draw(self.rng, plan, int(self.size))
        model = StaffingModel(self.incumbent.able, part)
        model.hint(plan)
        self.num_rounds += 1
        outcome = run(model, self.clock, self._effort())
        self._resize(outcome)
        return outcome.plan is not None and offer_merged(self.incumbent, plan, outcome.plan)

    def _resize(self, outcome: Outcome) -> None:
        if not outcome.is_optimal:
            self.size = max(0.9 * self.size, SMALLEST)
        elif outcome.work_s < QUICK_S:
            self.size = min(1.05 * self.size, LARGEST)

    def _effort(self) -> Effort:
        """CP-SAT's own clock ends a part, and, unless all must come out the same, the wall's."""
        seconds = self.clock.left_s if self.is_deterministic else PART_S
        return Effort(seconds, seed=self.seed + self.num_rounds, deterministic_s=PART_S, is_part=True)


def offer_merged(incumbent: Incumbent, before: Plan, found: Plan) -> bool:
    """Offers what changed from one plan to another, brought into the best plan, which may be a third one by now."""
    changed = np.flatnonzero(found.held != before.held)
    moved = {n for n in {*before.starts, *found.starts} if found.starts.get(n) != before.starts.get(n)}
    if not len(changed) and not moved:
        return False
    latest = incumbent.plan
    if latest is None or latest is before:
        return incumbent.offer(found, "part")
    held = latest.held.copy()
    held[changed] = found.held[changed]
    starts = {phase: start for phase, start in latest.starts.items() if phase not in moved}
    starts |= {phase: found.starts[phase] for phase in moved if phase in found.starts}
    return incumbent.offer(Plan(held, starts), "part")
