"""The ways that large problems are searched, taken on tiny ones: what trying all plans finds, no bound misses."""

from __future__ import annotations

from typing import Any

import pytest
from companies import assert_right
from thousand import NUM, best_of, problem_of

from solver.search import Options, solve
from solver.solution import Status

PARTS = {"strategy.TINY": -1, "strategy.LARGE": -1, "strategy.PARTS_FOR_ONE_EFFORT": 8}
PATHS: dict[str, dict[str, Any]] = {
    "parts alone": PARTS,
    "a hunt for all that is better": {"strategy.TINY": -1, "strategy.PARTS_FOR_ONE_EFFORT": 8},
    "pairs sifted": PARTS | {"strategy.MOST_PRICED": 1, "pricing.MOST_ACTIVE": 3},
    "time at a price": PARTS | {"bound.patterns.MOST_NODES": 0},
    "phases that roam": PARTS
    | {"strategy.MOST_STARTS": 1, "bound.items.MOST_STARTS": 1, "model.variables.MOST_STARTS": 1},
}
ENOUGH = 0.8  # of the problems, whose best plan each path finds at least


def assert_true(numbers: range, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are right and bounds hold; nearly all plans are the best."""
    for name, value in PATHS[path].items():
        room = "" if name.startswith(("bound", "model")) else "search."
        monkeypatch.setattr(f"solver.{room}{name}", value)
    num_best = 0
    for number in numbers:
        asked, best = problem_of(number), best_of(number)
        result = solve(asked, Options(time_limit_s=60, workers=1, deterministic=True))
        assert_right(asked, result)
        assert (result.status is Status.INFEASIBLE) == (best is None), number
        if best is not None:
            assert (result.objective or 0) <= best <= (result.bound or 0), number
        num_best += result.objective == best
    assert num_best >= ENOUGH * len(numbers)


@pytest.mark.parametrize("path", PATHS)
def test_answer_of_every_path_is_true(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_true(range(len(path), NUM, 25), path, monkeypatch)


@pytest.mark.soak
@pytest.mark.parametrize("hundred", range(10, 20))
@pytest.mark.parametrize("path", PATHS)
def test_answers_of_every_path_are_true(path: str, hundred: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_true(range(100 * hundred, 100 * hundred + 100), path, monkeypatch)
