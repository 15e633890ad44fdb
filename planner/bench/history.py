"""The history of the bench: one entry for each time that it was run to its end, newest first."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from planner.bench import machine
from planner.bench.files import write_whole
from planner.bench.session import Outcome, Setup
from planner.bench.table import details, summary

PREFACE = """\
# The bench

What `planner bench` has measured, newest first. Each run is a process of its own, timed from before its start to after
its end; every plan was judged by `solver.check` in another process. The gap is (bound − objective) ÷ objective. "Of
best" is what a plan reaches of the lowest bound that any of the methods has proven, or of the best published plan where
there is one; "to 5 %" is the time until a plan was there that the same could be better than by 5 % at most. In the
middle is the median of a row's problems.
"""


class Entry:
    """One bench as it goes into the history: the same runs always make the same entry, whenever it is written."""

    def __init__(self, outcomes: Sequence[Outcome], setup: Setup) -> None:
        self.outcomes, self.setup = outcomes, setup
        self.records: list[dict[str, Any]] = [record for outcome in outcomes for record in outcome.records]
        ended = [record["ended_at"] for record in self.records]
        self.ended_at = datetime.fromisoformat(max(ended)) if ended else datetime.now(UTC)

    @property
    def identity(self) -> str:
        keys = sorted(json.dumps([record["key"], record["ended_at"]], sort_keys=True) for record in self.records)
        return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:12]

    @property
    def picture_name(self) -> str:
        return f"bench-{self.ended_at:%Y-%m-%d-%H%M}-{self.identity[:4]}.png"

    def text(self, *, has_picture: bool) -> str:
        """The entry as Markdown."""
        heading = f"## {self.ended_at:%Y-%m-%d %H:%M} UTC, planner {self._version()}"
        parts = [f"{heading}\n<!-- runs {self.identity} -->", self._circumstances(), summary(self.outcomes)]
        if faults := [fault for outcome in self.outcomes for fault in outcome.faults]:
            parts.append("Wrong:\n\n" + "\n".join(f"- {fault}" for fault in faults))
        if has_picture:
            parts.append(f"![Plans and proofs over time]({self.picture_name})")
        told = [details(outcome) for outcome in self.outcomes if outcome.cases]
        parts.append("<details><summary>Every run</summary>\n\n" + "\n\n".join(told) + "\n\n</details>")
        return "\n\n".join(parts) + "\n"

    def _version(self) -> str:
        commits = sorted({record["commit"] for record in self.records if record["commit"]})
        return machine.versions()["planner"] + (f" ({', '.join(commits)})" if commits else "")

    def _circumstances(self) -> str:
        versions = machine.versions()
        loads = [record["load"] for record in self.records]
        said = [
            f"{machine.num_cores()} cores ({machine.processor()}), {machine.memory_bytes() / 10**9:.0f} GB",
            f"Python {versions['python']}, OR-Tools {versions['ortools']}, NumPy {versions['numpy']}",
            f"{self.setup.workers} workers, seeds {', '.join(map(str, self.setup.seeds))}",
        ]
        if loads:
            said.append(f"load when runs began {median(loads):.1f} in the middle, {max(loads):.1f} at most")
        return "; ".join(said) + "."


def write_entry(history: Path, entry: Entry, *, has_picture: bool) -> None:
    """Puts an entry in its place by date; one of the same runs is replaced."""
    text = history.read_text(encoding="utf-8") if history.is_file() else PREFACE
    preface, entries = _parts(text)
    others = [one for one in entries if f"<!-- runs {entry.identity} -->" not in one]
    ordered = sorted([entry.text(has_picture=has_picture), *others], key=_heading, reverse=True)
    write_whole(history, "\n".join([preface.rstrip() + "\n", *(one.rstrip() + "\n" for one in ordered)]).encode())


def _parts(text: str) -> tuple[str, list[str]]:
    """What stands before the first entry, and the entries."""
    preface, *entries = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return preface, entries


def _heading(entry: str) -> str:
    return entry.partition("\n")[0]


def faults(outcomes: Iterable[Outcome]) -> list[str]:
    """What is wrong, each with its row."""
    return [f"{outcome.row.name}: {fault}" for outcome in outcomes for fault in outcome.faults]
