"""The rows of a report about seats: who holds them and how the two fit."""

from __future__ import annotations

from collections.abc import Iterator

from planner.translate.report.asked import as_asked, asked_tags, is_must
from planner.translate.report.ground import Ground, site_of
from planner.translate.report.rows import SeatRow, SkillCell, SkillState, StyleCell, StyleState, TagCell
from solver.check import Holding, skill_fit, staff_cost, style_fit
from solver.problem import Person, Phase, Project, Seat, SkillLine, StyleLine


def seat_rows(ground: Ground) -> Iterator[SeatRow]:
    """Every seat, in the order of the problem."""
    for project in ground.problem.projects:
        for phase in project.phases:
            team = ground.staffed.holdings_of_phase.get(phase.id, [])
            holders = {holding.seat.id: holding for holding in team}
            for seat in phase.seats:
                yield _seat_row(ground, project, phase, seat, holders.get(seat.id), team)


def _seat_row(
    ground: Ground, project: Project, phase: Phase, seat: Seat, holding: Holding | None, team: list[Holding]
) -> SeatRow:
    start = ground.staffed.starts.get(phase.id)
    from_idx = start + seat.from_ if start is not None else None
    to_idx = start + seat.to if start is not None else None
    person = holding.person if holding is not None else None
    return SeatRow(
        seat_id=seat.id,
        chain=ground.meta.labels.chains.get(seat.id, ""),
        title=seat.label,
        project_id=project.id,
        project=project.label,
        priority=project.priority,
        phase_id=phase.id,
        phase=ground.phase_label(phase),
        fte=seat.fte,
        size=seat.size,
        from_idx=from_idx,
        to_idx=to_idx,
        start=ground.moments.of(from_idx),
        end=ground.moments.of(to_idx),
        is_mentoring=seat.mentoring,
        max_cost=seat.max_cost,
        skills=tuple(_skill_cell(ground, line, seat, person, team) for line in seat.skills),
        styles=tuple(_style_cell(ground, line, seat, person) for line in seat.styles),
        tags=tuple(_tag_cells(seat, person)),
        is_changed=seat.id in ground.changed,
        reasons=tuple(as_asked(reason) for reason in ground.result.unfilled.get(seat.id, ())),
        **(_held(ground, project, seat, person) if person is not None else {}),  # type: ignore[arg-type]
    )


def _held(ground: Ground, project: Project, seat: Seat, person: Person) -> dict[str, object]:
    """What a seat's row says about its holder."""
    points = ground.score.seats[seat.id]
    return {
        "person_id": person.id,
        "person": person.label,
        "kind": person.kind,
        "site": site_of(person),
        "is_hire": person.is_hire,
        "is_agreed": seat.id in ground.meta.firm,
        "is_by_hand": seat.id in ground.meta.by_hand,
        "fit": skill_fit(seat, person),
        "style_fit": style_fit(seat, person),
        "wish": person.preferences.get(project.id, 0),
        "points": points.net,
        "score": points,
        "cost": staff_cost(seat, person),
    }


def _skill_cell(ground: Ground, line: SkillLine, seat: Seat, person: Person | None, team: list[Holding]) -> SkillCell:
    label = ground.skill_label(line.skill)
    if person is None:
        return SkillCell(line.skill, label, line.level, None, line.must, line.weight, SkillState.OPEN)
    have = person.skills.get(line.skill, 0)
    mentor = "" if have >= line.level else _mentor(line, seat, person, have, team)
    state = _skill_state(line, have, mentor)
    learnt = have - ground.problem.person_of[person.id].skills.get(line.skill, 0)
    return SkillCell(line.skill, label, line.level, have, line.must, line.weight, state, mentor, learnt)


def _skill_state(line: SkillLine, have: int, mentor: str) -> SkillState:
    if have >= line.level:
        return SkillState.FULL
    if mentor:
        return SkillState.MENTORED
    return SkillState.PART if have and not line.must else SkillState.MISSING


def _mentor(line: SkillLine, seat: Seat, person: Person, have: int, team: list[Holding]) -> str:
    """The teammate under whom the holder, one level short, may hold the seat; nobody's name where there is none."""
    if not (line.must and seat.mentoring and have == line.level - 1):
        return ""
    for other, mentor, *_ in team:
        is_there = other.from_ < seat.to and seat.from_ < other.to
        if is_there and mentor.id != person.id and mentor.skills.get(line.skill, 0) >= line.level:
            return mentor.label
    return ""


def _style_cell(ground: Ground, line: StyleLine, seat: Seat, person: Person | None) -> StyleCell:
    have = person.styles.get(line.style) if person is not None else None
    label, low, high = ground.style_label(line.style), float(line.min), float(line.max)
    must = is_must(line, seat)
    return StyleCell(line.style, label, low, high, have, must, line.weight, _style_state(line, person))


def _style_state(line: StyleLine, person: Person | None) -> StyleState:
    if person is None:
        return StyleState.OPEN
    have = person.style_tenths.get(line.style)
    if have is None:
        return StyleState.UNKNOWN
    return StyleState.INSIDE if line.min_tenths <= have <= line.max_tenths else StyleState.OUTSIDE


def _tag_cells(seat: Seat, person: Person | None) -> Iterator[TagCell]:
    for group in (*((tag,) for tag in asked_tags(seat)), *seat.any_of):
        yield TagCell(group, any(tag in person.tags for tag in group) if person is not None else None)
