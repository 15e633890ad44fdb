"""Multi-skill project scheduling: one project, as short as can be (K. D. Young, T. Feydy and A. Schutt, CP 2017).

An activity is a phase, each unit of skill that it asks for is a seat. The project is all or nothing and worth
ten times its longest possible duration, less one point for each period that it takes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from planner.bench.families.family import Family, FamilyError, Known, is_complete, table_rows
from solver.problem import Calendar, Kind, Period, Person, Phase, Problem, Project, Seat, SkillLine, Span, Weights
from solver.solution import Solution

WORTH = 10  # points for each period of the longest possible project
ONE_GOAL = Weights(fill=0, fit=0, style=0, preference=0, money=0, change=0)


def read(path: Path) -> Problem:
    """The staffing problem of a `.dzn` file."""
    try:
        return _problem(path.name.removesuffix(".dzn"), _values(path.read_text(encoding="utf-8")))
    except (KeyError, IndexError, UnicodeDecodeError) as error:
        raise FamilyError(f"{path}: it is no instance of the MSPSP library ({error})") from None


def _values(text: str) -> dict[str, list[int]]:
    """Every statement `name = value;` of a file as the numbers in it; true is 1, false is 0."""
    said = re.sub(r"%[^\n]*", "", text)
    values = {}
    for statement in said.split(";"):
        name, _, value = statement.partition("=")
        words = re.findall(r"-?\d+|\btrue\b|\bfalse\b", value)
        values[name.strip()] = [int(word == "true") if word in ("true", "false") else int(word) for word in words]
    return values


def _problem(name: str, said: Mapping[str, list[int]]) -> Problem:
    durations = said["dur"]
    horizon = sum(durations)
    num_skills, num_people = said["nSkills"][0], said["nResources"][0]
    needs = _rows(said["sreq"], len(durations), num_skills)
    masters = _rows(said["mastery"], num_people, num_skills)
    before = _predecessors(durations, said.get("pred", []), said.get("succ", []))
    phases = tuple(
        Phase(
            id=f"a{n}",
            duration=duration,
            earliest=0,
            latest=horizon - duration,
            seats=tuple(_seat(n, skill, k, duration) for skill, num in enumerate(needs[n]) for k in range(num)),
            after=tuple(f"a{other}" for other in before[n]),
        )
        for n, duration in enumerate(durations)
        if duration
    )
    project = Project(
        id="project",
        name="project",
        phases=phases,
        priority=1,
        all_or_nothing=True,
        reward=WORTH * horizon,
        due=0,
        late_penalty=1,
    )
    return Problem(
        name=name,
        calendar=Calendar(horizon, date(2027, 1, 4), Period.DAY),
        people=tuple(_person(n, mastered, horizon) for n, mastered in enumerate(masters)),
        projects=(project,),
        weights=ONE_GOAL,
    )


def _rows(flat: Sequence[int], num_rows: int, width: int) -> list[Sequence[int]]:
    if len(flat) != num_rows * width:
        raise IndexError(f"{len(flat)} numbers are not {num_rows} rows of {width}")
    return [flat[n * width : (n + 1) * width] for n in range(num_rows)]


def _predecessors(durations: Sequence[int], first: Sequence[int], second: Sequence[int]) -> list[list[int]]:
    """For each activity, those that end before it starts; source and sink take no time, and nobody waits for them."""
    before: list[list[int]] = [[] for _ in durations]
    for one, other in zip(first, second, strict=True):  # activities are counted from 1
        if durations[one - 1]:
            before[other - 1].append(one - 1)
    return before


def _seat(activity: int, skill: int, number: int, duration: int) -> Seat:
    return Seat(
        id=f"a{activity}.s{skill}.{number}",
        title=f"skill {skill}",
        fte=100,
        to=duration,
        skills=(SkillLine(f"s{skill}", 1),),
    )


def _person(number: int, mastered: Sequence[int], horizon: int) -> Person:
    return Person(
        id=f"r{number}",
        name=f"Resource {number}",
        kind=Kind.EMPLOYEE,
        capacity=(Span(0, horizon, 100),),
        skills={f"s{skill}": 1 for skill, is_master in enumerate(mastered) if is_master},
    )


def known(folder: Path) -> dict[str, Known]:
    """The library's table: the shortest makespan so far, and how short any could be."""
    rows = table_rows(folder)
    return {
        row["instance"].removesuffix(".dzn"): Known(
            int(row["best"]), int(row["best"]) if row["optimal"] == "1" else int(row["LB"])
        )
        for row in rows
    }


def makespan(problem: Problem, solution: Solution) -> int | None:
    """When the last activity ends; None where the project is not complete."""
    if not is_complete(problem, solution):
        return None
    phases = problem.phase_by_id
    return max(solution.starts.get(ident, phase.earliest) + phase.duration for ident, phase in phases.items())


def points(problem: Problem, figure: int) -> int:
    return WORTH * problem.calendar.periods - figure


FAMILY = Family(
    name="mspsp",
    suffix=".dzn",
    figure_name="makespan",
    is_less_better=True,
    read=read,
    known=known,
    figure=makespan,
    points=points,
)
