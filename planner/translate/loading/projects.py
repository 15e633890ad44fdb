"""The projects of a question as rows, with their phases, role needs, seats and team rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from sqlalchemy.orm import Session

from planner.models import (
    MINOR,
    CountKind,
    NeedSkill,
    NeedStyle,
    PersonKind,
    Phase,
    PhaseOrder,
    Project,
    RoleNeed,
    RuleKind,
    Seat,
    TeamRule,
    TeamRulePerson,
)
from planner.translate.loading.inserting import Row, add_numbered, add_rows
from planner.translate.loading.names import Names
from planner.translate.moments import Moments
from solver import problem as asked

MOST_SEATS = 1000  # of one role need
Ids = Mapping[str, int]


class ProjectsLoading:
    """Adds the projects of a question, with all below them."""

    def __init__(self, session: Session, names: Names, moments: Moments) -> None:
        self._session, self._names, self._moments = session, names, moments

    def load(self, projects: tuple[asked.Project, ...], people: Ids) -> tuple[Ids, Ids]:
        """Adds everything; the ids of projects and of seats by key."""
        rows = [self._project(project) for project in projects]
        project_ids = dict(zip((p.id for p in projects), add_numbered(self._session, Project, rows), strict=True))
        phases = [phase for project in projects for phase in project.phases]
        rows = [
            self._phase(project_ids[project.id], position, phase)
            for project in projects
            for position, phase in enumerate(project.phases)
        ]
        phase_ids = dict(zip((p.id for p in phases), add_numbered(self._session, Phase, rows), strict=True))
        add_rows(self._session, PhaseOrder, (row for phase in phases for row in _order_rows(phase_ids, phase)))
        self._load_rules(phases, phase_ids, people)
        return project_ids, self._load_needs(phases, phase_ids)

    def _project(self, project: asked.Project) -> Row:
        return {
            "key": project.id,
            "name": project.name,
            "priority": project.priority,
            "budget_minor": None if project.budget is None else project.budget * MINOR,
            "is_all_or_nothing": project.all_or_nothing,
            "reward": project.reward,
            "due_on": None if project.due is None else self._moments.clipped(project.due),
            "late_penalty": project.late_penalty,
        }

    def _phase(self, project_id: int, position: int, phase: asked.Phase) -> Row:
        return {
            "key": phase.id,
            "project_id": project_id,
            "position": position,
            "name": phase.id,
            "duration": phase.duration,
            "earliest_on": self._moments.of(phase.earliest),
            "latest_on": self._moments.of(phase.latest),
        }

    def _load_needs(self, phases: list[asked.Phase], phase_ids: Ids) -> dict[str, int]:
        """Adds role needs: seats that are alike and follow one another are one; the seats' ids by key."""
        groups = [(phase, n, seats) for phase in phases for n, seats in enumerate(_alike(phase.seats))]
        rows = [_need(phase_ids[phase.id], n, phase, seats) for phase, n, seats in groups]
        need_ids = add_numbered(self._session, RoleNeed, rows)
        needs = [(ident, seats) for ident, (_, _, seats) in zip(need_ids, groups, strict=True)]
        add_rows(self._session, NeedSkill, (row for ident, seats in needs for row in self._skills(ident, seats[0])))
        add_rows(self._session, NeedStyle, (row for ident, seats in needs for row in self._styles(ident, seats[0])))
        places = [(ident, n, seat.id) for ident, seats in needs for n, seat in enumerate(seats, start=1)]
        rows = [{"need_id": ident, "number": n, "key": key} for ident, n, key in places]
        return dict(zip((key for _, _, key in places), add_numbered(self._session, Seat, rows), strict=True))

    def _skills(self, need_id: int, seat: asked.Seat) -> Iterator[Row]:
        for line in seat.skills:
            skill_id = self._names.skills[line.skill]
            asked_for = {"level": line.level, "is_must": line.must, "weight": line.weight}
            yield {"need_id": need_id, "skill_id": skill_id, **asked_for}

    def _styles(self, need_id: int, seat: asked.Seat) -> Iterator[Row]:
        for line in seat.styles:
            style_id = self._names.styles[line.style]
            asked_for = {"min": line.min, "max": line.max, "is_must": line.must, "weight": line.weight}
            yield {"need_id": need_id, "style_id": style_id, **asked_for}

    def _load_rules(self, phases: list[asked.Phase], phase_ids: Ids, people: Ids) -> None:
        rules = [(phase_ids[phase.id], n, rule) for phase in phases for n, rule in enumerate(phase.team_rules)]
        rule_ids = add_numbered(self._session, TeamRule, [self._rule(*row) for row in rules])
        named = [
            {"team_rule_id": ident, "position": n, "person_id": people[person]}
            for ident, (_, _, rule) in zip(rule_ids, rules, strict=True)
            for n, person in enumerate(rule.people)
        ]
        add_rows(self._session, TeamRulePerson, named)

    def _rule(self, phase_id: int, position: int, rule: asked.TeamRule) -> Row:
        of = rule.of if rule.of is not None and rule.rule is asked.RuleKind.COUNT else None
        style = rule.style if of is None else of.style
        return {
            "phase_id": phase_id,
            "position": position,
            "rule": RuleKind(str(rule.rule)),
            "of": _count_kind(of),
            "skill_id": self._names.skills[of.skill] if of is not None and of.skill is not None else None,
            "style_id": self._names.styles[style] if style is not None else None,
            "tag": of.tag if of is not None else None,
            "kind": PersonKind(str(of.kind)) if of is not None and of.kind is not None else None,
            "level": int(of.min or 0) if of is not None and of.skill is not None else None,
            "min": rule.min if of is None else of.min if of.style is not None else None,
            "max": rule.max if of is None else None,
            "at_least": rule.at_least or None,
            "at_most": rule.at_most,
            "weight": rule.weight,
        }


def _order_rows(phase_ids: Ids, phase: asked.Phase) -> Iterator[Row]:
    for position, other in enumerate(dict.fromkeys(phase.after)):
        yield {"phase_id": phase_ids[phase.id], "before_id": phase_ids[other], "position": position}


def _alike(seats: tuple[asked.Seat, ...]) -> Iterator[list[asked.Seat]]:
    """Runs of seats that differ in nothing but their identifier, in bundles that one role need can hold."""
    for _, run in groupby(seats, key=lambda seat: replace(seat, id="-")):
        bundle = list(run)
        for begin in range(0, len(bundle), MOST_SEATS):
            yield bundle[begin : begin + MOST_SEATS]


def _need(phase_id: int, position: int, phase: asked.Phase, seats: list[asked.Seat]) -> Row:
    seat = seats[0]
    return {
        "phase_id": phase_id,
        "position": position,
        "title": seat.title,
        "count": len(seats),
        "fte_pct": seat.fte,
        "from_offset": seat.from_,
        "to_offset": None if seat.to == phase.duration else seat.to,
        "tags": list(seat.tags),
        "any_of": [list(group) for group in seat.any_of],
        "max_cost_minor": None if seat.max_cost is None else seat.max_cost * MINOR,
        "is_mentoring_allowed": seat.mentoring,
    }


def _count_kind(of: asked.CountOf | None) -> CountKind | None:
    """Which of the four a count rule counts."""
    if of is None:
        return None
    return next(kind for kind in CountKind if getattr(of, str(kind)) is not None)
