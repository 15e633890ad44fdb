"""A solution's accounts: who works when, which teams stand, what is spent, who is hired."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from solver.check import Holding, Staffed, rule_shortfall, score, seat_score
from solver.eligible import Eligibility
from solver.model.capacity import Step, free_steps
from solver.problem import Person, Phase, Project, Seat
from solver.solution import Solution


class Work(NamedTuple):
    """A seat that a person holds, in periods of the calendar."""

    begin: int
    end: int
    fte: int
    project: str


class Ledger:
    """What is left and what one more holder would bring; points and shortfalls are the rulebook's own."""

    def __init__(self, able: Eligibility, solution: Solution) -> None:
        self.able, self.problem, self.solution = able, able.problem, solution
        self.staffed = Staffed(able.problem, solution)
        self._steps: dict[int, list[Step]] = {}

    @cached_property
    def spent(self) -> int:
        return sum(holding.cost for holding in self.staffed.holdings)

    @cached_property
    def hired(self) -> set[str]:
        return {person.id for person in self.staffed.hired}

    @cached_property
    def hire_bill(self) -> int:
        return sum(person.hire.cost for person in self.staffed.hired)

    def spent_on(self, project: Project) -> int:
        return sum(holding.cost for phase in project.phases for holding in self.holdings(phase))

    def holdings(self, phase: Phase) -> list[Holding]:
        return self.staffed.holdings_of_phase.get(phase.id, [])

    def work(self, person: Person) -> list[Work]:
        """What a person holds, in order of time."""
        held = self.staffed.holdings_of_person.get(person.id, [])
        rows = ((self.staffed.starts[h.phase.id], h) for h in held)
        return sorted(Work(t + h.seat.from_, t + h.seat.to, h.seat.fte, h.project.id) for t, h in rows)

    def phase_starts(self, person: Person) -> list[int]:
        """When the phases start in which a person holds a seat."""
        return [self.staffed.starts[h.phase.id] for h in self.staffed.holdings_of_person.get(person.id, [])]

    def is_free(self, person: int, begin: int, end: int, fte: int) -> bool:
        """Whether a person has so many percent left in every period of [begin, end)."""
        if person not in self._steps:
            spans = self.able.windows.spans[person]
            loads = ((w.begin, w.end, w.fte) for w in self.work(self.problem.people[person]))
            self._steps[person] = free_steps(spans, loads)
        steps = self._steps[person]
        first = bisect_right(steps, begin, key=lambda step: step[0]) - 1
        return all(left >= fte for period, left in islice(steps, first, None) if period < end)

    def points(self, seat: Seat, person: Person, start: int) -> int:
        """What the objective would gain, or lose, with the person on the open seat."""
        problem = self.problem
        if problem.growth:  # what the person learns may change what any later seat is worth
            return score(problem, self.with_one_more(seat, person, start)).objective - self._objective
        phase = problem.phase_of_seat[seat.id]
        gain = seat_score(problem, seat, person).net
        gain += self._kept(seat, person) * (problem.weights.change * seat.size // 100)
        if person.is_hire and person.id not in self.hired:
            gain -= problem.weights.money * person.hire.cost * person.hire.acceptance // 100_000
        team = self.staffed.team(phase)
        for rule in phase.team_rules:
            if rule.weight:
                gain -= rule.weight * (rule_shortfall(rule, [*team, person]) - rule_shortfall(rule, team))
        return gain + self._reward(seat, person, phase, start)

    def with_one_more(self, seat: Seat, person: Person, start: int) -> Solution:
        """The solution with the person on an open seat, whose phase starts then."""
        phase = self.problem.phase_of_seat[seat.id]
        starts = self.solution.starts if phase.is_fixed else {**self.solution.starts, phase.id: start}
        return Solution(starts, {**self.solution.holders, seat.id: person.id})

    @cached_property
    def _objective(self) -> int:
        return score(self.problem, self.solution).objective

    def _kept(self, seat: Seat, person: Person) -> int:
        """How many rows of the plan in force would hold again."""
        return sum(row.seat == seat.id and row.person == person.id for row in self.problem.current)

    def _reward(self, seat: Seat, person: Person, phase: Phase, start: int) -> int:
        project = self.problem.project_of_phase[phase.id]
        if not project.reward or self.staffed.num_held(project) + 1 < len(project.seats):
            return 0
        more = self.with_one_more(seat, person, start)
        return score(self.problem, more).rewards - score(self.problem, self.solution).rewards
