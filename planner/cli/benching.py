"""The command `planner bench`: measures the solver beside others."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from planner.cli.files import FILE, echo

if TYPE_CHECKING:
    from planner.bench.rows import Row
    from planner.bench.session import Outcome, Setup

LONGEST_S = 86_400
WRONG, NOT_VALID, STOPPED = 1, 2, 130
DIRECTORY = click.Path(path_type=Path, exists=True, file_okay=False)


class Numbers(click.ParamType[tuple[int, ...]]):
    """Whole numbers with commas between them."""

    name = "numbers"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        words = str(value).split(",")
        if not all(word.strip().isdecimal() for word in words):
            self.fail(f"{value!r} is not a list such as 1,2,3.", param, ctx)
        return tuple(dict.fromkeys(int(word) for word in words))


class Names(click.ParamType[tuple[str, ...]]):
    """Names of methods with commas between them."""

    name = "methods"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        from planner.bench.methods import Method

        if isinstance(value, tuple):
            return value
        words = [word.strip() for word in str(value).split(",")]
        unknown = [word for word in words if word not in list(Method)]
        if unknown:
            self.fail(f"{unknown[0]!r} is none of {', '.join(Method)}.", param, ctx)
        return tuple(words)


@click.command("bench")
@click.argument("names", metavar="[ROW]...", nargs=-1)
@click.option("--data", type=DIRECTORY, help="Published and given problems: see below.")
@click.option("--out", default=Path("instance/bench"), type=FILE, show_default=True, help="Where runs are kept.")
@click.option("--history", type=FILE, help="Where the table goes, newest first; by default RESULTS.md in --out.")
@click.option("--seeds", default="1,2,3", type=Numbers(), show_default=True, help="Of problems that are drawn.")
@click.option("--methods", default="greedy,model,ours", type=Names(), show_default=True, help="Which to run.")
@click.option("--time-limit", type=click.FloatRange(1, LONGEST_S), help="Seconds instead of each row's own.")
@click.option("--workers", default=2, type=click.IntRange(1, 1024), show_default=True, help="Threads of each run.")
@click.option("--list", "is_list", is_flag=True, help="List the rows, and how many problems each has.")
def bench_command(
    names: tuple[str, ...],
    data: Path | None,
    out: Path,
    history: Path | None,
    seeds: tuple[int, ...],
    methods: tuple[str, ...],
    time_limit: float | None,
    workers: int,
    is_list: bool,
) -> None:
    """Run our solver beside a greedy list and one plain CP-SAT model, and tell what each ROW came to.

    Without a ROW, all are run: hours. What has been measured is kept in --out, so that a bench that was stopped, by
    Ctrl-C or by anything else, goes on where it was. Close everything else: the times are those of this machine.

    \b
    --data DIR may hold
      mspsp/*.dzn, smptsp/*.dat        with best_known.csv, as published
      hashcode2022/*.in.txt            inputs of Hash Code 2022
      generated/VARIANT-PEOPLE-SEED.json   in place of our own drawing
      NAME-NUMBER.json                 problems of yours: the row given/NAME

    Exit status: 0 every plan and bound is right, whether or not all was reached; 1 one is not, or a run failed;
    2 a row or a problem is not valid; 130 stopped.
    """
    from planner.bench.methods import Method
    from planner.bench.rows import rows_of
    from planner.bench.session import Setup

    rows = [row.within(time_limit) for row in _chosen(rows_of(data), names)]
    if is_list:
        _list(rows, data, seeds)
        return
    history = history or out / "RESULTS.md"
    chosen = [method for method in Method if method in methods]
    beside = history.resolve().parent / "best_known.json"
    setup = Setup(data, out, seeds, workers, chosen, [beside] if beside.parent != out.resolve() else [])
    _report(_measured(setup, rows), setup, history)


def _chosen(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    known = {row.name: row for row in rows}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(f"There is no row {unknown[0]!r}; the rows are {', '.join(known)}.")
    return [row for row in rows if not names or row.name in names]


def _list(rows: Sequence[Row], data: Path | None, seeds: Sequence[int]) -> None:
    widest = max(len(row.name) for row in rows)
    for row in rows:
        num = len(row.source.instances(data, seeds))
        count = f"{num} problem{'s' if num != 1 else ''}" if num else "no data"
        echo(f"{row.name:<{widest}}  {row.time_limit_s:>4g} s  {count:>12}  {row.what}: {row.goal.asked}")


def _measured(setup: Setup, rows: Sequence[Row]) -> list[Outcome]:
    """The session's outcomes; stopped, it says how to go on."""
    from planner.bench.session import PreparationError, Session
    from planner.bench.store import BusyError

    session = Session(setup, echo)
    usual = signal.signal(signal.SIGTERM, _interrupt)
    try:
        return session.run(rows)
    except KeyboardInterrupt:
        echo(f"Stopped. {session.num_done} of {session.num_jobs} runs are kept; the same command goes on.", err=True)
        sys.exit(STOPPED)
    except (PreparationError, BusyError) as error:
        echo(str(error), err=True)
        sys.exit(NOT_VALID)
    finally:
        signal.signal(signal.SIGTERM, usual)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _report(outcomes: Sequence[Outcome], setup: Setup, history: Path) -> None:
    from planner.bench.history import Entry, faults, write_entry
    from planner.bench.table import summary

    entry = Entry(outcomes, setup)
    has_picture = _draw(outcomes, history.parent / entry.picture_name)
    write_entry(history, entry, has_picture=has_picture)
    echo(f"\n{summary(outcomes)}\n\n{history} has every run.")
    if wrong := faults(outcomes):
        echo("Wrong:\n" + "\n".join(f"  {fault}" for fault in wrong), err=True)
        sys.exit(WRONG)


def _draw(outcomes: Sequence[Outcome], path: Path) -> bool:
    """Whether there is a picture: it wants Matplotlib."""
    try:
        from planner.bench.picture import draw
    except ImportError:
        echo("No picture is drawn: it wants Matplotlib (pip install 'planner[bench]').", err=True)
        return False
    draw(outcomes, path)
    return True
