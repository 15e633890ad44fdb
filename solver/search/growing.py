"""The search where people gain levels by doing: who can hold a seat, and its worth, depends on what was before."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Executor

from solver.bound import easy_bound, generous_bound
from solver.eligible import Eligibility, eligibility_of
from solver.search.annealing import Annealing
from solver.search.first import find_first
from solver.search.incumbent import Incumbent
from solver.search.options import Options
from solver.search.strategy import Strategy, search

FEW_LEVELS = 40_000  # literals that tell levels apart: so many are worth one model of everything
STANDING_SHARE, WHOLE_SHARE, PRICING_SHARE = 0.3, 0.4, 0.25
LEAST_S = 1.0


def grow(incumbent: Incumbent, options: Options, executor: Executor | None) -> None:
    """Improves the plan and the bound until the clock is over or nothing is left to try.

    Where phases roam, schedules are generated; elsewhere a plan is made as if nobody learnt anything, and improved
    part by part by exact models that know better.
    """
    strategy, able = Strategy(incumbent, options), incumbent.able
    bound = easy_bound(able, strategy.pairs) if able.has_all else generous_bound(able.problem)
    incumbent.offer_bound(bound, "roles")
    is_small = able.has_all and _num_levels(able) <= FEW_LEVELS
    if is_small and strategy.is_tiny:
        strategy.look_at_everything(share=0.6)
    annealing = Annealing(incumbent, options)
    if strategy.roams or not able.has_all:
        annealing.go(0.5 if is_small else 1.0)
    else:
        annealing.generate_once()
        _stand_still(incumbent, options, executor)
    if is_small and not incumbent.clock.is_over:
        strategy.look_at_everything(share=1.0 if strategy.roams else WHOLE_SHARE)
    if able.has_all and not incumbent.clock.is_over:
        strategy.tighten(PRICING_SHARE)
        strategy.improve(None, executor)


def _stand_still(incumbent: Incumbent, options: Options, executor: Executor | None) -> None:
    """Offers the best plan that is found as if nobody learnt anything; growing breaks hardly a rule."""
    if incumbent.clock.left_s < LEAST_S:
        return
    clock = incumbent.clock.within(1.0 if options.deterministic else STANDING_SHARE)
    problem = incumbent.able.problem.replace(growth=False)
    standing = Incumbent(
        eligibility_of(problem),
        clock,
        options.gap,
        None,
        lambda solution: incumbent.offer_solution(solution, "standing"),
    )
    if find_first(standing, clock, options) and standing.plan is not None:
        search(standing, options, executor)
    standing.settle()
    if standing.solution is not None:
        incumbent.offer_solution(standing.solution, "standing")


def _num_levels(able: Eligibility) -> int:
    """About how many literals a model needs to tell levels apart: for each person and skill, lessons times seats."""
    lessons: Counter[tuple[int, str]] = Counter()
    for pair, person in enumerate(able.person.tolist()):
        for line in able.seat(pair).skills:
            lessons[person, line.skill] += 1
        if len(lessons) > FEW_LEVELS:
            break
    return sum(num * num for num in lessons.values())
