"""Better lists of projects for serial schedule generation, by simulated annealing."""

from __future__ import annotations

import math
from random import Random

from solver.search.incumbent import Incumbent
from solver.search.options import Options
from solver.search.serial import NUM_TASTES, Draft, Serial
from solver.solution import Solution

TASTES_SHARE = 0.3
HOTTEST = 0.001  # of the first schedule's points
PROJECTS_PER_MOVE = 400
ROUNDS_FOR_ONE_EFFORT = 400
OFFERS_SHARE = 0.1  # of the time may go into judging schedules


class Annealing:
    """A walk over lists of projects: each round moves a few, generates the schedule, and goes on from it or not.

    A worse schedule is taken with a chance that falls with its distance and with time (Kirkpatrick, Gelatt and
    Vecchi, Science 220, 1983).
    """

    def __init__(self, incumbent: Incumbent, options: Options) -> None:
        self.incumbent, self.clock = incumbent, incumbent.clock
        self.rng = Random(options.seed)  # noqa: S311 - chance, not secrecy
        self.serial = Serial(incumbent.able)
        self.most_rounds = ROUNDS_FOR_ONE_EFFORT * options.effort if options.deterministic else None
        self._judging_s, self._judged_s = 0.0, -1e9
        self.best: Draft | None = None

    def generate_once(self) -> None:
        """The schedule of the usual list."""
        self._try(self.serial.usual_order(), {})
        self._offer(is_last=True)

    def go(self, share: float) -> None:
        """Anneals for a share of the time that is left, or, where a search is deterministic, for so many rounds."""
        order = self.serial.usual_order()
        tastes: dict[int, int] = {}
        here = self._try(order, tastes)
        heat, began_s, num_rounds = HOTTEST * abs(here.points), self.clock.seconds, 0
        lasts_s = share * self.clock.left_s
        while not self.clock.is_over and len(order) > 1:
            num_rounds += 1
            done = num_rounds / self.most_rounds if self.most_rounds else (self.clock.seconds - began_s) / lasts_s
            if done >= 1:
                break
            other, others = self._moved(order, tastes)
            draft = self._try(other, others)
            lost, warmth = here.points - draft.points, heat * (1 - done)
            if lost <= 0 or (warmth > 0 and self.rng.random() < math.exp(-lost / warmth)):
                order, tastes, here = other, others, draft
        self._offer(is_last=True)

    def _moved(self, order: list[int], tastes: dict[int, int]) -> tuple[list[int], dict[int, int]]:
        """The list with some projects swapped, or put elsewhere, or with another taste for people."""
        moved, others, rng = order.copy(), tastes.copy(), self.rng
        for _ in range(1 + len(order) // PROJECTS_PER_MOVE):
            here, there, way = rng.randrange(len(moved)), rng.randrange(len(moved)), rng.random()
            if way < TASTES_SHARE:
                others[moved[here]] = rng.randint(0, NUM_TASTES)
            elif way < 0.5 + TASTES_SHARE / 2:
                moved[here], moved[there] = moved[there], moved[here]
            else:
                moved.insert(there, moved.pop(here))
        return moved, others

    def _try(self, order: list[int], tastes: dict[int, int]) -> Draft:
        draft = self.serial.generate(order, tastes, lambda: self.clock.is_over)
        if self.best is None or draft.points > self.best.points:
            self.best = draft
            self._offer()
        return draft

    def _offer(self, *, is_last: bool = False) -> None:
        """Offers the best schedule; judging a large one takes so long that it is not done each time."""
        waited_s = self.clock.seconds - self._judged_s
        if self.best is None or not (is_last or self._judging_s < OFFERS_SHARE * waited_s):
            return
        began_s = self.clock.seconds
        self.incumbent.offer_solution(self._solution(self.best), "schedule")
        self._judged_s, self._judging_s = self.clock.seconds, self.clock.seconds - began_s

    def _solution(self, draft: Draft) -> Solution:
        book = self.incumbent.able.book
        starts = {book.phases[n].id: start for n, start in sorted(draft.starts.items())}
        return Solution(starts, {seat: book.people[person].id for seat, person in draft.holders.items()})
