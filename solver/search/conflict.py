"""Demands that cannot hold together, and from which none can be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from solver.check import RULES, Staffed
from solver.eligible import eligibility_of
from solver.model import StaffingModel, UnfinishedModelError, relevant_part, relevant_problem
from solver.problem import N_, Pairing, Phase, Problem, Project
from solver.search.first import LITERALS_A_SECOND
from solver.search.options import Clock
from solver.search.running import Effort, run
from solver.solution import Demand, Solution

T = TypeVar("T")


class OutOfTimeError(RuntimeError):
    """The time ran out before it was known whether demands can hold together."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One demand of a problem, how to take it away, and how to say it: few of many are ever said."""

    kind: str
    key: object
    say: Callable[[], Demand]

    @property
    def demand(self) -> Demand:
        return self.say()


def find_conflict(problem: Problem, clock: Clock, workers: int = 1) -> tuple[Demand, ...]:
    """An irreducible set of demands of a problem that has no plan.

    Every set that is named was found infeasible by solving it, and every set without one of its members
    feasible; what a person's time and skills allow is no demand, and stands in the text of the pin.

    Raises
    ------
    OutOfTimeError
        Where the clock ends first.
    """

    def is_feasible(wishes: Sequence[Wish]) -> bool:
        able = eligibility_of(relevant_problem(keep_only(problem, wishes)))
        part = relevant_part(able)
        if clock.is_over or len(part.pairs) > LITERALS_A_SECOND * clock.left_s or not able.has_all:
            raise OutOfTimeError
        try:
            model = StaffingModel(able, part, has_goals=False, is_over=lambda: clock.is_over)
        except UnfinishedModelError:
            raise OutOfTimeError from None
        outcome = run(model, clock, Effort(clock.left_s, workers))
        if outcome.plan is None and not outcome.is_infeasible:
            raise OutOfTimeError
        return outcome.plan is not None

    groups = _groups(problem)
    if is_feasible(_flat(groups)):
        return ()
    return tuple(wish.demand for wish in needed(groups, is_feasible))


def needed(groups: list[list[T]], is_feasible: Callable[[Sequence[T]], bool]) -> list[T]:
    """Junker's QuickXplain (AAAI 2004), with whole groups tried first: the members of one minimal conflict."""
    kept = list(groups)
    for group in groups:
        rest = [other for other in kept if other is not group]
        if group and not is_feasible(_flat(rest)):
            kept = rest
    return _explain([], _flat(kept), is_feasible, is_grown=False)


def _flat(groups: Iterable[list[T]]) -> list[T]:
    return [wish for group in groups for wish in group]


def _explain(base: list[T], rest: list[T], is_feasible: Callable[[Sequence[T]], bool], *, is_grown: bool) -> list[T]:
    """Those of `rest` that a minimal conflict needs beside `base`."""
    if is_grown and not is_feasible(base):
        return []
    if len(rest) <= 1:
        return rest
    first, second = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    of_second = _explain(base + first, second, is_feasible, is_grown=True)
    of_first = _explain(base + of_second, first, is_feasible, is_grown=bool(of_second))
    return of_first + of_second


def wishes_of(problem: Problem) -> list[Wish]:
    """All demands of a problem that could be given up."""
    return _flat(_groups(problem))


def _groups(problem: Problem) -> list[list[Wish]]:
    """The demands of a problem, kind by kind, those that matter least often first."""
    phases = problem.phase_by_id.values()
    limits = [key for key in LIMITS if getattr(problem.limits, key) is not None]
    rules = [(phase, n) for phase in phases for n, rule in enumerate(phase.team_rules) if rule.is_hard]
    budgeted = [project for project in problem.projects if project.budget is not None]
    whole = [project for project in problem.projects if project.all_or_nothing]
    return [
        [Wish("ban", row, partial(_ban, problem, row)) for row in dict.fromkeys(problem.bans)],
        [Wish("team_rule", (phase.id, n), partial(_team_rule, phase, n)) for phase, n in rules],
        [Wish("budget", project.id, partial(_project_budget, project)) for project in budgeted],
        [Wish("all_or_nothing", project.id, partial(_completeness, project)) for project in whole],
        [Wish("limit", key, partial(_limit, problem, key)) for key in limits],
        [Wish("pin", row, partial(_pin, problem, row)) for row in dict.fromkeys(problem.pins)],
    ]


