"""What may be said beside a file of the exchange format."""

from __future__ import annotations

from planner.schemas.said import Name, Said


class ProblemFileSaid(Said):
    """A staffing problem to open; `is_replacing` where it may replace what is there."""

    is_replacing: bool = False


class PlanFileSaid(Said):
    """A plan file to open on the workspace."""

    title: Name
