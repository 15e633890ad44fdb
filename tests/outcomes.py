"""Teams with an outcome, for tests: people on seats of their own phases, their scores, and a metric of each team."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from planner.models import (
    Booking,
    Metric,
    MetricKind,
    MetricPoint,
    MetricSubject,
    Person,
    PersonKind,
    PersonSkill,
    PersonStyle,
    Phase,
    Project,
    RoleNeed,
    Seat,
    Skill,
    WorkStyle,
)

STARTS = datetime(2026, 1, 5)  # noqa: DTZ001 -- a wall-clock moment, as the models keep them
OUTCOME = "metric:share:up:open rate"
ROLES = ("E-mail producer", "Analyst")


@dataclass
class Agency:
    """The rows that a test may want to look at again."""

    styles: list[WorkStyle]
    skills: list[Skill]
    projects: list[Project] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)


def agency(
    session: Session,
    num_teams: int,
    *,
    seed: int = 1,
    size: int = 3,
    num_styles: int = 6,
    num_skills: int = 4,
    effect: Callable[[Sequence[float]], float] | None = None,
    noise: float = 0.35,
    prefix: str = "",
) -> Agency:
    """Teams whose open rate follows `effect` of their means of all work styles, or nothing but chance.

    `prefix` begins the keys, where others are there already.
    """
    chance = random.Random(seed)
    made = Agency(
        [WorkStyle(key=f"{prefix}style-{n}", name=f"Style {n}") for n in range(num_styles)],
        [Skill(key=f"{prefix}skill-{n}", name=f"Skill {n}") for n in range(num_skills)],
    )
    session.add_all([*made.styles, *made.skills])
    session.flush()
    for n in range(num_teams):
        means = _team(session, made, f"{prefix}{n:02d}", chance, size)
        driven = effect(means) if effect is not None else 3.0 + chance.gauss(0, 0.5)
        rate = min(0.9, max(0.02, 0.1 + 0.06 * (driven + chance.gauss(0, noise) - 1)))
        _measure(session, made.projects[-1], rate, chance)
    session.commit()
    return made


def follows(place: int) -> Callable[[Sequence[float]], float]:
    """The outcome goes with the team's mean of one work style."""
    return lambda means: means[place]


def _team(session: Session, made: Agency, n: str, chance: random.Random, size: int) -> list[float]:
    project = Project(key=f"j{n}", name=f"Project {n}")
    phase = Phase(key=f"f{n}", name="Run", duration=4, earliest_on=STARTS, latest_on=STARTS, project=project)
    people = [_person(made, f"p{n}-{place}", chance) for place in range(size)]
    for place, person in enumerate(people):
        need = RoleNeed(title=ROLES[place % len(ROLES)], phase=phase, position=place)
        seat = Seat(key=f"s{n}.{place}", need=need)
        session.add_all([seat, person, Booking(seat=seat, person=person)])
    session.flush()
    made.projects.append(project)
    made.people.extend(people)
    return [sum(person.styles[k].score for person in people) / size for k in range(len(made.styles))]


def _person(made: Agency, key: str, chance: random.Random) -> Person:
    person = Person(key=key, name=f"Person {key}", kind=PersonKind.EMPLOYEE)
    person.styles = [
        PersonStyle(style_id=style.id, score=round(min(5.0, max(1.0, chance.gauss(3.2, 0.8))), 1))
        for style in made.styles
    ]
    person.skills = [
        PersonSkill(skill_id=skill.id, level=chance.randint(1, 5)) for skill in made.skills if chance.random() < 0.7
    ]
    return person


def _measure(session: Session, project: Project, rate: float, chance: random.Random) -> None:
    metric = Metric(project=project, name="Open rate", subject=MetricSubject.OPENS, kind=MetricKind.SHARE)
    for week in range(6):
        sent = chance.randint(1500, 2500)
        opened = round(sent * min(0.95, max(0.0, rate + chance.gauss(0, 0.004))))
        day = date(2026, 2, 2) + timedelta(weeks=week)
        metric.points.append(MetricPoint(measured_on=day, trials=sent, successes=opened))
    session.add(metric)
