"""What an answer may say, and what a plan document is told when it says something else."""

import json
import pickle
from pathlib import Path
from typing import Any

import build
import pytest

from solver.problem import Problem
from solver.solution import (
    Demand,
    PlanError,
    Reason,
    Result,
    Solution,
    Status,
    TracePoint,
    UntruePlanError,
    from_document,
    gap_between,
    hires,
    percent_up,
    read,
    to_document,
)

REASON = Reason("nobody_has_skill", "Nobody has SQL at 3.", {"skill": "SQL", "level": 3})


def asked() -> Problem:
    people = (build.person(), build.candidate("cy"))
    first = build.phase("build", build.seat("dev"), build.seat("ops"))
    return build.problem(*people, phases=(first, build.phase("ship", build.seat("pm", to=4), latest=6)))


def feasible(**changes: Any) -> Result:
    said = {
        "problem": "test",
        "status": Status.FEASIBLE,
        "solution": Solution({"ship": 3}, {"dev": "ann", "pm": "cy"}),
        "objective": 10,
        "bound": 15,
        "seconds": 1.5,
        "unfilled": {"ops": (REASON,)},
        "trace": (TracePoint(0.5, None, 20, 0, "bound"), TracePoint(1.0, 10, 15, 2, "search")),
    }
    return Result(**said | changes)


def document(**changes: Any) -> dict[str, Any]:
    return to_document(asked(), feasible()) | changes


def no_plan(status: str, **changes: Any) -> dict[str, Any]:
    empty = {"objective": None, "bound": None, "phases": [], "assignments": [], "hires": [], "unfilled": []}
    return document(status=status, **empty | changes)


def test_plan_survives_the_round_trip() -> None:
    assert from_document(asked(), json.loads(json.dumps(document()))) == feasible()


def test_infeasible_plan_survives_the_round_trip() -> None:
    demands = (Demand("pin", "Ann is pinned to dev.", seat="dev", person="ann"), Demand("limit", "No hires."))
    result = Result("test", Status.INFEASIBLE, conflict=demands)
    said = to_document(asked(), result)
    assert said["conflict"][1] == {"demand": "limit", "text": "No hires."}
    assert from_document(asked(), said) == result


def test_plan_says_what_the_contract_asks_for() -> None:
    said = document()
    assert said["phases"] == [{"phase": "ship", "start": 3}]
    assert said["assignments"] == [{"seat": "dev", "person": "ann"}, {"seat": "pm", "person": "cy"}]
    assert said["hires"] == ["cy"]
    assert said["unfilled"][0]["reasons"] == ["Nobody has SQL at 3."]
    assert (said["status"], said["objective"], said["bound"], said["conflict"]) == ("feasible", 10, 15, [])


def test_hires_are_named_once_and_in_order() -> None:
    people = [build.candidate("di"), build.candidate("cy"), build.person()]
    answer = Solution({}, {"a": "di", "b": "cy", "c": "di", "d": "ann", "e": "stranger"})
    assert hires(build.problem(*people), answer) == ["cy", "di"]


def test_result_travels_between_processes() -> None:
    assert pickle.loads(pickle.dumps(feasible())) == feasible()


def test_seconds_may_be_missing_and_more_may_be_said() -> None:
    said = document(author="another tool", trace="none")
    del said["seconds"]
    assert from_document(asked(), said) == feasible(seconds=0.0, trace=())


def test_reasons_of_other_tools_are_kept_as_words() -> None:
    said = document(unfilled=[{"seat": "ops", "reasons": ["Too late.", {"why": 3}]}])
    reasons = from_document(asked(), said).unfilled["ops"]
    assert [(reason.code, reason.text) for reason in reasons] == [("other", "Too late."), ("other", '{"why": 3}')]


@pytest.mark.parametrize(
    "odd", [float("nan"), float("inf"), 10**30, "\ud800", {"\ud800": 1}, [[[[[[[]]]]]]], {"a": [{"b": float("nan")}]}]
)
def test_figures_that_cannot_be_written_again_leave_a_reason_its_words(odd: object) -> None:
    code = {"code": "all_busy", "params": {"num": 1, "odd": odd}}
    said = document(unfilled=[{"seat": "ops", "reasons": ["Too late."], "reason_codes": [code]}])
    assert from_document(asked(), said).unfilled["ops"] == (Reason("other", "Too late.", {}),)


def test_figures_of_the_usual_depth_are_kept() -> None:
    params = {"people": [{"person": "ann", "from": 1}], "num_per_must": {"sql 3": 2}, "group": ["a"], "best": None}
    code = {"code": "all_busy", "params": params}
    said = document(unfilled=[{"seat": "ops", "reasons": ["Too late."], "reason_codes": [code]}])
    assert from_document(asked(), said).unfilled["ops"] == (Reason("all_busy", "Too late.", params),)


@pytest.mark.parametrize(
    "changes",
    [
        {"seconds": "x"},
        {"seconds": -1},
        {"seconds": float("inf")},
        {"objective": 1.5},
        {"objective": True},
        {"bound": 2**63},
        {"filled": None},
        {"source": 3},
        {"source": "\ud800"},
        {"more": 1},
    ],
)
def test_point_of_a_trace_that_is_not_ours_is_left_out(changes: dict[str, object]) -> None:
    point = {"seconds": 1, "objective": 2, "bound": None, "filled": 1, "source": "search"}
    found = from_document(asked(), document(trace=[point, {**point, **changes}]))
    assert found.trace == (TracePoint(1, 2, None, 1, "search"),)


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(100, 150, 0.5), (100, 100, 0.0), (0, 0, 0.0), (0, 5, None), (-100, -50, 0.5), (None, 5, None), (5, None, None)],
)
def test_gap_is_a_part_of_the_objective(objective: int | None, bound: int | None, gap: float | None) -> None:
    assert gap_between(objective, bound) == gap


