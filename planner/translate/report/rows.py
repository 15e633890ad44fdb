"""What a plan page or an export shows: plain rows, made without the database, whole numbers and dates only.

Money is in whole units of the plan's currency, effort in percent of full time; `*_idx` counts periods of the plan's
calendar and `[from_idx, to_idx)` is half-open. A moment is None where the calendar runs past the year 9999.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from solver.check import SeatScore, Violation
from solver.problem import Kind, Period, TeamRule
from solver.solution import Demand, Reason, TracePoint


class SkillState(StrEnum):
    """How a holder meets a line of skill; OPEN where the seat has none."""

    FULL = "full"
    MENTORED = "mentored"
    PART = "part"
    MISSING = "missing"
    OPEN = "open"


class StyleState(StrEnum):
    """How a holder meets a line of work style; OPEN where the seat has none."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Labels:
    """Names in the reader's language, by key; what is not there is shown by its key.

    `chains` are the codes under which a seat's role need, requisitions, candidates and decisions are found.
    """

    skills: Mapping[str, str] = field(default_factory=dict)
    styles: Mapping[str, str] = field(default_factory=dict)
    phases: Mapping[str, str] = field(default_factory=dict)
    chains: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """Who decided what, when and why; `what` is the kind of decision ("accept", "assign", "override", ...)."""

    what: str
    by: str
    at: datetime
    reason: str = ""
    seat: str | None = None
    phase: str | None = None
    person: str | None = None
    before: str | None = None
    broken_rules: tuple[str, ...] = ()
    points_change: int | None = None


@dataclass(frozen=True, slots=True)
class PlanMeta:
    """What a report says about itself.

    Parameters
    ----------
    number, version
        The plan's; None where it is a file that no planner has numbered.
    generated_at, generated_by
        When this report was made, aware and in UTC, and for whom.
    firm
        Seats whose allocation is agreed (a hard booking).
    by_hand
        Seats that a person filled, against or beside what the solver proposed.
    decisions
        What people decided about the plan, the first first.
    labels
        Names of skills, work styles and phases.
    """

    generated_at: datetime
    generated_by: str = ""
    number: int | None = None
    version: int = 1
    title: str = ""
    language: str = "en"
    currency: str = "EUR"
    firm: frozenset[str] = frozenset()
    by_hand: frozenset[str] = frozenset()
    decisions: tuple[DecisionRow, ...] = ()
    labels: Labels = field(default_factory=Labels)


class PeriodLabel(NamedTuple):
    """One column of time: the periods [idx, to_idx), one unless the calendar is too long to show each."""

    idx: int
    to_idx: int
    start: datetime | None
    label: str


class SkillCell(NamedTuple):
    """One skill that a seat asks for: `have` is None where nobody holds the seat; `mentor` is a teammate's name.

    `learnt` is how much of the level comes from seats of the plan that ended before.
    """

    skill: str
    label: str
    need: int
    have: int | None
    must: bool
    weight: int
    state: SkillState
    mentor: str = ""
    learnt: int = 0


class StyleCell(NamedTuple):
    """One work-style band that a seat asks for: `have` is None where nobody holds the seat or no score is known."""

    style: str
    label: str
    min: float
    max: float
    have: float | None
    must: bool
    weight: int
    state: StyleState


class TagCell(NamedTuple):
    """Tags of which one must be held (a single one where all are asked); `has` is None on an open seat."""

    tags: tuple[str, ...]
    has: bool | None


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat, its holder, and how the two fit; without a holder the fields about a person are None.

    `from_idx`, `to_idx`, `start` and `end` are None while the phase is not scheduled; `end` is the moment at which the
    seat ends, not its last day. `fit`, `style_fit` go from 0 to 100. `points` is what the objective counts for the
    seat, its parts in `score`. `reasons` say why it is open.
    """

    seat_id: str
    chain: str
    title: str
    project_id: str
    project: str
    priority: int
    phase_id: str
    phase: str
    fte: int
    size: int
    from_idx: int | None
    to_idx: int | None
    start: datetime | None
    end: datetime | None
    is_mentoring: bool
    max_cost: int | None
    skills: tuple[SkillCell, ...]
    styles: tuple[StyleCell, ...]
    tags: tuple[TagCell, ...]
    person_id: str | None = None
    person: str | None = None
    kind: Kind | None = None
    site: str | None = None
    is_hire: bool = False
    is_agreed: bool = False
    is_by_hand: bool = False
    is_changed: bool = False
    fit: int | None = None
    style_fit: int | None = None
    wish: int | None = None
    points: int | None = None
    score: SeatScore | None = None
    cost: int | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def is_filled(self) -> bool:
        return self.person_id is not None


class SkillBar(NamedTuple):
    """How a team covers one skill: seats that ask for it, by how they meet it; `best` is the team's highest level."""

    skill: str
    label: str
    need: int
    best: int
    num_asked: int
    num_full: int
    num_mentored: int
    num_part: int
    num_missing: int
    num_open: int


