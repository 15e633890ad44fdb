"""A question → the rows of the workspace, in bulk; what was brought in comes back as it was by `workspace_problem`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from planner.models import Ban, Booking, BookingKind, PeriodKind, Wish, Workspace, now
from planner.translate.loading.inserting import Row, add_rows
from planner.translate.loading.names import Names
from planner.translate.loading.people import PeopleLoading
from planner.translate.loading.projects import ProjectsLoading
from planner.translate.moments import Moments
from planner.translate.money import Untranslatable
from solver.problem import Pairing, Problem, to_document
from solver.problem.law import key_place

__all__ = ["Counts", "load_rows"]

Ids = Mapping[str, int]


class Counts(NamedTuple):
    """How many of each were brought in."""

    people: int
    projects: int
    phases: int
    seats: int


def load_rows(session: Session, problem: Problem, *, by: str = "") -> Counts:
    """Brings a question into a workspace without people and projects; its calendar becomes the workspace's.

    Raises
    ------
    Untranslatable
        Where the calendar runs past the year 9999, or a text holds a zero byte; nothing is changed then.
    """
    for place in _zero_bytes(to_document(problem), ""):
        raise Untranslatable("zero_byte", place=place.removeprefix("."))
    moments = Moments(problem.calendar)
    if moments.of(problem.calendar.periods) is None:
        raise Untranslatable("calendar_is_too_long", num_periods=problem.calendar.periods)
    _set_workspace(session.get_one(Workspace, 1), problem)
    session.flush()
    names = Names(session, problem)
    people = PeopleLoading(names, moments).load(session, problem.people)
    projects, seats = ProjectsLoading(session, names, moments).load(problem.projects, people)
    add_rows(session, Wish, _wish_rows(problem, people, projects))
    add_rows(session, Booking, _booking_rows(problem, seats, people, by))
    add_rows(session, Ban, ({**_place(pair, seats, people), "decided_by": by} for pair in dict.fromkeys(problem.bans)))
    session.expire_all()
    return Counts(len(people), len(projects), len(problem.phase_by_id), len(seats))


def _zero_bytes(value: Any, place: str) -> Iterator[str]:
    """Where texts hold a zero byte: the contract allows it, PostgreSQL does not, and no reader can see it."""
    if isinstance(value, str) and "\0" in value:
        yield place
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _zero_bytes(item, f"{place}[{n}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _zero_bytes(key, place)
            yield from _zero_bytes(item, place + key_place(key))


def _set_workspace(workspace: Workspace, problem: Problem) -> None:
    workspace.name = problem.name
    workspace.period = PeriodKind(str(problem.calendar.period))
    workspace.calendar_start_on = problem.calendar.start
    workspace.num_periods = problem.calendar.periods
    workspace.weights = asdict(problem.weights)
    workspace.limits = {name: limit for name, limit in asdict(problem.limits).items() if limit is not None}
    workspace.is_growth = problem.growth
    workspace.level_max = max(workspace.level_max, *_levels(problem))
    workspace.set_up_at = workspace.set_up_at or now()


def _levels(problem: Problem) -> Iterator[int]:
    yield 1
    for person in problem.people:
        yield from person.skills.values()
    for seat in problem.seat_by_id.values():
        yield from (line.level for line in seat.skills)


def _wish_rows(problem: Problem, people: Ids, projects: Ids) -> Iterator[Row]:
    for person in problem.people:
        for project, wish in person.preferences.items():
            yield {"person_id": people[person.id], "project_id": projects[project], "wish": wish}


def _booking_rows(problem: Problem, seats: Ids, people: Ids, by: str) -> Iterator[Row]:
    """Pins are hard bookings, the plan in force is what is in force; a row that is both is both."""
    pins, current = dict.fromkeys(problem.pins), dict.fromkeys(problem.current)
    for pair in _in_both_orders(list(pins), list(current)):
        kind = BookingKind.HARD if pair in pins else BookingKind.SOFT
        yield {**_place(pair, seats, people), "booking": kind, "is_in_force": pair in current, "decided_by": by}


def _in_both_orders(first: list[Pairing], second: list[Pairing]) -> Iterator[Pairing]:
    """All of two lists, once each, in an order that keeps both as far as they agree."""
    places, done = {pair: place for place, pair in enumerate(first)}, 0
    shared = places.keys() & set(second)
    for pair in second:
        place = places.get(pair, -1)
        if place >= done:
            yield from (other for other in first[done:place] if other not in shared)
            done = place + 1
        yield pair
    yield from (other for other in first[done:] if other not in shared)


def _place(pair: Pairing, seats: Ids, people: Ids) -> Row:
    return {"seat_id": seats[pair.seat], "person_id": people[pair.person]}
