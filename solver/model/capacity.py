"""A person's time as steps of what is left, and the moments at which seats meet in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ortools.sat.python import cp_model

Step = tuple[int, int]  # from this period on, so many percent are left


class Window(NamedTuple):
    """Work in [begin, end) at `fte` percent, if `literal` holds."""

    begin: int
    end: int
    fte: int
    literal: cp_model.LiteralT


class Clique(NamedTuple):
    """Windows that meet in some period in which `capacity` percent are left."""

    windows: list[Window]
    capacity: int


def free_steps(spans: Iterable[tuple[int, int, int]], loads: Iterable[tuple[int, int, int]]) -> list[Step]:
    """What is left of spans (from, to, percent) under loads (from, to, percent), in order, from period 0."""
    change: defaultdict[int, int] = defaultdict(int, {0: 0})
    for begin, end, fte in spans:
        change[begin] += fte
        change[end] -= fte
    for begin, end, fte in loads:
        change[begin] -= fte
        change[end] += fte
    left, steps = 0, []
    for period in sorted(change):
        left += change[period]
        steps.append((period, left))
    return steps


def cliques(windows: list[Window], steps: list[Step]) -> Iterator[Clique]:
    """Every largest set of windows that meet, where together they are more than what is left there."""
    begins: defaultdict[int, list[Window]] = defaultdict(list)
    for window in windows:
        begins[window.begin].append(window)
    left = dict(steps)
    active: list[Window] = []
    capacity, is_new = 0, False
    for period in sorted({*begins, *left, *(window.end for window in windows)}):
        ends = any(window.end == period for window in active)
        if is_new and (ends or period in left):
            yield from _too_much(active, capacity)
            is_new = False
        if ends:
            active = [window for window in active if window.end > period]
        if period in left:
            is_new |= left[period] < capacity
            capacity = left[period]
        if period in begins:
            active = active + begins[period]
            is_new = True


def _too_much(active: list[Window], capacity: int) -> Iterator[Clique]:
    if sum(window.fte for window in active) > capacity:
        yield Clique(active, capacity)


def blockers(steps: list[Step], horizon: int, most: int) -> Iterator[tuple[int, int, int]]:
    """What is missing to `most`, as work (from, to, percent) that is always there."""
    ends = [period for period, _ in steps[1:]] + [horizon]
    for (begin, left), end in zip(steps, ends, strict=True):
        if left < most and begin < end:
            yield begin, end, most - left
