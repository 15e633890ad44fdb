"""One process, measured from outside: its seconds, its memory, how it ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LAST_WORDS = 300  # letters of what a process said when it failed


@dataclass(frozen=True, slots=True)
class Measured:
    """How a process went.

    `wall_s` is from before its start to after its end, `cpu_s` what all its threads used, `peak_bytes` the most
    memory that it had at once, by its own last word: 0 where it had none. `failure` says how it ended otherwise than
    well, `is_late` that it was killed because it would not end.
    """

    wall_s: float
    cpu_s: float
    peak_bytes: int
    failure: str | None = None
    is_late: bool = False


def run_child(task: Mapping[str, object], answer: Path, *, kill_after_s: float) -> Measured:
    """Runs a task in a process of its own; what it answers, it writes into `answer`.

    The process has a group of its own, so that Ctrl-C reaches us alone; whatever ends the waiting ends it too.
    """
    answer.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
        began = time.monotonic()
        asked = json.dumps({**task, "answer": str(answer), "began": began})
        with subprocess.Popen(  # noqa: S603 - a task of ours; it ends, too, when its input is closed
            [sys.executable, "-m", "planner.bench.child", asked],
            stdin=subprocess.PIPE,
            stdout=told,
            stderr=said,
            start_new_session=True,
        ) as process:
            cpu_s, was_late = _waited(process, kill_after_s)
        wall_s = time.monotonic() - began
        peak = _text(told)
        failure = _failure(process.returncode, kill_after_s if was_late else None, _text(said))
    return Measured(wall_s, cpu_s, int(peak) if peak.isdecimal() else 0, failure, was_late)


def _waited(process: subprocess.Popen[bytes], kill_after_s: float) -> tuple[float, bool]:
    """Waits for a process; the seconds of all its threads, and whether it had to be killed because it was late."""
    was_late = threading.Event()
    timer = threading.Timer(kill_after_s, _kill, (process.pid, was_late))
    timer.daemon = True  # Ctrl-C may come before it can be cancelled: it must not keep us from ending
    try:
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        _kill(process.pid)
        process.wait()
        raise
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, was_late.is_set()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _kill(pid: int, was_late: threading.Event | None = None) -> None:
    if was_late is not None:
        was_late.set()
    with suppress(ProcessLookupError):  # it has just ended by itself
        os.killpg(pid, signal.SIGKILL)


def _failure(code: int, late_after_s: float | None, said: str) -> str | None:
    if code == 0:
        return None
    if late_after_s is not None:
        return f"it had not ended after {late_after_s:.0f} s"
    last = said.strip().rsplit("\n", 1)[-1][-LAST_WORDS:]
    name = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
    return f"{name}: {last}" if last else name
