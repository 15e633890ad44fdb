"""Where other corridors add what they know to a report: a section each, left out where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from planner.exchange.reports import Section
from planner.exchange.words import Words
from planner.services.outcomes.feedback_section import feedback_section
from planner.services.outcomes.objective_section import objective_section
from planner.services.outcomes.task_section import task_section
from planner.services.outcomes.wanted import Wanted

Seam = Callable[[Session, Wanted, Words], Section | None]

OF_TEAMS: tuple[Seam, ...] = (objective_section, feedback_section, task_section)
OF_DEPARTMENT: tuple[Seam, ...] = (task_section,)


def sections(seams: tuple[Seam, ...], session: Session, wanted: Wanted, say: Words) -> list[Section]:
    """What there is to say."""
    return [section for seam in seams if (section := seam(session, wanted, say)) is not None]
