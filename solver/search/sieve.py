"""Pairs that cannot be added to a plan, left out by the thousand before the rest are judged one by one."""

from __future__ import annotations

import numpy as np

from solver.model.guide import Bools, Ints
from solver.search.draft import Draft

MOST_PERIODS, MOST_CELLS = 1000, 20_000_000  # of time, looked at period by period


class Sieve:
    """What is left of seats, of people's time and of what may be spent on hires, while a draft grows."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.able = draft, draft.able
        book, people = draft.book, draft.book.people
        start = [draft.starts.get(n, phase.earliest) for n, phase in enumerate(book.phases)]
        rows = [
            (start[r.phase] + r.seat.from_, start[r.phase] + r.seat.to, r.seat.fte, r.seat.size) for r in book.roles
        ]
        self._begin, self._end, self._fte, self._size = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        self._room = np.array(draft.room, dtype=np.int64)
        self._left = np.array(draft.left, dtype=np.int64)
        self._is_new = np.array([p.is_hire and not draft.loads[n] for n, p in enumerate(people)], dtype=np.bool_)
        self._hire_cost = np.array([person.hire.cost for person in people], dtype=np.int64)
        self._periods = self._by_period()

    @property
    def has_room(self) -> bool:
        """Whether any seat is open."""
        return bool((self._room > 0).any())

    def fitting(self, pairs: Ints) -> Ints:
        """The pairs that there is still room, time and money for hiring for, as far as is seen here; no others fit."""
        role, person = self.able.role[pairs], self.able.person[pairs]
        fits = (self._room[role] > 0) & (self._left[person] >= self._size[role]) & self._may_come()[person]
        pairs, role, person = pairs[fits], role[fits], person[fits]
        if self._periods is None:
            return pairs
        period = np.arange(self._periods.shape[1])
        is_outside = (period < self._begin[role][:, None]) | (period >= self._end[role][:, None])
        has_time = (is_outside | (self._periods[person] >= self._fte[role][:, None])).all(axis=1)
        return pairs[has_time]

    def take(self, pairs: Ints) -> None:
        """The pairs have been added."""
        roles, people = self.able.role[pairs], self.able.person[pairs]
        np.subtract.at(self._room, roles, 1)
        np.subtract.at(self._left, people, self._size[roles])
        self._is_new[people] = False
        if self._periods is not None:
            for role, person in zip(roles.tolist(), people.tolist(), strict=True):
                self._periods[person, self._begin[role] : self._end[role]] -= self._fte[role].astype(np.int16)

    def _may_come(self) -> Bools:
        """Who is there already, or may be hired."""
        limits = self.draft.problem.limits
        if limits.max_hires is not None and self.draft.num_hires >= limits.max_hires:
            return ~self._is_new
        if limits.hire_budget is None:
            return np.ones(len(self._is_new), dtype=np.bool_)
        return ~self._is_new | (self._hire_cost <= limits.hire_budget - self.draft.hire_bill)

    def _by_period(self) -> np.ndarray[tuple[int, int], np.dtype[np.int16]] | None:
        """Percent that people have left, period by period; None where there are too many periods."""
        periods, num_people = self.able.problem.calendar.periods, len(self.draft.loads)
        if periods > MOST_PERIODS or periods * num_people > MOST_CELLS:
            return None
        left = np.zeros((num_people, periods), dtype=np.int16)
        for person, spans in enumerate(self.able.windows.spans):
            for begin, end, fte in spans:
                left[person, begin:end] = fte
            for begin, end, fte in self.draft.loads[person]:
                left[person, begin:end] -= fte
        return left
