"""Changing a plan by hand: what a change would do, by the rulebook, and making it, with a reason if a rule breaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from planner.models import Allocation, BookingKind, DecisionKind, Origin, PhaseStart, Plan, User, VersionKind
from planner.services.editing import require_version, touch
from planner.services.planning.deciding import decide
from planner.services.planning.differences import terms_change
from planner.services.planning.reading import question_of, solution_of
from planner.services.planning.versions import keep, standing_of, version_of
from planner.services.refused import Refused
from solver.check import Violation, score, staff_cost, violations
from solver.problem import Problem
from solver.solution import Solution


@dataclass(frozen=True)
class Assign:
    """Somebody onto a seat, in place of whoever holds it."""

    seat: str
    person: str


@dataclass(frozen=True)
class TakeOff:
    """Nobody onto a seat."""

    seat: str


@dataclass(frozen=True)
class Swap:
    """The holders of two seats change places; a seat without a holder gives none."""

    seat: str
    other: str


@dataclass(frozen=True)
class MovePhase:
    """A phase starts in this period of the plan."""

    phase: str
    start_idx: int


Change = Assign | TakeOff | Swap | MovePhase
KINDS = {
    Assign: DecisionKind.ASSIGN,
    TakeOff: DecisionKind.TAKE_OFF,
    Swap: DecisionKind.SWAP,
    MovePhase: DecisionKind.MOVE_PHASE,
}


@dataclass(frozen=True)
class Load:
    """A person's fullest period after a change: work and capacity there, in percent of full time."""

    person: str
    name: str
    period_idx: int
    load: int
    capacity: int


@dataclass(frozen=True)
class Preview:
    """What a change would do: points by term, cost in whole units, rules broken and mended, who gets how full."""

    points_change: int
    cost_change: int
    terms_change: Mapping[str, int]
    new_violations: tuple[Violation, ...]
    mended_violations: tuple[Violation, ...]
    loads: tuple[Load, ...]
    solution: Solution


def preview(plan: Plan, change: Change) -> Preview:
    """What a change would do. Raises Refused where it names what is not in the plan, or touches an agreed seat."""
    return preview_all(plan, (change,))


def preview_all(plan: Plan, changes: Sequence[Change]) -> Preview:
    """What several changes would do, one after the other. Raises Refused, as for one."""
    problem, before = question_of(plan), solution_of(plan)
    return _seen(problem, before, _after(plan, problem, before, changes)[-1])


def apply(session: Session, plan: Plan, change: Change, reason: str, version: int | None, *, by: User) -> Plan:
    """Makes a change, and writes down by whom and why. Raises Stale, Refused: a rule that breaks wants a reason."""
    return apply_all(session, plan, (change,), reason, version, by=by)


def apply_all(
    session: Session,
    plan: Plan,
    changes: Sequence[Change],
    reason: str,
    version: int | None,
    *,
    by: User,
    kind: VersionKind = VersionKind.BY_HAND,
) -> Plan:
    """Makes several changes, all or none, as one version of the plan. Raises Stale, Refused, as for one."""
    require_version(plan, version)
    problem, before = question_of(plan), solution_of(plan)
    steps = _after(plan, problem, before, changes)
    seen = _seen(problem, before, steps[-1])
    _require_reason(seen, reason)
    broken = list(seen.new_violations)
    for change, was, becomes in zip(changes, steps, steps[1:], strict=False):
        _decide(plan, change, was, becomes, reason, by, broken, seen if len(changes) == 1 else None)
    _settle(session, plan, seen.solution)
    keep(session, plan, by=by, reason=reason, kind=kind)
    return plan


def restore(session: Session, plan: Plan, number: int, reason: str, version: int | None, *, by: User) -> Plan:
    """Makes the plan what it was at one of its versions, as a version of its own.

    Who is agreed on stays agreed: a version at which somebody else held such a seat cannot come back before the seat
    is released. Raises Stale, Refused: where that is so, and where a rule breaks and no reason is given.
    """
    require_version(plan, version)
    problem, before = question_of(plan), solution_of(plan)
    after = standing_of(version_of(session, plan, number)).solution
    agreed = {row.seat_key for row in plan.allocations if row.booking is BookingKind.HARD}
    _require_agreed_stays(problem, before, after, agreed)
    seen = _seen(problem, before, after)
    _require_reason(seen, reason)
    for change in changes_between(before, after):
        _decide(plan, change, before, after, reason, by, list(seen.new_violations), None)
    _settle(session, plan, after)
    keep(session, plan, by=by, reason=reason, kind=VersionKind.RESTORED)
    return plan


