"""The bench as Markdown: a line for each row, and behind it a line for each run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import median

from planner.bench.cases import Case, Run
from planner.bench.families import FAMILIES
from planner.bench.goals import Linear, cost_by_size, gap, memory, percent, seconds
from planner.bench.methods import Method
from planner.bench.session import Outcome
from planner.bench.standing import Mark, standing_of

OTHERS = (Method.GREEDY, Method.MODEL)
RUNS_HEAD = (
    "problem", "people", "seats", "pairs", "method", "objective", "bound", "gap", "of best",
    "first plan", "to 5 %", "to 1 %", "whole run", "CPU", "peak", "status",
)  # fmt: skip


def summary(outcomes: Sequence[Outcome]) -> str:
    """What was asked, what was reached, and where the others end, as a part of the best bound, in the middle."""
    head = ("row", "problems", "time", "asked", "reached", "in the middle", "at worst", *(m.label for m in OTHERS))
    return _table(head, [_summary_line(outcome) for outcome in outcomes])


def _summary_line(outcome: Outcome) -> list[str]:
    row, standing = outcome.row, standing_of(outcome)
    mark = f"**{standing.mark}**" if standing.mark in (Mark.REACHED, Mark.FAILED) else str(standing.mark)
    return [
        f"`{row.name}`",
        f"{row.what} ({len(outcome.cases)})",
        f"{row.time_limit_s:g} s",
        row.goal.asked,
        f"{mark}: {standing.why}" if standing.why else mark,
        standing.verdict.measured,
        standing.verdict.worst,
        *(_middle_share(outcome.cases, method) for method in OTHERS),
    ]


def _middle_share(cases: Iterable[Case], method: Method) -> str:
    shares = [share for case in cases if (share := case.share(method)) is not None]
    return percent(median(shares) if shares else None)


def details(outcome: Outcome) -> str:
    """Every run of a row, under its name; for the row on size, what problems of each size cost."""
    parts = [f"#### `{outcome.row.name}`: {outcome.row.what}, {outcome.row.time_limit_s:g} s"]
    if isinstance(outcome.row.goal, Linear):
        parts.append(_costs(outcome.cases))
    parts.append(_runs(outcome.cases))
    return "\n\n".join(parts)


def _costs(cases: Sequence[Case]) -> str:
    head = (
        "people",
        "pairs",
        "seconds",
        "for a million pairs",
        "peak",
        "for a pair",
        "read",
        "prepared",
        "peak of that",
    )
    rows = [
        [
            str(cost.people),
            _whole(cost.pairs),
            seconds(cost.seconds),
            seconds(1e6 * cost.seconds / cost.pairs),
            memory(cost.peak_bytes),
            f"{cost.peak_bytes / cost.pairs / 1000:.2f} kB",
            seconds(cost.read_s),
            seconds(cost.prepare_s),
            memory(cost.prepare_bytes),
        ]
        for cost in cost_by_size(cases)
    ]
    return _table(head, rows)


def _runs(cases: Sequence[Case]) -> str:
    families = {case.instance.family for case in cases} - {None}
    figure = [FAMILIES[str(name)].figure_name for name in sorted(map(str, families))]
    head = [*RUNS_HEAD, *(f"{name} (best known)" for name in figure)]
    return _table(head, [_run_line(case, run, has_figure=bool(figure)) for case in cases for run in case.runs.values()])


def _run_line(case: Case, run: Run, *, has_figure: bool) -> list[str]:
    size, is_first = case.size, run is next(iter(case.runs.values()))
    of_case = (case.instance.name, *map(_whole, (size.people, size.seats, size.pairs)))
    line = [
        *(of_case if is_first else ("", "", "", "")),
        run.method.label,
        _whole(run.objective),
        _whole(run.bound),
        gap(run.gap),
        percent(case.share(run.method)),
        *(_when(case.seconds_to(run, within)) for within in (math.inf, Fraction(5, 100), Fraction(1, 100))),
        seconds(run.wall_s) + (" (late)" if run.is_late else ""),
        seconds(run.cpu_s),
        memory(run.peak_bytes),
        "**" + "; ".join(run.faults) + "**" if run.faults else run.status,
    ]
    return [*line, _figure(case, run)] if has_figure else line


def _figure(case: Case, run: Run) -> str:
    known = case.instance.known
    best = "" if known is None else f" ({known.best}{', proven' if known.is_proven else ''})"
    return _whole(run.figure) + best


def _when(value: float | None) -> str:
    return "–" if value is None else seconds(value)


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{round(value):,}".replace(",", " ")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
