"""Projects with their phases, seats and team rules: rows → the solver's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    CountKind,
    NeedSkill,
    NeedStyle,
    Person,
    Phase,
    PhaseOrder,
    Project,
    RoleNeed,
    Seat,
    Skill,
    TeamRule,
    TeamRulePerson,
    WorkStyle,
)
from planner.models import RuleKind as RuleKindRow
from planner.translate.horizon import Horizon, Window
from planner.translate.money import ceiling
from planner.translate.tags import STAFF, Band, band_of, band_tag
from solver import problem as asked
from solver.problem import CountOf, Kind, RuleKind, SkillLine, StyleLine

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProjectRows:
    """The rows of some projects, by the id of the row that they stand below, each in order."""

    projects: list[Project]
    phases: Mapping[int, list[Phase]]
    needs: Mapping[int, list[RoleNeed]]
    seats: Mapping[int, list[Seat]]
    skills: Mapping[int, list[SkillLine]]
    styles: Mapping[int, list[StyleLine]]
    after: Mapping[int, list[str]]
    rules: Mapping[int, list[TeamRule]]
    rule_people: Mapping[int, list[str]]
    skill_keys: Mapping[int, str]
    style_keys: Mapping[int, str]

    @property
    def has_staff_only(self) -> bool:
        """Whether some role need allows no hire."""
        return any(not need.is_hire_allowed for below in self.needs.values() for need in below)


def project_rows(session: Session, project_ids: frozenset[int] | None = None) -> ProjectRows:
    """Every row of some projects, or of all, in eleven queries however many there are."""
    projects = session.scalars(select(Project).order_by(Project.id)).all()
    skill_lines = select(NeedSkill.need_id, Skill.key, NeedSkill.level, NeedSkill.is_must, NeedSkill.weight)
    style_lines = select(
        NeedStyle.need_id, WorkStyle.key, NeedStyle.min, NeedStyle.max, NeedStyle.is_must, NeedStyle.weight
    )
    after = select(PhaseOrder.phase_id, Phase.key).join(Phase, Phase.id == PhaseOrder.before_id)
    people = select(TeamRulePerson.team_rule_id, Person.key).join(Person)
    phases = session.scalars(select(Phase).order_by(Phase.position, Phase.id))
    needs = session.scalars(select(RoleNeed).order_by(RoleNeed.position, RoleNeed.id))
    seats = session.scalars(select(Seat).order_by(Seat.number, Seat.id))
    rules = session.scalars(select(TeamRule).order_by(TeamRule.position, TeamRule.id))
    lines = session.execute(skill_lines.join(Skill).order_by(NeedSkill.id))
    bands = session.execute(style_lines.join(WorkStyle).order_by(NeedStyle.id))
    return ProjectRows(
        projects=[row for row in projects if project_ids is None or row.id in project_ids],
        phases=_below((row.project_id, row) for row in phases),
        needs=_below((row.phase_id, row) for row in needs),
        seats=_below((row.need_id, row) for row in seats),
        skills=_below((row[0], SkillLine(*row[1:])) for row in lines),
        styles=_below((row[0], StyleLine(*row[1:])) for row in bands),
        after=_below(session.execute(after.order_by(PhaseOrder.position))),
        rules=_below((row.phase_id, row) for row in rules),
        rule_people=_below(session.execute(people.order_by(TeamRulePerson.position))),
        skill_keys=dict(session.execute(select(Skill.id, Skill.key)).all()),
        style_keys=dict(session.execute(select(WorkStyle.id, WorkStyle.key)).all()),
    )


def _below(rows: Iterator[tuple[int, T]]) -> dict[int, list[T]]:
    groups: dict[int, list[T]] = defaultdict(list)
    for parent, row in rows:
        groups[parent].append(row)
    return groups


class ProjectsTranslation:
    """Makes the solver's projects of rows: what lies inside the horizon.

    Parameters
    ----------
    agreed
        By a phase's id, the period of the workspace's calendar in which its agreed team starts.
    people
        The keys of those who are considered; a team rule says nothing about anyone else.
    tagged
        Must-have bands that are asked as a tag.
    """

    def __init__(
        self,
        rows: ProjectRows,
        horizon: Horizon,
        *,
        agreed: Mapping[int, int],
        people: frozenset[str],
        tagged: frozenset[Band],
    ) -> None:
        self._rows, self._horizon, self._agreed = rows, horizon, agreed
        self._people, self._tagged = people, tagged
        phases = [row for project in rows.projects for row in rows.phases.get(project.id, [])]
        self._windows = {row.id: self._window(row) for row in phases}
        self._keys = frozenset(row.key for row in phases if self._windows[row.id] is not None)

    def projects(self) -> Iterator[asked.Project]:
        """The projects, but for those of which no phase lies inside the horizon."""
        for row in self._rows.projects:
            phases = self._rows.phases.get(row.id, [])
            inside = tuple(self._phase(phase, window) for phase in phases if (window := self._windows[phase.id]))
            if inside or not phases:
                yield self._project(row, inside)

    def _project(self, row: Project, phases: tuple[asked.Phase, ...]) -> asked.Project:
        return asked.Project(
            id=row.key,
            name=row.name,
            priority=row.priority,
            phases=phases,
            budget=ceiling(row.budget_minor),
            all_or_nothing=row.is_all_or_nothing,
            reward=row.reward,
            due=max(0, self._horizon.idx_of(row.due_on)) if row.due_on is not None else None,
            late_penalty=row.late_penalty,
        )

    def _window(self, row: Phase) -> Window | None:
        idx_of = self._horizon.workspace.idx_of
        return self._horizon.window(
            idx_of(row.earliest_on), idx_of(row.latest_on), row.duration, self._agreed.get(row.id)
        )

    def _phase(self, row: Phase, window: Window) -> asked.Phase:
        needs = self._rows.needs.get(row.id, [])
        return asked.Phase(
            id=row.key,
            duration=window.duration,
            earliest=window.earliest,
            latest=window.latest,
            after=tuple(key for key in self._rows.after.get(row.id, []) if key in self._keys),
            seats=tuple(seat for need in needs for seat in self._seats(need, row, window)),
            team_rules=tuple(self._team_rule(rule) for rule in self._rows.rules.get(row.id, [])),
        )

    def _seats(self, need: RoleNeed, phase: Phase, window: Window) -> Iterator[asked.Seat]:
        """The seats of a role need; none where its time is over when the horizon begins, or begins after it."""
        ends = phase.duration if need.to_offset is None else min(need.to_offset, phase.duration)
        begin, end = max(0, need.from_offset - window.cut), min(ends - window.cut, window.duration)
        rows = self._rows.seats.get(need.id, [])
        if begin >= end or not rows:
            return
        styles = self._rows.styles.get(need.id, [])
        first = asked.Seat(
            id=rows[0].key,
            title=need.title,
            fte=need.fte_pct,
            from_=begin,
            to=end,
            skills=tuple(self._rows.skills.get(need.id, [])),
            styles=tuple(replace(line, must=False) if self._is_tagged(line) else line for line in styles),
            tags=tuple(self._tags(need, styles)),
            any_of=tuple(tuple(group) for group in need.any_of),
            max_cost=ceiling(need.max_cost_minor),
            mentoring=need.is_mentoring_allowed,
        )
        yield first
        for row in rows[1:]:
            yield replace(first, id=row.key)

    def _is_tagged(self, line: StyleLine) -> bool:
        return line.must and band_of(line) in self._tagged

    def _tags(self, need: RoleNeed, styles: list[StyleLine]) -> Iterator[str]:
        yield from need.tags
        if not need.is_hire_allowed:
            yield STAFF
        for line in styles:
            if self._is_tagged(line):
                yield band_tag(band_of(line))

    def _team_rule(self, row: TeamRule) -> asked.TeamRule:
        people = [key for key in self._rows.rule_people.get(row.id, []) if key in self._people]
        skill = self._rows.skill_keys.get(row.skill_id) if row.skill_id is not None else None
        style = self._rows.style_keys.get(row.style_id) if row.style_id is not None else None
        return team_rule(row, people, skill=skill, style=style)


def team_rule(row: TeamRule, people: Iterable[str], *, skill: str | None, style: str | None) -> asked.TeamRule:
    """A team rule as it is asked, by the keys of whom and what it names."""
    is_banded = row.rule in (RuleKindRow.MEAN, RuleKindRow.SPREAD)
    return asked.TeamRule(
        rule=RuleKind(str(row.rule)),
        of=_count_of(row, skill, style) if row.rule is RuleKindRow.COUNT else None,
        at_least=row.at_least or 0,
        at_most=row.at_most,
        people=tuple(people),
        style=style if is_banded else None,
        min=row.min if is_banded else None,
        max=row.max if is_banded else None,
        weight=row.weight,
    )


def _count_of(row: TeamRule, skill: str | None, style: str | None) -> CountOf:
    if row.of is CountKind.SKILL:
        return CountOf(skill=skill, min=row.level or 0)
    if row.of is CountKind.STYLE:
        return CountOf(style=style, min=row.min or 0.0)
    if row.of is CountKind.TAG:
        return CountOf(tag=row.tag or "")
    return CountOf(kind=Kind(str(row.kind)))
