"""The parts of a staffing problem: people, and projects with their phases, seats and team rules.

Every part refuses nonsense by itself; what only shows between parts, the part that holds them refuses.
Periods are counted from 0, intervals are half-open, effort (`fte`) is a percentage of full time,
money is in whole units, levels go from 0 (not held) to 100, work-style scores from 1.0 to 5.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from solver.problem.law import (
    LARGEST,
    N_,
    ProblemError,
    distinct,
    identifier,
    number,
    number_values,
    text,
    texts,
    truth,
    whole,
    whole_or_none,
    whole_values,
)


def tenths(score: float) -> int:
    """A work-style score as a whole number of tenths, in which all scores are compared."""
    return round(score * 10)


class Kind(StrEnum):
    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"
    CANDIDATE = "candidate"
    HYPOTHETICAL = "hypothetical"


class RuleKind(StrEnum):
    COUNT = "count"
    TOGETHER = "together"
    APART = "apart"
    MEAN = "mean"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Span:
    """A capacity of `fte` percent in the periods [from_, to)."""

    from_: int
    to: int
    fte: int

    def __post_init__(self) -> None:
        whole(self.from_, 0, LARGEST, "from")
        whole(self.to, 0, LARGEST, "to")
        if self.from_ >= self.to:
            sentence = N_("%(value)s is not after %(begin)s, where the span begins")
            raise ProblemError("to", sentence, value=self.to, begin=self.from_)
        whole(self.fte, 0, 100, "fte")


@dataclass(frozen=True, slots=True)
class Hire:
    """What it takes to hire: `cost` once, a start in period `earliest`, a chance of `acceptance` percent."""

    cost: int = 0
    earliest: int = 0
    acceptance: int = 100

    def __post_init__(self) -> None:
        whole(self.cost, 0, LARGEST, "cost")
        whole(self.earliest, 0, LARGEST, "earliest")
        whole(self.acceptance, 0, 100, "acceptance")


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can work; `cost` is per full-time period, `preferences` are wishes in [-100, 100]."""

    id: str
    kind: Kind
    capacity: tuple[Span, ...]
    name: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)
    styles: Mapping[str, float] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    cost: int = 0
    preferences: Mapping[str, int] = field(default_factory=dict)
    hire: Hire = field(default_factory=Hire)
    style_tenths: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        identifier(self.id, "id")
        text(self.name, "name")
        whole_values(self.skills, 0, 100, "skills")
        number_values(self.styles, 1.0, 5.0, "styles")
        texts(self.tags, "tags")
        whole(self.cost, 0, LARGEST, "cost")
        whole_values(self.preferences, -100, 100, "preferences")
        self._refuse_overlapping_capacity()
        object.__setattr__(self, "style_tenths", {style: tenths(s) for style, s in self.styles.items()})

    @property
    def is_hire(self) -> bool:
        """Whether giving them a seat is a hire."""
        return self.kind in (Kind.CANDIDATE, Kind.HYPOTHETICAL)

    @property
    def label(self) -> str:
        """What a sentence calls them."""
        return self.name or self.id

    def _refuse_overlapping_capacity(self) -> None:
        end = 0
        for n, span in sorted(enumerate(self.capacity), key=lambda row: row[1].from_):
            if span.from_ < end:
                sentence = N_("%(value)s is inside another span, which ends at %(end)s")
                raise ProblemError(f"capacity[{n}].from", sentence, value=span.from_, end=end)
            end = span.to


@dataclass(frozen=True, slots=True)
class SkillLine:
    skill: str
    level: int
    must: bool = True
    weight: int = 1

    def __post_init__(self) -> None:
        text(self.skill, "skill")
        whole(self.level, 1, 100, "level")
        truth(self.must, "must")
        whole(self.weight, 0, 1000, "weight")


@dataclass(frozen=True, slots=True)
class StyleLine:
    style: str
    min: float = 1.0
    max: float = 5.0
    must: bool = False
    weight: int = 1

    def __post_init__(self) -> None:
        text(self.style, "style")
        number(self.min, 1.0, 5.0, "min")
        number(self.max, 1.0, 5.0, "max")
        truth(self.must, "must")
        whole(self.weight, 0, 1000, "weight")

    @property
    def min_tenths(self) -> int:
        return tenths(self.min)

    @property
    def max_tenths(self) -> int:
        return tenths(self.max)


