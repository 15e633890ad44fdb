"""The plan that a search begins with: the best of what is there already, or the proof that there is none."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np

from solver.eligible import Eligibility
from solver.model import (
    Part,
    Plan,
    StaffingModel,
    UnfinishedModelError,
    empty_plan,
    movable_phases,
    plan_of,
    relevant_part,
)
from solver.search.incumbent import Incumbent
from solver.search.options import Clock, Options
from solver.search.running import effort_of, run
from solver.search.whole import fewer_pairs
from solver.solution import Solution

LITERALS_A_SECOND = 8_000  # go into a model and through its presolve, on a slow day
WORK_S = 4.0  # of CP-SAT's own seconds, for each unit of effort


def find_first(incumbent: Incumbent, clock: Clock, options: Options) -> bool:
    """Offers the first plans; False where it is proven that there is none.

    Without pins and a limit on changes the empty plan is feasible. What of the given start and of the plan in
    force breaks no rule is chosen by one small exact model over their rows and the pins.
    """
    able = incumbent.able
    if not is_bound(able):
        incumbent.offer(empty_plan(able), "empty")
    if options.start is not None:
        incumbent.offer(plan_of(able, options.start), "known")  # as it is, where it breaks no rule
    known = known_plan(able, options.start)
    with suppress(UnfinishedModelError):
        if known.held.any() and not clock.is_over:
            _offer_best_rows(incumbent, known, clock, options)
        if incumbent.plan is None and not clock.is_over:
            return _offer_any(incumbent, clock, options)
    return True


def is_bound(able: Eligibility) -> bool:
    """Whether the problem asks for something that the empty plan does not give."""
    return bool(able.problem.pins) or able.problem.limits.max_changes is not None


def known_plan(able: Eligibility, start: Solution | None) -> Plan:
    """All rows of the given start, of the plan in force and of the pins at once, feasible or not."""
    plan = plan_of(able, start if start is not None else Solution())
    named = [pair for pair in (*able.current, *able.pinned) if pair is not None]
    plan.held[named] = True
    return plan


def _offer_best_rows(incumbent: Incumbent, known: Plan, clock: Clock, options: Options) -> None:
    able = incumbent.able
    rows = np.flatnonzero(known.held & ~able.banned)
    part = Part(empty_plan(able), rows, movable_phases(able))
    model = StaffingModel(able, part, is_over=lambda: clock.is_over)
    model.hint(known)
    outcome = run(model, clock, effort_of(options, clock, 0.2, WORK_S))
    if outcome.plan is not None:
        incumbent.offer(outcome.plan, "known")


def _offer_any(incumbent: Incumbent, clock: Clock, options: Options) -> bool:
    """Searches the part that decides whether there is a plan; False where there is none."""
    able = incumbent.able
    part = relevant_part(able)
    most = int(LITERALS_A_SECOND * clock.left_s)
    is_proof = able.has_all and len(part.pairs) <= most
    if len(part.pairs) > most:
        part = replace(part, pairs=fewer_pairs(able, part.pairs, most))
    model = StaffingModel(able, part, has_goals=False, is_over=lambda: clock.is_over)
    model.hint(known_plan(able, options.start))
    outcome = run(model, clock, effort_of(options, clock, 1.0, 10 * WORK_S))
    if outcome.plan is not None:
        incumbent.offer(outcome.plan, "first")
    return not (outcome.is_infeasible and is_proof)
