"""When people have time: their capacity as runs of periods, so that a calendar may be as long as it likes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from solver.problem import Person

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Run = tuple[int, int]
MOST_MOMENTS = 2_000_000


class Windows:
    """Runs of periods in which a person, as yet without work, can give at least so many percent.

    `spans` is each person's capacity in order of time, `rows` the same as columns: person, from, to, percent.
    """

    def __init__(self, people: tuple[Person, ...], periods: int) -> None:
        self._stride = periods + 1
        self.spans = [_spans(person, periods) for person in people]
        rows = [(n, *span) for n, spans in enumerate(self.spans) for span in spans]
        self._rows = np.array(rows, dtype=np.int64).reshape(-1, 4)
        who, begin, end, fte = self._rows.T
        self.rows = (who, begin, end, fte)
        self._runs: dict[int, tuple[Ints, Ints, Ints]] = {}
        self._first_runs: dict[int, Ints] = {}

    def runs(self, fte: int) -> tuple[Ints, Ints, Ints]:
        """Person, begin and end of every longest run at `fte` percent or more, by person and begin."""
        if fte not in self._runs:
            person, begin, end, _ = self._rows[self._rows[:, 3] >= fte].T
            first = np.ones(len(person), dtype=np.bool_)
            first[1:] = (person[1:] != person[:-1]) | (begin[1:] != end[:-1])
            last = np.roll(first, -1)
            self._runs[fte] = (person[first], begin[first], end[last])
        return self._runs[fte]

    def runs_of(self, person: int, fte: int) -> list[Run]:
        who, begin, end = self.runs(fte)
        low, high = np.searchsorted(who, [person, person + 1])
        return list(zip(begin[low:high].tolist(), end[low:high].tolist(), strict=True))

    def spans_in(self, person: int, begin: int, end: int) -> list[tuple[int, int, int]]:
        """The spans of a person's capacity that reach into [begin, end)."""
        spans = self.spans[person]
        first = bisect_right(spans, begin, key=lambda span: span[1])
        return spans[first : bisect_left(spans, end, first, key=lambda span: span[0])]

    def has_room(self, fte: int, people: Ints, begin: Ints, end: Ints, length: Ints) -> Bools:
        """Whether `length` periods in a row at `fte` percent lie somewhere in [begin, end), row by row."""
        who, run_begin, run_end = self.runs(fte)
        found = np.zeros(len(people), dtype=np.bool_)
        if not len(who):
            return found
        at = self._first_run(fte, people * self._stride + begin + length)
        rows = np.arange(len(people))
        while len(rows):
            inside = at < len(who)
            rows, at = rows[inside], at[inside]
            mine = (who[at] == people[rows]) & (run_begin[at] + length[rows] <= end[rows])
            rows, at = rows[mine], at[mine]
            fits = np.minimum(run_end[at], end[rows]) - np.maximum(run_begin[at], begin[rows]) >= length[rows]
            found[rows[fits]] = True
            rows, at = rows[~fits], at[~fits] + 1
        return found

    def _first_run(self, fte: int, asked: Ints) -> Ints:
        """The first run that ends at a moment or later; moments are counted person after person.

        Ends are ascending for one person, so it is found by bisection: for all moments at once, where they are few.
        """
        who, _, run_end = self.runs(fte)
        key, num_moments = who * self._stride + run_end, len(self.spans) * self._stride
        if num_moments > MOST_MOMENTS:
            return np.searchsorted(key, asked)
        if fte not in self._first_runs:
            self._first_runs[fte] = np.searchsorted(key, np.arange(num_moments))
        return self._first_runs[fte][asked]


def _spans(person: Person, periods: int) -> list[tuple[int, int, int]]:
    """The person's capacity as (from, to, percent) in order, inside the calendar and from their start on."""
    earliest = person.hire.earliest if person.is_hire else 0
    cut = ((max(span.from_, earliest), min(span.to, periods), span.fte) for span in person.capacity)
    return sorted((begin, end, fte) for begin, end, fte in cut if begin < end and fte)


def overlaps(runs: Iterable[Run], begin: int, end: int) -> list[Run]:
    """The parts of the runs that lie inside [begin, end)."""
    cut = ((max(a, begin), min(b, end)) for a, b in runs)
    return [(a, b) for a, b in cut if a < b]
