"""A price per seat and start, one per rule, and the bound that they prove.

Relaxing "a seat has one holder" with a price for each role and start leaves one problem per person, the best set
of seats that their time allows at value less price, and one per project, the starts at which its seats sell best.
Rules that tie people together, and limits on hires, are relaxed with a multiplier each. What all of these earn at
most is, together, at least the objective of any plan (Lagrangian relaxation; Fisher, Management Science 27, 1981),
whatever the prices. They are moved by subgradients (Polyak's step, with momentum). Prices are whole numbers of
`unit`-ths of a point and everything is summed in integers, so that no rounding can make a bound too small.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.bound.hires import Hires, best_hires
from solver.bound.hours import Hours
from solver.bound.items import Stock, stock_by_core, stock_by_start
from solver.bound.patterns import MOST_ITEMS, NEVER, Bools, Ints, Patterns, TooManyPatternsError
from solver.bound.rows import NO_PHASE, Floats, Rows
from solver.bound.timetable import Schedule, Timetable, reward_at
from solver.eligible import Eligibility
from solver.model import Guide
from solver.problem import Problem, Project

FINEST_UNIT = 1024
SAFE = 2**55
MOMENTUM = 0.9
BLOCK = 2_000_000


def gains(able: Eligibility) -> NDArray[Any]:
    """Points of each pair, with what it saves of the points for changes."""
    gain = able.value.copy()
    for row, pair in zip(able.problem.current, able.current, strict=True):
        if pair is not None:
            gain[pair] += able.problem.weights.change * able.problem.seat_by_id[row.seat].size // 100
    return gain


def constant(able: Eligibility, projects: list[Project]) -> int:
    """Points that no holder decides: all changes as if nobody stayed, and the projects' rewards at their earliest."""
    problem = able.problem
    changes = sum(problem.weights.change * problem.seat_by_id[row.seat].size // 100 for row in problem.current)
    return sum(_best_reward(project) for project in projects) - changes


def _best_reward(project: Project) -> int:
    if not project.reward or not project.seats:
        return 0
    return reward_at(project, max(phase.earliest + phase.duration for phase in project.phases))


def easy_bound(able: Eligibility, pairs: Ints) -> int:
    """Every role with its best holders, as if people had all the time in the world."""
    return constant(able, list(able.problem.projects)) + best_holders(able, pairs, gains(able))


def generous_bound(problem: Problem) -> int:
    """Every seat held, at no cost, by somebody whom nothing could fit better, and every project at its earliest."""
    weights = problem.weights
    best = 100 * (weights.fill + weights.fit + weights.style + weights.preference)
    seats = (
        10 * project.priority * best * seat.size // 100_000 for project in problem.projects for seat in project.seats
    )
    return sum(seats) + sum(map(_best_reward, problem.projects))


def best_holders(able: Eligibility, pairs: Ints, gain: NDArray[Any]) -> int:
    """The sum of each role's best gains, as many as it has seats."""
    if not len(pairs):
        return 0
    roles, first = np.unique(able.role[pairs], return_index=True)
    is_single = able.book.num_seats[roles] == 1
    best = np.maximum.reduceat(gain[pairs], first)[is_single]
    several = pairs[np.repeat(~is_single, np.diff(np.append(first, len(pairs))))]
    role = able.role[several]
    order = np.argsort(-gain[several], kind="stable")
    order = order[np.argsort(role[order], kind="stable")]
    rank = np.arange(len(several)) - np.searchsorted(role[order], role[order])
    more = gain[several][order][rank < able.book.num_seats[role[order]]]
    return int(best[best > 0].sum()) + int(more[more > 0].sum())


def _laid_out(able: Eligibility, pairs: Ints, is_over: Callable[[], bool]) -> tuple[Stock, Patterns | Hours]:
    """Sets of seats by start where they can be laid out; else prices of time; where starts are too many, cores."""
    try:
        stock = stock_by_start(able, pairs)
    except TooManyPatternsError:
        stock = stock_by_core(able, pairs)
        return stock, Patterns(able, stock.items, is_over=is_over)
    if len(stock.items) <= MOST_ITEMS:
        with suppress(TooManyPatternsError):
            return stock, Patterns(able, stock.items, may_forget=False, is_over=is_over)
    return stock, Hours(able, stock.items)


@dataclass(frozen=True, slots=True)
class Round:
    """What a round of prices came to: the bound, what people want, when projects take place, what time is short."""

    bound: int
    wanted: Ints
    schedule: Schedule
    time_excess: Floats


class Prices:
    """Prices on slots and multipliers on rules, moved towards where the bound is lowest.

    Raises
    ------
    TooManyPatternsError
        Where people's sets of seats cannot be laid out, or points do not fit into 64 bits with room to spare.
    """

    def __init__(
        self, able: Eligibility, pairs: Ints, is_over: Callable[[], bool] = lambda: False, *, has_rules: bool = True
    ) -> None:
        self.able = able
        gain = gains(able)
        rewards = [project.reward for project in able.problem.projects]
        dearest = max(map(abs, [*gain[pairs].tolist(), *rewards]), default=0)
        num_seats = sum(role.count for role in able.book.roles)
        largest = 4 * (sum(map(abs, gain[pairs].tolist())) + (dearest + 1) * (num_seats + 1))
        if largest > SAFE:
            raise TooManyPatternsError
        self.unit = max(1, min(FINEST_UNIT, SAFE // largest))
        stock, self.crowd = _laid_out(able, pairs, is_over)
        self.slots, self.items = stock.slots, self.crowd.items
        self.role = able.role[self.items.pair]
        self.gain: Ints = gain[self.items.pair].astype(np.int64) * self.unit
        self.timetable = Timetable(able, self.slots, has_starts=stock.has_starts)
        self.rows = Rows(able, self.slots, self.items, self.unit, dearest * self.unit, has_rules=has_rules)
        self.fee: Ints = able.fee[self.crowd.people] * self.unit
        people = [able.book.people[n] for n in self.crowd.people.tolist()]
        self.is_hire = np.array([person.is_hire for person in people], dtype=np.bool_)
        self.hire_cost = np.array([person.hire.cost for person in people], dtype=np.int64)
        rewarded = [p for p, is_whole in zip(able.book.projects, self.timetable.is_whole, strict=True) if not is_whole]
        self._free_rewards = sum(map(_best_reward, rewarded))
        self._rest = constant(able, rewarded) + best_holders(able, stock.rest, gain)
        self._tells_all_apart = stock.has_starts and not len(stock.rest)
        self._lowest, self._highest = self._limits(4.0 * dearest * self.unit)
        self.charge: Floats = np.zeros(len(self.slots) + len(self.rows))
        self.charge = np.concatenate([self.charge, self.crowd.first_charge(self.gain)])
        self._drift = np.zeros(len(self.charge))

    def _limits(self, dearest: float) -> tuple[Floats, Floats]:
        """Between what prices and multipliers move; a seat that must be filled may have a price below nothing."""
        must = self.timetable.is_whole[np.array(self.able.book.project_of_phase, dtype=np.int64)[self.slots.phase]]
        num_times = self.crowd.num_charges
        lowest = np.concatenate([np.where(must, -dearest, 0.0), np.zeros(len(self.rows) + num_times)])
        highest = [np.full(len(self.slots), dearest), self.rows.most, np.full(num_times, 100 * dearest)]
        return lowest, np.concatenate(highest)

    def look(self) -> Round:
        """The bound at the present prices, and who would take what."""
        price, multiplier = self.whole_prices()
        wish = self.crowd.wish(self.gain_at(price, multiplier), self._time_charge)
        best = wish.best - self.fee
        earned, toll = self._people(best)
        schedule = self.timetable.look(price, self.rows.phase_charges(multiplier), self.unit)
        total = earned + schedule.worth - self.rows.constant(multiplier)
        is_on = best > toll
        wanted = wish.wanted(is_on)
        return Round(self._rest + total // self.unit, wanted, schedule, wish.excess(wanted, is_on))

    def move(self, last: Round, target: int, step: float) -> None:
        """Raises the prices of what too many want and lowers those of what too few do."""
        slots, place = self.slots, last.schedule.place
        num_slots = len(slots)
        wants = np.bincount(self.items.slot[last.wanted], minlength=num_slots).astype(float)
        wants -= np.where(place[slots.phase] == slots.place, slots.count, 0)
        is_wanted = np.zeros(len(self.items), dtype=np.bool_)
        is_wanted[last.wanted] = True
        slope = np.concatenate([wants, self.rows.excess(is_wanted, place >= 0), last.time_excess])
        slope[(slope < 0) & (self.charge <= self._lowest) | (slope > 0) & (self.charge >= self._highest)] = 0
        self._drift = slope + MOMENTUM * self._drift
        norm = float((self._drift**2).sum())
        if norm:
            length = step * max(last.bound - target, 1) * self.unit / norm
            self.charge = np.clip(self.charge + length * self._drift, self._lowest, self._highest)

    def choice(self, allowed: Bools, waiting: Bools) -> list[Ints]:
        """For each of the waiting people, the allowed items that are best for them; who gains most comes first.

        Hires gain what they bring beyond their share of what the limits on hires are worth.
        """
        gain = np.where(allowed, self.gain_at(*self.whole_prices()), NEVER)
        wish = self.crowd.wish(gain, self._time_charge)
        best = wish.best - self.fee
        gained = best - self._hires(best)[1]
        wanted = np.sort(wish.wanted((gained > 0) & waiting))
        if not len(wanted):
            return []
        people, first = np.unique(self.items.person[wanted], return_index=True)
        order = np.argsort(-gained[np.searchsorted(self.crowd.people, people)], kind="stable")
        chosen = np.split(wanted, first[1:])
        return [chosen[n] for n in order.tolist()]

    def guide(self) -> Guide | None:
        """The present prices in whole points; None where some pairs or starts are not told apart."""
        if not self._tells_all_apart:
            return None
        price, multiplier = self.whole_prices()
        price = np.rint(price / self.unit).astype(np.int64)
        charged, row_charge = self.rows.in_points(multiplier, self.unit)
        gain = self.gain // self.unit - price[self.items.slot]
        np.subtract.at(gain, self.rows.item, charged)
        wish = self.crowd.wish(gain, self._time_charge / self.unit)
        best = wish.best - self.fee // self.unit
        hires, toll = self._hires(best)
        is_of_phase = self.rows.phase != NO_PHASE
        phase_charge = np.zeros(len(self.able.book.phases), dtype=np.int64)
        np.add.at(phase_charge, self.rows.phase[is_of_phase], row_charge[is_of_phase])
        most = np.maximum(best - toll, 0)
        rest = self._rest + hires.worth + int(most.sum()) - int(row_charge[~is_of_phase].sum())
        fee = self.fee // self.unit + toll
        with_item = self._of_everybody(most + fee)[self.items.person]
        return Guide(
            bound=rest + self.timetable.look(price, phase_charge).worth,
            total=rest + self.timetable.apart(price, phase_charge) - self._free_rewards,
            pair=self.items.pair,
            place=self.slots.place[self.items.slot],
            gain=gain,
            loss=with_item - wish.best_with(),
            most=self._of_everybody(most),
            fee=self._of_everybody(fee),
            toll=self._of_everybody(toll),
            most_toll=hires.worth,
            first_slot=self.slots.first,
            price=price,
            is_whole=self.timetable.is_whole,
            row_phase=self.rows.phase,
            row_rule=self.rows.rule,
            row_charge=row_charge,
            entry_item=self.rows.item,
            entry_row=self.rows.row,
            entry_charge=charged,
            earliest=np.array([phase.earliest for phase in self.able.book.phases], dtype=np.int64),
            num_pairs=len(self.able),
        )

    def prove(self, pairs: Ints) -> tuple[int, NDArray[np.float32]]:
        """The bound for all of these pairs at the present prices, which no rule has a part in.

        Returns it with what each pair brings at most beyond the prices of its seat and of its person's time, in
        points. The pairs are looked at in blocks, so that there may be many more of them than prices move for.
        """
        price, _ = self.whole_prices()
        time_price = self.crowd.time_price(self._time_charge)
        gain = gains(self.able)
        earned = np.zeros(len(self.able.book.people), dtype=np.int64)
        surplus = np.full(len(pairs), -np.inf, dtype=np.float32)
        for low in range(0, len(pairs), BLOCK):
            block = stock_by_start(self.able, pairs[low : low + BLOCK]).items
            here = gain[block.pair].astype(np.int64) * self.unit - price[block.slot]
            here -= self.crowd.time_cost(block, time_price)
            np.add.at(earned, block.person, np.maximum(here, 0))
            at = low + np.searchsorted(pairs[low : low + BLOCK], block.pair)
            np.maximum.at(surplus, at, (here / self.unit).astype(np.float32))
        best = self.crowd.rent(time_price) + earned[self.crowd.people] - self.fee
        worth, _ = self._people(best)
        nowhere = np.ones(len(earned), dtype=np.bool_)
        nowhere[self.crowd.people] = False
        others = int(earned[nowhere].sum())  # without a price of their time or a fee, which can only be too much
        schedule = self.timetable.look(price, np.zeros(len(self.able.book.phases), dtype=np.int64), self.unit)
        return self._rest + (worth + others + schedule.worth) // self.unit, surplus

    def whole_prices(self) -> tuple[Ints, Ints]:
        """Prices and multipliers as they count: in whole numbers."""
        low, high = len(self.slots), len(self.slots) + len(self.rows)
        return np.rint(self.charge[:low]).astype(np.int64), self.rows.whole(self.charge[low:high])

    @property
    def _time_charge(self) -> Floats:
        return self.charge[len(self.slots) + len(self.rows) :]

    def gain_at(self, price: Ints, multiplier: Ints) -> Ints:
        return self.gain - price[self.items.slot] - self.rows.charges(multiplier)

    def _people(self, best: Ints) -> tuple[int, Ints]:
        """What all people earn together at most, and what hiring each of them must bring before it does."""
        hires, toll = self._hires(best)
        return hires.worth + int(np.maximum(best - toll, 0).sum()), toll

    def _hires(self, best: Ints) -> tuple[Hires, Ints]:
        """What the limits on hires are worth, and each person's toll."""
        toll = np.zeros(len(best), dtype=np.int64)
        value, cost = np.maximum(best[self.is_hire], 0), self.hire_cost[self.is_hire]
        hires = best_hires(value, cost, self.able.problem.limits)
        toll[self.is_hire] = hires.toll
        return hires, toll

    def _of_everybody(self, rows: Ints) -> Ints:
        """A row by position in the patterns' people, as one by number of the person; 0 for the others."""
        found = np.zeros(len(self.able.book.people), dtype=np.int64)
        found[self.crowd.people] = rows
        return found
