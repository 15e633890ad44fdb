"""What the rules and the goals of a model stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TypeVar

from ortools.sat.python import cp_model

from solver.eligible import Eligibility
from solver.model.growth import Fits, Levels
from solver.model.logic import Literal, any_of, negated
from solver.model.objective import Objective
from solver.model.plan import Part
from solver.model.teams import Team
from solver.model.variables import Variables
from solver.problem import TeamRule

LinearExpr = cp_model.LinearExpr
T = TypeVar("T")


class UnfinishedModelError(RuntimeError):
    """The time was over before all of a model was said."""


class Ground:
    """The variables of a part of a problem, and the words that rules and goals share."""

    def __init__(self, able: Eligibility, part: Part, is_over: Callable[[], bool]) -> None:
        self.able, self.book, self.problem, self.part = able, able.book, able.problem, part
        self._is_over = is_over
        self.cp = cp_model.CpModel()
        self.vars = Variables(self.cp, able, part)
        self.objective = Objective()
        self.levels = Levels(self.cp, able, self.vars)
        self.fits = Fits(self.cp, able, self.levels)

    @cached_property
    def hired(self) -> dict[int, Literal]:
        """For each candidate or hypothetical person in scope, whether they are hired."""
        hired: dict[int, Literal] = {}
        for person, pairs in self.vars.by_person.items():
            if self.book.people[person].is_hire:
                is_sunk = person in self.vars.fixed_by_person
                hired[person] = is_sunk or any_of(self.cp, (self.vars.holds[pair] for pair in pairs))
        return hired

    @cached_property
    def complete(self) -> dict[int, Literal]:
        """For each project in scope that is all-or-nothing or rewarded, a literal that needs it complete."""
        projects = ((n, self.book.projects[n]) for n in self.vars.projects)
        return {n: self._complete(n) for n, project in projects if project.all_or_nothing or project.reward}

    def filled(self, role: int) -> cp_model.LinearExprT:
        """How many of a role's seats are filled."""
        pairs = self.vars.by_role.get(role, [])
        return LinearExpr.sum([self.vars.holds[p] for p in pairs]) + self.vars.fixed_count.get(role, 0)

    def roles_of_project(self, project: int) -> Iterator[int]:
        for phase in self.book.phases_of_project[project]:
            yield from self.book.roles_of_phase[phase]

    def in_time(self, rows: Iterable[T]) -> Iterator[T]:
        """The rows, as long as there is time for another; a model may take longer to say than to solve.

        Raises
        ------
        UnfinishedModelError
            Where there is not.
        """
        for row in rows:
            if self._is_over():
                raise UnfinishedModelError
            yield row

    def ruled_teams(self) -> Iterator[tuple[Team, TeamRule]]:
        """Every team rule in scope, with the team that it judges."""
        for phase, members in self.vars.teams.items():
            levels = self.levels if self.problem.growth else None
            team = Team(self.cp, members, self.book.people, self.vars.staffed[phase], phase, levels)
            for rule in self.in_time(self.book.phases[phase].team_rules):
                yield team, rule

    def kept(self, rows: Iterable[int | None]) -> list[Literal]:
        """For each row's pair, whether it is held; a pair outside the part is as in the plan."""
        return [False if pair is None else self._is_held(pair) for pair in rows]

    def _is_held(self, pair: int) -> Literal:
        return self.vars.holds[pair] if pair in self.vars.holds else bool(self.part.plan.held[pair])

    def _complete(self, project: int) -> Literal:
        roles = list(self.roles_of_project(project))
        phases = self.book.phases_of_project[project]
        complete = self.cp.new_bool_var("") if roles else False
        for role in roles:
            self.cp.add(self.filled(role) >= self.book.roles[role].count).only_enforce_if(complete)
        for phase in phases:
            self.cp.add_bool_or(negated(complete), self.vars.is_present(phase))
        return complete
