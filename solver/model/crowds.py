"""What follows for whole crowds: phases that must be complete cannot together want more than all who could come.

Nothing here forbids a plan that the rules allow; it lets CP-SAT see early that time is short (Young, Feydy and
Schutt, CP 2017, cumulate the skills of a multi-skilled project in the same way).
"""

from __future__ import annotations

from itertools import combinations

from ortools.sat.python import cp_model

from solver.model.ground import Ground

MOST_KINDS = 6
People = frozenset[int]


class Crowds(Ground):
    """Implied rules on phases of all-or-nothing projects that roam in time."""

    def crowds_have_time(self) -> None:
        """For every union of candidates: the seats that only they could hold fit into their time together."""
        wants = self._wants()
        kinds = sorted({people for people, _, _ in wants}, key=sorted)
        if not 0 < len(kinds) <= MOST_KINDS:
            return
        spans = {phase: self._interval(phase) for _, phase, _ in wants}
        for crowd in _unions(kinds):
            demand: dict[int, int] = {}
            for people, phase, fte in wants:
                if people <= crowd:
                    demand[phase] = demand.get(phase, 0) + fte
            capacity = sum(self._most_at_once(person) for person in crowd)
            if sum(sorted(demand.values())[-2:]) > capacity or max(demand.values(), default=0) > capacity:
                self.cp.add_cumulative([spans[phase] for phase in demand], list(demand.values()), capacity)

    def _wants(self) -> list[tuple[People, int, int]]:
        """Who could come, for which phase, at how many percent together: roles that last as long as their phase."""
        wants = []
        for role, pairs in self.vars.by_role.items():
            asked = self.book.roles[role]
            phase = self.book.phases[asked.phase]
            project = self.book.projects[self.book.project_of_phase[asked.phase]]
            roams = asked.phase in self.vars.moving and asked.phase not in self.vars.at
            lasts = (asked.seat.from_, asked.seat.to) == (0, phase.duration)
            if project.all_or_nothing and roams and lasts:
                people = frozenset(self.able.person[pairs].tolist())
                wants.append((people, asked.phase, asked.seat.fte * asked.count))
        return wants

    def _interval(self, phase: int) -> cp_model.IntervalVar:
        start, duration = self.vars.start[phase], self.book.phases[phase].duration
        complete = self.complete[self.book.project_of_phase[phase]]
        return self.cp.new_optional_interval_var(start, duration, start + duration, complete, "")

    def _most_at_once(self, person: int) -> int:
        return max((fte for _, _, fte in self.able.windows.spans[person]), default=0)


def _unions(kinds: list[People]) -> list[People]:
    """Every union of some of the kinds, each once."""
    chosen = (frozenset().union(*some) for n in range(1, len(kinds) + 1) for some in combinations(kinds, n))
    return list(dict.fromkeys(chosen))
