"""Tests that claim seconds, on machines that are held up for some now and then.

A test with the mark `seconds` that fails while this process was not let run, however much it wanted to, has shown
nothing: it runs again, at most twice. Where the machine kept its pace, the first failure counts; and of other tests
every failure does, for there a machine that is held up only shows what can happen to users.
"""

from __future__ import annotations

import threading
import time

import pytest
from _pytest.runner import runtestprotocol

TICK_S, HELD_UP_S = 0.05, 0.5
MOST_RUNS = 3
AGAIN = "ran again: the machine was held up"


class Pulse(threading.Thread):
    """Wakes up again and again, and notes how much later than it wanted to."""

    def __init__(self) -> None:
        super().__init__(name="pulse", daemon=True)
        self._lost_s, self._at = 0.0, time.monotonic()

    def run(self) -> None:
        while True:
            time.sleep(TICK_S)
            self._lost_s, self._at = self.lost_s, time.monotonic()

    @property
    def lost_s(self) -> float:
        """Seconds since the start in which it was held up, half a second or more at a time."""
        late_s = time.monotonic() - self._at - TICK_S
        return self._lost_s + (late_s if late_s >= HELD_UP_S else 0.0)


PULSE = Pulse()


def pytest_sessionstart() -> None:
    if not PULSE.is_alive():
        PULSE.start()


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Runs a test that claims seconds as often as it takes; what is reported is its last run."""
    if item.get_closest_marker("seconds") is None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    num_runs, is_settled = 0, False
    while not is_settled:
        num_runs, lost_s = num_runs + 1, PULSE.lost_s
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        is_steady = PULSE.lost_s < lost_s + HELD_UP_S
        is_settled = is_steady or num_runs == MOST_RUNS or not any(report.failed for report in reports)
    for report in reports:
        if num_runs > 1:
            report.user_properties.append((AGAIN, num_runs))
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which tests ran more than once."""
    reports = [one for found in terminalreporter.stats.values() for one in found if isinstance(one, pytest.TestReport)]
    again = {one.nodeid: num for one in reports for name, num in one.user_properties if name == AGAIN}
    for name, num in again.items():
        terminalreporter.write_line(f"{AGAIN} ({num} runs): {name}")
