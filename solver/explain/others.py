"""Clearly different plans: each differs from every other in several seats, and none is worse than another in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from solver.check import Staffed, score, seat_score, skill_fit, style_fit
from solver.check.pool import pool_of
from solver.explain.asking import Asking, Moves, Tell, aligned, alike_seats, moves
from solver.problem import Pairing, Phase, Problem, Weights
from solver.search import Options, StopFlag
from solver.solution import Result, Solution

FEWEST, ENOUGH = 3, 4  # plans beside the one that is asked about
MOST_WEIGHT = 10**6
ROUNDS = 4  # in which a plan that is too much like another is made to differ more
MOST_LOOKED_AT = 100  # seats, for whom somebody else might take
AIMS = ("balance", "fit", "cost", "fill", "finish", "thrift", "quality")


@dataclass(frozen=True, slots=True)
class Marks:
    """By what plans are compared: more `filled` seats and `fit` are better, less `cost` and an earlier `finish`.

    `fit` is how well skills and work styles fit, in tenths of a percent, over the time that seats take; `cost` is that
    of staff and of hiring; `finish` the period after the last one in which anybody works.
    """

    filled: int
    fit: int
    cost: int
    finish: int

    def beats(self, other: Marks) -> bool:
        """Whether this is nowhere worse, and somewhere better."""
        mine = (self.filled, self.fit, -self.cost, -self.finish)
        theirs = (other.filled, other.fit, -other.cost, -other.finish)
        return mine != theirs and all(one >= two for one, two in zip(mine, theirs, strict=True))


@dataclass(frozen=True, slots=True)
class Other:
    """Another plan: what it aims at, its marks, its points by the weights of the question, and what is different."""

    aim: str
    solution: Solution
    marks: Marks
    objective: int
    moves: Moves


@dataclass(frozen=True, slots=True)
class Others:
    """The plans found, no two of which agree but for fewer than `differ` seats; `given` are the marks of the plan."""

    given: Marks
    objective: int
    differ: int
    plans: tuple[Other, ...]


def others(
    problem: Problem,
    given: Result,
    options: Options,
    *,
    differ: int = 3,
    tell: Tell | None = None,
    stop: StopFlag | None = None,
) -> Others:
    """Three plans or more that differ from the plan and from each other in so many seats, none better in everything."""
    asking = Asking(problem, given, options, tell=tell, stop=stop)
    here = marks_of(problem, asking.plan)
    found: list[Other] = []
    for n, (aim, changed) in enumerate(_aims(problem), start=1):
        if asking.is_over or len(found) >= ENOUGH:
            break
        plans = [asking.plan, *(one.solution for one in found)]
        solution = _differing(asking, changed, plans, differ)
        if solution is not None:
            found = _joined(problem, asking.plan, here, found, aim, solution)
        asking.tell(n / len(AIMS))
    asking.tell(1.0)
    return Others(here, asking.points, differ, tuple(sorted(found, key=lambda one: -one.objective)))


def marks_of(problem: Problem, solution: Solution) -> Marks:
    """A plan's marks."""
    staffed = Staffed(problem, solution)
    sizes = [one.seat.size for one in staffed.holdings]
    fits = [skill_fit(one.seat, one.person) + style_fit(one.seat, one.person) for one in staffed.holdings]
    total = sum(size * fit for size, fit in zip(sizes, fits, strict=True))
    ends = (staffed.starts[one.phase.id] + one.seat.to for one in staffed.holdings)
    return Marks(
        filled=len(staffed.holdings),
        fit=5 * total // sum(sizes) if sizes else 0,
        cost=sum(one.cost for one in staffed.holdings) + sum(person.hire.cost for person in staffed.hired),
        finish=max(ends, default=0),
    )


def _joined(
    problem: Problem, plan: Solution, here: Marks, found: Sequence[Other], aim: str, solution: Solution
) -> list[Other]:
    """The plans with one more, unless another beats it; without those that it beats."""
    marks = marks_of(problem, solution)
    if here.beats(marks) or any(one.marks.beats(marks) for one in found):
        return list(found)
    one = Other(aim, solution, marks, score(problem, solution).objective, moves(plan, solution))
    return [*(other for other in found if not marks.beats(other.marks)), one]


def _aims(problem: Problem) -> Iterator[tuple[str, Problem]]:
    """The question as it is, and the same with other weights, or less time."""
    usual = problem.weights
    changes = {
        "balance": usual,
        "fit": replace(usual, fit=_times(usual.fit, 10), style=_times(usual.style, 10)),
        "cost": replace(usual, money=_times(usual.money, 4)),
        "fill": replace(usual, fill=_times(usual.fill, 10), money=0),
        "finish": usual,
        "thrift": replace(usual, money=_times(usual.money, 2)),
        "quality": Weights(usual.fill, _times(usual.fit, 5), _times(usual.style, 20), 0, 0, 0),
    }
    for aim in AIMS:
        changed = problem.replace(weights=changes[aim])
        if aim != "finish":
            yield aim, changed
        elif any(not phase.is_fixed for phase in problem.phase_by_id.values()):
            yield aim, _sooner(changed)


def _times(weight: int, factor: int) -> int:
    return min(MOST_WEIGHT, max(100, weight) * factor)


def _sooner(problem: Problem) -> Problem:
    """Every phase starts in the first half of its window; one that may move still may, so that its start is said."""

    def soon(phase: Phase) -> Phase:
        half = (phase.earliest + phase.latest) // 2
        return phase if phase.is_fixed else replace(phase, latest=max(phase.earliest + 1, half))

    projects = (replace(row, phases=tuple(soon(phase) for phase in row.phases)) for row in problem.projects)
    return problem.replace(projects=tuple(projects))


def _differing(asking: Asking, changed: Problem, plans: Sequence[Solution], differ: int) -> Solution | None:
    """A good plan of a changed question that differs from all others in so many seats."""
    for _round in range(ROUNDS):
        after = asking.solve(changed, share=0.2)
        if after.solution is None:
            return None
        solution = aligned(asking.problem, asking.plan, after.solution)
        near = min(plans, key=lambda plan: len(moves(plan, solution)))
        lacking = differ - len(moves(near, solution))
        if lacking <= 0:
            return solution
        rows = _given_up(asking.problem, near, solution, lacking)
        if not rows:
            return None
        changed = changed.replace(bans=(*changed.bans, *rows))
    return None


def _given_up(problem: Problem, near: Solution, solution: Solution, lacking: int) -> tuple[Pairing, ...]:
    """Bans on so many of the seats that two plans share, those whose holders are replaced most easily."""
    pinned = {row.seat for row in problem.pins}
    shared = [seat for seat, who in solution.holders.items() if near.holders.get(seat) == who and seat not in pinned]
    shared = shared[: max(MOST_LOOKED_AT, 2 * lacking)]
    regrets = {seat: _regret(problem, solution, seat) for seat in shared}
    chosen = sorted(shared, key=lambda seat: (regrets[seat], seat))[:lacking]
    return tuple(
        Pairing(seat, solution.holders[one])
        for one in chosen
        for seat in alike_seats(problem, one)
        if seat not in pinned
    )


def _regret(problem: Problem, solution: Solution, seat: str) -> int:
    """What is lost, roughly, where whoever is next best and free takes a seat."""
    holder = solution.holders[seat]
    free = [one.points for one in pool_of(problem, solution, seat).scored if not one.busy_on and one.person != holder]
    now = seat_score(problem, problem.seat_by_id[seat], problem.person_of[holder]).net
    return now - max(free, default=0)
