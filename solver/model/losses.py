"""What a plan loses against the bound of a guide, term by term: the objective of a model that has one.

The sum is the same as that of `solver.model.goals`, turned around: the bound less the losses. But none of its terms
is ever negative, and together they must be less than what is lost already. So CP-SAT sees at once which choices
alone would lose too much, and proves in a blink what it cannot prove from the goals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from solver.check import rule_shortfall
from solver.model.goals import Goals
from solver.model.guide import NOWHERE, Guide
from solver.model.logic import Literal
from solver.model.plan import Bools, Ints, Plan
from solver.model.teams import Team, shortfall

LinearExpr = cp_model.LinearExpr
Expression = cp_model.LinearExprT
SAFE_BITS = 60
RuleKey = tuple[int, int, int]  # phase, rule, and the row where a row stands for itself


class Loss:
    """What one part of a plan loses: `weight` for each unit by which a sum is above 0.

    `now` is what the sum comes to in the plan so far.
    """

    def __init__(self, constant: int = 0, weight: int = 1) -> None:
        self.constant = self.now = constant
        self.weight = weight
        self.coefs: list[int] = []
        self.terms: list[Expression] = []

    def add(self, coef: int, term: Expression, now: int) -> None:
        """Adds a term, and its value now; a plain truth goes into the constant."""
        self.now += coef * now
        if isinstance(term, int):
            self.constant += coef * term
        elif coef:
            self.coefs.append(coef)
            self.terms.append(term)

    @property
    def points_now(self) -> int:
        return self.weight * max(0, self.now)


class Choice(NamedTuple):
    """An item that is chosen if a literal holds, and whether the plan so far holds it."""

    item: int
    pair: int
    place: int
    literal: Literal
    now: int


class RewardTerm(NamedTuple):
    """A term of a project's reward, its points, how large it is at most, and how large it is so far."""

    term: Expression
    points: int
    most: int
    now: int


