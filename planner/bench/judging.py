"""What a run is worth once all runs on its problem are known: no bound may be below any plan, whoever found it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from planner.bench.cases import Case, Point, Run, Size
from planner.bench.instances import Instance
from planner.bench.methods import Method
from planner.bench.store import Record


def run_of(record: Record) -> Run:
    """The run that a record tells of; one that failed, or whose plan is wrong, has neither objective nor bound."""
    key, judged = record["key"], record.get("judged") or {}
    faults = (record["failure"],) if record.get("failure") else tuple(judged.get("broken", ()))
    is_right = not faults
    return Run(
        method=Method(key["method"]),
        time_limit_s=key["time_limit_s"],
        wall_s=record["wall_s"],
        cpu_s=record["cpu_s"],
        peak_bytes=record["peak_bytes"],
        load=record["load"],
        status=judged.get("status", "none"),
        objective=judged.get("objective") if is_right else None,
        bound=judged.get("bound") if is_right else None,
        filled=judged.get("filled", 0),
        figure=judged.get("figure") if is_right else None,
        trace=tuple(Point(*point) for point in judged.get("trace", ())),
        faults=faults,
    )


def case_of(instance: Instance, looked: Record, runs: Sequence[Run], best_so_far: int | None) -> Case:
    """A problem with its runs, each held against all that is known of the problem."""
    known: Mapping[str, int] = looked["known"]
    found = [run.objective for run in runs if run.objective is not None]
    best = max([*found, *_there(known.get("best"), best_so_far)], default=None)
    held = [_held_against(run, best, known.get("limit")) for run in runs]
    bounds = [run.bound for run in held if run.bound is not None]
    return Case(
        instance=instance,
        digest=looked["key"]["digest"],
        size=Size(*(looked[name] for name in Size._fields)),
        runs={run.method: run for run in held},
        published=known.get("best"),
        best=best,
        limit=min([*bounds, *_there(known.get("limit"))], default=None),
    )


def _there(*values: int | None) -> Iterable[int]:
    return (value for value in values if value is not None)


def _held_against(run: Run, best: int | None, limit: int | None) -> Run:
    """The run, with what the best plan and the published limit say against it; a bound that is refuted is none."""
    faults = list(run.faults)
    is_refuted = run.bound is not None and best is not None and run.bound < best
    if is_refuted:
        faults.append(f"its bound of {run.bound} is below a plan of {best}")
    if run.objective is not None and limit is not None and run.objective > limit:
        faults.append(f"its plan of {run.objective} is above {limit}, which is proven to be the most")
    if run.status == "infeasible" and best is not None:
        faults.append(f"it says that there is no plan; there is one of {best}")
    return replace(run, faults=tuple(faults), bound=None if is_refuted else run.bound)
