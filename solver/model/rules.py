"""The rulebook, said to CP-SAT: one method per rule, under the names that `solver.check` gives them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from ortools.sat.python import cp_model

from solver.model.ground import Ground
from solver.model.logic import Literal, all_of, negated
from solver.model.teams import shortfall
from solver.model.time import PersonTime
from solver.model.variables import Member

LinearExpr = cp_model.LinearExpr


class Rules(Ground):
    """What makes a plan feasible."""

    def seat_has_one_holder(self) -> None:
        """A role has no more holders than seats."""
        for role, pairs in self.vars.by_role.items():
            room = self.book.roles[role].count - self.vars.fixed_count.get(role, 0)
            literals = [self.vars.holds[pair] for pair in pairs]
            if room == 1:
                self.cp.add_at_most_one(literals)
            elif room < len(literals):
                self.cp.add(LinearExpr.sum(literals) <= room)

    def one_seat_per_phase(self) -> None:
        """A person holds at most one seat of a phase."""
        for team in self.vars.teams.values():
            seats: defaultdict[int, list[Literal]] = defaultdict(list)
            for member in team:
                seats[member.person].append(member.literal)
            for literals in seats.values():
                if len(literals) > 1:
                    self.cp.add_at_most_one(literals)

    def within_capacity(self) -> None:
        """Every period, a person's seats add up to no more than their capacity."""
        for person, pairs in self.in_time(self.vars.by_person.items()):
            time = PersonTime(self, person)
            if any(time.roams(pair) for pair in pairs):
                time.share_between_intervals(pairs)
            else:
                time.share_where_seats_meet(pairs)

    def musts_are_held(self) -> None:
        """Who is one level short in a must has a teammate, there at the same time, who is not."""
        for team in self.vars.teams.values():
            for member in team:
                if self.problem.growth:
                    self._has_grown(member, team)
                elif self.able.mentored[member.pair]:
                    self._needs_mentors(member, team)

    def phase_inside_window(self) -> None:
        """A movable phase that is scheduled starts inside its window; one that is not has no team."""
        for phase in sorted(self.vars.moving):
            asked, start, present = self.book.phases[phase], self.vars.start[phase], self.vars.present[phase]
            if phase in self.vars.at:
                self._pick_start(phase)
                continue
            self.cp.add_linear_constraint(start, asked.earliest, asked.latest)
            for member in self.vars.teams[phase]:
                self.cp.add_implication(member.literal, present)

    def phases_in_order(self) -> None:
        """A phase starts after those before it have ended; a staffed phase's predecessors are scheduled."""
        in_scope = set(self.vars.phases)
        for phase, others in enumerate(self.book.before):
            for other in others:
                if phase in in_scope or other in in_scope:
                    self._follow(phase, other)

    def hard_team_rules(self) -> None:
        """A team keeps every rule that has no weight; an empty team breaks none."""
        for team, rule in self.ruled_teams():
            if rule.is_hard:
                self.cp.add(shortfall(team, rule) <= 0)

    def all_or_nothing(self) -> None:
        """An all-or-nothing project is complete, or none of its seats is filled."""
        for n in self.vars.projects:
            if self.book.projects[n].all_or_nothing:
                for role in self.roles_of_project(n):
                    self.cp.add(self.filled(role) <= self.book.roles[role].count * self.complete[n])

    def project_budget(self) -> None:
        """The staff cost of a project's seats stays inside its budget."""
        for n in self.vars.projects:
            budget = self.book.projects[n].budget
            if budget is not None:
                mine = [pair for pair in self.vars.holds if self.able.project[pair] == n]
                fixed = self.vars.fixed[self.able.project[self.vars.fixed] == n]
                self._spend_at_most(budget - int(self.able.money[fixed].sum()), mine)

    def plan_budget(self) -> None:
        """The staff cost of all seats stays inside the plan's budget."""
        budget = self.problem.limits.budget
        if budget is not None:
            self._spend_at_most(budget - int(self.able.money[self.vars.fixed].sum()), list(self.vars.holds))

    def hire_limits(self) -> None:
        """No more hires, and no dearer ones, than the limits allow."""
        people, limits = self.book.people, self.problem.limits
        new = {person: literal for person, literal in self.hired.items() if literal is not True}
        if limits.max_hires is None and limits.hire_budget is None:
            return
        sunk = [person for person in np.unique(self.able.person[self.vars.fixed]).tolist() if people[person].is_hire]
        if limits.max_hires is not None:
            self.cp.add(LinearExpr.sum(list(new.values())) <= limits.max_hires - len(sunk))
        if limits.hire_budget is not None:
            left = limits.hire_budget - sum(people[person].hire.cost for person in sunk)
            costs = [people[person].hire.cost for person in new]
            self.cp.add(LinearExpr.weighted_sum(list(new.values()), costs) <= left)

    def change_limit(self) -> None:
        """No more seats of the plan in force change hands than the limit allows."""
        if self.problem.limits.max_changes is not None:
            kept = LinearExpr.sum(self.kept(self.able.current))
            self.cp.add(kept >= len(self.problem.current) - self.problem.limits.max_changes)

    def pins_hold(self) -> None:
        """A pinned seat is held by the person it is pinned to."""
        for literal in self.kept(self.able.pinned):
            if literal is not True:
                self.cp.add_bool_or(literal)

    def bans_hold(self) -> None:
        """Nobody holds a seat from which they are banned."""
        for pair in np.flatnonzero(self.able.banned).tolist():
            if pair in self.vars.holds:
                self.cp.add_bool_or(~self.vars.holds[pair])

    def _needs_mentors(self, member: Member, team: list[Member]) -> None:
        for line in self.able.missing(member.pair):
            mentors = [
                other.literal
                for other in team
                if other.person != member.person
                and self.book.people[other.person].skills.get(line.skill, 0) >= line.level
                and self._meet(member.pair, other.pair)
            ]
            self.cp.add_bool_or(negated(member.literal), *mentors)

    def _has_grown(self, member: Member, team: list[Member]) -> None:
        """The same for levels as they are when the phase starts."""
        seat, phase = self.able.seat(member.pair), self.vars.phase_of(member.pair)
        for line in seat.skills:
            if not line.must:
                continue
            holds = self.levels.reaches(member.person, line.skill, phase, line.level)
            if seat.mentoring and holds is not True:
                almost = self.levels.reaches(member.person, line.skill, phase, line.level - 1)
                self.cp.add_bool_or(negated(member.literal), almost)
                taught = [
                    all_of(self.cp, [other.literal, self.levels.reaches(other.person, line.skill, phase, line.level)])
                    for other in team
                    if other.person != member.person and self._meet(member.pair, other.pair)
                ]
                self.cp.add_bool_or(negated(member.literal), holds, *taught)
            else:
                self.cp.add_bool_or(negated(member.literal), holds)

    def _meet(self, pair: int, other: int) -> bool:
        """Whether two seats of one phase overlap in time."""
        mine, theirs = self.able.seat(pair), self.able.seat(other)
        return mine.from_ < theirs.to and theirs.from_ < mine.to

    def _pick_start(self, phase: int) -> None:
        """One of the few starts is picked, and whoever is on the team holds their seat from there."""
        at, present = self.vars.at[phase], self.vars.present[phase]
        self.cp.add(LinearExpr.sum(list(at.values())) == present)
        start = LinearExpr.weighted_sum(list(at.values()), list(at))
        self.cp.add(self.vars.start[phase] == start).only_enforce_if(present)
        for role in self.book.roles_of_phase[phase]:
            pairs = self.vars.by_role.get(role, [])
            for period, literal in at.items():
                split = (self.vars.holds_at[pair].get(period) for pair in pairs)
                held = LinearExpr.sum([holds for holds in split if holds is not None])
                self.cp.add(held <= self.book.roles[role].count * literal)

    def _follow(self, phase: int, other: int) -> None:
        staffed, scheduled = self.vars.is_staffed(phase), self.vars.is_present(other)
        begins = staffed if self.book.phases[phase].is_fixed else self.vars.is_present(phase)
        self.cp.add_bool_or(negated(staffed), scheduled)
        end = self.vars.start_of(other) + self.book.phases[other].duration
        start = self.vars.start_of(phase)
        if not isinstance(end, int) or not isinstance(start, int):
            self.cp.add(start >= end).only_enforce_if(begins, scheduled)
        elif start < end:
            self.cp.add_bool_or(negated(begins), negated(scheduled))

    def _spend_at_most(self, budget: int, pairs: list[int]) -> None:
        """Rows dearer than the budget are closed one by one, which keeps sums inside 64 bits."""
        money = dict(zip(pairs, self.able.money[pairs].tolist(), strict=True))
        for pair, cost in money.items():
            if cost > budget:
                self.cp.add_bool_or(~self.vars.holds[pair])
        affordable = {pair: cost for pair, cost in money.items() if 0 < cost <= budget}
        if sum(affordable.values()) > budget:
            literals = [self.vars.holds[pair] for pair in affordable]
            self.cp.add(LinearExpr.weighted_sum(literals, list(affordable.values())) <= budget)
