"""Every question ends in its time, says no more than it knows by then, and stops when it is asked to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from companies import company

from solver.explain import nobody, others, prices, stability, unknowns, why
from solver.problem import Problem
from solver.problem.market import Market
from solver.search import Options, StopFlag, solve
from solver.solution import Result

pytestmark = pytest.mark.seconds
LIMIT_S = 4
COMPANY = company(seed=3, people=60, seats=220)  # more than 60 people can hold, so that some stay open
Asked = Callable[[Problem, Result, Options, StopFlag], Any]


def _open_seat(problem: Problem, given: Result) -> str:
    assert given.solution is not None
    return next(seat for seat in problem.seat_by_id if seat not in given.solution.holders)


QUESTIONS: dict[str, Asked] = {
    "why": lambda p, g, o, s: why(p, g, next(iter(p.seat_by_id)), "p3", o, stop=s),
    "nobody": lambda p, g, o, s: nobody(p, g, _open_seat(p, g), Market(), o, stop=s),
    "prices": lambda p, g, o, s: prices(p, g, o, stop=s),
    "others": lambda p, g, o, s: others(p, g, o, stop=s),
    "weights": lambda p, g, o, s: stability(p, g, o, stop=s),
    "unknowns": lambda p, g, o, s: unknowns(p, g, o, person="p3", stop=s),
}


@pytest.fixture(scope="module")
def given() -> Result:
    return solve(COMPANY, Options(time_limit_s=3, workers=2))


@pytest.mark.parametrize("name", QUESTIONS)
def test_time_limit_holds(name: str, given: Result) -> None:
    began = time.monotonic()
    QUESTIONS[name](COMPANY, given, Options(time_limit_s=LIMIT_S, workers=1), StopFlag())
    assert time.monotonic() - began <= LIMIT_S + 2


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_stops_when_asked_to(name: str, given: Result) -> None:
    stop = StopFlag()
    threading.Timer(1.0, stop.set).start()
    began = time.monotonic()
    QUESTIONS[name](COMPANY, given, Options(time_limit_s=60, workers=1), stop)
    assert time.monotonic() - began <= 3
