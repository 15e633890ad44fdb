"""Plans with fewer hires: who is there takes what they can, and one hire after the other is tried to be done without.

The seats of somebody who is sent away go to others one by one; where nobody is free, whoever has the least stubborn
work lets go of it, and that is put elsewhere in turn. Seats that were hard to place are remembered (guided ejection
search; Nagata and Braysy, Operations Research Letters 37, 2009).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from random import Random

from solver.eligible import Eligibility
from solver.model.guide import Ints
from solver.search.incumbent import Incumbent
from solver.search.options import Options
from solver.search.roster import NOBODY, Roster, bits

MOST_SEATS = 12_000
NUDGES = 5  # seats that change hands at random after each step
STEPS_FOR_ONE_EFFORT = 30_000
STEPS_FOR_ONE_SEAT = 2_000
STEPS_PER_LOOK = 50  # at the clock
CHANCE_LOAD = 0.8, 1.2
SOURCE = "hires"


def may_save_hires(able: Eligibility) -> bool:
    """Whether there are hires that cost something, and seats that can change hands one by one."""
    problem = able.problem
    is_free = not problem.growth and problem.limits.budget is None
    return is_free and bool((able.fee > 0).any()) and int(able.book.num_seats.sum()) <= MOST_SEATS


class Hiring:
    """The search for plans with fewer hires, from the best plan so far."""

    def __init__(self, incumbent: Incumbent, options: Options, pairs: Ints) -> None:
        self.incumbent, self.options, self.pairs = incumbent, options, pairs
        self.able = incumbent.able
        self.rng = Random(options.seed)  # noqa: S311 - chance, not secrecy
        self.is_hire = (self.able.fee > 0).tolist()
        self.most_steps = STEPS_FOR_ONE_EFFORT * options.effort if options.deterministic else sys.maxsize

    def go(self, is_over: Callable[[], bool]) -> None:
        """Goes on until somebody cannot be done without, or the time is over."""
        if self.incumbent.plan is None:
            return
        self._pack(is_over)
        roster = Roster(self.able, self.pairs, self.incumbent.plan)
        while not is_over() and self._send_one_away(roster, is_over):
            if not self.incumbent.offer(roster.as_plan(), SOURCE):
                return

    def _pack(self, is_over: Callable[[], bool]) -> None:
        """Offers the plan in which each seat goes to whoever of those already there was busy last."""
        limits, plan = self.able.problem.limits, self.incumbent.plan
        if plan is None or limits.max_hires is not None or limits.hire_budget is not None:
            return
        roster = Roster(self.able, self.pairs, plan)
        for seat in range(roster.num_moving):
            if roster.holder[seat] != NOBODY:
                roster.take(seat)
        packing = _Packing(roster, self.able.fee.tolist())
        for seat in sorted(range(roster.num_moving), key=lambda n: (roster.places[n].begin, roster.places[n].end, n)):
            packing.seat(seat)
        everybody = range(len(roster.work))
        for seat in roster.open_seats:
            before = roster.state()
            if not Ejection(roster, everybody, self.rng).place([seat], self._within(STEPS_FOR_ONE_SEAT, is_over)):
                roster.restore(before)
        self.incumbent.offer(roster.as_plan(), SOURCE)

    def _send_one_away(self, roster: Roster, is_over: Callable[[], bool]) -> bool:
        """Whether all that is held can be held without one of the hires."""
        there = [n for n, work in enumerate(roster.work) if work or not self.is_hire[n]]
        hires = [n for n in there if self.is_hire[n] and not roster.work[n] & roster.stuck]
        if not hires:
            return False
        before = roster.state()
        victim = min(hires, key=lambda n: roster.work[n].bit_count() * self.rng.uniform(*CHANCE_LOAD))
        pool = list(bits(roster.work[victim]))
        for seat in pool:
            roster.take(seat)
        ejection = Ejection(roster, [n for n in there if n != victim], self.rng)
        if ejection.place(pool, self._within(self.most_steps, is_over)):
            return True
        roster.restore(before)
        return False

    def _within(self, steps: int, is_over: Callable[[], bool]) -> Iterator[int]:
        """A number for each step that may still be taken."""
        for number in range(steps):
            if number % STEPS_PER_LOOK == 0 and is_over():
                return
            yield number


class _Packing:
    """Seats given out in order of time, to whoever of those who are there already was busy last."""

    def __init__(self, roster: Roster, fees: list[int]) -> None:
        self.roster, self.fees = roster, fees
        busy = [[roster.places[seat].end for seat in bits(work)] for work in roster.work]
        self.until = [max(ends, default=0) for ends in busy]
        self.is_there = [bool(work) or fee <= 0 for work, fee in zip(roster.work, fees, strict=True)]
        self.num_able = [0] * len(roster.work)
        for place in roster.places[: roster.num_moving]:
            for person in place.pairs:
                self.num_able[person] += 1

    def seat(self, seat: int) -> None:
        place = self.roster.places[seat]
        free = [person for person in place.pairs if not self.roster.in_the_way(person, seat)]
        if free:
            person = max(free, key=self._readiness)
            self.roster.put(seat, person)
            self.until[person], self.is_there[person] = max(self.until[person], place.end), True

    def _readiness(self, person: int) -> tuple[bool, int, int, int, int]:
        return self.is_there[person], self.until[person], -self.fees[person], self.num_able[person], person


class Ejection:
    """Places seats among some people, who may have to let go of others for them."""

    def __init__(self, roster: Roster, people: Iterable[int], rng: Random) -> None:
        self.roster, self.rng = roster, rng
        may_work = [False] * len(roster.work)
        for person in people:
            may_work[person] = True
        moving = roster.places[: roster.num_moving]
        self.able = [[person for person in place.pairs if may_work[person]] for place in moving]
        self.stubborn = [1] * roster.num_moving

    def place(self, pool: list[int], steps: Iterable[int]) -> bool:
        """Whether a holder was found for all seats of the pool, and for all that had to be let go of."""
        pool = pool.copy()
        for _ in steps:
            if not pool:
                break
            seat = pool.pop()
            if not self.able[seat]:
                return False
            free = [person for person in self.able[seat] if not self.roster.in_the_way(person, seat)]
            if free:
                self.roster.put(seat, self.rng.choice(free))
            else:
                self.stubborn[seat] += 1
                person = self._softest(seat)
                if person is None:
                    return False
                for other in bits(self.roster.in_the_way(person, seat)):
                    self.roster.take(other)
                    pool.append(other)
                self.roster.put(seat, person)
            for _nudge in range(NUDGES):
                self._nudge(self.rng.randrange(self.roster.num_moving))
        return not pool

    def _softest(self, seat: int) -> int | None:
        """Whose work in the way of a seat is least stubborn, one of them by chance."""
        best: list[int] = []
        least = sys.maxsize
        for person in self.able[seat]:
            in_the_way = self.roster.in_the_way(person, seat)
            if in_the_way & self.roster.stuck:
                continue
            cost = 0
            while in_the_way and cost <= least:
                lowest = in_the_way & -in_the_way
                cost += self.stubborn[lowest.bit_length() - 1]
                in_the_way ^= lowest
            if cost < least:
                best, least = [person], cost
            elif cost == least:
                best.append(person)
        return self.rng.choice(best) if best else None

    def _nudge(self, seat: int) -> None:
        """Gives a seat to another who is free, or swaps it for the only one in the way, where that is possible."""
        roster, holder = self.roster, self.roster.holder[seat]
        if holder == NOBODY or len(self.able[seat]) < 2:
            return
        person = self.rng.choice(self.able[seat])
        in_the_way = roster.in_the_way(person, seat)
        if person == holder or in_the_way & (in_the_way - 1) or in_the_way & roster.stuck:
            return
        if not in_the_way:
            roster.take(seat)
            roster.put(seat, person)
            return
        other = in_the_way.bit_length() - 1
        if holder in roster.places[other].pairs and not roster.in_the_way(holder, other) & ~(1 << seat):
            roster.take(seat)
            roster.take(other)
            roster.put(seat, person)
            roster.put(other, holder)
