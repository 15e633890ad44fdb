"""Beginning a project with templates: its phases one after the other, each with the team that its template asks for."""

from __future__ import annotations

from sqlalchemy.orm import Session

from planner.models import Project, TeamTemplate, User
from planner.schemas.outcomes_templates import BegunPhaseSaid, BegunProjectSaid
from planner.schemas.staffing_projects import PhaseSaid, ProjectSaid
from planner.services.outcomes.template_using import Gone, use
from planner.services.refused import Refused
from planner.services.staffing.phases import add_phase
from planner.services.staffing.projects import add_project, workspace_of


def begin_project(session: Session, said: BegunProjectSaid, *, by: User) -> tuple[Project, list[Gone]]:
    """Adds a project with a phase for each template, in their order, and tells what is not on offer any more.

    Raises Refused where a template is gone, or where the project cannot be.
    """
    fields = set(ProjectSaid.model_fields)
    project = add_project(session, ProjectSaid.model_validate(said.model_dump(include=fields)))
    workspace = workspace_of(session)
    at = workspace.idx_of(said.starts_on)
    before: list[int] = []
    gone: list[Gone] = []
    for n, one in enumerate(said.phases):
        template = _template(session, one, n)
        duration = one.duration or template.duration
        start = workspace.moment_of(at)
        phase = add_phase(
            session,
            project,
            PhaseSaid(name=one.name or template.name, duration=duration, earliest_on=start, after_ids=before),
        )
        _made, planned = use(session, template.newest, phase, by=by)
        gone += planned.gone
        before, at = [phase.id], at + duration
    return project, gone


def _template(session: Session, said: BegunPhaseSaid, n: int) -> TeamTemplate:
    template = session.get(TeamTemplate, said.template_id)
    if template is None:
        raise Refused("template_is_gone", field=f"phases.{n}.template_id")
    return template
