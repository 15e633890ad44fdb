"""Where other corridors add what they know to a report: a section each, left out where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from planner.exchange.reports import Section
from planner.exchange.words import Words
from planner.services.outcomes.wanted import Wanted

Seam = Callable[[Session, Wanted, Words], Section | None]


def objectives(_session: Session, _wanted: Wanted, _say: Words) -> Section | None:
    """The objectives of the wanted projects and how far they are."""
    return None


def feedback(_session: Session, _wanted: Wanted, _say: Words) -> Section | None:
    """What clients and users say of the wanted projects; what people are rated by few goes through `guarded`."""
    return None


def tasks(_session: Session, _wanted: Wanted, _say: Words) -> Section | None:
    """How tasks flow: done, late, waiting."""
    return None


OF_TEAMS: tuple[Seam, ...] = (objectives, feedback, tasks)
OF_DEPARTMENT: tuple[Seam, ...] = (tasks,)


def sections(seams: tuple[Seam, ...], session: Session, wanted: Wanted, say: Words) -> list[Section]:
    """What there is to say."""
    return [section for seam in seams if (section := seam(session, wanted, say)) is not None]