def changes_between(before: Solution, after: Solution) -> list[Change]:
    """What makes one solution of another, seat by seat and phase by phase; what is no longer scheduled is left out."""
    seats = [
        seat for seat in {**before.holders, **after.holders} if before.holders.get(seat) != after.holders.get(seat)
    ]
    changes: list[Change] = [
        Assign(seat, after.holders[seat]) if seat in after.holders else TakeOff(seat) for seat in seats
    ]
    moved = [phase for phase, start in after.starts.items() if before.starts.get(phase) != start]
    return [*changes, *(MovePhase(phase, after.starts[phase]) for phase in moved)]


def _after(plan: Plan, problem: Problem, before: Solution, changes: Sequence[Change]) -> list[Solution]:
    """The solution before all changes and after each of them. Raises Refused where one cannot be made."""
    steps = [before]
    for change in changes:
        _require_possible(plan, problem, change)
        steps.append(_changed(problem, steps[-1], change))
    return steps


def _seen(problem: Problem, before: Solution, after: Solution) -> Preview:
    old, new = score(problem, before), score(problem, after)
    was, becomes = violations(problem, before), violations(problem, after)
    return Preview(
        points_change=new.objective - old.objective,
        cost_change=_cost(problem, after) - _cost(problem, before),
        terms_change=terms_change(old, new),
        new_violations=tuple(_beyond(becomes, was)),
        mended_violations=tuple(_beyond(was, becomes)),
        loads=tuple(_loads(problem, before, after)),
        solution=after,
    )


def _require_reason(seen: Preview, reason: str) -> None:
    if seen.new_violations and not reason:
        raise Refused("broken_rule_needs_reason", field="reason")


def _require_agreed_stays(problem: Problem, before: Solution, after: Solution, agreed: Collection[str]) -> None:
    for seat in agreed:
        if before.holders.get(seat) != after.holders.get(seat):
            raise Refused("seat_is_agreed", seat=problem.seat_by_id[seat].label)
        phase = problem.phase_of_seat[seat].id
        if before.starts.get(phase) != after.starts.get(phase):
            raise Refused("phase_is_agreed")


def _decide(
    plan: Plan,
    change: Change,
    was: Solution,
    becomes: Solution,
    reason: str,
    by: User,
    broken: list[Violation],
    whole: Preview | None,
) -> None:
    """Writes one change down: the rules that break where it stands, or all of them where it is the only one."""
    seat, phase = getattr(change, "seat", None), getattr(change, "phase", None)
    here = [one for one in broken if whole is not None or _stands_at(one, seat, phase, becomes)]
    decide(
        plan,
        DecisionKind.OVERRIDE if here and isinstance(change, Assign) else KINDS[type(change)],
        by,
        reason,
        seat=seat,
        phase=phase,
        person=becomes.holders.get(seat or ""),
        before=was.holders.get(seat or ""),
        broken_rules=[one.text for one in here],
        points_change=whole.points_change if whole is not None else None,
    )


def _stands_at(violation: Violation, seat: str | None, phase: str | None, solution: Solution) -> bool:
    """Whether a broken rule names the seat, its new holder, or the phase."""
    if seat is None:
        return violation.phase == phase
    return violation.seat == seat or (violation.seat is None and violation.person == solution.holders.get(seat))


def _settle(session: Session, plan: Plan, solution: Solution) -> None:
    """The plan's rows and figures become the solution's, as one edit."""
    _write(plan, solution)
    _count(plan, solution)
    touch(session, plan)


def _require_possible(plan: Plan, problem: Problem, change: Change) -> None:
    agreed = {row.seat_key for row in plan.allocations if row.booking is BookingKind.HARD}
    for seat in (getattr(change, name) for name in ("seat", "other") if hasattr(change, name)):
        if seat not in problem.seat_by_id:
            raise Refused("no_such_seat", seat=seat)
        if seat in agreed:
            raise Refused("seat_is_agreed", seat=problem.seat_by_id[seat].label)
    if isinstance(change, Assign) and change.person not in problem.person_of:
        raise Refused("no_such_person", field="person", person=change.person)
    if isinstance(change, MovePhase):
        phase = problem.phase_by_id.get(change.phase)
        if phase is None or not phase.earliest <= change.start_idx <= phase.latest:
            raise Refused("phase_cannot_start_there", field="start_idx")
        if agreed & {seat.id for seat in phase.seats}:
            raise Refused("phase_is_agreed")


