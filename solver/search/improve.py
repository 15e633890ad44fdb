"""Better plans, part by part: each part is solved exactly, and what comes out is judged before it counts."""

from __future__ import annotations

from random import Random

import numpy as np

from solver.model import Hunt, Plan, StaffingModel
from solver.search.incumbent import Incumbent
from solver.search.neighbourhoods import Views
from solver.search.options import Options
from solver.search.running import Effort, Outcome, run

PART_S = 0.4  # a part gives up after this, so that a stop is answered in time
QUICK_S = 0.06
SMALLEST, FIRST_SIZE, LARGEST = 30.0, 400.0, 5000.0
PATIENCE = 12  # parts in a row that bring nothing, until one looks further


class Improver:
    """One worker's walk from part to part; parts grow while they are solved quickly, and shrink when they are not.

    It begins with the pairs that lose least by the guide's prices, and looks further where these bring no more.
    """

    def __init__(self, incumbent: Incumbent, views: Views, options: Options, number: int) -> None:
        self.incumbent, self.views, self.clock = incumbent, views, incumbent.clock
        self.is_deterministic = options.deterministic
        seed = 1000 * options.seed + number
        self.rng = Random(seed)  # noqa: S311 - chance, not secrecy
        self.seed = seed
        self.size = FIRST_SIZE
        self.num_rounds = 0
        self._view, self._idle = 0, 0

    def step(self, plan: Plan) -> bool:
        """Solves one part of the best plan; whether a better plan came of it."""
        part = self.views[self._view].draw(self.rng, plan, int(self.size))
        guide = self.views.guide
        model = StaffingModel(self.incumbent.able, part, hunt=None if guide is None else Hunt(guide, plan))
        model.hint(plan)
        self.num_rounds += 1
        outcome = run(model, self.clock, self._effort())
        self._resize(outcome)
        is_better = outcome.plan is not None and offer_merged(self.incumbent, plan, outcome.plan)
        self._look_further(is_better)
        return is_better

    def _resize(self, outcome: Outcome) -> None:
        if not (outcome.is_optimal or outcome.is_infeasible):
            self.size = max(0.9 * self.size, SMALLEST)
        elif outcome.work_s < QUICK_S:
            self.size = min(1.05 * self.size, LARGEST)

    def _look_further(self, is_better: bool) -> None:
        """To the next wider view where this one has brought nothing for long; after the widest, to any."""
        self._idle = 0 if is_better else self._idle + 1
        if self._idle < PATIENCE:
            return
        self._idle = 0
        is_widest = self._view == len(self.views) - 1
        self._view = self.rng.randrange(len(self.views)) if is_widest else self._view + 1
        self.size = min(self.size, FIRST_SIZE)

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
