"""Shift minimisation personnel task scheduling: fixed tasks, as few people as can be (M. Krishnamoorthy,
A. T. Ernst and D. Baatar, European Journal of Operational Research 219, 2012).

A task is a project of one seat, everybody is a candidate whose hire costs one point, and a filled task is worth
more than any number of hires. Only the order of the moments matters, so that they are counted as periods.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from planner.bench.families.family import Family, FamilyError, Known, is_complete, table_rows
from solver.problem import Calendar, Hire, Kind, Period, Person, Phase, Problem, Project, Seat, Span, Weights
from solver.solution import Solution, hires

WORTH = 1000  # points for each period of a task that is done
ONE_POINT = 10  # the cost of a hire that takes one point off
Task = tuple[int, int]


def read(path: Path) -> Problem:
    """The staffing problem of a `.dat` file."""
    try:
        tasks, skills = _parts(path.read_text(encoding="utf-8"))
        return _problem(path.name.removesuffix(".dat"), tasks, skills)
    except ValueError as error:
        raise FamilyError(f"{path}: it is no instance of Data_137 ({error})") from None


def _parts(text: str) -> tuple[list[Task], list[list[int]]]:
    """The tasks, from and to a moment, and for each person the tasks that they may do."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    tasks = [tuple(map(int, line.split())) for line in _block(lines, "Jobs")]
    able = [line.partition(":")[2].split() for line in _block(lines, "Qualifications")]
    return [(begin, end) for begin, end in tasks], [[int(task) for task in row] for row in able]


def _block(lines: Iterator[str], name: str) -> list[str]:
    """The lines behind the next `name = number`, as many as it says."""
    num = _heading(lines, name)
    block = list(islice(lines, num))
    if len(block) < num:
        raise ValueError(f"{num} lines of {name} are not there")
    return block


def _heading(lines: Iterator[str], name: str) -> int:
    """The number behind the next `name = number`; what stands before it is passed over."""
    for line in lines:
        if said := re.fullmatch(rf"\s*{name}\s*=\s*(\d+)\s*", line):
            return int(said[1])
    raise ValueError(f"there is no line that says {name}")


def _problem(name: str, tasks: Sequence[Task], skills: Sequence[Sequence[int]]) -> Problem:
    period = {moment: n for n, moment in enumerate(sorted({moment for task in tasks for moment in task}))}
    last = len(period) - 1
    return Problem(
        name=name,
        calendar=Calendar(last, date(2027, 1, 4), Period.HOUR),
        people=tuple(_person(n, able, last) for n, able in enumerate(skills)),
        projects=tuple(_task(n, period[begin], period[end]) for n, (begin, end) in enumerate(tasks)),
        weights=Weights(fill=WORTH, fit=0, style=0, preference=0, money=100, change=0),
    )


def _person(number: int, able: Sequence[int], periods: int) -> Person:
    return Person(
        id=f"w{number}",
        name=f"Worker {number}",
        kind=Kind.CANDIDATE,
        capacity=(Span(0, periods, 100),),
        tags=tuple(f"task:{task}" for task in able),
        hire=Hire(cost=ONE_POINT),
    )


def _task(number: int, begin: int, end: int) -> Project:
    ident, length = f"t{number}", end - begin
    seat = Seat(id=ident, title=f"Task {number}", fte=100, to=length, tags=(f"task:{number}",))
    phase = Phase(id=f"{ident}#", duration=length, earliest=begin, latest=begin, seats=(seat,))
    return Project(id=ident, name=f"Task {number}", phases=(phase,), priority=1)


def known(folder: Path) -> dict[str, Known]:
    """The published table: the fewest people so far, and how few there could be."""
    return {row["instance"]: Known(int(row["UB"]), int(row["LB"])) for row in table_rows(folder)}


def num_hired(problem: Problem, solution: Solution) -> int | None:
    """How many people do all the tasks; None where one is left."""
    return len(hires(problem, solution)) if is_complete(problem, solution) else None


def points(problem: Problem, figure: int) -> int:
    return WORTH * sum(phase.duration for phase in problem.phase_by_id.values()) - figure


FAMILY = Family(
    name="smptsp",
    suffix=".dat",
    figure_name="people hired",
    is_less_better=True,
    read=read,
    known=known,
    figure=num_hired,
    points=points,
)
