"""What has been measured, kept in a directory: a run that is there is not run again."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from planner.bench.files import read_json, write_json, write_whole

BEST_KNOWN = "best_known.json"
Record = dict[str, Any]


class BusyError(RuntimeError):
    """Another bench works in the same directory: neither would measure anything."""


class Store:
    """The directory of a bench: `problems`, `looks` at them, `runs` with their plans, and the best known."""

    def __init__(self, out: Path) -> None:
        self.out = out

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other benches out of the directory."""
        self.out.mkdir(parents=True, exist_ok=True)
        with (self.out / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(f"{self.out}: another bench is at work here.") from None
            yield

    def problem(self, name: str) -> Path:
        """Where a problem is kept that we have made."""
        return self.out / "problems" / f"{name}.json"

    def look(self, name: str) -> Path:
        return self.out / "looks" / f"{name}.json"

    def run(self, name: str, key: Mapping[str, object]) -> Path:
        """Where a run is kept; its plan stands beside it."""
        place = f"{name}.{key['method']}.{key['time_limit_s']:g}s.{_short(key)}.json"
        return self.out / "runs" / place

    @staticmethod
    def plan(run: Path) -> Path:
        return run.with_suffix(".plan.json")


def kept(path: Path, key: Mapping[str, object]) -> Record | None:
    """The record in a file, where it is there for exactly this key."""
    record = read_json(path)
    return record if isinstance(record, dict) and record.get("key") == key else None


def keep(path: Path, key: Mapping[str, object], record: Mapping[str, object]) -> Record:
    """Writes a record under its key."""
    whole = {"key": dict(key), **record}
    write_json(path, whole)
    return json.loads(json.dumps(whole))


def _short(key: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:8]


class BestKnown:
    """The best objective that anybody has found for each problem, by the digest of its file, in one or more files."""

    def __init__(self, *paths: Path) -> None:
        self.paths = paths
        self._best: dict[str, dict[str, Any]] = {}
        for digest, row in [item for path in paths for item in (read_json(path) or {}).items()]:
            best = self.of(digest)
            if best is None or row["objective"] > best:
                self._best[digest] = row

    def of(self, digest: str) -> int | None:
        return self._best[digest]["objective"] if digest in self._best else None

    def note(self, digest: str, name: str, objective: int, by: str) -> None:
        """Keeps an objective, in all of the files, where it is better than the best so far."""
        best = self.of(digest)
        if best is None or objective > best:
            self._best[digest] = {"name": name, "objective": objective, "by": by}
            self._write()

    def _write(self) -> None:
        """A line for each problem."""
        rows = sorted(self._best.items(), key=lambda item: item[1]["name"])
        lines = ",\n".join(f"{json.dumps(digest)}: {json.dumps(row)}" for digest, row in rows)
        for path in self.paths:
            write_whole(path, f"{{\n{lines}\n}}\n".encode())
