"""What may be said of a plan's versions and agreement, and what is shown of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from planner.models import AgreementState, StepKind, VersionKind
from planner.schemas.planning_plans import ReasonSaid
from planner.schemas.said import Id, Said, Seen, ShortText, Whole


class RestoreSaid(ReasonSaid):
    """The version that a plan shall be again."""

    number: Id


class ReplanSaid(Said):
    """A plan that mends the one in force, and changes at most so many of its seats."""

    max_changes: Whole
    title: ShortText = ""
    time_limit_s: Annotated[int, Field(ge=1, le=86_400)] = 20


class BreakSeen(Seen):
    """Why people of the plan in force cannot stay on seats, in the reader's language."""

    seats: list[str]
    person: str | None
    person_name: str
    num_at_least: int
    words: str


class HoldsSeen(Seen):
    """What of the plan in force no longer holds, by what is known today; no plan where none is in force."""

    plan_id: int | None
    number: int | None
    version_number: int | None
    num_seats: int
    num_at_least: int
    new_seats: list[str]
    breaks: list[BreakSeen]


class VersionSeen(Seen):
    """A version of a plan: who made it, when and why, and what it comes to."""

    number: int
    kind: VersionKind
    made_at: datetime
    made_by: str
    reason: str
    objective: int | None
    cost: int
    num_filled: int
    num_hires: int


class StandingSeen(Seen):
    """A plan as it stood: who holds which seat and how firmly, and when its phases start."""

    holders: dict[str, str]
    bookings: dict[str, str]
    starts: dict[str, int]


class WholeVersionSeen(VersionSeen):
    """A version with all that it says."""

    standing: StandingSeen


class FiguresSeen(Seen):
    """What a version comes to; money in whole units."""

    objective: int
    cost: int
    num_filled: int
    num_hires: int


class SeatChangeSeen(Seen):
    """A seat that is held otherwise, and a sentence that says it in the reader's language."""

    seat: str
    title: str
    project: str
    phase: str
    before: str | None
    after: str | None
    before_name: str
    after_name: str
    before_booking: str | None
    after_booking: str | None
    from_idx: int | None
    to_idx: int | None
    points_change: int
    cost_change: int
    words: str


class PhaseMoveSeen(Seen):
    """A phase that starts otherwise, in periods of the later plan; null where it is not scheduled."""

    phase: str
    project: str
    before: int | None
    after: int | None
    words: str


class DifferenceSeen(Seen):
    """What makes one version of another: seat by seat, phase by phase, and in figures; the terms add up."""

    words: list[str]
    seats: list[SeatChangeSeen]
    phases: list[PhaseMoveSeen]
    before: FiguresSeen
    after: FiguresSeen
    points_change: int
    cost_change: int
    filled_change: int
    hires_change: int
    terms_change: dict[str, int]
    points_elsewhere: int
    hires_added: list[str]
    hires_dropped: list[str]


class StepSeen(Seen):
    """A step of a plan's agreement."""

    kind: StepKind
    version_number: int
    by_name: str
    at: datetime
    reason: str


class AgreementSeen(Seen):
    """How far people have come with a plan: its state is about its newest version."""

    state: AgreementState
    latest_number: int
    is_in_force: bool
    in_force_version: int | None
    in_force_since: datetime | None
    is_agreed_by_two: bool
    steps: Annotated[list[StepSeen], Field()]


class InForceSeen(Seen):
    """The plan in force, and as it stood at which version; nothing where none is."""

    plan_id: int | None
    number: int | None
    title: str | None
    version_number: int | None
    since: datetime | None
