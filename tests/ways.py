"""The ways that a bound may take, on problems of any size."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest

from solver.bound import Prices, TooManyPatternsError, easy_bound, generous_bound
from solver.eligible import Eligibility

WAYS: dict[str, dict[str, Any]] = {
    "sets of seats": {},
    "sets of seats, some forgotten": {"patterns.KEY_BITS": 6},
    "prices of time": {"patterns.MOST_NODES": 0},
    "prices of time in two blocks": {"patterns.MOST_NODES": 0, "hours.MOST_BLOCKS": 2},
    "starts that are not told apart": {"items.MOST_MOVING": -1},
    "no starts at all": {"items.MOST_STARTS": 0},
    "whole points": {"prices.FINEST_UNIT": 1},
}
ROUNDS, FADING = 30, 0.9


def take(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes bounds take one of the WAYS."""
    for name, value in WAYS[way].items():
        monkeypatch.setattr(f"solver.bound.{name}", value)


def bounds_of(able: Eligibility, target: int) -> list[int]:
    """The bounds of rounds of prices, and, where rules have no part in them, what they prove for all pairs."""
    pairs = np.arange(len(able))
    bounds = [easy_bound(able, pairs), generous_bound(able.problem)]
    for has_rules in (True, False):
        with suppress(TooManyPatternsError):
            prices = Prices(able, pairs, has_rules=has_rules)
            for number in range(ROUNDS):
                last = prices.look()
                bounds.append(last.bound)
                prices.move(last, target, step=FADING**number)
            if not has_rules:
                bounds.append(prices.prove(pairs)[0])
    return bounds
