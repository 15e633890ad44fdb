"""`planner bench` as a user runs it: real children, real signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import benching
import pytest
from benching import Children, children
from click.testing import CliRunner, Result

from planner.bench import measuring
from planner.bench.agency import draw_agency
from planner.bench.measuring import run_child
from planner.cli import main
from solver.problem import to_document

__all__ = ["children"]
ROOT = Path(__file__).parents[2]
STOPPED = 130


def bench(*args: object) -> Result:
    result = CliRunner().invoke(main, ["bench", *(str(arg) for arg in args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def start(*args: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "planner", "bench", *(str(arg) for arg in args)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A problem that takes long to prove."""
    path = tmp_path / "data" / "hard-1.json"
    path.parent.mkdir()
    path.write_text(json.dumps(to_document(draw_agency(300, "full", 1))))
    return path.parent


def test_all_of_it_from_a_published_file_to_the_table(tmp_path: Path) -> None:
    data, out = benching.published(tmp_path / "data"), tmp_path / "out"
    with start("mspsp-1a", "--data", data, "--out", out, "--time-limit", 10) as process:
        said, wrong = process.communicate(timeout=60)
    assert (process.returncode, wrong) == (0, "")
    assert "inst_set1a_tiny: 2 people, 4 seats, 6 pairs" in said
    assert all(f"[{n}/3]" in said for n in (1, 2, 3))
    assert "| `mspsp-1a` | MSPSP, set 1a (1) | 10 s | proven optimal on 95 % | not judged: in 10 s | 1 of 1" in said
    assert "5 (5, proven)" in (out / "RESULTS.md").read_text()
    assert len(list(out.glob("bench-*.png"))) == 1
    again = bench("mspsp-1a", "--data", data, "--out", out, "--time-limit", 10)
    assert "[1/3]" not in again.stdout
    assert again.stdout.count("\n## ") == 0
    assert (out / "RESULTS.md").read_text().count("\n## ") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_bench_that_is_stopped_leaves_nobody_behind_and_goes_on(
    tmp_path: Path, data: Path, number: signal.Signals
) -> None:
    said = ("given/hard", "--data", data, "--out", tmp_path / "out", "--time-limit", 200)
    with start(*said, "--methods", "greedy,ours") as process:
        assert process.stdout is not None
        assert "given/hard-1: 300 people" in process.stdout.readline()
        assert "[1/2] greedy list" in process.stdout.readline()
        until(lambda: len(solving(tmp_path)) == 1)
        process.send_signal(number)
        _, wrong = process.communicate(timeout=20)
    if number is signal.SIGKILL:
        assert process.returncode == -number
    else:
        assert process.returncode == STOPPED
        assert wrong.endswith("Stopped. 1 of 2 runs are kept; the same command goes on.\n")
    until(lambda: not solving(tmp_path))
    again = bench(*said, "--methods", "greedy")
    assert again.exit_code == 0
    assert "[1/1]" not in again.stdout


def test_ctrl_c_at_any_line_leaves_no_process_and_nothing_to_wait_for(tmp_path: Path, data: Path) -> None:
    terms = {"time_limit_s": 100, "workers": 1, "seed": 1, "gap": 0.0}
    task = {"task": "solve", "problem": str(data / "hard-1.json"), "method": "ours", **terms}
    lines = {line for made in (run_child, measuring._waited) for _, _, line in made.__code__.co_lines() if line}
    reached = 0
    for line in sorted(lines):
        reached += is_interrupted_at(line, lambda: run_child(task, tmp_path / "answer.json", kill_after_s=1))
        assert [
            thread for thread in threading.enumerate() if isinstance(thread, threading.Timer) and not thread.daemon
        ] == []
        until(lambda: not solving(tmp_path))
    assert reached > 20


def is_interrupted_at(line: int, call: Callable[[], object]) -> bool:
    """Calls, and presses Ctrl-C as a line of the module that measures is reached; whether it is."""

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        if frame.f_code.co_filename != measuring.__file__ or frame.f_code.co_name not in {"run_child", "_waited"}:
            return None
        if event == "line" and frame.f_lineno == line:
            raise KeyboardInterrupt
        return trace

    usual = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(usual)
    return False


