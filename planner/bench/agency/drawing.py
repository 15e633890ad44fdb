"""The whole agency: people, and projects that ask for four fifths of their time."""

from __future__ import annotations

from datetime import date
from random import Random

from planner.bench.agency.people import draw_person
from planner.bench.agency.projects import Asked, draw_project
from solver.problem import Calendar, Limits, Pairing, Person, Problem, Project, Seat

PLAIN, TEAMS, FULL = VARIANTS = ("plain", "teams", "full")
PERIODS = 52
DEMAND = 0.8  # of all the time that people have
ASKED_AROUND = 40  # people who are thought of when a seat of the plan in force is filled


def draw_agency(people: int, variant: str, seed: int) -> Problem:
    """A staffing problem of a marketing agency over a year of weeks.

    Parameters
    ----------
    people
        How many, at least 2.
    variant
        `plain`: seats with a fixed window. `teams`: team rules, work styles, mentoring, wishes and a plan in force
        besides. `full`: phases that may start later and follow one another, budgets, all-or-nothing projects, limits
        on hires and bans besides.
    seed
        Where chance begins; with the same arguments the problem is the same.
    """
    if people < 2 or variant not in VARIANTS:
        raise ValueError(f"There is no agency of {people} people, variant {variant!r}.")
    rng = Random(f"agency, {variant}, {people} people, {seed}")  # noqa: S311 - a benchmark is drawn, not kept secret
    crew = [draw_person(rng, number, PERIODS) for number in range(people)]
    projects = _projects(rng, Asked(crew, PERIODS, variant != PLAIN, variant == FULL))
    seats = [seat for project in projects for seat in project.seats]
    has_teams = variant != PLAIN
    return Problem(
        name=f"{variant}-{people}-{seed}",
        calendar=Calendar(PERIODS, date(2027, 1, 4)),
        people=tuple(_with_wishes(rng, crew, projects) if has_teams else crew),
        projects=tuple(projects),
        current=_in_force(rng, crew, seats) if has_teams else (),
        limits=Limits(max_hires=max(1, people // 12), hire_budget=600 * people) if variant == FULL else Limits(),
        bans=_bans(rng, crew, seats) if variant == FULL else (),
    )


def _projects(rng: Random, asked: Asked) -> list[Project]:
    supply = sum(span.fte * (span.to - span.from_) for person in asked.people for span in person.capacity)
    projects: list[Project] = []
    demand = 0
    while demand < DEMAND * supply:
        projects.append(draw_project(rng, len(projects), asked))
        demand += sum(seat.size for seat in projects[-1].seats)
    return projects


def _with_wishes(rng: Random, crew: list[Person], projects: list[Project]) -> list[Person]:
    """Half of the people wish for projects, or away from them."""
    wishing = set(rng.sample(range(len(crew)), len(crew) // 2))
    return [_wishing(rng, person, projects) if n in wishing else person for n, person in enumerate(crew)]


def _wishing(rng: Random, person: Person, projects: list[Project]) -> Person:
    wishes = {rng.choice(projects).id: rng.choice((-100, -50, 50, 100)) for _ in range(3)}
    said = {slot: getattr(person, slot) for slot in Person.__slots__ if slot != "style_tenths"}
    return Person(**said | {"preferences": wishes})


def _in_force(rng: Random, crew: list[Person], seats: list[Seat]) -> tuple[Pairing, ...]:
    """A plan for a quarter of the seats, as an earlier hand left it: skilled people, whatever their time allows."""
    rows = []
    for seat in rng.sample(seats, len(seats) // 4):
        able = [person for person in rng.sample(crew, min(len(crew), ASKED_AROUND)) if _is_skilled(person, seat)]
        if able:
            rows.append(Pairing(seat.id, able[0].id))
    return tuple(rows)


def _is_skilled(person: Person, seat: Seat) -> bool:
    return all(person.skills.get(line.skill, 0) >= line.level for line in seat.skills if line.must)


def _bans(rng: Random, crew: list[Person], seats: list[Seat]) -> tuple[Pairing, ...]:
    return tuple(Pairing(seat.id, rng.choice(crew).id) for seat in rng.sample(seats, len(seats) // 20))
