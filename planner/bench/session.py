"""One bench: every row's problems looked at, every method run on them, each plan judged by a process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planner.bench import machine
from planner.bench.cases import Case
from planner.bench.files import digest_of, read_json, write_json
from planner.bench.goals import gap, memory, seconds
from planner.bench.instances import Instance
from planner.bench.judging import case_of, run_of
from planner.bench.measuring import Measured, run_child
from planner.bench.methods import Method
from planner.bench.rows import MOST_PEOPLE, Row
from planner.bench.store import BEST_KNOWN, BestKnown, Record, Store, keep, kept

LONGEST_LOOK_S = 1800.0
SOLVER_SEED = 1
RECORD_FORMAT = 1  # of what is kept of a run


class PreparationError(RuntimeError):
    """A problem cannot be made, read or looked at."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a bench runs on and with."""

    data: Path | None
    out: Path
    seeds: Sequence[int]
    workers: int
    methods: Sequence[Method]
    best_known: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row and what these methods did on it; there is no case where there is no data."""

    row: Row
    methods: Sequence[Method]
    cases: Sequence[Case]
    records: Sequence[Record]

    @property
    def faults(self) -> list[str]:
        return [fault for case in self.cases for fault in case.faults]


@dataclass(frozen=True, slots=True)
class _Job:
    """One run to be made."""

    instance: Instance
    problem: Path
    key: Mapping[str, Any]
    run: Path


class Session:
    """A bench that may be stopped at any moment and goes on where it was."""

    def __init__(self, setup: Setup, tell: Callable[[str], None]) -> None:
        self.setup, self.tell = setup, tell
        self.store = Store(setup.out)
        self.best_known = BestKnown(setup.out / BEST_KNOWN, *setup.best_known)
        self.num_done, self.num_jobs = 0, 0

    def run(self, rows: Sequence[Row]) -> list[Outcome]:
        """Measures what is missing, and says what every row has come to."""
        with self.store.locked():
            instances = {row.name: row.source.instances(self.setup.data, self.setup.seeds) for row in rows}
            looks = {one.name: self._look(one) for one in _distinct(instances)}
            jobs = {row.name: [self._jobs(row, one, looks[one.name]) for one in instances[row.name]] for row in rows}
            self.num_jobs = sum(len(of_one) for of_row in jobs.values() for of_one in of_row)
            records = {
                row: [[self._record(job) for job in of_one] for of_one in of_row] for row, of_row in jobs.items()
            }
        return [
            Outcome(
                row,
                self.setup.methods,
                [
                    self._case(one, looks[one.name], of_one)
                    for one, of_one in zip(instances[row.name], records[row.name], strict=True)
                ],
                [record for of_one in records[row.name] for record in of_one],
            )
            for row in rows
        ]

    def _case(self, instance: Instance, looked: Record, records: Sequence[Record]) -> Case:
        best = self.best_known.of(looked["key"]["digest"])
        return case_of(instance, looked, [run_of(record) for record in records], best)

    def _look(self, instance: Instance) -> Record:
        """A problem's digest, size and what is known of it; made, if need be, and looked at once."""
        problem = instance.file if not instance.made_of and instance.file else self.store.problem(instance.name)
        if instance.made_of:
            self._make(instance, problem)
        known = instance.known
        key = {"digest": digest_of(problem), "code": machine.code(), "known": known and [known.best, known.limit]}
        path = self.store.look(instance.name)
        if (found := kept(path, key)) is not None:
            return found
        task: dict[str, Any] = {"task": "look", "problem": str(problem)}
        if known is not None:
            task |= {"family": instance.family, "best": known.best, "limit": known.limit}
        looked, measured = self._answered(task, instance)
        size = f"{looked['people']} people, {looked['seats']} seats, {looked['pairs']} pairs"
        self.tell(f"{instance.name}: {size}, read in {looked['read_s']:.1f} s, prepared in {looked['prepare_s']:.1f} s")
        return keep(path, key, {**looked, "problem": str(problem), "peak_bytes": measured.peak_bytes})

    def _make(self, instance: Instance, problem: Path) -> None:
        """Draws a problem, or reads it from its published file, unless that has been done."""
        of = digest_of(instance.file) if instance.file is not None else None
        key = {"made_of": dict(instance.made_of), "of": of, "by": machine.makers()}
        made = problem.with_suffix(".made.json")
        if kept(made, key) is None or not problem.is_file():
            document, _ = self._answered({"task": "make", **instance.made_of}, instance)
            write_json(problem, document)
            keep(made, key, {})

    def _answered(self, task: Mapping[str, object], instance: Instance) -> tuple[Any, Measured]:
        answer = self.setup.out / "answer.json"
        measured = run_child(task, answer, kill_after_s=LONGEST_LOOK_S)
        if measured.failure is not None:
            raise PreparationError(f"{instance.name}: {measured.failure}")
        return read_json(answer), measured

    def _jobs(self, row: Row, instance: Instance, looked: Record) -> list[_Job]:
        return [
            _Job(instance, Path(looked["problem"]), key, self.store.run(instance.name, key))
            for method in row.methods
            if method in self.setup.methods and _is_asked(method, looked)
            for key in (self._key(row, method, looked["key"]["digest"]),)
        ]

    def _key(self, row: Row, method: Method, digest: str) -> dict[str, Any]:
        """All that a run's outcome depends on, but for the weather."""
        return {
            "format": RECORD_FORMAT,
            "problem": digest,
            "method": str(method),
            "time_limit_s": row.time_limit_s,
            "gap": float(row.gap) if method is Method.OURS else 0.0,
            "workers": self.setup.workers,
            "seed": SOLVER_SEED,
            "code": machine.code(),
            "cores": machine.num_cores(),
            "versions": machine.versions(),
        }

    def _record(self, job: _Job) -> Record:
        """A run's record: the one that is kept, unless it failed, or a new one."""
        record = kept(job.run, job.key)
        if record is None or record["failure"] is not None:
            record = self._measured(job)
            self.tell(f"[{self.num_done + 1}/{self.num_jobs}] {_words(job, record)}")
        self.num_done += 1
        if (objective := run_of(record).objective) is not None:
            self.best_known.note(job.key["problem"], job.instance.name, objective, str(job.key["method"]))
        return record

    def _measured(self, job: _Job) -> Record:
        plan = self.store.plan(job.run)
        plan.parent.mkdir(parents=True, exist_ok=True)
        load = os.getloadavg()[0]
        asked = {name: job.key[name] for name in ("method", "time_limit_s", "workers", "seed", "gap")}
        task = {"task": "solve", "problem": str(job.problem), **asked}
        measured = run_child(task, plan, kill_after_s=1.25 * job.key["time_limit_s"] + 60)
        judged, failure = self._judged(job, plan) if measured.failure is None else (None, measured.failure)
        if measured.is_late and job.key["method"] != Method.OURS:  # it has no plan; that is no fault of ours
            failure = None
        return keep(
            job.run,
            job.key,
            {
                "failure": failure,
                "wall_s": round(measured.wall_s, 3),
                "cpu_s": round(measured.cpu_s, 3),
                "peak_bytes": measured.peak_bytes,
                "load": round(load, 2),
                "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "commit": machine.commit(),
                "judged": judged,
            },
        )

    def _judged(self, job: _Job, plan: Path) -> tuple[Any, str | None]:
        """What another process says of a plan; or why it cannot say anything."""
        task = {"task": "judge", "problem": str(job.problem), "plan": str(plan)}
        task |= {"family": job.instance.family} if job.instance.family else {}
        try:
            return self._answered(task, job.instance)[0], None
        except PreparationError as error:
            return None, f"its plan cannot be judged: {error}"


def _distinct(instances: Mapping[str, Sequence[Instance]]) -> list[Instance]:
    """Each problem once, in order."""
    found: dict[str, Instance] = {}
    for one in (one for of_row in instances.values() for one in of_row):
        if found.setdefault(one.name, one) != one:
            raise PreparationError(f"Two problems are called {one.name}.")
    return list(found.values())


def _is_asked(method: Method, looked: Record) -> bool:
    """Plain CP-SAT is asked about problems of its size."""
    return method is not Method.MODEL or looked["people"] <= MOST_PEOPLE


def _words(job: _Job, record: Record) -> str:
    run = run_of(record)
    came_to = "no plan" if run.objective is None else f"{run.objective} points, gap {gap(run.gap)}"
    figures = f"{seconds(run.wall_s):>8} {memory(run.peak_bytes):>9}"
    return (
        f"{run.method.label:<13} {figures}  {run.status:<10} {'; '.join(run.faults) or came_to:<34} {job.instance.name}"
    )
