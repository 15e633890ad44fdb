"""Whether agreeing on what a plan proposes would give somebody more work than they have time for.

A plan's question is frozen; others may have agreed on its people for other work since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import BookingKind, Person, Plan, Workspace
from planner.services.planning.reading import question_of, solution_of
from planner.services.refused import Refused
from planner.translate import horizon_of
from planner.translate.booked import booked_rows
from solver.problem import Problem, Span
from solver.solution import Solution


def refuse_double_booking(session: Session, plan: Plan, seat_keys: Collection[str]) -> None:
    """Raises Refused where somebody has been agreed on for other work since, so that these seats would be too much."""
    problem, solution = question_of(plan), solution_of(plan)
    agreed = {row.seat_key for row in plan.allocations if row.booking is BookingKind.HARD} | set(seat_keys)
    since = _agreed_since(session, plan, agreed)
    for seat in seat_keys:
        who = solution.holders.get(seat, "")
        if since.get(who) and _is_too_much(problem, who, [*_work(problem, solution, who, agreed), *since[who]]):
            raise Refused(
                "person_is_booked",
                field="reason",
                person=problem.person_of[who].label,
                seat=problem.seat_by_id[seat].label,
            )


def _agreed_since(session: Session, plan: Plan, seat_keys: Collection[str]) -> dict[str, list[Span]]:
    """By a person's key, what was agreed for other seats since the plan was asked for, in the plan's periods."""
    workspace = session.get_one(Workspace, 1)
    horizon = horizon_of(workspace, plan.starts_on, plan.num_periods)
    keys = dict(session.execute(select(Person.id, Person.key)).all())
    since: dict[str, list[Span]] = defaultdict(list)
    for row in booked_rows(session, workspace):
        begin = max(0, row.from_idx - horizon.first_idx)
        end = min(horizon.periods, row.to_idx - horizon.first_idx)
        is_new = row.is_hard and row.decided_at > plan.created_at and row.seat_key not in seat_keys
        if is_new and begin < end:
            since[keys[row.person_id]].append(Span(begin, end, row.fte))
    return since


def _work(problem: Problem, solution: Solution, person: str, seat_keys: Collection[str]) -> Iterator[Span]:
    """What the plan itself gives the person, as far as it is agreed or about to be."""
    for key, who in solution.holders.items():
        if who == person and key in seat_keys:
            seat, phase = problem.seat_by_id[key], problem.phase_of_seat[key]
            start = solution.starts.get(phase.id, phase.earliest)
            yield Span(start + seat.from_, start + seat.to, seat.fte)


def _is_too_much(problem: Problem, person: str, work: Iterable[Span]) -> bool:
    steps: dict[int, int] = defaultdict(int)
    for sign, spans in ((1, problem.person_of[person].capacity), (-1, work)):
        for span in spans:
            steps[span.from_] += sign * span.fte
            steps[span.to] -= sign * span.fte
    left = 0
    for place in sorted(steps):
        left += steps[place]
        if left < 0:
            return True
    return False
