"""Draws problems at random that ask for chosen rules and goals, small enough to try every plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from traits import HIRING, TRAITS, with_needs

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
PERIODS, LONG = 8, 24
USUAL = tuple(name for name in TRAITS if name != "growth")  # not every part of the solver prices growth yet
USUAL_SHARE = 0.2  # of these, where nobody says which
T = TypeVar("T")


def tiny(seed: int, asks: frozenset[str] | None = None, most_seats: int = 6, most_people: int = 4) -> Problem:
    """At most so many seats and people, with some of the traits that are asked for, or of all."""
    rng = Random(seed)
    if asks is None:
        asks = with_needs(iter([name for name in USUAL if rng.random() < USUAL_SHARE]))
    if "growth" in asks:  # whoever is to learn needs seats, one after the other, just beyond their level
        return _Draw(rng, asks, rng.randint(3, most_seats), rng.randint(1, 2)).problem(f"tiny {seed}")
    return _Draw(rng, asks, rng.randint(1, most_seats), rng.randint(1, most_people)).problem(f"tiny {seed}")


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


@dataclass
class _Draw:
    """One draw: what is asked for comes up where there is a place for it, by chance."""

    rng: Random
    asks: frozenset[str]
    num_seats: int
    num_people: int

    def has(self, name: str, chance: float = 0.6) -> bool:
        return name in self.asks and self.rng.random() < chance

    def any(self, *names: str) -> bool:
        return not self.asks.isdisjoint(names)

    def some(self, values: tuple[T, ...], chance: float) -> tuple[T, ...]:
        return tuple(value for value in values if self.rng.random() < chance)

    @property
    def periods(self) -> int:
        return LONG if "roaming" in self.asks else PERIODS

    def problem(self, name: str) -> Problem:
        self.people = [self.person(f"p{n}") for n in range(self.num_people)]
        projects: list[Project] = []
        self.before: list[str] = []
        while (left := self.num_seats - sum(len(project.seats) for project in projects)) > 0:
            projects.append(self.project(f"j{len(projects)}", left))
        wishes = tuple(self.with_wishes(person, projects) for person in self.people)
        seats = [seat.id for project in projects for seat in project.seats]
        return Problem(
            name=name,
            calendar=Calendar(self.periods),
            people=wishes,
            projects=tuple(projects),
            weights=self.weights(),
            limits=self.limits(),
            growth="growth" in self.asks,
            current=self.pairings("current", seats, 0.5),
            pins=self.pairings("pins", seats, 0.25),
            bans=self.pairings("bans", seats, 0.4),
        )

    def person(self, ident: str) -> Person:
        kinds = self.rng.choices(list(Kind), [2, 1, 3, 2] if self.any(*HIRING) else [5, 3, 1, 1])
        levels = [1, 1, 2] if "growth" in self.asks else [0, 1, 2, 2, 3, 4]
        has_levels = self.any("must_skill", "nice_skill", "hard_count_skill", "soft_count_skill")
        has_tags = self.any("tags", "any_of", "hard_count_tag", "soft_count_tag")
        return Person(
            id=ident,
            kind=kinds[0],
            capacity=self.capacity(),
            skills={skill: self.rng.choice(levels) for skill in self.some(SKILLS, 0.9 * has_levels)},
            styles={style: self.rng.choice([1.0, 2.5, 3.2, 3.6, 5.0]) for style in self.some(STYLES, 0.8)},
            tags=self.some(TAGS, 0.6 * has_tags),
            cost=self.rng.choice([0, 40, 150, 900]) if self.has("cost", 0.9) else 0,
            hire=Hire(
                cost=self.rng.choice([300, 2000, 20_000]) if self.has("hire_cost", 0.8) else 0,
                earliest=self.rng.choice([1, 3, 5]) if self.has("hire_earliest") else 0,
                acceptance=self.rng.choice([70, 33, 0]) if self.has("acceptance") else 100,
            ),
        )

    def capacity(self) -> tuple[Span, ...]:
        if not self.has("leave"):
            return (Span(0, self.periods, 100),)
        away = self.rng.randint(1, self.periods - 2)
        late = Span(away + self.rng.randint(0, 1), self.periods, self.rng.choice([50, 100]))
        if "roaming" in self.asks and self.rng.random() < 0.5:
            return (Span(LONG - 5, LONG, 100),)
        return self.rng.choice([(Span(0, self.periods, 60),), (Span(0, away, 100), late), (late,), ()])

    def with_wishes(self, person: Person, projects: list[Project]) -> Person:
        wishes = {project.id: self.rng.choice([-100, -30, 40, 100]) for project in projects if self.has("preference")}
        return replace(person, preferences=wishes)

    def project(self, ident: str, seats_left: int) -> Project:
        phases: list[Phase] = []
        for n in range(self.rng.choice([1, 1, 2, 3] if "after" in self.asks else [1, 1, 2])):
            num = min(seats_left - sum(len(phase.seats) for phase in phases), self.rng.randint(0 if n else 1, 4))
            phases.append(self.phase(f"{ident}.{n}", num))
        has_reward = self.has("reward")
        is_hurried = has_reward and self.has("lateness", 0.8)
        return Project(
            id=ident,
            phases=tuple(phases),
            priority=self.rng.randint(1, 5),
            budget=self.rng.choice([0, 200, 900, 3000]) if self.has("project_budget") else None,
            all_or_nothing=self.has("all_or_nothing"),
            reward=self.rng.choice([500, 3000, 30_000]) if has_reward else 0,
            due=self.rng.randint(0, PERIODS) if is_hurried else None,
            late_penalty=self.rng.choice([200, 2000, 9000]) if is_hurried else 0,
        )

    def phase(self, ident: str, num_seats: int) -> Phase:
        duration = self.rng.randint(1, 2 if "growth" in self.asks else 4)
        earliest = self.rng.randint(0, PERIODS - duration)
        window = self.rng.choice([1, 2, 3]) if self.has("movable") else 0
        if self.has("roaming", 0.4):
            earliest, window = 0, LONG
        seats = [self.seat(f"{ident}.{n}", duration) for n in range(num_seats)]
        if num_seats > 1 and self.rng.random() < 0.3:  # the count places of one role need
            seats[1] = replace(seats[0], id=seats[1].id)
        after = tuple(other for other in self.before if self.has("after", 0.4))
        self.before.append(ident)
        return Phase(
            id=ident,
            duration=duration,
            earliest=earliest,
            latest=min(earliest + window, self.periods - duration),
            seats=tuple(seats),
            after=after,
            team_rules=tuple(self.team_rule(name) for name in self.rules()),
        )

    def seat(self, ident: str, duration: int) -> Seat:
        begin = self.rng.randint(0, duration - 1) if self.rng.random() < 0.3 else 0
        levels = [1, 2, 2, 3] if "growth" in self.asks else [1, 2, 3, 3]
        return Seat(
            id=ident,
            fte=self.rng.choice([30, 50, 60, 100]),
            from_=begin,
            to=self.rng.randint(begin + 1, duration),
            skills=tuple(
                SkillLine(skill, self.rng.choice(levels), is_must, self.rng.randint(0, 2))
                for skill in SKILLS
                if (is_must := self.has("must_skill")) or self.has("nice_skill")
            ),
            styles=tuple(
                StyleLine(style, *self.band(), is_must, self.rng.randint(0, 2))
                for style in STYLES
                if (is_must := self.has("must_style", 0.3)) or self.has("soft_style")
            ),
            tags=self.some(TAGS, 0.3 * ("tags" in self.asks)),
            any_of=(self.some(TAGS, 0.6),) if self.has("any_of", 0.5) else (),
            max_cost=self.rng.choice([50, 200]) if self.has("max_cost", 0.5) else None,
            mentoring=self.has("mentoring", 0.8),
        )

    def band(self) -> tuple[float, float]:
        return self.rng.choice([1.0, 2.0, 3.0]), self.rng.choice([3.5, 5.0])

    def rules(self) -> list[str]:
        """The team rules of a phase, by trait."""
        asked = [name for name in sorted(self.asks) if name.startswith(("hard_", "soft_")) and name != "soft_style"]
        asked = [name for name in asked if self.rng.random() < 0.6]
        return self.rng.sample(asked, min(len(asked), 3))

    def team_rule(self, name: str) -> TeamRule:
        strictness, _, about = name.partition("_")
        rule = self.count_rule(about) if about.startswith("count_") else self.other_rule(RuleKind(about))
        return replace(rule, weight=self.rng.choice([0, 50, 700, 3000])) if strictness == "soft" else rule

    def count_rule(self, about: str) -> TeamRule:
        of = {
            "count_skill": CountOf(skill=self.rng.choice(SKILLS), min=self.rng.randint(0, 3)),
            "count_style": CountOf(style=self.rng.choice(STYLES), min=self.rng.choice([2.0, 3.5])),
            "count_tag": CountOf(tag=self.rng.choice(TAGS)),
            "count_kind": CountOf(kind=self.rng.choice(list(Kind))),
        }
        low = self.rng.randint(0, 2)
        high = self.rng.randint(low, 2) if self.rng.random() < 0.5 else None
        return TeamRule(RuleKind.COUNT, of=of[about], at_least=low, at_most=high)

    def other_rule(self, kind: RuleKind) -> TeamRule:
        if kind in (RuleKind.TOGETHER, RuleKind.APART):
            named = self.rng.choices([person.id for person in self.people], k=self.rng.randint(1, 3))
            return TeamRule(kind, people=tuple(named))
        low, high = self.rng.choice([None, 2.0, 3.0]), self.rng.choice([None, 3.3, 4.0])
        if kind is RuleKind.SPREAD:
            low, high = self.rng.choice([None, 0.5, 1.5]), self.rng.choice([None, 1.0, 3.0])
        return TeamRule(kind, style=self.rng.choice(STYLES), min=low, max=high)

    def weights(self) -> Weights:
        return Weights(
            fit=self.rng.choice([100, 2000]),
            style=self.rng.choice([100, 2000]),
            preference=self.rng.choice([50, 2000]),
            money=self.rng.choice([100, 5000]),
            change=self.rng.choice([0, 100, 3000]),
        )

    def limits(self) -> Limits:
        return Limits(
            max_hires=self.rng.randint(0, 2) if self.has("max_hires") else None,
            hire_budget=self.rng.choice([0, 300, 2500]) if self.has("hire_budget") else None,
            budget=self.rng.choice([0, 300, 2000]) if self.has("plan_budget") else None,
            max_changes=self.rng.randint(0, 2) if self.has("max_changes", 0.8) else None,
        )

    def pairings(self, name: str, seats: list[str], chance: float) -> tuple[Pairing, ...]:
        """Rows of one kind: nearly always some of them, if they are asked for at all."""
        is_on = self.has(name, 0.8)
        return tuple(
            Pairing(seat, self.rng.choice(self.people).id) for seat in seats if is_on and self.rng.random() < chance
        )
