"""One exact model of everything: small problems end here, with a proof."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.eligible import Eligibility
from solver.model import Guide, Hunt, Part, StaffingModel, empty_plan, movable_phases
from solver.search.incumbent import Incumbent
from solver.search.running import Effort, run

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def useful_pairs(able: Eligibility) -> Ints:
    """The pairs that some best plan may hold.

    Left out are bans, and pairs that earn nothing where filling the seat helps nobody: no team rule, no
    mentoring, no reward, no all-or-nothing, no pin and no plan in force looks at it.
    """
    book = able.book
    matters = np.array([bool(phase.team_rules) for phase in book.phases], dtype=np.bool_)
    matters[np.unique(able.phase[able.mentored])] = True
    matters |= able.problem.growth  # to hold a seat makes able to hold others
    for n, project in enumerate(book.projects):
        if project.all_or_nothing or project.reward:
            matters[book.phases_of_project[n]] = True
    named = {row.seat for row in (*able.problem.pins, *able.problem.current)}
    asked = np.array([role.seat.id in named for role in book.roles], dtype=np.bool_)
    helps = (able.value > 0).astype(np.bool_) | matters[able.phase] | asked[able.role]
    return np.flatnonzero(helps & ~able.banned)


def with_pairs(pairs: Ints, more: Bools) -> Ints:
    """The pairs, and those of a mask."""
    mask = more.copy()
    mask[pairs] = True
    return np.flatnonzero(mask)


def fewer_pairs(able: Eligibility, pairs: Ints, most: int) -> Ints:
    """About so many of the pairs at most: those that rows name, and of each role as many as of others, by chance."""
    worth = np.random.default_rng(1).random(len(pairs)) * np.bincount(able.role[pairs])[able.role[pairs]]
    named = np.zeros(len(able), dtype=np.bool_)
    named[[pair for pair in (*able.pinned, *able.current) if pair is not None]] = True
    return pairs[named[pairs] | (worth < np.partition(worth, most)[most])]


def solve_whole(incumbent: Incumbent, pairs: Ints, effort: Effort) -> None:
    """Searches everything at once from the best plan so far, offering plans and bounds on the way."""
    able = incumbent.able
    part = Part(empty_plan(able), pairs, movable_phases(able))
    model = StaffingModel(able, part, is_over=lambda: incumbent.clock.is_over)
    if incumbent.plan is not None:
        model.hint(incumbent.plan)
    outcome = run(
        model,
        incumbent.clock,
        effort,
        on_plan=lambda plan: incumbent.offer(plan, "whole"),
        on_bound=lambda bound: incumbent.offer_bound(bound, "whole"),
    )
    if outcome.plan is not None:
        incumbent.offer(outcome.plan, "whole")
    if outcome.bound is not None:
        incumbent.offer_bound(outcome.bound, "whole")


def worthy_pairs(guide: Guide, objective: int) -> Ints:
    """The pairs that a plan better than this objective may hold."""
    return np.flatnonzero(guide.bound - guide.pair_loss > objective)


def hunt_whole(incumbent: Incumbent, guide: Guide, effort: Effort) -> None:
    """Searches everything that may be better than the best plan so far, and proves it best where nothing is."""
    able, plan, objective = incumbent.able, incumbent.plan, incumbent.objective
    if plan is None or objective is None:
        return
    part = Part(empty_plan(able), worthy_pairs(guide, objective), movable_phases(able))
    model = StaffingModel(able, part, hunt=Hunt(guide, plan, objective), is_over=lambda: incumbent.clock.is_over)
    outcome = run(
        model,
        incumbent.clock,
        effort,
        on_plan=lambda plan: incumbent.offer(plan, "whole"),
        on_bound=lambda bound: incumbent.offer_bound(max(bound, objective), "whole"),
    )
    if outcome.plan is not None:
        incumbent.offer(outcome.plan, "whole")
    if outcome.bound is not None:
        incumbent.offer_bound(max(outcome.bound, objective), "whole")
    elif outcome.is_infeasible:
        incumbent.offer_bound(objective, "whole")
