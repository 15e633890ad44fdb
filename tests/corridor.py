"""A hire that can be decided on: a project with its PM, an open and signed requisition, a candidate, a ready plan."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

import rows
from sqlalchemy.orm import Session

from planner import translate
from planner.models import (
    Candidate,
    NeedSkill,
    Phase,
    Plan,
    PlanState,
    Project,
    Requisition,
    RoleName,
    RoleNeed,
    Seat,
    Side,
    Skill,
    User,
    Workspace,
)
from planner.schemas.hiring_candidates import ApprovalSaid, CandidateSaid
from planner.schemas.hiring_requisitions import RequisitionSaid, SignatureSaid
from planner.services.hiring import candidates, requisitions, terms
from planner.services.planning import answering
from planner.services.planning.reading import frozen
from planner.services.staffing import calendars
from solver.check import score
from solver.problem import to_document
from solver.solution import Reason, Result, Solution, Status

REASON = "The best of four, and free in time."


@dataclass
class Corridor:
    """What a hire takes."""

    pm: User
    ops: User
    need: RoleNeed
    requisition: Requisition
    candidate: Candidate
    plan: Plan

    def approval(self, **changes: object) -> ApprovalSaid:
        """An approval of what the plan says now."""
        said = {"reason": REASON, "plan_number": self.plan.number, "plan_version": self.plan.version}
        return ApprovalSaid.model_validate(said | changes)


def corridor(session: Session) -> Corridor:
    """Cy is a candidate for the one seat of a role need, and the newest plan gives it to them."""
    pm, ops = rows.user(session, RoleName.PROJECT_MANAGER), rows.user(session, RoleName.OPERATIONS)
    workspace = rows.workspace(session)
    start = workspace.moment_of(2)
    need = RoleNeed(title="Search lead", seats=[Seat(key="s1.1", number=1)])
    phase = Phase(key="f1", name="Build", duration=8, earliest_on=start, latest_on=start + timedelta(weeks=4))
    phase.needs.append(need)
    session.add(Project(key="j1", name="Launch", pm_id=pm.id, phases=[phase]))
    session.flush()
    requisition = requisitions.add_requisition(
        session, RequisitionSaid(title="Search lead", need_id=need.id, starts_on=start), by=ops
    )
    sign(session, requisition, pm, ops)
    said = CandidateSaid(name="Cy Ngô", requisition_id=requisition.id, stage="offer")
    candidate = candidates.add_candidate(session, said, by=ops)
    plan = ready_plan(session, workspace, 3, {"s1.1": candidate.person.key})
    session.commit()
    return Corridor(pm, ops, need, requisition, candidate, plan)


def sign(session: Session, requisition: Requisition, pm: User, ops: User) -> None:
    """Both sides sign the terms as they are."""
    for side, by in ((Side.PROJECT, pm), (Side.OPERATIONS, ops)):
        said = SignatureSaid(terms_number=requisition.terms[-1].number)
        terms.sign(session, requisition, side, said, requisition.version, by=by)


def ready_plan(session: Session, workspace: Workspace, number: int, holders: dict[str, str]) -> Plan:
    """A ready plan of the whole workspace: these people on these seats, every phase as early as it may begin."""
    problem = translate.workspace_problem(session, calendars)
    starts = {phase.id: phase.earliest for phase in problem.phase_by_id.values()}
    solution = Solution(starts, holders)
    objective = score(problem, solution).objective
    reason = Reason("search_stopped", "It could be filled.", {"points": 100})
    result = Result(
        problem=problem.name,
        status=Status.FEASIBLE,
        solution=solution,
        objective=objective,
        bound=objective + 1000,
        seconds=1.0,
        unfilled={seat: (reason,) for seat in problem.seat_by_id if seat not in holders},
    )
    plan = Plan(
        number=number,
        title=f"Plan {number}",
        request_token=uuid.uuid4().hex,
        starts_on=workspace.calendar_start_on,
        num_periods=problem.calendar.periods,
        num_seats=len(problem.seat_by_id),
        question=frozen(to_document(problem)),
    )
    session.add(plan)
    session.flush()
    answering.write(session, plan, answering.judge(problem, result, (), is_stopped=False))
    assert plan.state is PlanState.READY, plan.failure
    return plan


def gap(session: Session, here: Corridor) -> Plan:
    """A plan in which the seat stays empty: it wants a skill that nobody holds."""
    here.need.skills.append(NeedSkill(skill=Skill(key="seo", name="SEO"), level=4, is_must=True, weight=2))
    plan = ready_plan(session, session.get_one(Workspace, 1), 4, {})
    session.commit()
    return plan