class StyleBand(NamedTuple):
    """A work style on a team: the known scores by name, and the band asked for (the narrowest that seats agree on)."""

    style: str
    label: str
    min: float
    max: float
    scores: tuple[tuple[str, float], ...]
    num_unknown: int
    num_asked: int
    num_inside: int

    @property
    def mean(self) -> float | None:
        return sum(score for _, score in self.scores) / len(self.scores) if self.scores else None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A team rule and how the team keeps it: `points` is what it costs (0 for a hard one)."""

    index: int
    rule: TeamRule
    people: tuple[str, ...]
    label: str
    is_hard: bool
    shortfall: int
    points: int

    @property
    def is_kept(self) -> bool:
        return self.shortfall == 0


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A phase and its team. `earliest_idx`..`latest_idx` is where it may start; `points` are those of its seats."""

    project_id: str
    project: str
    priority: int
    phase_id: str
    phase: str
    duration: int
    earliest_idx: int
    latest_idx: int
    start_idx: int | None
    end_idx: int | None
    start: datetime | None
    end: datetime | None
    after: tuple[str, ...]
    seats: tuple[SeatRow, ...]
    rules: tuple[RuleRow, ...]
    skills: tuple[SkillBar, ...]
    styles: tuple[StyleBand, ...]
    num_filled: int
    num_agreed: int
    cost: int
    points: int

    @property
    def is_scheduled(self) -> bool:
        return self.start_idx is not None

    @property
    def is_movable(self) -> bool:
        return self.earliest_idx != self.latest_idx


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project as a whole; `lateness` and `reward` are points, `periods_late` counts from `due_idx`."""

    project_id: str
    project: str
    priority: int
    num_seats: int
    num_filled: int
    start_idx: int | None
    end_idx: int | None
    start: datetime | None
    end: datetime | None
    cost: int
    budget: int | None
    is_all_or_nothing: bool
    is_complete: bool
    due_idx: int | None
    due: datetime | None
    reward: int
    periods_late: int
    lateness: int
    points: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person's time: `load` and `capacity` are percent of full time, one number for each of the report's periods.

    Where a column holds several periods they are its means; `over` names the columns in which the load is
    larger than the capacity somewhere. `num_periods` is full-time periods allocated, `num_free` those left.
    """

    person_id: str
    name: str
    kind: Kind
    is_hire: bool
    site: str | None
    tags: tuple[str, ...]
    load: tuple[int, ...]
    capacity: tuple[int, ...]
    over: tuple[int, ...]
    seats: tuple[str, ...]
    num_periods: float
    num_free: float
    cost: int
    points: int

    @property
    def utilisation_pct(self) -> int | None:
        """Allocated time in percent of capacity; None where there is no capacity."""
        whole = self.num_periods + self.num_free
        return round(100 * self.num_periods / whole) if whole > 0 else None


@dataclass(frozen=True, slots=True)
class GapRow:
    """A seat that the plan leaves open, and why."""

    seat: SeatRow
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class HireRow:
    """A hire that the plan suggests: `points` is what its seats bring, less `hire_points`."""

    person_id: str
    name: str
    kind: Kind
    site: str | None
    seats: tuple[SeatRow, ...]
    num_periods: float
    points: int
    hire_points: int
    hire_cost: int
    staff_cost: int
    earliest_idx: int
    earliest: datetime | None
    acceptance: int


@dataclass(frozen=True, slots=True)
class Headline:
    """The numbers of the sentence on top.

    `asked` and `filled` are full-time periods; `better_pct`, in whole hundredths of a percent, is by how much any
    plan could be better at most, None where nothing is proven.
    """

    num_seats: int
    num_filled: int
    num_agreed: int
    num_people: int
    num_hires: int
    num_teams: int
    num_full_teams: int
    num_changes: int
    asked: float
    filled: float
    cost: int
    hire_cost: int
    better_pct: float | None

    @property
    def num_gaps(self) -> int:
        return self.num_seats - self.num_filled

    @property
    def filled_pct(self) -> int:
        return 100 * self.num_filled // self.num_seats if self.num_seats else 100


@dataclass(frozen=True, slots=True)
class PlanReport:
    """Everything that a plan page or an export shows.

    `terms` add up to `objective` exactly, in points: fill, fit, style, preference, money, acceptance, rounding (of the
    seats), hiring, changes, team_rules, rewards. `violations` is empty unless somebody overrode a rule by hand.
    `status` is the solver's word: optimal, feasible, infeasible, unknown. `conflict` is empty unless infeasible.
    """

    meta: PlanMeta
    problem: str
    period: Period
    starts_on: date
    num_periods: int
    periods: tuple[PeriodLabel, ...]
    status: str
    headline: Headline
    projects: tuple[ProjectRow, ...]
    teams: tuple[TeamRow, ...]
    seats: tuple[SeatRow, ...]
    people: tuple[PersonRow, ...]
    gaps: tuple[GapRow, ...]
    hires: tuple[HireRow, ...]
    terms: Mapping[str, int]
    objective: int | None
    bound: int | None
    seconds: float
    trace: tuple[TracePoint, ...]
    conflict: tuple[Demand, ...]
    violations: tuple[Violation, ...]
