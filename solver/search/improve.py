"""Better plans, part by part: each part is solved exactly, and what comes out is judged before it counts."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from random import Random
from typing import NamedTuple

import numpy as np

from solver.model import Hunt, Part, Plan, StaffingModel, UnfinishedModelError
from solver.search.incumbent import Incumbent
from solver.search.neighbourhoods import KINDS, Views
from solver.search.options import Options
from solver.search.running import Effort, Outcome, run

PART_S = 0.4  # a part gives up after this, so that a stop is answered in time
QUICK_S = 0.06
SMALLEST, FIRST_SIZE, LARGEST = 30.0, 400.0, 5000.0
OVERHEAD_S = 0.05  # of drawing and building a part
CURIOSITY, FRESHNESS = 0.03, 0.3
Way = tuple[int, str]


class Improver:
    """One worker's walk from part to part.

    What kind of part to look at, and through which view, is learnt from what each has brought lately (Ropke and
    Pisinger, Transportation Science 40, 2006). Parts grow while they are solved quickly, and shrink when not.
    """

    def __init__(self, incumbent: Incumbent, views: Views, options: Options, number: int) -> None:
        self.incumbent, self.views, self.clock = incumbent, views, incumbent.clock
        self.is_deterministic = options.deterministic
        seed = 1000 * options.seed + number
        self.rng = Random(seed)  # noqa: S311 - chance, not secrecy
        self.seed = seed
        self.num_rounds = 0
        self._sizes = [FIRST_SIZE] * len(views)
        self._yields = Yields([(view, kind) for view in range(len(views)) for kind in KINDS])

    def move_to(self, incumbent: Incumbent) -> None:
        """Goes on with another plan of the same problem, and another clock."""
        self.incumbent, self.clock = incumbent, incumbent.clock

    def step(self, plan: Plan) -> bool:
        """Solves one part of the best plan; whether a better plan came of it."""
        view, kind = way = self._yields.pick(self.rng)
        part = self.views[view].draw(self.rng, plan, kind, int(self._sizes[view]))
        before = self.incumbent.objective or 0
        self.num_rounds += 1
        model = self._model(part)
        if model is None:
            return False
        model.hint(plan)
        outcome = run(model, self.clock, self._effort())
        self._resize(view, outcome)
        is_better = outcome.plan is not None and offer_merged(self.incumbent, plan, outcome.plan)
        gain = max(0, (self.incumbent.objective or 0) - before) if is_better else 0
        self._yields.learn(way, gain, outcome.work_s + OVERHEAD_S)
        return is_better

    def _model(self, part: Part) -> StaffingModel | None:
        """The hunt for better plans in a part; nothing where it takes too long to say."""
        guide = self.views.guide
        hunt = None if guide is None else Hunt(guide, part.plan)
        with suppress(UnfinishedModelError):
            return StaffingModel(self.incumbent.able, part, hunt=hunt, is_over=lambda: self.clock.is_over)
        return None

    def _resize(self, view: int, outcome: Outcome[Plan]) -> None:
        if not (outcome.is_optimal or outcome.is_infeasible):
            self._sizes[view] = max(0.9 * self._sizes[view], SMALLEST)
        elif outcome.work_s < QUICK_S:
            self._sizes[view] = min(1.05 * self._sizes[view], LARGEST)

    def _effort(self) -> Effort:
        """CP-SAT's own clock ends a part, and, unless all must come out the same, the wall's."""
        seconds = self.clock.left_s if self.is_deterministic else PART_S
        return Effort(seconds, seed=self.seed + self.num_rounds, deterministic_s=PART_S, is_part=True)


class Yields:
    """What ways of looking have brought lately, in points for each second; the better ones are picked more often."""

    def __init__(self, ways: list[Way]) -> None:
        self._ways = ways
        self._rates: dict[Way, float] = {}

    def pick(self, rng: Random) -> Way:
        """A way by chance; those not tried yet count as much as the best."""
        best = max(self._rates.values(), default=0.0) or 1.0
        weights = [self._rates.get(way, best) + CURIOSITY * best for way in self._ways]
        return rng.choices(self._ways, weights)[0]

    def learn(self, way: Way, points: int, seconds: float) -> None:
        """Takes note of what a way has brought."""
        rate = points / seconds
        self._rates[way] = rate if way not in self._rates else FRESHNESS * rate + (1 - FRESHNESS) * self._rates[way]


class Change(NamedTuple):
    """What is different in a better plan: pairs that are held or not, and starts, None for a phase that has none."""

    pairs: tuple[int, ...]
    is_held: tuple[bool, ...]
    starts: tuple[tuple[int, int | None], ...]


def change_between(before: Plan, after: Plan) -> Change:
    """What turns one plan into another."""
    changed = np.flatnonzero(after.held != before.held)
    moved = sorted(n for n in {*before.starts, *after.starts} if after.starts.get(n) != before.starts.get(n))
    return Change(
        tuple(changed.tolist()), tuple(after.held[changed].tolist()), tuple((n, after.starts.get(n)) for n in moved)
    )


def changed(plan: Plan, changes: Iterable[Change]) -> Plan:
    """A plan with changes made, one after the other."""
    held, starts = plan.held.copy(), dict(plan.starts)
    for change in changes:
        held[list(change.pairs)] = change.is_held
        starts.update((n, start) for n, start in change.starts if start is not None)
        for n, start in change.starts:
            if start is None:
                starts.pop(n, None)
    return Plan(held, starts)


def offer_changes(incumbent: Incumbent, before: Plan, changes: list[Change]) -> bool:
    """Brings changes of one plan into the best, which may be another by now: all at once, or by halves."""
    latest = incumbent.plan
    if latest is None or not changes:
        return False
    if incumbent.offer(changed(latest, changes), "part", after=latest if latest is before else None):
        return True
    if len(changes) == 1:
        return False
    middle = len(changes) // 2
    first = offer_changes(incumbent, before, changes[:middle])
    return offer_changes(incumbent, before, changes[middle:]) or first


def offer_merged(incumbent: Incumbent, before: Plan, found: Plan) -> bool:
    """Offers what changed from one plan to another."""
    return offer_changes(incumbent, before, [change_between(before, found)])
