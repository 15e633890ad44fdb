"""What anyone would be worth on one seat, by the solver's own arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from planner.models import Phase, Plan, RoleNeed, Seat
from planner.services.planning.reading import question_of
from planner.services.staffing.matching import HIRES, Asked, Line, rated
from planner.services.staffing.projects import workspace_of
from planner.translate.money import Money, Untranslatable, ceiling
from solver import problem as solver
from solver.check import SeatScore, seat_score, skill_fit, style_fit


@dataclass(frozen=True)
class LineState:
    """What someone has on a line: how many of its 100 points, and whether nobody rated it or only they did."""

    line: Line
    have: float | None
    points: int
    is_unknown: bool
    is_own: bool


class _Worth(dict[Any, int]):
    """The points of a line by what someone has on it: those of a seat that asks for nothing else."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line, self.column = line, f"{line.code}_{line.position}"
        self._seat = solver.Seat(id="s", fte=1, to=1, **_lines([replace(line, weight=1)]))

    def __missing__(self, have: float | None) -> int:
        name = str(self.line.of)
        if self.line.code == "skill":
            self[have] = skill_fit(self._seat, _nobody(skills={name: int(have or 0)}))
        else:
            self[have] = style_fit(self._seat, _nobody(styles={name: have} if have is not None else {}))
        return self[have]


def _mean(lines: Sequence[_Worth], row: Any) -> int:
    """The weighted mean of the points of some lines, rounded down; 100 where there is nothing to weigh."""
    total = weight = 0
    for worth in lines:
        weight += worth.line.weight
        total += worth.line.weight * worth[getattr(row, worth.column)]
    return total // weight if weight else 100


class SeatPoints:
    """The points of anyone on the seat, by the solver's own arithmetic."""

    def __init__(self, session: Session, seat: Seat, asked: Asked, plan: Plan | None) -> None:
        need, phase = seat.need, seat.need.phase
        workspace = workspace_of(session)
        self._asked, self._project = asked, phase.project
        self._money = Money(session, workspace, plan.starts_on if plan else workspace.calendar_start_on)
        self._seat = _solver_seat(seat, need, phase, asked)
        self._problem = solver.Problem(
            name="seat",
            calendar=solver.Calendar(phase.duration),
            people=(),
            projects=(_solver_project(self._seat, phase),),
            weights=_weights(workspace.weights, plan),
        )
        self._skills = [_Worth(line) for line in asked.lines if line.code == "skill"]
        self._styles = [_Worth(line) for line in asked.lines if line.code == "style"]

    def score(self, row: Any) -> SeatScore:
        return self._score(self._person(row, {}, {}))

    def worst(self, row: Any) -> SeatScore:
        """The points if everything that is unknown were as bad as can be."""
        styles = {str(line.of): _farthest(line) for line in self._unknown(row, "style")}
        return self._score(self._person(row, {}, styles))

    def best(self, row: Any) -> SeatScore:
        """The points if everything that is unknown were just what is asked."""
        skills = {str(line.of): int(line.least or 1) for line in self._unknown(row, "skill")}
        styles = {str(line.of): float(line.least or 1) for line in self._unknown(row, "style")}
        return self._score(self._person(row, skills, styles))

    def net(self, row: Any) -> int:
        """What `score` sums up to, quick enough for everybody: each line's points are looked up, the rest is a sum."""
        weights, size = self._problem.weights, self._seat.size
        quality = 100 * weights.fill + weights.preference * (row.wish or 0)
        quality += weights.fit * _mean(self._skills, row) + weights.style * _mean(self._styles, row)
        whole = size * (10 * self._project.priority * quality - weights.money * self.cost(row)[0]) // 100_000
        return whole * int(row.acceptance_pct) // 100 if row.kind in HIRES else whole

    def state(self, line: Line, row: Any) -> LineState:
        have = _have(line, row)
        is_own = line.code == "style" and bool(getattr(row, f"own_{line.position}"))
        worth = (self._skills if line.code == "skill" else self._styles)[line.position]
        return LineState(line, have, worth[have], have is None, is_own)

    def cost(self, row: Any) -> tuple[int, bool]:
        """Whole units for a full-time period; the bare amount, marked as unknown, where its currency has no rate."""
        try:
            return self._money.units(row.cost_minor, row.cost_currency), True
        except Untranslatable:
            return self._money.units(row.cost_minor), False

    def _score(self, person: solver.Person) -> SeatScore:
        return seat_score(self._problem, self._seat, person)

    def _unknown(self, row: Any, code: str) -> list[Line]:
        return [line for line in self._asked.lines if line.code == code and _have(line, row) is None]

    def _person(self, row: Any, skills: Mapping[str, int], styles: Mapping[str, float]) -> solver.Person:
        have: dict[str, dict[str, Any]] = {"skill": {}, "style": {}}
        for line in rated(self._asked):
            if _have(line, row) is not None:
                have[line.code][str(line.of)] = _have(line, row)
        return solver.Person(
            id=str(row.id),
            kind=solver.Kind(row.kind),
            capacity=(),
            skills=have["skill"] | dict(skills),
            styles=have["style"] | dict(styles),
            cost=self.cost(row)[0],
            preferences={self._project.key: row.wish or 0},
            hire=solver.Hire(acceptance=row.acceptance_pct),
        )


def _weights(usual: Mapping[str, int], plan: Plan | None) -> solver.Weights:
    """What the plan weighs; without one, what the workspace does."""
    return solver.Weights(**usual) if plan is None or plan.question is None else question_of(plan).weights


def _solver_project(seat: solver.Seat, phase: Phase) -> solver.Project:
    alone = solver.Phase(id=phase.key, duration=phase.duration, earliest=0, latest=0, seats=(seat,))
    return solver.Project(id=phase.project.key, phases=(alone,), priority=phase.project.priority)


def _solver_seat(seat: Seat, need: RoleNeed, phase: Phase, asked: Asked) -> solver.Seat:
    return solver.Seat(
        id=seat.key,
        fte=need.fte_pct,
        from_=need.from_offset,
        to=need.to_offset or phase.duration,
        max_cost=ceiling(need.max_cost_minor),
        mentoring=need.is_mentoring_allowed,
        **_lines(asked.lines),
    )


def _lines(lines: Sequence[Line]) -> dict[str, Any]:
    """Skill and style lines as the solver's."""
    skills = [
        solver.SkillLine(str(ln.of), int(ln.least or 1), ln.is_must, ln.weight) for ln in lines if ln.code == "skill"
    ]
    styles = [
        solver.StyleLine(str(ln.of), float(ln.least or 1), float(ln.most or 5), ln.is_must, ln.weight)
        for ln in lines
        if ln.code == "style"
    ]
    return {"skills": tuple(skills), "styles": tuple(styles)}


def _have(line: Line, row: Any) -> Any:
    return getattr(row, f"{line.code}_{line.position}")


def _nobody(**has: Any) -> solver.Person:
    return solver.Person(id="p", kind=solver.Kind.EMPLOYEE, capacity=(), **has)


def _farthest(line: Line) -> float:
    """The score that is farthest from a band."""
    return 1.0 if float(line.least or 1) - 1 >= 5 - float(line.most or 5) else 5.0
