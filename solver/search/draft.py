"""A plan under construction: holders are added one by one, each where no rule is broken."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from solver.check import rule_shortfall
from solver.eligible import Eligibility
from solver.model import Plan
from solver.model.capacity import free_steps
from solver.model.plan import needed_starts
from solver.problem import Phase

FULL_TIME = 100  # percent: nobody has more


class Draft:
    """A feasible plan that grows.

    Only what can be judged one holder at a time is done here: teams that must have something before anybody may
    join are left to the exact models, and so are projects that are all or nothing, but for those that are `begun`:
    whoever adds to these gives them up if they do not become complete.
    """

    def __init__(self, able: Eligibility, plan: Plan, begun: Collection[int] = ()) -> None:
        self.able, self.book, self.problem = able, able.book, able.problem
        self.held = np.zeros(len(able), dtype=np.bool_)
        self.starts = _early_starts(able, plan)
        self.is_open = [self._may_grow(n, begun) for n in range(len(self.book.phases))]
        self.room = [role.count for role in self.book.roles]
        self.team: list[dict[int, int]] = [{} for _ in self.book.phases]
        self.loads: list[list[tuple[int, int, int]]] = [[] for _ in self.book.people]
        self.left = [sum((end - begin) * fte for begin, end, fte in spans) for spans in able.windows.spans]
        self.spent, self.spent_in_all = [0 for _ in self.book.projects], 0
        self.hire_bill, self.num_hires = 0, 0
        for pair in np.flatnonzero(plan.held).tolist():
            self._put(pair)

    def plan(self) -> Plan:
        """The plan as it stands; phases that nothing needs are not scheduled."""
        movable = {n: start for n, start in self.starts.items() if not self.book.phases[n].is_fixed}
        return Plan(self.held, needed_starts(self.able, self.held, movable))

    def add_all(self, pairs: Iterable[int]) -> None:
        """Adds what fits, first come first served."""
        for pair in pairs:
            if self.can_add(pair):
                self._put(pair)

    def can_add(self, pair: int, *, without_mentor: bool = False) -> bool:
        """Whether the pair's person may take a seat of its role beside all that is held, were they to have a mentor
        if need be.
        """
        role, person = int(self.able.role[pair]), int(self.able.person[pair])
        phase = self.book.roles[role].phase
        return (
            self.is_open[phase]
            and self.room[role] > 0
            and not self.able.banned[pair]
            and person not in self.team[phase]
            and self._can_pay(pair, person)
            and self._has_time(pair, person)
            and self._suits_team(pair, phase)
            and (without_mentor or self._has_mentor(pair, phase))
        )

    def give_up(self, project: int) -> None:
        """Nobody holds a seat of a project any more, or will."""
        for phase in self.book.phases_of_project[project]:
            self.is_open[phase] = False
        pairs = np.flatnonzero(self.held & (self.able.project == project))
        for pair in pairs.tolist():
            role, person = int(self.able.role[pair]), int(self.able.person[pair])
            self.held[pair] = False
            self.room[role] += 1
            del self.team[self.book.roles[role].phase][person]
            self.loads[person].remove(self._load(pair))
            self.left[person] += self.able.seat(pair).size
            self.spent_in_all -= int(self.able.money[pair])
            who = self.book.people[person]
            if who.is_hire and not self.loads[person]:
                self.num_hires -= 1
                self.hire_bill -= who.hire.cost
        self.spent[project] = 0

    def is_complete(self, project: int) -> bool:
        """Whether no seat of a project is open."""
        phases = self.book.phases_of_project[project]
        return not any(self.room[role] for phase in phases for role in self.book.roles_of_phase[phase])

    def _put(self, pair: int) -> None:
        role, person = int(self.able.role[pair]), int(self.able.person[pair])
        who = self.book.people[person]
        if who.is_hire and not self.loads[person]:
            self.num_hires += 1
            self.hire_bill += who.hire.cost
        self.held[pair] = True
        self.room[role] -= 1
        self.team[self.book.roles[role].phase][person] = pair
        self.loads[person].append(self._load(pair))
        self.left[person] -= self.able.seat(pair).size
        self.spent[int(self.able.project[pair])] += int(self.able.money[pair])
        self.spent_in_all += int(self.able.money[pair])

    def _load(self, pair: int) -> tuple[int, int, int]:
        seat, start = self.able.seat(pair), self.starts[int(self.able.phase[pair])]
        return start + seat.from_, start + seat.to, seat.fte

    def _has_time(self, pair: int, person: int) -> bool:
        if self.left[person] < self.able.seat(pair).size:
            return False
        begin, end, fte = self._load(pair)
        met = [load for load in self.loads[person] if load[0] < end and begin < load[1]]
        if any(load[2] + fte > FULL_TIME for load in met):
            return False
        steps = free_steps(self.able.windows.spans_in(person, begin, end), [*met, (begin, end, fte)])
        return all(left >= 0 for period, left in steps if begin <= period < end)

    def _can_pay(self, pair: int, person: int) -> bool:
        limits = self.problem.limits
        project, money = int(self.able.project[pair]), int(self.able.money[pair])
        budget = self.book.projects[project].budget
        if budget is not None and self.spent[project] + money > budget:
            return False
        if limits.budget is not None and self.spent_in_all + money > limits.budget:
            return False
        return self._may_come(person)

    def _may_come(self, person: int) -> bool:
        """Whether a person is there already, or may be hired."""
        limits, who = self.problem.limits, self.book.people[person]
        if not who.is_hire or self.loads[person]:
            return True
        if limits.max_hires is not None and self.num_hires >= limits.max_hires:
            return False
        return limits.hire_budget is None or self.hire_bill + who.hire.cost <= limits.hire_budget

    def _suits_team(self, pair: int, phase: int) -> bool:
        rules = [rule for rule in self.book.phases[phase].team_rules if rule.is_hard]
        people = [self.book.people[person] for person in (*self.team[phase], int(self.able.person[pair]))]
        return all(not rule_shortfall(rule, people) for rule in rules)

    def _has_mentor(self, pair: int, phase: int) -> bool:
        """Whether the pair's person needs none, or has one on the team."""
        seat = self.able.seat(pair)
        for line in self.able.missing(pair) if self.able.mentored[pair] else ():
            members = self.team[phase].items()
            teachers = (other for person, other in members if self._knows(person, line.skill, line.level))
            seats = (self.able.seat(other) for other in teachers)
            if not any(other.from_ < seat.to and seat.from_ < other.to for other in seats):
                return False
        return True

    def _knows(self, person: int, skill: str, level: int) -> bool:
        return self.book.people[person].skills.get(skill, 0) >= level

    def _may_grow(self, phase: int, begun: Collection[int]) -> bool:
        """Whether a phase can be staffed one by one: it is scheduled, after those before it, and free to grow."""
        asked, project = self.book.phases[phase], self.book.project_of_phase[phase]
        if phase not in self.starts or (self.book.projects[project].all_or_nothing and project not in begun):
            return False
        ends = [self._end(other) for other in self.book.before[phase]]
        in_order = all(end is not None and end <= self.starts[phase] for end in ends)
        return in_order and all(rule.only_forbids for rule in asked.team_rules if rule.is_hard)

    def _end(self, phase: int) -> int | None:
        return self.starts[phase] + self.book.phases[phase].duration if phase in self.starts else None


