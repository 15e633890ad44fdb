"""The rows of a report about phases and their teams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.translate.report.ground import Ground
from planner.translate.report.rows import (
    RuleRow,
    SeatRow,
    SkillBar,
    SkillCell,
    SkillState,
    StyleBand,
    StyleCell,
    StyleState,
    TeamRow,
)
from solver.problem import Person, Phase, Project, RuleKind, TeamRule, tenths

SCORES = (1.0, 5.0)


def team_rows(ground: Ground, seats_of: Mapping[str, list[SeatRow]]) -> Iterator[TeamRow]:
    """Every phase with its team, in the order of the problem."""
    for project in ground.problem.projects:
        for phase in project.phases:
            yield _team_row(ground, project, phase, seats_of.get(phase.id, []))


def _team_row(ground: Ground, project: Project, phase: Phase, seats: list[SeatRow]) -> TeamRow:
    start = ground.staffed.starts.get(phase.id)
    end = start + phase.duration if start is not None else None
    team = ground.staffed.team(phase)
    return TeamRow(
        project_id=project.id,
        project=project.label,
        priority=project.priority,
        phase_id=phase.id,
        phase=ground.phase_label(phase),
        duration=phase.duration,
        earliest_idx=phase.earliest,
        latest_idx=phase.latest,
        start_idx=start,
        end_idx=end,
        start=ground.moments.of(start),
        end=ground.moments.of(end),
        after=phase.after,
        seats=tuple(seats),
        rules=tuple(_rule_rows(ground, phase)),
        skills=tuple(_skill_bars(seats, team)),
        styles=tuple(_style_bands(ground, phase, seats, team)),
        num_filled=sum(row.is_filled for row in seats),
        num_agreed=sum(row.is_agreed for row in seats),
        cost=sum(row.cost or 0 for row in seats),
        points=sum(row.points or 0 for row in seats),
    )


def _rule_rows(ground: Ground, phase: Phase) -> Iterator[RuleRow]:
    for result in ground.rule_results.get(phase.id, []):
        rule = phase.team_rules[result.index]
        yield RuleRow(
            index=result.index,
            rule=rule,
            people=tuple(ground.problem.person_of[person].label for person in rule.people),
            label=_rule_label(ground, rule),
            is_hard=rule.is_hard,
            shortfall=result.shortfall,
            points=result.points,
        )


def _rule_label(ground: Ground, rule: TeamRule) -> str:
    """The name of the skill or work style that a rule looks at, the tag or the kind that it counts."""
    if rule.of is None:
        return ground.style_label(rule.style or "") if rule.style else ""
    if rule.of.skill is not None:
        return ground.skill_label(rule.of.skill)
    if rule.of.style is not None:
        return ground.style_label(rule.of.style)
    return rule.of.tag or str(rule.of.kind)


def _skill_bars(seats: list[SeatRow], team: list[Person]) -> Iterator[SkillBar]:
    cells: dict[str, list[SkillCell]] = {}
    for row in seats:
        for cell in row.skills:
            cells.setdefault(cell.skill, []).append(cell)
    for skill, asked in cells.items():
        states = [cell.state for cell in asked]
        yield SkillBar(
            skill,
            asked[0].label,
            max([cell.need for cell in asked]),
            max([person.skills.get(skill, 0) for person in team], default=0),
            len(asked),
            states.count(SkillState.FULL),
            states.count(SkillState.MENTORED),
            states.count(SkillState.PART),
            states.count(SkillState.MISSING),
            states.count(SkillState.OPEN),
        )


def _style_bands(ground: Ground, phase: Phase, seats: list[SeatRow], team: list[Person]) -> Iterator[StyleBand]:
    cells: dict[str, list[StyleCell]] = {style: [] for style in _ruled_styles(phase)}
    for row in seats:
        for cell in row.styles:
            cells.setdefault(cell.style, []).append(cell)
    for style, asked in cells.items():
        scores = [(person.label, person.styles[style]) for person in team if style in person.styles]
        low, high = _band([(cell.min, cell.max) for cell in asked] or _ruled_bands(phase, style))
        yield StyleBand(
            style,
            ground.style_label(style),
            low,
            high,
            tuple(scores),
            num_unknown=len(team) - len(scores),
            num_asked=len(asked),
            num_inside=sum(cell.state is StyleState.INSIDE for cell in asked),
        )


def _ruled_styles(phase: Phase) -> Iterator[str]:
    """The work styles that the phase's team rules look at."""
    for rule in phase.team_rules:
        style = rule.style or (rule.of.style if rule.of is not None else None)
        if style:
            yield style


def _ruled_bands(phase: Phase, style: str) -> list[tuple[float, float]]:
    """The bands that team rules ask of the mean, or the score from which they count."""
    bands = []
    for rule in phase.team_rules:
        if rule.of is not None and rule.of.style == style:
            bands.append((max(SCORES[0], rule.of.min or 0.0), SCORES[1]))
        elif rule.rule is RuleKind.MEAN and rule.style == style:
            bands.append((max(SCORES[0], rule.min or 0.0), min(SCORES[1], SCORES[1] if rule.max is None else rule.max)))
    return bands


def _band(bands: list[tuple[float, float]]) -> tuple[float, float]:
    """What all bands have in common; where that is nothing, all that lies in any of them."""
    if not bands:
        return SCORES
    low, high = max(low for low, _ in bands), min(high for _, high in bands)
    if tenths(low) <= tenths(high):
        return low, high
    return min(low for low, _ in bands), max(high for _, high in bands)
