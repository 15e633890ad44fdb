"""When projects take place, with crowds instead of people: what is left of a plan if nobody has a name.

Each rule here follows from the rules on people, so the best outline is worth at least as much as the best plan.
Precedence is told by a literal for each pair of phases, as in the disjunctive formulation, beside the cumulatives
of crowds: phases that no crowd has time for at once come one after the other.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from ortools.sat.python import cp_model

from solver.model.capacity import blockers
from solver.model.crowds import Crowd, Want
from solver.model.demand import Demand, Outline
from solver.model.objective import Objective

LinearExpr = cp_model.LinearExpr
MOST_ORDERED = 2500  # pairs of phases that are told apart by literals
Interval = tuple[cp_model.IntervalVar, int]


class Worth(NamedTuple):
    """Points: what everything but these projects brings at most, and what each brings beside its reward."""

    rest: int
    gain: Mapping[int, int]


class Skeleton:
    """What all models of a demand have in common: when its projects take place, and whom that could take.

    Parameters
    ----------
    windows
        First and last start of phases that may not start whenever they like.
    at_least
        Points that are known to be possible, or asked for; outlines of less are left out.
    only
        The phases of projects that may be complete; all of them by default.

    Attributes
    ----------
    apart : dict of pairs of phases to literals
        For phases that may go on at once: that the first ends before the second starts, and the other way round.
    """

    has_goals = True

    def __init__(
        self,
        demand: Demand,
        worth: Worth,
        *,
        windows: Mapping[int, tuple[int, int]] | None = None,
        at_least: int | None = None,
        only: Container[int] | None = None,
    ) -> None:
        self.demand, self.able, self.book = demand, demand.able, demand.able.book
        self.cp, self.objective, self.worth = cp_model.CpModel(), Objective(), worth
        self.windows = dict(windows or {})
        of_project = self.book.phases_of_project
        projects = [n for n in demand.projects if only is None or all(phase in only for phase in of_project[n])]
        self.complete = {n: self.cp.new_bool_var("") for n in projects}
        phases = (phase for phase in demand.phases if self.book.project_of_phase[phase] in self.complete)
        self.start = {phase: self._new_start(phase) for phase in phases}
        self.apart: dict[tuple[int, int], tuple[cp_model.IntVar, cp_model.IntVar]] = {}
        self._spans: dict[tuple[int, int, int], cp_model.IntervalVar] = {}
        self.phases_in_order()
        self.crowds_have_time()
        self.pairs_in_order()
        self.add_goals()
        self.objective.maximise(self.cp, at_least)

    def hint(self, outline: Outline) -> None:
        """Tells the solver where to begin."""
        for n, complete in self.complete.items():
            self.cp.add_hint(complete, all(phase in outline.starts for phase in self.book.phases_of_project[n]))
        for phase, start in self.start.items():
            if phase in outline.starts:
                self.cp.add_hint(start, outline.starts[phase])

    def outline(self, values: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Outline:
        """The outline that a solver has found."""
        phases = (phase for phase in self.start if values.boolean_value(self.complete_of(phase)))
        return Outline({phase: values.value(self.start[phase]) for phase in phases})

    def phases_in_order(self) -> None:
        """A phase of a complete project starts after those before it, of complete projects, have ended."""
        for phase in self.start:
            for other in self.book.before[phase]:
                if other in self.start:
                    both = {self.complete_of(phase), self.complete_of(other)}
                    self.cp.add(self.start[phase] >= self.end(other)).only_enforce_if(sorted(both, key=_index))

    def crowds_have_time(self) -> None:
        """What only a crowd could do fits into its time."""
        for crowd in self.demand.crowds:
            work = [*self._work(crowd), *self._absences(crowd)]
            if sum(percent for _, percent in work) <= crowd.capacity:
                continue
            self.cp.add_cumulative([span for span, _ in work], [percent for _, percent in work], crowd.capacity)

    def pairs_in_order(self) -> None:
        """Of two phases one ends before the other starts, or both go on at once, if crowds have time for both."""
        staffed = [phase for phase in self.start if self.book.roles_of_phase[phase]]
        pairs = [pair for pair in combinations(staffed, 2) if not self._is_settled(*pair)]
        for one, other in pairs if len(pairs) <= MOST_ORDERED else ():
            first, second = self.cp.new_bool_var(""), self.cp.new_bool_var("")
            self._tell(first, one, other)
            self._tell(second, other, one)
            self.cp.add_at_most_one([first, second])
            if self._may_meet(one, other):
                self.apart[one, other] = (first, second)
            else:
                both = {self.complete_of(one), self.complete_of(other)}
                self.cp.add_bool_or(first, second, *(~literal for literal in sorted(both, key=_index)))

    def add_goals(self) -> None:
        """Rewards less lateness of complete projects, and what their seats are worth at most."""
        self.objective.constant += self.worth.rest
        for n, complete in self.complete.items():
            self.objective.add(complete, self.worth.gain.get(n, 0))
            self._reward(n)

    def _reward(self, n: int) -> None:
        project, complete = self.book.projects[n], self.complete[n]
        if not project.reward:
            return
        if project.due is None or not project.late_penalty:
            self.objective.add(complete, project.reward)
            return
        most_late = project.reward // project.late_penalty
        earns, late = self.cp.new_bool_var(""), self.cp.new_int_var(0, most_late, "")
        self.cp.add_implication(earns, complete)
        for phase in self.book.phases_of_project[n]:
            self.cp.add(late >= self.end(phase) - project.due).only_enforce_if(earns)
        self.objective.add(earns, project.reward)
        self.objective.add(late, -project.late_penalty, most_late)

    def end(self, phase: int) -> cp_model.LinearExprT:
        return self.start[phase] + self.book.phases[phase].duration

    def complete_of(self, phase: int) -> cp_model.IntVar:
        return self.complete[self.book.project_of_phase[phase]]

    def span(self, want: Want) -> cp_model.IntervalVar:
        """When a want takes place, if its project is complete."""
        key = (want.phase, want.begin, want.end)
        if key not in self._spans:
            start = self.start[want.phase] + want.begin
            complete = self.complete_of(want.phase)
            size = want.end - want.begin
            self._spans[key] = self.cp.new_optional_fixed_size_interval_var(start, size, complete, "")
        return self._spans[key]

    def _new_start(self, phase: int) -> cp_model.IntVar:
        first, last = self.demand.windows[phase]
        narrow = self.windows.get(phase, (first, last))
        return self.cp.new_int_var(max(first, narrow[0]), min(last, narrow[1]), "")

    def _work(self, crowd: Crowd) -> Iterator[Interval]:
        for want in crowd.wants:
            if want.phase in self.start:
                yield self.span(want), want.percent

    def _absences(self, crowd: Crowd) -> Iterator[Interval]:
        """What is missing of the crowd's capacity where not all of it is there."""
        horizon = self.able.problem.calendar.periods
        for begin, end, percent in blockers(self.demand.steps(crowd), horizon, crowd.capacity):
            yield self.cp.new_fixed_size_interval_var(begin, end - begin, ""), percent

    def _tell(self, literal: cp_model.IntVar, one: int, other: int) -> None:
        """Says whether one phase ends before another starts."""
        self.cp.add(self.start[other] >= self.end(one)).only_enforce_if(literal)
        self.cp.add(self.start[other] < self.end(one)).only_enforce_if(~literal)

    def _is_settled(self, one: int, other: int) -> bool:
        return one in self.demand.before[other] or other in self.demand.before[one]

    def _may_meet(self, one: int, other: int) -> bool:
        """Whether no crowd is asked for more than it has while two phases go on at once."""
        crowds = zip(self.demand.crowds, self._throughout, strict=True)
        return all(percent.get(one, 0) + percent.get(other, 0) <= crowd.capacity for crowd, percent in crowds)

    @cached_property
    def _throughout(self) -> list[dict[int, int]]:
        """For each crowd, what it is asked for by phases as long as they last."""
        return [
            {w.phase: w.percent for w in crowd.wants if (w.begin, w.end) == (0, self.book.phases[w.phase].duration)}
            for crowd in self.demand.crowds
        ]


class OutlineModel(Skeleton):
    """The outlines of a demand, as a CP-SAT model."""

    def plan(self, values: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Outline:
        """The outline that a solver has found."""
        return self.outline(values)


def _index(literal: cp_model.IntVar) -> int:
    return literal.index
