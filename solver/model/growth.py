"""Levels as CP-SAT sees them, where people gain them by doing: what a person holds when a phase starts.

A level is what the person began with, plus one for every seat that taught and had ended by then; whether a seat
teaches depends on the level at its own start. Time orders these definitions, so that they never go round.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import NamedTuple

from ortools.sat.python import cp_model

from solver.check import Staffed, seat_score, skill_points
from solver.eligible import Eligibility
from solver.model.logic import Literal, all_of, at_least, negated
from solver.model.plan import solution_of
from solver.model.variables import Variables
from solver.problem import SkillLine

LinearExpr = cp_model.LinearExpr
MENTORED = 60  # points for a must that is held under a mentor
FAR = 4  # levels above what a line asks for, from where points no longer fall


class Level(NamedTuple):
    """A level: `now`, which is certain, plus one for each literal of `gains` that holds."""

    now: int
    gains: list[Literal]

    @property
    def most(self) -> int:
        return self.now + len(self.gains)

    @property
    def expression(self) -> cp_model.LinearExprT:
        return LinearExpr.sum(self.gains) + self.now


class Levels:
    """The levels of everybody at the start of every phase of a part; call `define` once all are asked for.

    People of whom no seat is free and no phase moves have the levels of the part's plan.
    """

    def __init__(self, cp: cp_model.CpModel, able: Eligibility, variables: Variables) -> None:
        self.cp, self.able, self.vars = cp, able, variables
        self._levels: dict[tuple[int, str, int], Level] = {}
        self._reaches: dict[tuple[int, str, int, int], Literal] = {}
        self._teaches: dict[tuple[int, str], cp_model.IntVar] = {}
        self._gained: dict[tuple[int, str, int], Literal] = {}
        self._ended: dict[tuple[int, int, int], Literal] = {}
        self._undefined: list[tuple[int, SkillLine]] = []

    def at(self, person: int, skill: str, phase: int) -> Level:
        """A person's level in a skill when a phase starts; any, where it does not."""
        key = (person, skill, phase)
        if key not in self._levels:
            self._levels[key] = self._level(*key)
        return self._levels[key]

    def reaches(self, person: int, skill: str, phase: int, level: int) -> Literal:
        """A literal that holds where, and only where, a person is at a level or above when a phase starts."""
        key = (person, skill, phase, level)
        if key not in self._reaches:
            have = self.at(person, skill, phase)
            self._reaches[key] = at_least(self.cp, have.expression, level, have.now, have.most)
        return self._reaches[key]

    def define(self) -> None:
        """Says of every seat that may teach when it does: held by somebody who is not above what it asks for."""
        while self._undefined:
            pair, line = self._undefined.pop()
            person, phase = int(self.able.person[pair]), self.vars.phase_of(pair)
            above = self.reaches(person, line.skill, phase, line.level + 1)
            held, teaches = self.vars.holds[pair], self._teaches[pair, line.skill]
            self.cp.add_implication(teaches, held)
            self.cp.add_bool_or(~teaches, negated(above))
            self.cp.add_bool_or(teaches, ~held, above)

    def _level(self, person: int, skill: str, phase: int) -> Level:
        if person not in self.vars.by_person:
            who = self._staffed.person_at(self.able.book.people[person], self.vars.planned_start(phase))
            return Level(who.skills.get(skill, 0), [])
        now = self.able.book.people[person].skills.get(skill, 0)
        lessons = [(pair, line) for pair, line in self._lessons(person, skill) if line.level >= now]
        gains = (self._has_gained(pair, line, phase) for pair, line in lessons)
        return Level(now, [gain for gain in gains if gain is not False])

    def _lessons(self, person: int, skill: str) -> list[tuple[int, SkillLine]]:
        """The person's pairs whose seats ask for the skill as a must."""
        return self._all_lessons.get((person, skill), [])

    @cached_property
    def _all_lessons(self) -> dict[tuple[int, str], list[tuple[int, SkillLine]]]:
        lessons: defaultdict[tuple[int, str], list[tuple[int, SkillLine]]] = defaultdict(list)
        for pair in self.vars.holds:
            for line in self.able.seat(pair).skills:
                if line.must:
                    lessons[int(self.able.person[pair]), line.skill].append((pair, line))
        return lessons

    @cached_property
    def _staffed(self) -> Staffed:
        return Staffed(self.able.problem, solution_of(self.able, self.vars.part.plan))

    def _has_gained(self, pair: int, line: SkillLine, phase: int) -> Literal:
        """Whether what a pair's seat teaches counts when a phase starts."""
        key = (pair, line.skill, phase)
        if key not in self._gained:
            ended = self._is_over(self.vars.phase_of(pair), self.able.seat(pair).to, phase)
            self._gained[key] = ended is not False and all_of(self.cp, [ended, self._is_taught(pair, line)])
        return self._gained[key]

    def _is_taught(self, pair: int, line: SkillLine) -> cp_model.IntVar:
        key = (pair, line.skill)
        if key not in self._teaches:
            self._teaches[key] = self.cp.new_bool_var("")
            self._undefined.append((pair, line))
        return self._teaches[key]

    def _is_over(self, lesson: int, to: int, phase: int) -> Literal:
        """Whether a seat that lasts until `to` after one phase's start has ended when another phase starts."""
        if lesson == phase:
            return False
        key = (lesson, to, phase)
        if key not in self._ended:
            (first, last), (soonest, latest) = self._starts(lesson), self._starts(phase)
            room = self.vars.start_of(phase) - self.vars.start_of(lesson)
            self._ended[key] = at_least(self.cp, room, to, soonest - last, latest - first)
        return self._ended[key]

    def _starts(self, phase: int) -> tuple[int, int]:
        """The first and last start that a phase may have."""
        if phase not in self.vars.moving:
            return (self.vars.planned_start(phase),) * 2
        return 0, self.able.problem.calendar.periods - self.able.book.phases[phase].duration


