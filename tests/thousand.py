"""A thousand tiny problems that have every rule of the contract, alone and in pairs; and as many more as one likes."""

from __future__ import annotations

from functools import cache
from itertools import count
from random import Random

import draw
from brute import MOST_PLANS, best_objective, num_plans
from traits import PAIRS, TRAITS, traits_of, with_needs

from solver.problem import Problem

NUM = 1000
ALONE = 4  # problems in which a trait is alone but for what it needs, for each trait
OTHERS = 0.08  # of the traits may be in a problem beside the pair that it is there for
_TURN = Random(0).sample(PAIRS, len(PAIRS))


@cache
def problem_of(number: int) -> Problem:
    """Problem `number`, from 0 up, by the traits that it is there for; numbers beyond the thousand are as good."""
    turn = number % NUM
    names = list(TRAITS)
    if turn < ALONE * len(names):
        asks, others = with_needs(iter([names[turn % len(names)]])), frozenset[str]()
    else:
        rng = Random(number)
        asks = with_needs(iter(_TURN[(turn - ALONE * len(names)) % len(_TURN)]))
        others = with_needs(iter([name for name in names if rng.random() < OTHERS]))
    draws = (draw.tiny(1000 * number + attempt, asks | others) for attempt in count())
    return next(asked for asked in draws if num_plans(asked) <= MOST_PLANS and asks <= traits_of(asked))


@cache
def best_of(number: int) -> int | None:
    """The best objective of a problem by trying all its plans; None where none is feasible."""
    return best_objective(problem_of(number))
