"""Every report by its kind: what it needs of its reader, and the document that page, file, API and e-mail share."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.exchange.reports import Document
from planner.exchange.words import Words
from planner.models import Project, ReportKind, User, Workspace, folded
from planner.services.outcomes import report_seams
from planner.services.outcomes.department import department_report
from planner.services.outcomes.department_document import department_document
from planner.services.outcomes.forecast_document import forecast_document
from planner.services.outcomes.team import team_report
from planner.services.outcomes.team_document import team_document
from planner.services.outcomes.wanted import Wanted
from planner.services.work.forecast import forecast

ACTIONS: Mapping[ReportKind, str] = {  # what somebody must be allowed to read one
    ReportKind.TEAM: "team_report.see",
    ReportKind.DEPARTMENT: "department_report.see",
    ReportKind.FORECAST: "forecast.see",
}


def document_of(
    session: Session, kind: ReportKind, wanted: Wanted, language: str, *, by: User | None = None, low_pct: int = 50
) -> Document:
    """A report as its reader reads it."""
    say = Words(language if language in ("en", "fr") else "en", session.get_one(Workspace, 1).currency)
    name = by.name if by is not None else ""
    if kind is ReportKind.DEPARTMENT:
        more = report_seams.sections(report_seams.OF_DEPARTMENT, session, wanted, say)
        return department_document(department_report(session, wanted), say, by=name, more=tuple(more))
    if kind is ReportKind.FORECAST:
        return forecast_document(forecast(session), say, low_pct=low_pct, by=name)
    more = report_seams.sections(report_seams.OF_TEAMS, session, wanted, say)
    return team_document(team_report(session, wanted), say, by=name, more=tuple(more))


def clients(session: Session) -> list[str]:
    """The clients of all projects, by name."""
    return sorted((name for name in session.scalars(select(Project.client).distinct()) if name), key=str.casefold)


def projects(session: Session) -> list[tuple[int, str]]:
    """All projects, by name."""
    rows = session.execute(select(Project.id, Project.name).order_by(folded(Project.name), Project.id))
    return [(ident, name) for ident, name in rows]
