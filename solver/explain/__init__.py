"""Why nobody sits there, why this one and not that one, what rules cost, and what a hire, or a no, would do to a plan.

What a change would do is found by solving again with the change made, never by adding up points.
"""

from solver.explain.asking import Range
from solver.explain.claims import Claim, ClaimKind
from solver.explain.declines import Decline, declines
from solver.explain.gaps import Gaps, conflict, gap_reasons
from solver.explain.nobody import Nobody, Way, nobody
from solver.explain.openings import Opening, Openings, openings
from solver.explain.others import Marks, Other, Others, others
from solver.explain.prices import Price, Prices, prices
from solver.explain.profiles import profiles
from solver.explain.stability import End, Stability, WeightRange, stability
from solver.explain.unknowns import Unknown, Unknowns, unknowns
from solver.explain.why import Why, why

__all__ = [
    "Claim",
    "ClaimKind",
    "Decline",
    "End",
    "Gaps",
    "Marks",
    "Nobody",
    "Opening",
    "Openings",
    "Other",
    "Others",
    "Price",
    "Prices",
    "Range",
    "Stability",
    "Unknown",
    "Unknowns",
    "Way",
    "WeightRange",
    "Why",
    "conflict",
    "declines",
    "gap_reasons",
    "nobody",
    "openings",
    "others",
    "prices",
    "profiles",
    "stability",
    "unknowns",
    "why",
]
