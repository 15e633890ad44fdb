"""Google Hash Code 2022, online qualification, "Mentorship and Teamwork": people who learn by doing projects.

Contributors are people, a project is all or nothing, in one phase that may start on any day on which it still
earns. The objective is the contest's score.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from planner.bench.families.family import Family, FamilyError, Known
from solver.check import score
from solver.problem import Calendar, Kind, Period, Person, Phase, Problem, Project, Seat, SkillLine, Span, Weights
from solver.solution import Solution

BEST_IN_THE_ROUND = {"b_better_start_small": 1_005_020, "e_exceptional_skills": 1_650_488}
ONE_GOAL = Weights(fill=0, fit=0, style=0, preference=0, money=0, change=0)


def read(path: Path) -> Problem:
    """The staffing problem of an `.in.txt` file."""
    try:
        return _problem(path.name.partition(".")[0], iter(path.read_text(encoding="utf-8").split()))
    except (StopIteration, ValueError) as error:
        raise FamilyError(f"{path}: it is no input of Hash Code 2022 ({error or 'it ends too early'})") from None


def _problem(name: str, words: Iterator[str]) -> Problem:
    num_people, num_projects = int(next(words)), int(next(words))
    people = [_contributor(words) for _ in range(num_people)]
    asked = [_asked(words) for _ in range(num_projects)]
    horizon = max((max(best_before + worth, days) for _, days, worth, best_before, _ in asked), default=1)
    return Problem(
        name=name,
        calendar=Calendar(horizon, date(2022, 2, 24), Period.DAY),
        people=tuple(
            Person(id=ident, name=ident, kind=Kind.EMPLOYEE, capacity=(Span(0, horizon, 100),), skills=skills)
            for ident, skills in people
        ),
        projects=tuple(_project(said, horizon) for said in asked),
        weights=ONE_GOAL,
        growth=True,
    )


def _contributor(words: Iterator[str]) -> tuple[str, dict[str, int]]:
    ident, num = next(words), int(next(words))
    return ident, dict(_levels(words, num))


def _levels(words: Iterator[str], num: int) -> list[tuple[str, int]]:
    return [(next(words), int(next(words))) for _ in range(num)]


_Asked = tuple[str, int, int, int, list[tuple[str, int]]]


def _asked(words: Iterator[str]) -> _Asked:
    """A project's name, days, worth, the day by which it should have ended, and its roles."""
    ident, days, worth, best_before, num = next(words), *(int(next(words)) for _ in range(4))
    return ident, days, worth, best_before, _levels(words, num)


def _project(said: _Asked, horizon: int) -> Project:
    """After `horizon` no project earns anything, and nothing that is learnt helps one that does."""
    ident, days, worth, best_before, roles = said
    seats = tuple(
        Seat(id=f"{ident}/{n}", title=skill, fte=100, to=days, skills=(SkillLine(skill, level),), mentoring=True)
        for n, (skill, level) in enumerate(roles)
    )
    return Project(
        id=ident,
        name=ident,
        phases=(Phase(id=f"{ident}#", duration=days, earliest=0, latest=horizon - days, seats=seats),),
        priority=1,
        all_or_nothing=True,
        reward=worth,
        due=best_before,
        late_penalty=1,
    )


def known(folder: Path) -> dict[str, Known]:
    """The best score of the contest's round, which is no bound."""
    return {name: Known(best) for name, best in BEST_IN_THE_ROUND.items() if any(folder.glob(f"{name}.*"))}


def contest_score(problem: Problem, solution: Solution) -> int:
    return score(problem, solution).objective


def points(_problem: Problem, figure: int) -> int:
    return figure


FAMILY = Family(
    name="hashcode2022",
    suffix=".in.txt",
    figure_name="score",
    is_less_better=False,
    read=read,
    known=known,
    figure=contest_score,
    points=points,
)
