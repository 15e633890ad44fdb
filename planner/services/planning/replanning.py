"""Planning again with few changes: what of the plan in force no longer holds, and the question that mends it.

Something breaks: a leave is entered, an offer declined, a person goes, a project comes. The plan in force is judged by
what is known today; the next one may change at most so many of its seats.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import translate
from planner.models import Plan, PlanState, PlanVersion, User
from planner.schemas.planning_versions import ReplanSaid
from planner.services.planning import in_force, plans, versions
from planner.services.planning.differences import Difference, Standing
from planner.services.planning.reading import question_of
from planner.services.refused import Refused
from planner.services.staffing import calendars
from planner.translate import Untranslatable
from solver.check import Violation, violations
from solver.problem import Limits, Pairing, Problem
from solver.solution import Solution

MOST_PROPOSALS = 20


@dataclass(frozen=True)
class Break:
    """Why people cannot stay as they are: who or what is gone, or the rule that is broken, and the seats it is about.

    `num_at_least` is how many of these seats must change hands, whatever else is done.
    """

    seats: tuple[str, ...]
    person: str | None
    person_name: str
    violation: Violation | None
    num_at_least: int
    is_seat_gone: bool = False


@dataclass(frozen=True)
class State:
    """The plan in force as it stood, beside what is known today."""

    version: PlanVersion
    standing: Standing
    problem: Problem
    breaks: tuple[Break, ...]
    new_seats: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        return self.version.plan

    @property
    def num_seats(self) -> int:
        """How many seats no longer hold."""
        return len({seat for one in self.breaks if not one.is_seat_gone for seat in one.seats})

    @property
    def num_at_least(self) -> int:
        """How many seats must change hands, whatever is done."""
        return sum(one.num_at_least for one in self.breaks)


def state_of(session: Session) -> State | None:
    """What of the plan in force no longer holds; None where no plan is.

    Raises Refused where no question can be made of what is known today.
    """
    found = in_force.plan_in_force(session)
    if found is None:
        return None
    version = versions.version_of(session, found.plan, found.version_number)
    request = replace(plans.to_request(found.plan), keeps_bookings=False)
    try:
        problem = translate.to_problem(session, request, calendars)
    except Untranslatable as error:
        raise Refused(error.code, **error.params) from error
    standing = versions.standing_of(version)
    new = [seat for seat in problem.seat_by_id if seat not in question_of(found.plan).seat_by_id]
    return State(version, standing, problem, tuple(breaks_of(problem, standing, found.plan)), tuple(new))


def breaks_of(problem: Problem, standing: Standing, plan: Plan) -> Iterator[Break]:
    """Why people of a standing cannot stay on their seats, by a question that may know others than its own."""
    then = question_of(plan)
    left = dict(standing.holders)
    for seat, who in standing.holders.items():
        name = then.person_of[who].label if who in then.person_of else who
        if seat not in problem.seat_by_id:
            yield Break((seat,), who, name, None, 0, is_seat_gone=True)
        elif who not in problem.person_of:
            yield Break((seat,), who, name, None, 1)
        else:
            continue
        del left[seat]
    starts = {phase: start for phase, start in standing.starts.items() if phase in problem.phase_by_id}
    yield from _broken_rules(problem, Solution(starts, left))


def question_again(session: Session, problem: Problem, replanned: Plan) -> Problem:
    """The question that may change at most so many seats of a plan: who can stay is in force, agreed on or not.

    A seat whose holder is gone changes hands whatever is done, and is counted beforehand.
    """
    version = _version_in_force(session, replanned)
    standing = versions.standing_of(version)
    broken = list(breaks_of(problem.replace(pins=()), standing, replanned))
    loose = {seat for one in broken for seat in one.seats}
    gone = {seat for one in broken if one.violation is None and not one.is_seat_gone for seat in one.seats}
    current = tuple(
        Pairing(seat, who)
        for seat, who in standing.holders.items()
        if seat in problem.seat_by_id and who in problem.person_of
    )
    most = problem.limits.max_changes
    limits = replace(problem.limits, max_changes=None if most is None else max(0, most - len(gone)))
    pins = tuple(pin for pin in problem.pins if pin.seat not in loose)
    return problem.replace(current=current, pins=pins, limits=limits)


def ask(session: Session, said: ReplanSaid, *, by: User, token: str) -> Plan:
    """Puts a plan in the queue that changes at most so many seats of the plan in force.

    Raises Refused where no plan is in force.
    """
    found = in_force.plan_in_force(session)
    if found is None:
        raise Refused("nothing_is_in_force")
    before = plans.said_of(found.plan)
    anew = {
        "title": said.title or before.title,
        "max_changes": said.max_changes,
        "time_limit_s": said.time_limit_s,
        "replans": found.plan.id,
        "replans_version": found.version_number,
        "is_reproducible": False,
    }
    return plans.request_plan(session, before.model_copy(update=anew), by=by, token=token)


def proposals(session: Session, version: PlanVersion) -> list[Plan]:
    """The plans that were asked for to mend a version of a plan, those that may change least first."""
    newest = select(Plan).where(Plan.number > version.plan.number).order_by(Plan.number.desc()).limit(200)
    mine = [
        plan
        for plan in session.scalars(newest)
        if plan.request.get("replans") == version.plan_id and plan.request.get("replans_version") == version.number
    ]
    return sorted(mine[:MOST_PROPOSALS], key=lambda plan: (plan.request.get("max_changes") or 0, plan.number))


def replanned_version(session: Session, plan: Plan) -> PlanVersion | None:
    """The version that a plan was asked for to mend; None for any other plan, or where that one is gone."""
    ident, number = plan.request.get("replans"), plan.request.get("replans_version")
    before = session.get(Plan, ident) if isinstance(ident, int) else None
    if before is None or not isinstance(number, int):
        return None
    try:
        return versions.version_of(session, before, number)
    except Refused:
        return None


def what_changes(session: Session, plan: Plan) -> tuple[PlanVersion, PlanVersion, Difference, list[Break]] | None:
    """What a plan changes of the one that it mends, and why; None where it mends none, or is not ready."""
    before = replanned_version(session, plan)
    after = versions.latest(session, plan) if plan.state is PlanState.READY else None
    if before is None or after is None:
        return None
    causes = list(breaks_of(question_of(plan), versions.standing_of(before), before.plan))
    return before, after, versions.between(session, before, after), causes


def _version_in_force(session: Session, plan: Plan) -> PlanVersion:
    """The version of a plan that is, or was last, in force; else its newest."""
    number = in_force.version_in_force(session, plan)
    newest = versions.latest(session, plan)
    if number is None and newest is None:
        raise Refused("nothing_is_in_force")
    return newest if number is None and newest is not None else versions.version_of(session, plan, number or 1)


def _broken_rules(problem: Problem, solution: Solution) -> Iterator[Break]:
    """The rules that people break by staying. One who has too much is judged again without the seats that are named."""
    free = problem.replace(limits=Limits(), pins=(), current=())
    holders, seen = dict(solution.holders), set[str]()
    while found := [one for one in violations(free, Solution(solution.starts, holders)) if one.text not in seen]:
        loose: set[str] = set()
        for violation in found:
            seen.add(violation.text)
            seats = tuple(_seats_of(free, violation, Solution(solution.starts, holders)))
            loose.update(seats)
            yield Break(
                seats, violation.person, _name(free, violation.person), violation, _at_least(free, violation, seats)
            )
        if not loose & holders.keys():
            return
        holders = {seat: who for seat, who in holders.items() if seat not in loose}


def _seats_of(problem: Problem, violation: Violation, solution: Solution) -> Iterator[str]:
    """The seats that a broken rule is about: the one that it names, or those of the person in the period."""
    if violation.seat is not None:
        yield violation.seat
        return
    period = violation.params.get("period")
    for seat_id, who in solution.holders.items():
        if who == violation.person and isinstance(period, int) and _covers(problem, seat_id, period, solution):
            yield seat_id


def _covers(problem: Problem, seat_id: str, period: int, solution: Solution) -> bool:
    seat, phase = problem.seat_by_id[seat_id], problem.phase_of_seat[seat_id]
    start = solution.starts.get(phase.id, phase.earliest)
    return start + seat.from_ <= period < start + seat.to


def _at_least(problem: Problem, violation: Violation, seats: Collection[str]) -> int:
    """How many of the seats must change hands: none where a phase could move instead, or the team otherwise."""
    if not seats or not all(problem.phase_of_seat[seat].is_fixed for seat in seats):
        return 1 if violation.rule == "musts_are_held" and seats else 0
    excess = violation.params.get("excess")
    return _fewest(sorted((problem.seat_by_id[seat].fte for seat in seats), reverse=True), excess)


def _fewest(efforts: Iterable[int], excess: object) -> int:
    """How many of the largest efforts it takes to come down by the excess."""
    left, num = excess if isinstance(excess, int) else 1, 0
    for effort in efforts:
        if left <= 0:
            break
        left, num = left - effort, num + 1
    return num


def _name(problem: Problem, person: str | None) -> str:
    return problem.person_of[person].label if person in problem.person_of else person or ""
