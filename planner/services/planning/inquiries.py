"""Questions about a plan that take solving again: which profiles to hire, and what becomes of it after a no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.models import (
    MINOR,
    Candidate,
    Inquiry,
    InquiryKind,
    Job,
    JobState,
    Person,
    Plan,
    PlanState,
    User,
    Workspace,
)
from planner.schemas.planning_inquiries import DeclinesSaid, OpeningsSaid
from planner.services.planning.causes import cause
from planner.services.planning.reading import frozen, question_of, result_of, thawed
from planner.services.planning.running import Claim, finish
from planner.services.refused import Refused
from planner.translate.tags import STAFF
from solver.problem import Problem
from solver.problem.market import Market
from solver.solution import Result

SITES = ("site:",)  # nobody sits at two


class Asked(NamedTuple):
    """A question, read once from the rows."""

    kind: str
    problem: Problem
    given: Result
    time_limit_s: float
    market: Market | None
    max_hires: int | None
    hire_budget: int | None
    seat: str = ""
    person: str = ""
    differ: int = 0


@dataclass(frozen=True)
class LastDay:
    """The last day on which somebody must have decided, so that a seat begins in time; and whether it has gone by."""

    on: date
    is_past: bool


def ask(session: Session, plan: Plan, said: OpeningsSaid | DeclinesSaid, *, by: User) -> tuple[Inquiry, Job]:
    """Puts a question about a plan in the queue. Raises Refused where the plan has no answer to ask about."""
    if plan.state is not PlanState.READY:
        raise Refused("plan_is_running")
    kind = InquiryKind.OPENINGS if isinstance(said, OpeningsSaid) else InquiryKind.DECLINES
    return put(session, plan, Inquiry(kind=kind, asked=said.model_dump(mode="json"), asked_by=by.name))


def put(session: Session, plan: Plan, inquiry: Inquiry) -> tuple[Inquiry, Job]:
    """Puts a question in the queue, about the plan as it stands."""
    inquiry.plan_id, inquiry.plan_version = plan.id, plan.version
    session.add(inquiry)
    session.flush()
    job = Job(plan_id=plan.id, inquiry_id=inquiry.id)
    session.add(job)
    session.flush()
    return inquiry, job


def latest(session: Session, plan: Plan, kind: InquiryKind) -> tuple[Inquiry, Job] | None:
    """The newest question of a kind about a plan, with its job."""
    statement = (
        select(Inquiry, Job)
        .join(Job, Job.inquiry_id == Inquiry.id)
        .where(Inquiry.plan_id == plan.id, Inquiry.kind == kind)
        .order_by(Inquiry.id.desc())
        .limit(1)
    )
    found = session.execute(statement).first()
    return (found[0], found[1]) if found is not None else None


def answer_of(inquiry: Inquiry) -> dict[str, Any] | None:
    """The answer; None while there is none."""
    return thawed(inquiry.answer) if inquiry.answer is not None else None


def asked_of(inquiry: Inquiry) -> Asked:
    """A question as the child takes it: about the plan as it stands by now."""
    plan, said = inquiry.plan, inquiry.asked
    problem = question_of(plan)
    market = None
    if inquiry.kind in (InquiryKind.OPENINGS, InquiryKind.NOBODY):
        market = Market(
            hire_cost=int(said["hire_cost_minor"]) // MINOR,
            earliest=min(int(said["earliest_periods"]), problem.calendar.periods),
            fte=int(said["fte_pct"]),
            not_for_hires=frozenset({STAFF}),
            exclusive=SITES,
        )
    budget = said.get("hire_budget_minor")
    return Asked(
        kind=str(inquiry.kind),
        problem=problem,
        given=result_of(plan),
        time_limit_s=float(said["time_limit_s"]),
        market=market,
        max_hires=said.get("max_hires"),
        hire_budget=int(budget) // MINOR if budget is not None else None,
        seat=said.get("seat") or "",
        person=said.get("person") or "",
        differ=int(said.get("differ") or 0),
    )


def store(session: Session, held: Claim, inquiry_id: int, told: dict[str, object] | None) -> bool:
    """Keeps an answer; a child that was ended before it had one leaves the question failed."""
    state = JobState.DONE if told is not None else JobState.FAILED
    failure = None if told is not None else cause("interrupted_inquiry")
    if not finish(session, held, state, failure):
        return False
    if told is not None:
        session.execute(update(Inquiry).where(Inquiry.id == inquiry_id).values(answer=frozen(told)))
    return True


def last_day(workspace: Workspace, plan: Plan, first_idx: int, person: Person | None, today: date) -> LastDay:
    """When somebody must have decided: the start of the seat, less the notice that the person has to give."""
    notice = person.notice_periods if person is not None else 0
    begins = plan.starts_on + first_idx * workspace.step
    on = begins - notice * workspace.step - timedelta(days=1)
    return LastDay(on, on < today)


def people_in(session: Session, keys: set[str]) -> dict[str, tuple[Person, Candidate | None]]:
    """People by key, each with the candidate that they are."""
    statement = (
        select(Person, Candidate).outerjoin(Candidate, Candidate.person_id == Person.id).where(Person.key.in_(keys))
    )
    return {person.key: (person, candidate) for person, candidate in session.execute(statement)}
