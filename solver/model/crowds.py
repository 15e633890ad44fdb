"""What follows for whole crowds: phases that must be complete cannot together want more than all who could come.

Nothing here forbids a plan that the rules allow; it lets CP-SAT see early that time is short (Young, Feydy and
Schutt, CP 2017, cumulate the skills of a multi-skilled project in the same way; that unions of candidates decide
whether there is room for all is P. Hall's theorem, 1935).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ortools.sat.python import cp_model

from solver.model.ground import Ground

MOST_UNIONS = 4096
MOST_CROWDS = 160
People = frozenset[int]


class Want(NamedTuple):
    """Seats of a phase: who could come, from when to when after the phase's start, at how many percent together."""

    people: People
    phase: int
    begin: int
    end: int
    percent: int


class Crowd(NamedTuple):
    """People, and all that only they could do; at no time can they give more than `capacity` percent together."""

    people: People
    wants: tuple[Want, ...]
    capacity: int


class Crowds(Ground):
    """Implied rules on phases of all-or-nothing projects that roam in time."""

    def crowds_have_time(self) -> None:
        """For every union of candidates: the seats that only they could hold fit into their time together."""
        crowds = crowds_of(self._wants(), lambda person: most_at_once(self.able.windows.spans[person]))
        spans: dict[tuple[int, int, int], cp_model.IntervalVar] = {}
        for crowd in crowds:
            intervals = []
            for want in crowd.wants:
                key = (want.phase, want.begin, want.end)
                if key not in spans:
                    spans[key] = self._interval(want)
                intervals.append(spans[key])
            self.cp.add_cumulative(intervals, [want.percent for want in crowd.wants], crowd.capacity)

    def _wants(self) -> list[Want]:
        wants = []
        for role, pairs in self.vars.by_role.items():
            asked = self.book.roles[role]
            project = self.book.projects[self.book.project_of_phase[asked.phase]]
            roams = asked.phase in self.vars.moving and asked.phase not in self.vars.at
            if project.all_or_nothing and roams:
                people = frozenset(self.able.person[pairs].tolist())
                seat = asked.seat
                wants.append(Want(people, asked.phase, seat.from_, seat.to, seat.fte * asked.count))
        return wants

    def _interval(self, want: Want) -> cp_model.IntervalVar:
        start = self.vars.start[want.phase]
        complete = self.complete[self.book.project_of_phase[want.phase]]
        new = self.cp.new_optional_interval_var
        return new(start + want.begin, want.end - want.begin, start + want.end, complete, "")


def most_at_once(spans: Iterable[tuple[int, int, int]]) -> int:
    """The most percent that somebody can ever give."""
    return max((fte for _, _, fte in spans), default=0)


def crowds_of(wants: Iterable[Want], most: Callable[[int], int]) -> list[Crowd]:
    """The crowds whose time could be short, those first for whom it is shortest; no more than MOST_CROWDS.

    `most` is what a person can give at most at any time.
    """
    by_kind: defaultdict[People, list[Want]] = defaultdict(list)
    for want in wants:
        by_kind[want.people].append(want)
    found = []
    for people in _unions(sorted(by_kind, key=sorted)):
        inside = [kind for kind in by_kind if kind <= people]
        crowd = Crowd(people, _merged(by_kind, inside), sum(map(most, people)))
        if _is_linked(inside) and sum(want.percent for want in crowd.wants) > crowd.capacity:
            found.append(crowd)
    return sorted(found, key=_slack)[:MOST_CROWDS]


def _slack(crowd: Crowd) -> tuple[float, list[int]]:
    work = sum(want.percent * (want.end - want.begin) for want in crowd.wants)
    return crowd.capacity / max(work, 1), sorted(crowd.people)


def _merged(by_kind: dict[People, list[Want]], kinds: list[People]) -> tuple[Want, ...]:
    """All wants of these kinds, those of one phase that last equally long as one."""
    percent: defaultdict[tuple[int, int, int], int] = defaultdict(int)
    people: People = frozenset().union(*kinds)
    for kind in kinds:
        for want in by_kind[kind]:
            percent[want.phase, want.begin, want.end] += want.percent
    return tuple(Want(people, *key, total) for key, total in sorted(percent.items()))


def _unions(kinds: list[People]) -> list[People]:
    """Every union of some of the kinds, each once; where there are too many, the kinds alone, and everybody."""
    found: dict[People, None] = {}
    for kind in kinds:
        found.update(dict.fromkeys([kind, *(other | kind for other in found)]))
        if len(found) > MOST_UNIONS:
            return list(dict.fromkeys([*kinds, frozenset().union(*kinds)]))
    return list(found)


def _is_linked(kinds: list[People]) -> bool:
    """Whether kinds hang together; a union of two that share nobody says no more than each of them."""
    linked, rest = set(kinds[0]), kinds[1:]
    while rest:
        near = [kind for kind in rest if not linked.isdisjoint(kind)]
        if not near:
            return False
        linked.update(*near)
        rest = [kind for kind in rest if kind not in near]
    return True
