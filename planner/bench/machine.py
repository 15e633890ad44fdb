"""On what it was measured: cores, memory, versions, and which code."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from planner.bench.files import digest_of

ROOT = Path(__file__).parents[2]
MEASURED = ("solver", "planner/bench/methods", "planner/bench/child.py")  # what a run's outcome depends on
MAKERS = ("solver/problem", "planner/bench/agency", "planner/bench/families")  # what a problem depends on


@cache
def versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in ("ortools", "numpy", "planner")}}


@cache
def num_cores() -> int:
    """Those that we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@cache
def processor() -> str:
    """What the processor calls itself, where it says."""
    path = Path("/proc/cpuinfo")
    said = path.read_text(encoding="utf-8") if path.is_file() else ""
    names = [line.partition(":")[2].strip() for line in said.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


@cache
def code() -> str:
    """A name for the code that is measured: it changes with every change of it, and with nothing else."""
    return _digest(MEASURED)


@cache
def makers() -> str:
    """The same for the code that makes problems."""
    return _digest(MAKERS)


def _digest(names: Iterable[str]) -> str:
    places = [ROOT / name for name in names]
    return digest_of(*(file for at in places for file in (sorted(at.rglob("*.py")) if at.is_dir() else [at])))


@cache
def commit() -> str | None:
    """The commit that is checked out, with a + where the measured code differs from it; None outside a checkout."""
    if not (ROOT / ".git").exists():
        return None
    head = _git("rev-parse", "--short", "HEAD")
    return head and head + ("+" if _git("status", "--porcelain", "--", *MEASURED) else "")


def _git(*said: str) -> str | None:
    try:
        done = subprocess.run(["git", *said], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
