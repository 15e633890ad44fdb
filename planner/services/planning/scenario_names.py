"""The names of what a scenario's changes refer to by id: skills, work styles, sites, projects, phases, PMs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Phase, Project, Scenario, Site, Skill, SubjectKind, User, WorkStyle

Names = dict[str, dict[int, str]]


def names_of(session: Session, scenario: Scenario) -> Names:
    """Every name that a change of a scenario may need, by what it names and its id, in six queries."""
    found: Names = {
        "skills": _names(session, Skill.id, Skill.name),
        "styles": _names(session, WorkStyle.id, WorkStyle.name),
        "sites": _names(session, Site.id, Site.name),
        "managers": _names(session, User.id, User.name),
        "projects": _names(session, Project.id, Project.name),
        "phases": _names(session, Phase.id, Phase.name),
    }
    for record in scenario.subjects:
        if record.is_new and record.kind in (SubjectKind.PROJECT, SubjectKind.PHASE):
            found[f"{record.kind}s"][record.subject_id] = str((record.said or {}).get("name", ""))
    return found


def _names(session: Session, ident: Any, name: Any) -> dict[int, str]:
    return dict(session.execute(select(ident, name)).all())
