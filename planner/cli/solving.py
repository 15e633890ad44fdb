"""The commands that need neither the web nor a database: `planner solve` and `planner check`."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Self

import click

from planner.cli import STARTED_AT
from planner.cli.files import (
    FILE,
    PLAN_WRONG,
    echo,
    plan_of,
    read_document,
    read_problem,
    refuse_unwritable,
    write_whole,
)
from planner.executors import THREADS, UnknownExecutorError, executor_of
from solver import check, solution
from solver.problem import Problem
from solver.solution import Result, Status, TracePoint, gap_between, percent_up

if TYPE_CHECKING:
    from solver.search import Options, StopFlag

PLAN_MADE, TIME_RAN_OUT = 0, 3
LONGEST_S = 86_400


def _seconds(_ctx: click.Context, _param: click.Parameter, value: float) -> float:
    if not 1 <= value <= LONGEST_S:  # a NaN is in no range either
        raise click.BadParameter(f"{value} is not from 1 to {LONGEST_S}.")
    return value


@click.command("solve")
@click.argument("problem_path", metavar="PROBLEM.json", type=FILE)
@click.option("--out", required=True, type=FILE, help="Where the plan goes; - is the standard output.")
@click.option(
    "--time-limit", default=20.0, callback=_seconds, show_default=True, help="Seconds for everything, 1 to 86400."
)
@click.option("--workers", default=2, type=click.IntRange(1, 1024), show_default=True, help="Threads at work.")
@click.option("--seed", default=1, type=click.IntRange(0, 2**31 - 1), show_default=True, help="Where chance begins.")
@click.option("--deterministic", is_flag=True, help="The same problem, seed and effort give the same plan.")
@click.option(
    "--effort", default=1, type=click.IntRange(1, 10**6), show_default=True, help="Work of a deterministic search."
)
@click.option("--warm", type=FILE, help="A plan to begin with; of what it has, all that breaks no rule is kept.")
def solve_command(
    problem_path: Path,
    out: Path,
    time_limit: float,
    workers: int,
    seed: int,
    deterministic: bool,
    effort: int,
    warm: Path | None,
) -> None:
    """Make a plan for the staffing problem in PROBLEM.json.

    SIGINT (Ctrl-C) and SIGTERM end the search and write the best plan so far. Exit status: 0 with a plan that
    is optimal, feasible, or infeasible with a conflict; 2 where the problem is not valid or a file cannot be
    read or written; 3 where the time ran out before a plan was found (it is written, with the status unknown).
    """
    with _Stopping() as stopping:
        with _executor(1 if deterministic else workers) as executor:
            problem = read_problem(problem_path)
            start = plan_of(problem, warm, read_document(warm)).solution if warm is not None else None
            refuse_unwritable(out)
            from solver.search import Options

            options = Options(
                time_limit_s=time_limit,
                workers=workers,
                seed=seed,
                deterministic=deterministic,
                effort=effort,
                start=start,
            )
            result = _solve(problem, options, stopping, executor)
        document = solution.to_document(problem, result)
        write_whole(out, json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    echo(_summary(problem, result), err=str(out) == "-")
    sys.exit(TIME_RAN_OUT if result.status is Status.UNKNOWN else PLAN_MADE)


@contextmanager
def _executor(workers: int) -> Iterator[Executor | None]:
    try:
        with executor_of(os.environ.get("PLANNER_EXECUTOR", THREADS), workers) as executor:
            yield executor
    except UnknownExecutorError as error:
        raise click.ClickException(str(error)) from None


def _solve(problem: Problem, options: Options, stopping: _Stopping, executor: Executor | None) -> Result:
    from solver.search import StopFlag, solve

    progress = _ProgressLine() if sys.stderr.isatty() else None
    stop = stopping.tell(StopFlag())
    result = solve(problem, options, on_progress=progress, stop=stop, executor=executor, started_at=STARTED_AT)
    if progress is not None:
        progress.end()
    return result


@click.command("check")
@click.argument("problem_path", metavar="PROBLEM.json", type=FILE)
@click.argument("plan_path", metavar="PLAN.json", type=FILE)
def check_command(problem_path: Path, plan_path: Path) -> None:
    """Say whether the plan in PLAN.json is right: which rules it breaks, and what it is worth.

    Exit status: 0 the plan is right and its own figures are true; 1 it is not; 2 a file is not what it claims
    to be.
    """
    problem = read_problem(problem_path)
    sys.exit(_judge(problem, plan_of(problem, plan_path, read_document(plan_path))))


def _judge(problem: Problem, result: Result) -> int:
    """Prints what a plan is worth and what it breaks; PLAN_MADE where that is nothing."""
    if result.solution is None:
        echo(f"The plan says that it is {result.status}.")
        for demand in result.conflict:
            echo(f"  {demand.text}")
        return PLAN_MADE
    broken = check.violations(problem, result.solution) + check.untrue_figures(problem, result)
    score = check.score(problem, result.solution)
    echo("The plan is wrong." if broken else "The plan keeps every rule.")
    for violation in broken:
        echo(f"  {violation.rule}: {violation.text}")
    for term, points in {"objective": score.objective, "bound": result.bound, **score.terms}.items():
        echo(f"{term + ':':<12}{_figure(points):>16}")
    echo(f"{'filled:':<12}{f'{len(score.seats)} of {len(problem.seat_by_id)}':>16}")
    return PLAN_WRONG if broken else PLAN_MADE


class _Stopping:
    """Inside it, SIGINT and SIGTERM ask the search to stop; said twice, they end the process as usual."""

    def __init__(self) -> None:
        self._is_asked = False
        self._flag: StopFlag | None = None
        self._usual = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def __enter__(self) -> Self:
        for number in self._usual:
            signal.signal(number, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        for number, usual in self._usual.items():
            signal.signal(number, usual)

    def tell(self, flag: StopFlag) -> StopFlag:
        """The flag, set now where somebody has asked already, or as soon as somebody does."""
        self._flag = flag
        if self._is_asked:
            flag.set()
        return flag

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self._is_asked = True
        if self._flag is not None:
            self._flag.set()
        signal.signal(number, signal.SIG_DFL)


def _summary(problem: Problem, result: Result) -> str:
    if result.solution is None:
        return "\n".join([f"{result.status}", *(f"  {demand.text}" for demand in result.conflict)])
    filled = f"{len(result.solution.holders)} of {len(problem.seat_by_id)} seats"
    figures = f"objective {_figure(result.objective)}, bound {_figure(result.bound)}, gap {_gap(result.gap)}"
    return f"{result.status}: {filled}, {figures}, {result.seconds:.1f} s"


class _ProgressLine:
    """One line on a terminal that is written over: seconds, best, bound and gap."""

    def __call__(self, point: TracePoint) -> None:
        gap = gap_between(point.objective, point.bound)
        figures = f"best {_figure(point.objective)}  bound {_figure(point.bound)}  gap {_gap(gap)}"
        click.echo(f"\r\x1b[K{point.seconds:6.1f} s  {figures}", err=True, nl=False)

    def end(self) -> None:
        click.echo(err=True)


def _figure(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}".replace(",", " ")


def _gap(gap: Fraction | None) -> str:
    return "unknown" if gap is None else f"{percent_up(gap):.2f}%"
