"""Rules that tie people together, as linear rows over items: a price on each leaves every person a problem alone.

A soft team rule loses `weight` points for each unit of shortfall, and its shortfall is at least
`rhs + sum of coefficients`. So any multiplier from 0 to `weight` times the row is no more than the rule costs;
for a rule that must hold, and whose row is at most 0, any multiplier from 0 up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bound.items import NO_START, Slots
from solver.bound.patterns import Bools, Ints, Items
from solver.eligible import Eligibility
from solver.problem import CountOf, Phase, RuleKind, Seat, TeamRule, tenths

NO_PHASE, NO_RULE = -1, -1
SHIFT, LARGEST_BITS = 24, 60
Floats = NDArray[np.float64]


class Row(NamedTuple):
    """`rhs` (once the phase is staffed, or always without a phase) and `coef` times each item.

    It is at most `per` times the shortfall of the phase's team rule number `rule`, if that costs `weight` for each
    unit, and at most 0 without a weight. The rows of one rule, each at the most that its weight allows, together
    cost no more than the rule does.
    """

    items: Ints
    coef: Ints
    rhs: int
    phase: int = NO_PHASE
    rule: int = NO_RULE
    weight: int | None = None
    per: int = 1


class Rows:
    """All rows of a problem, as columns.

    Multipliers are floats that come and go as `charge`: units for an item whose coefficient is the row's mean
    one. Before they count they are made whole numbers of 2^-SHIFT-ths of a unit.
    """

    def __init__(self, able: Eligibility, slots: Slots, items: Items, unit: int, dearest: int) -> None:
        rows = list(_Writer(able, slots, items).rows())
        sizes = np.array([len(row.items) for row in rows], dtype=np.int64)
        item = _joined([row.items for row in rows])
        order = np.argsort(item, kind="stable")
        self.row = np.repeat(np.arange(len(rows)), sizes)[order]
        self.item = item[order]
        self.coef = _joined([row.coef for row in rows])[order]
        self._charged, self._first = np.unique(self.item, return_index=True)
        self.rhs = np.array([row.rhs for row in rows], dtype=np.int64)
        self.phase = np.array([row.phase for row in rows], dtype=np.int64)
        self.rule = np.array([row.rule for row in rows], dtype=np.int64)
        self.scale = np.array(
            [max(1.0, float(np.abs(row.coef).sum()) / max(1, len(row.coef))) for row in rows], dtype=float
        )
        self._limit = np.array([_largest_multiplier(row, unit) for row in rows], dtype=np.int64)
        self.most: Floats = np.minimum(self._limit * 2.0**-SHIFT * self.scale, 4.0 * dearest)
        self._num_items, self._num_phases = len(items), len(able.book.phases)

    def __len__(self) -> int:
        return len(self.rhs)

    def whole(self, charge: Floats) -> Ints:
        """The multipliers as whole numbers of 2^-SHIFT-ths of a unit."""
        asked = np.minimum(np.maximum(charge, 0) / self.scale * 2.0**SHIFT, 2.0**LARGEST_BITS)
        return np.minimum(asked.astype(np.int64), self._limit)

    def charges(self, multiplier: Ints) -> Ints:
        """What each item is charged, in units, rounded down."""
        charges = np.zeros(self._num_items, dtype=np.int64)
        if len(self.item):
            each = (multiplier[self.row] * self.coef) >> SHIFT
            charges[self._charged] = np.add.reduceat(each, self._first)
        return charges

    def in_points(self, multiplier: Ints, unit: int) -> tuple[Ints, Ints]:
        """What each entry charges its item and each row its phase, in whole points, rounded down."""
        return ((multiplier[self.row] * self.coef) >> SHIFT) // unit, ((multiplier * self.rhs) >> SHIFT) // unit

    def phase_charges(self, multiplier: Ints) -> Ints:
        """What each phase is charged for being staffed, in units, rounded down."""
        charges = np.zeros(self._num_phases, dtype=np.int64)
        is_of_phase = self.phase != NO_PHASE
        np.add.at(charges, self.phase[is_of_phase], ((multiplier * self.rhs) >> SHIFT)[is_of_phase])
        return charges

    def constant(self, multiplier: Ints) -> int:
        """What is charged in any case, in units, rounded down."""
        return int(((multiplier * self.rhs) >> SHIFT)[self.phase == NO_PHASE].sum())

    def excess(self, wanted: Bools, is_staffed: Bools) -> Floats:
        """By how much the rows are above 0 with the wanted items, in mean coefficients."""
        each = np.where(wanted[self.item], self.coef, 0).astype(float)
        total = np.bincount(self.row, weights=each, minlength=len(self))
        is_on = np.where(self.phase == NO_PHASE, True, is_staffed[self.phase])
        return (total + np.where(is_on, self.rhs, 0)) / self.scale


def _largest_multiplier(row: Row, unit: int) -> int:
    """In 2^-SHIFT-ths of a unit; no product of it may leave 64 bits."""
    largest = max(1, int(np.abs(row.coef).max(initial=1)), abs(row.rhs))
    safe = 2**LARGEST_BITS // largest
    return safe if row.weight is None else min(safe, (row.weight * unit << SHIFT) // row.per)


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


class _Writer:
    """Writes the rows, kind by kind; whatever is left out only makes the bound larger."""

    def __init__(self, able: Eligibility, slots: Slots, items: Items) -> None:
        self.able, self.book, self.problem, self.items = able, able.book, able.problem, items
        self._is_for_sale = slots.first != NO_START
        self._order = np.argsort(items.phase, kind="stable")
        self._first = np.searchsorted(items.phase[self._order], np.arange(len(self.book.phases) + 1))
        self._kind = np.array([person.kind for person in self.book.people], dtype=object)

    def rows(self) -> Iterator[Row]:
        for n, phase in enumerate(self.book.phases):
            mine = self._order[self._first[n] : self._first[n + 1]]
            if len(mine) and self._is_for_sale[self.book.roles_of_phase[n]].all():
                for number, rule in enumerate(phase.team_rules):
                    for row in self._rule(phase, rule, mine):
                        yield row._replace(phase=n, rule=number, weight=rule.weight)
                if self.able.mentored[self.items.pair[mine]].any():
                    yield from self._mentoring(n, mine)
        yield from self._budgets()
        yield from self._changes()

    def _rule(self, phase: Phase, rule: TeamRule, mine: Ints) -> Iterator[Row]:
        if rule.weight == 0:
            return
        if rule.rule is RuleKind.COUNT and rule.of is not None:
            yield from self._count(phase, rule, rule.of, mine)
        elif rule.rule in (RuleKind.APART, RuleKind.TOGETHER):
            yield from self._named(rule, mine)
        elif rule.rule is RuleKind.MEAN:
            yield from self._mean(phase, rule, mine)

    def _count(self, phase: Phase, rule: TeamRule, of: CountOf, mine: Ints) -> Iterator[Row]:
        """Where people grow, those who may have come to count may be enough, and too many are those who surely do."""
        if rule.at_least:
            matching = mine[self._may_count(phase, of, self.items.person[mine])]
            yield Row(matching, -np.ones(len(matching), dtype=np.int64), rule.at_least)
        matching = mine[self._counts(of, self.items.person[mine])]
        one = np.ones(len(matching), dtype=np.int64)
        if rule.at_most is not None and len(np.unique(self.items.person[matching])) > rule.at_most:
            yield Row(matching, one, -rule.at_most)

    def _may_count(self, phase: Phase, of: CountOf, people: Ints) -> Bools:
        if of.skill is not None:
            return self.able.holders.highest(of.skill, phase.latest)[people] >= (of.min or 0)
        return self._counts(of, people)

    def _counts(self, of: CountOf, people: Ints) -> Bools:
        holders = self.able.holders
        if of.skill is not None:
            return holders.levels(of.skill)[people] >= (of.min or 0)
        if of.style is not None:
            return holders.tenths(of.style)[people] >= max(tenths(of.min or 0), 0)
        if of.tag is not None:
            return holders.has_tag(of.tag)[people]
        found: Bools = (self._kind[people] == of.kind).astype(np.bool_)
        return found

    def _named(self, rule: TeamRule, mine: Ints) -> Iterator[Row]:
        """Apart: all but one of those named are too many. Together: where one of them is, all are."""
        times = {self.book.person_no[person]: num for person, num in Counter(rule.people).items()}
        named = mine[np.isin(self.items.person[mine], list(times))]
        num = np.array([times[person] for person in self.items.person[named].tolist()], dtype=np.int64)
        if rule.rule is RuleKind.APART:
            if len(np.unique(self.items.person[named])) > 1 or (num > 1).any():
                yield Row(named, num, -1)
            return
        people = np.unique(self.items.person[named]).tolist()
        for person in people:
            is_here = np.where(self.items.person[named] == person, len(rule.people), 0)
            yield Row(named, is_here - num, 0, per=len(people))

    def _mean(self, phase: Phase, rule: TeamRule, mine: Ints) -> Iterator[Row]:
        """The shortfall times the team's size is at least the summed distance; the team is at most all seats."""
        tenths_of = self.able.holders.tenths(rule.style or "")[self.items.person[mine]]
        known, score = mine[tenths_of >= 0], tenths_of[tenths_of >= 0]
        is_band = rule.min_tenths <= rule.max_tenths
        for distance in (rule.min_tenths - score, score - rule.max_tenths)[: 2 if is_band else 1]:
            if (distance > 0).any():
                yield Row(known, distance, 0, per=len(phase.seats))

    def _mentoring(self, n: int, mine: Ints) -> Iterator[Row]:
        """Of a role's holders who are short in a must, all have a teammate at the same time who holds it."""
        able, items = self.able, self.items
        role, person = able.role[items.pair[mine]], items.person[mine]
        mentored = able.mentored[items.pair[mine]]
        for of in np.unique(role[mentored]).tolist():
            asked = self.book.roles[of]
            meets = np.array(
                [_overlap(self.book.roles[other].seat, asked.seat) for other in self.book.roles_of_phase[n]]
            )
            teaches = meets[np.searchsorted(self.book.roles_of_phase[n], role)]
            for line in (line for line in asked.seat.skills if line.must):
                level = able.holders.levels(line.skill)[person]
                short = (role == of) & (level < line.level)
                teachers = teaches & (level >= line.level)
                if short.any():
                    coef = np.where(short, 1, 0) - np.where(
                        teachers, np.where(role == of, asked.count - 1, asked.count), 0
                    )
                    is_in = coef != 0
                    yield Row(mine[is_in], coef[is_in], 0, n)

    def _budgets(self) -> Iterator[Row]:
        money = self.able.money[self.items.pair]
        project = self.able.project[self.items.pair]
        for n, asked in enumerate(self.book.projects):
            if asked.budget is not None:
                yield from self._budget(np.flatnonzero(project == n), money, asked.budget)
        if self.problem.limits.budget is not None:
            yield from self._budget(np.arange(len(self.items)), money, self.problem.limits.budget)

    def _budget(self, mine: Ints, money: NDArray[np.int64], budget: int) -> Iterator[Row]:
        if len(mine) and max(money[mine].tolist()) < 2**40 and sum(money[mine].tolist()) > budget:
            yield Row(mine, money[mine].astype(np.int64), -budget)

    def _changes(self) -> Iterator[Row]:
        """So many rows of the plan in force are kept at least."""
        if self.problem.limits.max_changes is None:
            return
        kept = Counter(pair for pair in self.able.current if pair is not None)
        times = np.zeros(len(self.able), dtype=np.int64)
        times[list(kept)] = list(kept.values())
        coef = -times[self.items.pair]
        is_in = coef != 0
        not_for_sale = int(times.sum()) + int(coef[np.unique(self.items.pair, return_index=True)[1]].sum())
        num = len(self.problem.current) - self.problem.limits.max_changes - not_for_sale
        if num > 0 and is_in.any():
            yield Row(np.flatnonzero(is_in), coef[is_in], num)


def _overlap(seat: Seat, other: Seat) -> bool:
    return seat.from_ < other.to and other.from_ < seat.to
