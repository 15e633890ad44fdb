"""A person's time, shared between the seats that they may hold."""

from __future__ import annotations

from collections import defaultdict

from ortools.sat.python import cp_model

from solver.model.capacity import Clique, Window, blockers, cliques, free_steps
from solver.model.ground import Ground
from solver.model.logic import any_of

LinearExpr = cp_model.LinearExpr


class PersonTime:
    """One person's capacity, less what they hold outside the part."""

    def __init__(self, model: Ground, person: int) -> None:
        self.cp, self.vars, self.able = model.cp, model.vars, model.able
        self.horizon = model.problem.calendar.periods
        loads = [self._load(pair) for pair in self.vars.fixed_by_person.get(person, [])]
        self.steps = free_steps(self.able.windows.spans[person], loads)
        self.hired = model.hired.get(person, True)

    def roams(self, pair: int) -> bool:
        """Whether a pair's phase has too many starts to tell them apart one by one."""
        phase = self.vars.phase_of(pair)
        return phase in self.vars.moving and phase not in self.vars.at

    def share_where_seats_meet(self, pairs: list[int]) -> None:
        """No more than the capacity wherever seats meet; a candidate has none unless hired."""
        for clique in cliques(self._windows(pairs), self.steps):
            literals = [window.literal for window in clique.windows]
            if _exclude_each_other(clique):
                self.cp.add_at_most_one(literals if self.hired is True else [*literals, ~self.hired])
            else:
                work = LinearExpr.weighted_sum(literals, [window.fte for window in clique.windows])
                self.cp.add(work <= clique.capacity * self.hired)

    def share_between_intervals(self, pairs: list[int]) -> None:
        """The same for phases that roam: work is a cumulative of intervals under the largest capacity."""
        most = max(left for _, left in self.steps)
        work = [*self._fixed_intervals(pairs), *self._roaming_intervals(pairs)]
        for begin, end, fte in blockers(self.steps, self.horizon, most):
            work.append((self.cp.new_fixed_size_interval_var(begin, end - begin, ""), fte))
        intervals, demands = [interval for interval, _ in work], [fte for _, fte in work]
        if 2 * min(demands) > most:
            self.cp.add_no_overlap(intervals)
        else:
            self.cp.add_cumulative(intervals, demands, most)

    def _load(self, pair: int) -> tuple[int, int, int]:
        """What a pair outside the part takes: its phase does not move."""
        start = self.vars.planned_start(self.vars.phase_of(pair))
        return (*self.vars.window(pair, start), self._fte(pair))

    def _fte(self, pair: int) -> int:
        return self.able.seat(pair).fte

    def _windows(self, pairs: list[int]) -> list[Window]:
        return [window for pair in pairs for window in self._windows_of(pair)]

    def _windows_of(self, pair: int) -> list[Window]:
        """When a pair would work: at one start for each literal; nowhere in particular if its phase roams."""
        start = self.vars.start_of(self.vars.phase_of(pair))
        if isinstance(start, int):
            return [Window(*self.vars.window(pair, start), self._fte(pair), self.vars.holds[pair])]
        split = self.vars.holds_at.get(pair, {})
        return [Window(*self.vars.window(pair, t), self._fte(pair), literal) for t, literal in split.items()]

    def _fixed_intervals(self, pairs: list[int]) -> list[tuple[cp_model.IntervalVar, int]]:
        new = self.cp.new_optional_fixed_size_interval_var
        return [(new(w.begin, w.end - w.begin, w.literal, ""), w.fte) for w in self._windows(pairs)]

    def _roaming_intervals(self, pairs: list[int]) -> list[tuple[cp_model.IntervalVar, int]]:
        """One interval for all of a phase's seats that take the same time: only one of them can be held."""
        alike: defaultdict[tuple[int, int, int, int], list[cp_model.IntVar]] = defaultdict(list)
        for pair in pairs:
            if self.roams(pair):
                seat = self.able.seat(pair)
                key = (self.vars.phase_of(pair), seat.from_, seat.to, seat.fte)
                alike[key].append(self.vars.holds[pair])
        intervals = []
        for (phase, begin, end, fte), literals in alike.items():
            start = self.vars.start_of(phase)
            holds = any_of(self.cp, literals)
            new = self.cp.new_optional_interval_var(start + begin, end - begin, start + end, holds, "")
            intervals.append((new, fte))
        return intervals


def _exclude_each_other(clique: Clique) -> bool:
    ftes = sorted(window.fte for window in clique.windows)
    return sum(ftes[:2]) > clique.capacity >= ftes[-1]
