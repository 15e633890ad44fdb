"""The process that makes, looks at, solves or judges one problem: `python -m planner.bench.child TASK`.

The task is a JSON object; its `answer` is the file into which the outcome is written, whole, at the end.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from planner.bench.families import FAMILIES, Family
from planner.bench.files import write_json
from planner.bench.methods import Method, Terms, maker_of
from solver import check, solution
from solver.problem import Problem, read, to_document
from solver.solution import PlanError, Result

Task = Mapping[str, Any]
PARENT_GONE = 70
MOST_BREACHES = 5  # that are told


def make(task: Task) -> object:
    """The document of a problem that is drawn, or read from a published file."""
    if "family" in task:
        return to_document(FAMILIES[task["family"]].read(Path(task["file"])))
    from planner.bench.agency import draw_agency  # noqa: PLC0415 - who is given a problem draws none

    return to_document(draw_agency(task["people"], task["variant"], task["seed"]))


def look(task: Task) -> object:
    """How large a problem is, how long it takes to read it and to see who may hold what, and what is known of it."""
    from solver.eligible import eligibility_of  # noqa: PLC0415 - brings NumPy, which judging does without

    began = time.monotonic()
    problem = read(Path(task["problem"]))
    read_s = time.monotonic() - began
    pairs = len(eligibility_of(problem))
    prepare_s = time.monotonic() - began - read_s
    family = _family(task)
    known = {key: family.points(problem, task[key]) for key in ("best", "limit") if family and task.get(key)}
    return {
        "name": problem.name,
        "people": len(problem.people),
        "seats": len(problem.seat_by_id),
        "pairs": pairs,
        "read_s": round(read_s, 3),
        "prepare_s": round(prepare_s, 3),
        "known": known,
    }


def solve(task: Task) -> object:
    """A method's plan."""
    problem = read(Path(task["problem"]))
    terms = Terms(**{key: task[key] for key in Terms._fields})
    return solution.to_document(problem, maker_of(Method(task["method"]))(problem, terms))


def judge(task: Task) -> object:
    """What the rulebook says of a plan, whoever made it, and its figure in the words of its family."""
    problem = read(Path(task["problem"]))
    try:
        result = solution.read(problem, Path(task["plan"]))
    except PlanError as error:
        return {"broken": [f"the plan is none: {error}"]}
    broken = [breach.text for breach in _breaches(problem, result)][:MOST_BREACHES]
    figure, untrue = _figure(_family(task), problem, result)
    return {
        "broken": [*broken, *untrue],
        "status": str(result.status),
        "objective": result.objective,
        "bound": result.bound,
        "filled": len(result.solution.holders) if result.solution is not None else 0,
        "figure": figure,
        "trace": [
            *([point.seconds, point.objective, point.bound] for point in result.trace),
            [result.seconds, result.objective, result.bound],
        ],
    }


def _breaches(problem: Problem, result: Result) -> list[check.Violation]:
    if result.solution is None:
        return []
    return [*check.violations(problem, result.solution), *check.untrue_figures(problem, result)]


def _figure(family: Family | None, problem: Problem, result: Result) -> tuple[int | None, list[str]]:
    """The plan's figure, and a complaint where it and the objective do not say the same."""
    if family is None or result.solution is None:
        return None, []
    figure = family.figure(problem, result.solution)
    if figure is None or family.points(problem, figure) == result.objective:
        return figure, []
    return figure, [f"a {family.figure_name} of {figure} is not worth {result.objective} points"]


def _family(task: Task) -> Family | None:
    return FAMILIES[task["family"]] if "family" in task else None


TASKS: dict[str, Callable[[Task], object]] = {"make": make, "look": look, "solve": solve, "judge": judge}


def _end_with_parent() -> None:
    """Whoever started us holds the other end of our input; when that is gone, so are we."""
    while os.read(0, 1):
        continue
    os._exit(PARENT_GONE)


def peak_bytes() -> int:
    """The most memory that this process has had at once.

    What the system tells a parent of it may be the parent's own: Linux hands the mark on from before the exec.
    """
    status = Path("/proc/self/status")
    marks = re.findall(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8")) if status.is_file() else []
    if marks:
        return 1024 * int(marks[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    task = json.loads(sys.argv[1])
    write_json(Path(task["answer"]), TASKS[task["task"]](task))
    sys.stdout.write(str(peak_bytes()))


if __name__ == "__main__":
    main()
