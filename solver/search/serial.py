"""Serial schedule generation for people who learn: project after project, each as soon as a team for it is free.

A list says who comes first, and every phase takes the earliest start that its team allows (Kolisch, European Journal
of Operational Research 90, 1996). Work is added to the end of each person's calendar only, so that what somebody has
learnt is known when the next team is chosen. What cannot be staffed yet waits until somebody has learnt a skill
that it asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from heapq import heapify, heappop, heappush
from random import Random
from typing import NamedTuple

from solver.check import seat_score, skill_points
from solver.eligible import Eligibility
from solver.problem import Project, Seat
from solver.search.crew import NEVER, Crew, News, Taken

NUM_TASTES = 64
WIDTHS = (0.3, 1.0, 3.0)
WASTE = 0.01  # points for each level that a seat has no use for


@dataclass(frozen=True, slots=True)
class Place:
    """A seat by what decides who may sit there.

    `open_to` are those who meet all but the skills, None for everybody; `grace` is what a mentor makes up for.
    """

    seat: Seat
    musts: tuple[tuple[str, int], ...]
    open_to: frozenset[int] | None
    grace: int


@dataclass(frozen=True, slots=True)
class Step:
    """A phase, with its places, those that ask for most first: who sits there may teach the others."""

    phase: int
    places: tuple[Place, ...]
    skills: frozenset[str]


class Draft(NamedTuple):
    """A schedule, and its points as far as seats, hires and rewards go."""

    points: int
    starts: dict[int, int]
    holders: dict[str, int]


class Serial:
    """Generates schedules of one problem from lists of projects, by number.

    All that it makes keeps windows, order, capacity, levels, bans, pins, budgets, hard team rules and limits on
    hires; that every pin is met it does not promise.
    """

    def __init__(self, able: Eligibility) -> None:
        self.able, self.book, self.problem = able, able.book, able.problem
        self.steps = [self._steps(n) for n in range(len(self.book.projects))]
        weights = self.problem.weights
        self.has_worth = any((weights.fill, weights.fit, weights.style, weights.preference, weights.money))
        self._nets: dict[tuple[str, int, int], int] = {}

    def usual_order(self) -> list[int]:
        """Those due first come first, then those whose window closes first."""

        def key(n: int) -> tuple[int, int, int]:
            latest = min((self.book.phases[phase].latest for phase in self.book.phases_of_project[n]), default=0)
            due = self.book.projects[n].due
            return (NEVER if due is None else due, latest, -self.book.projects[n].priority)

        return sorted(range(len(self.book.projects)), key=key)

    def generate(
        self,
        order: Sequence[int],
        tastes: Mapping[int, int] | None = None,
        is_over: Callable[[], bool] = lambda: False,
    ) -> Draft:
        """The schedule that a list of projects leads to; some may have a taste of their own for people."""
        run = _Run(self, tastes or {})
        run.go(order, is_over)
        return Draft(run.points, run.crew.starts, run.crew.holders)

    def taste(self, number: int) -> Sequence[float] | None:
        """How long a project would wait for each person, in times of its own length; None where it does not mind."""
        return self._tastes[number] if number else None

    @cached_property
    def _tastes(self) -> list[list[float]]:
        chance = Random(1)  # noqa: S311 - chance, not secrecy
        widths = [chance.choice(WIDTHS) for _ in range(NUM_TASTES + 1)]
        return [[width * chance.random() for _ in self.book.people] for width in widths]

    def net(self, seat: Seat, person: int, levels: list[int]) -> int:
        """Points for a person on a seat, with these levels in its skill lines."""
        if not self.has_worth:
            return 0
        lines, weight = seat.skills, sum(line.weight for line in seat.skills)
        total = sum(line.weight * skill_points(line, level) for line, level in zip(lines, levels, strict=True))
        fit = total // weight if weight else 100
        key = (seat.id, person, fit)
        if key not in self._nets:
            self._nets[key] = seat_score(self.problem, seat, self.book.people[person], fit).net
        return self._nets[key]

    def _steps(self, project: int) -> list[Step]:
        """The project's phases, each after those before it."""
        mine = self.book.phases_of_project[project]
        before = {n: [other for other in self.book.before[n] if other in mine] for n in mine}
        return [self._step(n) for n in TopologicalSorter(before).static_order()]

    def _step(self, phase: int) -> Step:
        seats = [(role, seat) for role in self.book.roles_of_phase[phase] for seat in self.book.roles[role].seats]
        places = [self._place(role, seat) for role, seat in seats]
        places.sort(key=lambda place: -max((level for _, level in place.musts), default=0))
        return Step(phase, tuple(places), frozenset(skill for place in places for skill, _ in place.musts))

    def _place(self, role: int, seat: Seat) -> Place:
        musts = tuple((line.skill, line.level) for line in seat.skills if line.must)
        return Place(seat, musts, self._open_to(role, seat), 1 if seat.mentoring else 0)

    def _open_to(self, role: int, seat: Seat) -> frozenset[int] | None:
        number = self.book.person_no
        banned = {number[row.person] for row in self.problem.bans if self.book.role_of_seat[row.seat] == role}
        pinned = {number[row.person] for row in self.problem.pins if row.seat == seat.id}
        bands = tuple(line for line in seat.styles if line.must)
        if not (banned or pinned or bands or seat.tags or seat.any_of or seat.max_cost is not None):
            return None
        asks = ((), bands, seat.tags, seat.any_of, seat.max_cost, False, 0)
        found = set(self.able.holders.candidates(*asks).people.tolist()) - banned
        return frozenset(found & pinned if pinned else found)


