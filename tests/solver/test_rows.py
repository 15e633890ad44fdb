"""Rows of the bound, kind by kind: the bound is looser without them, and one that says too much makes it too small.

In each case the rows bring the bound down to the best plan, so that nothing of them can be wrong unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
from brute import best_objective
from build import pairing, person, phase, problem, project, rule, seat, skill
from sources import called_in

from solver.bound import Prices
from solver.bound.rows import Row, _Writer
from solver.eligible import eligibility_of
from solver.problem import Kind, Limits, Problem, Seat, Weights

SEAT = 30_000  # points
PLAIN = Weights(fit=0, style=0, preference=1500, money=0, change=0)
ROUNDS, FADING = 300, 0.97
CLOSE = 0.01


class Case(NamedTuple):
    rows: str
    label: str
    asked: Problem
    best: int
    without: int  # the best plan, were it not for what the rows say


def crowd(num: int, *rules: Any, **changes: Any) -> Problem:
    """So many people, whose time costs 7, and as many seats of one team."""
    phases = (phase("build", *(seat(f"s{n}") for n in range(num)), team_rules=rules),)
    crew = (person(f"p{n}", cost=7) for n in range(num))
    return problem(*crew, **{"projects": (project("site", *phases),), "weights": PLAIN} | changes)


def reluctant_bob(*rules: Any, seats: tuple[Seat, Seat] | None = None, **changes: Any) -> Problem:
    """A seat that is worth its points with Ann on it, and one that costs half as many with Bob."""
    ann = person(tags=("a",), skills={"sql": 6}, styles={"wit": 3.0})
    bob = person("bob", tags=("b",), skills={"sql": 7}, styles={"wit": 4.0}, preferences={"site": -100})
    both = seats or (seat("a", tags=("a",)), seat("b", tags=("b",)))
    return problem(ann, bob, phases=(phase("build", *both, team_rules=rules),), weights=PLAIN, **changes)


def cases() -> list[Case]:
    kind = {"kind": Kind.EMPLOYEE}
    pair = ("ann", "bob")
    junior = (seat("a", tags=("a",), skills=(skill("sql", 7),), mentoring=True), seat("b", tags=("b",)))
    budget = (project("site", phase("build", seat("s0"), seat("s1")), budget=70),)
    kept = {"current": (pairing("b", "bob"),), "limits": Limits(max_changes=0)}
    with_bob, two = SEAT // 2, 2 * SEAT
    return [
        Case("_count", "at least", reluctant_bob(rule("count", of=kind, at_least=2)), with_bob, SEAT),
        Case("_count", "at most", crowd(3, rule("count", of=kind, at_most=2)), two, 3 * SEAT),
        Case("_count", "at most, soft", crowd(2, rule("count", of=kind, at_most=1, weight=900)), two - 900, two),
        Case("_named", "apart", crowd(2, rule("apart", people=("p0", "p1"))), SEAT, two),
        Case("_named", "apart, soft", crowd(2, rule("apart", people=("p0", "p1"), weight=900)), two - 900, two),
        Case("_named", "together", reluctant_bob(rule("together", people=pair)), with_bob, SEAT),
        Case("_mean", "at least", reluctant_bob(rule("mean", style="wit", min=3.5)), with_bob, SEAT),
        Case("_mean", "at most", reluctant_bob(rule("mean", style="wit", min=3.5, max=3.5)), with_bob, SEAT),
        Case("_mentoring", "one level short", reluctant_bob(seats=junior), with_bob, SEAT),
        Case("_budgets", "of a project", crowd(2, projects=budget), SEAT, two),
        Case("_budgets", "of the plan", crowd(2, limits=Limits(budget=70)), SEAT, two),
        Case("_changes", "none", reluctant_bob(**kept), with_bob, SEAT),
    ]


CASES = cases()
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rows}: {case.label}")


def bound_of(case: Case) -> int:
    """The lowest bound of many rounds of prices."""
    able = eligibility_of(case.asked)
    prices, bounds = Prices(able, np.arange(len(able))), []
    for number in range(ROUNDS):
        last = prices.look()
        bounds.append(last.bound)
        prices.move(last, case.best // 2, step=FADING**number)
    return min(bounds)


@each_case
def test_bound_comes_down_to_the_best_plan(case: Case) -> None:
    assert best_objective(case.asked) == case.best
    assert case.best <= bound_of(case) <= (1 + CLOSE) * case.best


@each_case
def test_bound_without_rows_is_looser(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Writer, case.rows, lambda self, *of: iter(()))
    assert bound_of(case) >= case.without > (1 + CLOSE) * case.best or case.without - case.best == 900


@each_case
def test_row_that_says_too_much_makes_the_bound_too_small(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    rows_of = getattr(_Writer, case.rows)

    def too_much(self: _Writer, *of: Any) -> Iterator[Row]:
        yield from (row._replace(rhs=row.rhs + 1) for row in rows_of(self, *of))

    monkeypatch.setattr(_Writer, case.rows, too_much)
    assert bound_of(case) < case.best


def test_every_kind_of_row_has_its_case() -> None:
    kinds = called_in(_Writer.rows) | called_in(_Writer._rule)
    assert kinds - {"_rule"} == {case.rows for case in CASES}
