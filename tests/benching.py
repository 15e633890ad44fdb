"""What the bench's tests stand on: published files of the smallest size, and children that run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import build
import pytest

from planner.bench import child
from planner.bench.files import write_json
from planner.bench.measuring import Measured
from planner.bench.methods import Method
from planner.bench.session import Setup
from solver import check, solution
from solver.problem import Problem, read, to_document
from solver.solution import Result, Solution, Status

# Two activities of two periods in any order, both of which want the only one who knows skill 1, and a third after them.
DZN = """\
% drawn by hand; n = 3;
mint = 5;
nActs = 5;
dur = [0, 2, 2, 1, 0];
nSkills = 2;
sreq = [| 0, 0,
        | 1, 1,
        | 1, 0,
        | 0, 1,
        | 0, 0, |];
nResources = 2;
mastery = [| true, true,
           | false, true, |];
nPrecs = % counted below
  5;
pred = [1, 1, 2, 3, 4];
succ = [2, 3, 4, 4, 5];
USEFUL_RES = [{}, {1, 2}, {1}, {1, 2}, {}];
"""
DZN_MAKESPAN = 5
DZN_TABLE = "set,instance,acts,LB,best,optimal\n1a,inst_set1a_tiny.dzn,5,5,5,1\n"

# Three tasks, of which the first two overlap: two people at least, and the first can do everything but the second.
DAT = """\
# drawn by hand
Type = 1
Jobs = 3
 10  30
 20  40
 30  50
Qualifications = 3
 2: 0 2
 2: 1 2
 1: 2
"""
DAT_PEOPLE = 2
DAT_TABLE = "set,instance,tasks,workers,clique_LB,LB,LB_time,UB,UB_time,proved\nx,tiny,3,3,2,2,0s,2,0s,1\n"

# Bob is mentored by Ann; the project is worth 10 points, one less for each day after the fourth.
IN_TXT = """\
2 1
Ann 2
C++ 3
SQL 2
Bob 1
C++ 1
Site 3 10 4 2
C++ 2
SQL 2
"""


def published(folder: Path) -> Path:
    """A data directory with one file of each family."""
    for place, text in (
        ("mspsp/inst_set1a_tiny.dzn", DZN),
        ("mspsp/best_known.csv", DZN_TABLE),
        ("smptsp/tiny.dat", DAT),
        ("smptsp/best_known.csv", DAT_TABLE),
        ("hashcode2022/b_better_start_small.in.txt", IN_TXT),
    ):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def give(folder: Path, name: str, problem: Problem) -> Path:
    """Puts a problem into a data directory."""
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(to_document(problem)), encoding="utf-8")
    return path


def two_seats() -> Problem:
    """Ann and Bob, two seats at once, and one of them fits better here, the other there."""
    ann, bob = build.person("ann", skills={"sql": 4, "seo": 1}), build.person("bob", skills={"sql": 1, "seo": 3})
    seats = (build.seat("a", skills=(build.skill("sql"),)), build.seat("b", skills=(build.skill("seo"),)))
    return build.problem(ann, bob, seats=seats)


def setup_in(folder: Path, data: Path | None = None, **changes: Any) -> Setup:
    said = {"data": data, "out": folder / "out", "seeds": (1,), "workers": 1, "methods": list(Method)}
    return Setup(**said | changes)


Answer = Callable[[Mapping[str, Any]], object]


class Children:
    """Takes the place of `run_child`: does the task here and now, or what it is told to do instead.

    Each method's plan is the best of a handful, so that no test waits for a solver.
    """

    def __init__(self) -> None:
        self.tasks: list[Mapping[str, Any]] = []
        self.instead: dict[Method, Answer] = {}
        self.failures: dict[Method, str] = {}
        self.late: set[Method] = set()
        self.before: Callable[[Mapping[str, Any]], None] = lambda _: None

    @property
    def solved(self) -> list[str]:
        return [str(task["method"]) for task in self.tasks if task["task"] == "solve"]

    def __call__(self, task: Mapping[str, Any], answer: Path, *, kill_after_s: float) -> Measured:
        self.before(task)
        self.tasks.append(task)
        is_late = task.get("method") in self.late
        failure = "it had not ended" if is_late else self.failures.get(task.get("method"))  # type: ignore[arg-type]
        if failure is None:
            write_json(answer, self._answer(task))
        return Measured(1.25, 1.0, 50_000_000, failure, is_late)

    def _answer(self, task: Mapping[str, Any]) -> object:
        if task["task"] != "solve":
            return child.TASKS[task["task"]](task)
        instead = self.instead.get(task["method"])
        return instead(task) if instead is not None else plan(task)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Children:
    """The children of a session, in this process; a test that wants them imports this."""
    made = Children()
    monkeypatch.setattr("planner.bench.session.run_child", made)
    return made


def plan(task: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A plan in which everybody sits on the first seat that is left to them; changed as a document."""
    problem = read(Path(task["problem"]))
    holders: dict[str, str] = {}
    for seat in problem.seat_by_id:
        for person in problem.people:
            longer = Solution({}, {**holders, seat: person.id})
            if not check.violations(problem, longer):
                holders = dict(longer.holders)
                break
    found = Solution({}, holders)
    objective = check.score(problem, found).objective
    bound = objective if task["method"] == Method.OURS else None
    status = Status.OPTIMAL if bound is not None else Status.FEASIBLE
    return solution.to_document(problem, Result(problem.name, status, found, objective, bound, 0.5)) | changes
