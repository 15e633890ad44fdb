"""What a row of a sheet may say where it says more than one thing: a project with one of its phases, a past job."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from planner.models import LEVEL_LARGEST, RatingSource
from planner.schemas.outcomes_effort import EffortSaid
from planner.schemas.said import Effort, Id, LastDay, Maybe, Name, Said, ShortText
from planner.schemas.staffing_needs import NeedSaid
from planner.schemas.staffing_people import AbsenceSaid
from planner.schemas.staffing_projects import PhaseSaid, ProjectSaid


class ProjectRowSaid(ProjectSaid):
    """A project, and one phase of it; a row without a phase is about the project alone."""

    phase: PhaseSaid | None = None


class NeedRowSaid(NeedSaid):
    """A role need, and the phase that it stands in."""

    phase_id: Id


class AbsenceRowSaid(AbsenceSaid):
    """Days away, and whose."""

    person_id: Id


class RatingRowSaid(Said):
    """A level in a skill, and whose."""

    person_id: Id
    skill_id: Id
    level: Annotated[int, Field(ge=1, le=LEVEL_LARGEST)]
    source: RatingSource = RatingSource.IMPORT
    rated_on: Maybe[date] = None


class EffortRowSaid(EffortSaid):
    """Work that was done, and for which role need."""

    need_id: Id


class PastAllocationSaid(Said):
    """Work that somebody has done, the first and the last day included."""

    person_id: Id
    project: Name
    role: ShortText = ""
    from_on: date
    to_on: LastDay
    fte_pct: Effort = 100
