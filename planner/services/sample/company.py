"""What the parts of the loader share: the names made so far, and how a day or a sum of money is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from planner.models import MINOR, Person, Phase, Project, RoleNeed, Site, Skill, Workspace, WorkStyle

Row = Mapping[str, Any]
MAIL_DOMAIN = "example.com"


@dataclass
class Company:
    """What has been made so far, by the names that the data files use."""

    workspace: Workspace
    skills: Mapping[str, Skill]
    styles: Mapping[str, WorkStyle]
    sites: dict[str, Site] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    user_ids: dict[str, int | None] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    phases: dict[str, Phase] = field(default_factory=dict)
    needs: dict[str, RoleNeed] = field(default_factory=dict)


def moment(day: date) -> datetime:
    """The wall-clock moment at which a day begins."""
    return datetime.combine(day, time.min)


def moment_or_none(day: date | None) -> datetime | None:
    """The same, where there may be no day."""
    return moment(day) if day is not None else None


def instant(day: date) -> datetime:
    """Nine in the morning, UTC, of a day."""
    return datetime.combine(day, time(9), UTC)


def minor(units: int | None) -> int | None:
    """Minor units of a sum in whole units, where there is one."""
    return units * MINOR if units is not None else None
