"""Price tags: what each demand costs the plan, found by solving without it; those that can matter only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solver.check import seat_score
from solver.check.pool import Pool, pool_of
from solver.explain.asking import Asking, Moves, Range, Tell, aligned, gain, moves
from solver.explain.claims import Claim, ClaimKind, claims_of, without
from solver.problem import Phase, Problem
from solver.search import Options, StopFlag
from solver.solution import Result, Solution

BASE_SHARE = 0.3
NOTHING = Range(0, 0)


@dataclass(frozen=True, slots=True)
class Price:
    """What the best plan would gain without one demand, and what would be different then.

    Attributes
    ----------
    is_solved
        Whether it was solved without the demand. Where that could change nothing, it was not, and costs nothing; nor
        was it where the time ended before.
    """

    claim: Claim
    gain: Range
    is_solved: bool = False
    num_filled: int = 0
    moves: Moves = ()


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of all demands, the dearest first.

    `best` is the objective of the best plan with all of them, which prices are over: that of the plan that was asked
    about, unless a better one was found; `bound` is what no plan with all of them can pass.
    """

    best: int
    bound: int | None
    prices: tuple[Price, ...]


def prices(
    problem: Problem,
    given: Result,
    options: Options,
    *,
    tell: Tell | None = None,
    stop: StopFlag | None = None,
) -> Prices:
    """What each pin, ban, must-have, hard team rule, limit and budget costs; what may cost most is looked at first."""
    asking = Asking(problem, given, options, tell=tell, stop=stop)
    base = asking.best(BASE_SHARE)
    ceilings = _Ceilings(asking, base.solution or Solution())
    rows = [(claim, ceilings.of(claim)) for claim in claims_of(problem)]
    found = [Price(claim, NOTHING) for claim, most in rows if most == 0]
    todo = sorted((row for row in rows if row[1] != 0), key=lambda row: ceilings.turn(*row))
    for n, (claim, most) in enumerate(todo, start=1):
        found.append(_price(asking, base, claim, most))
        asking.tell(BASE_SHARE + (1 - BASE_SHARE) * n / len(todo))
    asking.tell(1.0)
    return Prices(base.objective or 0, base.bound, tuple(sorted(found, key=_dearest)))


def _price(asking: Asking, base: Result, claim: Claim, most: int | None) -> Price:
    """A demand's price: solved without it, or, where there is no time for that, what is known all the same."""
    least = 0 if _only_eases(asking.problem, claim) else None
    if asking.is_over:
        return Price(claim, Range(least, most))
    changed, before = without(asking.problem, [claim]), base.solution or Solution()
    after = asking.solve(changed, before, share=0.25)
    found = gain(base, after)
    figures = Range(
        max((one for one in (found.least, least) if one is not None), default=None),
        min((one for one in (found.most, most) if one is not None), default=None),
    )
    if after.solution is None or after.objective == base.objective:
        return Price(claim, figures, after.solution is not None)
    then = aligned(changed, before, after.solution)
    return Price(claim, figures, True, len(then.holders) - len(before.holders), moves(before, then))


class _Ceilings:
    """How much a demand can cost at the most, by what anybody whom it keeps away would be worth on the seat."""

    def __init__(self, asking: Asking, solution: Solution) -> None:
        self._asking, self._problem, self._solution = asking, asking.problem, solution
        self._pools: dict[str, Pool] = {}

    def of(self, claim: Claim) -> int | None:
        """0 where leaving it out changes nothing, None where no quick answer is sure."""
        if claim.kind not in (ClaimKind.MUST, ClaimKind.BAN) or claim.seat is None or self._problem.growth:
            return None
        if self._asking.is_over:
            return None
        seat = self._problem.seat_by_id[claim.seat]
        if seat.mentoring and claim.name == "skill":
            return None
        if not any(True for _who in self._kept_away(claim)):
            return 0
        if not self._stands_alone(self._problem.phase_of_seat[seat.id]):
            return None
        return max(0, self._worth(claim)) + self._most_for_change(seat.id)

    def turn(self, claim: Claim, most: int | None) -> tuple[bool, int]:
        """When it is looked at: few and large demands first, then must-haves by what those kept away would be worth."""
        if claim.kind is not ClaimKind.MUST or self._asking.is_over:
            return claim.kind is ClaimKind.MUST, 0
        return True, -(self._worth(claim) if most is None else most)

    def _worth(self, claim: Claim) -> int:
        """The most that anybody whom it keeps away would be worth on the seat alone."""
        seat = self._problem.seat_by_id[claim.seat or ""]
        people = (self._problem.person_of[who] for who in self._kept_away(claim))
        return max((seat_score(self._problem, seat, person).net for person in people), default=0)

    def _kept_away(self, claim: Claim) -> Iterator[str]:
        """Those who could hold the seat, were it not for this."""
        pool = self._pool(claim.seat or "")
        for sieve in pool.sieves:
            if claim.kind is ClaimKind.BAN and sieve.code == "ban":
                yield from (who for who in sieve.only if who == claim.person)
            elif claim.kind is ClaimKind.MUST and (sieve.code, sieve.what) == (claim.name, claim.what):
                yield from sieve.only

    def _pool(self, seat: str) -> Pool:
        if seat not in self._pools:
            self._pools[seat] = pool_of(self._problem, self._solution, seat)
        return self._pools[seat]

    def _stands_alone(self, phase: Phase) -> bool:
        """Whether a seat of the phase could be left empty without any other losing by it."""
        project = self._problem.project_of_phase[phase.id]
        is_mentored = any(seat.mentoring for seat in phase.seats)
        return not (phase.team_rules or project.all_or_nothing or project.reward or is_mentored)

    def _most_for_change(self, seat: str) -> int:
        """What the plan in force may give for the seat besides."""
        rows = [row for row in self._problem.current if row.seat == seat]
        size, limit = self._problem.seat_by_id[seat].size, self._problem.limits.max_changes
        return 10**18 if rows and limit is not None else len(rows) * (self._problem.weights.change * size // 100 + 1)


def _only_eases(problem: Problem, claim: Claim) -> bool:
    """Whether every plan of the question is worth the same, or more, without the demand.

    A must-have skill that becomes nice to have counts otherwise for whoever holds it under a mentor, or is learning.
    """
    if claim.kind is not ClaimKind.MUST or claim.name != "skill" or claim.seat is None:
        return True
    return not problem.growth and not problem.seat_by_id[claim.seat].mentoring


def _first(most: int | None) -> float:
    """What is not known is looked at first."""
    return float("inf") if most is None else most


def _dearest(price: Price) -> tuple[int, float]:
    return -(price.gain.least or 0), -_first(price.gain.most)
