"""Planned against actual effort, by role and by kind of project; and what the next role need of that kind may take.

A case is one finished role need. One that took nothing has no ratio: it is counted apart, and named.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import fsum, log
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import FinishedWork, RoleNeed, fold
from planner.services.outcomes import roles
from planner.services.outcomes.efforts import planned_periods
from planner.services.outcomes.ratios import LEAST, Ratio, drawn_together, ratio_of

STEP_PCT = 5  # nobody plans in less
K = TypeVar("K", bound=Hashable)
Key = tuple[str, str]  # the role, and the kind of project, as they are compared


@dataclass(frozen=True)
class Line:
    """One role in one kind of project: by itself, and what is expected of its next case."""

    role: str
    kind: str
    planned_periods: float
    actual_periods: float
    ratio: Ratio
    expected: Ratio


@dataclass(frozen=True)
class Report:
    """All lines, the largest under-estimates first; what holds of all cases; and what is to be asked."""

    lines: Sequence[Line]
    overall: Ratio | None
    planned_periods: float
    actual_periods: float
    num_without_effort: int
    doubts: Sequence[roles.Doubt]

    @property
    def worst(self) -> Line | None:
        """The line that is most under-estimated beyond doubt."""
        return next((line for line in self.lines if line.ratio.low is not None and line.ratio.low > 1), None)


@dataclass(frozen=True)
class Correction:
    """What a role need may take, by what work like it took. Efforts in full-time periods.

    `suggested_fte_pct` is None where plans were about right, or where a seat cannot give more.
    """

    num: int
    is_of_kind: bool
    ratio: Ratio
    planned_periods: float
    fte_pct: int
    suggested_fte_pct: int | None

    @property
    def expected_periods(self) -> float:
        """What is expected."""
        return self.planned_periods * self.ratio.middle

    @property
    def low_periods(self) -> float:
        """The lower end of the interval."""
        return self.planned_periods * (self.ratio.low or self.ratio.middle)

    @property
    def high_periods(self) -> float:
        """The upper end of the interval."""
        return self.planned_periods * (self.ratio.high or self.ratio.middle)

    @property
    def wanted_pct(self) -> int:
        """The effort that would do, to the nearest step; it may be more than a seat can give."""
        return max(STEP_PCT, STEP_PCT * round(self.fte_pct * self.ratio.middle / STEP_PCT))


def report(session: Session) -> Report:
    """Planned against actual effort of everything that is finished."""
    cases = _cases(session)
    counted = [case for case in cases if case.actual_periods > 0]
    names = roles.names_of(case.role for case in cases)
    of = roles.groups(session, names)
    groups = _grouped(counted, lambda case: (of[roles.key_of(case.role)], fold(case.kind)))
    expected = drawn_together({key: _logs(some) for key, some in groups.items()})
    lines = [_line(some, expected[key]) for key, some in groups.items()]
    return Report(
        sorted(lines, key=lambda line: (-line.ratio.middle, line.role, line.kind)),
        ratio_of(_logs(counted)) if counted else None,
        fsum(case.planned_periods for case in counted),
        fsum(case.actual_periods for case in counted),
        len(cases) - len(counted),
        roles.doubts(session, [case.role for case in cases]),
    )


def correction(session: Session, title: str, kind: str, planned: float, fte_pct: int) -> Correction | None:
    """What a role need of this title may take; None where fewer than three like it are finished.

    Cases of the same kind of project are taken where there are enough of them, else those of every kind.
    """
    cases = [case for case in _cases(session) if case.actual_periods > 0]
    wanted = roles.key_of(title)
    of = roles.groups(session, {wanted, *(roles.key_of(case.role) for case in cases)})
    role = of[wanted]
    mine = [case for case in cases if of[roles.key_of(case.role)] == role]
    alike = [case for case in mine if kind.strip() and fold(case.kind) == fold(kind)]
    is_of_kind = len(alike) >= LEAST
    if not is_of_kind and len(mine) < LEAST:
        return None
    if is_of_kind:
        key: Key = (role, fold(kind))
        groups = _grouped(cases, lambda case: (of[roles.key_of(case.role)], fold(case.kind)))
    else:
        key = (role, "")
        groups = _grouped(cases, lambda case: (of[roles.key_of(case.role)], ""))
    ratio = drawn_together({name: _logs(some) for name, some in groups.items()})[key]
    found = Correction(ratio.num, is_of_kind, ratio, planned, fte_pct, None)
    is_other = ratio.is_clear and found.wanted_pct != fte_pct and found.wanted_pct <= 100
    return Correction(ratio.num, is_of_kind, ratio, planned, fte_pct, found.wanted_pct if is_other else None)


def correction_of(session: Session, need: RoleNeed) -> Correction | None:
    """What a role need that is there may take."""
    return correction(session, need.title, need.phase.project.kind, planned_periods(need), need.fte_pct)


def _cases(session: Session) -> list[FinishedWork]:
    return list(session.scalars(select(FinishedWork).order_by(FinishedWork.id)))


def _grouped(cases: Iterable[FinishedWork], key: Callable[[FinishedWork], K]) -> dict[K, list[FinishedWork]]:
    groups: dict[K, list[FinishedWork]] = {}
    for case in cases:
        groups.setdefault(key(case), []).append(case)
    return groups


def _logs(cases: Iterable[FinishedWork]) -> list[float]:
    return [log(case.actual_periods / case.planned_periods) for case in cases]


def _line(cases: Sequence[FinishedWork], expected: Ratio) -> Line:
    names = roles.names_of(case.role for case in cases)
    kinds = roles.names_of(case.kind for case in cases)
    return Line(
        next(iter(names.values())),
        next(iter(kinds.values())),
        fsum(case.planned_periods for case in cases),
        fsum(case.actual_periods for case in cases),
        ratio_of(_logs(cases)),
        expected,
    )