def _changed(problem: Problem, before: Solution, change: Change) -> Solution:
    holders = dict(before.holders)
    match change:
        case Assign(seat, person):
            holders[seat] = person
        case TakeOff(seat):
            holders.pop(seat, None)
        case Swap(seat, other):
            mine, theirs = holders.pop(seat, None), holders.pop(other, None)
            holders.update({key: who for key, who in ((seat, theirs), (other, mine)) if who is not None})
        case MovePhase(phase, start_idx):
            return replace(before, starts={**before.starts, phase: start_idx})
    return replace(before, starts=_scheduled(problem, before, holders), holders=holders)


def _scheduled(problem: Problem, before: Solution, holders: Mapping[str, str]) -> dict[str, int]:
    """The starts, with those of phases that got their first holder: after what they follow, as early as they may."""
    starts = dict(before.starts)
    for seat in holders.keys() - before.holders.keys():
        phase = problem.phase_of_seat[seat]
        if not phase.is_fixed and phase.id not in starts:
            ends = [starts[other] + problem.phase_by_id[other].duration for other in phase.after if other in starts]
            starts[phase.id] = min(phase.latest, max([phase.earliest, *ends]))
    return starts


def _cost(problem: Problem, solution: Solution) -> int:
    seats, people = problem.seat_by_id, problem.person_of
    return sum(staff_cost(seats[seat], people[person]) for seat, person in solution.holders.items())


def _beyond(some: list[Violation], others: list[Violation]) -> list[Violation]:
    """The violations of one list that the other has not, or has fewer times."""
    left = Counter(violation.text for violation in others)
    beyond = []
    for violation in some:
        if left[violation.text]:
            left[violation.text] -= 1
        else:
            beyond.append(violation)
    return beyond


def _loads(problem: Problem, before: Solution, after: Solution) -> list[Load]:
    """The fullest period of everyone whose seats change."""
    keys = before.holders.keys() | after.holders.keys()
    touched = {who for seat in keys if before.holders.get(seat) != after.holders.get(seat)
               for who in (before.holders.get(seat), after.holders.get(seat)) if who is not None}  # fmt: skip
    return [_fullest(problem, after, person) for person in sorted(touched)]


def _fullest(problem: Problem, solution: Solution, person_id: str) -> Load:
    person = problem.person_of[person_id]
    load: dict[int, int] = defaultdict(int)
    for seat_id in (seat for seat, who in solution.holders.items() if who == person_id):
        seat, phase = problem.seat_by_id[seat_id], problem.phase_of_seat[seat_id]
        start = solution.starts.get(phase.id, phase.earliest)
        for period in range(start + seat.from_, start + seat.to):
            load[period] += seat.fte
    earliest = person.hire.earliest if person.is_hire else 0
    given = {
        t: next((span.fte for span in person.capacity if span.from_ <= t < span.to), 0) if t >= earliest else 0
        for t in load
    }
    fullest = max(load, key=lambda t: (load[t] - given[t], load[t], -t), default=0)
    return Load(person_id, person.label, fullest, load.get(fullest, 0), given.get(fullest, 0))


def _write(plan: Plan, solution: Solution) -> None:
    """The plan's rows become the solution; what a person changed says so."""
    rows = {row.seat_key: row for row in plan.allocations}
    for seat, row in rows.items():
        if seat not in solution.holders:
            plan.allocations.remove(row)
    for seat, person in solution.holders.items():
        if seat not in rows:
            plan.allocations.append(Allocation(seat_key=seat, person_key=person, origin=Origin.HAND))
        elif rows[seat].person_key != person:
            rows[seat].person_key, rows[seat].origin = person, Origin.HAND
    starts = {row.phase_key: row for row in plan.phase_starts}
    for phase in starts.keys() - solution.starts.keys():
        plan.phase_starts.remove(starts[phase])
    for phase, start in solution.starts.items():
        if phase in starts:
            starts[phase].start_idx = start
        else:
            plan.phase_starts.append(PhaseStart(phase_key=phase, start_idx=start))


def _count(plan: Plan, solution: Solution) -> None:
    """The figures that lists show of a plan."""
    problem = question_of(plan)
    holders = set(solution.holders.values())
    plan.num_filled, plan.num_people = len(solution.holders), len(holders)
    plan.num_hires = sum(problem.person_of[who].is_hire for who in holders)
    plan.cost, plan.objective = _cost(problem, solution), score(problem, solution).objective
