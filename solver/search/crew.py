"""People at work in a schedule that is being made: until when each is taken, what each has learnt, what is spent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from solver.check import rule_shortfall, staff_cost
from solver.check.growth import grown
from solver.eligible import Eligibility
from solver.problem import Person, Phase, Seat

NEVER = 2**62
News = str | int  # a skill in which somebody has grown, or a phase that has got a start


class Taken(NamedTuple):
    """A person on a seat."""

    seat: Seat
    person: int


class Crew:
    """Everybody's state; all that is done to it can be undone back to a mark."""

    def __init__(self, able: Eligibility) -> None:
        self.able, self.book, self.problem = able, able.book, able.problem
        self.ready = [0] * len(self.book.people)
        self.level: dict[str, dict[int, int]] = {}
        for n, person in enumerate(self.book.people):
            for skill, level in person.skills.items():
                self.level.setdefault(skill, {})[n] = level
        self.best = {skill: max(levels.values()) for skill, levels in self.level.items()}
        self.starts: dict[int, int] = {}
        self.holders: dict[str, int] = {}
        self.news: list[News] = []
        self.hired: set[int] = set()
        self.hire_bill, self.spent = 0, 0
        self.spent_on = [0] * len(self.book.projects)
        horizon = self.problem.calendar.periods
        self._is_always_there = [spans == [(0, horizon, 100)] for spans in able.windows.spans]
        self._undo: list[Callable[[], object]] = []

    def level_of(self, person: int, skill: str) -> int:
        return self.level.get(skill, {}).get(person, 0)

    def start_of(self, phase: int) -> int | None:
        """When a phase starts; None where it is not scheduled."""
        asked = self.book.phases[phase]
        return asked.earliest if asked.is_fixed else self.starts.get(phase)

    def floor(self, phase: int) -> int | None:
        """The earliest start after those before a phase have ended; None where one of them is not scheduled."""
        floor = self.book.phases[phase].earliest
        for other in self.book.before[phase]:
            start = self.start_of(other)
            if start is None:
                return None
            floor = max(floor, start + self.book.phases[other].duration)
        return floor

    def soonest(self, person: int, seat: Seat, start: int) -> int:
        """The first start of a seat's phase, not before `start`, at which a person could sit there."""
        start = max(start, self.ready[person])
        if self._is_always_there[person]:
            return start
        for begin, end in self.able.windows.runs_of(person, seat.fte):
            if max(start, begin - seat.from_) + seat.to <= end:
                return max(start, begin - seat.from_)
        return NEVER

    def may_take(self, phase: int, team: list[Taken], more: Taken) -> bool:
        """Whether budgets and the limits on hires allow one more on a team that is not at work yet."""
        limits, project = self.problem.limits, self.book.project_of_phase[phase]
        budget = self.book.projects[project].budget
        if budget is not None or limits.budget is not None:
            cost = sum(staff_cost(one.seat, self.book.people[one.person]) for one in (*team, more))
            if budget is not None and self.spent_on[project] + cost > budget:
                return False
            if limits.budget is not None and self.spent + cost > limits.budget:
                return False
        if limits.max_hires is None and limits.hire_budget is None:
            return True
        new = [self.book.people[one.person] for one in (*team, more) if self.is_new(one.person)]
        if limits.max_hires is not None and len(self.hired) + len(new) > limits.max_hires:
            return False
        bill = self.hire_bill + sum(person.hire.cost for person in new)
        return limits.hire_budget is None or bill <= limits.hire_budget

    def is_new(self, person: int) -> bool:
        """Whether giving them a seat is one more hire."""
        return self.book.people[person].is_hire and person not in self.hired

    def shortfalls(self, phase: Phase, team: list[Taken]) -> Iterator[tuple[int | None, int]]:
        """Weight and shortfall of every team rule of a phase, None for a hard rule."""
        if phase.team_rules:
            members = [self._as_they_are(one.person) for one in team]
            for rule in phase.team_rules:
                yield rule.weight, rule_shortfall(rule, members)

    def _as_they_are(self, person: int) -> Person:
        who = self.book.people[person]
        more = {skill: levels.get(person, 0) - who.skills.get(skill, 0) for skill, levels in self.level.items()}
        return grown(who, {skill: num for skill, num in more.items() if num})

    def begin(self, phase: int, start: int, team: list[Taken]) -> None:
        """Puts a team to work."""
        if not self.book.phases[phase].is_fixed:
            self.starts[phase] = start
            self._undo.append(lambda: self.starts.pop(phase))
            self.news.append(phase)
        for seat, person in team:
            self._seat(seat, person)
            self._hire(person)
            self._pay(phase, staff_cost(seat, self.book.people[person]))
            self._occupy(person, start + seat.to)
            for line in seat.skills:
                if line.must and self.level_of(person, line.skill) <= line.level:
                    self._learn(person, line.skill)

    def mark(self) -> int:
        return len(self._undo)

    def undo(self, mark: int) -> None:
        """Takes back whatever was done since a mark."""
        while len(self._undo) > mark:
            self._undo.pop()()

    def _seat(self, seat: Seat, person: int) -> None:
        self.holders[seat.id] = person
        self._undo.append(lambda: self.holders.pop(seat.id))

    def _occupy(self, person: int, until: int) -> None:
        before = self.ready[person]
        self.ready[person] = until
        self._undo.append(lambda: self.ready.__setitem__(person, before))

    def _learn(self, person: int, skill: str) -> None:
        levels = self.level.setdefault(skill, {})
        before, best = levels.get(person, 0), self.best.get(skill, 0)
        levels[person] = before + 1
        self.best[skill] = max(best, before + 1)
        self.news.append(skill)

        def forget() -> None:
            levels[person] = before
            self.best[skill] = best

        self._undo.append(forget)

    def _hire(self, person: int) -> None:
        if self.is_new(person):
            cost = self.book.people[person].hire.cost
            self.hired.add(person)
            self.hire_bill += cost
            self._undo.append(lambda: self._dismiss(person, cost))

    def _dismiss(self, person: int, cost: int) -> None:
        self.hired.discard(person)
        self.hire_bill -= cost

    def _pay(self, phase: int, cost: int) -> None:
        project = self.book.project_of_phase[phase]
        self.spent += cost
        self.spent_on[project] += cost
        self._undo.append(lambda: self._refund(project, cost))

    def _refund(self, project: int, cost: int) -> None:
        self.spent -= cost
        self.spent_on[project] -= cost
