"""Scenarios over a small company: what is there, edits of it, and the same edits said in a scenario."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import rows
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import translate
from planner.models import (
    Candidate,
    Person,
    PersonKind,
    Phase,
    PipelineColumn,
    Project,
    RoleName,
    RoleNeed,
    Scenario,
    Skill,
    SubjectKind,
    SubjectState,
    User,
    Workspace,
)
from planner.schemas.hiring_candidates import CandidateSaid
from planner.schemas.planning_plans import PlanSaid
from planner.schemas.planning_scenarios import ChangeSaid, ScenarioSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.schemas.staffing_people import PersonSaid
from planner.schemas.staffing_projects import PhaseSaid, ProjectSaid
from planner.services.hiring import candidates
from planner.services.planning import scenario_changes, scenarios
from planner.services.planning.scenario_documents import Subject
from planner.services.planning.trying import tried
from planner.services.staffing import calendars, needs, people, phases, projects
from planner.translate import PlanRequest
from solver.problem import Problem, to_document

__all__ = ["Candidate", "PipelineColumn"]


def company(session: Session) -> dict[str, Any]:
    """Two projects, three people and a candidate; made by the verbs, like everything that is there."""
    ops = rows.user(session, RoleName.OPERATIONS, RoleName.PROJECT_MANAGER)
    workspace = rows.workspace(session)
    seo, sql = Skill(key="seo", name="SEO"), Skill(key="sql", name="SQL")
    session.add_all([seo, sql])
    session.flush()
    start = workspace.moment_of(1)
    project = projects.add_project(session, ProjectSaid(name="Launch", priority=3))
    phase = phases.add_phase(session, project, PhaseSaid(name="Build", duration=8, earliest_on=start))
    later = phases.add_phase(
        session, project, PhaseSaid(name="Run", duration=4, earliest_on=workspace.moment_of(9), after_ids=[phase.id])
    )
    need = needs.add_need(
        session, phase, NeedSaid(title="Search lead", count=2, skills=[{"skill_id": seo.id, "level": 3}])
    )
    other = needs.add_need(session, later, NeedSaid(title="Analyst", skills=[{"skill_id": sql.id, "level": 2}]))
    ann = people.add_person(
        session,
        PersonSaid(
            name="Ann Lee",
            cost_minor=100_000,
            skills=[{"skill_id": seo.id, "level": 4}, {"skill_id": sql.id, "level": 2}],
            absences=[{"from_on": date(2027, 2, 1), "to_on": date(2027, 2, 5)}],
            wishes=[{"project_id": project.id, "wish": 50}],
        ),
    )
    ben = people.add_person(
        session, PersonSaid(name="Ben Ode", cost_minor=80_000, skills=[{"skill_id": sql.id, "level": 3}])
    )
    cy = candidates.add_candidate(
        session, CandidateSaid(name="Cy Trent", skills=[{"skill_id": seo.id, "level": 5}], acceptance_pct=70), by=ops
    )
    session.commit()
    return {
        "ops": ops, "workspace": workspace, "seo": seo, "sql": sql, "project": project, "phase": phase,
        "later": later, "need": need, "other": other, "ann": ann, "ben": ben, "cy": cy,
    }  # fmt: skip


def scenario(session: Session, by: User, name: str = "Spring") -> Scenario:
    found = scenarios.begin(session, ScenarioSaid(name=name), by=by)
    session.commit()
    return found


def changed(session: Session, scene: Scenario, by: User, what: str, ident: int | None, /, **fields: Any) -> Subject:
    said = ChangeSaid(kind=SubjectKind(what), id=ident, fields=fields)
    return scenario_changes.change(session, scene, said, by=by)


def added(
    session: Session, scene: Scenario, by: User, what: str, parent_id: int | None = None, /, **fields: Any
) -> Subject:
    said = ChangeSaid(kind=SubjectKind(what), state=SubjectState.ADDED, parent_id=parent_id, fields=fields)
    return scenario_changes.change(session, scene, said, by=by)


def left_out(session: Session, scene: Scenario, by: User, kind: str, ident: int) -> None:
    said = ChangeSaid(kind=SubjectKind(kind), id=ident, state=SubjectState.REMOVED)
    scenario_changes.change(session, scene, said, by=by)


def question(session: Session, request: PlanRequest | None = None) -> str:
    """What is there as a question, to the last byte."""
    return written(translate.to_problem(session, request or PlanRequest(), calendars))


def question_in(session: Session, scene: Scenario, request: PlanRequest | None = None) -> str:
    """The question that a scenario asks, to the last byte."""
    with tried(session, scene) as applied:
        assert applied.refused == {}
        return question(session, request)


def written(problem: Problem) -> str:
    return json.dumps(to_document(problem))


def plan_said(workspace: Workspace, **changes: Any) -> PlanSaid:
    said = {"title": "Plan", "starts_on": workspace.moment_of(0), "num_periods": 16, "time_limit_s": 2}
    return PlanSaid.model_validate(said | changes)


def everybody(session: Session) -> list[Person]:
    return list(session.scalars(select(Person).order_by(Person.id)))


KINDS = {"person": Person, "project": Project, "phase": Phase, "need": RoleNeed}
EMPLOYEE = PersonKind.EMPLOYEE
