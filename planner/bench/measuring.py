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
from dataclasses import dataclass
from pathlib import Path

KIBIBYTES = 1024 if sys.platform != "darwin" else 1  # in which ru_maxrss is counted
LAST_WORDS = 300  # letters of what a process said when it failed


@dataclass(frozen=True, slots=True)
class Measured:
    """How a process went.

    `wall_s` is from before its start to after its end, `cpu_s` what all its threads used, `peak_bytes` the most
    memory that it had at once.
    """

    wall_s: float
    cpu_s: float
    peak_bytes: int
    failure: str | None = None


def run_child(task: Mapping[str, object], answer: Path, *, kill_after_s: float) -> Measured:
    """Runs a task in a process of its own; what it answers, it writes into `answer`.

    The process has a group of its own, so that Ctrl-C reaches us alone; whatever ends the waiting ends it too.
    """
    answer.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as said:
        began = time.monotonic()
        asked = json.dumps({**task, "answer": str(answer), "began": began})
        process = subprocess.Popen(  # noqa: S603 - a task of ours
            [sys.executable, "-m", "planner.bench.child", asked],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        was_late = threading.Event()
        timer = threading.Timer(kill_after_s, _kill, (process.pid, was_late))
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _kill(process.pid)
            process.wait()
            raise
        finally:
            timer.cancel()
            if process.stdin is not None:
                process.stdin.close()
        process.returncode = os.waitstatus_to_exitcode(status)
        wall_s = time.monotonic() - began
        said.seek(0)
        failure = _failure(process.returncode, was_late, kill_after_s, said.read().decode(errors="replace"))
    return Measured(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KIBIBYTES, failure)


def _kill(pid: int, was_late: threading.Event | None = None) -> None:
    if was_late is not None:
        was_late.set()
    os.killpg(pid, signal.SIGKILL)


def _failure(code: int, was_late: threading.Event, kill_after_s: float, said: str) -> str | None:
    if code == 0:
        return None
    if was_late.is_set():
        return f"it had not ended after {kill_after_s:.0f} s"
    last = said.strip().rsplit("\n", 1)[-1][-LAST_WORDS:]
    name = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
    return f"{name}: {last}" if last else name
