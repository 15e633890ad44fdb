"""The ways that a bound may take, on problems of any size."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest

from solver.bound import Hours, Prices, TooManyPatternsError, easy_bound, generous_bound, peak_bound
from solver.eligible import Eligibility

WAYS: dict[str, dict[str, Any]] = {
    "sets of seats": {},
    "sets of seats, some forgotten": {"patterns.KEY_BITS": 6},
    "prices of time alone": {"patterns.MOST_NODES": 0},
    "prices of time in few blocks": {"patterns.MOST_NODES": 0, "cells.MOST_CELLS": 8},
    "starts that are not told apart": {"items.MOST_MOVING": -1},
    "no starts at all": {"items.MOST_STARTS": 0},
    "whole points": {"points.FINEST_UNIT": 1},
}
ROUNDS, FADING = 30, 0.9


def take(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes bounds take one of the WAYS."""
    for name, value in WAYS[way].items():
        monkeypatch.setattr(f"solver.bound.{name}", value)


def bounds_of(able: Eligibility, target: int) -> list[int]:
    """The bounds of rounds of prices, with rules and limits, and what prices of people's time prove."""
    pairs = np.arange(len(able))
    bounds = [easy_bound(able, pairs), peak_bound(able, pairs), generous_bound(able.problem)]
    with suppress(TooManyPatternsError):
        prices = Prices(able, pairs)
        for number in range(ROUNDS):
            last = prices.look()
            bounds.append(last.bound)
            prices.move(last, target, step=FADING**number)
    with suppress(TooManyPatternsError):
        hours = Hours(able, pairs)
        for _ in range(3):
            bounds.append(hours.prove().bound)
            hours.settle(ROUNDS // 3)
        bounds.append(hours.prove().bound)
    return bounds