class Losses(Goals):
    """The losses, one method for each kind of term.

    Attributes
    ----------
    lost_now
        What the plan so far loses in the terms that may change.
    """

    guide: Guide
    now: Plan
    lost_now: int
    _is_everything: bool

    def lose_less(self, guide: Guide, now: Plan, beats: int | None) -> None:
        """Makes the losses the objective; they are less than now, or than those of a plan that all is to beat."""
        self.guide, self.now, self._is_everything = guide, now, beats is not None
        losses = [*self.people_lose(), *self.seats_lose(), *self.rules_lose(), *self.limits_lose()]
        losses += [*self.projects_lose(), *self.absent_lose()]
        certain = sum(loss.points_now for loss in losses if not loss.terms)
        losses = [loss for loss in losses if loss.terms]
        rewards = [term for n in self.vars.projects if not guide.is_whole[n] for term in self._rewards_of(n)]
        self.lost_now = sum(loss.points_now for loss in losses) - sum(term.points * term.now for term in rewards)
        self.objective.constant = guide.total - certain
        self._limit(losses, rewards, (self.lost_now if beats is None else guide.total - certain - beats) - 1)

    def _limit(self, losses: list[Loss], rewards: list[RewardTerm], most: int) -> None:
        """No more than so many points are lost in all of them together, less rewards; and so in each.

        Where the sum of all that may be lost does not fit into 64 bits, it is taken in units of several points, each
        loss rounded down and each reward up, which forbids less.
        """
        room = max(0, most + sum(term.points * term.most for term in rewards if term.points > 0))
        variables = [self.cp.new_int_var(0, room // loss.weight, "") for loss in losses]
        for loss, variable in zip(losses, variables, strict=True):
            self.cp.add(variable >= LinearExpr.weighted_sum(loss.terms, loss.coefs) + loss.constant)
            self.objective.add(variable, -loss.weight, most=room // loss.weight)
        for term in rewards:
            self.objective.add(term.term, term.points, term.most)
        unit = max(1, (len(losses) * room + sum(abs(term.points) * term.most for term in rewards)) >> SAFE_BITS)
        lost = LinearExpr.weighted_sum(variables, [loss.weight // unit for loss in losses])
        earned = LinearExpr.weighted_sum([term.term for term in rewards], [-(-term.points // unit) for term in rewards])
        self.cp.add(lost - earned <= most // unit)

    def absent_lose(self) -> Iterator[Loss]:
        """Where everything counts: people, phases and projects for which there is nothing to choose."""
        if not self._is_everything:
            return
        for person in np.flatnonzero(self.guide.most).tolist():
            if person not in self.vars.by_person:
                yield Loss(int(self.guide.most[person]))
        for n, phases in enumerate(self.book.phases_of_project):
            absent = [phase for phase in phases if phase not in self._in_scope]
            if not self.guide.is_whole[n]:
                yield from (Loss(self._own(phase, 0)) for phase in absent)
            elif n not in self.vars.projects:
                own = sum(self._own(phase, 0) for phase in phases)
                yield Loss(own + self.book.projects[n].reward)

    def people_lose(self) -> Iterator[Loss]:
        """What a person's seats bring less than the best set for them."""
        guide = self.guide
        for person in self.vars.by_person:
            loss = Loss(int(guide.most[person]))
            for choice in self._by_person.get(person, ()):
                loss.add(-int(guide.gain[choice.item]), choice.literal, choice.now)
            for item in self._fixed_items.get(person, ()):
                loss.add(-int(guide.gain[item]), 1, 1)
            if self.book.people[person].is_hire:
                loss.add(int(guide.fee[person]), self._hired(person), int(self._is_hired[person]))
            yield loss

    def seats_lose(self) -> Iterator[Loss]:
        """The price of each seat that stays open, and what a phase earns less than at its best start."""
        for phase in self.vars.phases:
            if self.guide.is_whole[self.book.project_of_phase[phase]]:
                continue
            starts = self._starts(phase)
            own = {place: self._own(phase, place) for place in starts}
            loss = Loss(max(0, *own.values()) if own else 0)
            for place, (literal, now) in starts.items():
                loss.add(-own[place], literal, now)
            yield loss
            for role in self.book.roles_of_phase[phase]:
                for place, (literal, now) in starts.items():
                    yield from self._open_seats(role, place, literal, now)

    def rules_lose(self) -> Iterator[Loss]:
        """What team rules and mentoring cost more than they are charged for."""
        losses: defaultdict[RuleKey, Loss] = defaultdict(Loss)
        self._charge_rules(losses)
        for phase, members in self.vars.teams.items():
            team = Team(self.cp, members, self.book.people, self.vars.staffed[phase], phase)
            there = list(dict.fromkeys(m.person for m in members if self.now.held[m.pair]))
            people = [self.book.people[person] for person in there]
            for number, rule in self.in_time(enumerate(self.book.phases[phase].team_rules)):
                if rule.weight:
                    now = rule_shortfall(rule, people)
                    losses[phase, number, NOWHERE].add(rule.weight, shortfall(team, rule), now)
        yield from losses.values()

    def limits_lose(self) -> Iterator[Loss]:
        """What of the limits on hires, at their prices, is not used."""
        loss = Loss(self.guide.most_toll)
        for person in np.flatnonzero(self.guide.toll).tolist():
            if person in self.vars.by_person or self._is_hired[person]:
                loss.add(-int(self.guide.toll[person]), self._hired(person), int(self._is_hired[person]))
        yield loss

    def projects_lose(self) -> Iterator[Loss]:
        """What an all-or-nothing project earns less than at best."""
        for n in self.vars.projects:
            if not self.guide.is_whole[n]:
                continue
            project, phases = self.book.projects[n], self.book.phases_of_project[n]
            is_complete = self._is_complete(n)
            loss, best = Loss(), project.reward
            for phase in phases:
                starts = self._whole_starts(phase, self.complete[n], is_complete)
                own = {place: self._own(phase, place) for place in starts}
                best += max(own.values(), default=0)
                for place, (literal, now) in starts.items():
                    loss.add(-own[place], literal, now)
            loss.add(max(0, best), 1, 1)
            for term in self._rewards_of(n):
                loss.add(-term.points, term.term, term.now)
            yield loss

    def _rewards_of(self, n: int) -> list[RewardTerm]:
        """What a project's reward is the sum of, with what its terms come to so far."""
        project = self.book.projects[n]
        if not project.reward:
            return []
        late = self._periods_late(n) if self._is_complete(n) else 0
        earns = self._is_complete(n) and late * project.late_penalty <= project.reward
        now = [int(earns), late if earns else 0]
        return [RewardTerm(*term, value) for term, value in zip(self.reward_terms(n), now, strict=False)]

    def _open_seats(self, role: int, place: int, literal: Literal, now: int) -> Iterator[Loss]:
        """The price of what is not filled of a role whose phase is staffed at a start."""
        price = self.guide.slot_price(role, place)
        choices = self._by_slot.get((role, place), ())
        if price <= 0 or (literal is True and not choices and not self._is_everything):
            return
        loss = Loss(weight=price)
        loss.add(self.book.roles[role].count, literal, now)
        fixed = self.vars.fixed_count.get(role, 0)
        loss.add(-fixed, 1, 1)
        for choice in choices:
            loss.add(-1, choice.literal, choice.now)
        yield loss

    def _own(self, phase: int, place: int) -> int:
        """What a phase earns if it is staffed at a start."""
        prices = (
            self.book.roles[role].count * self.guide.slot_price(role, place) for role in self.book.roles_of_phase[phase]
        )
        return sum(prices) - int(self.guide.phase_charge[phase])

    def _starts(self, phase: int) -> dict[int, tuple[Literal, int]]:
        """For each place of its start, whether a phase is staffed there, and whether it is so far.

        Where no rule charges a phase for being staffed, it makes no difference whether one without a team is
        staffed: all of its seats are open.
        """
        is_charged = bool(self.guide.phase_charge[phase])
        staffed, is_staffed = self.vars.staffed[phase], self._is_staffed(phase)
        if phase not in self.vars.at:
            if not self.vars.is_scheduled(phase):
                return {}
            place = self.vars.planned_start(phase) - self.book.phases[phase].earliest
            return {place: (staffed, is_staffed) if is_charged else (True, 1)}
        if is_charged:
            return self._split(phase, staffed, is_staffed)
        return self._split(phase, self.vars.present[phase], int(phase in self.now.starts))

    def _whole_starts(self, phase: int, complete: Literal, is_complete: int) -> dict[int, tuple[Literal, int]]:
        if phase in self.vars.at:
            return self._split(phase, complete, is_complete)
        if not self.vars.is_scheduled(phase):
            return {}
        place = self.vars.planned_start(phase) - self.book.phases[phase].earliest
        return {place: (complete, is_complete)}

    def _split(self, phase: int, total: Literal, now: int) -> dict[int, tuple[Literal, int]]:
        """A literal for each start, no more than one of them true, and one if the total is."""
        earliest = self.book.phases[phase].earliest
        start_now = self.now.starts.get(phase)
        found: dict[int, tuple[Literal, int]] = {}
        for start, at in self.vars.at[phase].items():
            literal = self.cp.new_bool_var("")
            self.cp.add_implication(literal, at)
            found[start - earliest] = (literal, now if start == start_now else 0)
        self.cp.add(LinearExpr.sum([literal for literal, _ in found.values()]) == total)
        return found

    def _charge_rules(self, losses: defaultdict[RuleKey, Loss]) -> None:
        """Subtracts from what rules cost the charges on their items, on staffed phases, and in any case."""
        keys = self._rule_keys
        for choice in self._choices:
            for row, charge in self.guide.entries(choice.item):
                losses[keys[row]].add(-charge, choice.literal, choice.now)
        for item in self._items_of(self.vars.near):
            for row, charge in self.guide.entries(item):
                if self.guide.row_phase[row] in self._in_scope:
                    losses[keys[row]].add(-charge, 1, 1)
        general = self.guide.rows_of_phase.get(NOWHERE, ())
        for item in self._items_of(self.vars.fixed) if general else ():
            for row, charge in self.guide.entries(item):
                if self.guide.row_phase[row] == NOWHERE:
                    losses[keys[row]].add(-charge, 1, 1)
        for row in general:
            losses[keys[row]].add(-int(self.guide.row_charge[row]), 1, 1)
        for phase in self.vars.phases:
            for row in self.guide.rows_of_phase.get(phase, ()):
                charge = int(self.guide.row_charge[row])
                losses[keys[row]].add(-charge, self.vars.staffed[phase], self._is_staffed(phase))

    @cached_property
    def _rule_keys(self) -> list[RuleKey]:
        """What each row is a part of: a soft team rule, or nothing but itself."""
        keys = []
        rows = zip(self.guide.row_phase.tolist(), self.guide.row_rule.tolist(), strict=True)
        for row, (phase, rule) in enumerate(rows):
            is_soft = rule != NOWHERE and not self.book.phases[phase].team_rules[rule].is_hard
            keys.append((phase, rule, NOWHERE) if is_soft else (phase, rule, row))
        return keys

    @cached_property
    def _in_scope(self) -> set[int]:
        return set(self.vars.phases)

    @cached_property
    def _choices(self) -> list[Choice]:
        """Every item that may be chosen."""
        held, guide = self.now.held, self.guide
        pairs: list[int] = []
        starts: list[int] = []
        literals: list[Literal] = []
        for pair, literal in self.vars.holds.items():
            phase = self.vars.phase_of(pair)
            if phase in self.vars.at:
                pairs += [pair] * len(self.vars.holds_at[pair])
                starts += list(self.vars.holds_at[pair])
                literals += list(self.vars.holds_at[pair].values())
            else:
                pairs.append(pair)
                starts.append(self.vars.planned_start(phase))
                literals.append(literal)
        places = np.array(starts, dtype=np.int64) - guide.earliest[self.able.phase[pairs]]
        items = guide.items(np.array(pairs, dtype=np.int64), places)
        rows = zip(items.tolist(), pairs, places.tolist(), literals, starts, strict=True)
        return [
            Choice(item, pair, place, literal, int(held[pair] and self._starts_now(pair) == start))
            for item, pair, place, literal, start in rows
            if item != NOWHERE
        ]

    def _starts_now(self, pair: int) -> int:
        phase = self.vars.phase_of(pair)
        return self.now.starts.get(phase, self.book.phases[phase].earliest)

    @cached_property
    def _by_person(self) -> dict[int, list[Choice]]:
        groups: defaultdict[int, list[Choice]] = defaultdict(list)
        for choice in self._choices:
            groups[int(self.able.person[choice.pair])].append(choice)
        return groups

    @cached_property
    def _by_slot(self) -> dict[tuple[int, int], list[Choice]]:
        groups: defaultdict[tuple[int, int], list[Choice]] = defaultdict(list)
        for choice in self._choices:
            groups[int(self.able.role[choice.pair]), choice.place].append(choice)
        return groups

    def _items_of(self, pairs: Ints) -> list[int]:
        """The items of pairs that are held at the starts of the plan so far."""
        start = self.guide.earliest.copy()
        for number, period in self.now.starts.items():
            start[number] = period
        items = self.guide.items(pairs, (start - self.guide.earliest)[self.able.phase[pairs]])
        return [item for item in items.tolist() if item != NOWHERE]

    @cached_property
    def _fixed_items(self) -> dict[int, list[int]]:
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for item in self._items_of(self.vars.near):
            groups[int(self.able.person[self.guide.pair[item]])].append(item)
        return groups

    @cached_property
    def _is_hired(self) -> Bools:
        """For each person, whether they have a seat so far."""
        return np.bincount(self.able.person[self.now.held], minlength=len(self.book.people)) > 0

    def _hired(self, person: int) -> Literal:
        return self.hired.get(person, bool(self._is_hired[person]))

    @cached_property
    def _staffed_now(self) -> set[int]:
        return set(np.unique(self.able.phase[self.now.held]).tolist())

    def _is_staffed(self, phase: int) -> int:
        return int(phase in self._staffed_now)

    def _is_complete(self, project: int) -> int:
        phases = self.book.phases_of_project[project]
        held = np.flatnonzero(self.now.held)
        num_held = int((self.able.project[held] == project).sum())
        is_scheduled = all(self.book.phases[n].is_fixed or n in self.now.starts for n in phases)
        return int(is_scheduled and num_held == len(self.book.projects[project].seats))

    def _periods_late(self, project: int) -> int:
        phases = self.book.phases_of_project[project]
        ends = [self.now.starts.get(n, self.book.phases[n].earliest) + self.book.phases[n].duration for n in phases]
        due = self.book.projects[project].due
        return 0 if due is None else max(0, max(ends) - due)
