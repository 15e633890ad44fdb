"""Draws projects that count only as a whole, whose phases may start whenever those before them have ended."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from build import person, phase, problem, project, seat, skill, span

from solver.problem import Calendar, Phase, Problem, Project, Weights

SKILLS = ("cut", "join", "paint")
NO_POINTS = Weights(fill=0, fit=0, style=0, preference=0, money=0, change=0)


def workshop(seed: int, *, phases: int = 6, people: int = 4, projects: int = 1, fills: bool = False) -> Problem:
    """Projects whose phases roam and ask for some people each, who can do this or that, and one thing at a time."""
    rng = Random(seed)
    durations = [[rng.randint(1, 5) for _ in range(phases)] for _ in range(projects)]
    periods = sum(map(sum, durations)) + 20
    crew = [
        person(f"p{n}", skills=dict.fromkeys(rng.sample(SKILLS, rng.randint(1, 2)), 1), capacity=(span(0, periods),))
        for n in range(people)
    ]
    drawn = [_project(rng, f"j{n}", mine, periods, people) for n, mine in enumerate(durations)]
    if fills:  # seats that earn something by themselves would be filled one by one
        drawn = [replace(one, all_or_nothing=True) for one in drawn]
    weights = Weights(fill=rng.choice([1, 20])) if fills else NO_POINTS
    return problem(*crew, calendar=Calendar(periods), projects=tuple(drawn), weights=weights)


def _project(rng: Random, ident: str, durations: list[int], periods: int, people: int) -> Project:
    return project(
        ident,
        *(_phase(rng, f"{ident}.", n, duration, periods, people) for n, duration in enumerate(durations)),
        all_or_nothing=rng.random() < 0.7,
        reward=rng.randint(50, 200),
        due=rng.randint(0, sum(durations)),
        late_penalty=rng.randint(1, 9),
    )


def _phase(rng: Random, prefix: str, number: int, duration: int, periods: int, people: int) -> Phase:
    asked = sorted(rng.choice(SKILLS) for _ in range(rng.randint(1, max(1, people // 2))))
    ident = f"{prefix}{number}"
    seats = [seat(f"{ident}.{n}", to=duration, skills=(skill(name),)) for n, name in enumerate(asked)]
    after = tuple(f"{prefix}{other}" for other in range(number) if rng.random() < 0.3)
    return phase(ident, *seats, latest=periods - duration, after=after)
