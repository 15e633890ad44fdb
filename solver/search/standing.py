"""Where a plan stands against a guide: what it loses, person by person, role by role, phase by phase."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from solver.check import rule_shortfall
from solver.model import Guide, Plan
from solver.model.guide import NOWHERE, Ints


class Standings:
    """Makes standings, and remembers what team rules cost the teams that it has seen."""

    def __init__(self, guide: Guide) -> None:
        self.guide, self.able, self.book = guide, guide.able, guide.able.book
        self.count = np.array([role.count for role in self.book.roles], dtype=np.int64)
        self._soft = [[rule for rule in phase.team_rules if rule.weight] for phase in self.book.phases]
        self._ruled = [n for n, rules in enumerate(self._soft) if rules]
        self._cost: dict[tuple[int, tuple[int, ...]], int] = {}

    def of(self, plan: Plan) -> Standing:
        return Standing(self, plan)

    def rule_costs(self, phases: Iterable[int], team_of: dict[int, list[int]]) -> dict[int, int]:
        """What the soft team rules of each phase cost its team."""
        return {phase: self._rule_cost(phase, tuple(team_of.get(phase, ()))) for phase in phases if self._soft[phase]}

    def _rule_cost(self, phase: int, team: tuple[int, ...]) -> int:
        if (phase, team) not in self._cost:
            ids = [self.book.people[person].id for person in team]
            rules = self._soft[phase]
            costs = [(rule.weight or 0) * rule_shortfall(rule, ids, self.able.problem) for rule in rules]
            self._cost[phase, team] = sum(costs)
        return self._cost[phase, team]


class Standing:
    """What one plan loses.

    Attributes
    ----------
    person, role, phase : arrays
        Points lost by each person, in open seats of each role, and by the rules of each phase.
    """

    def __init__(self, standings: Standings, plan: Plan) -> None:
        self.guide, self.plan, self._all = standings.guide, plan, standings
        able, book, guide = standings.able, standings.book, standings.guide
        self.held = np.flatnonzero(plan.held)
        start = guide.earliest.copy()
        for phase, period in plan.starts.items():
            start[phase] = period
        place = start - guide.earliest
        items = guide.items(self.held, place[able.phase[self.held]])
        items = items[items != NOWHERE]
        self.person = self._person_losses(items)
        self.filled = np.bincount(able.role[self.held], minlength=len(book.roles))
        slot = np.where(guide.first_slot == NOWHERE, NOWHERE, guide.first_slot + place[book.phase_of_role])
        price = np.append(guide.price, 0)[slot]
        self.role = np.maximum(price, 0) * (standings.count - self.filled)
        self.phase = self._phase_losses(items)

    def _person_losses(self, items: Ints) -> Ints:
        able, guide = self._all.able, self.guide
        person = able.person[guide.pair[items]]
        earned = np.zeros(len(able.book.people), dtype=np.int64)
        np.add.at(earned, person, guide.gain[items])
        is_busy = np.bincount(person, minlength=len(earned)) > 0
        loss: Ints = guide.most - earned + np.where(is_busy, guide.fee, 0)
        return loss

    def _phase_losses(self, items: Ints) -> Ints:
        """What rules cost, less what they are charged for; of phases without a team, nothing."""
        able, guide = self._all.able, self.guide
        lost = np.zeros(len(able.book.phases), dtype=np.int64)
        is_held = np.zeros(len(guide.pair), dtype=np.bool_)
        is_held[items] = True
        mine = is_held[guide.entry_item] & (guide.row_phase[guide.entry_row] != NOWHERE)
        np.subtract.at(lost, guide.row_phase[guide.entry_row[mine]], guide.entry_charge[mine])
        is_staffed = np.zeros(len(lost), dtype=np.bool_)
        is_staffed[able.phase[self.held]] = True
        lost[is_staffed] -= guide.phase_charge[is_staffed]
        team_of: dict[int, list[int]] = {}
        rows = zip(able.phase[self.held].tolist(), able.person[self.held].tolist(), strict=True)
        for phase, person in rows:
            team_of.setdefault(phase, []).append(person)
        for phase, cost in self._all.rule_costs(list(team_of), team_of).items():
            lost[phase] += cost
        return lost
