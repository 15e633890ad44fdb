"""A process that lives as long as we do: in a group of its own, started again when it dies, gone when we are."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

import structlog

STOP_WITHIN_S = 10
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
STEADY_AFTER_S = 60  # a child that lived as long starts again at once
log = structlog.get_logger(__name__)


class Child:
    """The background worker of one `planner run`."""

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        self._env = dict(env or os.environ)
        self._is_stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher = threading.Thread(target=self._keep_alive, name="worker-watcher", daemon=True)

    def start(self) -> None:
        """Starts the worker, and again each time it ends by itself."""
        self._process = self._started()
        self._watcher.start()

    def stop(self) -> None:
        """Asks the worker and all that it has started to stop, and ends what does not."""
        self._is_stopping.set()
        process = self._process
        if process is None:
            return
        _signal_group(process.pid, signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            log.warning("worker_killed", after_s=STOP_WITHIN_S)
        _signal_group(process.pid, signal.SIGKILL)
        self._watcher.join(STOP_WITHIN_S)

    @property
    def pid(self) -> int | None:
        """The worker's process, also the name of its group."""
        return self._process.pid if self._process else None

    def _started(self) -> subprocess.Popen[bytes]:
        """The pipe to its input is never written to: its end tells the worker that we are gone."""
        return subprocess.Popen(
            [sys.executable, "-m", "planner.cli.child"], stdin=subprocess.PIPE, start_new_session=True, env=self._env
        )

    def _keep_alive(self) -> None:
        wait_s = FIRST_WAIT_S
        while self._process is not None:
            started_at = time.monotonic()
            code = self._process.wait()
            if self._is_stopping.is_set():
                return
            _signal_group(self._process.pid, signal.SIGKILL)  # what it had started ends with it
            wait_s = FIRST_WAIT_S if time.monotonic() - started_at > STEADY_AFTER_S else min(wait_s * 2, LONGEST_WAIT_S)
            log.warning("worker_ended", exit=code, again_in_s=wait_s)
            if self._is_stopping.wait(wait_s):
                return
            self._process = self._started()


def _signal_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _end_with_parent() -> None:
    """Waits until nobody holds the other end of our input any more, then ends this process and its group."""
    while os.read(0, 1):
        continue
    os.killpg(0, signal.SIGTERM)
    time.sleep(STOP_WITHIN_S)
    os.killpg(0, signal.SIGKILL)


def _work() -> None:
    from planner.cli import main

    threading.Thread(target=_end_with_parent, name="parent-watcher", daemon=True).start()
    main(["worker"], prog_name="planner")


if __name__ == "__main__":
    _work()
