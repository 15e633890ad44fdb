"""The way to a good plan: construct, improve part by part, stop; and say why what is open stays open."""

from solver.search.answer import solve
from solver.search.options import Options, StopFlag

__all__ = ["Options", "StopFlag", "solve"]
