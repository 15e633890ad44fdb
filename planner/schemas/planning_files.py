"""What may be said beside a file of the exchange format."""

from __future__ import annotations

from planner.schemas.said import Name, Said, Seen


class ProblemFileSaid(Said):
    """A staffing problem to open; `is_replacing` where it may replace what is there."""

    is_replacing: bool = False


class PlanFileSaid(Said):
    """A plan file to open on the workspace."""

    title: Name


class CountsSeen(Seen):
    """How much a staffing problem brought in."""

    people: int
    projects: int
    phases: int
    seats: int
