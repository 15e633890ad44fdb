"""The staffing model: the rulebook and the goals in the order in which they read."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ortools.sat.python import cp_model

from solver.eligible import Eligibility
from solver.model.crowds import Crowds
from solver.model.guide import Guide
from solver.model.losses import Losses
from solver.model.plan import Part, Plan, needed_starts, whole
from solver.model.rules import Rules


class Hunt(NamedTuple):
    """The hunt for a plan that is better than the one so far, by what it loses against a guide's bound.

    With an objective that it `beats`, the part is everything, and the model's objective is the plan's own.
    """

    guide: Guide
    now: Plan
    beats: int | None = None


class StaffingModel(Rules, Losses, Crowds):
    """A problem, or the part of it that may change, as a CP-SAT model.

    Its best objective is the score of the best plan, less the terms that the part does not touch, in units of
    `objective.scale` points.

    Parameters
    ----------
    able
        The problem's pairs.
    part
        What may change; everything by default.
    has_goals
        False asks for any plan at all.
    hunt
        Asks for better plans only; all pairs of the part are ones that the guide knows.
    is_over
        Whether to give up, asked while the model grows.

    Raises
    ------
    UnfinishedModelError
        Where it was given up.
    """

    def __init__(
        self,
        able: Eligibility,
        part: Part | None = None,
        *,
        has_goals: bool = True,
        hunt: Hunt | None = None,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(able, part or whole(able), is_over)
        self.has_goals = has_goals
        self.add_rules()
        if hunt is not None:
            self.lose_less(*hunt)
            self.objective.maximise(self.cp)
        elif has_goals:
            self.add_goals()
        self.levels.define()

    def add_rules(self) -> None:
        self.seat_has_one_holder()
        self.one_seat_per_phase()
        self.within_capacity()
        self.musts_are_held()
        self.phase_inside_window()
        self.phases_in_order()
        self.hard_team_rules()
        self.all_or_nothing()
        self.project_budget()
        self.plan_budget()
        self.hire_limits()
        self.change_limit()
        self.pins_hold()
        self.bans_hold()
        self.crowds_have_time()

    def add_goals(self) -> None:
        self.seats()
        self.hiring()
        self.changes()
        self.team_rules()
        self.rewards()
        self.objective.maximise(self.cp)

    def plan(self, values: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Plan:
        """The plan that a solver has found."""
        held = self.part.plan.held.copy()
        for pair, literal in self.vars.holds.items():
            held[pair] = values.boolean_value(literal)
        before, moving = self.part.plan.starts, self.vars.moving
        starts = {phase: start for phase, start in before.items() if phase not in moving}
        for phase in sorted(moving):
            if values.boolean_value(self.vars.present[phase]):
                starts[phase] = values.value(self.vars.start[phase])
        return Plan(held, needed_starts(self.able, held, starts))

    def hint(self, plan: Plan) -> None:
        """Tells the solver where to begin."""
        for pair, literal in self.vars.holds.items():
            if pair not in self.vars.kept:
                self.cp.add_hint(literal, bool(plan.held[pair]))
        for phase in sorted(self.vars.moving):
            self.cp.add_hint(self.vars.present[phase], phase in plan.starts)
            if phase in plan.starts:
                self.cp.add_hint(self.vars.start[phase], plan.starts[phase])
