"""How good any plan could be: the proven upper bound."""

from solver.bound.items import MOST_STARTS
from solver.bound.patterns import Patterns, TooManyPatternsError
from solver.bound.prices import Prices, easy_bound

__all__ = ["MOST_STARTS", "Patterns", "Prices", "TooManyPatternsError", "easy_bound"]