@pytest.mark.parametrize(
    ("objective", "bound", "percent"),
    [
        (100, 100, 0.0),
        (10**15, 10**15 + 1, 0.01),
        (10_000, 10_029, 0.29),
        (3, 4, 33.34),
        (10**18, 10**18 + 10**15, 0.1),
    ],
)
def test_no_plan_is_better_by_more_than_is_said(objective: int, bound: int, percent: float) -> None:
    gap = gap_between(objective, bound)
    assert gap is not None
    assert percent_up(gap) == percent


def test_result_has_a_gap() -> None:
    assert feasible().gap == 0.5


@pytest.mark.parametrize(
    "changes",
    [
        {"bound": 9},
        {"status": Status.OPTIMAL},
        {"status": Status.UNKNOWN},
        {"solution": None},
        {"objective": None},
        {"conflict": (Demand("pin", "Ann is pinned."),)},
        {"status": Status.INFEASIBLE, "solution": None, "objective": None, "bound": None},
    ],
)
def test_result_refuses_figures_that_do_not_go_together(changes: dict[str, Any]) -> None:
    with pytest.raises(UntruePlanError):
        feasible(**changes)


def test_optimal_result_has_its_objective_as_its_bound() -> None:
    assert feasible(status=Status.OPTIMAL, bound=10).gap == 0.0


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"schema": "staffing-plan/2"}, "schema"),
        ({"problem": "another"}, "problem"),
        ({"problem": None}, "problem"),
        ({"status": "good"}, "status"),
        ({"phases": None}, "phases"),
        ({"phases": [3]}, "phases[0]"),
        ({"phases": [{"start": 3}]}, "phases[0].phase"),
        ({"assignments": {}}, "assignments"),
        ({"assignments": [{"seat": "dev"}]}, "assignments[0].person"),
        ({"assignments": [{"seat": ["dev"], "person": "ann"}]}, "assignments[0].seat"),
        ({"hires": "cy"}, "hires"),
        ({"hires": [["cy"]]}, "hires[0]"),
        ({"unfilled": [{}]}, "unfilled[0].seat"),
        ({"objective": 1.5}, "objective"),
        ({"objective": True}, "objective"),
        ({"bound": "15"}, "bound"),
        ({"seconds": "fast"}, "seconds"),
        ({"seconds": float("nan")}, "seconds"),
        ({"seconds": 1e300}, "seconds"),
        ({"bound": 2**63}, "bound"),
        ({"objective": -(10**30)}, "objective"),
        ({"unfilled": [{"seat": "ops", "reasons": ["\ud800"]}]}, "unfilled[0].reasons[0]"),
        ({"conflict": [{"demand": "pin"}]}, "conflict[0].text"),
    ],
)
def test_document_that_is_no_plan_is_refused_at_its_place(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(PlanError) as caught:
        from_document(asked(), document(**changes))
    assert caught.value.path == path
    assert not isinstance(caught.value, UntruePlanError)


@pytest.mark.parametrize(
    "key", ["problem", "status", "objective", "bound", "phases", "assignments", "hires", "unfilled", "conflict"]
)
def test_missing_field_is_refused_by_name(key: str) -> None:
    said = document()
    del said[key]
    with pytest.raises(PlanError) as caught:
        from_document(asked(), said)
    assert str(caught.value) == f"{key}: it is missing"


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (document(phases=[{"phase": "ship", "start": 3}] * 2), "phases[1].phase"),
        (document(phases=[{"phase": "ship", "start": "3"}]), "phases[0].start"),
        (document(assignments=[{"seat": "dev", "person": p} for p in ("ann", "cy")]), "assignments[1].seat"),
        (document(hires=[]), "hires"),
        (document(hires=["cy", "cy"]), "hires"),
        (document(unfilled=[{"seat": "dev"}]), "unfilled[0].seat"),
        (document(unfilled=[{"seat": "qa"}]), "unfilled[0].seat"),
        (document(objective=16), "bound"),
        (document(objective=None), "objective"),
        (document(status="optimal"), "bound"),
        (document(conflict=[{"demand": "pin", "text": "Ann is pinned."}]), "conflict"),
        (document(status="unknown"), "assignments"),
        (no_plan("unknown", objective=3), "objective"),
        (no_plan("infeasible"), "conflict"),
        (no_plan("infeasible", bound=3, conflict=[{"demand": "pin", "text": "x"}]), "bound"),
        (no_plan("infeasible", conflict=[{"demand": "pin", "text": ""}]), "conflict[0]"),
        (no_plan("infeasible", conflict=[{"demand": "pin", "text": "x", "seat": "qa"}]), "conflict[0]"),
    ],
)
def test_plan_that_contradicts_itself_is_untrue(said: dict[str, Any], path: str) -> None:
    with pytest.raises(UntruePlanError) as caught:
        from_document(asked(), said)
    assert caught.value.path == path


@pytest.mark.parametrize("source", [b"", b"[]", b"\xff", b"[" * 10**6, b'{"schema": "staffing-plan/1", "schema": "x"}'])
def test_text_that_is_no_plan_is_refused(source: bytes) -> None:
    with pytest.raises(PlanError):
        read(asked(), source)


def test_plan_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document()))
    assert read(asked(), path) == feasible()
