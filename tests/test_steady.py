"""What runs again and what does not, where the machine is held up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import steady
from steady import AGAIN, PULSE

TESTS = Path(__file__).parent
FAILING = """
import pytest, steady
RUNS = {}

@pytest.fixture
def run(request):
    name = request.node.name
    RUNS[name] = RUNS.get(name, 0) + 1
    return RUNS[name]

@pytest.mark.seconds
def test_held_up_once(run):
    if run == 1:
        steady.PULSE.lost_s += 1
        assert False

@pytest.mark.seconds
def test_held_up_always(run):
    steady.PULSE.lost_s += 1
    assert not run

@pytest.mark.seconds
def test_failing_by_itself(run):
    assert run > 1

def test_claiming_no_seconds(run):
    steady.PULSE.lost_s += 1
    assert run > 1

@pytest.mark.seconds
def test_right_though_held_up(run):
    steady.PULSE.lost_s += 1

def test_runs():
    assert list(RUNS.values()) == [2, 3, 1, 1, 1]
"""


def test_what_fails_while_the_machine_is_held_up_runs_again(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steady, "PULSE", SimpleNamespace(lost_s=0.0, is_alive=lambda: True))
    pytester.makepyfile(FAILING)
    pytester.makeini("[pytest]\nmarkers =\n    seconds")
    told = pytester.runpytest_inprocess("-p", "steady", "-p", "no:xdist")
    told.assert_outcomes(passed=3, failed=3)
    told.stdout.fnmatch_lines([f"{AGAIN} (* runs): *::test_held_up_*"] * 2)
    failed = [line for line in told.outlines if line.startswith("FAILED")]
    assert [line.split()[1].split("::")[1] for line in failed] == [
        "test_held_up_always",
        "test_failing_by_itself",
        "test_claiming_no_seconds",
    ]


@pytest.mark.seconds
def test_pulse_is_steady_in_a_busy_process() -> None:
    lost_s, until = PULSE.lost_s, time.monotonic() + 1
    while time.monotonic() < until:
        sum(range(1000))
    assert PULSE.lost_s == lost_s


def test_pulse_notices_that_its_process_was_held_up() -> None:
    code = f"""if True:
        import sys, time
        sys.path.insert(0, {str(TESTS)!r})
        from steady import PULSE
        PULSE.start()
        print("ready", flush=True)
        sys.stdin.readline()
        print(PULSE.lost_s)"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(1)
        os.kill(process.pid, signal.SIGCONT)
        told, _ = process.communicate("\n", timeout=30)
    assert float(told) > 0.5
