"""Timetables with people who are alike counted together, where that is all there is to it.

People who share all that a rule or a goal looks at are one class, and only how many of them a phase takes matters:
as long as each does one thing at a time, who is who can be told afterwards, start by start (interval graphs are
perfect: as many people are enough as are ever at work at once).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from solver.model.demand import Demand, Outline
from solver.model.outline import Skeleton, Worth
from solver.model.plan import Plan, empty_plan

LinearExpr = cp_model.LinearExpr
Counts = Mapping[tuple[int, int], int]  # heads by class and role


class Heads(NamedTuple):
    """People who are alike: one pair of each for every role that they may hold."""

    people: tuple[int, ...]
    pairs: Mapping[int, tuple[int, ...]]


class Headcount:
    """A demand's people by classes.

    Attributes
    ----------
    is_all : bool
        Whether the rules and goals of the problem are no more than what counting heads can tell: seats of complete
        projects, whole phases long, for people who do one thing at a time and are there all the time.
    """

    def __init__(self, demand: Demand) -> None:
        self.demand, self.able, self.book = demand, demand.able, demand.able.book
        self.is_all = self._is_all()
        self.classes = list(self._classes()) if self.is_all else []

    def plan(self, outline: Outline, counts: Counts) -> Plan:
        """The plan of an outline and of heads: they are told apart, each phase's from those who are free by then."""
        held = empty_plan(self.able).held
        for number, heads in enumerate(self.classes):
            mine = {role: counts.get((number, role), 0) for role in heads.pairs}
            held[self._told_apart(heads, mine, outline)] = True
        return Plan(held, {n: start for n, start in outline.starts.items() if not self.book.phases[n].is_fixed})

    def _is_all(self) -> bool:
        problem, book = self.able.problem, self.book
        limits = problem.limits
        is_bound = problem.growth or problem.pins or problem.current or limits.max_hires is not None
        if is_bound or limits.hire_budget is not None or limits.budget is not None or self.able.fee.any():
            return False
        if not all(self._is_whole(n) for n in range(len(book.projects))):
            return False
        if self.able.mentored.any() or any(phase.team_rules for phase in book.phases):
            return False
        lasts = all((role.seat.from_, role.seat.to) == (0, book.phases[role.phase].duration) for role in book.roles)
        return lasts and all(self._does_one_thing(n) for n in np.unique(self.able.person).tolist())

    def _is_whole(self, n: int) -> bool:
        """Whether a project has nothing to win but as a whole, and no budget."""
        project = self.book.projects[n]
        mine = [role for phase in self.book.phases_of_project[n] for role in self.book.roles_of_phase[phase]]
        pairs = [pair for role in mine for pair in self.demand.by_role.get(role, ())]
        is_free = project.budget is None and bool(mine)
        return is_free and (project.all_or_nothing or not (self.able.value[pairs] > 0).any())

    def _does_one_thing(self, person: int) -> bool:
        """Whether somebody is there all the time, and never has time for two seats at once."""
        spans = self.able.windows.spans[person]
        ftes = {self.able.seat(pair).fte for pair in self.able.pairs_of_person(person).tolist()}
        is_steady = [(begin, end) for begin, end, _ in spans] == [(0, self.able.problem.calendar.periods)]
        return is_steady and 2 * min(ftes) > spans[0][2]

    def _told_apart(self, heads: Heads, counts: Mapping[int, int], outline: Outline) -> list[int]:
        taken = [role for role, count in counts.items() if count]
        free_from = [0] * len(heads.people)
        held: list[int] = []
        for role in sorted(taken, key=lambda role: outline.starts[self.book.roles[role].phase]):
            phase = self.book.roles[role].phase
            start = outline.starts[phase]
            free = [n for n, period in enumerate(free_from) if period <= start]
            for n in free[: counts[role]]:
                held.append(heads.pairs[role][n])
                free_from[n] = start + self.book.phases[phase].duration
        return held

    def _classes(self) -> Iterator[Heads]:
        """People with the same pairs, at the same values."""
        alike: defaultdict[tuple[tuple[int, int], ...], list[tuple[int, dict[int, int]]]] = defaultdict(list)
        mine: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for phase in self.demand.phases:
            for role, pair in ((r, p) for r in self.book.roles_of_phase[phase] for p in self.demand.by_role[r]):
                mine[int(self.able.person[pair])][role] = pair
        for person, pairs_of in sorted(mine.items()):
            key = tuple((role, int(self.able.value[pair])) for role, pair in sorted(pairs_of.items()))
            alike[key].append((person, pairs_of))
        for members in alike.values():
            roles = members[0][1]
            yield Heads(
                tuple(person for person, _ in members),
                {role: tuple(pairs_of[role] for _, pairs_of in members) for role in roles},
            )