def until(is_so: object) -> None:
    """Waits for something that must become true within seconds."""
    end = time.monotonic() + 15
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


def solving(folder: Path) -> list[str]:
    """The processes that solve a problem below a folder by our method."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().decode()
        except OSError:  # gone meanwhile
            continue
        if str(folder) in line and '"method": "ours"' in line:
            found.append(line)
    return found


def test_wrong_plan_ends_with_status_1_and_says_which_row(tmp_path: Path, children: Children) -> None:
    data = tmp_path / "data"
    benching.give(data, "two-1", benching.two_seats())
    children.instead = {"ours": lambda task: benching.plan(task, objective=7, bound=8, status="feasible")}  # type: ignore[dict-item]
    result = bench("given/two", "--data", data, "--out", tmp_path / "out", "--history", tmp_path / "H.md")
    assert result.exit_code == 1
    assert "given/two: given/two-1, planner: The plan claims an objective of 7; it is " in result.stderr
    assert "**failed**" in (tmp_path / "H.md").read_text()
    children.instead.clear()
    assert bench("given/two", "--data", data, "--out", tmp_path / "other").exit_code == 0


def test_rows_are_listed_with_their_problems(tmp_path: Path) -> None:
    listed = bench("--list", "--data", benching.published(tmp_path), "--seeds", "1,2").stdout.splitlines()
    assert len(listed) == 13
    assert "plain-500-short" in listed[1]
    assert "20 s    2 problems  plain, 500 people: gap ≤ 1.0 %" in listed[1]
    assert sum("no data" in line for line in listed) == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("nothing",), "There is no row 'nothing'; the rows are small, plain-500-short,"),
        (("--seeds", "1,x"), "'1,x' is not a list such as 1,2,3."),
        (("--methods", "ours,magic"), "'magic' is none of greedy, model, ours."),
        (("--time-limit", "0.5"), "--time-limit"),
        (("--data", "/nowhere"), "--data"),
    ],
)
def test_what_cannot_be_is_refused(args: tuple[str, ...], words: str) -> None:
    result = bench(*args)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


def test_problem_that_is_not_valid_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "odd-1.json").write_text("{}")
    result = bench("given/odd", "--data", data, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stderr.startswith("given/odd-1: exit status 1: ")
    assert "schema" in result.stderr


def test_bench_without_matplotlib_has_no_picture(
    tmp_path: Path, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "planner.bench.picture", None)
    data = tmp_path / "data"
    benching.give(data, "two-1", benching.two_seats())
    result = bench("given/two", "--data", data, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "pip install 'planner[bench]'" in result.stderr
    assert "![" not in (tmp_path / "out" / "RESULTS.md").read_text()


def test_child_is_measured_alone(tmp_path: Path) -> None:
    """Neither what this process has used counts, nor what another child has."""
    ballast = bytearray(300_000_000)
    task = {"task": "judge", "problem": str(benching.give(tmp_path, "two", benching.two_seats())), "plan": "none"}
    measured = run_child(task, tmp_path / "answer.json", kill_after_s=60)
    assert measured.failure is None
    assert 5_000_000 < measured.peak_bytes < 200_000_000 < len(ballast)
    assert 0 < measured.cpu_s < measured.wall_s + 1


@pytest.mark.seconds
def test_child_that_takes_too_long_is_ended(tmp_path: Path, data: Path) -> None:
    terms = {"time_limit_s": 100, "workers": 1, "seed": 1, "gap": 0.0}
    task = {"task": "solve", "problem": str(data / "hard-1.json"), "method": "ours", **terms}
    began = time.monotonic()
    measured = run_child(task, tmp_path / "answer.json", kill_after_s=2)
    assert measured.failure == "it had not ended after 2 s"
    assert time.monotonic() - began < 10
    assert not os.path.exists(tmp_path / "answer.json")


def test_child_that_fails_says_why(tmp_path: Path) -> None:
    measured = run_child({"task": "look", "problem": "/none.json"}, tmp_path / "answer.json", kill_after_s=60)
    assert measured.failure is not None
    assert measured.failure.startswith("exit status 1: ")
    assert "/none.json" in measured.failure
