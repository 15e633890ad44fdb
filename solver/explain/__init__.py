"""Why nobody sits there, which demands cannot hold together, and what a hire, or a no, would do to a plan.

What a change would do is found by solving again with the change made, never by adding up points.
"""

from solver.explain.declines import Decline, declines
from solver.explain.gaps import Gaps, conflict, gap_reasons
from solver.explain.openings import Opening, Openings, openings
from solver.explain.profiles import profiles

__all__ = [
    "Decline",
    "Gaps",
    "Opening",
    "Openings",
    "conflict",
    "declines",
    "gap_reasons",
    "openings",
    "profiles",
]
