"""The rulebook says what the contract's referee says, about any plan of any problem."""

import copy
import json
from types import ModuleType
from typing import Any

import pytest
import referee
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import check
from solver.problem import Problem, ProblemError, from_document, to_document
from solver.solution import Result, Solution, Status
from solver.solution import from_document as plan_from_document
from solver.solution import to_document as plan_to_document

pytestmark = pytest.mark.skipif(not referee.IS_HERE, reason=referee.REASON)

# Where one of these is broken, the referee looks no further.
SCHEDULING = {"seat_has_one_holder", "one_seat_per_phase", "phase_inside_window", "phases_in_order"}
REFEREE = referee.module() if referee.IS_HERE else ModuleType("contract_referee")


def plan_of(problem: Problem, solution: Solution) -> dict[str, Any]:
    objective = check.score(problem, solution).objective
    return plan_to_document(problem, Result(problem.name, Status.FEASIBLE, solution, objective))


def feasible_part(problem: Problem, solution: Solution) -> Solution:
    """The holders that go together, taken one after the other."""
    kept = Solution(solution.starts)
    for seat, person in solution.holders.items():
        longer = Solution(kept.starts, {**kept.holders, seat: person})
        if not check.violations(problem, longer):
            kept = longer
    return kept


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_violations_are_the_referees(data: st.DataObject) -> None:
    document = data.draw(strategies.documents())
    problem = from_document(document)
    solution = data.draw(strategies.solutions(problem))
    broken = check.violations(problem, solution)
    verdict = REFEREE.check(document, plan_of(problem, solution))
    assert bool(broken) == bool(verdict.violations), (broken, verdict.violations)
    if not SCHEDULING & {violation.rule for violation in broken}:
        assert len(broken) == len(verdict.violations), (broken, verdict.violations)
        assert check.score(problem, solution).objective == verdict.objective


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_objective_is_the_referees_term_by_term(data: st.DataObject) -> None:
    document = data.draw(strategies.documents(has_pins=False))
    document["limits"].pop("max_changes", None)
    problem = from_document(document)
    solution = feasible_part(problem, data.draw(strategies.solutions(problem)))
    verdict = REFEREE.check(document, plan_of(problem, solution))
    score = check.score(problem, solution)
    if not check.violations(problem, solution):
        assert {key: value for key, value in score.terms.items() if value} == {
            key: value for key, value in verdict.terms.items() if value
        }
        assert not verdict.violations


@settings(max_examples=50, deadline=None)
@given(strategies.documents())
def test_document_survives_the_round_trip(document: dict[str, Any]) -> None:
    problem = from_document(document)
    again = json.loads(json.dumps(to_document(problem)))
    assert from_document(again) == problem
    REFEREE.validate(REFEREE.without_nulls(again))


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_plan_survives_the_round_trip(data: st.DataObject) -> None:
    problem = from_document(data.draw(strategies.documents()))
    plan = plan_of(problem, data.draw(strategies.solutions(problem)))
    again = plan_from_document(problem, json.loads(json.dumps(plan)))
    assert plan_to_document(problem, again) == plan


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a document, the document itself left out."""
    rows = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    return [place for key, item in rows for place in [(*path, key), *places(item, (*path, key))]]


def with_value(document: dict[str, Any], place: tuple[str | int, ...], value: object) -> dict[str, Any]:
    changed: Any = copy.deepcopy(document)
    part = changed
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    return changed  # type: ignore[no-any-return]


def referee_accepts(document: dict[str, Any]) -> bool:
    """As its command line does: whatever a strange document does to it, it is not valid."""
    try:
        REFEREE.validate(REFEREE.without_nulls(document))
    except Exception:  # noqa: BLE001 - the referee's own words for a document that it cannot read
        return False
    return True


NUMBERS = [-101, -100, -1, 0, 1, 2, 5, 6, 50, 100, 101, 1000, 1001, 10**6, 10**6 + 1, 10**9, 10**9 + 1, 0.5, 5.5, None]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_numbers_accepted_are_the_referees(data: st.DataObject) -> None:
    document = data.draw(strategies.documents())
    numbers = [p for p in places(document) if type(at(document, p)) in (int, float)]
    place = data.draw(st.sampled_from(numbers))
    changed = with_value(document, place, data.draw(st.sampled_from(NUMBERS)))
    error = refusal(changed)
    # A rule's own bands and levels the referee does not look at; the contract bounds them.
    is_stricter = error is not None and "team_rules" in error.path and error.path.endswith((".min", ".max", ".of"))
    assert (error is None) == referee_accepts(changed) or is_stricter, (place, error)


def refusal(document: dict[str, Any]) -> ProblemError | None:
    try:
        from_document(document)
    except ProblemError as error:
        return error
    return None


def at(document: Any, place: tuple[str | int, ...]) -> Any:
    for key in place:
        document = document[key]
    return document


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_the_value_the_answer_is_a_problem_or_a_refusal(data: st.DataObject) -> None:
    document = data.draw(strategies.documents())
    place = data.draw(st.sampled_from(places(document)))
    nasty = [
        None,
        True,
        "",
        "x",
        1.5,
        float("nan"),
        float("-inf"),
        10**5000,
        [],
        {},
        [[]],
        [None],
        {"": None},
        {"a": {}},
    ]
    changed = with_value(document, place, data.draw(st.sampled_from(nasty)))
    error = refusal(changed)
    if error is None:
        assert referee_accepts(changed), place
    else:
        assert 0 < len(str(error)) < 200