class Fits:
    """The points that a pair is worth, by the levels that its person holds when the phase starts."""

    def __init__(self, cp: cp_model.CpModel, able: Eligibility, levels: Levels) -> None:
        self.cp, self.able, self.levels = cp, able, levels

    def values(self, pair: int, literal: cp_model.IntVar) -> list[tuple[Literal, int]]:
        """A literal for every value that a pair may have, with its points; one of them holds where it is held."""
        person, phase = int(self.able.person[pair]), int(self.able.phase[pair])
        lines = self.able.seat(pair).skills
        have = [self.levels.at(person, line.skill, phase) for line in lines]
        seat, who = self.able.seat(pair), self.able.book.people[person]
        fits = _possible_fits(lines, have)
        if len(fits) == 1:
            return [(literal, seat_score(self.able.problem, seat, who, fits[0]).net)]
        picked = {fit: self.cp.new_bool_var("") for fit in fits}
        self.cp.add(LinearExpr.sum(list(picked.values())) == literal)
        earned = [self._earned(person, phase, line, level) for line, level in zip(lines, have, strict=True)]
        total = LinearExpr.weighted_sum(earned, [line.weight for line in lines])
        weight = sum(line.weight for line in lines)
        for fit, one in picked.items():
            self.cp.add(total >= weight * fit).only_enforce_if(one)
        return [(one, seat_score(self.able.problem, seat, who, fit).net) for fit, one in picked.items()]

    def _earned(self, person: int, phase: int, line: SkillLine, have: Level) -> cp_model.LinearExprT:
        """What a line gives, or less: the search takes as much as it may."""
        if not have.gains:
            return skill_points(line, have.now)
        earned = self.cp.new_int_var(0, 100, "")
        holds = self.levels.reaches(person, line.skill, phase, line.level)
        if line.must:
            self.cp.add(earned <= MENTORED).only_enforce_if(negated(holds))
        else:
            self.cp.add(line.level * earned <= 100 * have.expression).only_enforce_if(negated(holds))
        is_far_above = self.levels.reaches(person, line.skill, phase, line.level + FAR)
        falls = self.cp.add(earned <= 100 + 5 * (line.level - have.expression))
        falls.only_enforce_if(holds, negated(is_far_above))
        self.cp.add(earned <= skill_points(line, line.level + FAR)).only_enforce_if(is_far_above)
        return earned


def _possible_fits(lines: tuple[SkillLine, ...], have: list[Level]) -> list[int]:
    """Every skill fit of a seat that some combination of possible levels gives."""
    sums = {0}
    for line, level in zip(lines, have, strict=True):
        points = {line.weight * skill_points(line, n) for n in range(level.now, level.most + 1)}
        sums = {total + more for total in sums for more in points}
    weight = sum(line.weight for line in lines)
    return sorted({total // weight for total in sums}) if weight else [100]