class HeadcountModel(Skeleton):
    """The plans of a demand, as far as counting heads can tell them apart."""

    def __init__(
        self,
        headcount: Headcount,
        *,
        windows: Mapping[int, tuple[int, int]] | None = None,
        at_least: int | None = None,
        only: Container[int] | None = None,
    ) -> None:
        self.headcount = headcount
        self.counts: dict[tuple[int, int], cp_model.IntVar] = {}
        super().__init__(headcount.demand, Worth(0, {}), windows=windows, at_least=at_least, only=only)

    def add_goals(self) -> None:
        """What each head is worth, and rewards; first of all, who is counted where."""
        self.roles_are_filled()
        self.classes_have_time()
        super().add_goals()
        for (number, role), count in self.counts.items():
            heads = self.headcount.classes[number]
            self.objective.add(count, int(self.able.value[heads.pairs[role][0]]), most=len(heads.people))

    def roles_are_filled(self) -> None:
        """All seats of a complete project are filled, and none of any other."""
        by_role: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
        for number, heads in enumerate(self.headcount.classes):
            for role in heads.pairs:
                if self.book.roles[role].phase not in self.start:
                    continue
                most = min(len(heads.people), self.book.roles[role].count)
                self.counts[number, role] = self.cp.new_int_var(0, most, "")
                by_role[role].append(self.counts[number, role])
        for role, counts in by_role.items():
            asked = self.book.roles[role]
            self.cp.add(LinearExpr.sum(counts) == asked.count * self.complete_of(asked.phase))

    def classes_have_time(self) -> None:
        """No more heads of a class are at work at once than it has."""
        for number, heads in enumerate(self.headcount.classes):
            wanted = self._by_phase(number, heads)
            if self.is_still:
                self._share_when_still(wanted, len(heads.people))
            elif len(heads.people) == 1:
                self.cp.add_no_overlap([self._interval(phase, count) for phase, count in wanted.items()])
                self._share_where_phases_meet(wanted)
            else:
                spans = [self._interval(phase, self.complete_of(phase)) for phase in wanted]
                self.cp.add_cumulative(spans, list(wanted.values()), len(heads.people))

    @property
    def is_still(self) -> bool:
        """Whether no phase of a project that may be complete can move."""
        return all(phase in self.windows and len(set(self.windows[phase])) == 1 for phase in self.start)

    def plan(self, values: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Plan:
        """The plan that a solver has found."""
        counts = {key: values.value(count) for key, count in self.counts.items()}
        return self.headcount.plan(self.outline(values), counts)

    def _by_phase(self, number: int, heads: Heads) -> dict[int, cp_model.IntVar]:
        """How many heads of a class each phase takes."""
        by_phase: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
        for role in heads.pairs:
            if (number, role) in self.counts:
                by_phase[self.book.roles[role].phase].append(self.counts[number, role])
        return {phase: self._sum(counts, len(heads.people)) for phase, counts in by_phase.items()}

    def _sum(self, counts: list[cp_model.IntVar], most: int) -> cp_model.IntVar:
        if len(counts) == 1:
            return counts[0]
        total = self.cp.new_int_var(0, most, "")
        self.cp.add(total == LinearExpr.sum(counts))
        return total

    def _share_when_still(self, wanted: Mapping[int, cp_model.IntVar], most: int) -> None:
        spans = {
            phase: (self.windows[phase][0], self.windows[phase][0] + self.book.phases[phase].duration)
            for phase in wanted
        }
        for period in sorted({begin for begin, _ in spans.values()}):
            met = [wanted[phase] for phase, (begin, end) in spans.items() if begin <= period < end]
            self.cp.add(LinearExpr.sum(met) <= most)

    def _share_where_phases_meet(self, wanted: Mapping[int, cp_model.IntVar]) -> None:
        """One person is not on two phases that go on at once; said once more, where a literal tells whether they do."""
        for (one, other), literals in self.apart.items():
            if one in wanted and other in wanted:
                self.cp.add_bool_or(~wanted[one], ~wanted[other], *literals)

    def _interval(self, phase: int, literal: cp_model.IntVar) -> cp_model.IntervalVar:
        size = self.book.phases[phase].duration
        return self.cp.new_optional_fixed_size_interval_var(self.start[phase], size, literal, "")
