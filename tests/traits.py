"""What a problem may ask for: every rule and goal of the contract by name, and the same problem without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from solver.problem import Person, Phase, Problem, Project, RuleKind, Seat, Span, TeamRule

FEW_STARTS = 15  # with more to choose from than one after these, a phase roams


@dataclass(frozen=True)
class Trait:
    """A rule or goal that some problems have: `without` takes it out of a problem, and leaves others as they are.

    `needs` are traits without which it means nothing.
    """

    name: str
    without: Callable[[Problem], Problem]
    needs: tuple[str, ...] = ()

    def is_in(self, problem: Problem) -> bool:
        return self.without(problem) != problem


def of_people(change: Callable[[Person], Person]) -> Callable[[Problem], Problem]:
    return lambda problem: problem.replace(people=tuple(map(change, problem.people)))


def of_projects(change: Callable[[Project], Project]) -> Callable[[Problem], Problem]:
    return lambda problem: problem.replace(projects=tuple(map(change, problem.projects)))


def of_phases(change: Callable[[Phase], Phase]) -> Callable[[Problem], Problem]:
    return of_projects(lambda project: replace(project, phases=tuple(map(change, project.phases))))


def of_seats(change: Callable[[Seat], Seat]) -> Callable[[Problem], Problem]:
    return of_phases(lambda phase: replace(phase, seats=tuple(map(change, phase.seats))))


def of_hires(**changes: int) -> Callable[[Problem], Problem]:
    def change(person: Person) -> Person:
        return replace(person, hire=replace(person.hire, **changes)) if person.is_hire else person

    return of_people(change)


def limit(**changes: None) -> Callable[[Problem], Problem]:
    return lambda problem: problem.replace(limits=replace(problem.limits, **changes))


def _easier_skills(seat: Seat) -> Seat:
    return replace(seat, skills=tuple(replace(line, must=False) for line in seat.skills))


def _easier_styles(seat: Seat) -> Seat:
    return replace(seat, styles=tuple(replace(line, must=False) for line in seat.styles))


def _without_nice_skills(seat: Seat) -> Seat:
    return replace(seat, skills=tuple(line for line in seat.skills if line.must))


def _without_soft_styles(seat: Seat) -> Seat:
    return replace(seat, styles=tuple(line for line in seat.styles if line.must))


def _always_there(problem: Problem) -> Problem:
    return of_people(lambda person: replace(person, capacity=(Span(0, problem.calendar.periods, 100),)))(problem)


def _never_late(project: Project) -> Project:
    is_late = project.reward and project.due is not None and project.late_penalty
    return replace(project, due=None, late_penalty=0) if is_late else project


def _barely_moves(phase: Phase) -> Phase:
    return replace(phase, latest=min(phase.latest, phase.earliest + FEW_STARTS))


def _as_if_new(problem: Problem) -> Problem:
    return problem.replace(current=(), limits=replace(problem.limits, max_changes=None))


RULES = ("count_skill", "count_style", "count_tag", "count_kind", "together", "apart", "mean", "spread")


def rule_name(rule: TeamRule) -> str:
    """What a team rule is about: one of RULES."""
    if rule.rule is not RuleKind.COUNT or rule.of is None:
        return str(rule.rule)
    return "count_" + next(key for key in ("skill", "style", "tag", "kind") if getattr(rule.of, key) is not None)


def _rule(name: str, *, is_hard: bool) -> Trait:
    def without(phase: Phase) -> Phase:
        rules = (rule for rule in phase.team_rules if (rule_name(rule), rule.is_hard) != (name, is_hard))
        return replace(phase, team_rules=tuple(rules))

    return Trait(f"{'hard' if is_hard else 'soft'}_{name}", of_phases(without))


TRAITS = {
    trait.name: trait
    for trait in (
        Trait("must_skill", of_seats(_easier_skills)),
        Trait("nice_skill", of_seats(_without_nice_skills)),
        Trait("must_style", of_seats(_easier_styles)),
        Trait("soft_style", of_seats(_without_soft_styles)),
        Trait("tags", of_seats(lambda seat: replace(seat, tags=()))),
        Trait("any_of", of_seats(lambda seat: replace(seat, any_of=()))),
        Trait("max_cost", of_seats(lambda seat: replace(seat, max_cost=None)), ("cost",)),
        Trait("mentoring", of_seats(lambda seat: replace(seat, mentoring=False)), ("must_skill",)),
        Trait("preference", of_people(lambda person: replace(person, preferences={}))),
        Trait("cost", of_people(lambda person: replace(person, cost=0))),
        Trait("leave", _always_there),
        Trait("hire_cost", of_hires(cost=0)),
        Trait("hire_earliest", of_hires(earliest=0)),
        Trait("acceptance", of_hires(acceptance=100)),
        *(_rule(name, is_hard=is_hard) for name in RULES for is_hard in (True, False)),
        Trait("project_budget", of_projects(lambda project: replace(project, budget=None)), ("cost",)),
        Trait("all_or_nothing", of_projects(lambda project: replace(project, all_or_nothing=False))),
        Trait("reward", of_projects(lambda project: replace(project, reward=0, due=None, late_penalty=0))),
        Trait("lateness", of_projects(_never_late), ("reward", "movable")),
        Trait("movable", of_phases(lambda phase: replace(phase, latest=phase.earliest))),
        Trait("roaming", of_phases(_barely_moves), ("movable", "leave")),
        Trait("after", of_phases(lambda phase: replace(phase, after=()))),
        Trait("plan_budget", limit(budget=None), ("cost",)),
        Trait("max_hires", limit(max_hires=None)),
        Trait("hire_budget", limit(hire_budget=None), ("hire_cost",)),
        Trait("current", _as_if_new),
        Trait("max_changes", limit(max_changes=None), ("current",)),
        Trait("pins", lambda problem: problem.replace(pins=())),
        Trait("bans", lambda problem: problem.replace(bans=())),
        Trait("growth", lambda problem: problem.replace(growth=False), ("must_skill",)),
    )
}
PAIRS = list(combinations(TRAITS, 2))
HIRING = {"hire_cost", "hire_earliest", "acceptance", "max_hires", "hire_budget"}


def with_needs(names: Iterator[str]) -> frozenset[str]:
    """The traits, and all that they need."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        found.add(name)
        todo += [need for need in TRAITS[name].needs if need not in found]
    return frozenset(found)


def traits_of(problem: Problem) -> frozenset[str]:
    return frozenset(name for name, trait in TRAITS.items() if trait.is_in(problem))