LIMITS = {
    "max_hires": N_("At most %(limit)s people may be hired."),
    "hire_budget": N_("Hiring may cost at most %(limit)s."),
    "budget": N_("All staff together may cost at most %(limit)s."),
    "max_changes": N_("At most %(limit)s seats of the plan in force may change hands."),
}


def keep_only(problem: Problem, wishes: Sequence[Wish]) -> Problem:
    """The problem with no other demands than these."""
    kept = {(wish.kind, wish.key) for wish in wishes}
    limits = {key: None for key in LIMITS if ("limit", key) not in kept}
    return problem.replace(
        projects=tuple(_only_project(project, kept) for project in problem.projects),
        limits=replace(problem.limits, **limits),
        pins=tuple(row for row in problem.pins if ("pin", row) in kept),
        bans=tuple(row for row in problem.bans if ("ban", row) in kept),
    )


def _only_project(project: Project, kept: set[tuple[str, object]]) -> Project:
    return replace(
        project,
        phases=tuple(_only_phase(phase, kept) for phase in project.phases),
        budget=project.budget if ("budget", project.id) in kept else None,
        all_or_nothing=project.all_or_nothing and ("all_or_nothing", project.id) in kept,
    )


def _only_phase(phase: Phase, kept: set[tuple[str, object]]) -> Phase:
    rules = (
        rule for n, rule in enumerate(phase.team_rules) if not rule.is_hard or ("team_rule", (phase.id, n)) in kept
    )
    return replace(phase, team_rules=tuple(rules))


def _pin(problem: Problem, row: Pairing) -> Demand:
    """A pin; what keeps the person from the seat, if anything does by itself, is told with it."""
    seat, person = problem.seat_by_id[row.seat], problem.person_of[row.person]
    phase = problem.phase_of_seat[row.seat]
    text = N_("%(person)s is pinned to the seat %(seat)s.") % {"person": person.label, "seat": seat.label}
    alone = Staffed(problem, Solution({} if phase.is_fixed else {phase.id: phase.earliest}, {row.seat: row.person}))
    by_itself = {"musts_are_held", "within_capacity"} if phase.is_fixed else {"musts_are_held"}
    broken = [broken.text for rule in RULES if rule.__name__ in by_itself for broken in rule(alone)]
    return Demand("pin", " ".join([text, *broken[:1]]), seat=row.seat, person=row.person)


def _ban(problem: Problem, row: Pairing) -> Demand:
    words = {"person": problem.person_of[row.person].label, "seat": problem.seat_by_id[row.seat].label}
    sentence = N_("%(person)s is banned from the seat %(seat)s.")
    return Demand("ban", sentence % words, seat=row.seat, person=row.person)


def _limit(problem: Problem, key: str) -> Demand:
    return Demand("limit", LIMITS[key] % {"limit": getattr(problem.limits, key)})


def _team_rule(phase: Phase, index: int) -> Demand:
    words = {"phase": phase.id, "num": index + 1, "rule": str(phase.team_rules[index].rule)}
    sentence = N_("The team of %(phase)s must keep its rule %(num)s (%(rule)s).")
    return Demand("team_rule", sentence % words, phase=phase.id)


def _project_budget(project: Project) -> Demand:
    words = {"project": project.label, "budget": project.budget}
    sentence = N_("%(project)s may cost at most %(budget)s.")
    return Demand("budget", sentence % words, project=project.id)


def _completeness(project: Project) -> Demand:
    sentence = N_("%(project)s is all or nothing.") % {"project": project.label}
    return Demand("all_or_nothing", sentence, project=project.id)
