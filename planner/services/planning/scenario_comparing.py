"""Up to four scenarios side by side, or what is there among them: figures, points by term, seats that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from planner.models import Plan, Scenario, User
from planner.services.planning import reading
from planner.services.planning.plans import newest_plan, plan_in_force
from planner.translate import PlanReport
from planner.translate.report import SeatRow

MOST_COLUMNS = 4


@dataclass(frozen=True)
class Column:
    """A scenario (None: what is there) with the plan that answers it, if there is one."""

    scenario: Scenario | None
    plan: Plan | None
    report: PlanReport | None

    @property
    def key(self) -> str:
        """What names it in an address: the scenario's id, or 0 for what is there."""
        return str(self.scenario.id) if self.scenario is not None else "0"

    @property
    def terms(self) -> dict[str, int]:
        """The plan's points by term; nothing without a plan."""
        return dict(self.report.terms) if self.report is not None else {}


@dataclass(frozen=True)
class SeatLine:
    """A seat as each column has it; None where the column's plan does not ask for it."""

    first: SeatRow
    cells: tuple[SeatRow | None, ...]

    @property
    def holders(self) -> tuple[str | None, ...]:
        """Who holds it in each column."""
        return tuple(cell.person_id if cell is not None else None for cell in self.cells)


@dataclass(frozen=True)
class SideBySide:
    """The columns, the seats that not every plan gives to the same person, and how many are alike in all."""

    columns: tuple[Column, ...]
    lines: tuple[SeatLine, ...] = ()
    num_same: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def planned(self) -> list[Column]:
        """The columns that have a plan."""
        return [column for column in self.columns if column.report is not None]

    @property
    def is_alike_asked(self) -> bool:
        """Whether all plans cover the same time, so that their costs and points can be compared."""
        spans = {(c.plan.starts_on, c.plan.num_periods) for c in self.columns if c.plan is not None}
        return len(spans) < 2


def side_by_side(
    session: Session, scenarios: Sequence[Scenario | None], *, by: User | None = None, language: str = "en"
) -> SideBySide:
    """Scenarios side by side, each with its newest plan; what is there with the one in force, else the newest."""
    columns = tuple(_column(session, one, by, language) for one in scenarios[:MOST_COLUMNS])
    reports = [column.report for column in columns if column.report is not None]
    if len(reports) < 2:
        return SideBySide(columns)
    return _differing(columns)


def _column(session: Session, scenario: Scenario | None, by: User | None, language: str) -> Column:
    plan = newest_plan(session, scenario)
    if scenario is None:
        plan = plan_in_force(session) or plan
    report = reading.report_of(session, plan, by=by, language=language) if plan is not None else None
    return Column(scenario, plan, report)


def _differing(columns: tuple[Column, ...]) -> SideBySide:
    """The seats of all plans, in the order of the first that has them; those that are alike are counted."""
    by_column = [
        {seat.seat_id: seat for seat in column.report.seats} if column.report is not None else None
        for column in columns
    ]
    planned = [seats for seats in by_column if seats is not None]
    lines, num_same = [], 0
    for key in dict.fromkeys(key for seats in planned for key in seats):
        first = next(seats[key] for seats in planned if key in seats)
        present = [seats.get(key) for seats in planned]
        if all(one is not None and _held(one) == _held(first) for one in present):
            num_same += 1
            continue
        lines.append(SeatLine(first, tuple(seats.get(key) if seats is not None else None for seats in by_column)))
    names = {seat.person_id: seat.person or "" for seats in planned for seat in seats.values() if seat.person_id}
    return SideBySide(columns, tuple(lines), num_same, names)


def _held(seat: SeatRow) -> tuple[str | None, int | None]:
    """Who holds a seat, and from when."""
    return seat.person_id, seat.from_idx
