"""Profiles worth looking for: hypothetical people made of what a plan's open seats ask for.

A profile is narrow (one kind of seat) or wide (several kinds that one person could do one after the other). They are
candidates for `openings`, which lets the solver choose among them; a bad profile costs time and is never chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median_low

from solver.problem import Hire, Kind, Person, Problem, Seat, Span
from solver.problem.market import Market
from solver.solution import Solution

MOST_SKILLS = 6  # of a wide profile: who can do more is not found
MOST_COPIES = 3  # of one kind of seat
PREFIX = "new."


@dataclass(slots=True)
class _Wanted:
    """What a profile must hold so far, and the seats that it is for."""

    levels: dict[str, int] = field(default_factory=dict)
    bands: dict[str, tuple[float, float]] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    ceiling: int | None = None

    def with_seat(self, seat: Seat) -> _Wanted:
        """The same, and what a seat asks for besides."""
        levels = self.levels | {line.skill: max(line.level, self.levels.get(line.skill, 0)) for line in seat.skills}
        bands = dict(self.bands)
        for line in seat.styles:
            low, high = bands.get(line.style, (1.0, 5.0))
            bands[line.style] = (max(low, line.min), min(high, line.max))
        tags = self.tags | set(seat.tags) | {group[0] for group in seat.any_of if group and not self.tags & set(group)}
        ceilings = [one for one in (self.ceiling, seat.max_cost) if one is not None]
        return _Wanted(levels, bands, tags, min(ceilings, default=None))

    def is_likely(self, market: Market) -> bool:
        """Whether there may be such a person: few enough skills, bands that meet, one tag of each exclusive kind."""
        has_bands = all(low <= high for low, high in self.bands.values())
        doubled = any(sum(tag.startswith(start) for tag in self.tags) > 1 for start in market.exclusive)
        return len(self.levels) <= MOST_SKILLS and has_bands and not doubled


def profiles(problem: Problem, solution: Solution, market: Market, most: int = 12) -> list[Person]:
    """At most so many hypothetical people, those for the seats that are worth the most first.

    Their identifiers are new in the problem; each holds exactly what its seats ask for, at the middle of each band,
    and costs what people who hold the same cost here, within the seats' ceilings.
    """
    groups = _open_kinds(problem, solution, market)
    names = _free_names(problem)
    found: list[Person] = []
    for n, seats in enumerate(groups):
        narrow = _Wanted().with_seat(seats[0])
        wide = _widened(narrow, [*groups[:n], *groups[n + 1 :]], market)
        copies = range(min(len(seats), MOST_COPIES))
        found.extend(_person(problem, next(names), narrow, market) for _copy in copies)
        if wide.levels.keys() != narrow.levels.keys() or wide.tags != narrow.tags:
            found.append(_person(problem, next(names), wide, market))
        if len(found) >= most:
            break
    return found[:most]


def _open_kinds(problem: Problem, solution: Solution, market: Market) -> list[list[Seat]]:
    """The open seats that somebody new could take, alike ones together, the kinds that are worth the most first."""
    kinds: dict[object, list[Seat]] = defaultdict(list)
    for seat in problem.seat_by_id.values():
        if seat.id not in solution.holders and not market.not_for_hires & set(seat.tags):
            kinds[seat.skills, seat.styles, seat.tags, seat.any_of, seat.max_cost].append(seat)
    return sorted(kinds.values(), key=lambda seats: -sum(_worth(problem, seat) for seat in seats))


def _worth(problem: Problem, seat: Seat) -> int:
    return seat.size * problem.project_of_phase[problem.phase_of_seat[seat.id].id].priority


def _widened(narrow: _Wanted, others: Sequence[Sequence[Seat]], market: Market) -> _Wanted:
    """A profile that could do other kinds of seats besides, as long as there may be such a person."""
    wide = narrow
    for seats in others:
        wider = wide.with_seat(seats[0])
        if wider.is_likely(market):
            wide = wider
    return wide


def _person(problem: Problem, name: str, wanted: _Wanted, market: Market) -> Person:
    cost = _usual_cost(problem, wanted.levels)
    return Person(
        id=name,
        kind=Kind.HYPOTHETICAL,
        capacity=(Span(0, problem.calendar.periods, market.fte),),
        skills=wanted.levels,
        styles={style: round((low + high) / 2, 1) for style, (low, high) in wanted.bands.items() if low <= high},
        tags=tuple(sorted(wanted.tags)),
        cost=cost if wanted.ceiling is None else min(cost, wanted.ceiling),
        hire=Hire(market.hire_cost, min(market.earliest, problem.calendar.periods), market.acceptance),
    )


def _usual_cost(problem: Problem, levels: dict[str, int]) -> int:
    """What a full-time period of people with most of these skills costs: the lower median; of all, where nobody has."""
    costs: dict[int, list[int]] = defaultdict(list)
    for person in problem.people:
        held = sum(person.skills.get(skill, 0) >= level for skill, level in levels.items())
        costs[held].append(person.cost)
    best = max(costs, default=0)
    return median_low(costs[best]) if costs else 0


def _free_names(problem: Problem) -> Iterator[str]:
    n = 0
    while True:
        n += 1
        if f"{PREFIX}{n}" not in problem.person_of:
            yield f"{PREFIX}{n}"
