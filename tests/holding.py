"""A small company that works by a plan: three people, two projects, and who holds which seat, said by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import rows
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import translate
from planner.models import (
    Absence,
    Agreement,
    AgreementState,
    Allocation,
    CapacitySpan,
    Person,
    PersonKind,
    PersonSkill,
    Phase,
    Plan,
    PlanState,
    PlanStep,
    Project,
    RoleName,
    RoleNeed,
    Skill,
    StepKind,
    User,
    VersionKind,
    Workspace,
    now,
)
from planner.schemas.planning_plans import PlanSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.schemas.staffing_projects import PhaseSaid, ProjectSaid
from planner.services.planning import versions
from planner.services.planning.reading import frozen
from planner.services.staffing import calendars, needs, phases, projects
from planner.translate import PlanRequest
from solver import problem, solution
from solver.check import score
from solver.solution import Result, Solution, Status


@dataclass
class Company:
    """Ann knows SQL at 4, Bob at 3, Cat knows search at 3. Alpha runs in weeks 1 to 8: an analyst full time (SQL at
    3) and a writer half time (search at 3). Beta runs in weeks 2 to 5: a lead at 60 % (SQL at 4)."""

    session: Session
    workspace: Workspace
    pm: User
    ops: User
    sql: Skill
    seo: Skill
    people: dict[str, Person]
    alpha: Project
    beta: Project
    needs: dict[str, RoleNeed]
    plan: Plan | None = None

    def seat(self, name: str) -> str:
        return self.needs[name].seats[0].key

    def away(self, name: str, period: int, num_days: int = 5) -> None:
        """Takes somebody's first working days off a week."""
        first = self.workspace.moment_of(period).date()
        week = [first + timedelta(n) for n in range(7)]
        days = [day for day in week if day.weekday() < 5][:num_days]
        for day in days:
            self.session.add(Absence(person=self.people[name], from_on=day, to_on=day))
        self.session.commit()
        self.session.expire_all()


def company(session: Session) -> Company:
    workspace = rows.workspace(session)
    pm, ops = rows.user(session, RoleName.PROJECT_MANAGER), rows.user(session, RoleName.OPERATIONS)
    sql, seo = Skill(key="sql", name="SQL"), Skill(key="seo", name="Search")
    session.add_all([sql, seo])
    session.flush()
    people = {
        name: Person(
            key=name, name=name.capitalize(), kind=PersonKind.EMPLOYEE, cost_minor=cost * 100,
            capacity_spans=[CapacitySpan(fte_pct=100)], skills=[PersonSkill(skill_id=skill.id, level=level)],
        )
        for name, skill, level, cost in (("ann", sql, 4, 1000), ("bob", sql, 3, 800), ("cat", seo, 3, 600))
    }  # fmt: skip
    session.add_all(people.values())
    alpha = projects.add_project(session, ProjectSaid(name="Alpha", client="Acme", pm_id=pm.id, budget_minor=900_000))
    beta = projects.add_project(session, ProjectSaid(name="Beta"))
    first = phases.add_phase(session, alpha, PhaseSaid(name="Build", duration=8, earliest_on=workspace.moment_of(1)))
    other = phases.add_phase(session, beta, PhaseSaid(name="Run", duration=4, earliest_on=workspace.moment_of(2)))

    def need(phase: Phase, title: str, fte: int, skill: Skill, level: int) -> RoleNeed:
        line = {"skill_id": skill.id, "level": level}
        return needs.add_need(session, phase, NeedSaid(title=title, fte_pct=fte, skills=[line]))

    asked = {
        "analyst": need(first, "Analyst", 100, sql, 3),
        "writer": need(first, "Writer", 50, seo, 3),
        "lead": need(other, "Lead", 60, sql, 4),
    }
    session.commit()
    return Company(session, workspace, pm, ops, sql, seo, people, alpha, beta, asked)


def work_by(here: Company, holders: Mapping[str, str], number: int = 1) -> Plan:
    """Puts a plan in force in which people, by their names, hold seats, by their needs'."""
    session, workspace = here.session, here.workspace
    question = translate.to_problem(session, PlanRequest(), calendars)
    said = Solution({}, {here.seat(need): who for need, who in holders.items()})
    points = score(question, said).objective
    result = Result(question.name, Status.FEASIBLE, said, points, None, 0.1, {}, (), ())
    for other in session.scalars(select(Plan).where(Plan.in_force_since.is_not(None))):
        other.in_force_since = None
    session.flush()
    horizon = {"starts_on": workspace.moment_of(0), "num_periods": workspace.num_periods}
    plan = Plan(
        number=number, title="Plan", request_token=uuid4().hex, state=PlanState.READY,
        starts_on=question.calendar.start, num_periods=question.calendar.periods,
        request=PlanSaid(title="Plan", **horizon).model_dump(mode="json"),
        question=frozen(problem.to_document(question)), answer=frozen(solution.to_document(question, result)),
        status=Status.FEASIBLE, objective=points, num_seats=3, num_filled=len(holders), in_force_since=now(),
        allocations=[Allocation(seat_key=seat, person_key=who) for seat, who in said.holders.items()],
    )  # fmt: skip
    session.add(plan)
    session.flush()
    versions.keep(session, plan, by=None, kind=VersionKind.ANSWER)
    state = AgreementState.APPROVED
    session.add(Agreement(plan_id=plan.id, state=state, version_number=1, in_force_version=1))
    step = {"kind": StepKind.PUT_IN_FORCE, "by_id": here.pm.id, "by_name": here.pm.name}
    session.add(PlanStep(plan_id=plan.id, version_number=1, **step))
    session.commit()
    here.plan = plan
    return plan


def working_company(session: Session) -> Company:
    """The company with a plan in force: Ann is the analyst, Cat the writer, nobody leads."""
    found = company(session)
    work_by(found, {"analyst": "ann", "writer": "cat"})
    return found