class _Run:
    """One schedule in the making."""

    def __init__(self, serial: Serial, tastes: Mapping[int, int]) -> None:
        self.serial, self.book, self.tastes = serial, serial.book, tastes
        self.crew = Crew(serial.able)
        self.points = 0

    def go(self, order: Sequence[int], is_over: Callable[[], bool]) -> None:
        """Places one project after the other; those that lack something come back when there is news of it."""
        queue = list(enumerate(order))
        heapify(queue)
        waits_for: dict[News, set[tuple[int, int]]] = {}
        asleep: set[tuple[int, int]] = set()
        while queue and not is_over():
            entry = heappop(queue)
            for lacking in self._place_project(entry[1]):
                waits_for.setdefault(lacking, set()).add(entry)
                asleep.add(entry)
            for news in self.crew.news:
                for other in waits_for.pop(news, ()):
                    if other in asleep:
                        asleep.remove(other)
                        heappush(queue, other)
            self.crew.news.clear()

    def _place_project(self, project: int) -> set[News]:
        """Places as much of a project as pays; where that is nothing, what it waits for."""
        asked, mark = self.book.projects[project], self.crew.mark()
        earned, end, is_complete = 0, 0, bool(asked.seats)
        lacking: set[News] = set()
        for step in self.serial.steps[project]:
            placed = self._place_step(step, asked)
            if placed is None:
                lacking |= self._lacking(step)
                is_complete = False
                if asked.all_or_nothing:
                    break
                continue
            start, points, is_full = placed
            earned, is_complete = earned + points, is_complete and is_full
            end = max(end, start + self.book.phases[step.phase].duration)
        if is_complete:
            late = 0 if asked.due is None else max(0, end - asked.due)
            earned += max(0, asked.reward - asked.late_penalty * late)
        if earned <= 0 or (asked.all_or_nothing and not is_complete):
            self.crew.undo(mark)
            self.crew.news.clear()
            return lacking
        self.points += earned
        return set()

    def _lacking(self, step: Step) -> set[News]:
        return {*step.skills, *(n for n in self.book.before[step.phase] if self.crew.start_of(n) is None)}

    def _place_step(self, step: Step, project: Project) -> tuple[int, int, bool] | None:
        """Staffs one phase: its start, its points, and whether all its seats are filled; None where it cannot be."""
        floor = self.crew.floor(step.phase)
        if floor is None or (project.all_or_nothing and self._is_beyond_all(step)):
            return None
        phase = self.book.phases[step.phase]
        team = _Forming(self, step, project, floor).team()
        if len(team) < len(step.places) and (project.all_or_nothing or not team):
            return None
        start = self._start(team, floor)
        shortfalls = list(self.crew.shortfalls(phase, team))
        if start > phase.latest or any(weight is None and short for weight, short in shortfalls):
            return None
        points = sum(self.points_of(one) for one in team)
        points -= sum((weight or 0) * short for weight, short in shortfalls)
        self.crew.begin(step.phase, start, team)
        return start, points, len(team) == len(step.places)

    def _is_beyond_all(self, step: Step) -> bool:
        """Whether a place asks for a level that nobody holds, so that nobody could sit there or teach there."""
        best = self.crew.best
        return any(best.get(skill, 0) < level for place in step.places for skill, level in place.musts)

    def _start(self, team: list[Taken], floor: int) -> int:
        """The first start at which the whole team has time."""
        start, before = floor, -1
        while before < start < NEVER:
            before = start
            start = max((self.crew.soonest(person, seat, start) for seat, person in team), default=start)
        return start

    def points_of(self, one: Taken) -> int:
        """What a person on a seat of a team that begins now is worth, their hiring counted in."""
        levels = [self.crew.level_of(one.person, line.skill) for line in one.seat.skills]
        fee = int(self.serial.able.fee[one.person]) if self.crew.is_new(one.person) else 0
        return self.serial.net(one.seat, one.person, levels) - fee


