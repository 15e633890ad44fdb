"""Where a plan stands against a guide: what it loses, person by person, role by role, phase by phase."""

from __future__ import annotations

import numpy as np

from solver.eligible import Eligibility
from solver.model import Guide, Plan
from solver.model.guide import NOWHERE, Ints
from solver.search.valuing import TeamCosts


class Standings:
    """Makes standings, and remembers what team rules cost the teams that it has seen."""

    def __init__(self, able: Eligibility, guide: Guide) -> None:
        self.guide, self.able, self.book = guide, able, able.book
        self.count = self.book.num_seats
        self.costs = TeamCosts(self.able)

    def of(self, plan: Plan) -> Standing:
        return Standing(self, plan)


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
        for phase, cost in self._all.costs.of(self.held).items():
            lost[phase] += cost
        return lost