@dataclass(frozen=True, slots=True)
class Seat:
    """One place on a phase's team; [from_, to) is counted from the phase's start."""

    id: str
    fte: int
    to: int
    from_: int = 0
    title: str = ""
    skills: tuple[SkillLine, ...] = ()
    styles: tuple[StyleLine, ...] = ()
    tags: tuple[str, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()
    max_cost: int | None = None
    mentoring: bool = False

    def __post_init__(self) -> None:
        identifier(self.id, "id")
        text(self.title, "title")
        whole(self.fte, 1, 100, "fte")
        whole(self.from_, 0, LARGEST, "from")
        whole(self.to, 1, LARGEST, "to")
        if self.from_ >= self.to:
            sentence = N_("%(value)s is not before %(to)s, where the seat ends")
            raise ProblemError("from", sentence, value=self.from_, to=self.to)
        texts(self.tags, "tags")
        for n, group in enumerate(self.any_of):
            texts(group, f"any_of[{n}]")
        whole_or_none(self.max_cost, 0, LARGEST, "max_cost")
        truth(self.mentoring, "mentoring")
        if self.skills:
            distinct(((f"skills[{n}].skill", line.skill) for n, line in enumerate(self.skills)), set())
        if self.styles:
            distinct(((f"styles[{n}].style", line.style) for n, line in enumerate(self.styles)), set())

    @property
    def size(self) -> int:
        """Percent of full time, summed over the seat's periods."""
        return self.fte * (self.to - self.from_)

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return self.title or self.id


@dataclass(frozen=True, slots=True)
class CountOf:
    """Whom a count rule counts: by skill or style from `min` up, by tag, or by kind; exactly one of them."""

    skill: str | None = None
    style: str | None = None
    tag: str | None = None
    kind: Kind | None = None
    min: float | None = None

    def __post_init__(self) -> None:
        said = [key for key in ("skill", "style", "tag", "kind", "min") if getattr(self, key) is not None]
        if said not in (["skill", "min"], ["style", "min"], ["tag"], ["kind"]):
            raise ProblemError("", N_("it is none of skill and min, style and min, tag, kind"))
        if self.skill is not None:
            text(self.skill, "skill")
            whole(self.min, 0, 100, "min")
        if self.style is not None:
            text(self.style, "style")
            number(self.min, 0, 100, "min")
        if self.tag is not None:
            text(self.tag, "tag")


@dataclass(frozen=True, slots=True)
class TeamRule:
    """A rule on a phase's team; `weight` is points lost per unit of shortfall, None makes it hard."""

    rule: RuleKind
    of: CountOf | None = None
    at_least: int = 0
    at_most: int | None = None
    people: tuple[str, ...] = ()
    style: str | None = None
    min: float | None = None
    max: float | None = None
    weight: int | None = None

    def __post_init__(self) -> None:
        whole_or_none(self.weight, 0, 10**6, "weight")
        whole(self.at_least, 0, 1000, "at_least")
        whole_or_none(self.at_most, self.at_least, 1000, "at_most")
        texts(self.people, "people")
        if self.rule is RuleKind.COUNT and self.of is None:
            raise ProblemError("of", N_("it is missing"))
        if self.rule in (RuleKind.MEAN, RuleKind.SPREAD):
            text(self.style, "style")
        for value, place in ((self.min, "min"), (self.max, "max")):
            if value is not None:
                number(value, 0, 100, place)

    @property
    def is_hard(self) -> bool:
        return self.weight is None

    @property
    def only_forbids(self) -> bool:
        """Whether a team that breaks the rule goes on to break it however it grows, so that leaving never does."""
        return self.rule is RuleKind.APART or (self.rule is RuleKind.COUNT and self.at_least == 0)

    @property
    def min_tenths(self) -> int:
        """The band's lower end; without one it is 0."""
        return 0 if self.min is None else tenths(self.min)

    @property
    def max_tenths(self) -> int:
        """The band's upper end; without one no score reaches it."""
        return 990 if self.max is None else tenths(self.max)


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a project in time, `duration` periods long; its team is whoever holds its seats."""

    id: str
    duration: int
    earliest: int
    latest: int
    seats: tuple[Seat, ...]
    after: tuple[str, ...] = ()
    team_rules: tuple[TeamRule, ...] = ()

    def __post_init__(self) -> None:
        identifier(self.id, "id")
        whole(self.duration, 1, LARGEST, "duration")
        whole(self.earliest, 0, LARGEST, "earliest")
        whole(self.latest, self.earliest, LARGEST, "latest")
        texts(self.after, "after")
        for n, seat in enumerate(self.seats):
            if seat.to > self.duration:
                whole(seat.to, seat.from_ + 1, self.duration, f"seats[{n}].to")

    @property
    def is_fixed(self) -> bool:
        """Whether it can start in one period only, and so is scheduled without being listed."""
        return self.earliest == self.latest

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return self.id


@dataclass(frozen=True, slots=True)
class Project:
    """A piece of work; priority 5 is the most important, `budget` bounds its staff cost."""

    id: str
    phases: tuple[Phase, ...]
    name: str = ""
    priority: int = 3
    budget: int | None = None
    all_or_nothing: bool = False
    reward: int = 0
    due: int | None = None
    late_penalty: int = 0

    def __post_init__(self) -> None:
        identifier(self.id, "id")
        text(self.name, "name")
        whole(self.priority, 1, 5, "priority")
        whole_or_none(self.budget, 0, LARGEST, "budget")
        truth(self.all_or_nothing, "all_or_nothing")
        whole(self.reward, 0, LARGEST, "reward")
        whole_or_none(self.due, 0, LARGEST, "due")
        whole(self.late_penalty, 0, LARGEST, "late_penalty")

    @property
    def seats(self) -> tuple[Seat, ...]:
        return tuple(seat for phase in self.phases for seat in phase.seats)

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return self.name or self.id
