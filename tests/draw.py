"""Draws problems at random: tiny ones that meet every rule, small enough to try every plan."""

from __future__ import annotations

from random import Random

from solver.problem import (
    Calendar,
    CountOf,
    Hire,
    Kind,
    Limits,
    Pairing,
    Person,
    Phase,
    Problem,
    Project,
    RuleKind,
    Seat,
    SkillLine,
    Span,
    StyleLine,
    TeamRule,
    Weights,
)

SKILLS = ("sql", "seo")
STYLES = ("empathy", "initiative")
TAGS = ("site:Lyon", "lang:fr")
PERIODS = 8


def tiny(seed: int, most_seats: int = 6, most_people: int = 4) -> Problem:
    """At most six seats and four people; every rule and goal of the contract turns up in some of them."""
    rng = Random(seed)
    people = [_person(rng, f"p{n}") for n in range(rng.randint(1, most_people))]
    num_seats = rng.randint(1, most_seats)
    projects: list[Project] = []
    while num_seats > 0:
        project = _project(rng, f"j{len(projects)}", people, num_seats)
        num_seats -= len(project.seats)
        projects.append(project)
    people = [_with_wishes(rng, person, projects) for person in people]
    return _problem(rng, seed, people, projects)


def growing(seed: int) -> Problem:
    """Few people who learn by doing, on seats that ask for a little more each time: levels decide who can hold what."""
    rng = Random(seed)
    periods = rng.randint(6, 12)
    people = [_learner(rng, f"p{n}", periods) for n in range(rng.randint(1, 3))]
    projects: list[Project] = []
    num_seats = rng.randint(2, 5)
    while sum(len(project.seats) for project in projects) < num_seats:
        projects.append(_lessons(rng, f"j{len(projects)}", periods))
    seats = [seat.id for project in projects for seat in project.seats]
    return Problem(
        name=f"growing {seed}",
        calendar=Calendar(periods),
        people=tuple(people),
        projects=tuple(projects),
        weights=Weights(fit=rng.choice([0, 100, 2000]), change=100),
        growth=True,
        current=tuple(Pairing(seat, rng.choice(people).id) for seat in seats if _maybe(rng, 0.1)),
        pins=tuple(Pairing(seat, rng.choice(people).id) for seat in seats[-1:] if _maybe(rng, 0.2)),
        bans=tuple(Pairing(seat, rng.choice(people).id) for seat in seats if _maybe(rng, 0.1)),
    )


def _learner(rng: Random, ident: str, periods: int) -> Person:
    return Person(
        id=ident,
        kind=rng.choices([Kind.EMPLOYEE, Kind.CANDIDATE], [4, 1])[0],
        capacity=(Span(0, periods, 100),),
        skills={skill: rng.randint(1, 2) for skill in SKILLS if _maybe(rng, 0.9)},
        cost=rng.choice([0, 40]),
        hire=Hire(rng.choice([0, 300]), 0, rng.choice([100, 70])),
    )


