"""A solution laid out over its problem: what the rules and the points look at."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from solver.check.growth import Growth
from solver.problem import Person, Phase, Problem, Project, Seat
from solver.solution import Solution


class Holding(NamedTuple):
    """A person on a seat, with the levels that they have when its phase starts."""

    seat: Seat
    person: Person
    phase: Phase
    project: Project

    @property
    def cost(self) -> int:
        return staff_cost(self.seat, self.person)


def staff_cost(seat: Seat, person: Person) -> int:
    """What the seat costs with this person on it, whatever the chance that they accept."""
    return person.cost * seat.size // 100


class Staffed:
    """The known people on known seats; what the problem does not have, it leaves to the rules to name."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem = problem
        self.solution = solution

    @cached_property
    def starts(self) -> dict[str, int]:
        """The start of each scheduled phase; a fixed one is scheduled without being listed."""
        phases = self.problem.phase_by_id
        fixed = {phase.id: phase.earliest for phase in phases.values() if phase.is_fixed}
        listed = {phase: start for phase, start in self.solution.starts.items() if phase in phases}
        return fixed | listed

    @cached_property
    def holdings(self) -> list[Holding]:
        return self._in_time[0] if self.problem.growth else list(self._known_holdings())

    @cached_property
    def holdings_of_phase(self) -> dict[str, list[Holding]]:
        """For each phase with a team, who holds which of its seats."""
        of_phase: dict[str, list[Holding]] = {}
        for holding in self.holdings:
            of_phase.setdefault(holding.phase.id, []).append(holding)
        return of_phase

    @cached_property
    def holdings_of_person(self) -> dict[str, list[Holding]]:
        """For each person with a seat, all that they hold."""
        of_person: dict[str, list[Holding]] = {}
        for holding in self.holdings:
            of_person.setdefault(holding.person.id, []).append(holding)
        return of_person

    @cached_property
    def hired(self) -> list[Person]:
        """The candidates and hypothetical people with a seat, by identifier."""
        people = {holding.person.id: holding.person for holding in self.holdings if holding.person.is_hire}
        return [people[ident] for ident in sorted(people)]

    @cached_property
    def changed_seats(self) -> list[Seat]:
        """The seats of the plan in force whose holder differs, once for each row of it."""
        holders, seats = self.solution.holders, self.problem.seat_by_id
        return [seats[row.seat] for row in self.problem.current if holders.get(row.seat) != row.person]

    def team(self, phase: Phase) -> list[Person]:
        """Whoever holds the phase's seats, each once."""
        return list({h.person.id: h.person for h in self.holdings_of_phase.get(phase.id, ())}.values())

    def person_at(self, person: Person, start: int) -> Person:
        """The person with the levels that count for a phase that starts in this period."""
        return self._in_time[1].person_at(person.id, start) if self.problem.growth else person

    def num_held(self, project: Project) -> int:
        return sum(len(self.holdings_of_phase.get(phase.id, ())) for phase in project.phases)

    def is_complete(self, project: Project) -> bool:
        """Whether it has a seat, all its phases are scheduled, and all its seats are filled."""
        seats = sum(len(phase.seats) for phase in project.phases)
        is_scheduled = all(phase.id in self.starts for phase in project.phases)
        return is_scheduled and self.num_held(project) == seats > 0

    @cached_property
    def _in_time(self) -> tuple[list[Holding], Growth]:
        """The holdings in the solution's order, each with the person as they are by then, and what all gain."""
        growth, known = Growth(self.problem), list(self._known_holdings())
        starts = [self.starts.get(holding.phase.id) for holding in known]
        scheduled = [(start, n) for n, start in enumerate(starts) if start is not None]
        for start, n in sorted(scheduled):
            holding = known[n]
            known[n] = holding._replace(person=growth.person_at(holding.person.id, start))
            growth.note(holding.seat, known[n].person, start)
        return known, growth

    def _known_holdings(self) -> Iterator[Holding]:
        problem = self.problem
        for seat_id, person_id in self.solution.holders.items():
            seat, person = problem.seat_by_id.get(seat_id), problem.person_of.get(person_id)
            if seat is not None and person is not None:
                phase = problem.phase_of_seat[seat_id]
                yield Holding(seat, person, phase, problem.project_of_phase[phase.id])
