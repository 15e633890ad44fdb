"""Down the list of seats, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice

from planner.bench.methods.greedy.board import Board, Team
from solver.problem import Phase, Problem, Seat

MOST_DATES = 64  # at which a phase is tried


class GreedyList:
    """Goes down the list once; `until`, by `time.monotonic()`, it gives up the rest."""

    def __init__(self, problem: Problem, until: float) -> None:
        self.problem, self.until = problem, until
        self.board = Board(problem)

    def run(self) -> None:
        self._keep_what_must_stay()
        for item in self._items():
            if time.monotonic() > self.until:
                return
            if isinstance(item, Phase):
                self._place(item)
            elif item.id not in self.board.holders and (start := self._start_of(item)) is not None:
                team = self._team_at(self.problem.phase_of_seat[item.id], [item], start)
                self.board.fill(team, start)

    def _items(self) -> list[Phase | Seat]:
        """Phases that may move and seats of all others, the most important and then the largest first."""
        rows: list[tuple[int, int, Phase | Seat]] = []
        for phase in self.problem.phase_by_id.values():
            priority = self.problem.project_of_phase[phase.id].priority
            items = phase.seats if phase.is_fixed else (phase,)
            rows += [(-priority, -_size(item), item) for item in items]
        return [item for _, _, item in sorted(rows, key=lambda row: row[:2])]

    def _keep_what_must_stay(self) -> None:
        """Pins, and the plan in force where only so much of it may change."""
        rows = self.problem.pins
        if self.problem.limits.max_changes is not None:
            rows = (*rows, *self.problem.current)
        number = {person.id: n for n, person in enumerate(self.problem.people)}
        for row in rows:
            phase = self.problem.phase_of_seat[row.seat]
            if not phase.is_fixed and phase.id not in self.board.starts:
                self.board.starts[phase.id] = max(phase.earliest, min(phase.latest, self._after(phase) or 0))
            if row.seat not in self.board.holders:
                person = number[row.person]
                self.board.fill({row.seat: person}, self.board.starts.get(phase.id, phase.earliest))

    def _start_of(self, seat: Seat) -> int | None:
        """When a fixed phase starts; None where what it follows has not ended by then."""
        phase = self.problem.phase_of_seat[seat.id]
        after = self._after(phase)
        return phase.earliest if after is not None and after <= phase.earliest else None

    def _after(self, phase: Phase) -> int | None:
        """When all that a phase follows has ended, once that is placed; None where it cannot be."""
        ends = [0]
        for ident in phase.after:
            other = self.problem.phase_by_id[ident]
            if not other.is_fixed:
                self._place(other)
                if ident not in self.board.starts:
                    return None
            ends.append(self.board.starts.get(ident, other.earliest) + other.duration)
        return max(ends)

    def _place(self, phase: Phase) -> None:
        """Places a phase where all its seats find somebody; else, unless it is all or nothing, where it may begin."""
        after = self._after(phase) if phase.id not in self.board.starts else None
        if after is None or after > phase.latest:
            return
        first = max(after, phase.earliest)
        seats = sorted(phase.seats, key=_size, reverse=True)
        for start in self._dates(first, phase.latest):
            team = self._team_at(phase, seats, start)
            if len(team) == len(seats):
                break
        else:
            if self.problem.project_of_phase[phase.id].all_or_nothing:
                return
            start, team = first, self._team_at(phase, seats, first)
        self.board.starts[phase.id] = start
        self.board.fill(team, start)

    def _dates(self, first: int, latest: int) -> Iterator[int]:
        """The first date, and those later ones on which somebody is free again."""
        later = sorted(end for end in self.board.ends if first < end <= latest)
        yield first
        yield from islice(later, MOST_DATES)

    def _team_at(self, phase: Phase, seats: list[Seat], start: int) -> Team:
        team: Team = {}
        for seat in seats:
            person = self.board.best_for(seat, phase, start, team)
            if person is not None:
                team[seat.id] = person
        return team


def _size(item: Phase | Seat) -> int:
    return item.size if isinstance(item, Seat) else sum(seat.size for seat in item.seats)
