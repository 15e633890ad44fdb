"""What may be said of a plan that is asked for, of a decision about it, and of a change by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from planner.models import LARGEST, JobState, PersonKind, PlanState, Preset
from planner.schemas.said import Id, LongText, Minor, Moment, Name, Said, Seen, Whole

MOST_PERIODS = 20_000
MOST_WEIGHT = 10**6
MOST_PROJECTS = 10_000
Weight = Annotated[int, Field(ge=0, le=MOST_WEIGHT)]
Key = Annotated[str, StringConstraints(min_length=1, strip_whitespace=False)]


class WeightsSaid(Said):
    """What counts how much, in points: the contract's weights."""

    fill: Weight = 1000
    fit: Weight = 100
    style: Weight = 100
    preference: Weight = 50
    money: Weight = 100
    change: Weight = 100


class PlanSaid(Said):
    """A plan that is asked for. Without `projects` all are planned, without `kinds` everybody is considered.

    `starts_on` and `num_periods` are the horizon, in the workspace's periods; money in minor units. `is_growth` is
    whether people gain levels by doing; without it, what the workspace says. A plan that `replans` another one, as it
    stood in force at `replans_version`, changes at most `max_changes` of its seats.
    """

    title: Name
    starts_on: Moment
    num_periods: Annotated[int, Field(ge=1, le=MOST_PERIODS)]
    preset: Preset = Preset.FILL
    weights: WeightsSaid | None = None
    kinds: Annotated[list[PersonKind], Field(max_length=len(PersonKind))] = []
    projects: Annotated[list[Id], Field(max_length=MOST_PROJECTS)] = []
    max_hires: Whole | None = None
    hire_budget: Minor | None = None
    budget: Minor | None = None
    max_changes: Whole | None = None
    replans: Id | None = None
    replans_version: Id | None = None
    is_growth: bool | None = None
    time_limit_s: Annotated[int, Field(ge=1, le=86_400)] = 20
    is_reproducible: bool = False
    seed: Annotated[int, Field(ge=0, le=LARGEST)] = 1


class ReasonSaid(Said):
    """Why something was decided; whether one is needed depends on what it breaks."""

    reason: LongText = ""


class AcceptSaid(ReasonSaid):
    """Seats whose proposed people become agreed."""

    seats: Annotated[list[Key], Field(min_length=1, max_length=100_000)]


class AssignSaid(ReasonSaid):
    """Somebody put on a seat by hand."""

    person: Key


class SwapSaid(ReasonSaid):
    """Another seat with whose holder a seat's holder changes places."""

    other: Key


class MoveSaid(ReasonSaid):
    """The period of the plan in which a phase shall start."""

    start_idx: Annotated[int, Field(ge=0, le=LARGEST)]


class PlanSeen(Seen):
    """A plan as the API shows it; `objective` and `bound` are points, money is in whole units.

    `failure` says in the reader's language why one failed; those from before there were codes have that text alone.
    """

    id: int
    number: int
    version: int
    title: str
    state: PlanState
    preset: Preset
    status: str | None
    objective: int | None
    bound: int | None
    seconds: float | None
    starts_on: date
    num_periods: int
    num_seats: int
    num_filled: int
    num_people: int
    num_hires: int
    cost: int
    created_at: datetime
    in_force_since: datetime | None
    scenario_id: int | None
    failure: str
    failure_code: str | None


class TracePointSeen(Seen):
    """How far a search had come at a moment; `bound` is what no plan can pass."""

    seconds: float
    objective: int | None
    bound: int | None
    filled: int
    source: str


class ProgressSeen(Seen):
    """How far a plan's background job has come; `place` counts the jobs before it, itself counted."""

    state: PlanState
    job_state: JobState | None
    place: int
    seconds: float
    time_limit_s: int
    is_cancel_asked: bool
    trace: list[TracePointSeen]


class ViolationSeen(Seen):
    """A rule that is broken, and where."""

    rule: str
    text: str
    seat: str | None
    person: str | None
    phase: str | None
    project: str | None


class LoadSeen(Seen):
    """A person's fullest period after a change, in percent of full time."""

    person: str
    name: str
    period_idx: int
    load: int
    capacity: int


class PreviewSeen(Seen):
    """What a change by hand would do: points by term, cost in whole units, rules, and who gets how full."""

    points_change: int
    cost_change: int
    terms_change: dict[str, int]
    new_violations: list[ViolationSeen]
    mended_violations: list[ViolationSeen]
    loads: list[LoadSeen]


class OwnLineSeen(Seen):
    """A seat that one's own person is agreed on; `to_on` is its last day."""

    title: str
    project: str
    phase: str
    from_on: date
    to_on: date
    fte_pct: int


class ScheduleSeen(Seen):
    """The seats that one's own person is agreed on, the first to begin first."""

    items: list[OwnLineSeen]
