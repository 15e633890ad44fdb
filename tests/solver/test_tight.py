"""Small problems of which the bound comes down to the best plan: nothing in it can be counted too low unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from brute import best_objective
from build import candidate, pairing, person, phase, problem, project, seat, span

from solver.bound import Prices, hires, items, patterns, prices, timetable
from solver.eligible import eligibility_of
from solver.problem import Limits, Problem, Weights

SEAT = 30_000  # points
PLAIN = Weights(fit=0, style=0, preference=0, money=100, change=100)
ROUNDS, FADING = 300, 0.97
CLOSE = 0.001


def asked(*people: Any, **changes: Any) -> Problem:
    return problem(*people, **{"weights": PLAIN} | changes)


def in_a_row(latest: int, **changes: Any) -> Problem:
    """Ann in one phase after the other, all or nothing: the reward falls with every period beyond the third."""
    first = phase("first", seat("a", to=2), latest=latest)
    then = phase("then", seat("b", to=2), latest=latest + 2, after=("first",))
    return asked(
        person(**changes),
        projects=(project("j", first, then, all_or_nothing=True, reward=9000, due=3, late_penalty=700),),
    )


CASES: dict[str, tuple[Problem, int]] = {
    "two want one seat": (asked(person(), person("bob")), SEAT),
    "two who cost something to hire, and one may be": (
        asked(candidate("cy", 5000), candidate("di", 9000), seats=(seat("a"), seat("b")), limits=Limits(max_hires=1)),
        SEAT - 500,
    ),
    "two to hire, and money for one": (
        asked(
            candidate("cy", 5000), candidate("di", 5000), seats=(seat("a"), seat("b")), limits=Limits(hire_budget=5000)
        ),
        SEAT - 500,
    ),
    "two parts of a person's time": (
        asked(phases=(phase("x", seat("a", fte=50)), phase("y", seat("b", fte=50)))),
        SEAT,
    ),
    "three parts of a person's time": (
        asked(phases=tuple(phase(f"f{n}", seat(f"s{n}", fte=50)) for n in range(3))),
        SEAT,
    ),
    "one seat as another ends": (
        asked(phases=(phase("x", seat("a", to=5)), phase("y", seat("b", to=5), earliest=5))),
        SEAT,
    ),
    "one phase after the other": (in_a_row(0), 4 * SEAT // 10 + 9000 - 700),
    "phases that may move, one after the other": (in_a_row(3), 4 * SEAT // 10 + 9000 - 700),
    "phases that wait for somebody": (in_a_row(3, capacity=(span(2, 10),)), 4 * SEAT // 10 + 9000 - 3 * 700),
    "a plan in force": (
        asked(person(), person("bob"), current=(pairing(person_id="bob"),)),
        SEAT,
    ),
    "somebody who is gone": (
        asked(person(), person("bob", capacity=()), current=(pairing(person_id="bob"),)),
        SEAT - 1000,
    ),
}
each_case = pytest.mark.parametrize("name", CASES)


def bounds_of(one: Problem, best: int) -> list[int]:
    """The bounds of many rounds of prices."""
    able = eligibility_of(one)
    market, bounds = Prices(able, np.arange(len(able))), []
    for number in range(ROUNDS):
        last = market.look()
        bounds.append(last.bound)
        market.move(last, best // 2, step=FADING**number)
    return bounds


@each_case
def test_bound_comes_down_to_the_best_plan(name: str) -> None:
    one, best = CASES[name]
    assert best_objective(one) == best
    assert best <= min(bounds_of(one, best)) <= (1 + CLOSE) * best


def _one_less(found: Any) -> Any:
    return found - 1


def _one_later(places: Any) -> Any:
    return np.minimum(places + 1, places.max())


def _none_together(fits: Any) -> Any:
    """Nothing fits beside anything else."""
    return fits & False


TOO_LOW: dict[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "what no plan changes": (prices, "constant", _one_less),
    "what hires are worth": (hires, "_at", lambda found: found._replace(worth=found.worth * 99 // 100)),
    "what a hire must bring": (hires, "_at", lambda found: found._replace(toll=found.toll + 100_000)),
    "what projects earn": (timetable.Timetable, "look", lambda found: found._replace(worth=found.worth * 99 // 100)),
    "a reward, late": (timetable, "reward_at", lambda points: max(0, points - 1)),
    "when a phase may follow": (timetable.Timetable, "_soonest_after", _one_later),
    "when a project may end": (timetable.Timetable, "_soonest_ends", lambda ends: [end + 1 for end in ends]),
    "who has time for a seat": (items, "_has_time", _none_together),
    "what else fits beside it": (patterns._Memory, "fits", _none_together),
}


@pytest.mark.parametrize("what", TOO_LOW)
def test_bound_that_counts_too_little_is_seen(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, lowered = TOO_LOW[what]
    original = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *of, **more: lowered(original(*of, **more)))
    assert any(min(bounds_of(one, best)) < best for one, best in CASES.values())
