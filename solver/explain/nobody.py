"""Why nobody holds a seat: demands of which each is needed to keep it open, and the cheapest ways out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from solver.check.pool import Pool, pool_of
from solver.explain.asking import Asking, Moves, Range, Tell, aligned, alike_seats, gain, moves, with_phase
from solver.explain.claims import Claim, ClaimKind, claims_of, musts_of, without
from solver.explain.fulfilling import Fulfilling
from solver.explain.profiles import profiles
from solver.explain.relaxing import relaxations
from solver.explain.why import with_person
from solver.problem import Pairing, Person, Problem
from solver.problem.market import Market
from solver.search import Options, StopFlag
from solver.solution import Result, Solution

MOST_WAYS = 3
MOST_TRIED = 6  # of each kind of way out
CONFLICT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Way:
    """A change after which somebody holds the seat, and what the plan is worth then.

    `kind` is relax, lift, move, free or hire. `claims` are the demands that are given up or eased, as they were;
    `eased` the same, as they would be. `gain` is over the plan that was asked about.
    """

    kind: str
    gain: Range
    holder: str
    num_filled: int
    moves: Moves
    claims: tuple[Claim, ...] = ()
    eased: tuple[Claim, ...] = ()
    start: int | None = None
    profile: Person | None = None


@dataclass(frozen=True, slots=True)
class Nobody:
    """Why a seat is open.

    Attributes
    ----------
    conflict
        Demands that keep it open, the seat itself not among them; without any one of them somebody could hold it.
        Empty where somebody could, and nothing else had to give way; None where the time ended before that was known,
        and where nobody could whatever gave way (`is_hopeless`).
    ways
        What would fill it, each solved: what gains most, or costs least, first.
    """

    seat: str
    pool: Pool
    conflict: tuple[Claim, ...] | None
    ways: tuple[Way, ...]
    is_hopeless: bool = False


def nobody(
    problem: Problem,
    given: Result,
    seat: str,
    market: Market,
    options: Options,
    *,
    tell: Tell | None = None,
    stop: StopFlag | None = None,
) -> Nobody:
    """The conflict that keeps a seat of a plan open, and the three cheapest ways out."""
    asking = Asking(problem, given, options, tell=tell, stop=stop)
    pool = pool_of(problem, asking.plan, seat)
    fulfilling = Fulfilling(problem, asking.clock.within(CONFLICT_SHARE), options.workers, filled=[seat])
    conflict = fulfilling.conflict(claims_about(asking.problem, asking.plan, seat))
    asking.tell(CONFLICT_SHARE)
    trying = list(_trials(asking, seat, pool, market, conflict or ()))
    ways = []
    for n, trial in enumerate(trying, start=1):
        if (way := _tried(asking, seat, trial, 1 / (len(trying) - n + 1))) is not None:
            ways.append(way)
        asking.tell(CONFLICT_SHARE + (1 - CONFLICT_SHARE) * n / len(trying))
    asking.tell(1.0)
    return Nobody(seat, pool, conflict, tuple(_cheapest(ways)), fulfilling.is_hopeless)


def claims_about(problem: Problem, plan: Solution, seat: str) -> list[list[Claim]]:
    """The demands that may keep a seat open, kind by kind; what is best given up first stands first."""
    phase, short = problem.phase_of_seat[seat], pool_of(problem, plan, seat).short_of_time
    all_claims = claims_of(problem)
    mine = list(musts_of(problem.seat_by_id[seat]))
    held = [Claim(ClaimKind.FILLED, seat=one) for one in plan.holders]
    rules = [one for one in all_claims if one.kind not in (ClaimKind.MUST, ClaimKind.PIN, ClaimKind.BAN)]
    window = [] if phase.earliest == 0 and phase.latest == problem.calendar.periods - phase.duration else [phase]
    return [
        [one for one in all_claims if one.kind is ClaimKind.BAN and one.seat != seat],
        rules,
        [Claim(ClaimKind.ORDER, phase=phase.id)] if phase.after else [],
        [Claim(ClaimKind.WINDOW, phase=one.id) for one in window],
        held,
        [one for one in all_claims if one.kind is ClaimKind.PIN],
        [one for one in all_claims if one.kind is ClaimKind.BAN and one.seat == seat],
        [Claim(ClaimKind.TIME, what=short)] if short else [],
        mine,
    ]


@dataclass(frozen=True, slots=True)
class _Trial:
    """A changed question, and how the change is said."""

    kind: str
    problem: Problem
    claims: tuple[Claim, ...] = ()
    eased: tuple[Claim, ...] = ()
    profile: Person | None = None
    start: Solution | None = None


def _trials(asking: Asking, seat: str, pool: Pool, market: Market, conflict: Sequence[Claim]) -> Iterator[_Trial]:
    """The ways that may be out, those that are said first tried first."""
    problem, plan = asking.problem, asking.plan
    for who in pool.ranked[:MOST_TRIED]:
        start = Solution(plan.starts, {**plan.holders, seat: who})
        yield _Trial("free", with_person(problem, seat, who), start=start)
    for ease in relaxations(problem, plan, seat)[:MOST_TRIED]:
        start = Solution(plan.starts, {**plan.holders, seat: ease.person})
        yield _Trial("relax", ease.problem, ease.claims, ease.eased, start=start)
    liftable = {ClaimKind.BAN, ClaimKind.PIN, ClaimKind.TEAM_RULE, ClaimKind.BUDGET, ClaimKind.WHOLE, ClaimKind.LIMIT}
    for claim in [one for one in conflict if one.kind in liftable][:MOST_TRIED]:
        yield _Trial("lift", without(problem, [claim]), (claim,))
    phase = problem.phase_of_seat[seat]
    last = problem.calendar.periods - phase.duration
    if (phase.earliest, phase.latest) != (0, last):
        yield _Trial("move", with_phase(problem, replace(phase, earliest=0, latest=last)))
    yield from _hires(asking, seat, market)


def _hires(asking: Asking, seat: str, market: Market) -> Iterator[_Trial]:
    """Somebody who does not exist yet, with exactly what the seat asks for."""
    problem, plan = asking.problem, asking.plan
    others = {one for one in problem.seat_by_id if one not in alike_seats(problem, seat)}
    full = Solution(plan.starts, {**dict.fromkeys(others, ""), **plan.holders})
    for person in profiles(problem, full, market, most=1):
        limits = problem.limits
        if limits.max_hires is not None or limits.hire_budget is not None:
            more = None if limits.max_hires is None else limits.max_hires + 1
            money = None if limits.hire_budget is None else limits.hire_budget + person.hire.cost
            limits = replace(limits, max_hires=more, hire_budget=money)
        hired = problem.replace(
            people=(*problem.people, person), limits=limits, pins=(*problem.pins, Pairing(seat, person.id))
        )
        yield _Trial("hire", hired, profile=person, start=Solution(plan.starts, {**plan.holders, seat: person.id}))


def _tried(asking: Asking, seat: str, trial: _Trial, share: float) -> Way | None:
    """What comes of a trial; nothing where nobody holds the seat then."""
    after = asking.solve(trial.problem, trial.start, share)
    if after.solution is None:
        return None
    solution = aligned(trial.problem, asking.plan, after.solution)
    holder = solution.holders.get(seat)
    phase = asking.problem.phase_of_seat[seat]
    if holder is None:
        return None
    before = replace(asking.before, bound=asking.points)
    return Way(
        kind=trial.kind,
        gain=gain(before, after),
        holder=holder,
        num_filled=len(solution.holders) - len(asking.plan.holders),
        moves=tuple(row for row in moves(asking.plan, solution) if row[0] != seat),
        claims=trial.claims,
        eased=trial.eased,
        start=solution.starts.get(phase.id) if trial.kind == "move" else None,
        profile=trial.profile,
    )


def _cheapest(ways: Iterable[Way]) -> list[Way]:
    """The best of each kind, and what is best among the rest, three in all."""
    ranked = _without_more_of_the_same(sorted(ways, key=lambda way: (-(way.gain.least or 0), len(way.claims))))
    first = [way for n, way in enumerate(ranked) if way.kind not in {one.kind for one in ranked[:n]}]
    rest = [way for way in ranked if way not in first]
    chosen = [*first, *rest][:MOST_WAYS]
    return sorted(chosen, key=lambda way: -(way.gain.least or 0))


def _without_more_of_the_same(ranked: Sequence[Way]) -> list[Way]:
    """For each kind of way and whom it puts on the seat the best one."""
    found: dict[tuple[str, str], Way] = {}
    for way in ranked:
        found.setdefault((way.kind, way.holder), way)
    return list(found.values())
