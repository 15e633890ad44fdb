"""The problem as a whole: what only shows between its parts is refused here, and its indexes stand here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from solver.problem.law import (
    LARGEST,
    N_,
    ProblemError,
    distinct,
    key_place,
    say,
    text,
    truth,
    whole,
    whole_or_none,
)
from solver.problem.parts import Person, Phase, Project, Seat


class Period(StrEnum):
    WEEK = "week"
    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Calendar:
    """`periods` steps of one `period` each, counted from 0, the first on `start`."""

    periods: int
    start: date = date(1970, 1, 5)
    period: Period = Period.WEEK

    def __post_init__(self) -> None:
        whole(self.periods, 1, LARGEST, "periods")


@dataclass(frozen=True, slots=True)
class Weights:
    """What a point is given for; see the contract's objective."""

    fill: int = 1000
    fit: int = 100
    style: int = 100
    preference: int = 50
    money: int = 100
    change: int = 100

    def __post_init__(self) -> None:
        for key in ("fill", "fit", "style", "preference", "money", "change"):
            whole(getattr(self, key), 0, 10**6, key)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the plan as a whole may not exceed; None is no limit."""

    max_hires: int | None = None
    hire_budget: int | None = None
    budget: int | None = None
    max_changes: int | None = None

    def __post_init__(self) -> None:
        for key in ("max_hires", "hire_budget", "budget", "max_changes"):
            whole_or_none(getattr(self, key), 0, LARGEST, key)


@dataclass(frozen=True, slots=True)
class Pairing:
    seat: str
    person: str

    def __post_init__(self) -> None:
        text(self.seat, "seat")
        text(self.person, "person")


@dataclass(frozen=True)
class Problem:
    """A staffing problem that is valid: every reference is known and every number inside its bounds.

    It says nothing about whether a plan exists. Identifiers of people, projects, phases and seats are
    unique over the whole problem, each among its like.
    """

    name: str
    calendar: Calendar
    people: tuple[Person, ...]
    projects: tuple[Project, ...]
    weights: Weights = field(default_factory=Weights)
    limits: Limits = field(default_factory=Limits)
    growth: bool = False
    current: tuple[Pairing, ...] = ()
    pins: tuple[Pairing, ...] = ()
    bans: tuple[Pairing, ...] = ()

    def __post_init__(self) -> None:
        text(self.name, "name")
        truth(self.growth, "growth")
        self._refuse_doubled_identifiers()
        self._refuse_unknown_wishes()
        for place, phase in self._phase_places():
            self._refuse_phase(phase, place)
        self._refuse_cycles()
        for key in ("current", "pins", "bans"):
            self._refuse_unknown_pairings(getattr(self, key), key)

    def replace(self, **changes: Any) -> Problem:
        """A changed copy, judged anew."""
        return replace(self, **changes)

    @cached_property
    def person_of(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def project_by_id(self) -> dict[str, Project]:
        return {project.id: project for project in self.projects}

    @cached_property
    def phase_by_id(self) -> dict[str, Phase]:
        return {phase.id: phase for project in self.projects for phase in project.phases}

    @cached_property
    def seat_by_id(self) -> dict[str, Seat]:
        return {seat.id: seat for phase in self.phase_by_id.values() for seat in phase.seats}

    @cached_property
    def phase_of_seat(self) -> dict[str, Phase]:
        return {seat.id: phase for phase in self.phase_by_id.values() for seat in phase.seats}

    @cached_property
    def project_of_phase(self) -> dict[str, Project]:
        return {phase.id: project for project in self.projects for phase in project.phases}

    def __getstate__(self) -> dict[str, object]:
        """The fields alone: an index is quicker made anew than sent to another process."""
        return {key: vars(self)[key] for key in self.__dataclass_fields__}

    def _phase_places(self) -> Iterator[tuple[str, Phase]]:
        for i, project in enumerate(self.projects):
            for j, phase in enumerate(project.phases):
                yield f"projects[{i}].phases[{j}]", phase

    def _refuse_doubled_identifiers(self) -> None:
        distinct(((f"people[{n}].id", person.id) for n, person in enumerate(self.people)), set())
        distinct(((f"projects[{n}].id", project.id) for n, project in enumerate(self.projects)), set())
        distinct(((f"{place}.id", phase.id) for place, phase in self._phase_places()), set())
        seats: set[str] = set()
        for place, phase in self._phase_places():
            distinct(((f"{place}.seats[{n}].id", seat.id) for n, seat in enumerate(phase.seats)), seats)

    def _refuse_unknown_wishes(self) -> None:
        for n, person in enumerate(self.people):
            for project in person.preferences:
                if project not in self.project_by_id:
                    place = f"people[{n}].preferences{key_place(project)}"
                    raise ProblemError(place, N_("there is no project %(value)s"), value=say(project))

    def _refuse_phase(self, phase: Phase, place: str) -> None:
        """Refuses a phase that does not end within the calendar, or names whom the problem does not have."""
        whole(phase.duration, 1, self.calendar.periods, f"{place}.duration")
        last = self.calendar.periods - phase.duration
        whole(phase.earliest, 0, last, f"{place}.earliest")
        whole(phase.latest, phase.earliest, last, f"{place}.latest")
        for n, other in enumerate(phase.after):
            if other not in self.phase_by_id:
                raise ProblemError(f"{place}.after[{n}]", N_("there is no phase %(value)s"), value=say(other))
        for k, rule in enumerate(phase.team_rules):
            for n, person in enumerate(rule.people):
                self._refuse_unknown_person(person, f"{place}.team_rules[{k}].people[{n}]")

    def _refuse_unknown_person(self, person: str, place: str) -> None:
        if person not in self.person_of:
            raise ProblemError(place, N_("there is no person %(value)s"), value=say(person))

    def _refuse_cycles(self) -> None:
        before = {phase.id: phase.after for phase in self.phase_by_id.values()}
        try:
            TopologicalSorter(before).prepare()
        except CycleError as error:
            first = min(error.args[1])
            place = next(place for place, phase in self._phase_places() if phase.id == first)
            sentence = N_("phase %(value)s comes after itself, by a cycle")
            raise ProblemError(f"{place}.after", sentence, value=say(first)) from None

    def _refuse_unknown_pairings(self, pairings: tuple[Pairing, ...], key: str) -> None:
        for n, pairing in enumerate(pairings):
            if pairing.seat not in self.seat_by_id:
                sentence = N_("there is no seat %(value)s")
                raise ProblemError(f"{key}[{n}].seat", sentence, value=say(pairing.seat))
            self._refuse_unknown_person(pairing.person, f"{key}[{n}].person")
