"""What a worker does with a plan: freezes its question, and stores the answer once the rulebook has accepted it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from planner import translate
from planner.models import (
    Allocation,
    BookingKind,
    Candidate,
    JobState,
    Origin,
    Person,
    PhaseStart,
    Plan,
    PlanState,
    Stage,
    VersionKind,
    Workspace,
)
from planner.services.planning import replanning
from planner.services.planning.causes import Cause, broken, columns_of
from planner.services.planning.plans import newest_plan, to_request
from planner.services.planning.reading import frozen, question_of, solution_of
from planner.services.planning.running import Claim, finish, hand_back
from planner.services.planning.trying import tried
from planner.services.planning.versions import keep
from planner.services.staffing import calendars
from planner.translate import PlanRequest, Untranslatable, horizon_of
from solver import problem as asked
from solver import solution as answered
from solver.check import staff_cost, untrue_figures, violations
from solver.problem import Kind, Pairing, Problem
from solver.solution import Result, Solution, Status, TracePoint

MOST_TRACE = 400
MOST_NAMED = 5  # broken rules, in the sentence to the operator


class Work(NamedTuple):
    """What a solver needs: the question, what was asked of the search, a plan to begin with."""

    problem: Problem
    request: PlanRequest
    start: Solution | None
    usual_weights: dict[str, int]


def work_of(session: Session, plan: Plan) -> Work:
    """A plan's question, read once from the rows and frozen; a job that is taken up again finds it as it was.

    What people put by hand into the newest plan, and did not agree, is in force for this one: leaving it costs
    points, and the search begins from that plan, so that it is kept unless something better is found. A reproducible
    search begins from nothing, since the same question shall give the same plan whatever was planned before. The
    question of a scenario is made as the scenario would have the rows, and the search begins from its newest plan.

    Raises
    ------
    Untranslatable
        Where no question can be made of the rows.
    """
    request = to_request(plan)
    latest = newest_plan(session, before=plan)
    if plan.question is not None and is_outdated(session, question_of(plan)):
        _update(session, plan, question=None, request_token=secrets.token_urlsafe(16))
    if plan.question is None:
        problem = _in_force(session, request, _problem(session, plan), latest)
        _update(session, plan, question=frozen(asked.to_document(problem)), num_seats=len(problem.seat_by_id))
    else:
        problem = question_of(plan)
    usual = session.get_one(Workspace, 1).weights
    begin = (newest_plan(session, plan.scenario, before=plan) if plan.scenario is not None else None) or latest
    start = None if request.is_reproducible else _start(session, problem, plan, begin)
    return Work(problem, request, start, dict(usual))


def _in_force(session: Session, request: PlanRequest, problem: Problem, latest: Plan | None) -> Problem:
    """The question with what is in force for it: the plan that it mends, or bookings and what was put by hand."""
    mended = session.get(Plan, request.replans) if request.replans is not None else None
    if mended is not None and mended.question is not None:
        return replanning.question_again(session, problem, mended)
    return problem.replace(current=(*problem.current, *_put_by_hand(problem, latest)))


def _problem(session: Session, plan: Plan) -> Problem:
    """The question of a plan: of what is there, or of what its scenario makes of it. Raises Untranslatable."""
    if plan.scenario_id is None:
        return translate.to_problem(session, to_request(plan), calendars)
    if plan.scenario is None:
        raise Untranslatable("scenario_is_gone")
    with tried(session, plan.scenario) as applied:
        if applied.refused:
            raise Untranslatable("scenario_holds_no_more", num=len(applied.refused))
        return translate.to_problem(session, to_request(plan, applied.ids), calendars)


def is_outdated(session: Session, problem: Problem) -> bool:
    """Whether a question counts on a candidate who has withdrawn, was declined or was erased since it was frozen."""
    asked_for = {person.id for person in problem.people if person.kind is Kind.CANDIDATE}
    over = (Stage.DECLINED, Stage.WITHDRAWN)
    gone = select(Person.key).join(Candidate, Candidate.person_id == Person.id).where(Candidate.stage.in_(over))
    there = set(session.scalars(select(Person.key).where(Person.key.in_(asked_for))))
    return not asked_for <= there or bool(asked_for & set(session.scalars(gone)))


def begin_anew(session: Session, held: Claim, problem: Problem) -> bool:
    """Puts a job back whose question counts on somebody who may not be planned with any more; whether that was so."""
    if not is_outdated(session, problem):
        return False
    plan = session.get_one(Plan, held.plan_id)
    _update(session, plan, question=None, request_token=secrets.token_urlsafe(16))
    return hand_back(session, held)


class Verdict(NamedTuple):
    """An answer as it will be stored: what becomes of the job and of the plan, whose rows follow."""

    job_state: JobState
    failure: Cause | None
    columns: dict[str, Any]
    allocations: list[dict[str, Any]]
    starts: list[dict[str, Any]]


def judge(problem: Problem, result: Result, trace: Sequence[TracePoint], *, is_stopped: bool) -> Verdict:
    """What becomes of an answer. One that the rulebook refuses makes the plan *failed*, and is shown to nobody."""
    failure = _fault(problem, result)
    is_shown = result.solution is not None and not failure
    return Verdict(
        job_state=JobState.FAILED if failure else JobState.CANCELLED if is_stopped else JobState.DONE,
        failure=failure,
        columns={
            **_figures(problem, result.solution or Solution()),
            "state": _plan_state(result, failure, is_stopped=is_stopped),
            **columns_of(failure),
            "answer": frozen(answered.to_document(problem, result)),
            "status": str(result.status),
            "objective": result.objective,
            "bound": result.bound,
            "seconds": result.seconds,
            "trace": [asdict(point) for point in thinned(trace)],
        },
        allocations=_allocations(problem, result.solution) if result.solution is not None and is_shown else [],
        starts=_starts(problem, result.solution) if result.solution is not None and is_shown else [],
    )


def store(session: Session, held: Claim, verdict: Verdict) -> bool:
    """Keeps the answer to a plan; False, and nothing is written, where the job is not the worker's own any more."""
    if not finish(session, held, verdict.job_state, verdict.failure):
        return False
    write(session, session.get_one(Plan, held.plan_id), verdict)
    return True


