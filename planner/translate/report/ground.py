"""What every part of a report looks at: the solution laid out over its problem, its points, its moments in time."""

from __future__ import annotations

from functools import cached_property

from planner.translate.moments import Moments
from planner.translate.report.rows import PlanMeta
from solver.check import RuleResult, Score, Staffed, score
from solver.problem import Person, Phase, Problem
from solver.solution import Result, Solution, Status

SITE = "site:"


class Ground:
    """A problem, its answer and what the report says about itself."""

    def __init__(self, problem: Problem, answer: Result | Solution, meta: PlanMeta) -> None:
        self.problem, self.meta = problem, meta
        self.solution = answer if isinstance(answer, Solution) else answer.solution or Solution()
        self.score: Score = score(problem, self.solution)
        self.result = answer if isinstance(answer, Result) else self._as_result()
        self.staffed = Staffed(problem, self.solution)
        self.moments = Moments(problem.calendar)

    def _as_result(self) -> Result:
        """A solution that no solver has answered with: its objective is its score, and no bound is known."""
        return Result(self.problem.name, Status.FEASIBLE, self.solution, self.score.objective)

    @cached_property
    def changed(self) -> frozenset[str]:
        """The seats of the plan in force whose holder differs."""
        return frozenset(seat.id for seat in self.staffed.changed_seats)

    @cached_property
    def rule_results(self) -> dict[str, list[RuleResult]]:
        """For each phase, how its team keeps its rules."""
        of_phase: dict[str, list[RuleResult]] = {}
        for result in self.score.rule_shortfalls:
            of_phase.setdefault(result.phase, []).append(result)
        return of_phase

    def phase_label(self, phase: Phase) -> str:
        return self.meta.labels.phases.get(phase.id, phase.id)

    def skill_label(self, skill: str) -> str:
        return self.meta.labels.skills.get(skill, skill)

    def style_label(self, style: str) -> str:
        return self.meta.labels.styles.get(style, style)


def site_of(person: Person) -> str | None:
    """The person's site, read from their tags."""
    return next((tag.removeprefix(SITE) for tag in person.tags if tag.startswith(SITE)), None)
