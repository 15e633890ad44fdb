"""`planner solve` and `planner check`: what they write, what they refuse, and how they end."""

import json
import os
import pty
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import build
import pytest
from click.testing import CliRunner, Result

from planner.cli import COMMANDS, DEFAULT_COMMAND, Entry, main, solving
from solver import check, solution
from solver.problem import Kind, Problem, to_document
from solver.solution import Solution, Status

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _as_if_just_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time limit counts from the start of the process; that of the tests may have begun long ago."""
    monkeypatch.setattr(solving, "STARTED_AT", time.monotonic())


def run(*args: object) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def start(*args: object, **how: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "planner", *(str(arg) for arg in args)]
    return subprocess.Popen(command, cwd=ROOT, **how)


def write(folder: Path, problem: Problem, **changes: Any) -> Path:
    path = folder / "problem.json"
    path.write_text(json.dumps(to_document(problem) | changes))
    return path


def plan(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text())
    return said


def large() -> Problem:
    """Forty people of two skills, who compete for a hundred and twenty seats."""
    rng = random.Random(1)
    people = [
        build.person(f"p{n}", skills={"sql": rng.randint(1, 5), "seo": rng.randint(1, 5)}, cost=rng.randint(0, 3000))
        for n in range(40)
    ]
    phases = [
        build.phase(
            f"f{n}",
            *(
                build.seat(
                    f"f{n}.{k}",
                    fte=rng.choice([30, 50, 80]),
                    to=rng.randint(2, 6),
                    skills=(build.skill(level=rng.randint(1, 4)),),
                )
                for k in range(4)
            ),
            latest=3,
        )
        for n in range(30)
    ]
    return build.problem(*people, phases=phases)


def test_plan_made_is_a_plan_that_check_accepts(tmp_path: Path) -> None:
    path, out = write(tmp_path, build.problem()), tmp_path / "plan.json"
    result = run("solve", path, "--out", out, "--time-limit", 60)
    assert (result.exit_code, plan(out)["status"], len(plan(out)["assignments"])) == (0, "optimal", 1)
    assert "optimal: 1 of 1 seats" in result.stdout
    checked = run("check", path, out)
    assert checked.exit_code == 0
    assert "The plan keeps every rule." in checked.stdout


def test_plan_goes_to_the_standard_output_alone(tmp_path: Path) -> None:
    result = run("solve", write(tmp_path, build.problem()), "--out", "-", "--time-limit", 60)
    assert json.loads(result.stdout)["status"] == "optimal"
    assert "optimal" in result.stderr


def test_search_begins_with_the_plan_that_it_is_given(tmp_path: Path) -> None:
    path, long, short = write(tmp_path, large()), tmp_path / "long.json", tmp_path / "short.json"
    assert run("solve", path, "--out", long, "--time-limit", 4).exit_code == 0
    assert run("solve", path, "--out", short, "--time-limit", 1, "--warm", long).exit_code == 0
    assert plan(short)["objective"] >= plan(long)["objective"] > 0


def test_warm_plan_that_is_none_is_refused(tmp_path: Path) -> None:
    path, out = write(tmp_path, build.problem()), tmp_path / "plan.json"
    result = run("solve", path, "--out", out, "--warm", path)
    assert result.exit_code == 2
    assert str(path) in result.stderr
    assert not out.exists()


def test_executor_that_nobody_knows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_EXECUTOR", "pigeons")
    result = run("solve", write(tmp_path, build.problem()), "--out", tmp_path / "plan.json")
    assert result.exit_code == 1
    assert "it is threads, processes or tcp://host:port" in result.stderr


def test_conflict_is_a_plan_too(tmp_path: Path) -> None:
    problem = build.problem(pins=(build.pairing(),), bans=(build.pairing(),))
    path, out = write(tmp_path, problem), tmp_path / "plan.json"
    assert run("solve", path, "--out", out, "--time-limit", 60).exit_code == 0
    assert plan(out)["status"] == "infeasible"
    assert {row["demand"] for row in plan(out)["conflict"]} == {"pin", "ban"}
    assert run("check", path, out).exit_code == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"people": [{"id": "ann", "kind": "employee", "capacity": [], "age": 40}]},
            "people[0].age: the key is unknown",
        ),
        ({"calendar": {"periods": -1}}, "calendar.periods: -1 is not a whole number"),
        ({"weights": {"fill": float("nan")}}, "weights.fill: nan is not a whole number"),
        ({"pins": [{"seat": "dev", "person": "bob"}]}, 'pins[0].person: there is no person "bob"'),
    ],
)
def test_problem_that_is_not_valid_is_refused_by_its_place(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    path, out = write(tmp_path, build.problem(), **changes), tmp_path / "plan.json"
    out.write_text("an older plan")
    for result in (run("solve", path, "--out", out), run("check", path, out)):
        assert result.exit_code == 2
        assert f"{path}: {words}" in result.stderr
        assert result.stdout == ""
    assert out.read_text() == "an older plan"


def test_garbage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    for garbage in (b"\xff" * 10**6, b"{" * 10**6, b"[]", b""):
        path.write_bytes(garbage)
        result = run("solve", path, "--out", tmp_path / "plan.json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert len(result.stderr) < 300


def test_terminal_never_obeys_a_document(tmp_path: Path) -> None:
    path = write(tmp_path, build.problem(build.person(name="\x1b[2J\nAnn")), bans=[{"seat": "dev", "person": "ann"}])
    out = tmp_path / "plan.json"
    problem = build.problem()
    score = check.score(problem, build.solution(dev="ann")).objective
    answer = solution.Result("test", Status.FEASIBLE, build.solution(dev="ann"), score)
    out.write_text(json.dumps(solution.to_document(problem, answer)))
    result = run("check", path, out)
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout
    assert "is banned from the seat dev, and holds it." in result.stdout


@pytest.mark.parametrize("seconds", ["0.9", "86401", "nan", "inf", "-1", "soon"])
def test_time_limit_has_its_limits(tmp_path: Path, seconds: str) -> None:
    path = write(tmp_path, build.problem())
    result = run("solve", path, "--out", tmp_path / "plan.json", "--time-limit", seconds)
    assert result.exit_code == 2
    assert "--time-limit" in result.stderr


def test_files_that_cannot_be_read_or_written_are_named(tmp_path: Path) -> None:
    path, out = write(tmp_path, build.problem()), tmp_path / "plan.json"
    nowhere = tmp_path / "none" / "plan.json"
    for said, name in (
        ((tmp_path, "--out", out), tmp_path),
        ((tmp_path / "none.json", "--out", out), tmp_path / "none.json"),
        ((path, "--out", tmp_path), tmp_path),
        ((path, "--out", nowhere), nowhere),
    ):
        result = run("solve", *said)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"{name}: ")


def test_plan_is_replaced_whole_and_a_device_is_left_where_it_is(tmp_path: Path) -> None:
    path, out = write(tmp_path, build.problem()), tmp_path / "plan.json"
    out.symlink_to(tmp_path / "real.json")
    assert run("solve", path, "--out", out, "--time-limit", 60).exit_code == 0
    assert out.is_symlink()
    assert plan(tmp_path / "real.json")["status"] == "optimal"
    assert sorted(os.listdir(tmp_path)) == ["plan.json", "problem.json", "real.json"]
    assert run("solve", path, "--out", "/dev/null", "--time-limit", 60).exit_code == 0
    assert Path("/dev/null").is_char_device()


def test_check_says_what_is_broken_and_what_the_plan_is_worth(tmp_path: Path) -> None:
    problem = build.problem(build.person(), build.candidate(), bans=(build.pairing(),))
    answer = build.solution(dev="ann")
    result = solution.Result("test", Status.FEASIBLE, answer, check.score(problem, answer).objective - 1)
    out = tmp_path / "plan.json"
    out.write_text(json.dumps(solution.to_document(problem, result)))
    checked = run("check", write(tmp_path, problem), out)
    assert checked.exit_code == 1
    assert "bans_hold: Ann is banned from the seat dev, and holds it." in checked.stdout
    assert "own_figures: The plan claims an objective of 35999; it is 36000." in checked.stdout
    assert "36 000" in checked.stdout


def test_check_tells_a_wrong_plan_from_no_plan(tmp_path: Path) -> None:
    path, out = write(tmp_path, build.problem()), tmp_path / "plan.json"
    answer = solution.Result("test", Status.FEASIBLE, Solution(), 0)
    said = solution.to_document(build.problem(), answer)
    for changes, code in (({}, 0), ({"hires": ["ann"]}, 1), ({"bound": -1}, 1), ({"hires": None}, 2)):
        out.write_text(json.dumps(said | changes))
        assert run("check", path, out).exit_code == code


@pytest.mark.seconds
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_search_and_the_best_plan_is_written(tmp_path: Path, number: signal.Signals) -> None:
    path, out = write(tmp_path, large()), tmp_path / "plan.json"
    ours, theirs = pty.openpty()
    with start("solve", path, "--out", out, "--time-limit", 200, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        assert b"best" in os.read(ours, 1000)
        time.sleep(2)  # some runs of CP-SAT later
        process.send_signal(number)
        asked_at = time.monotonic()
        assert process.wait(20) == 0
    os.close(ours)
    assert time.monotonic() - asked_at < 5
    answer = solution.from_document(large(), plan(out))
    assert answer.solution is not None
    assert check.violations(large(), answer.solution) == []


@pytest.mark.seconds
def test_time_limit_covers_everything(tmp_path: Path) -> None:
    path, out = write(tmp_path, large()), tmp_path / "plan.json"
    began = time.monotonic()
    assert start("solve", path, "--out", out, "--time-limit", 3, stdout=subprocess.DEVNULL).wait(20) == 0
    assert time.monotonic() - began < 5
    assert plan(out)["seconds"] < 5


def test_terminal_sees_seconds_best_bound_and_gap(tmp_path: Path) -> None:
    path, out = write(tmp_path, large()), tmp_path / "plan.json"
    ours, theirs = pty.openpty()
    process = start("solve", path, "--out", out, "--time-limit", 3, stdout=subprocess.DEVNULL, stderr=theirs)
    assert process.wait(20) == 0
    os.close(theirs)
    line = os.read(ours, 10**6).decode()
    os.close(ours)
    assert all(word in line for word in (" s  best ", "  bound ", "  gap ", "\r"))


def test_solving_knows_neither_the_web_nor_a_database(tmp_path: Path) -> None:
    path = write(tmp_path, build.problem())
    said = f"""
