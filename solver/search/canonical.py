"""One order for all rows, so that the same problem is the same search however its rows are sorted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from solver.problem import Pairing, Person, Phase, Problem, Project


def canonical(problem: Problem) -> Problem:
    """The problem with its rows in one order: by what they are, identifiers last.

    Team rules keep theirs, because a plan's reasons name them by number.
    """
    return problem.replace(
        people=tuple(sorted((_person(person) for person in problem.people), key=_person_key)),
        projects=tuple(sorted(map(_project, problem.projects), key=lambda project: project.id)),
        current=_pairings(problem.current),
        pins=_pairings(problem.pins),
        bans=_pairings(problem.bans),
    )


def _person(person: Person) -> Person:
    return replace(
        person,
        capacity=tuple(sorted(person.capacity, key=lambda span: span.from_)),
        skills=dict(sorted(person.skills.items())),
        tags=tuple(sorted(set(person.tags))),
    )


def _person_key(person: Person) -> tuple[object, ...]:
    spans = tuple((span.from_, span.to, span.fte) for span in person.capacity)
    hire = (person.hire.cost, person.hire.earliest, person.hire.acceptance)
    return (person.kind, person.cost, spans, tuple(person.skills.items()), person.tags, hire, person.id)


def _project(project: Project) -> Project:
    phases = sorted(map(_phase, project.phases), key=lambda phase: phase.id)
    return replace(project, phases=tuple(phases))


def _phase(phase: Phase) -> Phase:
    seats = sorted(phase.seats, key=lambda seat: seat.id)
    return replace(phase, seats=tuple(seats), after=tuple(sorted(set(phase.after))))


def _pairings(rows: Iterable[Pairing]) -> tuple[Pairing, ...]:
    return tuple(sorted(rows, key=lambda row: (row.seat, row.person)))
