"""The people of a drawn agency."""

from __future__ import annotations

from random import Random

from planner.bench.agency.crafts import CRAFTS, LANGUAGES, SITES, STYLES
from solver.problem import Hire, Kind, Person, Span

KINDS = {Kind.EMPLOYEE: 70, Kind.CONTRACTOR: 10, Kind.CANDIDATE: 20}  # of a hundred people
LONGEST_LEAVE = 2  # periods


def draw_person(rng: Random, number: int, periods: int) -> Person:
    """Somebody with a craft, a little of another one, a part-time contract now and then, and two weeks of leave."""
    craft = rng.choice(CRAFTS)
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    skills = _skills(rng, craft.skills)
    return Person(
        id=f"p{number}",
        name=f"{craft.title} {number}",
        kind=kind,
        skills=skills,
        styles={style: _style_score(rng) for style in STYLES if rng.random() < 0.9},
        tags=(rng.choice(SITES), *sorted(rng.sample(LANGUAGES, rng.choice((1, 1, 2))))),
        capacity=_capacity(rng, periods),
        cost=_cost(rng, max(skills.values()), kind),
        hire=_hire(rng) if kind is Kind.CANDIDATE else Hire(),
    )


def _skills(rng: Random, core: tuple[str, ...]) -> dict[str, int]:
    levels = {skill: rng.randint(1, 5) for skill in core if rng.random() < 0.75}
    for skill in rng.sample(rng.choice(CRAFTS).skills, 2):
        levels[skill] = max(levels.get(skill, 0), rng.randint(1, 3))
    return levels


def _style_score(rng: Random) -> float:
    """1.0 to 5.0 in tenths, most of them a little above the middle."""
    return min(50, max(10, round(10 * rng.gauss(3.2, 0.9)))) / 10


def _capacity(rng: Random, periods: int) -> tuple[Span, ...]:
    fte = 100 if rng.random() < 0.8 else rng.choice((50, 60, 80))
    leave = rng.randrange(max(1, periods - LONGEST_LEAVE))
    if rng.random() < 0.5:
        return (Span(0, periods, fte),)
    around = ((0, leave), (leave + LONGEST_LEAVE, periods))
    return tuple(Span(begin, end, fte) for begin, end in around if begin < end)


def _cost(rng: Random, seniority: int, kind: Kind) -> int:
    """For a week: what the best skill is worth on the market; twice that for a contractor."""
    employed = 900 + 600 * seniority + rng.randrange(-300, 301, 5)
    return 2 * employed if kind is Kind.CONTRACTOR else employed


def _hire(rng: Random) -> Hire:
    return Hire(cost=1000 * rng.randint(4, 15), earliest=rng.randint(2, 14), acceptance=10 * rng.randint(4, 10))
