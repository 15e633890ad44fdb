"""Generated companies of 30 to 200 people: every plan is the referee's, within its time."""

from __future__ import annotations

import time

import pytest
import referee

from solver.problem import from_document
from solver.search import Options, solve
from solver.solution import to_document

pytestmark = [
    pytest.mark.slow,
    pytest.mark.seconds,
    pytest.mark.skipif(not referee.BENCH.is_dir(), reason="needs the problems of ../shared/bench"),
]

LIMIT_S = 6.0
SLOW_MACHINE_S = 2.0


@pytest.mark.parametrize("seed", range(1, 21))
@pytest.mark.parametrize("variant", ["plain", "teams", "full"])
def test_plan_of_a_generated_company_is_right(variant: str, seed: int) -> None:
    people = 30 + 170 * (seed - 1) // 19
    document = referee.made("generate.py", "--people", str(people), "--variant", variant, "--seed", str(seed))
    began = time.monotonic()
    asked = from_document(document)
    result = solve(asked, Options(time_limit_s=LIMIT_S), started_at=began)
    assert time.monotonic() - began <= LIMIT_S + SLOW_MACHINE_S
    assert result.status.has_solution
    assert referee.complaints(document, to_document(asked, result)) == []


@pytest.mark.parametrize("name", ["mspsp", "smptsp"])
def test_plan_of_a_public_instance_is_right(name: str) -> None:
    instance = min((referee.BENCH / name).glob("*.d*"), key=lambda path: path.stat().st_size)
    document = referee.made(f"{name}.py", str(instance))
    asked = from_document(document)
    result = solve(asked, Options(time_limit_s=LIMIT_S))
    assert result.status.has_solution
    assert referee.complaints(document, to_document(asked, result)) == []
