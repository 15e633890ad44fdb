"""The CP-SAT model of a problem or of any part of it: one method per rule, one per goal."""

from solver.model.demand import Demand, Outline
from solver.model.ground import UnfinishedModelError
from solver.model.guide import Guide
from solver.model.headcount import Counts, Headcount, HeadcountModel
from solver.model.outline import OutlineModel, Worth
from solver.model.plan import (
    Part,
    Plan,
    empty_plan,
    movable_phases,
    plan_of,
    solution_of,
    whole,
)
from solver.model.relevant import relevant_part, relevant_problem
from solver.model.staffing import Hunt, StaffingModel

__all__ = [
    "Counts",
    "Demand",
    "Guide",
    "Headcount",
    "HeadcountModel",
    "Hunt",
    "Outline",
    "OutlineModel",
    "Part",
    "Plan",
    "StaffingModel",
    "UnfinishedModelError",
    "Worth",
    "empty_plan",
    "movable_phases",
    "plan_of",
    "relevant_part",
    "relevant_problem",
    "solution_of",
    "whole",
]