def _early_starts(able: Eligibility, plan: Plan) -> dict[int, int]:
    """The plan's starts, and, for what it does not schedule, the first after those before it have ended."""
    book = able.book
    starts: dict[int, int] = {}
    for phase in _in_order(able):
        asked: Phase = book.phases[phase]
        if asked.is_fixed or phase in plan.starts:
            starts[phase] = plan.starts.get(phase, asked.earliest)
            continue
        ends = [starts[other] + book.phases[other].duration for other in book.before[phase] if other in starts]
        begins = [plan.starts[other] for other in book.behind[phase] if other in plan.starts]
        start = max([asked.earliest, *ends])
        if start <= asked.latest and all(start + asked.duration <= begin for begin in begins):
            starts[phase] = start
    return starts


def in_order(able: Eligibility, usual: NDArray[np.float64]) -> dict[int, int]:
    """For each movable phase its most usual start after those before it have ended; `usual` is by phase and place."""
    book = able.book
    starts: dict[int, int] = {}
    for phase in _in_order(able):
        asked = book.phases[phase]
        ends = [starts[other] + book.phases[other].duration for other in book.before[phase] if other in starts]
        first = max([0, *(end - asked.earliest for end in ends)])
        last = min(asked.latest - asked.earliest, usual.shape[1] - 1)
        if asked.is_fixed:
            starts[phase] = asked.earliest
        elif first <= last:
            starts[phase] = asked.earliest + first + int(usual[phase, first : last + 1].argmax())
    return {phase: start for phase, start in starts.items() if not book.phases[phase].is_fixed}


def _in_order(able: Eligibility) -> list[int]:
    """The phases, each after those before it."""
    done: dict[int, None] = {}
    todo = list(range(len(able.book.phases)))[::-1]
    while todo:
        waits = [other for other in able.book.before[todo[-1]] if other not in done]
        if waits:
            todo += waits
        else:
            done[todo.pop()] = None
    return list(done)
