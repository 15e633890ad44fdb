"""The numbers of a report about the plan as a whole, and about each project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.translate.report.ground import Ground
from planner.translate.report.rows import Headline, ProjectRow, SeatRow, TeamRow
from solver.check import ProjectResult
from solver.problem import Project
from solver.solution import percent_up

SEAT_PARTS = ("fill", "fit", "style", "preference", "money", "acceptance", "rounding")


def headline(ground: Ground, seats: tuple[SeatRow, ...], teams: tuple[TeamRow, ...]) -> Headline:
    filled = [row for row in seats if row.is_filled]
    gap, staffed = ground.result.gap, [row for row in teams if row.num_filled]
    return Headline(
        num_seats=len(seats),
        num_filled=len(filled),
        num_agreed=sum(row.is_agreed for row in filled),
        num_people=len({row.person_id for row in filled}),
        num_hires=len(ground.staffed.hired),
        num_teams=len(staffed),
        num_full_teams=sum(row.num_filled == len(row.seats) for row in staffed),
        num_changes=len(ground.staffed.changed_seats),
        asked=sum(row.size for row in seats) / 100,
        filled=sum(row.size for row in filled) / 100,
        cost=sum(row.cost or 0 for row in filled),
        hire_cost=sum(person.hire.cost for person in ground.staffed.hired),
        better_pct=None if gap is None else percent_up(gap),
    )


def terms(ground: Ground) -> dict[str, int]:
    """The objective by term, in points; they add up to it exactly."""
    seats, whole = list(ground.score.seats.values()), ground.score.terms
    parts = {part: sum(getattr(seat, part) for seat in seats) for part in SEAT_PARTS}
    return parts | {term: points for term, points in whole.items() if term != "seats"}


def project_rows(ground: Ground, teams_of: Mapping[str, list[TeamRow]]) -> Iterator[ProjectRow]:
    """Every project, in the order of the problem."""
    completions = {result.project: result for result in ground.score.completions}
    for project in ground.problem.projects:
        yield _project_row(ground, project, teams_of.get(project.id, []), completions.get(project.id))


def _project_row(ground: Ground, project: Project, teams: list[TeamRow], done: ProjectResult | None) -> ProjectRow:
    start = min((team.start_idx for team in teams if team.start_idx is not None), default=None)
    end = max((team.end_idx for team in teams if team.end_idx is not None), default=None)
    is_late = project.due is not None and end is not None and end > project.due
    return ProjectRow(
        project_id=project.id,
        project=project.label,
        priority=project.priority,
        num_seats=sum(len(team.seats) for team in teams),
        num_filled=sum(team.num_filled for team in teams),
        start_idx=start,
        end_idx=end,
        start=ground.moments.of(start),
        end=ground.moments.of(end),
        cost=sum(team.cost for team in teams),
        budget=project.budget,
        is_all_or_nothing=project.all_or_nothing,
        is_complete=ground.staffed.is_complete(project),
        due_idx=project.due,
        due=ground.moments.of(project.due),
        reward=project.reward,
        periods_late=(end or 0) - (project.due or 0) if is_late else 0,
        lateness=done.lateness if done is not None else 0,
        points=sum(team.points for team in teams) + (done.points if done is not None else 0),
    )
