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
from dataclasses import dataclass, replace

import numpy as np

from solver.bound.hires import Hires, hires_and_tolls
from solver.bound.items import Offers, offers_by_core, offers_by_start
from solver.bound.patterns import NEVER, Bools, Ints, Patterns, TooManyPatternsError
from solver.bound.points import best_holders, best_reward, constant, dearest, gains, rewarded_apart, unit_of
from solver.bound.rows import NO_PHASE, Floats, Rows
from solver.bound.timetable import Schedule, Timetable
from solver.eligible import Eligibility
from solver.model import Guide

MOMENTUM = 0.9


def _laid_out(
    able: Eligibility, pairs: Ints, is_over: Callable[[], bool], most_nodes: int | None
) -> tuple[Offers, Patterns]:
    """Sets of seats by start where they can be laid out; where starts are too many, of their cores."""
    may_forget = most_nodes is not None
    try:
        sold = offers_by_start(able, pairs)
    except TooManyPatternsError:
        sold, may_forget = offers_by_core(able, pairs), True
    items = sold.items(able)
    return sold, Patterns(able, items, may_forget=may_forget, most_nodes=most_nodes, is_over=is_over)


@dataclass(frozen=True, slots=True)
class Round:
    """What a round of prices came to: the bound, what people want, when projects take place."""

    bound: int
    wanted: Ints
    schedule: Schedule


class Prices:
    """Prices on slots and multipliers on rules, moved towards where the bound is lowest.

    Raises
    ------
    TooManyPatternsError
        Where people's sets of seats cannot be laid out, or points do not fit into 64 bits with room to spare.

    Parameters
    ----------
    most_nodes
        How large the graph of sets of seats may be, by forgetting if need be; as large as usual, without forgetting.
    """

    def __init__(
        self,
        able: Eligibility,
        pairs: Ints,
        is_over: Callable[[], bool] = lambda: False,
        *,
        most_nodes: int | None = None,
    ) -> None:
        self.able = able
        gain = gains(able)
        self.unit, most = unit_of(able, gain[pairs]), dearest(able, gain[pairs])
        sold, self.crowd = _laid_out(able, pairs, is_over, most_nodes)
        self.slots, self.items = sold.slots, self.crowd.items
        self.role = able.role[self.items.pair]
        self.gain: Ints = gain[self.items.pair].astype(np.int64) * self.unit
        self.timetable = Timetable(able, self.slots, has_starts=sold.has_starts)
        self.rows = Rows(able, self.slots, self.items, self.unit, most * self.unit)
        self.fee: Ints = able.fee[self.crowd.people] * self.unit
        people = [able.book.people[n] for n in self.crowd.people.tolist()]
        self.is_hire = np.array([person.is_hire for person in people], dtype=np.bool_)
        self.hire_cost = np.array([person.hire.cost for person in people], dtype=np.int64)
        rewarded = rewarded_apart(able, self.timetable.is_whole)
        self._free_rewards = sum(map(best_reward, rewarded))
        self._rest = constant(able, rewarded) + best_holders(able, sold.rest, gain)
        self._tells_all_apart = sold.has_starts and not len(sold.rest)
        self.lowest, self._highest = self._limits(4.0 * most * self.unit)
        self.charge: Floats = np.zeros(len(self.slots) + len(self.rows))
        self._drift = np.zeros(len(self.charge))

    def _limits(self, dearest: float) -> tuple[Floats, Floats]:
        """Between what prices and multipliers move; a seat that must be filled may have a price below nothing."""
        must = self.timetable.is_whole[np.array(self.able.book.project_of_phase, dtype=np.int64)[self.slots.phase]]
        lowest = np.concatenate([np.where(must, -dearest, 0.0), np.zeros(len(self.rows))])
        return lowest, np.concatenate([np.full(len(self.slots), dearest), self.rows.most])

    def look(self) -> Round:
        """The bound at the present prices, and who would take what."""
        price, multiplier = self.whole_prices()
        wish = self.crowd.wish(self.gain_at(price, multiplier))
        best = wish.best - self.fee
        earned, toll = self._people(best)
        schedule = self.timetable.look(price, self.rows.phase_charges(multiplier), self.unit)
        total = earned + schedule.worth - self.rows.constant(multiplier)
        is_on = best > toll
        return Round(self._rest + total // self.unit, wish.wanted(is_on), schedule)

    def move(self, last: Round, target: int, step: float) -> None:
        """Raises the prices of what too many want and lowers those of what too few do."""
        slots, place = self.slots, last.schedule.place
        num_slots = len(slots)
        wants = np.bincount(self.items.slot[last.wanted], minlength=num_slots).astype(float)
        wants -= np.where(place[slots.phase] == slots.place, slots.count, 0)
        is_wanted = np.zeros(len(self.items), dtype=np.bool_)
        is_wanted[last.wanted] = True
        slope = np.concatenate([wants, self.rows.excess(is_wanted, place >= 0)])
        slope[(slope < 0) & (self.charge <= self.lowest) | (slope > 0) & (self.charge >= self._highest)] = 0
        self._drift = slope + MOMENTUM * self._drift
        norm = float((self._drift**2).sum())
        if norm:
            length = step * max(last.bound - target, 1) * self.unit / norm
            self.charge = np.clip(self.charge + length * self._drift, self.lowest, self._highest)

    def choice(self, allowed: Bools, waiting: Bools) -> list[Ints]:
        """For each of the waiting people, the allowed items that are best for them; who gains most comes first.

        Hires gain what they bring beyond their share of what the limits on hires are worth.
        """
        gain = np.where(allowed, self.gain_at(*self.whole_prices()), NEVER)
        wish = self.crowd.wish(gain)
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
        wish = self.crowd.wish(gain)
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

    def narrow(self, able: Eligibility, kept: Ints) -> None:
        """Goes on with `kept` alone of the pairs, ascending, under their new numbers; all that have items are kept."""
        self.able = able
        self.items = self.crowd.items = replace(self.items, pair=np.searchsorted(kept, self.items.pair))

    def whole_prices(self) -> tuple[Ints, Ints]:
        """Prices and multipliers as they count: in whole numbers."""
        num_slots = len(self.slots)
        return np.rint(self.charge[:num_slots]).astype(np.int64), self.rows.whole(self.charge[num_slots:])

    def gain_at(self, price: Ints, multiplier: Ints) -> Ints:
        return self.gain - price[self.items.slot] - self.rows.charges(multiplier)

    def _people(self, best: Ints) -> tuple[int, Ints]:
        """What all people earn together at most, and what hiring each of them must bring before it does."""
        hires, toll = self._hires(best)
        return hires.worth + int(np.maximum(best - toll, 0).sum()), toll

    def _hires(self, best: Ints) -> tuple[Hires, Ints]:
        """What the limits on hires are worth, and each person's toll."""
        return hires_and_tolls(best, self.is_hire, self.hire_cost, self.able.problem.limits)

    def _of_everybody(self, rows: Ints) -> Ints:
        """A row by position in the patterns' people, as one by number of the person; 0 for the others."""
        found = np.zeros(len(self.able.book.people), dtype=np.int64)
        found[self.crowd.people] = rows
        return found
