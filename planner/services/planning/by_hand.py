"""Changing a plan by hand: what a change would do, by the rulebook, and making it, with a reason if a rule breaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from planner.models import Allocation, BookingKind, DecisionKind, Origin, PhaseStart, Plan, User
from planner.services.editing import require_version, touch
from planner.services.planning.deciding import decide
from planner.services.planning.reading import question_of, solution_of
from planner.services.refused import Refused
from solver.check import Score, Violation, score, staff_cost, violations
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
    problem, before = question_of(plan), solution_of(plan)
    _require_possible(plan, problem, change)
    after = _changed(problem, before, change)
    old, new = score(problem, before), score(problem, after)
    was, becomes = violations(problem, before), violations(problem, after)
    return Preview(
        points_change=new.objective - old.objective,
        cost_change=_cost(problem, after) - _cost(problem, before),
        terms_change=_terms_change(old, new),
        new_violations=tuple(_beyond(becomes, was)),
        mended_violations=tuple(_beyond(was, becomes)),
        loads=tuple(_loads(problem, before, after)),
        solution=after,
    )


def apply(session: Session, plan: Plan, change: Change, reason: str, version: int | None, *, by: User) -> Plan:
    """Makes a change, and writes down by whom and why. Raises Stale, Refused: a rule that breaks wants a reason."""
    require_version(plan, version)
    seen = preview(plan, change)
    if seen.new_violations and not reason:
        raise Refused("broken_rule_needs_reason", field="reason")
    before = solution_of(plan)
    _write(plan, seen.solution)
    broken = [violation.text for violation in seen.new_violations]
    seat = getattr(change, "seat", None)
    decide(
        plan,
        DecisionKind.OVERRIDE if broken and isinstance(change, Assign) else KINDS[type(change)],
        by,
        reason,
        seat=seat,
        phase=getattr(change, "phase", None),
        person=seen.solution.holders.get(seat or ""),
        before=before.holders.get(seat or ""),
        broken_rules=broken,
        points_change=seen.points_change,
    )
    _count(plan, seen.solution)
    touch(session, plan)
    return plan


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


def _terms_change(old: Score, new: Score) -> dict[str, int]:
    """The change by term; the parts of seats are summed, so that all terms add up to the change exactly."""
    names = ("fill", "fit", "style", "preference", "money", "acceptance", "rounding")
    parts = {name: sum(getattr(s, name) for s in new.seats.values()) - sum(getattr(s, name) for s in old.seats.values())
             for name in names}  # fmt: skip
    whole = {term: new.terms[term] - old.terms[term] for term in new.terms if term != "seats"}
    return {**parts, **whole}


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