import sys
from planner.cli import main
try:
    main(["solve", {str(path)!r}, "--out", {str(tmp_path / "plan.json")!r}, "--time-limit", "60"])
finally:
    print(sorted({{"flask", "sqlalchemy", "pydantic", "wtforms"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_checking_does_without_the_solvers_engine(tmp_path: Path) -> None:
    said = "import planner.cli.solving, sys; print(sorted({'ortools', 'numpy', 'flask'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_command_is_listed_and_can_be_loaded() -> None:
    listed = run("--help").stdout
    assert all(name in listed and entry.summary in listed for name, entry in COMMANDS.items())
    for name in COMMANDS:
        assert run(name, "--help").exit_code == 0


def test_product_runs_where_no_command_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, DEFAULT_COMMAND, Entry("planner.cli.solving:check_command", "Run."))
    for said in ((), ("--demo",)):
        assert f"Usage: main {DEFAULT_COMMAND}" in run(*said).stderr


def test_time_that_ran_out_before_a_plan_has_a_status_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = write(tmp_path, build.problem()), tmp_path / "plan.json"
    monkeypatch.setattr("solver.search.solve", lambda *_, **__: solution.Result("test", Status.UNKNOWN))
    assert run("solve", path, "--out", out).exit_code == 3
    assert plan(out)["status"] == "unknown"
    checked = run("check", path, out)
    assert (checked.exit_code, checked.stdout) == (0, "The plan says that it is unknown.\n")


def test_unknown_command_is_refused() -> None:
    assert run("slove").exit_code == 2


def test_kinds_are_words_in_the_document() -> None:
    assert to_document(build.problem(build.candidate()))["people"][0]["kind"] == str(Kind.CANDIDATE)
