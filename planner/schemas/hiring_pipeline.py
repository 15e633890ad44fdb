"""What may be said of a column of the pipeline board."""

from __future__ import annotations

from typing import Literal

from planner.models import Stage
from planner.schemas.said import Said, Seen, ShortText


class ColumnSaid(Said):
    """A column: the stage that it stands for, and what a company calls it; without a name, as the stage is called."""

    stage: Stage
    name: ShortText = ""
    name_fr: ShortText = ""


class PlaceSaid(Said):
    """Where a column moves: one place to the left (-1) or to the right (1)."""

    by: Literal[-1, 1]


class ColumnSeen(Seen):
    """A column as the API shows it, from left to right."""

    id: int
    version: int
    stage: Stage
    name: str
    name_fr: str
    position: int
