"""Who has how much time left, who sits where, and what is spent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planner.bench.methods.greedy.scoring import Scores
from solver.check import staff_cost
from solver.problem import Phase, Problem, Seat

Team = dict[str, int]  # seat to number of person


class Board:
    """Who has how much time left, and what is spent."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.people = problem, problem.people
        self.scores = Scores(problem)
        self.free = self._capacity()
        self.holders: dict[str, str] = {}  # in the order in which seats were filled
        self.starts: dict[str, int] = {}
        self.ends: set[int] = set()
        self.team: dict[str, set[int]] = {phase: set() for phase in problem.phase_by_id}
        self.hired: set[int] = set()
        self.spent: dict[str, int] = dict.fromkeys(problem.project_by_id, 0)

    def _capacity(self) -> NDArray[np.int16]:
        """Percent of full time that each person has in each period."""
        periods = self.problem.calendar.periods
        free = np.zeros((len(self.people), periods), dtype=np.int16)
        for n, person in enumerate(self.people):
            begin = person.hire.earliest if person.is_hire else 0
            for span in person.capacity:
                free[n, max(begin, span.from_) : span.to] = span.fte
        return free

    def best_for(self, seat: Seat, phase: Phase, start: int, taken: Team) -> int | None:
        """The free person of the highest score, None where there is nobody."""
        ranked = self.scores.ranking(seat, self.problem.project_of_phase[phase.id])
        window = self.free[ranked, start + seat.from_ : start + seat.to]
        for person in ranked[(window >= seat.fte).all(axis=1)].tolist():
            is_taken = person in self.team[phase.id] or person in taken.values()
            if not is_taken and self._may_hire(person, taken) and self._may_spend(person, seat, taken):
                return int(person)
        return None

    def _may_hire(self, person: int, taken: Team) -> bool:
        limits, people = self.problem.limits, self.people
        if not people[person].is_hire or person in self.hired:
            return True
        hired = self.hired | {n for n in taken.values() if people[n].is_hire} | {person}
        cost = sum(people[n].hire.cost for n in hired) if limits.hire_budget is not None else 0
        return _is_within(len(hired), limits.max_hires) and _is_within(cost, limits.hire_budget)

    def _may_spend(self, person: int, seat: Seat, taken: Team) -> bool:
        project = self.problem.project_of_phase[self.problem.phase_of_seat[seat.id].id]
        total = self.problem.limits.budget
        if project.budget is None and total is None:
            return True
        now = sum(self._cost(other, n) for other, n in [*taken.items(), (seat.id, person)])
        in_all = now + sum(self.spent.values())
        return _is_within(now + self.spent[project.id], project.budget) and _is_within(in_all, total)

    def _cost(self, seat: str, person: int) -> int:
        return staff_cost(self.problem.seat_by_id[seat], self.people[person])

    def fill(self, team: Team, start: int) -> None:
        """Gives seats of one phase, which starts then, to people."""
        for ident, person in team.items():
            seat, phase = self.problem.seat_by_id[ident], self.problem.phase_of_seat[ident]
            self.free[person, start + seat.from_ : start + seat.to] -= seat.fte
            self.holders[ident] = self.people[person].id
            self.team[phase.id].add(person)
            if self.people[person].is_hire:
                self.hired.add(person)
            self.spent[self.problem.project_of_phase[phase.id].id] += self._cost(ident, person)
            self.ends.add(start + seat.to)


def _is_within(amount: int, limit: int | None) -> bool:
    return limit is None or amount <= limit