def _lessons(rng: Random, ident: str, periods: int) -> Project:
    duration = rng.randint(1, 2)
    earliest = rng.randint(0, periods - duration)
    latest = rng.choice([earliest, earliest, min(earliest + 2, periods - duration)])
    seats = tuple(_lesson(rng, f"{ident}.{n}", duration) for n in range(rng.choice([1, 1, 2])))
    of = CountOf(skill=rng.choice(SKILLS), min=rng.randint(1, 4))
    weight = rng.choice([None, 50, 5000])
    rule = TeamRule(RuleKind.COUNT, of=of, at_least=rng.randint(0, 1), at_most=rng.choice([None, 1]), weight=weight)
    return Project(
        id=ident,
        phases=(Phase(ident, duration, earliest, latest, seats, team_rules=(rule,) if _maybe(rng, 0.3) else ()),),
        priority=rng.randint(1, 5),
        all_or_nothing=_maybe(rng, 0.3),
        reward=rng.choice([0, 0, 5000]),
        due=rng.choice([None, periods // 2]),
        late_penalty=300,
    )


def _lesson(rng: Random, ident: str, duration: int) -> Seat:
    lines = [SkillLine(skill, rng.choice([1, 2, 2, 3]), _maybe(rng, 0.8), rng.randint(0, 2)) for skill in SKILLS]
    return Seat(
        id=ident,
        fte=rng.choice([50, 100, 100]),
        to=duration,
        skills=tuple(line for line in lines if _maybe(rng, 0.6)),
        mentoring=_maybe(rng, 0.6),
    )


def _maybe(rng: Random, chance: float) -> bool:
    return rng.random() < chance


def _person(rng: Random, ident: str) -> Person:
    kind = rng.choices(list(Kind), [5, 2, 3, 2])[0]
    away = rng.randint(1, PERIODS - 2)
    spans = [Span(0, PERIODS, rng.choice([100, 100, 100, 60]))]
    if _maybe(rng, 0.3):
        spans = [Span(0, away, 100), Span(away + rng.randint(0, 1), PERIODS, rng.choice([50, 100]))]
    return Person(
        id=ident,
        kind=kind,
        capacity=tuple(spans),
        skills={skill: rng.randint(0, 4) for skill in SKILLS if _maybe(rng, 0.9)},
        styles={style: rng.choice([1.0, 2.5, 3.2, 3.6, 5.0]) for style in STYLES if _maybe(rng, 0.8)},
        tags=tuple(tag for tag in TAGS if _maybe(rng, 0.7)),
        cost=rng.choice([0, 40, 150, 900]),
        hire=Hire(rng.choice([0, 300, 2000]), rng.choice([0, 0, 3]), rng.choice([100, 70, 0])),
    )


def _with_wishes(rng: Random, person: Person, projects: list[Project]) -> Person:
    wishes = {project.id: rng.choice([-100, -30, 40, 100]) for project in projects if _maybe(rng, 0.3)}
    return Person(**{**{key: getattr(person, key) for key in _PERSON_KEYS}, "preferences": wishes})


_PERSON_KEYS = ("id", "kind", "capacity", "skills", "styles", "tags", "cost", "hire")


def _project(rng: Random, ident: str, people: list[Person], num_seats: int) -> Project:
    phases: list[Phase] = []
    for n in range(rng.choice([1, 1, 2])):
        seats_left = num_seats - sum(len(phase.seats) for phase in phases)
        if seats_left > 0:
            phases.append(_phase(rng, f"{ident}.{n}", people, min(seats_left, rng.randint(0 if n else 1, 4)), phases))
    return Project(
        id=ident,
        phases=tuple(phases),
        priority=rng.randint(1, 5),
        budget=rng.choice([200, 900, 3000]) if _maybe(rng, 0.25) else None,
        all_or_nothing=_maybe(rng, 0.25),
        reward=rng.choice([500, 30000]) if _maybe(rng, 0.3) else 0,
        due=rng.randint(0, PERIODS) if _maybe(rng, 0.5) else None,
        late_penalty=rng.choice([0, 200, 9000]),
    )


def _phase(rng: Random, ident: str, people: list[Person], num_seats: int, before: list[Phase]) -> Phase:
    duration = rng.randint(1, 4)
    earliest = rng.randint(0, PERIODS - duration)
    latest = min(earliest + rng.choice([0, 0, 1, 2]), PERIODS - duration)
    seats = [_seat(rng, f"{ident}.{n}", duration) for n in range(num_seats)]
    if num_seats > 1 and _maybe(rng, 0.3):  # the count places of one role need
        seats[1] = Seat(**{**{key: getattr(seats[0], key) for key in Seat.__slots__}, "id": seats[1].id})
    return Phase(
        id=ident,
        duration=duration,
        earliest=earliest,
        latest=latest,
        seats=tuple(seats),
        after=tuple(phase.id for phase in before if _maybe(rng, 0.6)),
        team_rules=tuple(_team_rule(rng, people) for _ in range(rng.choice([0, 0, 1, 2]))),
    )


def _seat(rng: Random, ident: str, duration: int) -> Seat:
    begin = rng.randint(0, duration - 1) if _maybe(rng, 0.4) else 0
    return Seat(
        id=ident,
        fte=rng.choice([30, 50, 60, 100]),
        from_=begin,
        to=rng.randint(begin + 1, duration),
        skills=tuple(
            SkillLine(skill, rng.randint(1, 3), _maybe(rng, 0.7), rng.randint(0, 2))
            for skill in SKILLS
            if _maybe(rng, 0.5)
        ),
        styles=tuple(
            StyleLine(style, rng.choice([1.0, 2.0, 3.0]), rng.choice([3.5, 5.0]), _maybe(rng, 0.25), rng.randint(0, 2))
            for style in STYLES
            if _maybe(rng, 0.3)
        ),
        tags=tuple(tag for tag in TAGS if _maybe(rng, 0.1)),
        any_of=(TAGS,) if _maybe(rng, 0.15) else (),
        max_cost=rng.choice([50, 200]) if _maybe(rng, 0.15) else None,
        mentoring=_maybe(rng, 0.5),
    )


def _team_rule(rng: Random, people: list[Person]) -> TeamRule:
    kind = rng.choice(list(RuleKind))
    weight = rng.choice([0, 50, 700]) if _maybe(rng, 0.6) else None
    if kind is RuleKind.COUNT:
        low = rng.randint(0, 2)
        high = rng.randint(low, 2) if _maybe(rng, 0.5) else None
        return TeamRule(kind, of=_count_of(rng), at_least=low, at_most=high, weight=weight)
    if kind in (RuleKind.TOGETHER, RuleKind.APART):
        named = rng.choices([person.id for person in people], k=rng.randint(1, 3))
        return TeamRule(kind, people=tuple(named), weight=weight)
    low_score, high_score = (rng.choice([None, 2.0, 3.0]), rng.choice([None, 3.3, 4.0]))
    if kind is RuleKind.SPREAD:
        low_score, high_score = rng.choice([None, 0.5, 1.5]), rng.choice([None, 1.0, 3.0])
    return TeamRule(kind, style=rng.choice(STYLES), min=low_score, max=high_score, weight=weight)


def _count_of(rng: Random) -> CountOf:
    return rng.choice(
        [
            CountOf(skill=rng.choice(SKILLS), min=rng.randint(0, 3)),
            CountOf(style=rng.choice(STYLES), min=rng.choice([2.0, 3.5])),
            CountOf(tag=rng.choice(TAGS)),
            CountOf(kind=rng.choice(list(Kind))),
        ]
    )


def _problem(rng: Random, seed: int, people: list[Person], projects: list[Project]) -> Problem:
    seats = [seat.id for project in projects for seat in project.seats]

    def pairings(chance: float) -> tuple[Pairing, ...]:
        return tuple(Pairing(seat, rng.choice(people).id) for seat in seats if _maybe(rng, chance))

    has_force = _maybe(rng, 0.4)
    return Problem(
        name=f"tiny {seed}",
        calendar=Calendar(PERIODS),
        people=tuple(people),
        projects=tuple(projects),
        weights=Weights(change=rng.choice([0, 100, 3000]), money=rng.choice([0, 100, 5000]), preference=50),
        limits=Limits(
            max_hires=rng.randint(0, 2) if _maybe(rng, 0.2) else None,
            hire_budget=rng.choice([0, 300, 2500]) if _maybe(rng, 0.2) else None,
            budget=rng.choice([300, 2000]) if _maybe(rng, 0.15) else None,
            max_changes=rng.randint(0, 2) if has_force and _maybe(rng, 0.4) else None,
        ),
        current=pairings(0.5) if has_force else (),
        pins=pairings(0.25) if _maybe(rng, 0.25) else (),
        bans=pairings(0.2),
    )
