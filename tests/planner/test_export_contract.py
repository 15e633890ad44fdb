"""The JSON export: `staffing-plan/1`, which reads back as the plan that it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import agency
import build
import pytest

from planner.exchange import export
from planner.translate.report import PlanReport, report
from solver import check
from solver.problem import to_document
from solver.solution import Result, Solution, Status, TracePoint, UntruePlanError, from_document

REFEREE = Path(__file__).parents[2].parent / "shared" / "contract" / "check_plan.py"


def document_of(plan: PlanReport, edition: str = "organisers") -> dict[str, Any]:
    said: dict[str, Any] = json.loads(export(plan, "json", edition).data)
    return said


def test_it_reads_back_as_the_same_answer() -> None:
    asked = agency.problem()
    assert from_document(asked, document_of(agency.plan())) == agency.result(asked)


def test_trace_and_movable_phases_read_back() -> None:
    later = build.phase("later", build.seat("l1", to=5), earliest=0, latest=4)
    asked = build.problem(phases=(later,))
    solution = Solution({"later": 3}, {"l1": "ann"})
    points = check.score(asked, solution).objective
    trace = (TracePoint(0.5, None, None, 0, "start"), TracePoint(1.0, points, points, 1, "exact"))
    answer = Result(asked.name, Status.OPTIMAL, solution, points, points, 1.0, trace=trace)
    assert from_document(asked, document_of(report(asked, answer, agency.meta()))) == answer


def test_infeasible_plan_reads_back() -> None:
    asked = agency.problem(pins=(build.pairing("s4", "noah"),))
    answer = from_document(asked, document_of(agency.infeasible()))
    assert answer.status is Status.INFEASIBLE
    assert answer.conflict[0].seat == "s4"


def test_it_says_which_plan_it_is() -> None:
    assert document_of(agency.plan())["plan"] == {
        "number": 12,
        "version": 3,
        "title": "Spring campaigns",
        "generated_at": "2027-01-18T09:41:00+00:00",
        "generated_by": "Inès Caron",
        "edition": "organisers",
    }


def test_members_document_has_the_same_shape_and_no_scores() -> None:
    whole, shown = document_of(agency.plan()), document_of(agency.plan(), "members")
    assert whole.keys() == shown.keys()
    assert (shown["objective"], shown["bound"], shown["trace"]) == (None, None, [])
    assert shown["unfilled"] == [{"seat": "s4", "reasons": [], "reason_codes": []}]
    with pytest.raises(UntruePlanError):  # it is to be read, not to be planned on
        from_document(agency.problem(), shown)


@pytest.mark.skipif(not REFEREE.is_file(), reason="needs the contract's referee in ../shared/contract")
def test_referee_accepts_it(tmp_path: Path) -> None:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(json.dumps(to_document(agency.problem())))
    plan.write_bytes(export(agency.plan(), "json").data)
    judged = subprocess.run([sys.executable, REFEREE, problem, plan], capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout + judged.stderr
