"""How good any plan could be: the proven upper bound."""

from solver.bound.hours import Hours, Proof
from solver.bound.items import MOST_STARTS
from solver.bound.patterns import NODES_TO_ITEMS, Patterns, TooManyPatternsError
from solver.bound.peaks import peak_bound
from solver.bound.points import easy_bound, generous_bound
from solver.bound.prices import Prices
from solver.bound.residual import Residual
from solver.bound.timetable import reward_at
from solver.bound.wholes import worth_of

__all__ = [
    "MOST_STARTS",
    "NODES_TO_ITEMS",
    "Hours",
    "Patterns",
    "Prices",
    "Proof",
    "Residual",
    "TooManyPatternsError",
    "easy_bound",
    "generous_bound",
    "peak_bound",
    "reward_at",
    "worth_of",
]
