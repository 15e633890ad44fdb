"""What every family says of itself."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from solver.problem import Problem
from solver.solution import Solution


class FamilyError(ValueError):
    """A published file that is not what its family's files are."""


@dataclass(frozen=True, slots=True)
class Known:
    """What others have found: the best figure, and the best that any plan could have, where it is proven."""

    best: int
    limit: int | None = None

    @property
    def is_proven(self) -> bool:
        return self.best == self.limit


@dataclass(frozen=True, slots=True)
class Family:
    """A family of published problems.

    Parameters
    ----------
    name
        Also the folder that its files are in.
    suffix
        How the names of its files end.
    figure_name
        What its figure counts.
    is_less_better
        Whether a smaller figure is the better one.
    read
        The staffing problem in a file.
    known
        What is known of the instances of a folder, by the problem's name.
    figure
        The figure of a plan that keeps every rule; None where it does not do all that the family asks.
    points
        The objective of a plan with this figure.
    """

    name: str
    suffix: str
    figure_name: str
    is_less_better: bool
    read: Callable[[Path], Problem]
    known: Callable[[Path], Mapping[str, Known]]
    figure: Callable[[Problem, Solution], int | None]
    points: Callable[[Problem, int], int]


def table_rows(folder: Path) -> Iterator[dict[str, str]]:
    """The rows of a folder's `best_known.csv`; none where there is no such table."""
    path = folder / "best_known.csv"
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def is_complete(problem: Problem, solution: Solution) -> bool:
    """Whether every seat is filled."""
    return len(solution.holders) == len(problem.seat_by_id)
