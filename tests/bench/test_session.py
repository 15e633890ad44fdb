"""A session: what is there is not run again, and no plan or bound passes that is not right."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import benching
import build
import pytest
from benching import Children, children, setup_in

from planner.bench import machine
from planner.bench.files import read_json, write_json
from planner.bench.goals import Ahead, AsKnown
from planner.bench.instances import Drawn, Given, Published
from planner.bench.methods import Method
from planner.bench.rows import Row
from planner.bench.session import Outcome, PreparationError, Session, Setup
from planner.bench.standing import Mark, standing_of
from planner.bench.store import BEST_KNOWN, BusyError, Store

__all__ = ["children"]


def row_of(*files: Path, **changes: Any) -> Row:
    said = {"name": "row", "what": "a row", "time_limit_s": 10, "source": Given("row", files), "goal": Ahead()}
    return Row(**said | changes)


def run(setup: Setup, *rows: Row) -> list[Outcome]:
    return Session(setup, lambda _: None).run(rows)


@pytest.fixture
def given(tmp_path: Path) -> Row:
    return row_of(benching.give(tmp_path / "data", "two", benching.two_seats()))


def test_each_method_is_run_once_and_judged(tmp_path: Path, children: Children, given: Row) -> None:
    (outcome,) = run(setup_in(tmp_path), given)
    assert children.solved == ["greedy", "model", "ours"]
    assert [task["task"] for task in children.tasks].count("judge") == 3
    (case,) = outcome.cases
    assert case.ours is not None
    assert (case.ours.objective, case.ours.is_optimal, case.best) == (case.limit, True, case.limit)
    assert standing_of(outcome).mark is Mark.REACHED


def test_run_that_is_there_is_not_run_again(tmp_path: Path, children: Children, given: Row) -> None:
    first = run(setup_in(tmp_path), given)
    children.tasks.clear()
    assert run(setup_in(tmp_path), given) == first
    assert children.tasks == []


@pytest.mark.parametrize("change", ["seconds", "workers", "code", "problem"])
def test_run_of_something_else_is_another_run(
    tmp_path: Path, children: Children, given: Row, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(setup_in(tmp_path), given)
    children.tasks.clear()
    setup, row = setup_in(tmp_path), given
    if change == "seconds":
        row = row_of(*given.source.files, time_limit_s=11)  # type: ignore[union-attr]
    elif change == "workers":
        setup = setup_in(tmp_path, workers=2)
    elif change == "code":
        monkeypatch.setattr(machine, "code", lambda: "another")
    else:
        benching.give(tmp_path / "data", "two", build.problem())
    run(setup, row)
    assert children.solved == ["greedy", "model", "ours"]


def test_session_that_was_stopped_goes_on_where_it_was(tmp_path: Path, children: Children, given: Row) -> None:
    def stop(task: Mapping[str, Any]) -> None:
        if task.get("method") == Method.OURS:
            raise KeyboardInterrupt

    children.before = stop
    session = Session(setup_in(tmp_path), lambda _: None)
    with pytest.raises(KeyboardInterrupt):
        session.run([given])
    assert (session.num_done, session.num_jobs) == (2, 3)
    children.before = lambda _: None
    children.tasks.clear()
    run(setup_in(tmp_path), given)
    assert children.solved == ["ours"]


def test_run_that_failed_is_told_and_run_again(tmp_path: Path, children: Children, given: Row) -> None:
    children.failures[Method.OURS] = "killed by SIGKILL"
    (outcome,) = run(setup_in(tmp_path), given)
    assert outcome.faults == ["given/two, planner: killed by SIGKILL"]
    assert standing_of(outcome).mark is Mark.FAILED
    children.failures.clear()
    children.tasks.clear()
    (outcome,) = run(setup_in(tmp_path), given)
    assert (children.solved, outcome.faults) == (["ours"], [])


def test_half_a_record_is_measured_again(tmp_path: Path, children: Children, given: Row) -> None:
    run(setup_in(tmp_path), given)
    (record,) = (tmp_path / "out" / "runs" / "given").glob("two.ours.10s.????????.json")
    record.write_bytes(record.read_bytes()[:40])
    children.tasks.clear()
    run(setup_in(tmp_path), given)
    assert children.solved == ["ours"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"objective": 1, "status": "feasible"}, "The plan claims an objective of 1"),
        ({"assignments": [{"seat": "a", "person": "ann"}, {"seat": "b", "person": "ann"}]}, "Ann is over capacity"),
        ({"bound": 1}, "the plan is none: bound: it is below the objective"),
        ({"assignments": None}, "the plan is none: assignments"),
        ({"schema": "another"}, "the plan is none: schema"),
    ],
    ids=["untrue", "crowded", "below itself", "empty", "alien"],
)
def test_plan_that_is_wrong_fails_its_row(
    tmp_path: Path, children: Children, given: Row, changes: dict[str, Any], words: str
) -> None:
    children.instead[Method.MODEL] = lambda task: benching.plan(task, **changes)
    (outcome,) = run(setup_in(tmp_path), given)
    assert all(fault.startswith("given/two, plain CP-SAT: ") for fault in outcome.faults)
    assert any(words in fault for fault in outcome.faults)
    assert standing_of(outcome).mark is Mark.FAILED
    assert outcome.cases[0].runs[Method.MODEL].objective is None
    assert outcome.cases[0].best == outcome.cases[0].runs[Method.OURS].objective


def empty(task: Mapping[str, Any]) -> object:
    """The empty plan, with a bound that is too low."""
    changes = {"assignments": [], "hires": [], "objective": 0, "bound": 5, "status": "feasible"}
    return benching.plan(task, **changes)


def test_bound_below_another_methods_plan_fails_the_row(tmp_path: Path, children: Children, given: Row) -> None:
    children.instead[Method.OURS] = empty
    (outcome,) = run(setup_in(tmp_path), given)
    best = outcome.cases[0].best
    assert outcome.faults == [f"given/two, planner: its bound of 5 is below a plan of {best}"]
    assert outcome.cases[0].ours is not None
    assert outcome.cases[0].ours.gap is None
    assert outcome.cases[0].limit is None


def test_bound_below_a_plan_of_another_time_fails_the_row(tmp_path: Path, children: Children, given: Row) -> None:
    run(setup_in(tmp_path), given)
    for method in Method:
        children.instead[method] = empty
    (outcome,) = run(setup_in(tmp_path, workers=7), given)
    assert len(outcome.faults) == 3
    assert all("its bound of 5 is below a plan of" in fault for fault in outcome.faults)


def test_bound_of_one_row_is_held_against_plans_of_the_next(tmp_path: Path, children: Children, given: Row) -> None:
    children.instead[Method.OURS] = lambda task: empty(task) if task["time_limit_s"] == 1 else benching.plan(task)
    short = row_of(*given.source.files, name="short", time_limit_s=1, methods=(Method.OURS,))  # type: ignore[union-attr]
    hurried, patient = run(setup_in(tmp_path), short, given)
    assert (standing_of(hurried).mark, standing_of(patient).mark) == (Mark.FAILED, Mark.REACHED)


def test_best_known_stands_beside_the_history_too(tmp_path: Path, children: Children, given: Row) -> None:
    beside = tmp_path / "history" / BEST_KNOWN
    (outcome,) = run(setup_in(tmp_path, best_known=[beside]), given)
    (row,) = read_json(beside).values()
    assert (row["name"], row["objective"]) == ("given/two", outcome.cases[0].best)
    assert read_json(tmp_path / "out" / BEST_KNOWN) == read_json(beside)
    write_json(beside, {key: {**said, "objective": 10**8} for key, said in read_json(beside).items()})
    (outcome,) = run(setup_in(tmp_path, best_known=[beside]), given)
    assert outcome.faults[0].endswith("is below a plan of 100000000")


def test_plan_that_says_there_is_none_is_refuted_by_one(tmp_path: Path, children: Children, given: Row) -> None:
    nothing = {"status": "infeasible", "objective": None, "bound": None, "assignments": [], "unfilled": []}
    demand = [{"demand": "pin", "text": "Ann"}]
    children.instead[Method.OURS] = lambda task: benching.plan(task, **nothing, conflict=demand)
    (outcome,) = run(setup_in(tmp_path), given)
    assert "it says that there is no plan; there is one of" in outcome.faults[0]


def test_published_optimum_is_asserted(tmp_path: Path, children: Children) -> None:
    data = benching.published(tmp_path / "data")
    table = data / "smptsp" / "best_known.csv"
    row = row_of(source=Published("smptsp"), goal=AsKnown(0, 100))
    (outcome,) = run(setup_in(tmp_path, data), row)
    assert outcome.faults == []
    assert (outcome.cases[0].ours and outcome.cases[0].ours.figure) == benching.DAT_PEOPLE
    for figures, words in (
        ("3,0s,3", "is above 5997, which is proven to be the most"),
        ("1,0s,1", "is below a plan of"),
    ):
        table.write_text(benching.DAT_TABLE.replace("2,0s,2", figures))
        (outcome,) = run(setup_in(tmp_path, data), row)
        assert words in outcome.faults[-1]


@pytest.mark.parametrize(("people", "solved"), [(500, ["model"]), (501, [])])
def test_plain_model_is_asked_about_500_people_at_most(
    tmp_path: Path, children: Children, people: int, solved: list[str]
) -> None:
    crowd = build.problem(*(build.person(f"p{n}") for n in range(people)))
    run(setup_in(tmp_path, methods=[Method.MODEL]), row_of(benching.give(tmp_path, "crowd", crowd)))
    assert children.solved == solved


def test_baseline_that_does_not_end_has_no_plan(tmp_path: Path, children: Children, given: Row) -> None:
    children.late = {Method.MODEL}
    (outcome,) = run(setup_in(tmp_path), given)
    assert outcome.faults == []
    assert outcome.cases[0].runs[Method.MODEL].objective is None
    assert standing_of(outcome).mark is Mark.REACHED
    children.late = {Method.OURS}
    (outcome,) = run(setup_in(tmp_path, workers=2), given)
    assert outcome.faults == ["given/two, planner: it had not ended"]


def test_problem_is_drawn_once_and_again_when_the_drawing_changes(
    tmp_path: Path, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = row_of(source=Drawn(("plain",), (8,)), methods=(Method.GREEDY,))
    for _ in range(2):
        run(setup_in(tmp_path), row)
    assert [task["task"] for task in children.tasks] == ["make", "look", "solve", "judge"]
    monkeypatch.setattr(machine, "makers", lambda: "another hand")
    run(setup_in(tmp_path), row)
    assert [task["task"] for task in children.tasks[4:]] == ["make"]


def test_gap_at_which_to_stop_is_ours_alone(tmp_path: Path, children: Children, given: Row) -> None:
    run(setup_in(tmp_path), row_of(*given.source.files, gap=Fraction(1, 20)))  # type: ignore[union-attr]
    gaps = {task["method"]: task["gap"] for task in children.tasks if task["task"] == "solve"}
    assert gaps == {"greedy": 0.0, "model": 0.0, "ours": 0.05}


def test_two_problems_of_one_name_are_refused(tmp_path: Path, children: Children) -> None:
    files = [benching.give(tmp_path / name, "same", benching.two_seats()) for name in ("one", "two")]
    with pytest.raises(PreparationError, match="Two problems are called given/same"):
        run(setup_in(tmp_path), *(row_of(file, name=file.parent.name) for file in files))


def test_second_bench_in_the_same_place_is_refused(tmp_path: Path, children: Children, given: Row) -> None:
    with Store(tmp_path / "out").locked(), pytest.raises(BusyError, match="another bench is at work here"):
        run(setup_in(tmp_path), given)
