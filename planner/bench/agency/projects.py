"""The projects of a drawn agency: phases, seats and team rules."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from planner.bench.agency.crafts import CRAFTS, LANGUAGES, STYLES
from solver.problem import CountOf, Kind, Person, Phase, Project, RuleKind, Seat, SkillLine, StyleLine, TeamRule

SHORTEST_PHASE = 4


class Asked(NamedTuple):
    """What the projects of a variant ask for besides skills and time."""

    people: Sequence[Person]
    periods: int
    has_teams: bool
    has_windows: bool


def draw_project(rng: Random, number: int, asked: Asked) -> Project:
    """A project that begins anywhere in the calendar, in one phase or, where phases may move, in up to three."""
    begin = rng.randrange(asked.periods - 6)
    most = rng.choice((1, 1, 2, 3)) if asked.has_windows else 1
    phases: list[Phase] = []
    while len(phases) < most and begin <= asked.periods - SHORTEST_PHASE:
        longest = rng.randint(4, 14) if asked.has_windows else rng.randint(6, 26)
        duration = min(longest, asked.periods - begin)
        phases.append(_phase(rng, f"j{number}", phases, (begin, duration), asked))
        begin += duration
    project = Project(id=f"j{number}", name=f"Project {number}", priority=rng.randint(1, 5), phases=tuple(phases))
    return _with_terms(rng, project) if asked.has_windows else project


def _with_terms(rng: Random, project: Project) -> Project:
    """Some projects have a budget; some small ones are all or nothing, with a reward that melts when they are late."""
    said = {key: getattr(project, key) for key in ("id", "name", "priority", "phases")}
    effort = sum(seat.size for seat in project.seats)
    if rng.random() < 0.3:
        said["budget"] = effort * rng.randint(2200, 4200) // 100
    if rng.random() < 0.1 and len(project.seats) <= 5:
        last = project.phases[-1]
        said |= {"all_or_nothing": True, "reward": 20_000 * project.priority}
        said |= {"due": last.earliest + last.duration, "late_penalty": 2000}
    return Project(**said)


def _phase(rng: Random, project: str, before: list[Phase], span: tuple[int, int], asked: Asked) -> Phase:
    begin, duration = span
    ident = f"{project}.{len(before)}"
    slack = rng.choice((0, 0, 2, 4)) if asked.has_windows else 0
    seats = [_seat(rng, f"{ident}.{n}", duration, asked) for n in range(rng.randint(3, 10))]
    return Phase(
        id=ident,
        duration=duration,
        earliest=begin,
        latest=min(begin + slack, asked.periods - duration),
        seats=tuple(seats),
        after=tuple(phase.id for phase in before[-1:]),
        team_rules=tuple(_team_rules(rng, asked.people)) if asked.has_teams else (),
    )


def _seat(rng: Random, ident: str, duration: int, asked: Asked) -> Seat:
    craft = rng.choice(CRAFTS)
    skills = rng.sample(craft.skills, rng.choice((1, 2, 2)))
    nice = rng.sample([skill for skill in craft.skills if skill not in skills], rng.choice((0, 1, 2)))
    begin, end = _window(rng, duration)
    return Seat(
        id=ident,
        title=craft.title,
        fte=rng.choices((25, 50, 75, 100), (10, 30, 10, 50))[0],
        from_=begin,
        to=end,
        skills=(
            *(SkillLine(skill, rng.randint(2, 4), weight=2) for skill in skills),
            *(SkillLine(skill, rng.randint(2, 4), must=False) for skill in nice),
        ),
        styles=_style_lines(rng) if asked.has_teams else (),
        tags=(rng.choice(LANGUAGES[:2]),) if asked.has_teams and rng.random() < 0.15 else (),
        mentoring=asked.has_teams and rng.random() < 0.4,
    )


def _window(rng: Random, duration: int) -> tuple[int, int]:
    """A third of the seats last for a part of a longer phase only."""
    if duration <= SHORTEST_PHASE or rng.random() >= 0.35:
        return 0, duration
    begin = rng.randrange(duration // 2)
    return begin, rng.randint(begin + 2, duration)


def _style_lines(rng: Random) -> tuple[StyleLine, ...]:
    return tuple(
        StyleLine(style, min=rng.choice((3.0, 3.5, 4.0)), must=rng.random() < 0.1, weight=rng.choice((1, 2)))
        for style in rng.sample(STYLES, rng.randint(0, 3))
    )


def _team_rules(rng: Random, people: Sequence[Person]) -> list[TeamRule]:
    """Someone who leads, few newcomers, people who get on, different heads, those who must not meet or must."""
    two = [person.id for person in rng.sample(people, 2)]
    leader = CountOf(style="leadership-orientation", min=4.0)
    chances = (
        (0.5, TeamRule(RuleKind.COUNT, of=leader, at_least=1, weight=3000)),
        (0.3, TeamRule(RuleKind.COUNT, of=CountOf(kind=Kind.CANDIDATE), at_most=1)),
        (0.4, TeamRule(RuleKind.MEAN, style="cooperation", min=3.2, weight=300)),
        (0.2, TeamRule(RuleKind.SPREAD, style="innovation", min=1.0, weight=100)),
        (0.3, TeamRule(RuleKind.APART, people=tuple(two))),
        (0.1, TeamRule(RuleKind.TOGETHER, people=tuple(two), weight=500)),
    )
    return [rule for chance, rule in chances if rng.random() < chance]