def write(session: Session, plan: Plan, verdict: Verdict, *, kind: VersionKind = VersionKind.ANSWER) -> None:
    """Writes an answer's columns and rows to its plan, as its first version where it can be shown."""
    _update(session, plan, **verdict.columns)
    for table, rows in ((Allocation, verdict.allocations), (PhaseStart, verdict.starts)):
        session.execute(delete(table).where(table.plan_id == plan.id))
        if rows:
            session.execute(insert(table), [{"plan_id": plan.id, **row} for row in rows])
    if plan.state is PlanState.READY:
        keep(session, plan, by=plan.created_by, kind=kind)
    session.expire_all()


def _fault(problem: Problem, result: Result) -> Cause | None:
    """What is wrong with an answer, for the operator; nothing where the rulebook accepts it."""
    if result.solution is None:
        return None
    faults = [*violations(problem, result.solution), *untrue_figures(problem, result)]
    return broken(faults[:MOST_NAMED]) if faults else None


def _plan_state(result: Result, failure: Cause | None, *, is_stopped: bool) -> PlanState:
    if failure:
        return PlanState.FAILED
    has_nothing = is_stopped and result.status is Status.UNKNOWN
    return PlanState.CANCELLED if has_nothing else PlanState.READY


def _figures(problem: Problem, solution: Solution) -> dict[str, int]:
    """What lists show of a plan."""
    people = {who: problem.person_of[who] for who in solution.holders.values() if who in problem.person_of}
    return {
        "num_filled": len(solution.holders),
        "num_people": len(people),
        "num_hires": sum(person.is_hire for person in people.values()),
        "cost": sum(_costs(problem, solution)),
    }


def _costs(problem: Problem, solution: Solution) -> Iterator[int]:
    for seat, who in solution.holders.items():
        if seat in problem.seat_by_id and who in problem.person_of:
            yield staff_cost(problem.seat_by_id[seat], problem.person_of[who])


def thinned(trace: Sequence[TracePoint]) -> list[TracePoint]:
    """At most some hundred points of a trace, the last among them."""
    step = -(-len(trace) // MOST_TRACE) or 1
    return [*trace[:-1][::step], *trace[-1:]]


def _allocations(problem: Problem, solution: Solution) -> list[dict[str, Any]]:
    """Who holds what at first: what was agreed is hard, and kept."""
    pinned = {pin.seat for pin in problem.pins}
    kept = {"booking": BookingKind.HARD, "origin": Origin.KEPT}
    proposed = {"booking": BookingKind.SOFT, "origin": Origin.SOLVER}
    return [
        {"seat_key": seat, "person_key": person, **(kept if seat in pinned else proposed)}
        for seat, person in solution.holders.items()
    ]


def _starts(problem: Problem, solution: Solution) -> list[dict[str, Any]]:
    """When the phases start, those that can start in one period only among them."""
    fixed = {phase.id: phase.earliest for phase in problem.phase_by_id.values() if phase.is_fixed}
    starts = {**fixed, **solution.starts}
    return [{"phase_key": phase, "start_idx": start} for phase, start in starts.items()]


def _put_by_hand(problem: Problem, latest: Plan | None) -> Iterator[Pairing]:
    """What people put into a plan, and did not agree, as far as the question knows it."""
    taken = {row.seat for row in (*problem.current, *problem.pins)}
    for row in latest.allocations if latest is not None else ():
        is_known = row.seat_key in problem.seat_by_id and row.person_key in problem.person_of
        if row.origin is Origin.HAND and row.booking is BookingKind.SOFT and is_known and row.seat_key not in taken:
            yield Pairing(row.seat_key, row.person_key)


def _start(session: Session, problem: Problem, plan: Plan, latest: Plan | None) -> Solution | None:
    """The newest plan as far as the question knows it, its phases in this plan's periods."""
    if latest is None:
        return None
    workspace, solution = session.get_one(Workspace, 1), solution_of(latest)
    shift = horizon_of(workspace, latest.starts_on).first_idx - horizon_of(workspace, plan.starts_on).first_idx
    people, seats, phases = problem.person_of, problem.seat_by_id, problem.phase_by_id
    return Solution(
        starts={phase: start + shift for phase, start in solution.starts.items() if phase in phases},
        holders={seat: who for seat, who in solution.holders.items() if seat in seats and who in people},
    )


def _update(session: Session, plan: Plan, **values: Any) -> None:
    """Sets columns without counting it as an edit: a plan's version says what people did."""
    statement = update(Plan).where(Plan.id == plan.id).values(**values)
    session.execute(statement, execution_options={"synchronize_session": False})
    session.expire(plan)
