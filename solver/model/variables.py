"""What a model decides: who holds what, and when movable phases start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from solver.eligible import Eligibility
from solver.model.logic import any_of
from solver.model.plan import Ints, Part

MOST_STARTS = 16  # with more starts than these to choose from, an interval is lighter than a literal for each


class Member(NamedTuple):
    """A pair that is, if its literal holds, on a phase's team."""

    pair: int
    person: int
    literal: cp_model.LiteralT


class Variables:
    """The decisions of one part, and the constants around it.

    Attributes
    ----------
    holds : dict of pair to literal
        The pairs that may change, and the holders of phases that may move.
    kept : set of pairs
        Those of `holds` that stay as they are and only move with their phase.
    start, present : dict of phase to variable or constant
        When the phases in scope start, and whether they are scheduled.
    at : dict of phase to dict of start to literal
        The starts of phases that have few to choose from.
    holds_at : dict of pair to dict of start to literal
        The same for pairs of such phases.
    """

    def __init__(self, cp: cp_model.CpModel, able: Eligibility, part: Part) -> None:
        self.cp, self.able, self.part = cp, able, part
        self.moving = part.phases
        pairs, self.kept = self._pairs()
        self.holds = {pair: cp.new_constant(1) if pair in self.kept else cp.new_bool_var("") for pair in pairs}
        self.fixed: Ints = np.flatnonzero(self._fixed_mask(pairs))
        self.present: dict[int, cp_model.IntVar] = {}
        self.start: dict[int, cp_model.IntVar] = {}
        self.at: dict[int, dict[int, cp_model.IntVar]] = {}
        self.holds_at: dict[int, dict[int, cp_model.IntVar]] = {}
        for phase in sorted(self.moving):
            self._add_start(phase)
        for pair, literal in self.holds.items():
            if self.phase_of(pair) in self.at:
                self._split_by_start(pair, literal)

    def phase_of(self, pair: int) -> int:
        return int(self.able.phase[pair])

    @cached_property
    def phases(self) -> list[int]:
        """The phases whose team or start may change."""
        return sorted(self.moving | {self.phase_of(pair) for pair in self.holds})

    @cached_property
    def projects(self) -> list[int]:
        return sorted({self.able.book.project_of_phase[phase] for phase in self.phases})

    @cached_property
    def by_role(self) -> dict[int, list[int]]:
        """For each role in scope, the pairs that may hold it."""
        return _grouped(self.holds, self.able.role)

    @cached_property
    def by_person(self) -> dict[int, list[int]]:
        return _grouped(self.holds, self.able.person)

    @cached_property
    def fixed_count(self) -> dict[int, int]:
        """For each role of a phase in scope, how many of its seats are filled by people outside this part."""
        roles, counts = np.unique(self.able.role[self.near], return_counts=True)
        return dict(zip(roles.tolist(), counts.tolist(), strict=True))

    @cached_property
    def near(self) -> Ints:
        """The pairs held outside this part on phases in scope or by people in scope."""
        is_phase = np.zeros(len(self.able.book.phases), dtype=np.bool_)
        is_phase[self.phases] = True
        is_person = np.zeros(len(self.able.book.people), dtype=np.bool_)
        is_person[list(self.by_person)] = True
        return self.fixed[is_phase[self.able.phase[self.fixed]] | is_person[self.able.person[self.fixed]]]

    @cached_property
    def fixed_by_person(self) -> dict[int, list[int]]:
        """For each person in scope who has any, the pairs that they hold outside this part."""
        groups = _grouped(self.near.tolist(), self.able.person)
        return {person: pairs for person, pairs in groups.items() if person in self.by_person}

    @cached_property
    def teams(self) -> dict[int, list[Member]]:
        """For each phase in scope, who may be, or is, on its team."""
        teams: dict[int, list[Member]] = {phase: [] for phase in self.phases}
        for pair, literal in self.holds.items():
            teams[self.phase_of(pair)].append(Member(pair, int(self.able.person[pair]), literal))
        for pair in self.near.tolist():
            if (phase := self.phase_of(pair)) in teams:
                teams[phase].append(Member(pair, int(self.able.person[pair]), True))
        return teams

    @cached_property
    def staffed(self) -> dict[int, cp_model.LiteralT]:
        """For each phase in scope, whether anybody is on its team."""
        return {phase: any_of(self.cp, (member.literal for member in team)) for phase, team in self.teams.items()}

    def window(self, pair: int, start: int) -> tuple[int, int]:
        seat = self.able.seat(pair)
        return start + seat.from_, start + seat.to

    @cached_property
    def _staffed_before(self) -> set[int]:
        return set(np.unique(self.able.phase[self.part.plan.held]).tolist())

    def is_staffed(self, phase: int) -> cp_model.LiteralT:
        """Whether a phase, in scope or not, has a team."""
        return self.staffed.get(phase, phase in self._staffed_before)

    def is_present(self, phase: int) -> cp_model.LiteralT:
        """Whether a phase, in scope or not, is scheduled."""
        if phase in self.present:
            return self.present[phase]
        return self.is_scheduled(phase)

    def start_of(self, phase: int) -> cp_model.IntVar | int:
        """When a phase, in scope or not, starts if it is scheduled."""
        return self.start[phase] if phase in self.start else self.planned_start(phase)

    def planned_start(self, phase: int) -> int:
        return self.part.plan.starts.get(phase, self.able.book.phases[phase].earliest)

    def _pairs(self) -> tuple[list[int], set[int]]:
        """The pairs that get a literal: the free ones of scheduled phases, and holders who move along.

        Where people grow, all that is held by somebody who may change something comes along: their levels may
        change wherever they are.
        """
        known = {pair for pair in self.part.pairs.tolist() if self._may_start(self.phase_of(pair))}
        held = set(np.flatnonzero(self.part.plan.held).tolist()) - known
        kept = {pair for pair in held if self.phase_of(pair) in self.moving}
        if self.able.problem.growth:
            changing = {int(self.able.person[pair]) for pair in known | kept}
            kept |= {pair for pair in held if int(self.able.person[pair]) in changing}
        return sorted(known | kept), kept

    def _may_start(self, phase: int) -> bool:
        return phase in self.moving or self.is_scheduled(phase)

    def is_scheduled(self, phase: int) -> bool:
        return self.able.book.phases[phase].is_fixed or phase in self.part.plan.starts

    def _fixed_mask(self, pairs: list[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        mask = self.part.plan.held.copy()
        mask[pairs] = False
        return mask

    def _add_start(self, phase: int) -> None:
        asked = self.able.book.phases[phase]
        last = self.able.problem.calendar.periods - asked.duration
        self.present[phase] = self.cp.new_bool_var("")
        self.start[phase] = self.cp.new_int_var(0, last, "")
        if asked.latest - asked.earliest < MOST_STARTS:
            starts = range(asked.earliest, asked.latest + 1)
            self.at[phase] = {start: self.cp.new_bool_var("") for start in starts}

    def _split_by_start(self, pair: int, literal: cp_model.IntVar) -> None:
        """A pair of a phase with few starts is held at exactly one of those that suit the person."""
        starts = [t for low, high in self.able.starts(pair) for t in range(low, high + 1)]
        self.holds_at[pair] = {start: self.cp.new_bool_var("") for start in starts}
        self.cp.add(cp_model.LinearExpr.sum(list(self.holds_at[pair].values())) == literal)


def _grouped(pairs: Iterable[int], of: Ints) -> dict[int, list[int]]:
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        groups[int(of[pair])].append(pair)
    return dict(groups)