class _Forming:
    """The team of one phase, chosen seat after seat."""

    def __init__(self, run: _Run, step: Step, project: Project, floor: int) -> None:
        self.run, self.crew, self.step, self.floor = run, run.crew, step, floor
        self.is_choosy = not (project.all_or_nothing or project.reward)
        self.pace = max(project.late_penalty, 1)
        number = run.book.project_of_phase[step.phase]
        self.taste = run.serial.taste(run.tastes.get(number, 0))
        self.patience = self.pace * run.book.phases[step.phase].duration
        self.members: list[Taken] = []
        self.taken: set[int] = set()

    def team(self) -> list[Taken]:
        """Goes over the places until nobody more can be found: who sits may teach who did not suit before."""
        places, before = list(self.step.places), 0
        while places and len(places) != before:
            before = len(places)
            places = [place for place in places if not self._fill(place)]
        return self.members

    def _fill(self, place: Place) -> bool:
        best, least = None, float("inf")
        needs = [(skill, level, level - self._grace(place, skill, level)) for skill, level in place.musts]
        ready, floor, pace = self.crew.ready, self.floor, self.pace
        for person in self._candidates(place, needs):
            if not self.run.serial.has_worth and self.taste is None and pace * max(ready[person], floor) >= least:
                continue
            cost = self._cost(place, person, needs)
            if cost < least and self.crew.may_take(self.step.phase, self.members, Taken(place.seat, person)):
                best, least = person, cost
        if best is None or (self.is_choosy and self.run.points_of(Taken(place.seat, best)) <= 0):
            return False
        self.members.append(Taken(place.seat, best))
        self.taken.add(best)
        return True

    def _grace(self, place: Place, skill: str, level: int) -> int:
        """The level that a teammate who is there at the same time makes up for."""
        if not place.grace:
            return 0
        levels = self.crew.level.get(skill, {})
        seat = place.seat
        return int(
            any(
                levels.get(person, 0) >= level and other.from_ < seat.to and seat.from_ < other.to
                for other, person in self.members
            )
        )

    def _candidates(self, place: Place, needs: list[tuple[str, int, int]]) -> Iterator[int]:
        """Those who are not on the team yet, may sit there, and hold what is needed."""
        levels = [(self.crew.level.get(skill, {}), need) for skill, _, need in needs if need > 0]
        few = min((held for held, _ in levels), key=len, default=range(len(self.crew.ready)))
        for person in few:
            is_free = person not in self.taken and (place.open_to is None or person in place.open_to)
            if is_free and all(held.get(person, 0) >= need for held, need in levels):
                yield person

    def _cost(self, place: Place, person: int, needs: list[tuple[str, int, int]]) -> float:
        """Points lost by waiting for somebody, and, among equals, levels that the seat has no use for."""
        soonest = self.crew.soonest(person, place.seat, self.floor)
        if soonest >= NEVER:
            return float("inf")
        cost = float(self.pace * soonest)
        if self.taste is not None:
            cost += self.patience * self.taste[person]
        if self.run.serial.has_worth:
            cost -= self.run.points_of(Taken(place.seat, person))
        return cost + WASTE * sum(max(0, self.crew.level_of(person, skill) - level) for skill, level, _ in needs)
