"""What becomes of a plan if somebody whom it would hire says no: solved again without them, and who steps in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from solver.problem import Person, Phase, Problem, Project
from solver.search import Options, StopFlag, solve
from solver.solution import Result, Solution

Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Decline:
    """The plan without one hire.

    `loss` is the objective lost: at least `loss_least`, where a bound on the plan without them is proven, and never
    below 0. `seats` are those that they would have held, each with who holds it then, None where it stays open.
    `back_ups` are hires that only this plan makes; `num_moved` counts the other seats that change hands.
    """

    person: str
    loss: int
    loss_least: int | None
    seats: tuple[tuple[str, str | None], ...]
    back_ups: tuple[str, ...]
    num_moved: int
    num_filled: int
    first: int


def declines(
    problem: Problem,
    given: Result,
    options: Options,
    *,
    tell: Tell | None = None,
    stop: StopFlag | None = None,
) -> list[Decline]:
    """For each hire of a plan what happens if they decline, the greatest loss first. `tell` hears how far it is."""
    stop, tell = stop or StopFlag(), tell or _unheard
    solution = given.solution or Solution()
    hired = sorted({who for who in solution.holders.values() if problem.person_of[who].is_hire})
    found = []
    for n, who in enumerate(hired, start=1):
        share = max(1.0, options.time_limit_s / len(hired))
        without = without_person(problem, who)
        start = Solution(solution.starts, {seat: one for seat, one in solution.holders.items() if one != who})
        result = solve(without, replace(options, time_limit_s=share, start=start), stop=stop)
        found.append(_decline(problem, given, who, result))
        tell(n / len(hired))
        if stop.is_set():
            break
    return sorted(found, key=lambda one: -one.loss)


def without_person(problem: Problem, ident: str) -> Problem:
    """The same question without one person, wherever it names them."""

    def left(phase: Phase) -> Phase:
        rules = tuple(
            replace(rule, people=tuple(who for who in rule.people if who != ident)) for rule in phase.team_rules
        )
        return replace(phase, team_rules=rules)

    def project(row: Project) -> Project:
        return replace(row, phases=tuple(left(phase) for phase in row.phases))

    is_named = any(ident in rule.people for phase in problem.phase_by_id.values() for rule in phase.team_rules)
    return problem.replace(
        people=tuple(person for person in problem.people if person.id != ident),
        projects=tuple(project(row) for row in problem.projects) if is_named else problem.projects,
        current=tuple(pair for pair in problem.current if pair.person != ident),
        pins=tuple(pair for pair in problem.pins if pair.person != ident),
        bans=tuple(pair for pair in problem.bans if pair.person != ident),
    )


def _decline(problem: Problem, given: Result, who: str, result: Result) -> Decline:
    before, after = given.solution or Solution(), result.solution or Solution()
    seats = sorted(seat for seat, one in before.holders.items() if one == who)
    starts = [_first(problem, before, seat) for seat in seats]
    mine, objective = set(seats), given.objective or 0
    moved = sum(after.holders.get(seat) != one for seat, one in before.holders.items() if seat not in mine)
    back_ups = {one for one in after.holders.values() if _is_hire(problem, one)} - set(before.holders.values())
    return Decline(
        person=who,
        loss=max(0, objective - (result.objective or 0)),
        loss_least=max(0, objective - result.bound) if result.bound is not None else None,
        seats=tuple((seat, after.holders.get(seat)) for seat in seats),
        back_ups=tuple(sorted(back_ups)),
        num_moved=moved,
        num_filled=len(after.holders) - len(before.holders),
        first=min(starts, default=0),
    )


def _first(problem: Problem, solution: Solution, seat_id: str) -> int:
    """The period in which a seat begins."""
    seat, phase = problem.seat_by_id[seat_id], problem.phase_of_seat[seat_id]
    return solution.starts.get(phase.id, phase.earliest) + seat.from_


def _is_hire(problem: Problem, ident: str) -> bool:
    person: Person | None = problem.person_of.get(ident)
    return person is not None and person.is_hire


def _unheard(_share: float) -> None:
    """Nobody listens."""
