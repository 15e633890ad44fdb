"""The rulebook in plain Python: what makes a solution feasible, and what it is worth.

It is written for reading, and every answer is judged by it; `solver.model` says the same rules, under the
same names, to CP-SAT.
"""

from solver.check.growth import Growth
from solver.check.points import (
    ProjectResult,
    RuleResult,
    Score,
    SeatScore,
    score,
    seat_score,
    skill_fit,
    skill_points,
    style_fit,
    untrue_figures,
)
from solver.check.rules import RULES, Rule, Violation, violations
from solver.check.staffed import Holding, Staffed, staff_cost
from solver.check.teams import rule_shortfall

__all__ = [
    "RULES",
    "Growth",
    "Holding",
    "ProjectResult",
    "Rule",
    "RuleResult",
    "Score",
    "SeatScore",
    "Staffed",
    "Violation",
    "rule_shortfall",
    "score",
    "seat_score",
    "skill_fit",
    "skill_points",
    "staff_cost",
    "style_fit",
    "untrue_figures",
    "violations",
]
