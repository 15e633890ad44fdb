"""Draws a marketing agency of any size: the same arguments always draw the same problem."""

from planner.bench.agency.drawing import VARIANTS, draw_agency

__all__ = ["VARIANTS", "draw_agency"]
