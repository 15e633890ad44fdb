"""The goals: what a plan earns, term by term as in `solver.check`."""

from __future__ import annotations

from ortools.sat.python import cp_model

from solver.model.ground import Ground
from solver.model.logic import Literal
from solver.model.teams import shortfall

WORST_SHORTFALL = 1000


class Goals(Ground):
    """The terms of the objective, one method for each."""

    def seats(self) -> None:
        """Points for each filled seat."""
        for pair, literal in self.vars.holds.items():
            values = self.fits.values(pair, literal) if self.problem.growth else [(literal, int(self.able.value[pair]))]
            for one, points in values:
                self.objective.add(one, points)

    def hiring(self) -> None:
        """The cost of each hire, once, by the chance of a yes."""
        for person, literal in self.hired.items():
            self.objective.add(literal, -int(self.able.fee[person]))

    def changes(self) -> None:
        """Points lost for each seat of the plan in force that changes hands."""
        for row, literal in zip(self.problem.current, self.kept(self.able.current), strict=True):
            points = self.problem.weights.change * self.problem.seat_by_id[row.seat].size // 100
            self.objective.add(literal, points)
            self.objective.constant -= points

    def team_rules(self) -> None:
        """Points lost for each unit by which a team falls short of a rule."""
        for team, rule in self.ruled_teams():
            if rule.weight:
                self.objective.add(shortfall(team, rule), -rule.weight, most=WORST_SHORTFALL)

    def rewards(self) -> None:
        """Points for a complete project, less those for every period that it is late."""
        for n in self.vars.projects:
            if self.book.projects[n].reward:
                for term, points, most in self.reward_terms(n):
                    self.objective.add(term, points, most)

    def reward_terms(self, n: int) -> list[tuple[cp_model.LinearExprT, int, int]]:
        """What a project's reward is the sum of: a term, its points, and how large it is at most.

        A reward that lateness has eaten up is left alone: it never falls below 0.
        """
        project = self.book.projects[n]
        if project.due is None or not project.late_penalty:
            return [(self.complete[n], project.reward, 1)]
        most_late = project.reward // project.late_penalty
        late = self.cp.new_int_var(0, most_late, "")
        earns: Literal = self.cp.new_bool_var("")
        self.cp.add_implication(earns, self.complete[n])
        for phase in self.book.phases_of_project[n]:
            end = self.vars.start_of(phase) + self.book.phases[phase].duration
            self.cp.add(late >= end - project.due).only_enforce_if(earns)
        return [(earns, project.reward, 1), (late, -project.late_penalty, most_late)]
