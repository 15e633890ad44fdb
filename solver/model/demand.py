"""What projects that must be complete demand of people's time, before anybody is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from graphlib import TopologicalSorter
from typing import NamedTuple

import numpy as np

from solver.eligible import Eligibility
from solver.model.capacity import Step, free_steps
from solver.model.crowds import Crowd, Want, crowds_of, most_at_once
from solver.model.plan import Ints, Plan


class Outline(NamedTuple):
    """When the phases of complete projects start, without the people: {phase: start}."""

    starts: Mapping[int, int]


class Demand:
    """The projects that earn or hold anything only as a whole, and could be complete.

    Parameters
    ----------
    pairs
        The pairs that may be held.

    Attributes
    ----------
    projects : list of int
        All-or-nothing and rewarded projects with enough candidates for every role.
    phases : list of int
        Their phases, each after those before it.
    windows : list of pairs of int
        For each phase of the problem, its first and last start if its project is complete.
    crowds : list of Crowd
        Whose time could be short if all of the projects were complete.
    """

    def __init__(self, able: Eligibility, pairs: Ints) -> None:
        self.able, self.book = able, able.book
        self.by_role = _by_role(able, pairs)
        self.windows = _windows(able)
        self.projects = [n for n in range(len(self.book.projects)) if self._is_whole(n) and self._is_possible(n)]
        self.phases = self._in_order(phase for n in self.projects for phase in self.book.phases_of_project[n])
        self.wants = [self._want(role) for phase in self.phases for role in self.book.roles_of_phase[phase]]
        self.crowds = crowds_of(self.wants, lambda person: most_at_once(able.windows.spans[person]))

    def steps(self, crowd: Crowd) -> list[Step]:
        """What a crowd can give together, over time."""
        spans = [span for person in sorted(crowd.people) for span in self.able.windows.spans[person]]
        return free_steps(spans, [])

    @cached_property
    def before(self) -> dict[int, set[int]]:
        """For each phase, all of these that end before it starts, by whatever way."""
        found: dict[int, set[int]] = {}
        for phase in self.phases:
            near = [other for other in self.book.before[phase] if other in found]
            found[phase] = set(near).union(*(found[other] for other in near))
        return found

    @cached_property
    def behind(self) -> dict[int, set[int]]:
        """For each phase, all of these that start after it has ended."""
        found: dict[int, set[int]] = {phase: set() for phase in self.phases}
        for phase, others in self.before.items():
            for other in others:
                found[other].add(phase)
        return found

    def outline_of(self, plan: Plan) -> Outline:
        """When phases start in a plan, as far as it has complete projects."""
        filled = np.bincount(self.able.role[plan.held], minlength=len(self.book.roles))
        starts: dict[int, int] = {}
        for n in self.projects:
            phases = self.book.phases_of_project[n]
            is_full = all(filled[r] == self.book.roles[r].count for p in phases for r in self.book.roles_of_phase[p])
            if is_full and all(self.book.phases[p].is_fixed or p in plan.starts for p in phases):
                starts.update((p, plan.starts.get(p, self.book.phases[p].earliest)) for p in phases)
        return Outline(starts)

    def _is_whole(self, n: int) -> bool:
        project = self.book.projects[n]
        return bool(project.seats) and (project.all_or_nothing or project.reward > 0)

    def _is_possible(self, n: int) -> bool:
        if any(first > last for first, last in (self.windows[phase] for phase in self.book.phases_of_project[n])):
            return False
        roles = (role for phase in self.book.phases_of_project[n] for role in self.book.roles_of_phase[phase])
        return all(len(self.by_role.get(role, ())) >= self.book.roles[role].count for role in roles)

    def _want(self, role: int) -> Want:
        asked = self.book.roles[role]
        people = frozenset(self.able.person[self.by_role[role]].tolist())
        return Want(people, asked.phase, asked.seat.from_, asked.seat.to, asked.seat.fte * asked.count)

    def _in_order(self, phases: Iterable[int]) -> list[int]:
        mine = dict.fromkeys(phases)
        before = {phase: [other for other in self.book.before[phase] if other in mine] for phase in mine}
        return list(TopologicalSorter(before).static_order())


def _windows(able: Eligibility) -> list[tuple[int, int]]:
    """Each phase's first start after those before it, and its last before those behind it in its project."""
    book = able.book
    order = list(TopologicalSorter(dict(enumerate(book.before))).static_order())
    first = [phase.earliest for phase in book.phases]
    last = [phase.latest for phase in book.phases]
    for phase in order:
        first[phase] = max(
            [first[phase], *(first[other] + book.phases[other].duration for other in book.before[phase])]
        )
    for phase in reversed(order):
        mine = (n for n in book.behind[phase] if book.project_of_phase[n] == book.project_of_phase[phase])
        last[phase] = min([last[phase], *(last[other] - book.phases[phase].duration for other in mine)])
    return list(zip(first, last, strict=True))


def _by_role(able: Eligibility, pairs: Ints) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for pair in pairs.tolist():
        found.setdefault(int(able.role[pair]), []).append(pair)
    return found
