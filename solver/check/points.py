"""What a solution is worth, in points: the objective of the contract, term by term, in whole numbers.

`//` rounds down, once for each term that the contract writes; what the parts of a term lose by that stands in
a part of its own, so that parts always add up to their term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from solver.check.rules import Violation
from solver.check.staffed import Staffed
from solver.check.teams import rule_shortfall
from solver.problem import N_, Person, Problem, Project, Seat, SkillLine, StyleLine
from solver.solution import Result, Solution


@dataclass(frozen=True, slots=True)
class SeatScore:
    """What a filled seat adds to the objective, by part; `acceptance` is what a possible no takes."""

    seat: str
    person: str
    fill: int
    fit: int
    style: int
    preference: int
    money: int
    acceptance: int
    rounding: int

    @property
    def net(self) -> int:
        """The exact sum of the parts: what the objective counts."""
        parts = (self.fill, self.fit, self.style, self.preference, self.money, self.acceptance)
        return sum(parts) + self.rounding


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How a phase's team keeps its team rule `index`; `points` is 0 for a hard rule, else negative."""

    phase: str
    index: int
    shortfall: int
    points: int


@dataclass(frozen=True, slots=True)
class ProjectResult:
    """What a complete project earns: its reward, less `lateness` for the periods by which it is late."""

    project: str
    reward: int
    periods_late: int
    lateness: int

    @property
    def points(self) -> int:
        return self.reward - self.lateness


@dataclass(frozen=True, slots=True)
class Score:
    """The objective and what it is made of; costs are negative."""

    seats: Mapping[str, SeatScore] = field(default_factory=dict)
    hires_by_person: Mapping[str, int] = field(default_factory=dict)
    changes: int = 0
    rule_shortfalls: tuple[RuleResult, ...] = ()
    completions: tuple[ProjectResult, ...] = ()

    @property
    def hiring(self) -> int:
        return sum(self.hires_by_person.values())

    @property
    def team_rules(self) -> int:
        return sum(result.points for result in self.rule_shortfalls)

    @property
    def rewards(self) -> int:
        return sum(result.points for result in self.completions)

    @property
    def terms(self) -> dict[str, int]:
        return {
            "seats": sum(seat.net for seat in self.seats.values()),
            "hiring": self.hiring,
            "changes": self.changes,
            "team_rules": self.team_rules,
            "rewards": self.rewards,
        }

    @property
    def objective(self) -> int:
        return sum(self.terms.values())


def score(problem: Problem, solution: Solution) -> Score:
    """The points of a solution, feasible or not; what the problem does not have counts nothing."""
    staffed = Staffed(problem, solution)
    return Score(
        seats={h.seat.id: seat_score(problem, h.seat, h.person) for h in staffed.holdings},
        hires_by_person={person.id: _hire_points(problem, person) for person in staffed.hired},
        changes=-sum(problem.weights.change * seat.size // 100 for seat in staffed.changed_seats),
        rule_shortfalls=tuple(_rule_results(staffed)),
        completions=tuple(_completions(staffed)),
    )


def seat_score(problem: Problem, seat: Seat, person: Person, fit: int | None = None) -> SeatScore:
    """What the person on the seat would add to the objective, whether or not they may hold it.

    `fit` is how well their skills fit, 0 to 100; left out, it is that of the levels they have.
    """
    weights, project = problem.weights, problem.project_of_phase[problem.phase_of_seat[seat.id].id]
    worth = 10 * seat.size * project.priority
    exact = {
        "fill": worth * weights.fill * 100,
        "fit": worth * weights.fit * (skill_fit(seat, person) if fit is None else fit),
        "style": worth * weights.style * style_fit(seat, person),
        "preference": worth * weights.preference * person.preferences.get(project.id, 0),
        "money": -seat.size * weights.money * person.cost,
    }
    parts = {name: value // 100_000 for name, value in exact.items()}
    whole = sum(exact.values()) // 100_000
    net = whole * person.hire.acceptance // 100 if person.is_hire else whole
    rounding = whole - sum(parts.values())
    return SeatScore(seat.id, person.id, **parts, acceptance=net - whole, rounding=rounding)


def skill_fit(seat: Seat, person: Person) -> int:
    """0 to 100: the weighted mean over the seat's skill lines, 100 where there is nothing to weigh."""
    weight = sum(line.weight for line in seat.skills)
    total = sum(line.weight * skill_points(line, person.skills.get(line.skill, 0)) for line in seat.skills)
    return total // weight if weight else 100


def skill_points(line: SkillLine, level: int) -> int:
    """0 to 100 for one line, at a level; a must that is not held is held under a mentor."""
    if level >= line.level:
        return max(80, 100 - 5 * (level - line.level))
    return 60 if line.must else 100 * level // line.level


def style_fit(seat: Seat, person: Person) -> int:
    """0 to 100: the weighted mean over the seat's style lines, 100 where there is nothing to weigh."""
    weight = sum(line.weight for line in seat.styles)
    total = sum(line.weight * _style_points(line, person.style_tenths.get(line.style)) for line in seat.styles)
    return total // weight if weight else 100


def _style_points(line: StyleLine, have: int | None) -> int:
    if have is None:
        return 50
    outside = max(line.min_tenths - have, have - line.max_tenths, 0)
    return max(0, 100 - 5 * outside)


def _hire_points(problem: Problem, person: Person) -> int:
    return -(problem.weights.money * person.hire.cost * person.hire.acceptance // 100_000)


def _rule_results(staffed: Staffed) -> Iterator[RuleResult]:
    for phase in staffed.problem.phase_by_id.values():
        team = staffed.team(phase) if phase.team_rules else []
        for index, rule in enumerate(phase.team_rules):
            short = rule_shortfall(rule, team)
            yield RuleResult(phase.id, index, short, -(rule.weight or 0) * short)


def _completions(staffed: Staffed) -> Iterator[ProjectResult]:
    for project in staffed.problem.projects:
        if project.reward and staffed.is_complete(project):
            late = _periods_late(staffed, project)
            yield ProjectResult(project.id, project.reward, late, min(project.reward, project.late_penalty * late))


def _periods_late(staffed: Staffed, project: Project) -> int:
    if project.due is None:
        return 0
    finish = max(staffed.starts[phase.id] + phase.duration for phase in project.phases)
    return max(0, finish - project.due)


def untrue_figures(problem: Problem, result: Result) -> list[Violation]:
    """Where a result claims an objective that is not its solution's."""
    if result.solution is None:
        return []
    true = score(problem, result.solution).objective
    if result.objective == true:
        return []
    sentence = N_("The plan claims an objective of %(claimed)s; it is %(true)s.")
    return [Violation("own_figures", sentence, params={"claimed": result.objective, "true": true})]
