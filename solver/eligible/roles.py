"""The problem's parts by number, and its seats gathered into roles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solver.problem import Phase, Problem, Project, Seat

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Role:
    """Seats of one phase that nothing tells apart, so that only how many of them are filled matters."""

    phase: int
    seats: tuple[Seat, ...]

    @property
    def seat(self) -> Seat:
        """Any of them."""
        return self.seats[0]

    @property
    def count(self) -> int:
        return len(self.seats)


class Rolebook:
    """People, projects, phases and roles numbered in the problem's order."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people = problem.people
        self.projects = problem.projects
        self.phases: list[Phase] = []
        self.project_of_phase: list[int] = []
        for n, project in enumerate(problem.projects):
            self.phases.extend(project.phases)
            self.project_of_phase.extend([n] * len(project.phases))
        self.roles = _roles(problem, self.phases)

    @cached_property
    def person_no(self) -> dict[str, int]:
        return {person.id: n for n, person in enumerate(self.people)}

    @cached_property
    def phase_no(self) -> dict[str, int]:
        return {phase.id: n for n, phase in enumerate(self.phases)}

    @cached_property
    def role_of_seat(self) -> dict[str, int]:
        return {seat.id: n for n, role in enumerate(self.roles) for seat in role.seats}

    @cached_property
    def roles_of_phase(self) -> list[list[int]]:
        roles: list[list[int]] = [[] for _ in self.phases]
        for n, role in enumerate(self.roles):
            roles[role.phase].append(n)
        return roles

    @cached_property
    def phases_of_project(self) -> list[list[int]]:
        phases: list[list[int]] = [[] for _ in self.projects]
        for phase, project in enumerate(self.project_of_phase):
            phases[project].append(phase)
        return phases

    @cached_property
    def before(self) -> list[list[int]]:
        """For each phase, those that it comes after."""
        return [[self.phase_no[other] for other in phase.after] for phase in self.phases]

    @cached_property
    def behind(self) -> list[list[int]]:
        """For each phase, those that come after it."""
        behind: list[list[int]] = [[] for _ in self.phases]
        for phase, others in enumerate(self.before):
            for other in others:
                behind[other].append(phase)
        return behind

    @cached_property
    def phase_of_role(self) -> Ints:
        return np.array([role.phase for role in self.roles], dtype=np.int64)

    @cached_property
    def num_seats(self) -> Ints:
        """How many seats each role has."""
        return np.array([role.count for role in self.roles], dtype=np.int64)

    def project_of_role(self, role: int) -> Project:
        return self.projects[self.project_of_phase[self.roles[role].phase]]


def _roles(problem: Problem, phases: list[Phase]) -> list[Role]:
    """Seats that a pin or the plan in force names stand alone; equal bans do not tell seats apart."""
    named = {row.seat for row in (*problem.pins, *problem.current)}
    banned: dict[str, set[str]] = {}
    for row in problem.bans:
        banned.setdefault(row.seat, set()).add(row.person)
    roles: list[Role] = []
    for n, phase in enumerate(phases):
        alike: dict[object, list[Seat]] = {}
        for seat in phase.seats:
            key = seat.id if seat.id in named else (_asks(seat), frozenset(banned.get(seat.id, ())))
            alike.setdefault(key, []).append(seat)
        roles += [Role(n, tuple(seats)) for seats in alike.values()]
    return roles


def _asks(seat: Seat) -> tuple[object, ...]:
    """Everything that a seat asks for; its title is only a word."""
    window = (seat.fte, seat.from_, seat.to)
    return (*window, seat.skills, seat.styles, seat.tags, seat.any_of, seat.max_cost, seat.mentoring)
