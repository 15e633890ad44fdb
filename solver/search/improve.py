"""Better plans, part by part: each part is solved exactly, and what comes out is judged before it counts."""

from __future__ import annotations

from random import Random

import numpy as np

from solver.model import Part, Plan, StaffingModel
from solver.search.incumbent import Incumbent
from solver.search.neighbourhoods import Neighbourhoods
from solver.search.options import Options
from solver.search.running import Effort, run

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
        self.num_better = 0

    def step(self, plan: Plan) -> bool:
        """Solves one part of the best plan; whether a better plan came of it."""
        part = self.near.draw(self.rng, plan, int(self.size))
        model = StaffingModel(self.incumbent.able, part)
        model.hint(plan)
        self.num_rounds += 1
        outcome = run(model, self.clock, self._effort())
        self.size *= 1.05 if outcome.is_optimal and outcome.work_s < QUICK_S else 0.9 if not outcome.is_optimal else 1
        self.size = min(max(self.size, SMALLEST), LARGEST)
        is_better = outcome.plan is not None and self._merge(part, outcome.plan)
        self.num_better += is_better
        return is_better

    def _effort(self) -> Effort:
        """CP-SAT's own clock ends a part, and, unless all must come out the same, the wall's."""
        seconds = self.clock.left_s if self.is_deterministic else PART_S
        return Effort(seconds, seed=self.seed + self.num_rounds, deterministic_s=PART_S, is_part=True)

    def _merge(self, part: Part, found: Plan) -> bool:
        """Brings what changed into the best plan, which may be another one by now."""
        changed = np.flatnonzero(found.held != part.plan.held)
        if not len(changed) and found.starts == part.plan.starts:
            return False
        latest = self.incumbent.plan
        if latest is None or latest is part.plan:
            return self.incumbent.offer(found, "part")
        held = latest.held.copy()
        held[changed] = found.held[changed]
        moved = {phase for phase in part.phases if found.starts.get(phase) != part.plan.starts.get(phase)}
        starts = {phase: start for phase, start in latest.starts.items() if phase not in moved}
        starts |= {phase: found.starts[phase] for phase in moved if phase in found.starts}
        return self.incumbent.offer(Plan(held, starts), "part")
