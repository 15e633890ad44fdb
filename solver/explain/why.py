"""Why this person, why not that one: the plan made anew without them on the seat, or with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from solver.explain.asking import (
    NOT_KNOWN,
    Asking,
    Moves,
    Range,
    Tell,
    aligned,
    alike_seats,
    moves,
    shifts,
    terms_of,
)
from solver.explain.claims import Claim, ClaimKind, claims_of, without
from solver.explain.fulfilling import Fulfilling
from solver.problem import Pairing, Problem
from solver.search import Options, StopFlag
from solver.solution import Result, Solution, Status

MOST_WAIVED = 8


@dataclass(frozen=True, slots=True)
class Why:
    """What becomes of a plan with somebody on a seat who is not there, or without them where they are.

    Attributes
    ----------
    is_holder
        Whether they hold the seat, and the plan was made without them there.
    waived
        The rules that would be broken, taken away one after the other until such a plan exists; figures are those of
        the question without them.
    is_possible
        Whether there is such a plan, even so; None where the time ended before that was known.
    loss
        What the plan loses: below 0 where such a plan is better than the one that was asked about.
    terms
        Points by term, (before, after); what they differ by adds up to what the plan found differs by.
    moves, shifts
        Seats that change hands and phases that start at another time.
    """

    seat: str
    person: str
    is_holder: bool
    holder: str | None
    waived: tuple[Claim, ...] = ()
    is_possible: bool | None = None
    loss: Range = NOT_KNOWN
    terms: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    moves: Moves = ()
    shifts: tuple[tuple[str, int, int], ...] = ()
    num_filled: int = 0


def why(
    problem: Problem,
    given: Result,
    seat: str,
    person: str,
    options: Options,
    *,
    tell: Tell | None = None,
    stop: StopFlag | None = None,
) -> Why:
    """Makes the plan anew without a person on the seat that they hold, or with them on one that they do not."""
    asking = Asking(problem, given, options, tell=tell, stop=stop)
    holder = asking.plan.holders.get(seat)
    changed, waived, after, is_hopeless = _forced(asking, seat, person, is_holder=holder == person)
    asking.tell(1.0)
    if after.solution is None:
        return Why(seat, person, holder == person, holder, waived, False if is_hopeless else None)
    solution = aligned(changed, asking.plan, after.solution)
    now, then = terms_of(problem, asking.plan), terms_of(changed, solution)
    return Why(
        seat=seat,
        person=person,
        is_holder=holder == person,
        holder=holder,
        waived=waived,
        is_possible=True,
        loss=Range(
            None if after.bound is None else asking.points - after.bound, asking.points - (after.objective or 0)
        ),
        terms={name: (now[name], then[name]) for name in now},
        moves=moves(asking.plan, solution),
        shifts=shifts(problem, asking.plan, solution),
        num_filled=len(solution.holders) - len(asking.plan.holders),
    )


def with_person(problem: Problem, seat: str, person: str) -> Problem:
    """The same question with somebody on a seat for certain."""
    return problem.replace(pins=(*problem.pins, Pairing(seat, person)))


def without_person_there(problem: Problem, seat: str, person: str) -> Problem:
    """The same question without somebody on a seat, nor on one that is just like it."""
    seats = alike_seats(problem, seat)
    rows = tuple(Pairing(one, person) for one in seats)
    pins = tuple(row for row in problem.pins if row not in rows)
    return problem.replace(pins=pins, bans=(*problem.bans, *rows))


def _forced(
    asking: Asking, seat: str, person: str, *, is_holder: bool
) -> tuple[Problem, tuple[Claim, ...], Result, bool]:
    """The changed question, the rules that were waived for it, its answer, and whether no waiving would give one."""
    problem, waived = asking.problem, []
    if is_holder:
        pins = [row for row in dict.fromkeys(problem.pins) if row == Pairing(seat, person)]
        waived = [Claim(ClaimKind.PIN, seat=row.seat, person=row.person) for row in pins]
        changed = without_person_there(problem, seat, person)
        rest = {one: who for one, who in asking.plan.holders.items() if one != seat}
        after = asking.solve(changed, Solution(asking.plan.starts, rest))
        return changed, tuple(waived), after, after.status is Status.INFEASIBLE
    mine = dict(asking.plan.holders) | {seat: person}
    while True:
        changed = with_person(without(problem, waived), seat, person)
        after = asking.solve(changed, Solution(asking.plan.starts, mine))
        if after.status is not Status.INFEASIBLE or len(waived) == MOST_WAIVED:
            return changed, tuple(waived), after, False
        fulfilling = Fulfilling(changed, asking.clock, asking.options.workers)
        against = _against(fulfilling, changed, seat, person)
        if against is None:
            return changed, tuple(waived), after, fulfilling.is_hopeless
        waived.append(against)


def _against(fulfilling: Fulfilling, changed: Problem, seat: str, person: str) -> Claim | None:
    """A rule that, with others, keeps somebody from a seat; rather one of the seat than of anything else."""
    mine = Claim(ClaimKind.PIN, seat=seat, person=person)
    claims = [one for one in claims_of(changed) if one != mine and _concerns(one, seat, person)]
    conflict = fulfilling.conflict(_grouped(claims, seat))
    order = sorted(conflict or (), key=lambda one: (one.seat != seat, one.kind is ClaimKind.PIN))
    return order[0] if order else None


def _concerns(claim: Claim, seat: str, person: str) -> bool:
    if claim.kind is ClaimKind.MUST:
        return claim.seat == seat
    return claim.kind is not ClaimKind.BAN or (claim.seat, claim.person) == (seat, person)


def _grouped(claims: list[Claim], seat: str) -> list[list[Claim]]:
    """Those of the seat last: what is tried first is given up first."""
    return [[one for one in claims if one.seat != seat], [one for one in claims if one.seat == seat]]
