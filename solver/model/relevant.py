"""What decides whether a problem has any plan: all else may be left empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from solver.eligible import Eligibility
from solver.model.plan import Part, empty_plan, movable_phases, whole
from solver.problem import Pairing, Phase, Problem, Project


def relevant_part(able: Eligibility) -> Part:
    """The pairs and starts that decide whether there is a plan.

    A project that no pin and no seat of the plan in force touches may always be left empty: that breaks no
    rule, and frees people and money for the rest. So may the seats, beside those that are named, of a phase that
    asks for nobody else. Only the starts of phases before the staffed ones matter. Where people grow, any project
    may be what makes somebody able.
    """
    book, problem = able.book, able.problem
    if problem.growth:
        return whole(able)
    asked = _Asked(problem)
    needy = [book.phase_no[phase.id] for phase in asked.needy]
    matters = np.isin(able.phase, np.array(needy, dtype=np.int64))
    named = (able.named_pair(row) for row in asked.rows)
    matters[[pair for pair in named if pair is not None]] = True
    phases = frozenset(book.phase_no[phase.id] for phase in asked.phases)
    return Part(empty_plan(able), np.flatnonzero(matters), phases & movable_phases(able))


def relevant_problem(problem: Problem) -> Problem:
    """A problem that has a plan if, and only if, this one has: without projects and people that decide nothing."""
    if problem.growth:
        return problem
    asked = _Asked(problem)
    named = {row.person for row in asked.rows}
    people = [person for person in problem.people if asked.needy or person.id in named]
    known = {person.id for person in people}
    projects = [asked.about(project, known) for project in problem.projects if project.id in asked.projects]
    seats = {seat.id for project in projects for seat in project.seats}
    return problem.replace(
        people=tuple(replace(person, preferences={}) for person in people),
        projects=tuple(projects),
        current=asked.rows_in_force,
        bans=tuple(row for row in problem.bans if row.seat in seats and row.person in known),
    )


class _Asked:
    """What a problem demands, if anything, beyond what the empty plan gives.

    Attributes
    ----------
    rows
        The pins and, where the number of changes is limited, the plan in force.
    phases
        The phases of the projects that the rows touch, and all that come before one of them.
    needy
        Those of the touched phases that may need holders whom no row names.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rows_in_force = problem.current if problem.limits.max_changes is not None else ()
        self.rows = (*problem.pins, *self.rows_in_force)
        self._touched = {problem.project_of_phase[problem.phase_of_seat[row.seat].id].id for row in self.rows}
        own = [phase for project in problem.projects if project.id in self._touched for phase in project.phases]
        self.phases = list(_with_predecessors(problem, own))
        self.projects = {problem.project_of_phase[phase.id].id for phase in self.phases}
        self._helped = {problem.phase_of_seat[row.seat].id for row in self.rows if self._needs_mentor(row)}
        self.needy = [phase for phase in own if self._may_need_others(phase)]

    def about(self, project: Project, people: set[str]) -> Project:
        """What a project has to do with it, with rules about these people; one that no row touches lends its time."""
        if project.id in self._touched:
            return replace(project, phases=tuple(_about(phase, people) for phase in project.phases))
        ids = {phase.id for phase in self.phases}
        phases = (replace(phase, seats=(), team_rules=()) for phase in project.phases if phase.id in ids)
        return replace(project, phases=tuple(phases))

    def _may_need_others(self, phase: Phase) -> bool:
        is_whole = self.problem.project_of_phase[phase.id].all_or_nothing
        asks = any(rule.is_hard and not rule.only_forbids for rule in phase.team_rules)
        return is_whole or asks or phase.id in self._helped

    def _needs_mentor(self, row: Pairing) -> bool:
        seat, person = self.problem.seat_by_id[row.seat], self.problem.person_of[row.person]
        return any(line.must and person.skills.get(line.skill, 0) < line.level for line in seat.skills)


def _with_predecessors(problem: Problem, phases: Iterable[Phase]) -> Iterator[Phase]:
    todo = list(phases)
    known = {phase.id for phase in todo}
    while todo:
        phase = todo.pop()
        yield phase
        new = [other for other in dict.fromkeys(phase.after) if other not in known]
        known.update(new)
        todo += [problem.phase_by_id[other] for other in new]


def _about(phase: Phase, people: set[str]) -> Phase:
    rules = (replace(rule, people=tuple(one for one in rule.people if one in people)) for rule in phase.team_rules)
    return replace(phase, team_rules=tuple(rules))
