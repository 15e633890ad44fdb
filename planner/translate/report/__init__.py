"""A plan as pages and exports show it, made from a problem and its answer alone, without the database."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from planner.translate.moments import Moments
from planner.translate.report.ground import Ground, site_of
from planner.translate.report.people import hire_rows, period_labels, person_rows
from planner.translate.report.rows import (
    DecisionRow,
    GapRow,
    Headline,
    HireRow,
    Labels,
    PeriodLabel,
    PersonRow,
    PlanMeta,
    PlanReport,
    ProjectRow,
    RuleRow,
    SeatRow,
    SkillBar,
    SkillCell,
    SkillState,
    StyleBand,
    StyleCell,
    StyleState,
    TagCell,
    TeamRow,
)
from planner.translate.report.seats import seat_rows
from planner.translate.report.teams import team_rows
from planner.translate.report.totals import headline, project_rows, terms
from solver.check import violations
from solver.problem import Problem
from solver.solution import Result, Solution

__all__ = [
    "DecisionRow", "GapRow", "Headline", "HireRow", "Labels", "Moments", "PeriodLabel", "PersonRow", "PlanMeta",
    "PlanReport", "ProjectRow", "RuleRow", "SeatRow", "SkillBar", "SkillCell", "SkillState", "StyleBand", "StyleCell",
    "StyleState", "TagCell", "TeamRow", "report", "site_of",
]  # fmt: skip

Row = TypeVar("Row")


def report(problem: Problem, answer: Result | Solution, meta: PlanMeta) -> PlanReport:
    """Everything that a plan page or an export shows.

    A bare Solution (a plan that was changed by hand) is reported at its own score, with no bound and no reasons.
    """
    ground = Ground(problem, answer, meta)
    columns = tuple(period_labels(problem.calendar, ground.moments, meta.language))
    seats = tuple(seat_rows(ground))
    by_person = _grouped((row for row in seats if row.is_filled), lambda row: row.person_id)
    teams = tuple(team_rows(ground, _grouped(seats, lambda row: row.phase_id)))
    result = ground.result
    return PlanReport(
        meta=meta,
        problem=problem.name,
        period=problem.calendar.period,
        starts_on=problem.calendar.start,
        num_periods=problem.calendar.periods,
        periods=columns,
        status=str(result.status),
        headline=headline(ground, seats, teams),
        projects=tuple(project_rows(ground, _grouped(teams, lambda row: row.project_id))),
        teams=teams,
        seats=seats,
        people=tuple(person_rows(ground, columns, by_person)),
        gaps=tuple(GapRow(row, row.reasons) for row in seats if not row.is_filled),
        hires=tuple(hire_rows(ground, by_person)),
        terms=terms(ground) if result.solution is not None else {},
        objective=result.objective,
        bound=result.bound,
        seconds=result.seconds,
        trace=result.trace,
        conflict=result.conflict,
        violations=() if result.solution is None else tuple(violations(problem, result.solution)),
    )


def _grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(key(row)), []).append(row)
    return groups
