"""What a plan is worth, from arrays: the points of `solver.check.score`, many times as fast, for plans in numbers.

Whatever leaves the search is judged by `solver.check` itself; this only compares plans on the way.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from solver.check import rule_shortfall, score
from solver.eligible import Eligibility
from solver.model import Plan, solution_of
from solver.model.guide import Ints


class TeamCosts:
    """What soft team rules cost teams, remembered for the teams that were seen."""

    def __init__(self, able: Eligibility) -> None:
        self.able, self.book = able, able.book
        self._soft = [[rule for rule in phase.team_rules if rule.weight] for phase in self.book.phases]
        self._is_ruled = np.array([bool(rules) for rules in self._soft], dtype=np.bool_)
        self._cost: dict[tuple[int, tuple[int, ...]], int] = {}

    def of(self, held: Ints) -> dict[int, int]:
        """The points that each phase with a soft rule and a team loses; `held` are the pairs that are held."""
        phase = self.able.phase[held]
        is_ruled = self._is_ruled[phase]
        teams: dict[int, list[int]] = {}
        for n, person in zip(phase[is_ruled].tolist(), self.able.person[held[is_ruled]].tolist(), strict=True):
            teams.setdefault(n, []).append(person)
        return {n: self._cost_of(n, tuple(sorted(team))) for n, team in teams.items()}

    def _cost_of(self, phase: int, team: tuple[int, ...]) -> int:
        if (phase, team) not in self._cost:
            people = [self.book.people[person] for person in team]
            self._cost[phase, team] = sum((r.weight or 0) * rule_shortfall(r, people) for r in self._soft[phase])
        return self._cost[phase, team]


def valuer_of(able: Eligibility) -> Valuer:
    """What tells the objective of a problem's plans."""
    return _GrownValuer(able) if able.problem.growth else Valuer(able)


class Valuer:
    """Objectives of feasible plans."""

    def __init__(self, able: Eligibility) -> None:
        self.able, self.book = able, able.book
        weights = able.problem.weights
        self._costs = TeamCosts(able)
        rows = zip(able.problem.current, able.current, strict=True)
        self._current = [(pair, weights.change * able.problem.seat_by_id[row.seat].size // 100) for row, pair in rows]
        self._rewarded = [n for n, project in enumerate(self.book.projects) if project.reward and project.seats]

    def objective(self, plan: Plan) -> int:
        """The points of a plan."""
        held = np.flatnonzero(plan.held)
        seats = int(self.able.value[held].sum()) if len(held) else 0
        hired = np.unique(self.able.person[held])
        changes = sum(points for pair, points in self._current if pair is None or not plan.held[pair])
        rules = sum(self._costs.of(held).values())
        return seats - int(self.able.fee[hired].sum()) - changes - rules + self._rewards(plan, held)

    def _rewards(self, plan: Plan, held: Ints) -> int:
        if not self._rewarded:
            return 0
        num_held = np.bincount(self.able.project[held], minlength=len(self.book.projects))
        return sum(self._reward(n, plan) for n in self._rewarded if num_held[n] == len(self.book.projects[n].seats))

    def _reward(self, project: int, plan: Plan) -> int:
        asked = self.book.projects[project]
        ends = list(self._ends(self.book.phases_of_project[project], plan))
        if None in ends:
            return 0
        late = 0 if asked.due is None else max(0, max(end for end in ends if end is not None) - asked.due)
        return max(0, asked.reward - asked.late_penalty * late)

    def _ends(self, phases: Iterable[int], plan: Plan) -> Iterable[int | None]:
        """When phases end; None for those that are not scheduled."""
        for n in phases:
            phase = self.book.phases[n]
            if phase.is_fixed or n in plan.starts:
                yield plan.starts.get(n, phase.earliest) + phase.duration
            else:
                yield None


class _GrownValuer(Valuer):
    """The same where people grow: what a seat is worth depends on all that its holder did before."""

    def objective(self, plan: Plan) -> int:
        """The points of a plan, by the rulebook."""
        return score(self.able.problem, solution_of(self.able, plan)).objective
